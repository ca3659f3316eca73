package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/markets"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// The tabs that are no periods.
const (
	profitByProduct = "product"
	profitByMarket  = "market"
)

// profitScreen is profit and loss: the statement by periods, by product and by
// marketplace, the bridge from sales to net profit, and the trend.
type profitScreen struct {
	env    *env
	loader loader
	route  route

	by       string // the tab
	periods  string // the length of periods, kept under the other tabs
	currency string
	open     map[string]bool // groups that are unfolded; nil before the first load
	data     *profitData     // nil before the first load

	tabs       *parts.FilterBar
	currencies *fyne.Container // chips, when there are several
	top        *fyne.Container // the row they stand in
	narrowed   *fyne.Container // chips that say what is narrowed and end it
	note       *parts.Label
	export     *parts.Button
	sheet      *fyne.Container // the table shown
	body       *fyne.Container
	page       *fyne.Container // body, or a state in its place
	bridge     *parts.ChartView
	trend      *parts.ChartView
	notes      [2]*parts.Label // of the charts: currency and days
	wide       *profitLayout
	table      profitTable
}

// profitTable is what the screen needs of its table, whatever the rows.
type profitTable interface {
	fyne.CanvasObject
	Close()
	Focus() fyne.Focusable
	Export(context.Context) ([]parts.Head, exported)
}

func newProfit(e *env) screen {
	return &profitScreen{
		env: e, loader: loader{env: e}, by: statementMonths, periods: statementMonths,
	}
}

// build implements screen.
func (p *profitScreen) build() fyne.CanvasObject {
	w := p.env.words
	var chips []*parts.Chip
	for _, id := range []string{statementDays, statementWeeks, statementMonths, statementQuarters, profitByProduct, profitByMarket} {
		chip := parts.NewChip(id, w.T("profit.by_"+id), "", nil)
		chip.SetOn(id == p.by)
		chips = append(chips, chip)
	}
	p.tabs = parts.NewFilterBar(true, p.tab, chips...)
	p.currencies, p.narrowed = container.NewHBox(), container.NewHBox()
	p.note = parts.NewLabel(" ", theme.TextCaption, parts.Muted)
	p.export = parts.NewButton(w.T("profit.export"), parts.Quiet, p.askExport)
	p.export.Disable()
	p.bridge = parts.NewChartView(parts.ChartData{})
	p.trend = parts.NewChartView(parts.ChartData{})
	p.sheet = container.NewStack(container.NewPadded(parts.NewSkeleton(12)))
	p.wide = &profitLayout{}
	p.body = container.New(p.wide, parts.NewSheet(p.sheet), p.chartCard(0, w.T("profit.bridge"), p.bridge), p.chartCard(1, w.T("profit.trend"), p.trend))
	p.page = container.NewStack(p.body)

	p.narrowed.Hide()
	right := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space3)), container.NewCenter(p.currencies), p.export)
	p.top = container.NewBorder(nil, nil, nil, right, container.New(layout.NewCustomPaddedLayout(theme.Scaled(2), 0, 0, 0), p.tabs))
	line := container.NewBorder(nil, nil, p.narrowed, nil, p.note)
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space2)), p.top, line)
	return container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space2), 0, 0), head), nil, nil, nil, p.page)
}

// chartCard is a chart under its heading, with a chip for its table twin.
func (p *profitScreen) chartCard(i int, title string, chart *parts.ChartView) fyne.CanvasObject {
	p.notes[i] = parts.NewLabel("", theme.TextCaption, parts.Hint).Right()
	return overviewCard(title, container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), p.notes[i], chartTwin(p.env, chart)), chart)
}

// load implements screen.
func (p *profitScreen) load(r route) {
	p.route = r
	q := p.query()
	p.loader.run(func(ctx context.Context) (func(), error) {
		d, err := profitLoad(ctx, p.env.s.Book, q)
		if err != nil {
			return nil, err
		}
		return func() { p.show(&d) }, nil
	}, p.failed)
}

// close implements screen.
func (p *profitScreen) close() {
	p.loader.close()
	if p.table != nil {
		p.table.Close()
	}
}

// query is what header and route ask for. A route narrows the header's filter.
func (p *profitScreen) query() profitQuery {
	f := p.env.filter()
	q := profitQuery{
		Span: statementSpan{f.From, f.To}, Compare: statementSpan{f.CompareFrom, f.CompareTo},
		Marketplaces: f.Marketplaces, SKU: p.route.SKU, Currency: p.currency, By: p.periods,
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
	return q
}

func (p *profitScreen) failed(err error) {
	w := p.env.words
	state := parts.NewErrorState(parts.Problem{
		What: w.T("profit.error"), Since: w.T("profit.since", p.env.loc.Moment(p.env.now())), Works: w.T("profit.error_works"), Action: w.T("profit.again"),
		Details: err.Error(), Folded: w.T("profit.details"),
	}, func() { p.load(p.route) })
	p.export.Disable()
	p.swap(parts.NewCard("", "", state))
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
		few := len(d.Periods) <= profitFew-2
		p.open = map[string]bool{"sales": few, "fba": few}
	}
	p.currencyChips()
	p.note.SetText(profitNote(w, p.env.loc, d), parts.Muted)
	p.export.Enable()
	p.charts()
	p.fill()
	p.swap(p.body)
}

