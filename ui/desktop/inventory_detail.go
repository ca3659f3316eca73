package desktop

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// inventoryChartWeeks is how far the chart of sales looks back.
const inventoryChartWeeks = 13

// inventoryDetail is what the drawer tells of a SKU beside its row.
type inventoryDetail struct {
	row     inventoryRow
	sold    []store.DayUnits
	stock   []store.StockDay
	history store.StockHistory
	costs   []books.Cost
	today   time.Time
}

// show opens the drawer on a SKU.
func (s *inventoryScreen) show(r inventoryRow) {
	s.showDrawer(r.SKU)
	s.open = r.Key()
	today, err := time.Parse(time.DateOnly, markets.Day(r.Marketplace, s.e.now()))
	if err != nil {
		return // a day that Day made
	}
	s.opens.run(func(ctx context.Context) (func(), error) {
		d := &inventoryDetail{row: r, today: today}
		from := today.AddDate(0, 0, -inventoryChartWeeks*7).Format(time.DateOnly)
		var err error
		if d.sold, err = s.e.s.Book.SoldByDay(ctx, r.Key(), from); err != nil {
			return nil, err
		}
		if d.stock, err = s.e.s.Book.StockDays(ctx, r.Key()); err != nil {
			return nil, err
		}
		d.history, err = s.e.s.Book.StockHistory(ctx, r.Key(), from, today.Format(time.DateOnly))
		if err != nil {
			return nil, err
		}
		all, err := s.e.s.Book.Costs(ctx)
		if err != nil {
			return nil, err
		}
		d.costs = inventoryCosts(all, r.SKU, r.Marketplace)
		return func() { s.fillDrawer(d) }, nil
	}, func(err error) {
		s.drawer.SetContent(r.SKU, "", screenProblem(s.e, s.e.words.T("inventory.error"), err, func() { s.show(r) }))
	})
}

func (s *inventoryScreen) fillDrawer(d *inventoryDetail) {
	box := detailBox(s.stockBar(d.row))
	for _, part := range [][]fyne.CanvasObject{s.paceRows(d), s.salesChart(d), s.historyRows(d), s.costRows(d), s.listingRows(d)} {
		for _, o := range part {
			box.Add(o)
		}
	}
	m, _ := markets.ByID(d.row.Marketplace)
	note := strings.Trim(m.Name+" · "+d.row.Title, " ·")
	s.drawer.SetContent(d.row.SKU, note, container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Scaled(theme.Space3)), box))
}

// stockBar is the units in shares of one bar, and a line for each share.
func (s *inventoryScreen) stockBar(r inventoryRow) fyne.CanvasObject {
	t, loc, k := s.e.words.T, s.e.loc, theme.Now()
	shares := []struct {
		word  string
		units int64
		color int
	}{
		{t("inventory.column.available"), r.sellable(), 0}, {t("inventory.column.reserved"), r.Reserved, 1},
		{t("inventory.column.inbound"), r.Inbound, 2}, {t("inventory.column.unfulfillable"), r.Unfulfillable, 5},
	}
	var weights []float32
	bar := container.NewWithoutLayout()
	box := detailBox(container.NewStack())
	for _, x := range shares {
		if x.units > 0 {
			weights = append(weights, float32(x.units))
			bar.Add(detailBar(k.Series[x.color], 8))
		}
		swatch := detailBar(k.Series[x.color], 8)
		swatch.SetMinSize(fyne.NewSize(theme.Scaled(10), theme.Scaled(10)))
		units := parts.NewLabel(loc.Count(x.units), theme.TextBody, parts.Normal).Right()
		box.Add(parts.NewBorder(nil, nil, container.NewHBox(container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Scaled(theme.Space1)), container.NewCenter(swatch)), parts.NewLabel(x.word, theme.TextBody, parts.Muted).Whole()), nil, units))
	}
	if len(weights) == 0 {
		weights = []float32{1}
		bar.Add(detailBar(k.Skeleton, 8))
	}
	bar.Layout = parts.Shares{Gap: 2, Weights: weights}
	box.Objects[0] = container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space1), theme.Scaled(theme.Space1), 0, 0), bar)
	return box
}

