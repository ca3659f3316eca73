package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// The parts of the screen.
const (
	profitStatementView = "statement"
	profitFiguresView   = "figures"
	profitGroupsView    = "groups"
	profitBridgeView    = "bridge"
	profitTaxView       = "tax"
	profitChangesView   = "changes"
	profitMonthsView    = "months"
)

// profitViews in the order of their chips.
var profitViews = []string{
	profitStatementView, profitFiguresView, profitGroupsView, profitBridgeView, profitTaxView, profitChangesView, profitMonthsView,
}

// What the breakdown is by, besides the kinds of groups of products.
const (
	profitByProduct = "product"
	profitByMarket  = "market"
)

// profitScreen is profit and loss: the statement by periods and in parts, its key
// figures, the bridge from Seller Central's sales, tax, what changed, and the close
// of months.
type profitScreen struct {
	env    *env
	loader loader
	asks   loader // of what a question needs
	route  route
	given  route // the last one that was gone to

	view     string      // the part that is shown
	periods  string      // the length of periods
	by       string      // what the breakdown is by
	basis    store.Basis // the days on which money stands
	taxOf    string      // what tax is shown
	currency string
	open     map[string]bool // groups that are unfolded; nil before the first load
	unfold   bool            // some are to be, where there is room
	data     *profitData     // nil before the first load

	tabs       *parts.FilterBar
	choices    profitChoices
	currencies *fyne.Container // chips, when there are several
	top        *fyne.Container // the row they stand in
	narrowed   *fyne.Container // chips that say what is narrowed and end it
	note       *parts.Label
	line       *fyne.Container // the row of the note
	export     *parts.Button
	views      tableViews
	whole      *fyne.Container // all currencies in the book's, with its rates
	sheet      *fyne.Container // the table shown
	aside      *fyne.Container // what stands beside it: of figures, the definition
	body       *fyne.Container
	page       *fyne.Container // body, or a state in its place
	root       *fyne.Container // all of it
	bridge     *parts.ChartView
	trend      *parts.ChartView
	central    *parts.ChartView
	notes      [3]*parts.Label // of the charts: currency and days
	wide       *profitLayout
	table      profitTable
	late       *parts.Table[store.LateDifference] // of the month that is chosen
	month      profitMonth
	figure     books.FigureName // whose definition is shown
	modal      *modal           // a question or an answer above the screen; nil for none
}

// profitTable is what the screen needs of its table, whatever the rows.
type profitTable interface {
	fyne.CanvasObject
	Close()
	Focus() fyne.Focusable
	Export(context.Context) ([]parts.Head, exported)
	Totals() map[string]parts.Cell
}

func newProfit(e *env) screen {
	return &profitScreen{
		env: e, loader: loader{env: e}, asks: loader{env: e}, view: profitStatementView, periods: statementMonths, by: profitByProduct,
		basis: store.ByPosting, taxOf: profitTaxSales,
	}
}

// build implements screen.
func (p *profitScreen) build() fyne.CanvasObject {
	w := p.env.words
	var chips []*parts.Chip
	for _, id := range profitViews {
		chip := parts.NewChip(id, w.T("profit.view_"+id), "", nil)
		chip.SetOn(id == p.view)
		chips = append(chips, chip)
	}
	p.tabs = parts.NewFilterBar(true, p.tab, chips...)
	p.currencies, p.narrowed = container.NewHBox(), container.NewHBox()
	p.note = parts.NewLabel(" ", theme.TextCaption, parts.Muted)
	p.export = parts.NewButton(w.T("profit.export"), parts.Quiet, p.askExport)
	p.export.Disable()
	p.bridge = parts.NewChartView(parts.ChartData{})
	p.trend = parts.NewChartView(parts.ChartData{})
	p.central = parts.NewChartView(parts.ChartData{})
	p.sheet = container.NewStack(container.NewPadded(parts.NewSkeleton(12)))
	p.aside = container.NewStack()
	p.wide = &profitLayout{}
	p.body = container.New(p.wide, parts.NewSheet(p.sheet), p.chartCard(0, w.T("profit.bridge"), p.bridge), p.chartCard(1, w.T("profit.trend"), p.trend),
		p.chartCard(2, w.T("profit.central"), p.central), parts.NewCard("", "", p.aside))
	p.page = container.NewStack(p.body)

	p.narrowed.Hide()
	right := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space3)), container.NewCenter(p.currencies), p.export)
	p.top = parts.NewBorder(nil, nil, nil, container.NewVBox(right), container.New(layout.NewCustomPaddedLayout(theme.Scaled(2), 0, 0, 0), p.tabs))
	p.line = parts.NewBorder(nil, nil, p.narrowed, p.buildChoices(), p.note)
	p.whole = container.NewStack()
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space2)), p.top, p.line, p.whole)
	p.arrange()
	p.whole.Hide()
	p.root = parts.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space2), 0, 0), head), nil, nil, nil, p.page)
	return p.root
}

