package appsync

import (
	"iter"
	"strings"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// tableRows is how the rows of a plain table get into the book.
type tableRows[T any] struct {
	rows func(*reports.File) iter.Seq2[T, error]
	// at gives a row's line and how it stands there.
	at func(T) (line int, raw string)
	// key tells rows apart as the book's table does; equal ones are numbered.
	key func(T) []string
	put func(tx *store.Tx, at stored, row T) (changed bool, err error)
}

// stored is where a row belongs and which of its equals it is.
type stored struct {
	store.Told
	target
	ordinal int
}

// store is a fileKind's store. The original is written first, so that each row
// can point to its line; one that tells nothing new is not kept.
func (k tableRows[T]) store(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	var text original
	for row, err := range k.rows(f) {
		if err != nil {
			return in, err
		}
		in.rows++
		line, raw := k.at(row)
		text.add(line, raw)
	}
	err = text.keep(tx, f, func(document int64) (bool, error) {
		in.document = document
		err := k.putRows(tx, at, f, &in)
		return in.fresh > 0, err
	})
	if in.fresh == 0 {
		in.document = 0
	}
	return in, err
}

// putRows puts the rows, each with its place in the document.
func (k tableRows[T]) putRows(tx *store.Tx, at target, f *reports.File, in *ingested) error {
	until := f.To
	if until.IsZero() {
		until = at.taken
	}
	seen := map[string]int{}
	for row, err := range k.rows(f) {
		if err != nil {
			return err
		}
		key := strings.Join(k.key(row), "\x00")
		seen[key]++
		line, _ := k.at(row)
		s := stored{store.Told{Connection: at.connection, Until: until, Document: in.document, Line: line}, at, seen[key]}
		changed, err := k.put(tx, s, row)
		if err != nil {
			return err
		}
		if changed {
			in.fresh++
		}
	}
	return nil
}

// marketOf is the id of the marketplace that a row names, else the file's.
func (s stored) marketOf(name string) string {
	if m, ok := place(name); ok {
		return m.ID
	}
	return s.marketplace
}

// dayOf is the marketplace's day of an instant, and the day as written where
// the instant or the marketplace is not known.
func (s stored) dayOf(w reports.When, market string) string {
	if _, ok := markets.ByID(market); ok && w.Clock {
		return markets.Day(market, w.At)
	}
	return w.Day
}

// takenDay is the day on which a report without dates was made.
func (s stored) takenDay() string {
	return markets.Day(s.marketplace, s.taken)
}

// number is nil for what is not told.
func number[T any](n reports.Number[T]) *T {
	if !n.Told {
		return nil
	}
	return &n.Value
}

// instant is zero for a day without a time.
func instant(w reports.When) time.Time {
	if !w.Clock {
		return time.Time{}
	}
	return w.At
}
