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
