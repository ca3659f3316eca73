package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// Status is what the status line says.
type Status struct {
	Sentence string
	Tone     Tone    // of the dot: Gain when synced, Warn, Loss, Hint when offline
	Working  bool    // a long work runs: shows its bar
	Done     float32 // 0..1; below zero the length is not known and there is no bar
	Left     string  // after the bar: "about 2 min"
	Cancel   string  // the word that stops it; empty when it cannot be
	Note     string  // at the right
}

// StatusLine is the bottom of the window: one sentence, and the progress of
// long work with its cancel.
type StatusLine struct {
	widget.BaseWidget
	status   Status
	sentence *Button
	cancel   *Button
}

// NewStatusLine returns a status line; opened runs on a click on the
// sentence, cancel on its word.
func NewStatusLine(opened, cancel func()) *StatusLine {
	l := &StatusLine{}
	l.sentence, l.cancel = NewButton("", Plain, opened), NewButton("", Text, cancel)
	l.cancel.small = true
	l.ExtendBaseWidget(l)
	return l
}

// Set shows another status. UI goroutine; the engine's events go through post.
func (l *StatusLine) Set(s Status) {
	l.status = s
	l.sentence.SetText(s.Sentence)
	l.cancel.SetText(s.Cancel)
	l.Refresh()
}

// Status returns what is shown.
func (l *StatusLine) Status() Status { return l.status }

// CreateRenderer implements fyne.Widget.
func (l *StatusLine) CreateRenderer() fyne.WidgetRenderer {
	back, edge, track, bar := frameOf(), frameOf(), frameOf(), frameOf()
	dot := canvas.NewCircle(nil)
	left, note := newText("", theme.TextCaption, Muted), newText("", theme.TextCaption, Muted)
	note.Alignment = fyne.TextAlignTrailing
	dress := func() {
		k := theme.Now()
		back.FillColor, edge.FillColor, track.FillColor, bar.FillColor = k.Sheet, k.Line, k.Line, k.Accent
		track.CornerRadius, bar.CornerRadius = 2, 2
		dot.FillColor = colorOf(l.status.Tone)
		style(left, theme.TextCaption, Muted)
		style(note, theme.TextCaption, Muted)
		show(l.cancel, l.status.Working && l.status.Cancel != "")
		measured := l.status.Working && l.status.Done >= 0
		show(track, measured)
		show(bar, measured)
	}
	place := func(s fyne.Size) {
		gap, in := theme.Scaled(theme.Space2), theme.Scaled(20)
		setAt(back, 0, 0, s.Width, s.Height)
		setAt(edge, 0, 0, s.Width, theme.Hairline)
		side := theme.Scaled(7)
		setAt(dot, in, (s.Height-side)/2, side, side)
		note.Text = l.status.Note
		noteWidth := textSize(note).Width
		setAt(note, s.Width-in-noteWidth, 0, noteWidth, s.Height)
		x := in + side + gap - theme.Scaled(theme.Space1)
		room := s.Width - in - noteWidth - gap - x
		left.Text = l.status.Left
		if !l.status.Working {
			left.Text = ""
		}
		tail := textSize(left).Width + gap
		if track.Visible() {
			tail += theme.Scaled(160) + gap
		}
		if l.cancel.Visible() {
			tail += l.cancel.MinSize().Width + gap
		}
		w := min(l.sentence.MinSize().Width, room-tail)
		setAt(l.sentence, x, 0, w, s.Height)
		x += w + gap
		if track.Visible() {
			thick := theme.Scaled(4)
			setAt(track, x, (s.Height-thick)/2, theme.Scaled(160), thick)
			setAt(bar, x, (s.Height-thick)/2, theme.Scaled(160)*min(l.status.Done, 1), thick)
			x += theme.Scaled(160) + gap
		}
		setAt(left, x, 0, textSize(left).Width, s.Height)
		x += textSize(left).Width + gap
		size := l.cancel.MinSize()
		setAt(l.cancel, x, (s.Height-size.Height)/2, size.Width, size.Height)
	}
	return newView(
		func() fyne.Size { return fyne.NewSize(theme.Scaled(320), theme.Scaled(theme.StatusLine)) },
		dress, place,
		back, edge, dot, l.sentence, track, bar, left, l.cancel, note,
	)
}
