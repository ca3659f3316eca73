package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"countinghouse/data/books"
)

// Basis says on which day money stands.
type Basis string

// The bases.
const (
	ByPosting  Basis = "posting" // the day it was posted
	ByOrderDay Basis = "order"   // the day its order was bought; money without an order as posted
)

// OrderSKUSums is SKUSums on the days of the orders: a row per SKU, connection,
// marketplace, currency, line and state, on the day f.From. It reads every line
// of the span: seconds in a book of a million orders.
func (b *Book) OrderSKUSums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	rows, err := b.orderDaySums(ctx, f)
	if err != nil {
		return nil, err
	}
	sums := map[books.Rollup]books.Rollup{}
	for _, r := range rows {
		k := books.Rollup{Connection: r.Connection, Marketplace: r.Marketplace, Currency: r.Currency, SKU: r.SKU, Line: r.Line, State: r.State}
		s := sums[k]
		s.Minor, s.Quantity, s.Uncovered = s.Minor+r.Minor, s.Quantity+r.Quantity, s.Uncovered+r.Uncovered
		sums[k] = s
	}
	out := make([]books.Rollup, 0, len(sums))
	for k, s := range sums {
		k.Day, k.Minor, k.Quantity, k.Uncovered = f.From, s.Minor, s.Quantity, s.Uncovered
		out = append(out, k)
	}
	slices.SortFunc(out, compareRollups)
	return b.withDivided(ctx, out, f, false)
}

// OrderKey names an order with money in a span of days.
type OrderKey struct {
	Connection, Order string // Order is empty for the money of no order
	Marketplace       string
	Bought            string // day; empty when the order is not in the book
}

// profitOrders are the orders in which OrdersOfProfit gives its rows.
var profitOrders = map[string]string{
	"":           "bought %[1]s, e.order_id %[1]s",
	"day":        "bought %[1]s, e.order_id %[1]s",
	"order":      "e.order_id %[1]s",
	"market":     "market %[1]s, e.order_id",
	"units":      "sum(l.quantity * (l.line = 'sales.product')) %[1]s, e.order_id",
	"net_sales":  "sum(l.amount_minor * (l.line LIKE 'sales.%%' OR l.line LIKE 'refund.%%' OR l.line LIKE 'promotion%%')) %[1]s, e.order_id",
	"net_profit": "sum(l.amount_minor * (" + inProfit + ")) %[1]s, e.order_id",
}

func orderSpan(f SumFilter, basis Basis) LinesOf {
	return LinesOf{From: f.From, To: f.To, Marketplaces: f.Marketplaces, SKU: f.SKU, Currency: f.Currency, ByOrderDay: basis == ByOrderDay}
}

// CountOrdersOfProfit counts the rows of OrdersOfProfit.
func (b *Book) CountOrdersOfProfit(ctx context.Context, f SumFilter, basis Basis) (n int, err error) {
	of := orderSpan(f, basis)
	where, args := of.where()
	err = b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1`+of.from()+where+` GROUP BY e.connection_id, e.order_id)`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the orders with money: %w", err)
	}
	return n, nil
}

// OrdersOfProfit reads some of the orders with money in the filter's days; the
// money of no order is one of them. sort is day, order, market, units, net_sales
// or net_profit; empty is by day. It adds up the whole span: a second for a
// hundred thousand orders.
func (b *Book) OrdersOfProfit(ctx context.Context, f SumFilter, basis Basis, sort string, desc bool, offset, limit int) ([]OrderKey, error) {
	by, ok := profitOrders[sort]
	if !ok {
		return nil, fmt.Errorf("orders with money have no order %q", sort)
	}
	direction := "ASC"
	if desc {
		direction = "DESC"
	}
	of := orderSpan(f, basis)
	where, args := of.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.connection_id, e.order_id, max(e.marketplace_id) AS market,
		coalesce((SELECT p.order_day FROM orders p WHERE p.connection_id = e.connection_id AND p.order_id = e.order_id), '') AS bought`+of.from()+where+`
		GROUP BY e.connection_id, e.order_id ORDER BY `+fmt.Sprintf(by, direction)+`, e.connection_id LIMIT ? OFFSET ?`, append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("read the orders with money: %w", err)
	}
	all := make([]OrderKey, 0, limit)
	err = eachRow(rows, func(r *sql.Rows) error {
		var k OrderKey
		err := r.Scan(&k.Connection, &k.Order, &k.Marketplace, &k.Bought)
		all = append(all, k)
		return err
	})
	return all, err
}

// OrderSums reads the money of these orders in the filter's days, on the day
// f.From: rows without a SKU, by order.
func (b *Book) OrderSums(ctx context.Context, f SumFilter, basis Basis, orders []OrderKey) (map[OrderKey][]books.Rollup, error) {
	list := make([][2]string, len(orders))
	known := map[[2]string]OrderKey{}
	for i, k := range orders {
		list[i] = [2]string{k.Connection, k.Order}
		known[list[i]] = k
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("read the money of orders: %w", err)
	}
	of := orderSpan(f, basis)
	where, args := of.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.order_id, e.connection_id, e.marketplace_id, l.currency, l.line, l.state,
		sum(l.amount_minor), sum(l.quantity), sum(l.uncovered)`+of.from()+where+`
		AND (e.connection_id, e.order_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
		append(args, string(text))...)
	if err != nil {
		return nil, fmt.Errorf("read the money of orders: %w", err)
	}
	all := map[OrderKey][]books.Rollup{}
	err = eachRow(rows, func(r *sql.Rows) error {
		s := books.Rollup{Day: f.From}
		var order string
		err := r.Scan(&order, &s.Connection, &s.Marketplace, &s.Currency, &s.Line, &s.State, &s.Minor, &s.Quantity, &s.Uncovered)
		k := known[[2]string{s.Connection, order}]
		all[k] = append(all[k], s)
		return err
	})
	return all, err
}
