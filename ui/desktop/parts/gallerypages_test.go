package parts_test

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/charts"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

func ordersPage(l *format.Locale, w words) fyne.CanvasObject {
	columns := []parts.Column[galleryRow]{
		{ID: "date", Title: w["date"], Width: 120, Text: func(r galleryRow) string { return "21 Nov 13:58" }, Sortable: true},
		{ID: "id", Title: w["order"], Width: 170, Mono: true, Text: func(r galleryRow) string { return r.id }},
		{ID: "status", Title: w["status"], Width: 110, Text: func(r galleryRow) string { return r.status },
			Look: func(r galleryRow) parts.Cell { return parts.Cell{Dot: r.tone} }},
		{ID: "items", Title: w["items"], Width: 120, Grow: 1, Text: func(r galleryRow) string { return r.title }},
		{ID: "total", Title: w["total"], Width: 80, Align: parts.Right, Text: func(r galleryRow) string { return l.Money(usd(r.total)) }},
		{ID: "profit", Title: w["profit"], Width: 80, Align: parts.Right, Text: profitText(l), Look: profitCell(l, w)},
	}
	titles := []string{"Pour-over kettle 0.9 l, matte black with a very long title", "折りたたみ式 ドリッパー ステンレス 二人用 収納袋付き", "Trinkgläser 6er Set", "ペーパーフィルター 100枚"}
	rows := make([]galleryRow, 2940)
	for i := range rows {
		rows[i] = galleryRow{
			id: fmt.Sprintf("114-%07d-%07d", i*7919%9999999, i*104729%9999999), title: titles[i%4], status: w["shipped"], tone: parts.Gain,
			total: int64(990 + i*37%9000), profit: ptr(int64(i*53%1900) - 300),
		}
		if i%7 == 3 {
			rows[i].status, rows[i].tone, rows[i].profit = w["pending"], parts.Hint, nil
		}
	}
	table := parts.NewTable(context.Background(), columns, parts.Rows(rows, columns), parts.TableOptions[galleryRow]{Pinned: 2})
	table.SetOrder(parts.Order{Column: "date", Desc: true})
	table.SetTotals(map[string]parts.Cell{"id": {Text: w["ordersfiltered"]}, "total": {Text: l.Money(usd(9612040))}, "profit": {Text: l.Money(usd(2194077))}})
	table.Select(4)
	chips := parts.NewFilterBar(true, nil, parts.NewChip("all", w["all"], l.Count(2940), nil), parts.NewChip("ship", w["toship"], "14", nil),
		parts.NewChip("refunded", w["refunded"], "61", nil), parts.NewChip("fee", w["unknown"], "3", nil))
	chips.Chips[0].SetOn(true)
	detail := container.NewVBox(parts.NewLabel(w["money"], theme.TextSection, parts.Normal).Bold())
	for _, line := range []struct {
		name  string
		cents int64
	}{{w["sales"], 7485}, {"FBA", -808}, {w["profit"], 1204}} {
		detail.Add(container.NewBorder(nil, nil, parts.NewLabel(line.name, theme.TextBody, parts.Muted).Whole(), nil, parts.NewMoney(l, usd(line.cents))))
	}
	detail.Add(parts.NewLabel(w["shipto"], theme.TextSection, parts.Normal).Bold())
	detail.Add(parts.NewMasked(w["buyer"], "Erika Mustermann, Heidestraße 17, 51147 Köln", nil))
	drawer := parts.NewDrawer("028-4415581-0093146", "EUR · amazon.de · FBA", w["close"], detail, func() {})
	top := container.New(layout.NewCustomPaddedLayout(0, 12, 0, 0), container.NewBorder(nil, nil, nil, parts.NewButton(w["export"], parts.Quiet, func() {}), chips))
	return inWindow(w, "orders", container.NewBorder(top, nil, nil, nil, container.New(parts.Beside{}, parts.NewSheet(table), drawer)), synced(w))
}

