package appsync

import (
	"context"
	"slices"
	"time"

	"countinghouse/data/store"
)

// failing is a report that Amazon keeps failing to make. The run in which it does
// so first tells the seller, and the next asks for it once more. From then on it
// is asked for once at a time, at a growing pause, and nobody is told again: its
// days stay uncovered, and Missing names them.
type failing struct {
	Fails int       `json:"fails,omitempty"` // runs in which Amazon did not make it
	Again time.Time `json:"again,omitzero"`  // not asked for before then
	over  bool      // this run is done with it; not stored
}

const (
	failingFirst = time.Hour
	failingMost  = 24 * time.Hour
)

// failed takes note of a run without it and tells whether that was the first.
func (f *failing) failed(now time.Time) (first bool) {
	f.over = true
	if f.Fails++; f.Fails == 1 {
		return true
	}
	f.Again = now.Add(min(failingFirst<<min(f.Fails-2, 10), failingMost)).UTC()
	return false
}

// rests tells whether it is not to be asked for yet; a clock that was set back
// does not make that longer.
func (f failing) rests(now time.Time) bool {
	d := f.Again.Sub(now)
	return f.over || d > 0 && d <= failingMost
}

// MissingReport is a report that Amazon keeps failing to make.
type MissingReport struct {
	Resource string
	Source   string    // what it would cover: orders, or the resource itself
	From, To time.Time // the days that are missing; zero of one that tells of the moment it is made
}

// Missing are the reports of a connection that Amazon keeps failing to make. Their
// periods are not covered.
func Missing(ctx context.Context, book *store.Book, connection string) (list []MissingReport, err error) {
	var b backfill
	if err := book.Bookmark(ctx, connection, nameOrderReports, &b); err != nil && !isNotFound(err) {
		return nil, err
	}
	for _, w := range b.Windows {
		if !w.Done && w.Fails > 0 {
			list = append(list, MissingReport{nameOrderReports, nameOrders, w.From, w.To})
		}
	}
	for _, r := range requestedReports() {
		var mark requestedMark
		if err := book.Bookmark(ctx, connection, r.Name(), &mark); err != nil && !isNotFound(err) {
			return nil, err
		}
		for _, a := range mark.Open {
			m := MissingReport{r.Name(), r.Name(), a.From, a.To}
			if a.Fails > 0 && !slices.Contains(list, m) { // of each marketplace
				list = append(list, m)
			}
		}
	}
	return list, nil
}
