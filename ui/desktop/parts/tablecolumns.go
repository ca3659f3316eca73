package parts

import (
	"cmp"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

const (
	minColumn = 40 // units; narrower a column cannot be found again
	gutter    = 8  // units at the right for the scroll bar
)

// State returns what the user chose about columns and order.
func (t *Table[R]) State() TableState {
	s := t.state
	s.Hidden, s.Shown, s.Widths = slices.Clone(s.Hidden), slices.Clone(s.Shown), maps.Clone(s.Widths)
	return s
}

// Restore applies a saved state. Columns that no longer exist are ignored;
// ones that are new are shown as they come.
func (t *Table[R]) Restore(s TableState) {
	t.state = s
	t.state.Widths = maps.Clone(s.Widths)
	t.choose()
	t.SetOrder(s.Order)
}

// Toggle shows or hides a column; the last one stays.
func (t *Table[R]) Toggle(id string) {
	i := slices.IndexFunc(t.columns, func(c Column[R]) bool { return c.ID == id })
	if i < 0 {
		return
	}
	on := t.isShown(i)
	if on && len(t.shown) == 1 {
		return
	}
	drop := func(s []string) []string {
		return slices.DeleteFunc(slices.Clone(s), func(have string) bool { return have == id })
	}
	t.state.Hidden, t.state.Shown = drop(t.state.Hidden), drop(t.state.Shown)
	switch hidden := t.columns[i].Hidden; {
	case on && !hidden:
		t.state.Hidden = append(t.state.Hidden, id)
	case !on && hidden:
		t.state.Shown = append(t.state.Shown, id)
	}
	t.choose()
	t.layout()
	t.saved()
}

func (t *Table[R]) isShown(i int) bool {
	c := t.columns[i]
	if c.Hidden {
		return slices.Contains(t.state.Shown, c.ID)
	}
	return !slices.Contains(t.state.Hidden, c.ID)
}

func (t *Table[R]) choose() {
	t.shown = t.shown[:0:0]
	for i := range t.columns {
		if t.isShown(i) {
			t.shown = append(t.shown, i)
		}
	}
	if len(t.shown) == 0 && len(t.columns) > 0 {
		t.shown = []int{0}
	}
	t.grid.col = min(t.grid.col, max(len(t.shown)-1, 0))
}

// Chooser returns the list of columns as check boxes, for a popup.
func (t *Table[R]) Chooser() fyne.CanvasObject {
	box := container.NewVBox()
	for i, c := range t.columns {
		check := widget.NewCheck(cmp.Or(c.title(), c.ID), nil)
		check.Checked = t.isShown(i)
		check.OnChanged = func(on bool) {
			if on != t.isShown(i) {
				t.Toggle(c.ID)
			}
			check.SetChecked(t.isShown(i)) // the last column stays
		}
		box.Add(check)
	}
	return box
}

// resizeColumn keeps a width chosen by hand, in unscaled units.
func (t *Table[R]) resizeColumn(col int, width float32) {
	if col >= len(t.shown) {
		return
	}
	if t.state.Widths == nil {
		t.state.Widths = map[string]float32{}
	}
	scale := theme.Scaled(1)
	t.state.Widths[t.columns[t.shown[col]].ID] = max(width/scale, minColumn)
	t.layout()
	t.saved()
}

func (t *Table[R]) saved() {
	if t.options.OnState != nil {
		t.options.OnState(t.State())
	}
}

// layout follows a change of columns, totals, order or row height.
func (t *Table[R]) layout() {
	if t.grid.Size().Width == 0 {
		return
	}
	t.measure(t.Size().Width)
	t.grid.redraw()
}

// measure computes the columns' widths: as described or as chosen by hand,
// then what is left over goes to those that grow.
func (t *Table[R]) measure(width float32) {
	t.grid.columns = t.grid.columns[:0:0]
	t.grid.compact = t.state.Compact
	t.grid.sortCol, t.grid.sortUp = -1, !t.state.Order.Desc
	var used, grow float32
	grows := make([]float32, len(t.shown))
	for i, c := range t.shown {
		column := t.columns[c]
		w := column.Width
		if chosen, ok := t.state.Widths[column.ID]; ok {
			w = chosen
		} else {
			grows[i] = column.Grow
		}
		if column.ID == t.state.Order.Column && t.state.Order.Column != "" {
			t.grid.sortCol = i
		}
		w = theme.Scaled(max(w, minColumn))
		used, grow = used+w, grow+grows[i]
		t.grid.columns = append(t.grid.columns, gridColumn{
			title: column.title(), width: w, align: column.Align, mono: column.Mono, sortable: column.sortable(),
		})
	}
	t.spread(width-theme.Scaled(gutter)-used, grow, grows)
	t.sums()
}

// spread gives what is left over to the columns that grow. When it is less
// than nothing they give, to two thirds of their width, before the table
// scrolls sideways.
func (t *Table[R]) spread(spare, grow float32, grows []float32) {
	if grow == 0 {
		return
	}
	for i := range t.grid.columns {
		c := &t.grid.columns[i]
		if grows[i] > 0 {
			least := max(c.width*2/3, theme.Scaled(minColumn))
			c.width = max(c.width+spare*grows[i]/grow, least)
		}
	}
}

func (t *Table[R]) sums() {
	t.grid.totals = nil
	if t.totals == nil {
		return
	}
	t.grid.totals = make([]Cell, len(t.shown))
	for i, c := range t.shown {
		t.grid.totals[i] = t.totals[t.columns[c].ID]
	}
}
