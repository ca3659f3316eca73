package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// settlementGap is how far the end of a settlement and the start of the next may
// lie apart: some reports end a second before the next begins.
const settlementGap = time.Minute

// settlementCoverage tells for which whole days settlements are there, each for
// its own currency: a settlement in EUR says nothing of the account's GBP.
func (b *Book) settlementCoverage(ctx context.Context, zones moneyZones) ([]books.Coverage, error) {
	type key struct{ connection, currency string }
	spans := map[key][]Interval{}
	var order []key
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, currency, start_at, end_at FROM settlement ORDER BY 1, 2, 3, 4`)
	if err != nil {
		return nil, fmt.Errorf("read what settlements cover: %w", err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k key
		var start, end int64
		if err := r.Scan(&k.connection, &k.currency, &start, &end); err != nil {
			return err
		}
		next := Interval{fromMillis(start), fromMillis(end)}
		if spans[k] == nil {
			order = append(order, k)
		}
		if n := len(spans[k]); n > 0 && !next.From.After(spans[k][n-1].To.Add(settlementGap)) {
			if next.To.After(spans[k][n-1].To) {
				spans[k][n-1].To = next.To
			}
			return nil
		}
		spans[k] = append(spans[k], next)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what settlements cover: %w", err)
	}
	var out []books.Coverage
	for _, k := range order {
		for _, s := range spans[k] {
			if from, to := wholeDays(s, zones.of(k.connection, k.currency)); from <= to {
				out = append(out, books.Coverage{Connection: k.connection, Source: books.Settlement, Currencies: []string{k.currency}, From: from, To: to})
			}
		}
	}
	return out, nil
}
