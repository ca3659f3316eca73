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
	return followed(container.NewVScroll(content))
}

// NewRoom is content that scrolls in both directions where it needs more than
// there is, as large letters do in a small window. It asks for no more than
// least, and follows the focus as [NewScroll] does. UI goroutine only.
func NewRoom(content fyne.CanvasObject, least fyne.Size) *container.Scroll {
	s := container.NewScroll(content)
	s.SetMinSize(least)
	return followed(s)
}

func followed(s *container.Scroll) *container.Scroll {
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
	for _, w := range slices.Backward(scrolls) { // what lies in another one was made later, and moves first
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

// follow shows an object that lies in what scrolls, with a little room around
// it. The beginning of what is larger than the room comes first.
func follow(s *container.Scroll, o fyne.CanvasObject) {
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	at, size, room, all := where(o).Subtract(where(s)), o.Size(), s.Size(), s.Content.Size()
	to := s.Offset
	to.Y += into(at.Y, size.Height, room.Height)
	to.Y = max(min(to.Y, all.Height-room.Height), 0)
	if s.Direction == container.ScrollBoth {
		to.X += into(at.X, size.Width, room.Width)
		to.X = max(min(to.X, all.Width-room.Width), 0)
	}
	s.ScrollToOffset(to)
}

// into is how far something at a place has to move to be seen in a room.
func into(at, length, room float32) float32 {
	edge := theme.Scaled(theme.Space2)
	switch {
	case at+length > room:
		return min(at+length+edge-room, at-edge)
	case at < 0:
		return at - edge
	}
	return 0
}
