package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// OrderMetric is Amazon's count of a day's orders.
type OrderMetric struct {
	Connection, Marketplace, Day string // marketplace's day
	Orders, Items, Units         int64
	Currency                     string
	Sales                        int64 // ordered product sales, minor units
	Taken                        time.Time
	Document                     int64
}

// PutOrderMetric stores a day's count; a later one replaces it.
func (t *Tx) PutOrderMetric(m OrderMetric) error {
	_, err := t.exec(`INSERT INTO order_metric (connection_id, marketplace_id, metric_day, orders, order_items, units, currency, sales_minor, taken_at,
		document_id) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET orders = excluded.orders, order_items = excluded.order_items,
		units = excluded.units, currency = excluded.currency, sales_minor = excluded.sales_minor, taken_at = excluded.taken_at,
		document_id = excluded.document_id WHERE excluded.taken_at >= taken_at`,
		m.Connection, m.Marketplace, m.Day, m.Orders, m.Items, m.Units, m.Currency, m.Sales, millis(m.Taken), nullID(m.Document))
	if err != nil {
		return fmt.Errorf("store order metrics of %s: %w", m.Day, err)
	}
	return nil
}

// MetricDifference is a day on which Amazon counts other orders than the book.
type MetricDifference struct {
	Amazon, Ours OrderMetric
	OursWithTax  int64 // our sales with the tax on them: what marketplaces show whose prices hold it
}

// OrderMetricDifferences lists the days from-to (both included, empty: all) on
// which Amazon's count of orders, lines or units differs from the book's orders
// that were not cancelled, or Amazon's sales lie outside ours without and with
// tax. Orders of other channels are not counted, and days on which the book has
// orders without a price are compared by their counts alone.
func (b *Book) OrderMetricDifferences(ctx context.Context, from, to string) ([]MetricDifference, error) {
	where, args := clauses("m.metric_day >= ?", from, "m.metric_day <= ?", to)
	rows, err := b.Reader().QueryContext(ctx, `WITH line AS (
		SELECT o.connection_id, o.marketplace_id, o.order_day, count(DISTINCT o.order_id) AS orders, count(*) AS items, sum(i.quantity) AS units,
			coalesce(sum(i.price_minor), 0) AS net, coalesce(sum(coalesce(i.price_minor, 0) + coalesce(i.tax_minor, 0)), 0) AS gross,
			sum(i.price_minor IS NULL) AS open
		FROM orders o JOIN order_item i USING (connection_id, order_id)
		WHERE o.status <> 'CANCELLED' AND o.sales_channel NOT LIKE 'Non-Amazon%' GROUP BY 1, 2, 3)
		SELECT m.connection_id, m.marketplace_id, m.metric_day, m.orders, m.order_items, m.units, m.currency, m.sales_minor, m.taken_at,
			coalesce(m.document_id, 0), coalesce(l.orders, 0), coalesce(l.items, 0), coalesce(l.units, 0), coalesce(l.net, 0), coalesce(l.gross, 0)
		FROM order_metric m LEFT JOIN line l ON l.connection_id = m.connection_id AND l.marketplace_id = m.marketplace_id AND l.order_day = m.metric_day
		`+where+and(where)+` (m.orders <> coalesce(l.orders, 0) OR m.order_items <> coalesce(l.items, 0) OR m.units <> coalesce(l.units, 0)
			OR coalesce(l.open, 0) = 0 AND m.sales_minor NOT BETWEEN coalesce(l.net, 0) AND coalesce(l.gross, 0)) ORDER BY 3, 1, 2`, args...)
	if err != nil {
		return nil, fmt.Errorf("compare with Amazon's order metrics: %w", err)
	}
	var all []MetricDifference
	err = eachRow(rows, func(r *sql.Rows) error {
		var d MetricDifference
		var taken int64
		a, o := &d.Amazon, &d.Ours
		err := r.Scan(&a.Connection, &a.Marketplace, &a.Day, &a.Orders, &a.Items, &a.Units, &a.Currency, &a.Sales, &taken, &a.Document,
			&o.Orders, &o.Items, &o.Units, &o.Sales, &d.OursWithTax)
		a.Taken = fromMillis(taken)
		o.Connection, o.Marketplace, o.Day, o.Currency = a.Connection, a.Marketplace, a.Day, a.Currency
		all = append(all, d)
		return err
	})
	return all, err
}

// and continues a clause, or begins one.
func and(where string) string {
	if where == "" {
		return " WHERE"
	}
	return " AND"
}
