package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// OrdersIndex is how many orders a view has and, for every order of the list
// that was asked for, how many lie in each of its parts: any page of a million
// is then a few steps away, where one OFFSET would walk them all. It ages with
// the book: make it again after a change. It is safe for several goroutines.
type OrdersIndex struct {
	View  OrdersView
	Count int

	mu    sync.Mutex
	parts map[partsOf][]orderPart
}

type partsOf struct {
	sort OrderSort
	desc bool
}

// orderPart is a run of the sorted list: rows s of order_sum under a further
// condition, read through one index that has them in order.
type orderPart struct {
	where       string
	args        []any
	first, last string // days in the list's order; empty: any
	index       string
	order       []string // columns, as the index has them; the key follows
	desc        bool
	count       int
}

// follows reports whether the days of p go on where those of before end.
func (p orderPart) follows(before orderPart) bool {
	return p.first != "" && before.first != "" && p.where == before.where && slices.Equal(p.args, before.args)
}

// afterValue are the columns of the indexes that begin with a value: what a
// filter asks for. Orders of one value run in their order, else all of them
// would have to be sorted.
var afterValue = []string{"s.order_day", "s.marketplace_id", "s.fulfilled_by", "s.status", "s.refunded", "s.nocost", "s.unknown", "s.unpaid", "s.loss"}

func byValue(column string) []string { return append([]string{column}, afterValue...) }

// OrdersIndex counts the view's orders.
func (b *Book) OrdersIndex(ctx context.Context, v OrdersView) (*OrdersIndex, error) {
	x := &OrdersIndex{View: v, parts: map[partsOf][]orderPart{}}
	from, columns, args, err := v.sums()
	if err != nil {
		return nil, err
	}
	if err := b.Reader().QueryRowContext(ctx, `SELECT coalesce(sum(`+columns[0]+`), 0)`+from, args...).Scan(&x.Count); err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	return x, nil
}

// OrdersPage returns at most limit orders from offset on.
func (b *Book) OrdersPage(ctx context.Context, x *OrdersIndex, sort OrderSort, desc bool, offset, limit int) ([]OrderLine, error) {
	list, err := b.orderParts(ctx, x, sort, desc)
	if err != nil {
		return nil, err
	}
	offset = max(offset, 0)
	limit = min(limit, x.Count-offset)
	var keys []orderKey
	for i := 0; i < len(list) && len(keys) < limit; i++ {
		p := list[i]
		if offset >= p.count {
			offset -= p.count
			continue
		}
		for i+1 < len(list) && p.count-offset < limit-len(keys) && list[i+1].follows(p) { // few a day are read at once
			i++
			p.last, p.count = list[i].last, p.count+list[i].count
		}
		some, err := b.orderKeys(ctx, x.View, p, offset, min(limit-len(keys), p.count-offset))
		if err != nil {
			return nil, err
		}
		keys, offset = append(keys, some...), 0
	}
	return b.orderLines(ctx, keys)
}

// query finds keys of the part, walking from its nearer end: then reversed is
// true.
func (p orderPart) query(v OrdersView, offset, limit int) (query string, args []any, reversed bool, err error) {
	where, args, err := v.where()
	if err != nil {
		return "", nil, false, err
	}
	way := p.desc
	if reversed = offset+limit > p.count-offset; reversed {
		way, offset = !way, p.count-offset-limit
	}
	columns := append(slices.Clone(p.order), "s.connection_id")
	if !slices.Contains(p.order, "s.order_id") { // twice, SQLite would sort what the index has in order
		columns = append(columns, "s.order_id")
	}
	if p.where != "" {
		where += " AND " + p.where
	}
	if p.first != "" {
		where += " AND s.order_day BETWEEN ? AND ?"
		p.args = append(slices.Clone(p.args), min(p.first, p.last), max(p.first, p.last))
	}
	order := strings.Join(columns, descending(way)+", ") + descending(way)
	return `SELECT s.connection_id, s.order_id FROM order_sum s INDEXED BY ` + p.index + where + ` ORDER BY ` + order + ` LIMIT ? OFFSET ?`,
		slices.Concat(args, p.args, []any{limit, offset}), reversed, nil
}

