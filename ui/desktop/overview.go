package desktop

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// overviewScreen tells how business goes: tiles, sales and profit over time,
// what needs somebody, products by profit.
type overviewScreen struct {
	env    *env
	loader loader
	stock  loader // of what runs out
	route  route

	currency string
	by       string // of the chart; empty: as suits the span
	worst    bool
	data     *overviewData

	currencies *fyne.Container
	tiles      []*parts.Tile
	chart      *parts.ChartView
	chartHead  *fyne.Container
	needs      *fyne.Container
	needsNote  *parts.Label
	needsCard  *parts.Card
	ranking    *fyne.Container // chips: best, losses
	count      *parts.Label
	products   *fyne.Container
	table      *parts.Table[profitGroup]
	markets    *fyne.Container
	byMarket   *parts.Table[profitGroup]
	body       fyne.CanvasObject
	page       *fyne.Container
}

func newOverview(e *env) screen {
	return &overviewScreen{env: e, loader: loader{env: e}, stock: loader{env: e}}
}

// overviewTiles is how many tiles there are.
const overviewTiles = 5

// build implements screen.
func (o *overviewScreen) build() fyne.CanvasObject {
	w := o.env.words
	row := container.New(overviewRow{parts.Shares{Gap: theme.Space3}})
	for i := range overviewTiles {
		tile := parts.NewTile(parts.TileData{Loading: true, Foot: " "}, func() { o.openTile(i) })
		o.tiles = append(o.tiles, tile)
		row.Add(tile)
	}
	o.currencies = container.NewHBox()
	o.chart = parts.NewChartView(parts.ChartData{})
	o.chartHead = container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)))
	o.needs = container.NewStack(parts.NewSkeleton(6))
	o.needsNote = parts.NewLabel("", theme.TextCaption, parts.Hint).Right()
	o.count = parts.NewLabel("", theme.TextCaption, parts.Hint).Right()
	o.products = container.NewStack(parts.NewSkeleton(6))
	best := parts.NewChip("best", w.T("overview.best"), "", nil)
	best.SetOn(true)
	o.ranking = chipRow([]*parts.Chip{best, parts.NewChip("worst", w.T("overview.worst"), "", nil)}, func(id string) {
		o.worst = id == "worst"
		o.fillProducts()
	})
	chart := overviewCard(w.T("overview.chart"), o.chartHead, o.chart)
	products := overviewCard(w.T("overview.products"), container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), o.count, o.ranking), o.products)
	o.needsCard = overviewCard(w.T("overview.needs"), o.needsNote, o.needs)
	o.markets = container.NewStack(parts.NewSkeleton(3))
	markets := overviewCard(w.T("overview.markets"), layout.NewSpacer(), o.markets)
	lower := container.New(&overviewLayout{}, chart, products, o.needsCard, markets)
	top := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space2)), o.currencies, row)
	o.body = parts.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0), top), nil, nil, nil, lower)
	o.page = container.NewStack(o.body)
	o.currencies.Hide()
	return o.page
}

// overviewCard is a card with controls at the right of its heading.
func overviewCard(title string, right, content fyne.CanvasObject) *parts.Card {
	head := parts.NewBorder(nil, nil, parts.NewLabel(title, theme.TextSection, parts.Normal).Bold().Whole(), right)
	return parts.NewCard("", "", parts.NewBorder(
		container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space2), 0, 0), head), nil, nil, nil, content))
}

// load implements screen.
func (o *overviewScreen) load(r route) {
	o.route = r
	q := overviewQueryOf(o.env.filter(), o.currency, o.env.now())
	ahead := o.env.ahead
	o.env.ahead = nil
	o.loader.run(func(ctx context.Context) (func(), error) {
		d, err := ahead.load(ctx, o.env.s.Book, q)
		if err != nil {
			return nil, err
		}
		return func() { o.show(&d) }, nil
	}, o.failed)
}

// close implements screen.
func (o *overviewScreen) close() {
	o.loader.close()
	o.stock.close()
	for _, t := range []*parts.Table[profitGroup]{o.table, o.byMarket} {
		if t != nil {
			t.Close()
		}
	}
}

func (o *overviewScreen) failed(err error) {
	o.swap(screenProblem(o.env, o.env.words.T("overview.error"), err, func() { o.load(o.route) }))
}

func (o *overviewScreen) swap(c fyne.CanvasObject) {
	o.page.Objects = []fyne.CanvasObject{c}
	o.page.Refresh()
}

func (o *overviewScreen) texts() overviewTexts {
	return overviewTexts{o.env.words, o.env.loc, o.env.now()}
}

// show puts loaded figures on the screen.
func (o *overviewScreen) show(d *overviewData) {
	w := o.env.words
	o.data = d
	if len(d.Currencies) == 0 {
		o.swap(parts.NewCard("", "", parts.NewEmptyState(w.T("overview.empty"), w.T("profit.empty_action"), func() { o.env.show(route{Screen: "connect"}) })))
		return
	}
	o.currency = d.Currency
	o.currencies.RemoveAll()
	if len(d.Currencies) > 1 {
		o.currencies.Add(layout.NewSpacer())
		o.currencies.Add(currencyBar(d.Currencies, d.Currency, func(c string) {
			o.currency = c
			o.load(o.route)
		}))
		o.currencies.Show()
	} else {
		o.currencies.Hide()
	}
	o.fillTiles()
	o.fillChart()
	o.fillNeeds()
	o.fillProducts()
	o.fillMarkets()
	o.swap(o.body)
	o.readShort()
}

func (o *overviewScreen) fillTiles() {
	t := o.texts()
	o.tiles[0].Set(overviewTileData(t.today(o.data), o.data.Currency, o.data.Today.Spark, o.data.Today.Known))
	for i, tile := range o.data.Tiles {
		o.tiles[i+1].Set(overviewTileData(t.tile(o.data, tile), o.data.Currency, tile.Spark, tile.Known))
	}
}

