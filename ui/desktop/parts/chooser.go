package parts

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"

	"countinghouse/ui/desktop/theme"
)

// chooserHeight is how high the list of columns may be before it scrolls.
const chooserHeight = 420

// Chooser returns the list of columns for a popup: a check box for each, and
// buttons that move it.
func (t *Table[R]) Chooser() fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(0))
	var fill func()
	fill = func() {
		box.Objects = nil
		order := t.sequence()
		for place, i := range order {
			box.Add(t.chooserRow(i, place > 0, place < len(order)-1, fill))
		}
		box.Refresh()
	}
	fill()
	scroll := NewScroll(box)
	least := box.MinSize()
	scroll.SetMinSize(fyne.NewSize(least.Width+theme.Scaled(theme.Space3), min(least.Height, theme.Scaled(chooserHeight))))
	return scroll
}

// chooserRow is one column of the list; again draws the list anew.
func (t *Table[R]) chooserRow(i int, up, down bool, again func()) fyne.CanvasObject {
	c := t.columns[i]
	check := NewCheck(cmp.Or(c.title(), c.Name, c.ID), nil)
	check.Checked = t.isShown(i)
	check.OnChanged = func(on bool) {
		if on != t.isShown(i) {
			t.Toggle(c.ID)
		}
		check.SetChecked(t.isShown(i)) // the last column stays
	}
	move := func(icon fyne.Resource, by int, able bool) *iconButton {
		b := newIconButton(icon, func() {
			t.MoveColumn(c.ID, by)
			again()
		})
		if !able {
			b.Disable()
		}
		return b
	}
	return NewBorder(nil, nil, nil, container.NewHBox(move(base.MoveUpIcon(), -1, up), move(base.MoveDownIcon(), 1, down)), check)
}
