package parts

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Head describes a column to an export.
type Head struct {
	ID, Title, Unit string
	Align           Align
}

// Value is one cell of an export: what was shown, and the value behind it
// (int64, books.Money, time.Time, string; nil for unknown).
type Value struct {
	Text string
	Raw  any
}

// ErrNotRead ends an export of a table that has no rows yet, nor knows that there
// are none.
var ErrNotRead = errors.New("the list is not read yet: try again in a moment")

// exportRows is how many rows are asked for at a time.
const exportRows = 1000

// Export returns what the table shows, for CSV or XLSX: the columns on
// screen, and all rows of the source in the order shown, however many. It
// copies what it needs at once; the rows may be read on another goroutine,
// where they call the source. An error ends them: [ErrNotRead] before the first
// source is known.
func (t *Table[R]) Export(ctx context.Context) ([]Head, iter.Seq2[[]Value, error]) {
	heads := make([]Head, len(t.shown))
	columns := make([]Column[R], len(t.shown))
	for i, c := range t.shown {
		columns[i] = t.columns[c]
		heads[i] = Head{columns[i].ID, columns[i].Title, columns[i].Unit, columns[i].Align}
	}
	source, order := t.window.source, t.state.Order
	return heads, func(yield func([]Value, error) bool) {
		if source == nil {
			yield(nil, ErrNotRead)
			return
		}
		for offset := 0; ; offset += exportRows {
			rows, err := source.Rows(ctx, order, offset, exportRows)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, fmt.Errorf("read rows from %d: %w", offset, err))
				return
			}
			for _, row := range rows {
				if !yield(values(columns, row), nil) {
					return
				}
			}
			if len(rows) < exportRows {
				return
			}
		}
	}
}

// Totals are the sums below the rows as they are shown, by column id; nil where
// there are none. They are not part of Export, so that nobody adds them up again.
func (t *Table[R]) Totals() map[string]Cell { return t.totals }

func values[R any](columns []Column[R], row R) []Value {
	out := make([]Value, len(columns))
	for i, c := range columns {
		text := c.Text(row)
		out[i] = Value{Text: text, Raw: text}
		if c.Value != nil {
			out[i].Raw = c.Value(row)
		}
	}
	return out
}
