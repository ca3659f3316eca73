// Package workload holds the database work that is measured and compared: by
// the benchmarks of package cipher over encrypted and plain files, and by the
// program in ../../compat over an independent SQLCipher build. It uses
// database/sql only, so each side brings its own driver. Data is seeded.
package workload

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// Schema makes the tables of all workloads. They are not STRICT because the
// SQLite in the SQLCipher build we compare with is older than that word.
const Schema = `
CREATE TABLE scatter (k INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL);
CREATE INDEX scatter_a ON scatter (a);
CREATE INDEX scatter_b ON scatter (b);
CREATE TABLE orders (
	id INTEGER PRIMARY KEY, number TEXT NOT NULL, day INTEGER NOT NULL,
	sku TEXT NOT NULL, cents INTEGER NOT NULL, title TEXT NOT NULL);
CREATE INDEX orders_day ON orders (day, sku, cents);`

// Session is the setting of the connections that ours are compared with; it
// is what package cipher gives its writer.
const Session = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;`

const perTransaction = 1000

// Scatter inserts n rows with random keys into three B-trees: the worst case,
// nearly every row dirties three pages.
func Scatter(ctx context.Context, db *sql.DB, n int) error {
	r := rand.New(rand.NewPCG(1, 2))
	return batches(ctx, db, n, "INSERT INTO scatter VALUES (?, ?, ?)", func(int) []any {
		return []any{int64(r.Uint64() >> 1), int64(r.Uint64() >> 1), int64(r.Uint64() >> 1)}
	})
}

// Backfill inserts n orders in order of time, as a first sync does.
func Backfill(ctx context.Context, db *sql.DB, n int) error {
	r := rand.New(rand.NewPCG(3, 4))
	return batches(ctx, db, n, "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", func(i int) []any {
		return []any{i, fmt.Sprintf("%03d-%07d-%07d", r.IntN(1000), r.IntN(1e7), r.IntN(1e7)),
			i / 200, fmt.Sprintf("SKU-%04d", r.IntN(500)), r.IntN(20000),
			fmt.Sprintf("Stainless steel bottle, %d ml, colour %d, with spare lid", 250*r.IntN(8), r.IntN(40))}
	})
}

func batches(ctx context.Context, db *sql.DB, n int, insert string, row func(int) []any) error {
	for from := 0; from < n; from += perTransaction {
		if err := batch(ctx, db, from, min(from+perTransaction, n), insert, row); err != nil {
			return fmt.Errorf("insert rows from %d: %w", from, err)
		}
	}
	return nil
}

func batch(ctx context.Context, db *sql.DB, from, to int, insert string, row func(int) []any) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := from; i < to; i++ {
		if _, err := stmt.ExecContext(ctx, row(i)...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Screens runs what screens ask, rounds times, over n orders of Backfill: a
// page of orders, the totals of a month, the best sellers, one order.
func Screens(ctx context.Context, db *sql.DB, n, rounds int) error {
	r := rand.New(rand.NewPCG(5, 6))
	days := n / 200
	for range rounds {
		day := r.IntN(days + 1)
		queries := []struct {
			text string
			args []any
		}{
			{"SELECT id, number, sku, cents, title FROM orders WHERE id <= ? ORDER BY id DESC LIMIT 100", []any{day * 200}},
			{"SELECT day, count(*), sum(cents) FROM orders WHERE day BETWEEN ? AND ? GROUP BY day", []any{day - 30, day}},
			{"SELECT sku, sum(cents) s FROM orders WHERE day BETWEEN ? AND ? GROUP BY sku ORDER BY s DESC LIMIT 20", []any{day - 90, day}},
			{"SELECT number, title FROM orders WHERE id = ?", []any{r.IntN(n)}},
		}
		for _, q := range queries {
			if err := drain(ctx, db, q.text, q.args); err != nil {
				return err
			}
		}
	}
	return nil
}

func drain(ctx context.Context, db *sql.DB, query string, args []any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	dest := make([]any, len(cols))
	for i := range dest {
		dest[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Table is the content of one table: how many rows, and a hash over them.
type Table struct {
	Rows int
	Hash string
}

// Tables hashes every table of the database in primary key order.
func Tables(ctx context.Context, db *sql.DB) (map[string]Table, error) {
	names, err := db.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return nil, err
	}
	defer names.Close()
	var list []string
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	if err := names.Err(); err != nil {
		return nil, err
	}
	out := map[string]Table{}
	for _, name := range list {
		if out[name], err = table(ctx, db, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func table(ctx context.Context, db *sql.DB, name string) (Table, error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM "`+name+`" ORDER BY 1`)
	if err != nil {
		return Table{}, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return Table{}, err
	}
	values := make([]any, len(cols))
	dest := make([]any, len(cols))
	for i := range dest {
		dest[i] = &values[i]
	}
	t, h := Table{}, sha256.New()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return t, err
		}
		t.Rows++
		for _, v := range values {
			if s, ok := v.([]byte); ok {
				v = string(s) // drivers differ in how they return text
			}
			fmt.Fprintf(h, "%v\x00", v)
		}
		h.Write([]byte{1})
	}
	t.Hash = hex.EncodeToString(h.Sum(nil))
	return t, rows.Err()
}
