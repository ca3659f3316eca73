package store

import (
	"context"
	"database/sql"
	"fmt"

	"countinghouse/data/books"
)

// Beside gives what figures need besides money lines: what advertising cost and
// brought by its own reports, and what came back. The filter has to name its days
// and its currency. Advertising is only known where its reports reach from the
// first day to the last: part of a figure is none.
func (b *Book) Beside(ctx context.Context, f SumFilter) (books.Beside, error) {
	x := books.Beside{OfProduct: f.SKU != ""}
	if err := b.besideAds(ctx, f, &x); err != nil {
		return x, err
	}
	return x, b.besideReturns(ctx, f, &x)
}

const adReport = "advertised-product" // the report that names SKUs, and all of sponsored products

func (b *Book) besideAds(ctx context.Context, f SumFilter, x *books.Beside) error {
	money := books.Money{Currency: f.Currency}
	x.AdSales = books.Figure{Money: money, Why: "no report of advertising was read for these days"}
	x.AdSpend = x.AdSales
	spans, err := b.adSpans(ctx, adReport, f)
	if err != nil || len(spans) == 0 {
		return err
	}
	x.AdFrom, x.AdTo = spans[0].from, spans[0].to
	for _, s := range spans {
		x.AdFrom, x.AdTo = min(x.AdFrom, s.from), max(x.AdTo, s.to)
	}
	if x.AdFrom > f.From || x.AdTo < f.To {
		x.AdSales.Why = fmt.Sprintf("reports of advertising tell %s to %s only", x.AdFrom, x.AdTo)
		x.AdSpend.Why = x.AdSales.Why
		return nil
	}
	where, args := adRows(spans, adReport, f.SKU)
	err = b.Reader().QueryRowContext(ctx, `SELECT coalesce(sum(spend_minor), 0), coalesce(sum(sales_minor), 0) FROM ad_row`+where, args...).
		Scan(&x.AdSpend.Minor, &x.AdSales.Minor)
	if err != nil {
		return fmt.Errorf("add up what advertising cost and brought: %w", err)
	}
	x.AdSpend.Known, x.AdSpend.Why = true, ""
	x.AdSales.Known, x.AdSales.Why = true, ""
	return nil
}

func (b *Book) besideReturns(ctx context.Context, f SumFilter, x *books.Beside) error {
	x.Returns = books.Figure{Why: "no report of returns was read for these days"}
	x.Sellable = x.Returns
	where, args := clauses("typeof(sellable) = ?", "integer", "return_day >= ?", f.From, "return_day <= ?", f.To, "sku = ?", f.SKU)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	var back, good sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT sum(quantity), sum(quantity * sellable) FROM customer_return`+where, args...).Scan(&back, &good)
	if err != nil {
		return fmt.Errorf("add up returns: %w", err)
	}
	if back.Valid {
		x.Returns = books.Figure{Money: books.Money{Minor: back.Int64}, Known: true}
		x.Sellable = books.Figure{Money: books.Money{Minor: good.Int64}, Known: true}
	}
	return nil
}
