package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxNote is how long a note may be, in bytes.
const MaxNote = 4000

// PutNote keeps what the seller writes about an order; empty text removes it.
// ErrNotFound when the book does not hold the order.
func (t *Tx) PutNote(connection, order, note string) error {
	note = strings.TrimSpace(note)
	if len(note) > MaxNote {
		return fmt.Errorf("keep the note: it has %d bytes, %d are allowed", len(note), MaxNote)
	}
	var found int
	if err := t.row(`SELECT 1 FROM orders WHERE connection_id = ? AND order_id = ?`, []any{connection, order}, &found); err != nil {
		return fmt.Errorf("keep the note of order %s: %w", order, err)
	}
	var err error
	if note == "" {
		_, err = t.exec(`DELETE FROM order_note WHERE connection_id = ? AND order_id = ?`, connection, order)
	} else {
		_, err = t.exec(`INSERT INTO order_note (connection_id, order_id, note, written_at) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET note = excluded.note, written_at = excluded.written_at`, connection, order, note, t.now)
	}
	if err != nil {
		return fmt.Errorf("keep the note of order %s: %w", order, err)
	}
	return nil
}

// Note gives the seller's note of an order and when it was written; empty and
// zero without one.
func (b *Book) Note(ctx context.Context, connection, order string) (note string, written time.Time, err error) {
	var at int64
	err = b.Reader().QueryRowContext(ctx, `SELECT note, written_at FROM order_note WHERE connection_id = ? AND order_id = ?`, connection, order).Scan(&note, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read the note of order %s: %w", order, err)
	}
	return note, fromMillis(at), nil
}
