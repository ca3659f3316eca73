package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/books"
)

// Interval is a span of time, To exclusive.
type Interval struct{ From, To time.Time }

// Coverage is the span over which a source is complete in this book.
type Coverage struct {
	Connection string
	Source     string // resource name, or kind of file
	Interval
}

// AddCoverage notes that the source is complete from-to, and joins it with
// spans that touch it.
func (t *Tx) AddCoverage(connection, source string, span Interval) error {
	from, to := millis(span.From), millis(span.To)
	if to <= from {
		return nil
	}
	freshFrom, freshTo := from, to
	err := t.rows(`SELECT from_at, to_at FROM coverage WHERE connection_id = ? AND source = ? AND from_at <= ? AND to_at >= ? ORDER BY from_at`,
		[]any{connection, source, to, from}, func(r *sql.Rows) error {
			var f, e int64
			err := r.Scan(&f, &e)
			from, to = min(from, f), max(to, e)
			if f <= freshFrom {
				freshFrom = max(freshFrom, e)
			}
			if e >= freshTo {
				freshTo = min(freshTo, f)
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("read coverage of %s: %w", source, err)
	}
	if _, err := t.exec(`DELETE FROM coverage WHERE connection_id = ? AND source = ? AND from_at >= ? AND to_at <= ?`,
		connection, source, from, to); err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO coverage (connection_id, source, from_at, to_at) VALUES (?, ?, ?, ?)`, connection, source, from, to)
	if err != nil {
		return fmt.Errorf("store coverage of %s: %w", source, err)
	}
	t.coverage = nil
	if source != string(books.Settlement) { // one of them is of one currency: it may tell something new of a time that is covered
		if freshTo <= freshFrom {
			return nil
		}
		span = Interval{fromMillis(freshFrom), fromMillis(freshTo)}
	} else { // and a row that it pays may be posted a little beside its days
		span = Interval{span.From.Add(-48 * time.Hour), span.To.Add(48 * time.Hour)}
	}
	return t.coverageMoved(connection, source, span)
}

// coverageMoved looks at the estimates again when more money is known.
func (t *Tx) coverageMoved(connection, source string, span Interval) error {
	if !slices.Contains([]string{"finances", "settlement", "daterange"}, source) {
		return nil
	}
	if err := t.touchCoarse(connection, span); err != nil {
		return err
	}
	until, err := t.moneyUntil(connection)
	if err != nil {
		return err
	}
	t.until[connection] = until
	return t.touchEstimates(connection, until)
}

// touchCoarse lets money that only a coarser source told be looked at again:
// where the finer source is complete now, it is an open difference.
func (t *Tx) touchCoarse(connection string, span Interval) error {
	return t.rows(`SELECT DISTINCT scope FROM event WHERE connection_id = ? AND origin IN ('settlement', 'daterange')
		AND occurred_at >= ? AND occurred_at < ?`, []any{connection, millis(span.From), millis(span.To)}, func(r *sql.Rows) error {
		var scope string
		err := r.Scan(&scope)
		t.touch(connection, scope)
		return err
	})
}

// Coverage lists what is complete from when to when, by connection and source.
func (b *Book) Coverage(ctx context.Context) ([]Coverage, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, source, from_at, to_at FROM coverage ORDER BY 1, 2, 3`)
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	var all []Coverage
	err = eachRow(rows, func(r *sql.Rows) error {
		var c Coverage
		var from, to int64
		if err := r.Scan(&c.Connection, &c.Source, &from, &to); err != nil {
			return err
		}
		c.From, c.To = fromMillis(from), fromMillis(to)
		all = append(all, c)
		return nil
	})
	return all, err
}
