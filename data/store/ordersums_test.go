package store

import (
	"database/sql"
	"fmt"
	"testing"
)

// sumsOf reads the sums of orders and days as text, and whether the days are
// what their orders add up to.
func sumsOf(t *testing.T, b *Book) (all []string) {
	t.Helper()
	for _, q := range []string{
		`SELECT connection_id || order_id || order_day || status || currency || units || coalesce(total_minor, '-') || posted || ' ' || fees_minor || ' ' || net_minor || ' '
			|| profit_minor || ' ' || uncovered || refunded || nocost || unknown || unpaid || loss FROM order_sum ORDER BY connection_id, order_id`,
		`SELECT order_day || marketplace_id || status || currency || ' ' || orders || ' ' || units || ' ' || total_minor || ' ' || no_total || ' ' || fees_minor || ' '
			|| profit_minor || ' ' || no_money FROM order_day_sum ORDER BY order_day, marketplace_id, fulfilled_by, status, currency, refunded, nocost, unknown, unpaid, loss`,
	} {
		rows, err := b.Reader().QueryContext(t.Context(), q)
		if err == nil {
			err = eachRow(rows, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				all = append(all, s)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// Whatever changed an order, its sums are those that are made from nothing.
func TestOrderSumsFollowEveryChange(t *testing.T) {
	b := viewBook(t)
	viewOrders(t, b, 120)
	must := func(f func(*Tx) error) {
		t.Helper()
		if err := b.Write(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	for _, change := range []struct{ name, do string }{
		{"nothing", `SELECT 1`},
		{"status", `UPDATE orders SET status = 'CANCELLED' WHERE order_id LIKE '%3'`},
		{"items", `UPDATE order_item SET quantity = quantity + 2 WHERE order_id LIKE '%5'`},
		{"costs", `UPDATE money_line SET amount_minor = amount_minor - 100000 WHERE line = 'cogs' AND event_id % 3 = 0`},
		{"paid", `UPDATE event SET state = 'settled' WHERE id % 2 = 0`},
		{"events gone", `DELETE FROM event WHERE id % 7 = 0`},
		{"orders gone", `DELETE FROM orders WHERE order_id LIKE '%9'`},
		{"a broken amount", fmt.Sprintf(`UPDATE money_line SET amount_minor = %d WHERE event_id %% 11 = 0`, int64(1)<<62)},
	} {
		t.Run(change.name, func(t *testing.T) {
			must(func(tx *Tx) error { _, err := tx.exec(change.do); return err })
			got := sumsOf(t, b)
			must(func(tx *Tx) error {
				for _, q := range []string{`DELETE FROM order_sum`, `DELETE FROM order_day_sum`, `INSERT INTO order_dirty SELECT connection_id, order_id FROM orders`} {
					if _, err := tx.exec(q); err != nil {
						return err
					}
				}
				return nil
			})
			want := sumsOf(t, b)
			if len(got) != len(want) || len(got) < 100 {
				t.Fatalf("%d rows of sums, made anew %d", len(got), len(want))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("row %d is %s, made anew %s", i, got[i], want[i])
				}
			}
		})
	}
	// What a rolled back transaction touched is forgotten with it.
	before := sumsOf(t, b)
	_ = b.Write(t.Context(), func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE orders SET status = 'PENDING'`); err != nil {
			return err
		}
		return sql.ErrTxDone
	})
	if after := sumsOf(t, b); len(after) != len(before) || after[0] != before[0] {
		t.Error("a transaction that failed changed the sums")
	}
}
