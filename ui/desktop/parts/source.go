package parts

import (
	"context"
	"slices"
	"sync"
)

// Order says how rows are sorted: by a column, or as the source likes when
// Column is empty.
type Order struct {
	Column string `json:"column,omitempty"`
	Desc   bool   `json:"desc,omitempty"`
}

// Source gives the rows of a table, window by window. Its methods are called
// on a goroutine of the table and end early when ctx does; a call that was
// given up may still be ending when the next one begins.
// A filter is another Source: see [Table.SetSource]. A table whose Source is nil
// shows the bones of rows until it gets one.
type Source[R any] interface {
	// Count returns how many rows there are.
	Count(ctx context.Context) (int, error)
	// Rows returns the rows from offset on in the given order, at most limit;
	// fewer only at the end.
	Rows(ctx context.Context, order Order, offset, limit int) ([]R, error)
}

// immediate is a source that answers without waiting; the table asks it at
// once, so that nothing flickers.
type immediate interface{ immediate() }

// slice is a Source over rows in memory.
type slice[R any] struct {
	rows    []R
	columns []Column[R]

	mu     sync.Mutex // an export reads while the window sorts
	sorted []R
	order  Order
}

// Rows returns a Source over rows in memory, sorted by the columns' Compare.
// The slice must not change afterwards.
func Rows[R any](rows []R, columns []Column[R]) Source[R] {
	return &slice[R]{rows: rows, columns: columns, sorted: rows}
}

func (s *slice[R]) immediate() {}

func (s *slice[R]) Count(context.Context) (int, error) { return len(s.rows), nil }

func (s *slice[R]) Rows(_ context.Context, order Order, offset, limit int) ([]R, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if order != s.order {
		s.sort(order)
	}
	offset = min(max(offset, 0), len(s.sorted))
	return s.sorted[offset:min(offset+limit, len(s.sorted))], nil
}

func (s *slice[R]) sort(order Order) {
	s.order, s.sorted = order, s.rows
	i := slices.IndexFunc(s.columns, func(c Column[R]) bool { return c.ID == order.Column })
	if i < 0 || s.columns[i].Compare == nil {
		return
	}
	compare := s.columns[i].Compare
	s.sorted = slices.Clone(s.rows)
	slices.SortStableFunc(s.sorted, func(a, b R) int {
		if order.Desc {
			return compare(b, a)
		}
		return compare(a, b)
	})
}
