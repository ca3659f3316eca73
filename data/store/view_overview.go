package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// OrderedFilter narrows what was ordered; an instant that is zero does not
// narrow.
type OrderedFilter struct {
	From, To     time.Time // purchase, To exclusive
	Marketplaces []string
	Currency     string // orders that do not tell theirs yet come with it
}

// Ordered is what was ordered on one day, cancelled orders left out. It is not
// money yet.
type Ordered struct {
	Day      string // the marketplace's
	Orders   int64
	Units    int64
	Minor    int64 // goods, shipping and gift wrap of the priced items
	Unpriced int64 // items of which Amazon has not told the price
}

// OrderedByDay tells what was ordered, by day; days without orders are left
// out.
func (b *Book) OrderedByDay(ctx context.Context, f OrderedFilter) ([]Ordered, error) {
	where := []string{"o.status <> 'CANCELLED'"}
	var args []any
	if !f.From.IsZero() {
		where, args = append(where, "o.purchased_at >= ?"), append(args, millis(f.From))
	}
	if !f.To.IsZero() {
		where, args = append(where, "o.purchased_at < ?"), append(args, millis(f.To))
	}
	clause, args := anyOf(" WHERE "+strings.Join(where, " AND "), args, "o.marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		clause, args = anyOf(clause, args, "o.currency", []string{f.Currency, ""})
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.order_day, count(DISTINCT o.connection_id || ' ' || o.order_id), coalesce(sum(i.quantity), 0),
		coalesce(sum(i.price_minor + coalesce(i.shipping_minor, 0) + coalesce(i.giftwrap_minor, 0)), 0),
		count(i.sku) - count(i.price_minor)
		FROM orders o LEFT JOIN order_item i USING (connection_id, order_id)`+clause+` GROUP BY o.order_day ORDER BY o.order_day`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	var all []Ordered
	err = eachRow(rows, func(r *sql.Rows) error {
		var o Ordered
		err := r.Scan(&o.Day, &o.Orders, &o.Units, &o.Minor, &o.Unpriced)
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	return all, nil
}

// SoldOrders counts the orders whose sale was posted within the days of f.
func (b *Book) SoldOrders(ctx context.Context, f SumFilter) (int64, error) {
	where, args := f.where()
	var n int64
	err := b.Reader().QueryRowContext(ctx, `SELECT count(DISTINCT connection_id || ' ' || order_id) FROM event`+where+`
		AND type = 'sale' AND order_id <> ''`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count orders: %w", err)
	}
	return n, nil
}

// SellsIn lists the marketplaces that the book's connections take part in, by
// id.
func (b *Book) SellsIn(ctx context.Context) ([]string, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT DISTINCT id FROM marketplace WHERE participating = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read marketplaces: %w", err)
	}
	var all []string
	err = eachRow(rows, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// HasData tells whether the book holds any order or money.
func (b *Book) HasData(ctx context.Context) (bool, error) {
	var any bool
	err := b.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM orders) OR EXISTS (SELECT 1 FROM rollup)`).Scan(&any)
	if err != nil {
		return false, fmt.Errorf("look for data: %w", err)
	}
	return any, nil
}

// CostGap is what was shipped without a known cost.
type CostGap struct {
	Units int64
	SKUs  int64
	Minor int64 // sales of those products in the same days
}

// CostGaps tells what has no cost within the days of f, which name a currency.
func (b *Book) CostGaps(ctx context.Context, f SumFilter) (CostGap, error) {
	where, args := f.where()
	var g CostGap
	err := b.Reader().QueryRowContext(ctx, `WITH span AS (SELECT * FROM rollup`+where+`),
		gap AS (SELECT DISTINCT marketplace_id, sku FROM span WHERE uncovered > 0)
		SELECT (SELECT coalesce(sum(uncovered), 0) FROM span), (SELECT count(DISTINCT sku) FROM gap),
		(SELECT coalesce(sum(amount_minor), 0) FROM span JOIN gap USING (marketplace_id, sku) WHERE line = 'sales.product')`, args...).
		Scan(&g.Units, &g.SKUs, &g.Minor)
	if err != nil {
		return g, fmt.Errorf("look for missing costs: %w", err)
	}
	return g, nil
}

// Unclassified is money under names that no rule knows.
type Unclassified struct {
	Names   int64
	Example string // one of the names, as Amazon writes it
	Lines   int64
	Minor   int64 // magnitudes added up
}

// UnclassifiedMoney tells what no rule knows within the days of f, which name
// a currency.
func (b *Book) UnclassifiedMoney(ctx context.Context, f SumFilter) (Unclassified, error) {
	where, args := f.where()
	// Few days have any: the daily sums name them, so that the lines of the
	// others are not read.
	days, own := anyOf("", nil, "e.marketplace_id", f.Marketplaces)
	days = strings.Replace(days, " WHERE ", " AND ", 1)
	args = append(append(args, own...), f.Currency)
	var u Unclassified
	err := b.Reader().QueryRowContext(ctx, `SELECT count(DISTINCT l.path), coalesce(min(l.path), ''), count(*), coalesce(sum(abs(l.amount_minor)), 0)
		FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.event_day IN (SELECT event_day FROM rollup`+where+` AND line = 'unclassified')`+days+`
		AND l.line = 'unclassified' AND l.currency = ?`, args...).Scan(&u.Names, &u.Example, &u.Lines, &u.Minor)
	if err != nil {
		return u, fmt.Errorf("look for unclassified money: %w", err)
	}
	return u, nil
}

// Difference is what settlements tell and the finer source does not.
type Difference struct {
	Items int64
	Minor int64 // magnitudes added up
}

// OpenDifferences adds the open differences of a currency up.
func (b *Book) OpenDifferences(ctx context.Context, currency string) (Difference, error) {
	var d Difference
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*), coalesce(sum(abs(amount_minor)), 0) FROM open_item WHERE currency = ?`, currency).
		Scan(&d.Items, &d.Minor)
	if err != nil {
		return d, fmt.Errorf("look for open differences: %w", err)
	}
	return d, nil
}

// DueOrders are seller-fulfilled orders to ship before some instant.
type DueOrders struct {
	Count int64
	Order string    // the most urgent
	By    time.Time // when that one has to leave
	Minor int64     // totals that are known, added up
}

// DueToShip finds the seller-fulfilled orders of a currency that have to leave
// before an instant and have not.
func (b *Book) DueToShip(ctx context.Context, before time.Time, marketplaces []string, currency string) (DueOrders, error) {
	// The first condition is the index's own, by which SQLite finds it.
	where, args := anyOf(` WHERE status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED', 'PENDING') AND status <> 'PENDING'
		AND fulfilled_by = 'MERCHANT' AND ship_by_at < ?`, []any{millis(before)}, "marketplace_id", marketplaces)
	where, args = anyOf(where, args, "currency", []string{currency, ""})
	var d DueOrders
	var by sql.NullInt64
	// With a single min(), SQLite takes order_id from the row that has it.
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*), coalesce(order_id, ''), min(ship_by_at), coalesce(sum(total_minor), 0) FROM orders`+where, args...).
		Scan(&d.Count, &d.Order, &by, &d.Minor)
	if err != nil {
		return d, fmt.Errorf("look for orders to ship: %w", err)
	}
	d.By = optTime(by)
	return d, nil
}
