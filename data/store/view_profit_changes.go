package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// ChangesOf narrows changes of figures to a page's; empty fields do not narrow.
type ChangesOf struct {
	From, To string // days; the months that hold them count whole
	Currency string
	SKU      string
}

func (c ChangesOf) where() (string, []any) {
	month := func(day string) string { return day[:min(7, len(day))] }
	return clauses("month >= ?", month(c.From), "month <= ?", month(c.To), "currency = ?", c.Currency, "sku = ?", c.SKU)
}

// ChangeSum is what changes of one reason add up to, in one currency.
type ChangeSum struct {
	Reason     string // estimate, costs
	Count      int64
	Difference int64 // minor units
}

// SumChanges adds changes up by reason. The filter has to name a currency.
func (b *Book) SumChanges(ctx context.Context, of ChangesOf) ([]ChangeSum, error) {
	where, args := of.where()
	var all []ChangeSum
	err := bookSource{ctx, b}.each(`SELECT reason, count(*), sum(after_minor - before_minor) FROM figure_change`+where+` GROUP BY 1 ORDER BY 1`, args, func(r *sql.Rows) error {
		var s ChangeSum
		err := r.Scan(&s.Reason, &s.Count, &s.Difference)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up what changed: %w", err)
	}
	return all, nil
}

// changeOrders are the orders in which ChangePage gives its rows.
var changeOrders = map[string]string{
	"":           "id %[1]s",
	"at":         "id %[1]s",
	"month":      "month %[1]s, id",
	"order":      "order_id %[1]s, id",
	"sku":        "sku %[1]s, id",
	"line":       "line %[1]s, id",
	"difference": "after_minor - before_minor %[1]s, id",
}

// ChangePage reads some of the changes. order is at, month, order, sku, line or
// difference; empty is by when they were noted.
func (b *Book) ChangePage(ctx context.Context, of ChangesOf, order string, desc bool, offset, limit int) ([]FigureChange, error) {
	by, ok := changeOrders[order]
	if !ok {
		return nil, fmt.Errorf("changes have no order %q", order)
	}
	direction := "ASC"
	if desc {
		direction = "DESC"
	}
	where, args := of.where()
	return b.figureChanges(ctx, where+` ORDER BY `+fmt.Sprintf(by, direction)+` LIMIT ? OFFSET ?`, append(args, limit, offset))
}

// MonthClosed is a closed month and what would have changed it since, in one
// currency.
type MonthClosed struct {
	Month string // YYYY-MM
	At    time.Time
	By    string
	Late  int64 // differences
	Minor int64 // their sum in minor units, of the lines of profit
}

// MonthsClosed lists the closed months, the latest first.
func (b *Book) MonthsClosed(ctx context.Context, currency string) ([]MonthClosed, error) {
	var all []MonthClosed
	err := bookSource{ctx, b}.each(`SELECT c.month, c.closed_at, c.closed_by, count(l.id), coalesce(sum(iif(`+inProfit+`, l.amount_minor, 0)), 0)
		FROM closed_month c LEFT JOIN late_difference l ON substr(l.event_day, 1, 7) = c.month AND l.currency IN (?, '')
		GROUP BY 1 ORDER BY 1 DESC`, []any{currency}, func(r *sql.Rows) error {
		var m MonthClosed
		var at int64
		err := r.Scan(&m.Month, &at, &m.By, &m.Late, &m.Minor)
		m.At = fromMillis(at)
		all = append(all, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the closed months: %w", err)
	}
	return all, nil
}

// LatePage reads some of the differences to a closed month in one currency, by
// day. Its lines' codes and days are those of the books.
func (b *Book) LatePage(ctx context.Context, month, currency string, offset, limit int) ([]LateDifference, error) {
	all := make([]LateDifference, 0, limit)
	err := bookSource{ctx, b}.each(`SELECT event_day, booked_day, marketplace_id, sku, line, currency, amount_minor, quantity, uncovered, noted_at FROM late_difference
		WHERE substr(event_day, 1, 7) = ? AND currency IN (?, '') ORDER BY event_day, booked_day, id LIMIT ? OFFSET ?`, []any{month, currency, limit, offset}, func(r *sql.Rows) error {
		var d LateDifference
		var noted int64
		err := r.Scan(&d.Day, &d.Booked, &d.Marketplace, &d.SKU, &d.Line, &d.Amount.Currency, &d.Amount.Minor, &d.Units, &d.Uncovered, &noted)
		d.Noted = fromMillis(noted)
		all = append(all, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what changed after %s was closed: %w", month, err)
	}
	return all, nil
}

// MonthSums adds the daily sums of whole months up: a row per month, connection,
// marketplace, currency, line and state, on the first day of its month.
func (b *Book) MonthSums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	where, args := f.where()
	return b.sums(ctx, `SELECT substr(event_day, 1, 7) || '-01', connection_id, marketplace_id, currency, '', line, state,
		sum(amount_minor), sum(quantity), sum(uncovered) FROM rollup`+where+`
		GROUP BY 1, connection_id, marketplace_id, currency, line, state ORDER BY 1, 2, 3, 4, 6, 7`, args)
}

// TrafficSpan gives the first and last day of business reports inside the filter's
// days; empty when there are none.
func (b *Book) TrafficSpan(ctx context.Context, f SumFilter) (from, to string, err error) {
	where, args := clauses("traffic_day >= ?", f.From, "traffic_day <= ?", f.To)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	err = b.Reader().QueryRowContext(ctx, `SELECT coalesce(min(traffic_day), ''), coalesce(max(traffic_day), '') FROM traffic_day`+where, args...).Scan(&from, &to)
	if err != nil {
		return "", "", fmt.Errorf("read the days of business reports: %w", err)
	}
	return from, to, nil
}
