package desktop

import (
	"context"
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// detailHead is the heading of a part of a drawer with a note at its right.
func detailHead(title, note string) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space3), theme.Scaled(2), 0, 0),
		parts.NewBorder(nil, nil, parts.NewLabel(title, theme.TextSection, parts.Normal).Bold().Whole(), nil,
			parts.NewLabel(note, theme.TextCaption, parts.Hint).Right()))
}

// detailRow is a name and what belongs to it, at the right edge.
func detailRow(name string, tone parts.Tone, right fyne.CanvasObject) fyne.CanvasObject {
	return parts.NewBorder(nil, nil, nil, right, parts.NewLabel(name, theme.TextBody, tone))
}

// detailText is a name and a value as text.
func detailText(name, value string) fyne.CanvasObject {
	return container.New(parts.Shares{Gap: theme.Space2, Weights: []float32{1, 1.6}},
		parts.NewLabel(name, theme.TextBody, parts.Muted), parts.NewLabel(value, theme.TextBody, parts.Normal))
}

// detailRule is a line above a sum.
func detailRule() fyne.CanvasObject {
	r := canvas.NewRectangle(theme.Now().Line)
	r.SetMinSize(fyne.NewSize(0, theme.Hairline))
	return container.New(layout.NewCustomPaddedLayout(theme.Scaled(2), theme.Scaled(2), 0, 0), r)
}

// detailBar is a bar of a fixed height.
func detailBar(c color.Color, height float32) *canvas.Rectangle {
	r := canvas.NewRectangle(c)
	r.CornerRadius = height / 2
	r.SetMinSize(fyne.NewSize(theme.Scaled(2), height))
	return r
}

// detailBox stacks the parts of a drawer, closer than Fyne's own box.
func detailBox(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(detailColumn{}, objects...)
}

// detailColumn is a layout of objects below each other with a small gap.
type detailColumn struct{}

func (detailColumn) gap() float32 { return theme.Scaled(3) }

// Layout implements fyne.Layout.
func (c detailColumn) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + c.gap()
	}
}

// MinSize implements fyne.Layout.
func (c detailColumn) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			m := o.MinSize()
			s.Width = max(s.Width, m.Width)
			s.Height += m.Height + c.gap()
		}
	}
	return s
}

// detailBarLayout is a row: a field of a fixed width, chips in the middle, and
// buttons of a known width at the right, each at its own height.
type detailBarLayout struct{ left, right float32 }

// Layout implements fyne.Layout.
func (l detailBarLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	gap, left := theme.Scaled(theme.Space3), theme.Scaled(l.left)
	if left > 0 {
		left += gap
	}
	middle := size.Width - left - l.right - gap
	put := func(o fyne.CanvasObject, x, w float32) {
		o.Resize(fyne.NewSize(w, size.Height)) // what wraps learns its width first
		h := min(o.MinSize().Height, size.Height)
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
	}
	put(o[0], 0, theme.Scaled(l.left))
	put(o[1], left, middle)
	put(o[2], size.Width-l.right, l.right)
}

// MinSize implements fyne.Layout.
func (l detailBarLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	// Chips that broke into a second row need its height.
	return fyne.NewSize(theme.Scaled(l.left+300)+l.right, max(o[0].MinSize().Height, o[1].MinSize().Height, theme.Scaled(theme.Control)))
}

// detailShift moves what has a margin of its own back to the edge.
func detailShift(o fyne.CanvasObject, left, edge float32) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(-theme.Scaled(edge), -theme.Scaled(edge), -theme.Scaled(left), -theme.Scaled(left)), o)
}

// detailParagraph is text that wraps, at the edge of its column.
func detailParagraph(text string) fyne.CanvasObject {
	return detailShift(parts.NewParagraph(text, parts.Muted), theme.Space2, theme.Space1)
}

// detailPaper is a piece of what Amazon sent, and which lines of it are meant.
type detailPaper struct {
	store.DocumentPlace
	Lines []int64
}

