package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"countinghouse/data/books"
)

// SumFilter narrows daily sums; empty fields do not narrow.
type SumFilter struct {
	From, To     string // days, both included
	Marketplaces []string
	Currency     string // with it come the rows of which nobody told the currency
	SKU          string
}

func (f SumFilter) where() (string, []any) {
	where, args := clauses("event_day >= ?", f.From, "event_day <= ?", f.To, "sku = ?", f.SKU)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		where, args = anyOf(where, args, "currency", []string{f.Currency, ""})
	}
	return where, args
}

// DaySums adds the daily sums of all SKUs up: a row per day, connection,
// marketplace, currency, line and state, by day. The rows have no SKU. With the
// filter's SKU they hold its share of expenses that are divided among products.
func (b *Book) DaySums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	where, args := f.where()
	rows, err := b.sums(ctx, `SELECT event_day, connection_id, marketplace_id, currency, '', line, state,
		sum(amount_minor), sum(quantity), sum(uncovered) FROM rollup`+where+`
		GROUP BY event_day, connection_id, marketplace_id, currency, line, state ORDER BY 1, 2, 3, 4, 6, 7`, args)
	if err != nil || f.SKU == "" {
		return rows, err
	}
	if rows, err = b.withDivided(ctx, rows, f, true); err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].SKU = ""
	}
	slices.SortStableFunc(rows, compareRollups)
	return rows, nil
}

// SKUSums adds the days up: a row per SKU, connection, marketplace, currency,
// line and state, by SKU. The rows stand on the day f.From. Expenses that are
// divided among products stand on them.
func (b *Book) SKUSums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	where, args := f.where()
	rows, err := b.sums(ctx, `SELECT ?, connection_id, marketplace_id, currency, sku, line, state,
		sum(amount_minor), sum(quantity), sum(uncovered) FROM rollup`+where+`
		GROUP BY sku, connection_id, marketplace_id, currency, line, state ORDER BY 5, 2, 3, 4, 6, 7`, append([]any{f.From}, args...))
	if err != nil {
		return nil, err
	}
	return b.withDivided(ctx, rows, f, false)
}

func (b *Book) sums(ctx context.Context, query string, args []any) ([]books.Rollup, error) {
	rows, err := b.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("add up daily sums: %w", err)
	}
	var all []books.Rollup
	err = eachRow(rows, func(r *sql.Rows) error {
		var s books.Rollup
		err := r.Scan(&s.Day, &s.Connection, &s.Marketplace, &s.Currency, &s.SKU, &s.Line, &s.State, &s.Minor, &s.Quantity, &s.Uncovered)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up daily sums: %w", err)
	}
	return all, nil
}

// ProductKey names a product in a marketplace.
type ProductKey struct{ Marketplace, SKU string }

// ProductTitles gives the titles of the products with money in a span of days:
// the listing's, else that of any order of the SKU. Products of which neither
// tells are left out.
func (b *Book) ProductTitles(ctx context.Context, f SumFilter) (map[ProductKey]string, error) {
	where, args := f.where()
	rows, err := b.Reader().QueryContext(ctx, `WITH k AS (SELECT DISTINCT marketplace_id, sku FROM rollup`+where+`)
		SELECT k.marketplace_id, k.sku, coalesce(
			(SELECT title FROM listing l WHERE l.marketplace_id = k.marketplace_id AND l.sku = k.sku AND title <> '' ORDER BY connection_id LIMIT 1),
			(SELECT title FROM order_item i WHERE i.sku = k.sku AND title <> '' LIMIT 1), '')
		FROM k WHERE k.sku <> ''`, args...)
	if err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	titles := map[ProductKey]string{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k ProductKey
		var title string
		err := r.Scan(&k.Marketplace, &k.SKU, &title)
		if title != "" {
			titles[k] = title
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	return titles, nil
}
