package desktop

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// topHeight is a layout of two objects: the first as high as told but never
// more than half of the room, the second below it.
type topHeight struct{ height float32 }

// Layout implements fyne.Layout.
func (l topHeight) Layout(o []fyne.CanvasObject, size fyne.Size) {
	rest := o[1].MinSize().Height
	h := min(l.height, max(size.Height-rest, size.Height/3))
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(size.Width, h))
	o[1].Move(fyne.NewPos(0, h))
	o[1].Resize(fyne.NewSize(size.Width, max(size.Height-h, 0)))
}

// MinSize implements fyne.Layout.
func (l topHeight) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), theme.Scaled(120))
}

// flushText is a paragraph on the left edge of everything else: Fyne's label
// has a padding of its own.
func flushText(text string, tone parts.Tone) fyne.CanvasObject {
	in := -theme.Scaled(theme.Space2)
	return container.New(layout.NewCustomPaddedLayout(in/2, in/2, in, in), parts.NewParagraph(text, tone))
}

// caption is a paragraph in small letters.
func caption(text string, tone parts.Tone) fyne.CanvasObject {
	in := -theme.Scaled(theme.Space2)
	l := parts.NewParagraph(text, tone)
	l.SizeName = base.SizeNameCaptionText
	if tone == parts.Muted {
		l.Importance = widget.LowImportance
	}
	return container.New(layout.NewCustomPaddedLayout(in/2, in/2, in, in), l)
}

// fact is a line of a list: what, and how much.
func fact(what, value string) fyne.CanvasObject {
	return parts.NewBorder(nil, nil, nil, parts.NewLabel(value, theme.TextBody, parts.Normal).Whole(), parts.NewLabel(what, theme.TextBody, parts.Muted))
}

// counted writes a sentence with one number; key + ".one" is its singular.
func counted(e *env, key string, n int64) string {
	if e.loc.One(n) {
		key += ".one"
	}
	return e.words.T(key, e.loc.Count(n))
}

// dayWidth is the width of a column of days, at scale 1: Japanese ones are
// longer.
func dayWidth(loc *format.Locale) float32 {
	return widest(func(month time.Month) string { return loc.Date(time.Date(2026, month, 28, 0, 0, 0, 0, time.UTC)) })
}

// rangeWidth is the width of a column of spans of days, at scale 1.
func rangeWidth(loc *format.Locale) float32 {
	return widest(func(month time.Month) string {
		return loc.Range(time.Date(2026, month, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, month+1, 24, 0, 0, 0, 0, time.UTC))
	})
}

// widest is the width of a column that has a text of any month.
func widest(text func(time.Month) string) float32 {
	width := float32(0)
	for month := time.January; month <= time.December; month++ {
		width = max(width, theme.Measure(text(month), theme.TextBody, fyne.TextStyle{}).Width)
	}
	return width + theme.Space4 + 2
}

// wide reports whether the window has room for columns that else are told on
// hover.
func wide(e *env) bool { return e.window.Canvas().Size().Width >= theme.Scaled(1700) }

// scrollColumn lets a column of cards scroll. The room around them keeps their
// borders off the edge that cuts.
func scrollColumn(o fyne.CanvasObject) fyne.CanvasObject {
	room := theme.Scaled(theme.Space1)
	return container.New(layout.NewCustomPaddedLayout(-room, -room, -room, -room), parts.NewScroll(container.New(layout.NewCustomPaddedLayout(room, room, room, room), o)))
}

// cards stacks cards with the gap that columns have.
func cards(o ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space3)), o...)
}

// outdent sets a word that can be pressed on the left edge of the text around
// it.
func outdent(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, -theme.Scaled(theme.Space1), 0), o)
}

// widthWatch is a layout that tells when the window came to have room for more
// columns, or no more.
type widthWatch struct {
	columns fyne.Layout
	e       *env
	wide    bool
	changed func()
}

// MinSize implements fyne.Layout.
func (w *widthWatch) MinSize(o []fyne.CanvasObject) fyne.Size { return w.columns.MinSize(o) }

// Layout implements fyne.Layout.
func (w *widthWatch) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w.columns.Layout(o, size)
	if now := wide(w.e); now != w.wide {
		w.wide = now
		w.changed()
	}
}
