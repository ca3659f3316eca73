package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/charts"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// inventoryMovesShown is how many moves the drawer lists; the rest is one press
// away.
const inventoryMovesShown = 8

// historyRows is the stock of a SKU through the days, and why it moved.
func (s *inventoryScreen) historyRows(d *inventoryDetail) []fyne.CanvasObject {
	t, h := s.e.words.T, d.history
	note := t("inventory.history.orders")
	if h.Ledger {
		note = t("inventory.history.ledger")
	}
	out := []fyne.CanvasObject{detailHead(t("inventory.chart.stock"), t("inventory.chart.weeks", s.e.loc.Count(inventoryChartWeeks)))}
	known := 0
	for _, l := range h.Levels {
		if l.Known {
			known++
		}
	}
	switch known {
	case 0:
		out = append(out, detailParagraph(t("inventory.stock.none")))
	case 1:
		out = append(out, detailParagraph(t("inventory.stock.one", s.day(d.stock[len(d.stock)-1].Day))))
	default:
		chart := parts.NewChartView(s.text.history(h))
		twin := s.twin(chart)
		out[0] = parts.NewBorder(nil, nil, nil, twin, out[0])
		out = append(out, container.New(inventoryHeight(150), chart))
	}
	if len(h.Moves) == 0 {
		return out
	}
	out = append(out, detailHead(t("inventory.moves"), note))
	for _, m := range h.Moves[:min(len(h.Moves), inventoryMovesShown)] {
		out = append(out, s.moveRow(m))
	}
	if len(h.Moves) > inventoryMovesShown {
		all := parts.NewButton(t("inventory.moves.all", s.e.loc.Count(int64(len(h.Moves)))), parts.Text, func() { s.allMoves(d) })
		out = append(out, container.NewHBox(detailShift(all, theme.Space1, 0)))
	}
	return out
}

// twin is a chip that shows a chart as a table.
func (s *inventoryScreen) twin(chart *parts.ChartView) fyne.CanvasObject {
	return container.NewCenter(chartTwin(s.e, chart))
}

// chartTwin is a chip that shows a chart as a table, and back.
func chartTwin(e *env, chart *parts.ChartView) *parts.Chip {
	chip := parts.NewChip("table", e.words.T("overview.as_table"), "", nil)
	chip.SetOn(chart.ShowsTable())
	chip.OnTapped = func() {
		chart.ShowTable(!chart.ShowsTable())
		chip.SetOn(chart.ShowsTable())
	}
	return chip
}

// history is the chart: what was available, what arrived, and bands where there
// was nothing to sell.
func (t inventoryText) history(h store.StockHistory) parts.ChartData {
	w := t.words.T
	data := parts.ChartData{Axis: t.loc.Short, First: w("inventory.chart.day")}
	available := parts.ChartSeries{Name: w("inventory.column.available"), Shape: charts.Area}
	arrived := parts.ChartSeries{Name: w("inventory.history.arrived"), Shape: charts.Bar, Color: 3}
	inbound := parts.ChartSeries{Name: w("inventory.column.inbound"), Shape: charts.Line, Color: 2}
	figure := func(n int64, known bool) string {
		if !known {
			return format.Unknown
		}
		return t.loc.Count(n)
	}
	add := func(s *parts.ChartSeries, n int64, known bool) {
		s.Y, s.Known, s.Texts = append(s.Y, float64(max(n, 0))), append(s.Known, known), append(s.Texts, figure(max(n, 0), known))
	}
	arrivals := false
	for _, l := range h.Levels {
		day, ok := parseDay(l.Day)
		if !ok {
			continue
		}
		data.Slots, data.Heads = append(data.Slots, t.loc.DayMonth(day)), append(data.Heads, t.loc.Date(day))
		add(&available, l.Available, l.Known)
		add(&arrived, l.Arrived, h.Ledger)
		add(&inbound, l.Inbound, l.Counted)
		data.Bands = append(data.Bands, l.Known && l.Available <= 0)
		arrivals = arrivals || l.Arrived > 0
	}
	data.Series = []parts.ChartSeries{available, inbound}
	if arrivals {
		data.Series = append(data.Series, arrived)
	}
	return data
}

