package parts

import (
	"slices"
	"weak"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/ui/desktop/theme"
)

// scrolls are all of [NewScroll] that are in use. Fyne tells no object in what
// it lies.
var scrolls []weak.Pointer[container.Scroll]

// NewScroll is a column that scrolls, and follows the focus: what Tab comes to
// is brought into view, which Fyne's own does not. UI goroutine only.
func NewScroll(content fyne.CanvasObject) *container.Scroll {
	s := container.NewVScroll(content)
	scrolls = slices.DeleteFunc(scrolls, func(w weak.Pointer[container.Scroll]) bool { return w.Value() == nil })
	scrolls = append(scrolls, weak.Make(s))
	return s
}

// reveal scrolls until what has the focus can be seen.
func reveal() {
	c := focusedCanvas()
	if c == nil {
		return
	}
	o, ok := c.Focused().(fyne.CanvasObject)
	if !ok {
		return
	}
	for _, w := range scrolls {
		if s := w.Value(); s != nil && s.Visible() && s.Content != nil && s.Size().Height > 0 && lies(o, s.Content) {
			follow(s, o)
		}
	}
}

// lies reports whether an object lies in another, which it does when it moves
// with it.
func lies(o, in fyne.CanvasObject) bool {
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	at, place := in.Position(), where(o)
	in.Move(at.AddXY(0, 1))
	moved := where(o) != place
	in.Move(at)
	return moved
}

// follow shows an object that lies in a column, with a little room around it.
// The top of what is higher than the column comes first.
func follow(s *container.Scroll, o fyne.CanvasObject) {
	where, room := fyne.CurrentApp().Driver().AbsolutePositionForObject, theme.Scaled(theme.Space2)
	top := where(o).Y - where(s).Y
	bottom := top + o.Size().Height
	y := s.Offset.Y
	switch {
	case bottom > s.Size().Height:
		y += min(bottom+room-s.Size().Height, top-room)
	case top < 0:
		y += top - room
	}
	y = max(min(y, s.Content.Size().Height-s.Size().Height), 0)
	s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
}
