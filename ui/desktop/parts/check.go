package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Check is Fyne's check box; a column follows it, and the window's keys work
// while it has the focus.
type Check struct{ widget.Check }

// NewCheck returns a check box; changed may be nil.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	reveal()
	c.Check.FocusGained()
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if !passKey(k) {
		c.Check.TypedKey(k)
	}
}

// iconButton is Fyne's button with a picture, in the same way.
type iconButton struct{ widget.Button }

func newIconButton(icon fyne.Resource, tapped func()) *iconButton {
	b := &iconButton{}
	b.Icon, b.OnTapped, b.Importance = icon, tapped, widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// FocusGained implements fyne.Focusable.
func (b *iconButton) FocusGained() {
	reveal()
	b.Button.FocusGained()
}

// TypedKey implements fyne.Focusable.
func (b *iconButton) TypedKey(k *fyne.KeyEvent) {
	if !passKey(k) {
		b.Button.TypedKey(k)
	}
}
