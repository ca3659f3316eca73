package store

import (
	"context"
	"database/sql"
	"fmt"

	"countinghouse/data/books"
)

const selectCosts = `SELECT sku, marketplace_id, valid_from_day, currency, unit_cost FROM unit_cost
	ORDER BY sku, marketplace_id, valid_from_day, currency`

// PutCosts adds unit costs, or replaces those of the same SKU, marketplace,
// day and currency, and costs the goods of those SKUs again.
func (t *Tx) PutCosts(rows []books.Cost) error {
	for _, c := range rows {
		if _, err := t.exec(`INSERT INTO unit_cost (sku, marketplace_id, valid_from_day, currency, unit_cost, entered_at) VALUES (?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET unit_cost = excluded.unit_cost, entered_at = excluded.entered_at`,
			c.SKU, c.Marketplace, c.From, c.Currency, c.Unit.String(), t.now); err != nil {
			return fmt.Errorf("store the cost of %s: %w", c.SKU, err)
		}
		t.recount[c.SKU] = struct{}{}
	}
	t.book.costs, t.book.basis = nil, nil
	return nil
}

// DeleteCost removes one unit cost; ErrNotFound when there is none.
func (t *Tx) DeleteCost(c books.Cost) error {
	n, err := t.exec(`DELETE FROM unit_cost WHERE sku = ? AND marketplace_id = ? AND valid_from_day = ? AND currency = ?`,
		c.SKU, c.Marketplace, c.From, c.Currency)
	if err != nil {
		return fmt.Errorf("delete the cost of %s: %w", c.SKU, err)
	}
	if n == 0 {
		return ErrNotFound
	}
	t.book.costs, t.book.basis = nil, nil
	t.recount[c.SKU] = struct{}{}
	return nil
}

// loadCosts reads the cost list once, and again after it changed.
func (t *Tx) loadCosts() (*books.Costs, error) {
	if t.book.costs != nil {
		return t.book.costs, nil
	}
	var list []books.Cost
	err := t.rows(selectCosts, nil, func(r *sql.Rows) error { return scanCost(r, &list) })
	if err != nil {
		return nil, fmt.Errorf("read the costs: %w", err)
	}
	t.book.costs = books.NewCosts(list)
	return t.book.costs, nil
}

// Costs lists the unit costs.
func (b *Book) Costs(ctx context.Context) ([]books.Cost, error) {
	rows, err := b.Reader().QueryContext(ctx, selectCosts)
	if err != nil {
		return nil, fmt.Errorf("read the costs: %w", err)
	}
	var list []books.Cost
	err = eachRow(rows, func(r *sql.Rows) error { return scanCost(r, &list) })
	return list, err
}

func scanCost(r *sql.Rows, list *[]books.Cost) error {
	var c books.Cost
	var unit string
	if err := r.Scan(&c.SKU, &c.Marketplace, &c.From, &c.Currency, &unit); err != nil {
		return err
	}
	var err error
	if c.Unit, err = books.ParseUnit(unit); err != nil {
		return fmt.Errorf("the stored cost of %s: %w", c.SKU, err)
	}
	*list = append(*list, c)
	return nil
}