// chartCard is a chart under its heading, with a chip for its table twin.
func (p *profitScreen) chartCard(i int, title string, chart *parts.ChartView) fyne.CanvasObject {
	p.notes[i] = parts.NewLabel("", theme.TextCaption, parts.Hint).Right()
	return overviewCard(title, container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), p.notes[i], chartTwin(p.env, chart)), chart)
}

// load implements screen.
func (p *profitScreen) load(r route) {
	p.route = r
	if r != p.given { // a place that is loaded again keeps what was chosen there
		p.given = r
		if slices.Contains(profitViews, r.View) {
			p.turn(r.View)
		}
		if r.Basis != "" {
			p.basis = r.Basis
		}
	}
	p.read(nil)
}

// read reads what is to be shown; what had holds of it is not read again.
func (p *profitScreen) read(had *profitData) {
	q := p.query()
	p.loader.run(func(ctx context.Context) (func(), error) {
		d, err := profitLoad(ctx, p.env.s.Book, q, had)
		if err != nil {
			return nil, err
		}
		return func() { p.show(&d) }, nil
	}, p.failed)
}

// close implements screen.
func (p *profitScreen) close() {
	p.views.close()
	p.loader.close()
	p.asks.close()
	if p.table != nil {
		p.table.Close()
	}
	if p.late != nil {
		p.late.Close()
	}
}

// query is what header and route ask for. A route narrows the header's filter.
func (p *profitScreen) query() profitQuery {
	f := p.env.filter()
	q := profitQuery{
		Span: statementSpan{f.From, f.To}, Compare: statementSpan{f.CompareFrom, f.CompareTo},
		Marketplaces: f.Marketplaces, SKU: p.route.SKU, Currency: p.currency, By: p.periods, Basis: p.basis, View: p.view, Today: dayOf(p.env.now().UTC()),
	}
	if p.by != profitByProduct && p.by != profitByMarket {
		q.Group = store.GroupKind(p.by)
	}
	if p.route.From != "" && p.route.To != "" {
		q.Span, q.Compare = statementSpan{p.route.From, p.route.To}, statementSpan{}
	}
	if p.route.Market != "" {
		q.Marketplaces = []string{p.route.Market}
		if m, ok := markets.ByID(p.route.Market); ok {
			q.Currency = m.Currency
		} else { // a currency's code stands for all of its marketplaces
			q.Marketplaces, q.Currency = f.Marketplaces, p.route.Market
		}
	}
	if p.route.Currency != "" {
		q.Currency = p.route.Currency
	}
	return q
}

func (p *profitScreen) failed(err error) {
	p.export.Disable()
	p.swap(screenProblem(p.env, p.env.words.T("profit.error"), err, func() { p.load(p.route) }))
}

func (p *profitScreen) swap(o fyne.CanvasObject) {
	p.page.Objects = []fyne.CanvasObject{o}
	p.page.Refresh()
}

// show puts loaded figures on the screen.
func (p *profitScreen) show(d *profitData) {
	w := p.env.words
	p.data = d
	p.narrowChips()
	if len(d.Currencies) == 0 {
		p.note.SetText(" ", parts.Muted)
		p.export.Disable()
		p.currencies.RemoveAll()
		p.swap(parts.NewCard("", "", parts.NewEmptyState(w.T("profit.empty"), w.T("profit.empty_action"), func() { p.env.show(route{Screen: "connect"}) })))
		return
	}
	p.currency = d.Query.Currency
	if p.open == nil { // few columns leave room for a look inside
		p.open, p.unfold = map[string]bool{}, len(d.Periods) <= profitFew-2
	}
	p.currencyChips()
	p.note.SetText(p.noteText(), parts.Muted)
	p.export.Enable()
	p.charts()
	p.fill()
	p.swap(p.body)
}

// fill makes the table of the part that is shown.
func (p *profitScreen) fill() {
	if p.table != nil {
		p.table.Close()
	}
	p.arrange()
	p.fillWhole()
	p.wide.high = 0
	switch p.view {
	case profitFiguresView:
		p.table = p.figuresTable()
	case profitGroupsView:
		p.table = p.breakdown()
	case profitBridgeView:
		p.table = p.centralTable()
	case profitTaxView:
		p.table = p.taxTable()
	case profitChangesView:
		p.table = p.changesTable()
	case profitMonthsView:
		p.table = p.monthsTable()
	default:
		p.table = p.statementTable()
	}
	p.showViews()
	p.sheet.Objects = []fyne.CanvasObject{p.table}
	p.sheet.Refresh()
	p.body.Refresh()
}

// behind are the lines of the days and the product shown; it narrows further.
func (p *profitScreen) behind(lines string, span statementSpan) route {
	r := route{Screen: "profit", Line: lines, From: span.From, To: span.To, SKU: p.route.SKU, Currency: p.data.Query.Currency}
	if _, ok := markets.ByID(p.route.Market); ok {
		r.Market = p.route.Market
	}
	if p.basis == store.ByOrderDay {
		r.Basis = p.basis
	}
	return r
}

// lines opens what is behind a figure.
func (p *profitScreen) lines(lines string, span statementSpan) { p.env.show(p.behind(lines, span)) }
