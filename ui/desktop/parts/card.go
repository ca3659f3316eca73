package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// Card is a sheet with an optional heading, a note at its right, and content.
type Card struct {
	widget.BaseWidget
	title, note string
	content     fyne.CanvasObject
	flush       bool
}

// NewCard returns a card. Title and note may be empty.
func NewCard(title, note string, content fyne.CanvasObject) *Card {
	c := &Card{title: title, note: note, content: content}
	c.ExtendBaseWidget(c)
	return c
}

// NewSheet returns a card without heading whose content reaches its edges, as
// a table does.
func NewSheet(content fyne.CanvasObject) *Card {
	c := &Card{content: content, flush: true}
	c.ExtendBaseWidget(c)
	return c
}

// SetNote changes the note.
func (c *Card) SetNote(note string) { c.note = note; c.Refresh() }

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	frame := frameOf()
	title, note := bold(newText(c.title, theme.TextSection, Normal)), newText("", theme.TextCaption, Hint)
	note.Alignment = fyne.TextAlignTrailing
	inset := func() float32 {
		if c.flush {
			return theme.Scaled(theme.Space1)
		}
		return theme.Scaled(theme.Space4)
	}
	head := func() float32 {
		if c.title == "" && c.note == "" {
			return 0
		}
		return textSize(title).Height + theme.Scaled(theme.Space2)
	}
	return newView(
		func() fyne.Size {
			m := c.content.MinSize()
			return fyne.NewSize(max(m.Width, textSize(title).Width)+2*inset(), m.Height+head()+2*inset())
		},
		func() {
			k := theme.Now()
			dressFrame(frame, k.Sheet, k.Line, theme.Radius, false)
			style(title, theme.TextSection, Normal)
			style(note, theme.TextCaption, Hint)
			title.Text, note.Text = c.title, c.note
		},
		func(s fyne.Size) {
			in, h := inset(), head()
			setAt(frame, 0, 0, s.Width, s.Height)
			w := s.Width - 2*in
			title.Text = cutText(c.title, w, title.TextSize, title.TextStyle)
			left := textSize(title).Width
			note.Text = cutText(c.note, w-left-theme.Scaled(theme.Space2), note.TextSize, note.TextStyle)
			setAt(title, in, in-theme.Scaled(2), left, textSize(title).Height)
			setAt(note, in+left, in-theme.Scaled(2), w-left, textSize(title).Height)
			setAt(c.content, in, in+h, w, s.Height-2*in-h)
		},
		frame, title, note, c.content,
	)
}

// Drawer shows the detail of a row at the right: a heading, a close button,
// content that scrolls.
type Drawer struct {
	widget.BaseWidget
	title, note string
	close       *Button
	content     fyne.CanvasObject
}

// NewDrawer returns a drawer; closeWord is the close button's word.
func NewDrawer(title, note, closeWord string, content fyne.CanvasObject, onClose func()) *Drawer {
	d := &Drawer{title: title, note: note, content: content, close: NewButton(closeWord, Text, onClose)}
	d.ExtendBaseWidget(d)
	return d
}

// SetContent puts other content into the drawer.
func (d *Drawer) SetContent(title, note string, content fyne.CanvasObject) {
	d.title, d.note, d.content = title, note, content
	d.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (d *Drawer) CreateRenderer() fyne.WidgetRenderer {
	frame, rule := frameOf(), frameOf()
	title, note := bold(newText("", theme.TextSection, Normal)), newText("", theme.TextCaption, Muted)
	scroll := NewScroll(d.content)
	return newView(
		func() fyne.Size { return fyne.NewSize(theme.Scaled(theme.Drawer)/2, theme.Scaled(160)) },
		func() {
			k := theme.Now()
			dressFrame(frame, k.Sheet, k.Line, theme.Radius, false)
			rule.FillColor = k.Line
			style(title, theme.TextSection, Normal)
			style(note, theme.TextCaption, Muted)
			if scroll.Content != d.content {
				scroll.Content = d.content
				scroll.ScrollToTop()
			}
		},
		func(s fyne.Size) {
			in := theme.Scaled(theme.Space4)
			button := d.close.MinSize()
			w := s.Width - 2*in
			room := w - button.Width
			title.Text = cutText(d.title, room, title.TextSize, title.TextStyle)
			note.Text = cutText(d.note, w, note.TextSize, note.TextStyle)
			setAt(frame, 0, 0, s.Width, s.Height)
			setAt(title, in, in, room, button.Height)
			setAt(d.close, s.Width-in-button.Width, in, button.Width, button.Height)
			y := in + button.Height
			if d.note != "" {
				setAt(note, in, y, w, textSize(note).Height)
				y += textSize(note).Height
			}
			y += theme.Scaled(theme.Space2)
			setAt(rule, in, y, w, theme.Hairline)
			y += theme.Scaled(theme.Space2)
			setAt(scroll, in, y, w, s.Height-y-in)
		},
		frame, rule, title, note, d.close, scroll,
	)
}
