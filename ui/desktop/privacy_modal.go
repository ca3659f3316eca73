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

// modal is a question or an answer above the window. It is closed by its
// buttons only.
type modal struct{ pop *widget.PopUp }

// newModal makes a modal with a title, content that scrolls, and buttons at its
// foot. Its size is in units of scale 1, and never more than the window has.
func newModal(e *env, title string, content fyne.CanvasObject, size fyne.Size, buttons ...fyne.CanvasObject) *modal {
	foot := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
	body := container.NewBorder(
		container.NewVBox(parts.NewLabel(title, theme.TextTitle, parts.Normal).Bold(), spacer(theme.Space1)),
		container.NewVBox(spacer(theme.Space1), foot), nil, nil, scrollColumn(content))
	in := theme.Scaled(theme.Space3)
	m := &modal{pop: widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(in, in, in, in), body), e.window.Canvas())}
	room := e.window.Canvas().Size()
	m.pop.Resize(fyne.NewSize(min(theme.Scaled(size.Width), room.Width-40), min(theme.Scaled(size.Height), room.Height-40)))
	return m
}

func (m *modal) show() { m.pop.Show() }

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
