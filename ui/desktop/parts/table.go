package parts

import (
	"context"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// TableOptions are the parts of a table that few tables need. The zero value
// is a plain table over an immediate source.
type TableOptions[R any] struct {
	// Post runs a function on the UI goroutine later; it must not wait.
	// Required for sources that are not in memory.
	Post func(func())
	// Reading is one more while rows are being loaded and not shown yet, for
	// whoever waits until all is shown; nil where nobody does.
	Reading *atomic.Int32
	// Pinned is how many columns stay when the others scroll sideways.
	Pinned int
	// Cells lets single cells be chosen, as in a statement.
	Cells bool
	// Compact sets rows closer, even where the user's look does not.
	Compact bool
	// Heavy marks sums among the rows.
	Heavy func(R) bool

	OnSelect func(R)             // another row is chosen
	OnOpen   func(R, string)     // Enter or a click on the chosen row: row, column id
	OnTotal  func(string)        // a sum below the rows is clicked: column id
	OnFold   func(R)             // a row's arrow was clicked
	OnState  func(TableState)    // the user changed columns or order: save it
	OnError  func(error)         // a load failed; the rows shown stay
	OnCount  func(int)           // rows were counted
	OnMenu   func(fyne.Position) // right click
	Empty    fyne.CanvasObject   // shown in place of the rows when there are none
}

// TableState is what a user changes about a table; it is kept with a book and
// in saved views.
type TableState struct {
	Order   Order              `json:"order"`
	Hidden  []string           `json:"hidden,omitempty"`
	Shown   []string           `json:"shown,omitempty"`   // columns hidden by default
	Columns []string           `json:"columns,omitempty"` // all columns in the user's order; empty: as described
	Widths  map[string]float32 `json:"widths,omitempty"`
}

// Table shows rows of a Source in columns. See [NewTable].
type Table[R any] struct {
	widget.BaseWidget

	columns []Column[R]
	shown   []int // indexes of the columns on screen
	width   float32
	options TableOptions[R]
	state   TableState
	totals  map[string]Cell
	wide    map[string]float32 // columns that became wider for what they hold, unscaled units
	grid    *grid
	window  *window[R]
}

// NewTable returns a table that loads its rows while ctx lasts.
func NewTable[R any](ctx context.Context, columns []Column[R], source Source[R], options TableOptions[R]) *Table[R] {
	t := &Table[R]{columns: columns, options: options}
	t.grid = newGrid(t)
	t.grid.pinned, t.grid.cursor = options.Pinned, options.Cells
	t.window = newWindow[R](ctx, options.Post, t.changed, t.failed)
	t.window.reading = options.Reading
	t.grid.onSelect = func(row int) { t.tell(row, options.OnSelect) }
	t.grid.onFold = func(row int) { t.tell(row, options.OnFold) }
	t.grid.onOpen = t.open
	if options.OnTotal != nil {
		t.grid.onTotal = func(col int) {
			if id := t.columns[t.shown[col]].ID; t.totals[id].Text != "" {
				options.OnTotal(id)
			}
		}
	}
	t.grid.onSort, t.grid.onWiden = t.sort, t.widen
	t.grid.onResize = t.resizeColumn
	t.grid.onCopy = t.Copy
	t.grid.onMenu = options.OnMenu
	t.ExtendBaseWidget(t)
	t.choose()
	t.measure(0)
	t.window.reset(source, t.state.Order, false)
	return t
}

// SetSource shows other rows: another filter, another period. The view starts
// at its top.
func (t *Table[R]) SetSource(source Source[R]) {
	t.grid.row, t.grid.y = 0, 0
	t.wide = nil
	t.measure(t.width)
	t.window.reset(source, t.state.Order, false)
	t.grid.redraw()
}

// Reload asks the source again; rows on screen stay until the new ones come.
func (t *Table[R]) Reload() { t.window.reset(t.window.source, t.state.Order, true) }

// SetTotals shows sums below the rows, by column id; nil removes them.
func (t *Table[R]) SetTotals(totals map[string]Cell) {
	t.totals = totals
	t.layout()
}

// Count returns the number of rows, and false while it is not known.
func (t *Table[R]) Count() (int, bool) { return t.window.count, t.window.known }

// Selected returns the chosen row, if it is loaded.
func (t *Table[R]) Selected() (R, bool) { return t.window.row(t.grid.row) }

// Select chooses a row by its index and brings it into view.
func (t *Table[R]) Select(row int) { t.grid.choose(row, t.grid.col) }

// Close stops loading and waits for the loader to end.
func (t *Table[R]) Close() { t.window.close() }

// Focus returns what takes the keyboard: window.Canvas().Focus(table.Focus()).
func (t *Table[R]) Focus() fyne.Focusable { return t.grid }

// Copy returns the chosen row, or with Cells the chosen cell, as the clipboard
// gets it: cells separated by tabs.
func (t *Table[R]) Copy() string {
	row, ok := t.window.row(t.grid.row)
	if !ok {
		return ""
	}
	if t.options.Cells && t.grid.col < len(t.shown) {
		return t.columns[t.shown[t.grid.col]].Text(row)
	}
	texts := make([]string, len(t.shown))
	for i, c := range t.shown {
		texts[i] = oneLine(t.columns[c].Text(row))
	}
	return strings.Join(texts, "\t")
}

// rows implements cells. While the count is not known a few rows of bones say
// that something comes.
func (t *Table[R]) rows() int {
	if !t.window.known {
		if t.window.broken {
			return 0
		}
		return min(8, t.grid.page())
	}
	return t.window.count
}

// cell implements cells.
func (t *Table[R]) cell(row, col int) (Cell, bool) {
	r, ok := t.window.row(row)
	if !ok || col < 0 || col >= len(t.shown) {
		return Cell{}, false
	}
	return t.columns[t.shown[col]].cell(r), true
}

// heavy implements cells.
func (t *Table[R]) heavy(row int) bool {
	r, ok := t.window.row(row)
	return ok && t.options.Heavy != nil && t.options.Heavy(r)
}

// wants implements cells.
func (t *Table[R]) wants(first, last int) { t.window.want(first, last) }

func (t *Table[R]) changed() {
	if t.options.OnCount != nil {
		t.options.OnCount(t.window.count)
	}
	if t.options.Empty != nil {
		show(t.options.Empty, t.window.known && t.window.count == 0)
	}
	if t.grid.Size().Width > 0 {
		t.grid.redraw()
	}
}

func (t *Table[R]) failed(err error) {
	if t.options.OnError != nil {
		t.options.OnError(err)
	}
	if t.grid.Size().Width > 0 {
		t.grid.redraw()
	}
}

func (t *Table[R]) tell(row int, to func(R)) {
	if r, ok := t.window.row(row); ok && to != nil {
		to(r)
	}
}

func (t *Table[R]) open(row, col int) {
	if r, ok := t.window.row(row); ok && t.options.OnOpen != nil && col < len(t.shown) {
		t.options.OnOpen(r, t.columns[t.shown[col]].ID)
	}
}

// sort orders by a shown column: the first time down for figures and up for
// words, then the other way.
func (t *Table[R]) sort(col int) {
	c := t.columns[t.shown[col]]
	order := Order{Column: c.ID, Desc: c.Align == Right}
	if t.state.Order.Column == c.ID {
		order.Desc = !t.state.Order.Desc
	}
	t.SetOrder(order)
	t.saved()
}

// SetOrder sorts the rows.
func (t *Table[R]) SetOrder(order Order) {
	t.state.Order = order
	if t.grid.row >= 0 {
		t.grid.row = 0
	}
	t.grid.y = 0
	t.window.reset(t.window.source, order, true)
	t.layout()
}

// CreateRenderer implements fyne.Widget.
func (t *Table[R]) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{t.grid}
	if t.options.Empty != nil {
		show(t.options.Empty, t.window.known && t.window.count == 0)
		objects = append(objects, t.options.Empty)
	}
	return &tableView[R]{table: t, objects: objects}
}

type tableView[R any] struct {
	table   *Table[R]
	objects []fyne.CanvasObject
}

func (v *tableView[R]) Destroy()                     {}
func (v *tableView[R]) Objects() []fyne.CanvasObject { return v.objects }
func (v *tableView[R]) MinSize() fyne.Size           { return v.table.grid.MinSize() }

func (v *tableView[R]) Layout(size fyne.Size) {
	v.table.measure(size.Width)
	v.table.grid.Resize(size)
	if len(v.objects) > 1 {
		head := theme.Scaled(theme.Row)
		v.objects[1].Move(fyne.NewPos(0, head))
		v.objects[1].Resize(fyne.NewSize(size.Width, max(size.Height-head, 0)))
	}
}

func (v *tableView[R]) Refresh() {
	v.table.measure(v.table.Size().Width)
	for _, o := range v.objects {
		o.Refresh()
	}
}
