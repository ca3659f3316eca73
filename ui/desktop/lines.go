package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// linesScreen shows the money lines behind a number, and what Amazon sent of
// each.
type linesScreen struct {
	*listPart[store.MoneyRow]
	loader loader // of the list
	detail loader // of an original
	back   func()

	what  string // the number that the lines are behind
	title *parts.Label
	sums  *parts.Label
	body  *fyne.Container
	head  *fyne.Container
}

func newLines(e *env, back func()) screen {
	s := &linesScreen{loader: loader{env: e}, detail: loader{env: e}, back: back}
	s.listPart = newListPart(e, listOptions[store.MoneyRow]{
		Name: "lines", Columns: linesColumns(e.words, e.loc), Pinned: 1, Post: e.post, Failed: s.failed, Show: s.open, Select: s.open,
		Empty: parts.NewEmptyState(e.words.T("lines.none"), e.words.T("lines.back"), back),
		Facts: func() [][2]string { return [][2]string{{e.words.T("paper.shown"), s.what}} },
	})
	return s
}

func (s *linesScreen) build() fyne.CanvasObject {
	w := s.env.words
	s.title = parts.NewLabel("", theme.TextSection, parts.Normal).Bold()
	s.sums = parts.NewLabel("", theme.TextBody, parts.Muted).Right()
	s.body = container.NewStack(parts.NewCard("", "", parts.NewSkeleton(12)))
	right, width := s.buttons()
	s.head = container.New(detailBarLayout{right: width}, layout.NewSpacer(),
		parts.NewBorder(nil, nil, container.NewHBox(parts.NewButton(w.T("lines.back"), parts.Quiet, s.back), gap(theme.Space2)), s.sums, s.title), right)
	return parts.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0), s.head), nil, nil, nil, s.body)
}

func (s *linesScreen) load(r route) {
	s.begin(func() { s.read(r) })
}

func (s *linesScreen) read(r route) {
	of := linesFilter(r, s.env.filter())
	s.what = linesTitle(r, of, s.env.words, s.env.loc)
	s.title.SetText(s.what, parts.Normal)
	book := s.env.s.Book
	s.loader.run(func(ctx context.Context) (func(), error) {
		of, err := book.BehindTax(ctx, of)
		if err != nil {
			return nil, err
		}
		sums, err := book.SumLines(ctx, of)
		return func() { s.show(of, sums) }, err
	}, s.failed)
}

func (s *linesScreen) show(of store.LinesOf, sums []store.LineSum) {
	count, list := linesSums(sums)
	s.sums.SetText(linesSumText(list, s.env.loc), parts.Muted)
	s.table.SetTotals(linesTotals(s.env, count, list))
	s.head.Refresh()
	s.table.SetSource(lineSource{s.env.s.Book, of, int(count)})
	s.table.Select(-1) // so that a click on the first line chooses it as well
	s.body.Objects = []fyne.CanvasObject{s.beside}
	s.body.Refresh()
}

func (s *linesScreen) failed(err error) {
	s.body.Objects = []fyne.CanvasObject{screenProblem(s.env, s.env.words.T("lines.failed"), err, s.env.reload)}
	s.body.Refresh()
}

// open shows a line at the right, with what Amazon sent of it.
func (s *linesScreen) open(r store.MoneyRow) {
	facts := container.New(layout.NewFormLayout())
	for _, f := range linesFacts(r, s.env.words, s.env.loc) {
		facts.Add(parts.NewLabel(f[0], theme.TextCaption, parts.Muted).Whole())
		facts.Add(parts.NewLabel(f[1], theme.TextBody, parts.Normal))
	}
	content := container.NewVBox(facts)
	if r.Order != "" {
		content.Add(buttons(parts.NewButton(s.env.words.T("lines.open_order"), parts.Text, func() { s.env.show(route{Screen: "orders", Order: r.Order}) })))
	}
	if r.Fact != 0 {
		content.Add(buttons(parts.NewButton(s.env.words.T("lines.classify"), parts.Text, func() { askLine(s.env, &s.detail, r, s.env.reload) })))
	}
	s.drawer.SetContent(lineName(r.Line, s.env.words), "", content)
	if !s.drawer.Visible() {
		s.drawer.Show()
		s.beside.Refresh()
	}
	s.showOriginal(r, content)
}

func (s *linesScreen) showOriginal(r store.MoneyRow, content *fyne.Container) {
	w := s.env.words
	if hidesOriginals(s.env) {
		content.Add(parts.NewParagraph(w.T("hide.original"), parts.Muted))
		return
	}
	if r.Document == 0 {
		content.Add(parts.NewParagraph(w.T("lines.no_original"), parts.Muted))
		return
	}
	bones := parts.NewSkeleton(6)
	content.Add(bones)
	book := s.env.s.Book
	s.detail.run(func(ctx context.Context) (func(), error) {
		doc, err := book.Document(ctx, r.Document)
		if err != nil {
			return nil, err
		}
		text := original(doc, r.DocLine)
		return func() {
			content.Remove(bones)
			content.Add(parts.NewLabel(w.T("lines.original"), theme.TextCaption, parts.Muted).Whole())
			label := widget.NewLabel(text)
			label.Wrapping, label.Selectable, label.TextStyle.Monospace = fyne.TextWrapBreak, true, true
			content.Add(label)
			s.drawer.Refresh()
		}, nil
	}, func(err error) {
		content.Remove(bones)
		content.Add(parts.NewParagraph(errorLine(err), parts.Loss))
	})
}

// escape closes the drawer.
func (s *linesScreen) escape() bool {
	s.detail.stop()
	return s.listPart.escape()
}

func (s *linesScreen) close() {
	s.loader.close()
	s.detail.close()
	s.closeList()
}
