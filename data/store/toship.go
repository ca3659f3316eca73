package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// OldestDeferred is the posting time of the oldest sale that Amazon still
// holds back; zero when there is none.
func (b *Book) OldestDeferred(ctx context.Context, connection string) (time.Time, error) {
	var at sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT min(posted_at) FROM financial_transaction
		WHERE connection_id = ? AND status = 'DEFERRED'`, connection).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the oldest deferred transaction: %w", err)
	}
	return optTime(at), nil
}

// OrdersToShip lists seller-fulfilled orders that still have to be shipped and
// whose recipient is not stored yet, the most urgent first.
func (b *Book) OrdersToShip(ctx context.Context, connection string) ([]string, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT order_id FROM orders WHERE connection_id = ?
		AND status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED') AND fulfilled_by = 'MERCHANT'
		ORDER BY coalesce(ship_by_at, purchased_at), order_id`, connection)
	if err != nil {
		return nil, fmt.Errorf("find orders to ship: %w", err)
	}
	var ids []string
	err = eachRow(rows, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil || b.personal == nil {
		return ids, err
	}
	known := map[string]bool{}
	rows, err = b.People().QueryContext(ctx, `SELECT order_id FROM person WHERE connection_id = ?`, connection)
	if err != nil {
		return nil, fmt.Errorf("find orders to ship: %w", err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		known[id] = true
		return err
	})
	missing := ids[:0]
	for _, id := range ids {
		if !known[id] {
			missing = append(missing, id)
		}
	}
	return missing, err
}