// detailPapers puts the places in one document together.
func detailPapers(places []store.DocumentPlace) []detailPaper {
	var out []detailPaper
	at := map[int64]int{}
	for _, p := range places {
		i, ok := at[p.Document]
		if !ok {
			i = len(out)
			at[p.Document] = i
			out = append(out, detailPaper{DocumentPlace: p})
		}
		if p.Line > 0 && !slices.Contains(out[i].Lines, p.Line) {
			out[i].Lines = append(out[i].Lines, p.Line)
		}
	}
	for _, p := range out {
		slices.Sort(p.Lines)
	}
	return out
}

// detailSpans writes numbers with runs drawn together: 3, 7–9.
func detailSpans(loc *format.Locale, lines []int64) string {
	var spans []string
	for i := 0; i < len(lines); {
		j := i
		for j+1 < len(lines) && lines[j+1] == lines[j]+1 {
			j++
		}
		span := loc.Count(lines[i])
		if j > i {
			span += "–" + loc.Count(lines[j])
		}
		spans = append(spans, span)
		i = j + 1
	}
	return strings.Join(spans, ", ")
}

// detailShow opens what Amazon sent in a dialog.
func detailShow(e *env, loads *loader, p detailPaper) {
	if hidesOriginals(e) {
		return
	}
	t := e.words.T
	loads.run(func(ctx context.Context) (func(), error) {
		d, err := e.s.Book.Document(ctx, p.Document)
		if err != nil {
			return nil, err
		}
		fields, text, cut := detailOriginal(d, p.Lines)
		return func() { detailDialog(e, p, fields, text, cut) }, nil
	}, func(err error) { e.notify(t("orders.original.failed", err.Error())) })
}

func detailDialog(e *env, p detailPaper, fields []detailField, text string, cut bool) {
	t := e.words.T
	columns := []parts.Column[detailField]{
		{ID: "name", Title: t("orders.original.field"), Width: 230, Text: func(f detailField) string { return f.Name }},
		{ID: "value", Title: t("orders.original.value"), Width: 300, Grow: 1, Mono: true, Text: func(f detailField) string { return f.Value }},
	}
	if fields == nil {
		fields = detailLines(text)
		columns[0].Title, columns[0].Width, columns[0].Align = "", 44, parts.Right
		columns[1].Title = t("orders.original.text")
	}
	heavy := func(f detailField) bool { return f.Head }
	table := parts.NewTable(e.ctx, columns, parts.Rows(fields, columns), parts.TableOptions[detailField]{Compact: true, Heavy: heavy})
	note := t("orders.original.note")
	if cut {
		note = t("orders.original.cut")
	}
	body := parts.NewBorder(parts.NewLabel(note, theme.TextCaption, parts.Muted), nil, nil, nil, table)
	var m *modal
	m = newFullModal(e, detailPlace(e, p), body, fyne.NewSize(760, 540),
		parts.NewButton(t("orders.close"), parts.Quiet, func() { m.hide(); table.Close() }))
	m.gone = table.Close
	m.show()
	e.window.Canvas().Focus(table.Focus())
}

// detailPlace names where something stands: "Finances, fetched 12 Nov 2026".
func detailPlace(e *env, p detailPaper) string {
	kind := p.Kind
	switch p.Kind {
	case "order":
		kind = e.words.T("orders.document.order")
	case "transaction":
		kind = e.words.T("orders.document.transaction")
	case "listing":
		kind = e.words.T("orders.document.listing")
	case "inventory":
		kind = e.words.T("orders.document.inventory")
	case "report":
		kind = e.words.T("orders.document.report")
		if len(p.Lines) == 1 {
			return e.words.T("orders.document.line", kind, e.loc.DayMonth(p.Received), detailSpans(e.loc, p.Lines))
		}
		if len(p.Lines) > 1 {
			return e.words.T("orders.document.lines", kind, e.loc.DayMonth(p.Received), detailSpans(e.loc, p.Lines))
		}
	}
	return e.words.T("orders.document.place", kind, e.loc.Date(p.Received))
}
