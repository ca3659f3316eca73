package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// AddDateRange notes that a date-range report tells all money of a currency in the
// span. The account is Amazon's account type, empty when the report tells none or
// several.
func (t *Tx) AddDateRange(connection, currency, account string, span Interval) error {
	if err := t.AddCoverage(connection, string(books.DateRange), span); err != nil {
		return err
	}
	from, to := millis(span.From), millis(span.To)
	if to <= from {
		return nil
	}
	_, err := t.exec(`INSERT INTO daterange_coverage (connection_id, currency, account, from_at, to_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET to_at = max(to_at, excluded.to_at)`, connection, currency, account, from, to)
	if err != nil {
		return fmt.Errorf("store the days of a date-range report: %w", err)
	}
	return nil
}

// dateRangeCoverage tells the days of date-range reports, each for its own currency
// and account. Such a report tells the days of its first and last row, not the instants.
func (b *Book) dateRangeCoverage(ctx context.Context, zones moneyZones) ([]books.Coverage, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, currency, account, from_at, to_at FROM daterange_coverage ORDER BY 1, 2, 3, 4`)
	if err != nil {
		return nil, fmt.Errorf("read what date-range reports cover: %w", err)
	}
	var out []books.Coverage
	err = eachRow(rows, func(r *sql.Rows) error {
		c := books.Coverage{Source: books.DateRange, Currencies: make([]string, 1)}
		var from, to int64
		if err := r.Scan(&c.Connection, &c.Currencies[0], &c.Account, &from, &to); err != nil {
			return err
		}
		zone := zones.of(c.Connection, c.Currencies[0])
		c.From = fromMillis(from).In(zone).Format(time.DateOnly)
		c.To = fromMillis(to).Add(-time.Millisecond).In(zone).Format(time.DateOnly)
		out = append(out, c)
		return nil
	})
	return out, err
}
