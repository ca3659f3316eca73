package desktop

import (
	"context"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// orderSorts are the columns by which the book sorts orders.
var orderSorts = map[string]bool{"order": true, "day": true, "market": true, "units": true, "net_sales": true, "net_profit": true}

// orderSource gives the statement of each order with money in the days shown, page
// by page.
type orderSource struct {
	book *store.Book
	d    *profitData
}

// Count implements parts.Source.
func (s orderSource) Count(ctx context.Context) (int, error) {
	return s.book.CountOrdersOfProfit(ctx, s.d.filter(s.d.Span), s.d.Query.Basis)
}

// Rows implements parts.Source. The newest come first.
func (s orderSource) Rows(ctx context.Context, order parts.Order, offset, limit int) ([]profitGroup, error) {
	f, basis := s.d.filter(s.d.Span), s.d.Query.Basis
	keys, err := s.book.OrdersOfProfit(ctx, f, basis, order.Column, order.Desc || order.Column == "", offset, limit)
	if err != nil {
		return nil, err
	}
	sums, err := s.book.OrderSums(ctx, f, basis, keys)
	if err != nil {
		return nil, err
	}
	out := make([]profitGroup, len(keys))
	for i, k := range keys {
		statement, err := statementOfRows(sums[k], s.d.coverage, s.d.Span, s.d.Query.Currency)
		if err != nil {
			return nil, err
		}
		out[i] = profitGroup{Kind: store.ByOrder, Name: k.Order, Marketplace: k.Marketplace, Day: k.Bought, Statement: statement}
	}
	return out, nil
}

// explainMargin shows how the margin of a part of the statement comes about.
func (p *profitScreen) explainMargin(g profitGroup) {
	all, err := books.Explain(g.Statement, books.Beside{}) // margins need nothing besides
	if err != nil {
		p.env.notify(errorLine(err))
		return
	}
	of := p.groupTitle(g)
	switch {
	case g.SKU != "":
		of = g.SKU
	case g.Kind == "" && g.Marketplace != "":
		of = marketName(g.Marketplace)
	}
	p.tellFigure(profitFigures{Span: p.data.Span, Statement: g.Statement, All: all}, books.FigureMargin, of, p.behindGroup(g))
}
