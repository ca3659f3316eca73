package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// PutExpense adds an indirect expense, or changes the one of the same code, and
// spreads it over its days up to today. The same once more changes nothing.
func (t *Tx) PutExpense(o books.Outlay) (changed bool, err error) {
	n, err := t.exec(`INSERT INTO expense (code, category, repeat, from_day, to_day, currency, amount_minor, marketplace_id, sku, allocation,
		supplier, note, entered_at, entered_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (code) DO UPDATE SET category = excluded.category, repeat = excluded.repeat, from_day = excluded.from_day, to_day = excluded.to_day,
		currency = excluded.currency, amount_minor = excluded.amount_minor, marketplace_id = excluded.marketplace_id, sku = excluded.sku,
		allocation = excluded.allocation, supplier = excluded.supplier, note = excluded.note, entered_at = excluded.entered_at, entered_by = excluded.entered_by
		WHERE (category, repeat, from_day, to_day, currency, amount_minor, marketplace_id, sku, allocation, supplier, note) IS NOT
		(excluded.category, excluded.repeat, excluded.from_day, excluded.to_day, excluded.currency, excluded.amount_minor, excluded.marketplace_id,
		excluded.sku, excluded.allocation, excluded.supplier, excluded.note)`,
		o.Code, o.Category, string(o.Repeat), o.From, o.To, o.Amount.Currency, o.Amount.Minor, o.Marketplace, o.SKU, string(o.Allocation),
		o.Supplier, o.Note, t.now, t.by)
	if err != nil {
		return false, fmt.Errorf("store expense %s: %w", o.Code, err)
	}
	if n == 0 {
		return false, nil
	}
	if _, err := t.exec(`INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)`,
		settingSpread, fromMillis(t.now).Format(time.DateOnly)); err != nil {
		return false, err
	}
	var id int64
	if err := t.row(`SELECT id FROM expense WHERE code = ?`, []any{o.Code}, &id); err != nil {
		return false, err
	}
	return true, t.touchExpense(id)
}

// DeleteExpense removes an expense and what was spread of it; ErrNotFound when
// there is none of that code.
func (t *Tx) DeleteExpense(code string) error {
	var id int64
	if err := t.row(`SELECT id FROM expense WHERE code = ?`, []any{code}, &id); err != nil {
		return fmt.Errorf("expense %s: %w", code, err)
	}
	if _, err := t.exec(`DELETE FROM expense WHERE id = ?`, id); err != nil {
		return fmt.Errorf("remove expense %s: %w", code, err)
	}
	return t.touchExpense(id)
}

// Expenses lists the indirect expenses, the latest first.
func (b *Book) Expenses(ctx context.Context) ([]books.Outlay, error) {
	var all []books.Outlay
	err := bookSource{ctx, b}.each(`SELECT id, code, category, repeat, from_day, to_day, currency, amount_minor, marketplace_id, sku, allocation, supplier, note
		FROM expense ORDER BY from_day DESC, id DESC`, nil, func(r *sql.Rows) error {
		var o books.Outlay
		err := r.Scan(&o.ID, &o.Code, &o.Category, &o.Repeat, &o.From, &o.To, &o.Amount.Currency, &o.Amount.Minor, &o.Marketplace, &o.SKU,
			&o.Allocation, &o.Supplier, &o.Note)
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the expenses: %w", err)
	}
	return all, nil
}

// expenseShares gives what was spread of the expenses that are divided among
// products, by way of dividing.
func (b *Book) expenseShares(ctx context.Context, f SumFilter) ([]sharedExpense, error) {
	where, args := clauses("e.event_day >= ?", f.From, "e.event_day <= ?", f.To)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		where, args = anyOf(where, args, "l.currency", []string{f.Currency})
	}
	var all []sharedExpense
	err := bookSource{ctx, b}.each(`SELECT x.allocation, e.connection_id, e.marketplace_id, l.currency, sum(l.amount_minor)
		FROM expense x JOIN event e ON e.scope = '`+expenseScope+`' || x.id JOIN money_line l ON l.event_id = e.id`+where+`
		AND x.allocation <> 'none' AND x.sku = '' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`, args, func(r *sql.Rows) error {
		var s sharedExpense
		err := r.Scan(&s.by, &s.connection, &s.marketplace, &s.currency, &s.minor)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the expenses to divide: %w", err)
	}
	return all, nil
}

type sharedExpense struct {
	by                                books.Allocation
	connection, marketplace, currency string
	minor                             int64
}

// divideExpenses takes expenses off the rows without a SKU and puts them on those
// of the products, by their sales or units in the same span. What no product can
// bear stays where it is; the sum stays the same.
func divideExpenses(rows []books.Rollup, shares []sharedExpense) []books.Rollup {
	for _, s := range shares {
		var bearers []books.Rollup
		var weights []int64
		for _, r := range rows {
			if r.Line != books.SalesProduct || r.Currency != s.currency || r.SKU == "" || (s.marketplace != "" && r.Marketplace != s.marketplace) {
				continue
			}
			bearers = append(bearers, r)
			if s.by == books.AllocateUnits {
				weights = append(weights, r.Quantity)
			} else {
				weights = append(weights, r.Minor)
			}
		}
		parts := books.Allocate(s.minor, weights)
		if parts == nil {
			continue
		}
		for i, minor := range parts {
			if minor == 0 {
				continue
			}
			r := bearers[i]
			rows = append(rows, books.Rollup{
				Day: r.Day, Connection: r.Connection, Marketplace: r.Marketplace, Currency: r.Currency, SKU: r.SKU,
				Line: books.Expense, State: books.Settled, Minor: minor,
			})
		}
		rows = append(rows, books.Rollup{
			Day: rows[0].Day, Connection: s.connection, Marketplace: s.marketplace, Currency: s.currency,
			Line: books.Expense, State: books.Settled, Minor: -s.minor,
		})
	}
	return rows
}
