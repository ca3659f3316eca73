package desktop

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// nameChoices are the lines on which the user may put a name of Amazon: all but
// the cost of goods, which he enters, and the list of what is unknown.
func nameChoices() (list []books.Line) {
	for _, l := range books.Lines() {
		if l != books.COGS && l != books.Unclassified {
			list = append(list, l)
		}
	}
	return list
}

// askLine asks on which line of the statement a line's name of Amazon stands, and
// applies the answer to everything that was posted under it. done is called when
// the book has changed.
func askLine(e *env, l *loader, r store.MoneyRow, done func()) {
	l.run(func(ctx context.Context) (func(), error) {
		name, err := e.s.Book.NameOfFact(ctx, r.Fact)
		if err != nil {
			return nil, err
		}
		rules, err := e.s.Book.NameRules(ctx)
		said := slices.ContainsFunc(rules, func(k store.NameRule) bool { return k.ID == name.ID && k.Note == "" })
		return func() { showLineChoice(e, l, name, books.Line(r.Line), said, done) }, err
	}, func(err error) { e.notify(plainError(e.words, err)) })
}

func showLineChoice(e *env, l *loader, name store.NameRule, now books.Line, said bool, done func()) {
	w := e.words
	lines := nameChoices()
	words := make([]string, len(lines))
	for i, line := range lines {
		words[i] = lineName(string(line), w)
	}
	pick := parts.NewSelect(words, nil)
	pick.PlaceHolder = w.T("lines.classify_choose")
	if i := slices.Index(lines, now); i >= 0 {
		pick.SetSelectedIndex(i)
	}
	var m *modal
	change := func(told string, write func(*store.Tx) error) {
		m.hide()
		l.run(func(ctx context.Context) (func(), error) {
			err := e.s.Book.Write(ctx, write)
			return func() { e.notify(told); done() }, err
		}, func(err error) { e.notify(plainError(e.words, err)) })
	}
	buttons := []fyne.CanvasObject{
		parts.NewButton(w.T("privacy.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(w.T("lines.classify_keep"), parts.Primary, func() {
			if i := pick.SelectedIndex(); i >= 0 {
				name.Line = lines[i]
				change(w.T("lines.classify_done", words[i]), func(tx *store.Tx) error { return tx.PutNameRule(name) })
			}
		}),
	}
	if said {
		back := parts.NewButton(w.T("lines.classify_back"), parts.Quiet, func() {
			change(w.T("lines.classify_undone"), func(tx *store.Tx) error { return tx.DeleteNameRule(name) })
		})
		buttons = append([]fyne.CanvasObject{back}, buttons...)
	}
	content := container.NewVBox(
		parts.NewParagraph(w.T("lines.classify_text"), parts.Normal),
		parts.NewLabel(w.T("lines.amazon"), theme.TextCaption, parts.Muted),
		parts.NewParagraph(strings.Join([]string{name.Type, name.Path}, " · "), parts.Normal),
		parts.NewLabel(w.T("lines.line"), theme.TextCaption, parts.Muted),
		pick,
	)
	m = newModal(e, w.T("lines.classify"), content, fyne.NewSize(520, 360), buttons...)
	m.show()
	e.window.Canvas().Focus(pick)
}