// currencyChips lets one of several currencies be chosen; they are never added.
func (p *profitScreen) currencyChips() {
	p.currencies.RemoveAll()
	if len(p.data.Currencies) > 1 {
		p.currencies.Add(currencyBar(p.data.Currencies, p.currency, func(c string) {
			p.currency = c
			p.load(p.route)
		}))
	}
	p.top.Refresh() // the chips' room is the row's to give
}

// currencyBar is a chip for each currency, one of them on.
func currencyBar(all []string, now string, chosen func(string)) *fyne.Container {
	var chips []*parts.Chip
	for _, c := range all {
		chip := parts.NewChip(c, c, "", nil)
		chip.SetOn(c == now)
		chips = append(chips, chip)
	}
	return chipRow(chips, chosen)
}

// chipRow is a row of chips of which exactly one is on, as wide as they are.
func chipRow(chips []*parts.Chip, chosen func(id string)) *fyne.Container {
	parts.NewFilterBar(true, func(on []string) {
		if len(on) == 1 {
			chosen(on[0])
		}
	}, chips...)
	row := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)))
	for _, c := range chips {
		row.Add(c)
	}
	return row
}

// narrowChips says what of the header's filter is narrowed further; a press
// ends all of it.
func (p *profitScreen) narrowChips() {
	p.narrowed.RemoveAll()
	add := func(text string) {
		chip := parts.NewChip("narrowed", text+" ×", "", func() { p.env.show(route{Screen: "profit"}) })
		chip.SetOn(true)
		p.narrowed.Add(chip)
	}
	if p.route.From != "" && p.route.To != "" {
		add(statementRange(p.env.loc, statementSpan{p.route.From, p.route.To}))
	}
	if p.route.SKU != "" {
		add(p.route.SKU)
	}
	if m, ok := markets.ByID(p.route.Market); ok {
		add(m.Name)
	}
	p.narrowed.Hidden = len(p.narrowed.Objects) == 0
	p.narrowed.Refresh()
}

// tab follows the chips: another length of periods is read anew, the other
// tabs show what is read.
func (p *profitScreen) tab(on []string) {
	if len(on) != 1 {
		return
	}
	p.by = on[0]
	if p.by != profitByProduct && p.by != profitByMarket && p.by != p.periods {
		p.periods = p.by
		p.load(p.route)
		return
	}
	if p.data != nil && len(p.data.Currencies) > 0 {
		p.fill()
	}
}

// fill makes the table of the tab.
func (p *profitScreen) fill() {
	if p.table != nil {
		p.table.Close()
	}
	switch p.by {
	case profitByProduct:
		p.table = p.groupTable(p.data.Products, true)
	case profitByMarket:
		p.table = p.groupTable(p.data.Markets, false)
	default:
		p.table = p.statementTable()
	}
	p.sheet.Objects = []fyne.CanvasObject{p.table}
	p.sheet.Refresh()
	p.body.Refresh()
}

// lines opens what is behind a figure.
func (p *profitScreen) lines(lines string, span statementSpan, market, sku string) {
	if market == "" && len(p.data.Currencies) > 1 {
		market = p.market()
	}
	p.env.show(route{Screen: "profit", Line: lines, From: span.From, To: span.To, Market: market, SKU: sku})
}

// market is the marketplace of the currency shown when it is the only one:
// lines of other currencies are not behind the figure.
func (p *profitScreen) market() string {
	var found []string
	for _, g := range p.data.Markets {
		if g.Marketplace != "" && !slices.Contains(found, g.Marketplace) {
			found = append(found, g.Marketplace)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return p.route.Market
}

// profitLayout puts the charts beside the table, or below it where the table
// needs the width.
type profitLayout struct{ need float32 }

const profitSide = 340 // units; narrower a bridge cannot be read

// Layout implements fyne.Layout: table, bridge, trend.
func (l *profitLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	gap := theme.Scaled(theme.Space3)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	if need := theme.Scaled(l.need); need+gap+theme.Scaled(profitSide) <= s.Width {
		side := min(s.Width-need-gap, max(s.Width*0.36, theme.Scaled(profitSide)))
		half := (s.Height - gap) / 2
		place(o[0], 0, 0, s.Width-side-gap, s.Height)
		place(o[1], s.Width-side, 0, side, half)
		place(o[2], s.Width-side, half+gap, side, half)
		return
	}
	below := min(max(s.Height*0.34, theme.Scaled(190)), theme.Scaled(300))
	half := (s.Width - gap) / 2
	place(o[0], 0, 0, s.Width, s.Height-below-gap)
	place(o[1], 0, s.Height-below, half, below)
	place(o[2], half+gap, s.Height-below, half, below)
}

// MinSize implements fyne.Layout.
func (l *profitLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(520), theme.Scaled(360))
}