func (s *inventoryScreen) paceRows(d *inventoryDetail) []fyne.CanvasObject {
	t, r := s.e.words.T, d.row
	word, tone := s.text.state(r.state())
	cover, why := s.text.cover(r)
	velocity, pace := s.text.velocity(r.Pace)
	out := []fyne.CanvasObject{
		parts.NewBorder(nil, nil, detailHead(t("inventory.pace.head"), ""), nil, container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space3), theme.Scaled(2), 0, 0),
			parts.NewLabel(word, theme.TextBody, tone).Bold().Right())),
	}
	row := func(word, text, why string) {
		out = append(out, detailText(t(word), text))
		if why != "" {
			out = append(out, parts.NewLabel(why, theme.TextCaption, parts.Hint))
		}
	}
	if next, why := s.text.next(r); next != format.Unknown {
		row("inventory.column.next", next, why)
	}
	if days, known := r.Pace.cover(r.sellable()); known {
		cover = s.text.counted("inventory.days", days)
	}
	row("inventory.column.cover", cover, why)
	row("inventory.velocity", velocity, pace)
	for _, x := range []struct {
		word  string
		units int64
		days  int64
	}{{"inventory.column.sold7", r.Sold.Days7, 7}, {"inventory.column.sold30", r.Sold.Days30, 30}, {"inventory.column.sold90", r.Sold.Days90, 90}} {
		text, why := s.text.sold(r, x.units, x.days)
		row(x.word, text, why)
	}
	orders := parts.NewButton(t("inventory.orders"), parts.Text, func() { s.e.show(route{Screen: "orders", SKU: r.SKU}) })
	profit := parts.NewButton(t("inventory.profit"), parts.Text, func() { s.e.show(route{Screen: "profit", SKU: r.SKU, Market: r.Marketplace}) })
	goods := parts.NewButton(t("inventory.goods"), parts.Text, func() { s.e.show(route{Screen: "costs", View: tabGoods, SKU: r.SKU, Market: r.Marketplace}) })
	return append(out, container.NewHBox(detailShift(orders, theme.Space1, 0), profit, goods))
}

// salesChart is the units sold each week.
func (s *inventoryScreen) salesChart(d *inventoryDetail) []fyne.CanvasObject {
	t, loc := s.e.words.T, s.e.loc
	data := parts.ChartData{Axis: loc.Short, Empty: t("inventory.chart.empty"), First: t("inventory.chart.week")}
	units := parts.ChartSeries{Name: t("inventory.chart.units"), Shape: charts.Bar}
	weeks := inventoryWeeks(d.sold, d.today, inventoryChartWeeks, d.row.Known)
	for _, w := range weeks {
		data.Slots = append(data.Slots, loc.DayMonth(w.From))
		data.Heads = append(data.Heads, loc.Range(w.From, w.From.AddDate(0, 0, 6)))
		units.Y, units.Known = append(units.Y, float64(w.Units)), append(units.Known, w.Known)
		text := format.Unknown
		if w.Known {
			text = loc.Count(w.Units)
		}
		units.Texts = append(units.Texts, text)
	}
	data.Series = []parts.ChartSeries{units}
	data.Open = func(slot int) {
		from := weeks[slot].From
		s.e.show(route{Screen: "orders", SKU: d.row.SKU, Market: d.row.Marketplace, From: from.Format(time.DateOnly), To: from.AddDate(0, 0, 6).Format(time.DateOnly)})
	}
	chart := parts.NewChartView(data)
	head := detailHead(t("inventory.chart.sales"), t("inventory.chart.weeks", loc.Count(inventoryChartWeeks)))
	return []fyne.CanvasObject{parts.NewBorder(nil, nil, nil, s.twin(chart), head), container.New(inventoryHeight(150), chart)}
}

// inventoryHeight is a layout of one object at a fixed height.
type inventoryHeight float32

// Layout implements fyne.Layout.
func (h inventoryHeight) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// MinSize implements fyne.Layout.
func (h inventoryHeight) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(100), theme.Scaled(float32(h)))
}

func (s *inventoryScreen) day(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return s.e.loc.Date(at)
}

