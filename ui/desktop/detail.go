package desktop

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// detailHead is the heading of a part of a drawer with a note at its right.
func detailHead(title, note string) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space3), theme.Scaled(2), 0, 0),
		container.NewBorder(nil, nil, parts.NewLabel(title, theme.TextSection, parts.Normal).Bold().Whole(), nil,
			parts.NewLabel(note, theme.TextCaption, parts.Hint).Right()))
}

// detailRow is a name and what belongs to it, at the right edge.
func detailRow(name string, tone parts.Tone, right fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, nil, right, parts.NewLabel(name, theme.TextBody, tone))
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

// detailProblem is a card that tells what went wrong, and tries again.
func detailProblem(e *env, what string, err error, again func()) fyne.CanvasObject {
	t := e.words.T
	return parts.NewCard("", "", parts.NewErrorState(parts.Problem{
		What: what, Works: t("orders.error.works"), Action: t("orders.error.again"), Details: err.Error(), Folded: t("orders.error.details"),
	}, again))
}

// detailShow opens what Amazon sent in a dialog.
func detailShow(e *env, loads *loader, p store.DocumentPlace) {
	t := e.words.T
	loads.run(func(ctx context.Context) (func(), error) {
		d, err := e.s.Book.Document(ctx, p.Document)
		if err != nil {
			return nil, err
		}
		fields, text, cut := detailOriginal(d, p.Line)
		return func() { detailDialog(e, p, fields, text, cut) }, nil
	}, func(err error) { e.notify(t("orders.original.failed", err.Error())) })
}

func detailDialog(e *env, p store.DocumentPlace, fields []detailField, text string, cut bool) {
	t := e.words.T
	columns := []parts.Column[detailField]{
		{ID: "name", Title: t("orders.original.field"), Width: 210, Text: func(f detailField) string { return f.Name }},
		{ID: "value", Title: t("orders.original.value"), Width: 300, Grow: 1, Mono: true, Text: func(f detailField) string { return f.Value }},
	}
	if fields == nil {
		fields = detailLines(text)
		columns[0].Title, columns[0].Width, columns[0].Align = "", 44, parts.Right
		columns[1].Title = t("orders.original.text")
	}
	table := parts.NewTable(e.ctx, columns, parts.Rows(fields, columns), parts.TableOptions[detailField]{Compact: true})
	note := t("orders.original.note")
	if cut {
		note = t("orders.original.cut")
	}
	body := container.NewBorder(parts.NewLabel(note, theme.TextCaption, parts.Muted), nil, nil, nil, table)
	d := dialog.NewCustom(detailPlace(e, p), t("orders.close"), body, e.window)
	d.SetOnClosed(table.Close)
	d.Resize(fyne.NewSize(theme.Scaled(760), theme.Scaled(540)))
	d.Show()
	e.window.Canvas().Focus(table.Focus())
}

// detailPlace names where something stands: "Finances, 12 Nov 2026".
func detailPlace(e *env, p store.DocumentPlace) string {
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
		return e.words.T("orders.document.report", e.loc.Date(p.Received), e.loc.Count(p.Line))
	}
	return e.words.T("orders.document.place", kind, e.loc.Date(p.Received))
}
