package desktop

import (
	"cmp"
	"context"
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// groups makes the statements by product and by marketplace.
func (d *profitData) groups(ctx context.Context, book *store.Book) error {
	rows, err := d.products(ctx, book)
	if err != nil {
		return err
	}
	titles, err := book.ProductTitles(ctx, d.filter(d.Span))
	if err != nil {
		return err
	}
	if d.Products, err = profitProducts(rows, titles, d.coverage, d.Span, d.Query.Currency); err != nil {
		return err
	}
	d.Markets, err = profitGroups(rows, d.coverage, d.Span, d.Query.Currency, func(r books.Rollup) []profitGroup {
		return []profitGroup{{Marketplace: r.Marketplace}}
	})
	return err
}

// grouped makes the statements of groups of products. A product with several tags
// counts for each of them.
func (d *profitData) grouped(ctx context.Context, book *store.Book) ([]profitGroup, error) {
	rows, err := d.products(ctx, book)
	if err != nil {
		return nil, err
	}
	kind := d.Query.Group
	names, err := book.ProductGroups(ctx, kind)
	if err != nil {
		return nil, err
	}
	return profitGroups(rows, d.coverage, d.Span, d.Query.Currency, func(r books.Rollup) []profitGroup {
		k := store.ProductKey{Marketplace: r.Marketplace, SKU: r.SKU}
		if kind == store.ByTag {
			k.Marketplace = ""
		}
		var in []profitGroup
		for _, name := range names[k] {
			in = append(in, profitGroup{Kind: kind, Name: name})
		}
		if len(in) == 0 {
			in = []profitGroup{{Kind: kind}}
		}
		return in
	})
}

// profitProducts makes a statement of each product in each marketplace, with
// one for the money of no product.
func profitProducts(rows []books.Rollup, titles map[store.ProductKey]string, coverage []books.Coverage, span statementSpan, currency string) ([]profitGroup, error) {
	return profitGroups(rows, coverage, span, currency, func(r books.Rollup) []profitGroup {
		return []profitGroup{{Marketplace: r.Marketplace, SKU: r.SKU, Title: titles[store.ProductKey{Marketplace: r.Marketplace, SKU: r.SKU}]}}
	})
}

// profitGroups makes a statement of each group, largest net sales first.
func profitGroups(rows []books.Rollup, coverage []books.Coverage, span statementSpan, currency string, of func(books.Rollup) []profitGroup) ([]profitGroup, error) {
	type key struct{ marketplace, sku, name string }
	parts := map[key][]books.Rollup{}
	heads := map[key]profitGroup{}
	for _, r := range rows {
		for _, g := range of(r) {
			k := key{g.Marketplace, g.SKU, g.Name}
			if _, ok := heads[k]; !ok {
				heads[k] = g
			}
			parts[k] = append(parts[k], r)
		}
	}
	out := make([]profitGroup, 0, len(parts))
	for k, part := range parts {
		s, err := statementOfRows(part, coverage, span, currency)
		if err != nil {
			return nil, err
		}
		if g := heads[k]; !profitIdle(s) {
			g.Statement = s
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b profitGroup) int {
		return cmp.Or(cmp.Compare(b.NetSales.Minor, a.NetSales.Minor), cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Marketplace, b.Marketplace), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}
