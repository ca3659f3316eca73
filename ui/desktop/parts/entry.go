package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry, which keeps to itself only the keys that it has a use
// for: while one types, the window's keys go on working.
type Entry struct {
	widget.Entry
	secret bool
}

// NewEntry returns an entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// NewSecretEntry returns a masked entry, with the eye that shows what was typed.
// F8 does what the eye does.
func NewSecretEntry() *Entry {
	e := NewEntry()
	e.Password, e.secret = true, true
	return e
}

// NewLongEntry returns an entry of several lines.
func NewLongEntry() *Entry {
	e := NewEntry()
	e.MultiLine, e.Wrapping = true, fyne.TextWrapBreak
	return e
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	reveal()
	e.Entry.FocusGained()
}

// AcceptsTab implements fyne.Tabbable: Tab goes on to the next widget, for
// nobody could leave an entry of several lines by the keyboard otherwise.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch {
	case e.secret && k.Name == fyne.KeyF8 && !e.Disabled():
		e.Password = !e.Password
		e.Refresh()
	case !passKey(k):
		e.Entry.TypedKey(k)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if !passShortcut(s) {
		e.Entry.TypedShortcut(s)
	}
}

// passKey gives the window the keys that mean the same wherever the focus is.
// Fyne tells the window of a key only while nothing has the focus.
func passKey(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyEscape && k.Name != fyne.KeyF5 {
		return false
	}
	c := focusedCanvas()
	if c == nil || c.OnTypedKey() == nil {
		return false
	}
	c.OnTypedKey()(k)
	return true
}

// passShortcut gives the window its shortcuts: a letter or a digit. All else,
// such as moving by words, is the widget's.
func passShortcut(s fyne.Shortcut) bool {
	own, ok := s.(*desktop.CustomShortcut)
	if !ok || len(own.KeyName) != 1 {
		return false
	}
	if c, ok := focusedCanvas().(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
	return true
}

// focusedCanvas is the window in which something has the focus, or nil.
func focusedCanvas() fyne.Canvas {
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		if w.Canvas().Focused() != nil {
			return w.Canvas()
		}
	}
	return nil
}