func profitPage(l *format.Locale, w words) fyne.CanvasObject {
	columns := []parts.Column[galleryRow]{{ID: "line", Title: w["line"], Width: 200, Grow: 1, Text: func(r galleryRow) string { return r.title },
		Look: func(r galleryRow) parts.Cell { return parts.Cell{Indent: r.depth, Fold: r.fold} }}}
	for _, m := range []int{7, 8, 9, 10, 11} {
		columns = append(columns, parts.Column[galleryRow]{
			ID: fmt.Sprint(m), Title: l.MonthName(time.Month(m)), Width: 98, Align: parts.Right,
			Text: func(r galleryRow) string { return l.Statement(usd(r.total + int64(m)*1234)) },
			Look: func(r galleryRow) parts.Cell { return parts.MoneyCell(l, usd(r.total+int64(m)*1234)) },
		})
	}
	rows := []galleryRow{
		{title: w["sales"], total: 14288010, fold: parts.Open}, {title: "Product", total: 13900200, depth: 1}, {title: "Shipping and gift wrap", total: 387810, depth: 1},
		{title: "Promotions", total: -412000, fold: parts.Closed}, {title: "Refunds", total: -320155, fold: parts.Closed}, {title: "Net sales", total: 13555855, sum: true},
		{title: "FBA", total: -2410260, fold: parts.Open}, {title: "Storage", total: -291440, depth: 1}, {title: w["netprofit"], total: 2970753, sum: true},
	}
	table := parts.NewTable(context.Background(), columns, parts.Rows(rows, columns), parts.TableOptions[galleryRow]{
		Pinned: 1, Cells: true, Heavy: func(r galleryRow) bool { return r.sum },
	})
	table.Select(7)
	key(table.Focus(), fyne.KeyRight, fyne.KeyRight)
	steps := []charts.Step{{Value: 118.3, Total: true}, {Value: -3.7}, {Value: -2.5}, {Value: -17.2}, {Value: -20.7}, {Value: -12.4}, {Value: -39.9}, {Value: 21.9, Total: true}}
	bridge := parts.ChartData{Steps: steps, Slots: []string{w["sales"], "Promo", "Refunds", "Fees", "FBA", "Ads", "Goods", w["netprofit"]}, First: w["line"]}
	texts := parts.ChartSeries{Name: "kUSD"}
	for _, s := range steps {
		bridge.Labels = append(bridge.Labels, l.Short(s.Value))
		texts.Texts = append(texts.Texts, l.Short(s.Value))
	}
	bridge.Series = []parts.ChartSeries{texts}
	stack := parts.ChartData{Slots: []string{"Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}, Axis: l.Short, Right: func(v float64) string { return l.Percent(int64(v*10), 1000, 0) }, Series: []parts.ChartSeries{
		{Name: "FBA", Shape: charts.Stacked, Y: []float64{9, 8, 11, 9, 10, 6}, Color: 0}, {Name: "DE", Shape: charts.Stacked, Y: []float64{5, 4, 6, 7, 5, 3}, Color: 2},
		{Name: "JP", Shape: charts.Stacked, Y: []float64{-3, -2, 2, 3, -1, 1}, Color: 3}, {Name: w["margin"], Shape: charts.Line, Right: true, Y: []float64{20, 21, 22, 21, 21, 19}, Color: 1},
	}}
	side := container.New(rowsOf{0.5}, parts.NewCard(w["bridge"], "kUSD", parts.NewChartView(bridge)), parts.NewCard(w["netprofit"]+" · "+w["margin"], "kUSD, %", parts.NewChartView(stack)))
	body := container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1.75, 1}}, parts.NewSheet(table), side)
	note := container.New(layout.NewCustomPaddedLayout(0, 12, 0, 0), parts.NewLabel(w["covered"], theme.TextCaption, parts.Muted))
	return inWindow(w, "profit", container.NewBorder(note, nil, nil, nil, body),
		parts.Status{Sentence: w["syncing"], Tone: parts.Gain, Working: true, Done: 0.46, Left: w["left"], Cancel: w["cancel"], Note: w["private"]})
}

func statesPage(l *format.Locale, w words) fyne.CanvasObject {
	buttons := container.New(&parts.Wrap{Gap: theme.Space2}, parts.NewButton(w["export"], parts.Primary, func() {}), parts.NewButton(w["accountant"], parts.Quiet, func() {}),
		parts.NewButton(w["wipe"], parts.Danger, func() {}), parts.NewButton(w["details"], parts.Text, func() {}))
	off := parts.NewButton(w["import"], parts.Quiet, nil)
	off.Disable()
	buttons.Add(off)
	tones := container.NewVBox(parts.NewParagraph(w["works"], parts.Muted))
	for i, cents := range []int64{123456, -123456, 0} {
		tones.Add(container.NewBorder(nil, nil, parts.NewLabel(fmt.Sprint("USD ", i+1), theme.TextBody, parts.Muted).Whole(), nil, parts.NewMoney(l, usd(cents))))
	}
	tones.Add(buttons)
	waiting := columns[:3]
	table := parts.NewTable(context.Background(), waiting, parts.Source[order](&many{count: 9, gate: make(chan struct{})}), parts.TableOptions[order]{Post: func(func()) {}, Compact: true})
	problem := parts.NewErrorState(parts.Problem{What: w["error"], Since: w["since"], Works: w["works"], Action: w["reconnect"], Details: "invalid_grant", Folded: w["details"]}, func() {})
	grid := container.NewGridWithColumns(2,
		parts.NewCard("Empty", "", parts.NewEmptyState(w["empty"], w["import"], func() {})),
		parts.NewCard("Error", "", problem),
		parts.NewCard("Loading", "", container.NewBorder(parts.NewSkeleton(3), nil, nil, nil, table)),
		parts.NewCard("Buttons", "", container.NewVScroll(tones)))
	return inWindow(w, "settings", grid, parts.Status{Sentence: w["since"], Tone: parts.Warn, Note: w["private"]})
}