// move is what happened, in words: what, and why where Amazon tells it.
func (t inventoryText) move(m store.StockMoved) (what, why string) {
	switch m.Event {
	case "sale", "Shipments":
		what = t.words.T("inventory.move.sale")
	case "return", "CustomerReturns":
		what = t.words.T("inventory.move.return")
	case "count":
		return t.words.T("inventory.move.count"), t.words.T("inventory.move.count_why")
	case "Receipts":
		what = t.words.T("inventory.move.receipt")
	case "Adjustments":
		what = t.words.T("inventory.move.adjustment")
	case "WhseTransfers":
		what = t.words.T("inventory.move.transfer")
	case "VendorReturns":
		what = t.words.T("inventory.move.removal")
	default:
		what = m.Event // Amazon's newer word
	}
	why = m.Reason
	if !m.Sellable {
		why = t.words.T("inventory.move.unsellable")
		if m.Reason != "" {
			why += " · " + m.Reason
		}
	}
	return what, why
}

// signed writes units with their sign.
func (t inventoryText) signed(n int64) string {
	if n > 0 {
		return "+" + t.loc.Count(n)
	}
	return t.loc.Count(n)
}

// moveRow is one move in the drawer; it opens its order or Amazon's own words.
func (s *inventoryScreen) moveRow(m store.StockMoved) fyne.CanvasObject {
	what, why := s.text.move(m)
	day := s.day(m.Day)
	if at, ok := parseDay(m.Day); ok {
		day = s.e.loc.DayMonth(at)
	}
	name := day + "  " + what
	if why != "" {
		name += " · " + why
	}
	tone := parts.Normal
	if !m.Sellable {
		tone = parts.Hint
	}
	units := parts.NewLabel(s.text.signed(m.Units), theme.TextBody, tone).Right()
	if m.Order == "" && m.Document == 0 {
		return detailRow(name, parts.Muted, units)
	}
	open := parts.NewButton(name, parts.Plain, func() { s.openMove(m) })
	return parts.NewBorder(nil, nil, detailShift(open, theme.Space1, 1), nil, units)
}

func (s *inventoryScreen) openMove(m store.StockMoved) {
	if m.Order != "" {
		s.e.show(route{Screen: "orders", Order: m.Order})
		return
	}
	if m.Document != 0 {
		detailShow(s.e, &s.papers, detailPaper{DocumentPlace: store.DocumentPlace{Document: m.Document, Kind: "report", Line: m.DocLine}, Lines: []int64{m.DocLine}})
	}
}

// allMoves lists every move of the drawer's days in a dialog.
func (s *inventoryScreen) allMoves(d *inventoryDetail) {
	t := s.e.words.T
	type row = store.StockMoved
	text := func(id, title string, width, grow float32, f func(row) string) parts.Column[row] {
		return parts.Column[row]{ID: id, Title: title, Width: width, Grow: grow, Text: f, Compare: parts.By(f)}
	}
	columns := []parts.Column[row]{
		{ID: "day", Title: t("inventory.chart.day"), Width: dayWidth(s.e.loc), Text: func(m row) string { return s.day(m.Day) }, Compare: parts.By(func(m row) string { return m.Day })},
		text("what", t("inventory.moves.what"), 150, 1, func(m row) string { what, _ := s.text.move(m); return what }),
		text("why", t("inventory.moves.why"), 150, 1, func(m row) string { _, why := s.text.move(m); return why }),
		text("centre", t("inventory.moves.centre"), 70, 0, func(m row) string { return m.Centre }),
		text("order", t("orders.column.order"), 176, 0, func(m row) string { return m.Order }),
		{ID: "units", Title: t("inventory.chart.units"), Width: 70, Align: parts.Right, Text: func(m row) string { return s.text.signed(m.Units) },
			Value: func(m row) any { return m.Units }, Compare: parts.By(func(m row) int64 { return m.Units })},
	}
	columns[4].Mono = true
	var box *modal
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(d.history.Moves, columns), parts.TableOptions[row]{
		Post: s.e.post, OnOpen: func(m row, _ string) { box.hide(); box.gone(); s.openMove(m) },
	})
	box = newFullModal(s.e, t("inventory.moves")+" · "+d.row.SKU, table, fyne.NewSize(820, 560),
		parts.NewButton(t("list.close"), parts.Quiet, func() { box.hide(); box.gone() }))
	box.gone = table.Close
	box.show()
	s.e.window.Canvas().Focus(table.Focus())
}
