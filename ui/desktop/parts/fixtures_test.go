package parts_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// order is a row of the tests.
type order struct {
	n     int
	title string
}

var columns = []parts.Column[order]{
	{ID: "n", Title: "Order", Width: 120, Mono: true, Text: func(o order) string { return fmt.Sprintf("114-%07d", o.n) }, Compare: parts.By(func(o order) int { return o.n })},
	{ID: "title", Title: "Items", Width: 200, Grow: 1, Text: func(o order) string { return o.title }, Compare: parts.By(func(o order) string { return o.title })},
	{ID: "total", Title: "Total", Unit: "USD", Width: 90, Align: parts.Right, Text: func(o order) string { return strconv.Itoa(o.n*10) + ".00" },
		Value: func(o order) any { return int64(o.n * 1000) }, Compare: parts.By(func(o order) int { return o.n })},
	{ID: "note", Title: "Note", Width: 100, Hidden: true, Text: func(order) string { return "note" }},
}

// many is a source of any length that makes rows as they are asked for.
type many struct {
	count int
	asked atomic.Int64
	err   error
	gate  chan struct{} // nil: answers at once
}

func (m *many) Count(context.Context) (int, error) { return m.count, m.err }

func (m *many) Rows(ctx context.Context, o parts.Order, offset, limit int) ([]order, error) {
	m.asked.Add(1)
	if m.gate != nil {
		select {
		case <-m.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	rows := make([]order, 0, limit)
	for i := offset; i < min(offset+limit, m.count); i++ {
		n := i
		if o.Desc {
			n = m.count - 1 - i
		}
		rows = append(rows, order{n, "Pour-over kettle " + strconv.Itoa(n)})
	}
	return rows, m.err
}

// ready is a long source that answers without waiting.
type ready struct {
	parts.Immediate
	many
}

// loop stands for the UI goroutine: what is posted runs when the test says so.
type loop chan func()

func newLoop() loop          { return make(loop, 100) }
func (l loop) post(f func()) { l <- f }
func (l loop) one()          { (<-l)() }
func (l loop) drain() {
	for {
		select {
		case f := <-l:
			f()
		default:
			return
		}
	}
}

func show(t testing.TB, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode}))
	window := test.NewTempWindow(t, o)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(w, h))
	return window
}

// word is a visible text and where it ends, in its window's units.
type word struct {
	text        string
	x, y, right float32
}

// placed returns the visible texts inside an object, from top to bottom.
func placed(o fyne.CanvasObject) []word {
	var found []word
	var walk func(o fyne.CanvasObject, x, y float32)
	walk = func(o fyne.CanvasObject, x, y float32) {
		if !o.Visible() {
			return
		}
		x, y = x+o.Position().X, y+o.Position().Y
		switch o := o.(type) {
		case *canvas.Text:
			if o.Text != "" {
				found = append(found, word{o.Text, x, y, x + o.Size().Width})
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, x, y)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, x, y)
			}
		}
	}
	walk(o, 0, 0)
	slices.SortStableFunc(found, func(a, b word) int {
		return cmp.Or(cmp.Compare(math.Round(float64(a.y)), math.Round(float64(b.y))), cmp.Compare(a.x, b.x))
	})
	return found
}

// texts returns the visible texts inside an object, from top to bottom.
func texts(o fyne.CanvasObject) []string {
	var out []string
	for _, w := range placed(o) {
		out = append(out, w.text)
	}
	return out
}

func orders(n int) []order {
	rows := make([]order, n)
	for i := range rows {
		rows[i] = order{i, "Item " + strconv.Itoa(i)}
	}
	return rows
}

func key(t fyne.Focusable, names ...fyne.KeyName) {
	for _, n := range names {
		t.TypedKey(&fyne.KeyEvent{Name: n})
	}
}
