package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
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

// sums says where a view is summed from: rows s, with a condition and its
// arguments. Days are summed already; a search has to look at each order.
func (v OrdersView) sums() (from string, sums [9]string, args []any, err error) {
	where, args, err := v.where()
	if v.search() != "" {
		return ` FROM order_sum s` + where, [9]string{
			"1", "s.units", "coalesce(s.total_minor, 0)", "s.total_minor IS NULL", "s.fees_minor", "s.net_minor", "s.profit_minor", "NOT s.posted", "s.uncovered"}, args, err
	}
	return ` FROM order_day_sum s` + where, [9]string{
		"s.orders", "s.units", "s.total_minor", "s.no_total", "s.fees_minor", "s.net_minor", "s.profit_minor", "s.no_money", "s.uncovered"}, args, err
}

// OrdersSums adds up the view's orders, by currency.
func (b *Book) OrdersSums(ctx context.Context, v OrdersView) ([]OrdersSum, error) {
	from, columns, args, err := v.sums()
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT s.currency, sum(`+strings.Join(columns[:], `), sum(`)+`)`+from+` GROUP BY s.currency`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	all := []OrdersSum{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var s OrdersSum
		err := r.Scan(&s.Currency, &s.Orders, &s.Units, &s.Total, &s.NoTotal, &s.Fees, &s.NetSales, &s.Profit, &s.NoMoney, &s.Uncovered)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	slices.SortFunc(all, func(a, b OrdersSum) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), strings.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

// OrderGroups counts the view's orders in every group; the view's own group
// does not narrow them.
func (b *Book) OrderGroups(ctx context.Context, v OrdersView) (map[OrderGroup]int64, error) {
	v.Group = AllOrders
	from, columns, args, err := v.sums()
	if err != nil {
		return nil, err
	}
	sums := make([]string, len(OrderGroupList))
	counts := make([]int64, len(OrderGroupList))
	dest := make([]any, len(OrderGroupList))
	for i, g := range OrderGroupList {
		sums[i], dest[i] = "coalesce(sum(iif("+orderGroups[g]+", "+columns[0]+", 0)), 0)", &counts[i]
	}
	if err := b.Reader().QueryRowContext(ctx, `SELECT `+strings.Join(sums, ", ")+from, args...).Scan(dest...); err != nil {
		return nil, fmt.Errorf("count orders by group: %w", err)
	}
	all := map[OrderGroup]int64{}
	for i, g := range OrderGroupList {
		all[g] = counts[i]
	}
	return all, nil
}
