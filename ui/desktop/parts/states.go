package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// Paragraph is text that wraps to its width. Fyne ends lines at spaces alone;
// Japanese and Chinese end between any two characters, but not before a full
// stop.
type Paragraph struct {
	widget.Label
	whole string
}

// NewParagraph returns text that wraps to its width.
func NewParagraph(text string, tone Tone) *Paragraph {
	l := &Paragraph{whole: text}
	l.ExtendBaseWidget(l)
	l.Text, l.Wrapping = text, fyne.TextWrapWord
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

// SetText changes the text.
func (l *Paragraph) SetText(text string) {
	l.whole = text
	l.Label.SetText(l.wrapped(l.Size().Width))
}

// Resize implements fyne.Widget.
func (l *Paragraph) Resize(s fyne.Size) {
	if text := l.wrapped(s.Width); text != l.Text {
		l.Label.SetText(text)
	}
	l.Label.Resize(s)
}

// paragraphLines is more than any text has.
const paragraphLines = 100

// wrapped is the text for a width, with line ends where it holds Japanese or
// Chinese.
func (l *Paragraph) wrapped(width float32) string {
	th := l.Theme()
	width -= 2 * th.Size(base.SizeNameInnerPadding)
	if width <= 0 || theme.Latin(l.whole) {
		return l.whole
	}
	size := th.Size(base.SizeNameText)
	if l.SizeName != "" {
		size = th.Size(l.SizeName)
	}
	var lines []string
	for part := range strings.SplitSeq(l.whole, "\n") {
		lines = append(lines, strings.Join(wrapText(part, width, size, l.TextStyle, paragraphLines), "\n"))
	}
	return strings.Join(lines, "\n")
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
			wrapped := balanced(e.sentence, min(s.Width, theme.Scaled(460)), lines[0].TextSize, len(lines))
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

// ErrorState tells what went wrong and what to do.
type ErrorState struct {
	widget.BaseWidget
	problem Problem
	button  *Button
	details *widget.Accordion
}

// NewErrorState returns an error state; act runs on its one button.
func NewErrorState(p Problem, act func()) *ErrorState {
	e := &ErrorState{problem: p, button: NewButton(p.Action, Primary, act)}
	show(e.button, p.Action != "")
	text := widget.NewLabel(p.Details)
	text.Wrapping, text.TextStyle.Monospace, text.Selectable = fyne.TextWrapBreak, true, true
	e.details = widget.NewAccordion(widget.NewAccordionItem(p.Folded, text))
	show(e.details, p.Details != "")
	e.ExtendBaseWidget(e)
	return e
}

// AccessibilityLabel implements fyne.Accessible.
func (e *ErrorState) AccessibilityLabel() string {
	return e.problem.What + " " + e.problem.Since + " " + e.problem.Works
}

// AccessibilityRole implements fyne.Accessible.
func (e *ErrorState) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

const sentenceLines = 3 // of each sentence

// CreateRenderer implements fyne.Widget.
func (e *ErrorState) CreateRenderer() fyne.WidgetRenderer {
	disc, letter := frameOf(), bold(centred("!", theme.TextBody, Loss))
	scroll := NewScroll(e.details)
	objects := []fyne.CanvasObject{disc, letter, e.button, scroll}
	var texts [3][sentenceLines]*canvas.Text
	for i := range texts {
		for j := range texts[i] {
			texts[i][j] = newText("", theme.TextBody, Muted)
			texts[i][j].TextStyle.Bold = i == 0
			objects = append(objects, texts[i][j])
		}
	}
	return newView(
		func() fyne.Size { return fyne.NewSize(theme.Scaled(240), theme.Scaled(160)) },
		func() {
			style(letter, theme.TextBody, Loss)
			dressFrame(disc, theme.Now().Sheet, theme.Now().Loss, 11, false)
			disc.StrokeWidth = 2
			for i := range texts {
				for _, t := range texts[i] {
					style(t, theme.TextBody, Muted)
					if i == 0 {
						t.Color = theme.Now().Ink
					}
				}
			}
		},
		func(s fyne.Size) {
			side, row := theme.Scaled(22), theme.Scaled(20)
			left := side + theme.Scaled(theme.Space3)
			setAt(disc, 0, 0, side, side)
			setAt(letter, 0, 0, side, side)
			y := float32(1)
			for i, sentence := range []string{e.problem.What, e.problem.Since, e.problem.Works} {
				lines := wrapText(sentence, s.Width-left, texts[i][0].TextSize, texts[i][0].TextStyle, sentenceLines)
				for j, t := range texts[i] {
					t.Text = ""
					if j < len(lines) {
						t.Text = lines[j]
					}
					setAt(t, left, y+float32(j)*row, s.Width-left, row)
				}
				y += float32(len(lines))*row + theme.Scaled(theme.Space1)
			}
			y += theme.Scaled(theme.Space2)
			if e.button.Visible() {
				size := e.button.MinSize()
				setAt(e.button, left, y, size.Width, size.Height)
				y += size.Height + theme.Scaled(theme.Space2)
			}
			setAt(scroll, left-theme.Scaled(theme.Space2), y, s.Width-left, s.Height-y)
		},
		objects...,
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