// costRows lists what a unit costs and since when, and takes another cost.
func (s *inventoryScreen) costRows(d *inventoryDetail) []fyne.CanvasObject {
	t := s.e.words.T
	out := []fyne.CanvasObject{detailHead(t("inventory.costs"), "")}
	if len(d.costs) == 0 {
		out = append(out, detailParagraph(t("inventory.costs.none")))
	}
	for _, c := range d.costs {
		since := t("inventory.costs.always")
		if c.From != "" {
			since = t("inventory.costs.from", s.day(c.From))
		}
		amount := parts.NewLabel(s.text.unit(c), theme.TextBody, parts.Normal).Right()
		remove := parts.NewButton(t("inventory.cost.remove"), parts.Text, func() { s.removeCost(c) })
		out = append(out, parts.NewBorder(nil, nil, parts.NewLabel(since, theme.TextBody, parts.Muted).Whole(), remove, amount))
	}
	return append(out, s.costForm(d))
}

// unit writes a unit cost with all its digits.
func (t inventoryText) unit(c books.Cost) string {
	text := c.Unit.String()
	if m, err := books.ParseDecimal(text, c.Currency); err == nil {
		return t.loc.MoneyWithCode(m)
	}
	return t.loc.Amount(text) + "\u00a0" + c.Currency // finer than the currency's minor unit
}

// costForm takes a new unit cost, or another amount for a day that has one.
func (s *inventoryScreen) costForm(d *inventoryDetail) fyne.CanvasObject {
	t, r := s.e.words.T, d.row
	currency := ""
	if m, ok := markets.ByID(r.Marketplace); ok {
		currency = m.Currency
	}
	if r.Listing != nil && r.Listing.Currency != "" {
		currency = r.Listing.Currency
	}
	if currency == "" {
		return detailParagraph(t("inventory.cost.nocurrency"))
	}
	from, amount := parts.NewEntry(), parts.NewEntry()
	from.SetText(d.today.Format(time.DateOnly))
	from.SetPlaceHolder(t("inventory.cost.day"))
	if len(d.costs) == 0 {
		from.SetText("") // the first cost counts from the beginning
	}
	amount.SetPlaceHolder(t("inventory.cost.amount", currency))
	wrong := parts.NewLabel("", theme.TextCaption, parts.Loss)
	wrong.Hide()
	save := func() {
		c, why := inventoryCost(r.SKU, r.Marketplace, currency, strings.TrimSpace(from.Text), strings.TrimSpace(amount.Text))
		if why != "" {
			wrong.SetText(t(why), parts.Loss)
			wrong.Show()
			s.drawer.Refresh()
			return
		}
		wrong.Hide()
		s.putCost(c)
	}
	amount.OnSubmitted = func(string) { save() }
	fields := parts.NewBorder(nil, nil, nil, parts.NewButton(t("inventory.cost.save"), parts.Quiet, save), container.NewGridWithColumns(2, from, amount))
	return detailBox(container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space1), 0, 0, 0), fields), wrong,
		parts.NewLabel(t("inventory.cost.note"), theme.TextCaption, parts.Hint))
}

// listingRows are the facts of the offer, and Amazon's own words.
func (s *inventoryScreen) listingRows(d *inventoryDetail) []fyne.CanvasObject {
	t, l := s.e.words.T, d.row.Listing
	out := []fyne.CanvasObject{detailHead(t("inventory.listing"), "")}
	if l == nil {
		return append(out, detailParagraph(t("inventory.listing.none")))
	}
	price := format.Unknown
	if l.Price != nil {
		price = s.e.loc.MoneyWithCode(books.Money{Minor: *l.Price, Currency: l.Currency})
	}
	for _, x := range [][2]string{
		{"inventory.column.price", price}, {"inventory.listing.asin", l.ASIN}, {"inventory.listing.fnsku", l.FNSKU}, {"inventory.listing.state", l.Status},
		{"inventory.listing.condition", l.Condition}, {"inventory.listing.type", l.ProductType},
		{"inventory.listing.created", s.e.loc.Date(l.Created)}, {"inventory.listing.updated", s.e.loc.Date(l.Updated)},
	} {
		if x[1] != "" {
			out = append(out, detailText(t(x[0]), x[1]))
		}
	}
	if l.Document != 0 {
		paper := detailPaper{DocumentPlace: store.DocumentPlace{Document: l.Document, Kind: "listing", Received: l.Updated}}
		out = append(out, detailRow(t("orders.evidence"), parts.Muted, parts.NewButton(t("orders.evidence.show"), parts.Text, func() { detailShow(s.e, &s.papers, paper) })))
	}
	return out
}
