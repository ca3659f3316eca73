package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// dateSums adds the lines up that count for net profit, or for net sales.
func dateSums(all []store.DateDifference, currency string, lines []books.Line) store.DateDifference {
	sum := store.DateDifference{Currency: currency}
	for _, d := range all {
		for _, l := range lines {
			if d.Line == l && d.Currency == currency {
				sum.Posted, sum.Earlier, sum.Later = sum.Posted+d.Posted, sum.Earlier+d.Earlier, sum.Later+d.Later
				sum.After, sum.Before, sum.Ordered = sum.After+d.After, sum.Before+d.Before, sum.Ordered+d.Ordered
			}
		}
	}
	return sum
}

// askDates reads and shows why the days of orders give other figures than those of
// postings.
func (p *profitScreen) askDates() {
	d := p.data
	if d == nil || len(d.Currencies) == 0 {
		return
	}
	p.asks.run(func(ctx context.Context) (func(), error) {
		all, err := p.env.s.Book.DateDifferences(ctx, d.filter(d.Span))
		return func() { p.tellDates(all) }, err
	}, func(err error) { p.env.notify(errorLine(err)) })
}

func (p *profitScreen) tellDates(all []store.DateDifference) {
	w, l, d := p.env.words, p.env.loc, p.data
	grid := container.New(layout.NewGridLayoutWithColumns(3))
	text := func(t string, bold bool) *parts.Label {
		label := parts.NewLabel(t, theme.TextBody, parts.Normal)
		if bold {
			label = label.Bold()
		}
		return label
	}
	grid.Objects = []fyne.CanvasObject{text("", false), text(w.T("profit.row.net_sales"), true).Right(), text(w.T("profit.row.net_profit"), true).Right()}
	net := dateSums(all, d.Query.Currency, planLines("net_sales")())
	profit := dateSums(all, d.Query.Currency, planLines("net_profit")())
	for _, r := range []struct {
		id   string
		of   func(store.DateDifference) int64
		bold bool
	}{
		{"posted", func(x store.DateDifference) int64 { return x.Posted }, true},
		{"earlier", func(x store.DateDifference) int64 { return -x.Earlier }, false},
		{"later", func(x store.DateDifference) int64 { return -x.Later }, false},
		{"after", func(x store.DateDifference) int64 { return x.After }, false},
		{"before", func(x store.DateDifference) int64 { return x.Before }, false},
		{"ordered", func(x store.DateDifference) int64 { return x.Ordered }, true},
	} {
		name := text(w.T("profit.dates_"+r.id), r.bold)
		money := func(x store.DateDifference) *parts.Label {
			return text(l.Statement(books.Money{Minor: r.of(x), Currency: d.Query.Currency}), r.bold).Right()
		}
		grid.Objects = append(grid.Objects, name.Whole(), money(net), money(profit))
	}
	content := container.NewVBox(flushText(w.T("profit.dates_text"), parts.Muted),
		parts.NewLabel(d.Query.Currency+" · "+statementRange(l, d.Span), theme.TextCaption, parts.Muted), grid)
	p.modal = tell(p.env, w.T("profit.dates_title"), content, fyne.NewSize(640, 400))
}
