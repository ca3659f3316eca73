package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countinghouse/data/books"
)

// OrdersSum is what the view's orders of one currency add up to.
type OrdersSum struct {
	Currency               string // empty: orders of which nobody told the currency
	Orders, Units          int64
	Total                  int64
	NoTotal                int64 // orders whose total is not known; Total leaves them out
	Fees, NetSales, Profit int64
	NoMoney                int64 // orders without posted money: Fees and Profit leave them out
	Uncovered              int64 // units without a known cost
}

// OrdersSums adds up the view's orders, by currency.
func (b *Book) OrdersSums(ctx context.Context, v OrdersView) ([]OrdersSum, error) {
	where, args, err := v.where(true)
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.currency, `+orderTotal+`, `+orderUnits+`, `+orderMoney+` FROM orders o`+where, args...)
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	sums := map[string]*OrdersSum{}
	err = eachRow(rows, func(r *sql.Rows) error { return addOrder(r, sums) })
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	all := make([]OrdersSum, 0, len(sums))
	for _, s := range sums {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b OrdersSum) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), strings.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

// addOrder adds one order to the sum of its currency.
func addOrder(r *sql.Rows, sums map[string]*OrdersSum) error {
	var currency, units string
	var total *int64
	var packed sql.NullString
	if err := r.Scan(&currency, &total, &units, &packed); err != nil {
		return err
	}
	m, err := readOrderMoney(packed)
	if err != nil {
		return err
	}
	if m != nil && m.Mixed {
		m = nil // amounts that cannot be added are none
	}
	if currency == "" && m != nil {
		currency = m.Currency
	}
	s := sums[currency]
	if s == nil {
		s = &OrdersSum{Currency: currency}
		sums[currency] = s
	}
	_, quantity, _ := strings.Cut(units, " ")
	n, err := strconv.ParseInt(quantity, 10, 64)
	if err != nil {
		return err
	}
	s.Orders++
	add := func(to *int64, v int64) {
		sum := books.Money{Minor: *to}
		if sum, e := sum.Add(books.Money{Minor: v}); e != nil {
			err = e
		} else {
			*to = sum.Minor
		}
	}
	add(&s.Units, n)
	if total == nil {
		s.NoTotal++
	} else {
		add(&s.Total, *total)
	}
	if m == nil {
		s.NoMoney++
		return err
	}
	add(&s.Fees, m.Fees)
	add(&s.NetSales, m.NetSales)
	add(&s.Profit, m.Profit)
	add(&s.Uncovered, m.Uncovered)
	return err
}

// OrderGroups counts the view's orders in every group; the view's own group
// does not narrow them.
func (b *Book) OrderGroups(ctx context.Context, v OrdersView) (map[OrderGroup]int64, error) {
	v.Group = AllOrders
	where, args, err := v.where(true)
	if err != nil {
		return nil, err
	}
	groups := OrderGroupList
	sums := make([]string, len(groups))
	counts := make([]int64, len(groups))
	dest := make([]any, len(groups))
	for i, g := range groups {
		sums[i], dest[i] = "coalesce(sum("+orderGroups[g]+"), 0)", &counts[i]
	}
	if err := b.Reader().QueryRowContext(ctx, `SELECT `+strings.Join(sums, ", ")+` FROM orders o`+where, args...).Scan(dest...); err != nil {
		return nil, fmt.Errorf("count orders by group: %w", err)
	}
	all := map[OrderGroup]int64{}
	for i, g := range groups {
		all[g] = counts[i]
	}
	return all, nil
}
