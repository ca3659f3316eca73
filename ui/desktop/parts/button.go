package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/ui/desktop/theme"
)

// Weight says how much a button asks for.
type Weight int

// The weights. A screen has at most one Primary.
const (
	Quiet   Weight = iota
	Primary        // the one thing to do
	Danger         // destroys
	Text           // a link: no border
	Plain          // a caption that can be pressed
)

// Button is a word to press.
type Button struct {
	press
	text   string
	weight Weight
	small  bool // a caption
}

// NewButton returns a button.
func NewButton(text string, weight Weight, tapped func()) *Button {
	b := &Button{text: text, weight: weight}
	b.label, b.OnTapped = text, tapped
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the word.
func (b *Button) SetText(text string) {
	b.text, b.label = text, text
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	frame, text := frameOf(), newText(b.text, theme.TextBody, Normal)
	text.Alignment = fyne.TextAlignCenter
	return newView(
		func() fyne.Size {
			s := theme.Measure(b.text, text.TextSize, text.TextStyle)
			if b.weight == Text || b.weight == Plain {
				return fyne.NewSize(s.Width+theme.Scaled(theme.Space1)*2, s.Height+theme.Scaled(theme.Space1))
			}
			return fyne.NewSize(s.Width+theme.Scaled(theme.Space3)*2, theme.Scaled(theme.Control))
		},
		func() { b.dress(frame, text) },
		func(s fyne.Size) {
			setAt(frame, 0, 0, s.Width, s.Height)
			text.Text = cutText(b.text, s.Width-theme.Scaled(theme.Space1)*2+1, text.TextSize, text.TextStyle)
			setAt(text, 0, 0, s.Width, s.Height)
		},
		frame, text,
	)
}

func (b *Button) dress(frame *canvas.Rectangle, text *canvas.Text) {
	k := theme.Now()
	text.Text = b.text
	style(text, theme.TextBody, Normal)
	if b.weight == Plain || b.small {
		style(text, theme.TextCaption, Muted)
	}
	var fill, border color.Color = k.Sheet, k.Edge
	switch b.weight {
	case Primary:
		fill, border, text.Color = k.Accent, k.Accent, k.OnAccent
	case Danger:
		border, text.Color = k.Loss, k.Loss
	case Text:
		fill, border, text.Color = color.Transparent, color.Transparent, k.Accent
	case Plain:
		fill, border = color.Transparent, color.Transparent
	}
	if b.hovered && b.weight != Primary {
		fill = k.Hover
	}
	if b.disabled {
		fill, border, text.Color = k.Hover, k.Line, k.Ink3
	}
	dressFrame(frame, fill, border, theme.RadiusSmall, b.ring)
	if b.ring && b.weight == Primary {
		frame.StrokeColor = k.Ink // the accent would not show on itself
	}
}

// Chip is a filter that is on or off, with how many it would show.
type Chip struct {
	press
	ID    string
	text  string
	count string
	on    bool
}

// NewChip returns a chip; count may be empty.
func NewChip(id, text, count string, tapped func()) *Chip {
	c := &Chip{ID: id, text: text, count: count}
	c.label, c.OnTapped = text+" "+count, tapped
	c.ExtendBaseWidget(c)
	return c
}

// SetOn turns the chip on or off without telling anyone.
func (c *Chip) SetOn(on bool) { c.on = on; c.Refresh() }

// On reports whether the chip is on.
func (c *Chip) On() bool { return c.on }

// SetCount changes the count.
func (c *Chip) SetCount(count string) {
	c.count, c.label = count, c.text+" "+count
	c.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	frame, text := frameOf(), newText("", theme.TextBody, Muted)
	text.Alignment = fyne.TextAlignCenter
	return newView(
		func() fyne.Size {
			return fyne.NewSize(textSize(text).Width+theme.Scaled(theme.Space3)*2, theme.Scaled(26))
		},
		func() {
			k := theme.Now()
			text.Text = c.text
			if c.count != "" {
				text.Text += " " + c.count
			}
			style(text, theme.TextBody, Muted)
			fill, border := k.Sheet, k.Edge
			if c.hovered {
				fill = k.Hover
			}
			if c.on {
				fill, border, text.Color = k.Selected, k.Accent, k.Accent
			}
			dressFrame(frame, fill, border, 13, c.ring)
		},
		func(s fyne.Size) {
			setAt(frame, 0, 0, s.Width, s.Height)
			setAt(text, 0, 0, s.Width, s.Height)
		},
		frame, text,
	)
}
