package desktop

import (
	"context"
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// profitWhole is the profit of all currencies in the book's, the money of each day
// at that day's rate.
type profitWhole struct {
	NetSales, NetProfit store.BookTotal
	Lacks               string // a currency whose profit is not known for these days; empty for none
}

// whole adds all currencies up in the book's; nil where none was chosen, or all
// money has it. Each counts as far as its own money is complete.
func (d *profitData) whole(ctx context.Context, book *store.Book, all []books.Rollup) (*profitWhole, error) {
	code, err := book.BookCurrency(ctx)
	if err != nil || code == "" || !slices.ContainsFunc(d.Currencies, func(c string) bool { return c != code }) {
		return nil, err
	}
	w := &profitWhole{}
	var sales, profit []store.DatedMoney
	for _, currency := range d.Currencies {
		span := d.Query.Span
		covered := statementCovered(d.coverage, currency)
		if span.meets(covered) {
			span = span.within(covered)
		}
		rows := profitOnly(all, currency)
		s, err := statementOf(rows, d.coverage, span, currency)
		if err != nil {
			return nil, err
		}
		if !s.NetProfit.Known && !profitIdle(s) {
			w.Lacks = currency
		}
		sales = append(sales, datedSums(rows, span, currency, planLines("net_sales")())...)
		profit = append(profit, datedSums(rows, span, currency, planLines("net_profit")())...)
	}
	if w.NetSales, err = book.InBookCurrency(ctx, sales); err != nil {
		return nil, err
	}
	w.NetProfit, err = book.InBookCurrency(ctx, profit)
	return w, err
}

// datedSums adds lines of a currency up by day; rows are by day. Amounts that do
// not fit in 64 bits were refused when the statement was made.
func datedSums(rows []books.Rollup, span statementSpan, currency string, lines []books.Line) (list []store.DatedMoney) {
	for _, r := range rows {
		if r.Day < span.From || r.Day > span.To || !slices.Contains(lines, r.Line) {
			continue
		}
		if n := len(list); n == 0 || list[n-1].Day != r.Day {
			list = append(list, store.DatedMoney{Day: r.Day, Amount: books.Money{Currency: currency}})
		}
		list[len(list)-1].Amount.Minor += r.Minor
	}
	return list
}

// fillWhole shows the totals in the book's currency with their rates.
func (p *profitScreen) fillWhole() {
	p.whole.RemoveAll()
	if w := p.data.Whole; w != nil && p.view == profitStatementView {
		t := cashText{p.env.words, p.env.loc}
		tone := parts.Warn
		word, short := t.missing(w.NetSales, w.NetProfit)
		if !short {
			code := w.NetSales.Total.Currency
			profit := t.w.T("profit.whole.unknown", w.Lacks)
			if w.Lacks == "" {
				profit = t.l.Money(w.NetProfit.Total)
			}
			word, tone = t.w.T("profit.whole", code, t.l.Money(w.NetSales.Total), profit), parts.Normal
		}
		p.whole.Add(t.bookLine(word, tone, w.NetSales, w.NetProfit))
	}
	showIf(p.whole, len(p.whole.Objects) > 0)
	p.root.Refresh() // the line's room
}
