package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// spacer is an empty room of a size of the theme.
func spacer(size float32) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSquareSize(theme.Scaled(size)))
}

// modal is a question or an answer above the window. Its buttons close it, and
// Esc unless it is fixed.
type modal struct {
	pop   *widget.PopUp
	fixed bool   // what it shows cannot be seen again, or must be waited for
	gone  func() // runs when Esc closes it; may be nil
	e     *env
}

// modalRoom is the layout around a modal's content, by which Esc finds it.
type modalRoom struct {
	inner fyne.Layout
	m     *modal
}

// Layout implements fyne.Layout.
func (r modalRoom) Layout(o []fyne.CanvasObject, size fyne.Size) { r.inner.Layout(o, size) }

// MinSize implements fyne.Layout.
func (r modalRoom) MinSize(o []fyne.CanvasObject) fyne.Size { return r.inner.MinSize(o) }

// escapeModal closes the modal above the window, if there is one. It reports
// whether anything lies above the window.
func escapeModal(c fyne.Canvas) bool {
	top := c.Overlays().Top()
	if top == nil {
		return false
	}
	// Fyne wraps a pop-up in an overlay of its own.
	around := []fyne.CanvasObject{top}
	if w, ok := top.(fyne.Widget); ok {
		around = append(around, w.CreateRenderer().Objects()...)
	}
	for _, o := range around {
		m := modalIn(o)
		switch pop, ok := o.(*widget.PopUp); {
		case m != nil && !m.fixed:
			m.hide()
			if m.gone != nil {
				m.gone()
			}
		case m == nil && ok && hangs(pop):
			pop.Hide()
		}
	}
	return true
}

// belowLayout is the layout of what hangs below a button, by which Esc finds it.
type belowLayout struct{ inner fyne.Layout }

// Layout implements fyne.Layout.
func (b belowLayout) Layout(o []fyne.CanvasObject, size fyne.Size) { b.inner.Layout(o, size) }

// MinSize implements fyne.Layout.
func (b belowLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return b.inner.MinSize(o) }

func hangs(pop *widget.PopUp) bool {
	box, ok := pop.Content.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = box.Layout.(belowLayout)
	return ok
}

func modalIn(o fyne.CanvasObject) *modal {
	pop, ok := o.(*widget.PopUp)
	if !ok {
		return nil
	}
	if box, ok := pop.Content.(*fyne.Container); ok {
		if room, ok := box.Layout.(modalRoom); ok {
			return room.m
		}
	}
	return nil
}

// newModal makes a modal with a title, content that scrolls, and buttons at its
// foot. Its size is in units of scale 1, and never more than the window has.
func newModal(e *env, title string, content fyne.CanvasObject, size fyne.Size, buttons ...fyne.CanvasObject) *modal {
	return newFullModal(e, title, scrollColumn(content), size, buttons...)
}

// newFullModal is newModal for content that takes all the room, as a table does.
func newFullModal(e *env, title string, content fyne.CanvasObject, size fyne.Size, buttons ...fyne.CanvasObject) *modal {
	foot := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
	body := parts.NewBorder(
		container.NewVBox(parts.NewLabel(title, theme.TextTitle, parts.Normal).Bold(), spacer(theme.Space1)),
		container.NewVBox(spacer(theme.Space1), foot), nil, nil, content)
	in := theme.Scaled(theme.Space3)
	m := &modal{e: e}
	m.pop = widget.NewModalPopUp(container.New(modalRoom{layout.NewCustomPaddedLayout(in, in, in, in), m}, body), e.window.Canvas())
	room := e.window.Canvas().Size()
	m.pop.Resize(fyne.NewSize(min(theme.Scaled(size.Width), room.Width-40), min(theme.Scaled(size.Height), room.Height-40)))
	return m
}

// show does nothing while the book is locked: what work tells at its end is the
// book's too.
func (m *modal) show() {
	if m.e.hidden == nil || !m.e.hidden() {
		m.pop.Show()
	}
}

func (m *modal) hide() { m.pop.Hide() }

// tell shows a modal with one button that closes it.
func tell(e *env, title string, content fyne.CanvasObject, size fyne.Size, more ...fyne.CanvasObject) *modal {
	var m *modal
	m = newModal(e, title, content, size, append(more, parts.NewButton(e.words.T("privacy.close"), parts.Quiet, func() { m.hide() }))...)
	m.show()
	return m
}

// confirm asks before something is done; word is the button's.
func confirm(e *env, title, text, word string, weight parts.Weight, act func()) *modal {
	var m *modal
	m = newModal(e, title, parts.NewParagraph(text, parts.Normal), fyne.NewSize(480, 240),
		parts.NewButton(e.words.T("privacy.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(word, weight, func() { m.hide(); act() }))
	m.show()
	return m
}
