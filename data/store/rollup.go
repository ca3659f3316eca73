package store

import (
	"fmt"
	"slices"
	"strings"
)

// rollups gathers how a transaction moves the daily sums.
type rollups map[rollupKey]rollupSum

type rollupKey struct {
	day, connection, marketplace, currency, sku, line, state string
}

type rollupSum struct{ minor, quantity, uncovered, lines int64 }

func (r rollups) add(k rollupKey, s rollupSum) {
	was := r[k]
	r[k] = rollupSum{was.minor + s.minor, was.quantity + s.quantity, was.uncovered + s.uncovered, was.lines + s.lines}
}

func (k rollupKey) columns() []string {
	return []string{k.day, k.connection, k.marketplace, k.currency, k.sku, k.line, k.state}
}

// applyRollups moves the stored sums. A sum of no lines is removed, so that a
// rebuild gives the same rows.
func (t *Tx) applyRollups(sums rollups) error {
	keys := make([]rollupKey, 0, len(sums))
	for k, s := range sums {
		if s != (rollupSum{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b rollupKey) int { return slices.CompareFunc(a.columns(), b.columns(), strings.Compare) })
	for _, k := range keys {
		s := sums[k]
		_, err := t.exec(`INSERT INTO rollup (event_day, connection_id, marketplace_id, currency, sku, line, state,
			amount_minor, quantity, uncovered, lines) VALUES (?,?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor, quantity = quantity + excluded.quantity,
			uncovered = uncovered + excluded.uncovered, lines = lines + excluded.lines`,
			k.day, k.connection, k.marketplace, k.currency, k.sku, k.line, k.state, s.minor, s.quantity, s.uncovered, s.lines)
		if err != nil {
			return fmt.Errorf("move the daily sums: %w", err)
		}
		if s.lines < 0 {
			if _, err := t.exec(`DELETE FROM rollup WHERE event_day = ? AND connection_id = ? AND marketplace_id = ? AND currency = ?
				AND sku = ? AND line = ? AND state = ? AND lines = 0`,
				k.day, k.connection, k.marketplace, k.currency, k.sku, k.line, k.state); err != nil {
				return fmt.Errorf("move the daily sums: %w", err)
			}
		}
	}
	return nil
}