func overviewTileData(t overviewTileText, currency string, spark []float64, known []bool) parts.TileData {
	d := parts.TileData{
		Title: t.Title, Figure: t.Figure, Unit: currency, Lines: t.Lines, Change: t.Change, Foot: t.Foot, Tip: t.Tip,
		Spark: spark, Known: known, Rising: t.Trend > 0,
	}
	if t.Unknown {
		d.Tone = parts.Hint
	}
	switch {
	case t.Trend > 0:
		d.Trend = parts.Gain
	case t.Trend < 0:
		d.Trend = parts.Loss
	}
	return d
}

// openTile opens the profit of a tile's days; today's orders, which are no
// money yet, are on the screen of orders.
func (o *overviewScreen) openTile(i int) {
	switch {
	case o.data == nil:
	case i == 0:
		o.env.show(route{Screen: "orders", From: o.data.Today.Day, To: o.data.Today.Day, Market: o.data.Market})
	case i-1 < len(o.data.Tiles):
		t := o.data.Tiles[i-1]
		o.env.show(route{Screen: "profit", From: t.Span.From, To: t.Span.To, Market: cmp.Or(o.data.Market, o.data.Currency)})
	}
}

func (o *overviewScreen) fillChart() {
	w := o.env.words
	by := o.by
	if by == "" {
		by = overviewBy(o.data.money())
	}
	var chips []*parts.Chip
	for _, id := range []string{statementDays, statementWeeks, statementMonths} {
		chip := parts.NewChip(id, w.T("profit.by_"+id), "", nil)
		chip.SetOn(id == by)
		chips = append(chips, chip)
	}
	o.chartHead.RemoveAll()
	o.chartHead.Add(parts.NewLabel(w.T("profit.chart_note", o.data.Currency, statementRange(o.env.loc, o.data.money())), theme.TextCaption, parts.Hint).Right())
	o.chartHead.Add(chipRow(chips, func(id string) {
		o.by = id
		o.fillChart()
	}))
	twin := chartTwin(o.env, o.chart)
	o.chartHead.Add(twin)
	o.chartHead.Refresh()

	t := o.texts()
	s, err := t.slots(o.data, by)
	if err != nil {
		o.chart.Set(parts.ChartData{Empty: w.T("overview.error")})
		return
	}
	o.chart.Set(parts.ChartData{
		Slots: s.Slots, Heads: s.Heads, Axis: o.env.loc.ShortMoney, First: w.T("profit.period"), Empty: w.T("overview.no_money"),
		Open: func(slot int) {
			o.env.show(route{Screen: "profit", From: s.Spans[slot].From, To: s.Spans[slot].To, Market: cmp.Or(o.data.Market, o.data.Currency)})
		},
		Series: []parts.ChartSeries{
			{Name: w.T("overview.sales"), Shape: charts.Bar, Y: s.Sales, Known: s.SalesKnown, Pale: s.Pale, Texts: s.SalesText},
			{Name: w.T("overview.net_profit"), Shape: charts.Line, Y: s.Profit, Known: s.ProfitKnown, Texts: s.Texts, Color: 1},
		},
	})
}

func (o *overviewScreen) fillProducts() {
	if o.data == nil {
		return
	}
	w := o.env.words
	if o.table != nil {
		o.table.Close()
		o.table = nil
	}
	o.count.SetText(w.T("profit.chart_note", o.texts().count("overview.products_count", int64(len(o.data.Products))), o.data.Currency), parts.Hint)
	if len(o.data.Products) == 0 {
		o.products.Objects = []fyne.CanvasObject{parts.NewEmptyState(w.T("overview.no_products"), "", nil)}
		o.products.Refresh()
		return
	}
	shown := overviewRanked(o.data.Products, o.worst)
	columns := o.columns(shown)
	o.table = parts.NewTable(o.env.ctx, columns, parts.Rows(shown, columns), parts.TableOptions[profitGroup]{
		Post: o.env.post, Pinned: 1,
		OnOpen: func(g profitGroup, column string) { o.openProduct(g, column) },
	})
	o.products.Objects = []fyne.CanvasObject{o.table}
	o.products.Refresh()
}

func (o *overviewScreen) openProduct(g profitGroup, column string) {
	span := o.data.money()
	r := route{Screen: "profit", SKU: g.SKU, From: span.From, To: span.To, Market: g.Marketplace}
	switch column {
	case "sales":
		r.Line = statementLineList(planLines("sales")())
	case "units":
		r.Line = string(books.SalesProduct)
	}
	o.env.show(r)
}

// overviewLayout places chart, products, needs and marketplaces: two thirds
// and one.
type overviewLayout struct{}

// Layout implements fyne.Layout.
func (overviewLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	gap := theme.Scaled(theme.Space3)
	side := min(max((s.Width-gap)*0.36, theme.Scaled(280)), theme.Scaled(460))
	left, upper := s.Width-gap-side, (s.Height-gap)*0.52
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
	}
	place(o[0], 0, 0, left, upper)
	place(o[1], 0, upper+gap, left, s.Height-gap-upper)
	place(o[2], left+gap, 0, side, upper)
	place(o[3], left+gap, upper+gap, side, s.Height-gap-upper)
}

// MinSize implements fyne.Layout.
func (overviewLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(760), theme.Scaled(320))
}

// overviewRow is the row of tiles, a little higher than they must be: three
// lines of text need air above the rule.
type overviewRow struct{ parts.Shares }

// MinSize implements fyne.Layout.
func (r overviewRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	return r.Shares.MinSize(o).AddWidthHeight(0, theme.Scaled(theme.Space2))
}
