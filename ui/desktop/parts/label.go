package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// Label is one line of text in a tone, cut to its width. It follows the
// theme, and costs a tenth of Fyne's label with an ellipsis.
type Label struct {
	widget.BaseWidget
	text  string
	size  float32
	tone  Tone
	align Align
	keep  bool // never cut
	bold  bool
}

// NewLabel returns a line of text; size is one of the theme's, unscaled.
func NewLabel(text string, size float32, tone Tone) *Label {
	l := &Label{text: text, size: size, tone: tone}
	l.ExtendBaseWidget(l)
	return l
}

// NewMoney returns an amount as accountants write it, right-aligned; a loss is
// in parentheses and in its colour.
func NewMoney(l *format.Locale, m books.Money) *Label {
	label := NewLabel("", theme.TextBody, Normal)
	label.align = Right
	label.SetMoney(l, m)
	return label
}

// Bold sets the line in bold and returns it.
func (l *Label) Bold() *Label { l.bold = true; return l }

// Right aligns the line right and returns it.
func (l *Label) Right() *Label { l.align = Right; return l }

// SetText changes text and tone.
func (l *Label) SetText(text string, tone Tone) {
	l.text, l.tone = text, tone
	l.Refresh()
}

// SetMoney shows an amount.
func (l *Label) SetMoney(locale *format.Locale, m books.Money) {
	cell := MoneyCell(locale, m)
	l.SetText(cell.Text, cell.Tone)
}

// Text returns the whole text.
func (l *Label) Text() string { return l.text }

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	text := newText("", l.size, l.tone)
	dress := func() {
		style(text, l.size, l.tone)
		text.TextStyle.Bold = l.bold
		text.Alignment = fyne.TextAlignLeading
		if l.align == Right {
			text.Alignment = fyne.TextAlignTrailing
		}
	}
	return newView(
		func() fyne.Size {
			dress()
			s := theme.Measure(l.text, text.TextSize, text.TextStyle)
			if l.align == Left && !l.keep {
				s.Width = min(s.Width, theme.Scaled(40)) // it can be cut; figures cannot
			}
			return s
		},
		dress,
		func(s fyne.Size) {
			text.Text = cutText(l.text, s.Width, text.TextSize, text.TextStyle)
			setAt(text, 0, 0, s.Width, s.Height)
		},
		text,
	)
}

// MoneyCell is a table's cell of an amount: a loss in parentheses and in its
// colour, zero quiet.
func MoneyCell(l *format.Locale, m books.Money) Cell {
	c := Cell{Text: l.Statement(m)}
	switch {
	case m.Minor < 0:
		c.Tone = Loss
	case m.Minor == 0:
		c.Tone = Muted
	}
	return c
}

// PostingCell is a table's cell of what was posted. Fees and refunds are taken
// every day: red would cry at each, so it stays with sums and results.
func PostingCell(l *format.Locale, m books.Money) Cell {
	c := MoneyCell(l, m)
	if c.Tone == Loss {
		c.Tone = Normal
	}
	return c
}

// UnknownCell is a table's cell of a figure that is not known, with the reason
// on hover.
func UnknownCell(reason string) Cell {
	return Cell{Text: format.Unknown, Tone: Hint, Tip: reason}
}

// mask is shown for what is hidden: always the same, for its length would
// tell something.
const mask = "••••••"

// Masked shows a person's datum only when asked: a press shows it, another
// hides it.
type Masked struct {
	press
	text   string
	shown  bool
	reveal func()
}

// NewMasked returns a masked text; reveal, which may be nil, hears of each
// time it is shown (the audit log does). what names the datum to screen
// readers, which are not told the text while it is masked.
func NewMasked(what, text string, reveal func()) *Masked {
	m := &Masked{text: text, reveal: reveal}
	m.label = what
	m.OnTapped = m.toggle
	m.ExtendBaseWidget(m)
	return m
}

func (m *Masked) toggle() {
	m.shown = !m.shown
	if m.shown && m.reveal != nil {
		m.reveal()
	}
	m.Refresh()
}

// Mask hides the text again, as when the window locks.
func (m *Masked) Mask() { m.shown = false; m.Refresh() }

// Shown reports whether the text can be read.
func (m *Masked) Shown() bool { return m.shown }

func (m *Masked) visibleText() string {
	if m.shown {
		return strings.TrimSpace(oneLine(m.text))
	}
	return mask
}

// CreateRenderer implements fyne.Widget.
func (m *Masked) CreateRenderer() fyne.WidgetRenderer {
	frame, text := frameOf(), newText("", theme.TextBody, Normal)
	return newView(
		func() fyne.Size {
			return fyne.NewSize(theme.Scaled(80), textSize(newText("X", theme.TextBody, Normal)).Height+theme.Scaled(theme.Space1))
		},
		func() {
			style(text, theme.TextBody, Normal)
			if !m.shown {
				text.Color = theme.Now().Ink3
			}
			dressFrame(frame, nil, nil, 4, m.ring)
			if m.hovered {
				frame.FillColor = theme.Now().Hover
			}
		},
		func(s fyne.Size) {
			setAt(frame, 0, 0, s.Width, s.Height)
			text.Text = cutText(m.visibleText(), s.Width-2*theme.Scaled(theme.Space1), text.TextSize, text.TextStyle)
			setAt(text, theme.Scaled(theme.Space1), 0, s.Width, s.Height)
		},
		frame, text,
	)
}

// Whole keeps the line from being cut: its least width is its text's.
func (l *Label) Whole() *Label { l.keep = true; return l }
