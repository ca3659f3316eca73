package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Fyne's widgets to choose with keep every key to themselves while they have the
// focus. These give the window its own, such as Esc, as [Entry] does.

// Select is Fyne's drop-down.
type Select struct{ widget.Select }

// NewSelect returns a drop-down of words; changed, which may be nil, hears of
// another choice.
func NewSelect(words []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = words, changed
	s.ExtendBaseWidget(s)
	return s
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() {
	reveal()
	s.Select.FocusGained()
}

// TypedKey implements fyne.Focusable. Return opens the list, as Space does.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case !passKey(k):
		s.Select.TypedKey(k)
	}
}

// DateEntry is Fyne's entry of a day.
type DateEntry struct{ widget.DateEntry }

// NewDateEntry returns an empty one.
func NewDateEntry() *DateEntry {
	e := &DateEntry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *DateEntry) FocusGained() {
	reveal()
	e.DateEntry.FocusGained()
}

// TypedKey implements fyne.Focusable.
func (e *DateEntry) TypedKey(k *fyne.KeyEvent) {
	if !passKey(k) {
		e.DateEntry.TypedKey(k)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *DateEntry) TypedShortcut(s fyne.Shortcut) {
	if !passShortcut(s) {
		e.DateEntry.TypedShortcut(s)
	}
}

// List is Fyne's list.
type List struct{ widget.List }

// NewList returns a list of length rows; see [widget.NewList].
func NewList(length func() int, create func() fyne.CanvasObject, update func(row int, o fyne.CanvasObject)) *List {
	l := &List{}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(k *fyne.KeyEvent) {
	if !passKey(k) {
		l.List.TypedKey(k)
	}
}
