package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// NewParagraph returns text that wraps to its width.
func NewParagraph(text string, tone Tone) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	switch tone {
	case Muted, Hint:
		l.Importance = widget.LowImportance
	case Loss:
		l.Importance = widget.DangerImportance
	case Warn:
		l.Importance = widget.WarningImportance
	}
	return l
}

// EmptyState says that there is nothing here yet and the one thing to do about
// it.
type EmptyState struct {
	widget.BaseWidget
	sentence string
	button   *Button
}

// NewEmptyState returns an empty state; without a word for the action it has
// no button.
func NewEmptyState(sentence, action string, tapped func()) *EmptyState {
	e := &EmptyState{sentence: sentence, button: NewButton(action, Primary, tapped)}
	show(e.button, action != "")
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer implements fyne.Widget.
func (e *EmptyState) CreateRenderer() fyne.WidgetRenderer {
	lines := []*canvas.Text{centred("", theme.TextSection, Muted), centred("", theme.TextSection, Muted), centred("", theme.TextSection, Muted)}
	return newView(
		func() fyne.Size {
			return fyne.NewSize(theme.Scaled(200), theme.Scaled(120)).Max(e.button.MinSize())
		},
		func() {
			for _, l := range lines {
				style(l, theme.TextSection, Muted)
			}
		},
		func(s fyne.Size) {
			wrapped := wrapText(e.sentence, min(s.Width, theme.Scaled(460)), lines[0].TextSize, fyne.TextStyle{}, len(lines))
			row, button := theme.Scaled(22), e.button.MinSize()
			y := (s.Height - row*float32(len(wrapped)) - theme.Scaled(theme.Space4) - button.Height) / 2
			for i, l := range lines {
				l.Text = ""
				if i < len(wrapped) {
					l.Text = wrapped[i]
				}
				setAt(l, 0, y+float32(i)*row, s.Width, row)
			}
			y += row*float32(len(wrapped)) + theme.Scaled(theme.Space4)
			setAt(e.button, (s.Width-button.Width)/2, y, button.Width, button.Height)
		},
		lines[0], lines[1], lines[2], e.button,
	)
}

func centred(text string, size float32, tone Tone) *canvas.Text {
	t := newText(text, size, tone)
	t.Alignment = fyne.TextAlignCenter
	return t
}

// Problem is what an error state tells, in sentences ready to show.
type Problem struct {
	What    string // what happened
	Since   string // since when; may be empty
	Works   string // what still works; may be empty
	Action  string // the one button's word; empty for none
	Details string // folded; may be empty
	Folded  string // the fold's word
}

// NewErrorState tells what went wrong and what to do.
func NewErrorState(p Problem, act func()) fyne.CanvasObject {
	mark := newMark("!", Loss)
	what := widget.NewLabel(p.What)
	what.Wrapping, what.TextStyle.Bold = fyne.TextWrapWord, true
	box := container.New(layout.NewCustomPaddedVBoxLayout(0), what)
	for _, s := range []string{p.Since, p.Works} {
		if s != "" {
			box.Add(NewParagraph(s, Muted))
		}
	}
	if p.Action != "" {
		// As far in as the sentences above it.
		in := theme.Scaled(theme.Space2)
		box.Add(container.New(layout.NewCustomPaddedLayout(0, in, in, in), container.NewHBox(NewButton(p.Action, Primary, act), layout.NewSpacer())))
	}
	if p.Details != "" {
		details := widget.NewLabel(p.Details)
		details.Wrapping, details.TextStyle.Monospace, details.Selectable = fyne.TextWrapBreak, true, true
		box.Add(widget.NewAccordion(widget.NewAccordionItem(p.Folded, details)))
	}
	return container.NewVScroll(container.NewBorder(nil, nil, container.NewVBox(mark), nil, box))
}

// newMark is a round sign with a letter, for what must be seen without colour.
func newMark(letter string, tone Tone) *mark {
	m := &mark{letter: letter, tone: tone}
	m.ExtendBaseWidget(m)
	return m
}

type mark struct {
	widget.BaseWidget
	letter string
	tone   Tone
}

// CreateRenderer implements fyne.Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	disc, text := frameOf(), bold(centred(m.letter, theme.TextBody, m.tone))
	return newView(
		func() fyne.Size { return fyne.NewSquareSize(theme.Scaled(24)) },
		func() {
			style(text, theme.TextBody, m.tone)
			dressFrame(disc, theme.Now().Sheet, colorOf(m.tone), 12, false)
			disc.StrokeWidth = 2
		},
		func(s fyne.Size) {
			side := theme.Scaled(22)
			setAt(disc, (s.Width-side)/2, theme.Scaled(6), side, side)
			setAt(text, (s.Width-side)/2, theme.Scaled(6), side, side)
		},
		disc, text,
	)
}

// Skeleton stands for text still loading: lines of bones.
type Skeleton struct {
	widget.BaseWidget
	lines int
}

// NewSkeleton returns bones for some lines of text.
func NewSkeleton(lines int) *Skeleton {
	s := &Skeleton{lines: lines}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Skeleton) CreateRenderer() fyne.WidgetRenderer {
	objects := make([]fyne.CanvasObject, s.lines)
	for i := range objects {
		objects[i] = frameOf()
	}
	return newView(
		func() fyne.Size { return fyne.NewSize(theme.Scaled(80), float32(s.lines)*theme.Scaled(22)) },
		func() {
			for _, o := range objects {
				dressFrame(o.(*canvas.Rectangle), theme.Now().Skeleton, nil, 3, false)
				o.(*canvas.Rectangle).StrokeWidth = 0
			}
		},
		func(size fyne.Size) {
			for i, o := range objects {
				share := [...]float32{0.9, 0.7, 0.8, 0.5}[i%4]
				setAt(o, 0, float32(i)*theme.Scaled(22)+theme.Scaled(6), size.Width*share, theme.Scaled(10))
			}
		},
		objects...,
	)
}