// orderKeys reads a part's keys.
func (b *Book) orderKeys(ctx context.Context, v OrdersView, p orderPart, offset, limit int) ([]orderKey, error) {
	query, args, reversed, err := p.query(v, offset, limit)
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("find a page of orders: %w", err)
	}
	keys := make([]orderKey, 0, limit)
	err = eachRow(rows, func(r *sql.Rows) error {
		var k orderKey
		err := r.Scan(&k[0], &k[1])
		keys = append(keys, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find a page of orders: %w", err)
	}
	if reversed {
		slices.Reverse(keys)
	}
	return keys, nil
}

// orderParts returns the parts of the sorted list, counted once.
func (b *Book) orderParts(ctx context.Context, x *OrdersIndex, sort OrderSort, desc bool) ([]orderPart, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if sort == "" {
		sort = ByPurchase
	}
	of := partsOf{sort, desc}
	if list, ok := x.parts[of]; ok {
		return list, nil
	}
	count, ok := partCounts[sort]
	if !ok {
		return nil, fmt.Errorf("orders are not sorted by %q", sort)
	}
	list, err := count(ctx, b, x, desc)
	if err != nil {
		return nil, fmt.Errorf("count the orders by %s: %w", sort, err)
	}
	if x.parts == nil {
		x.parts = map[partsOf][]orderPart{}
	}
	x.parts[of] = list
	return list, nil
}

// partCounts split the list, by what it is sorted by.
var partCounts = map[OrderSort]func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error){
	ByPurchase: func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return b.dayParts(ctx, x, daySplit{first: desc, later: desc})
	},
	ByMarketplace: func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return b.dayParts(ctx, x, daySplit{column: "s.marketplace_id", first: desc, later: true})
	},
	ByStatus: func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return b.dayParts(ctx, x, daySplit{column: "s.status", first: desc, later: true})
	},
	ByOrderID: func(_ context.Context, _ *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return []orderPart{{index: "order_sum_by_id", order: byValue("s.order_id"), desc: desc, count: x.Count}}, nil
	},
	ByUnits: func(_ context.Context, _ *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return []orderPart{{index: "order_sum_by_units", order: byValue("s.units"), desc: desc, count: x.Count}}, nil
	},
	ByTotal: func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return b.moneyParts(ctx, x, moneySort{"s.total_minor", "order_sum_by_total", "s.total_minor IS NOT NULL", "s.total_minor IS NULL", "s.no_total", nil}, desc)
	},
	ByProfit: func(ctx context.Context, b *Book, x *OrdersIndex, desc bool) ([]orderPart, error) {
		return b.moneyParts(ctx, x, moneySort{"s.profit_minor", "order_sum_by_profit", "s.posted AND NOT s.uncovered", "NOT (s.posted AND NOT s.uncovered)", "s.no_profit",
			[]string{"s.posted", "s.uncovered"}}, desc)
	},
}

// daySplit says how a list is split into days: those of each value of a column
// together when one is given. The values run down when first, the days when
// later. only narrows the orders further, and counted is the column of
// order_day_sum that has their number.
type daySplit struct {
	column, only, counted string
	first, later          bool
}

func (b *Book) dayParts(ctx context.Context, x *OrdersIndex, split daySplit) ([]orderPart, error) {
	where, args, err := x.View.where()
	if err != nil {
		return nil, err
	}
	table, count := "order_day_sum s", "sum("+cmp.Or(split.counted, "s.orders")+")"
	if x.View.search() != "" { // days know nothing of titles
		table, count = "order_sum s", "count(*)"
		where += " AND " + cmp.Or(split.only, "1")
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT `+cmp.Or(split.column, "''")+` AS value, s.order_day, `+count+` AS n FROM `+table+where+` GROUP BY 1, 2 HAVING n > 0
		ORDER BY 1`+descending(split.first)+`, 2`+descending(split.later), args...)
	if err != nil {
		return nil, err
	}
	var list []orderPart
	err = eachRow(rows, func(r *sql.Rows) error {
		p := orderPart{where: cmp.Or(split.only, "1"), index: "order_sum_by_day", order: []string{"s.order_day", "s.purchased_at"}, desc: split.later}
		var value string
		if err := r.Scan(&value, &p.first, &p.count); err != nil {
			return err
		}
		p.last = p.first
		if split.column != "" {
			p.where, p.args = p.where+" AND "+split.column+" = ?", []any{value}
		}
		list = append(list, p)
		return nil
	})
	return list, err
}

func descending(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// moneySort sorts by an amount, where it is known.
type moneySort struct {
	column, index   string
	known, unknown  string   // conditions on order_sum
	countOfUnknowns string   // column of order_day_sum
	also            []string // columns of the index after those of filters: the same in all of its rows
}

// moneyParts are, for each currency, the orders whose amount is known, and
// after them the others, latest first.
func (b *Book) moneyParts(ctx context.Context, x *OrdersIndex, m moneySort, desc bool) ([]orderPart, error) {
	unknown, err := b.dayParts(ctx, x, daySplit{column: "s.currency", only: m.unknown, counted: m.countOfUnknowns, later: true})
	if err != nil {
		return nil, err
	}
	from, columns, args, err := x.View.sums()
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT s.currency, sum(`+columns[0]+`)`+from+` GROUP BY 1 ORDER BY 1`, args...)
	if err != nil {
		return nil, err
	}
	var list []orderPart
	err = eachRow(rows, func(r *sql.Rows) error {
		var currency string
		p := orderPart{where: "s.currency = ? AND " + m.known, index: m.index, order: append(byValue(m.column), m.also...), desc: desc}
		if err := r.Scan(&currency, &p.count); err != nil {
			return err
		}
		p.args = []any{currency}
		var others []orderPart
		for _, u := range unknown {
			if u.args[0] == currency {
				others = append(others, u)
				p.count -= u.count
			}
		}
		if p.count > 0 {
			list = append(list, p)
		}
		list = append(list, others...)
		return nil
	})
	return list, err
}
