package parts

import (
	"cmp"
	"maps"
	"slices"

	"countinghouse/ui/desktop/theme"
)

const (
	minColumn = 40 // units; narrower a column cannot be found again
	gutter    = 8  // units at the right for the scroll bar
)

// State returns what the user chose about columns and order.
func (t *Table[R]) State() TableState {
	s := t.state
	s.Hidden, s.Shown, s.Columns, s.Widths = slices.Clone(s.Hidden), slices.Clone(s.Shown), slices.Clone(s.Columns), maps.Clone(s.Widths)
	return s
}

// OnState has f called when the user changed columns or order, in place of the
// function of the options.
func (t *Table[R]) OnState(f func(TableState)) { t.options.OnState = f }

// Restore applies a saved state. Columns that no longer exist are ignored;
// ones that are new are shown as they come.
func (t *Table[R]) Restore(s TableState) {
	t.state = s
	t.state.Columns, t.state.Widths = slices.Clone(s.Columns), maps.Clone(s.Widths)
	t.choose()
	t.SetOrder(s.Order)
}

// Toggle shows or hides a column; the last one stays.
func (t *Table[R]) Toggle(id string) {
	i := t.column(id)
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
	t.shown, t.wide = t.shown[:0:0], nil
	for _, i := range t.sequence() {
		if t.isShown(i) {
			t.shown = append(t.shown, i)
		}
	}
	if len(t.shown) == 0 && len(t.columns) > 0 {
		t.shown = []int{0}
	}
	t.yield()
	t.grid.col = min(t.grid.col, max(len(t.shown)-1, 0))
}

// yield leaves out spare columns until the others have room. One that the user
// asked for stays: the table scrolls then.
func (t *Table[R]) yield() {
	if t.width <= 0 {
		return
	}
	for t.least(false) > t.width {
		first := -1
		for place, i := range t.shown {
			c := t.columns[i]
			if c.Spare > 0 && !slices.Contains(t.state.Shown, c.ID) && (first < 0 || c.Spare > t.columns[t.shown[first]].Spare) {
				first = place
			}
		}
		if first < 0 || len(t.shown) == 1 {
			return
		}
		t.shown = slices.Delete(t.shown, first, first+1)
	}
}

// least is the width below which the columns on screen scroll sideways, grown
// counts what they became wider by.
func (t *Table[R]) least(grown bool) float32 {
	sum := theme.Scaled(gutter)
	for _, i := range t.shown {
		c := t.columns[i]
		w := c.Width
		if chosen, ok := t.state.Widths[c.ID]; ok {
			w = chosen
		} else if c.Grow > 0 {
			w = w * 2 / 3
		}
		if grown && w < t.wide[c.ID] {
			w = t.wide[c.ID]
		}
		sum += theme.Scaled(max(w, minColumn))
	}
	return sum
}

// widen gives columns the width that their heads and cells need, as far as
// those that grow can give it: none is left out for it, and the table does not
// begin to scroll.
func (t *Table[R]) widen(needs map[int]float32) bool {
	scale, more := theme.Scaled(1), false
	first := func(a, b int) int { // figures come first: without room they show nothing
		if a < len(t.grid.columns) && b < len(t.grid.columns) && t.grid.columns[a].align != t.grid.columns[b].align {
			return cmp.Compare(t.grid.columns[b].align, t.grid.columns[a].align)
		}
		return cmp.Compare(a, b)
	}
	for _, col := range slices.SortedFunc(maps.Keys(needs), first) {
		if col >= len(t.shown) {
			continue
		}
		c := t.columns[t.shown[col]]
		had, need := t.grid.columns[col].width, needs[col]
		room := t.width - t.least(true)
		if c.Grow > 0 {
			had = max(theme.Scaled(max(c.Width*2/3, minColumn)), theme.Scaled(t.wide[c.ID]))
		}
		if need <= had || need-had > room {
			continue
		}
		if t.wide == nil {
			t.wide = map[string]float32{}
		}
		t.wide[c.ID] = need / scale
		more = true
	}
	if more {
		t.measure(t.width)
	}
	return more
}

// sequence is the columns in the user's order. One that he never saw stands
// behind the one it is described after.
func (t *Table[R]) sequence() []int {
	out := make([]int, 0, len(t.columns))
	for _, id := range t.state.Columns {
		if i := t.column(id); i >= 0 && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	for i := range t.columns {
		if !slices.Contains(out, i) {
			out = slices.Insert(out, slices.Index(out, i-1)+1, i)
		}
	}
	return out
}

func (t *Table[R]) column(id string) int {
	return slices.IndexFunc(t.columns, func(c Column[R]) bool { return c.ID == id })
}

// MoveColumn puts a column by so many places to the left (negative) or right, past
// hidden ones too; at an end it stays.
func (t *Table[R]) MoveColumn(id string, by int) {
	order := t.sequence()
	from := slices.Index(order, t.column(id))
	to := min(max(from+by, 0), len(order)-1)
	if from < 0 || from == to {
		return
	}
	i := order[from]
	order = slices.Insert(slices.Delete(order, from, from+1), to, i)
	t.state.Columns = t.state.Columns[:0:0]
	for _, i := range order {
		t.state.Columns = append(t.state.Columns, t.columns[i].ID)
	}
	t.choose()
	t.layout()
	t.saved()
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
	t.choose()
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
	if t.width != width {
		t.width = width
		t.choose()
	}
	t.grid.columns = t.grid.columns[:0:0]
	t.grid.compact = t.options.Compact || theme.Compact()
	t.grid.sortCol, t.grid.sortUp = -1, !t.state.Order.Desc
	var used float32
	grows := make([]float32, len(t.shown))
	for i, c := range t.shown {
		column := t.columns[c]
		w := column.Width
		chosen, byHand := t.state.Widths[column.ID]
		switch {
		case byHand:
			w = chosen
		case column.Grow > 0:
			grows[i] = column.Grow
		default:
			w = max(w, t.wide[column.ID])
		}
		if column.ID == t.state.Order.Column && t.state.Order.Column != "" {
			t.grid.sortCol = i
		}
		w = theme.Scaled(max(w, minColumn))
		used += w
		t.grid.columns = append(t.grid.columns, gridColumn{
			title: column.title(), width: w, align: column.Align, mono: column.Mono, sortable: column.sortable(),
			grows: grows[i] > 0, chosen: byHand,
		})
	}
	t.spread(width-theme.Scaled(gutter)-used, grows)
	t.sums()
}

// spread gives what is left over to the columns that grow. When it is less
// than nothing they give, to two thirds of their width, before the table
// scrolls sideways: where one can give no more, the others do.
func (t *Table[R]) spread(spare float32, grows []float32) {
	for settled := false; !settled; {
		settled = true
		var grow float32
		for _, g := range grows {
			grow += g
		}
		for i := range t.grid.columns {
			c := &t.grid.columns[i]
			least := max(c.width*2/3, theme.Scaled(minColumn), theme.Scaled(t.wide[t.columns[t.shown[i]].ID]))
			if grows[i] > 0 && c.width+spare*grows[i]/grow < least {
				spare -= least - c.width
				c.width, grows[i], settled = least, 0, false
				break
			}
		}
		if !settled {
			continue
		}
		for i := range t.grid.columns {
			if grows[i] > 0 {
				t.grid.columns[i].width += spare * grows[i] / grow
			}
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
