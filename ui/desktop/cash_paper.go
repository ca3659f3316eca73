package desktop

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/paper"
)

// paperMaker makes the report that a screen puts on paper: its name for a file,
// without ending, and how it is read. It is called on the UI goroutine; make runs
// on another. A nil make means that there is nothing to report.
type paperMaker func() (name string, make func(context.Context) (paper.Report, error))

// paperItems are the menu's entries for the report of a screen.
func paperItems(e *env, report paperMaker) []*fyne.MenuItem {
	if report == nil {
		return nil
	}
	name, read := report()
	if read == nil {
		return nil
	}
	item := func(word, ext string, write paperWriter) *fyne.MenuItem {
		return fyne.NewMenuItem(e.words.T(word), func() { paperAsk(e, name+ext, read, write) })
	}
	return []*fyne.MenuItem{
		fyne.NewMenuItemSeparator(),
		item("cash.paper.pdf", ".pdf", paperPDF), item("cash.paper.xlsx", ".xlsx", paperXLSX),
	}
}

// paperWriter writes a report as a kind of file.
type paperWriter func(*bytes.Buffer, paper.Report) error

func paperPDF(b *bytes.Buffer, r paper.Report) error  { return paper.WritePDF(b, r) }
func paperXLSX(b *bytes.Buffer, r paper.Report) error { return paper.WriteXLSX(b, r) }

// paperAsk asks for a place and writes the report as long work; a file that is
// there is replaced only on a second word.
func paperAsk(e *env, name string, read func(context.Context) (paper.Report, error), write paperWriter) {
	t, ext := e.words.T, filepath.Ext(name)
	run := func(path string) {
		e.busy(t("cash.paper.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
			r, err := read(ctx)
			if err != nil {
				return "", err
			}
			var text bytes.Buffer
			if err := write(&text, r); err != nil {
				return "", err
			}
			if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
				return "", fmt.Errorf("write %s: %w", filepath.Base(path), err)
			}
			return t("cash.paper.done", filepath.Base(path)), nil
		})
	}
	chooseFile(e, fileChoice{Title: t("list.export.title"), Save: name, Ends: []string{ext}, Word: t("list.export.save")}, func(path string) {
		if filepath.Ext(path) == "" {
			path += ext
		}
		if _, err := os.Stat(path); err != nil {
			run(path)
			return
		}
		confirm(e, t("list.export.title"), t("list.export.exists", filepath.Base(path)), t("list.export.replace"), parts.Danger, func() { run(path) })
	})
}

// paperHead is what stands above a report. Paper shows amounts also while the
// screen hides them: it is asked for by name.
func paperHead(e *env) paper.Head {
	return paper.Head{Book: e.s.Name, Printed: e.now(), Words: e.words, Locale: e.loc.Hide(false)}
}

// report is the cash screen on paper.
func (s *cashScreen) report() (string, func(context.Context) (paper.Report, error)) {
	if s.data == nil || len(s.data.Currencies) == 0 {
		return "", nil
	}
	d, text, head := s.data, cashText{s.e.words, s.e.loc.Hide(false)}, paperHead(s.e)
	name := "cash-" + d.Query.Currency + "-" + d.Query.Span.From + "-" + d.Query.Span.To
	return name, func(context.Context) (paper.Report, error) { return text.paper(head, d), nil }
}

// paper makes the report of what the screen shows.
func (t cashText) paper(head paper.Head, d *cashData) paper.Report {
	c := d.Query.Currency
	r := paper.Report{Head: head, Title: t.w.T("frame.cash"), Facts: [][2]string{
		{t.w.T("paper.period"), statementRange(t.l, d.Query.Span)}, {t.w.T("paper.currency"), c}, {t.w.T("paper.printed"), t.l.Date(head.Printed)},
	}}
	money := func(title, amount string) []paper.Column {
		return []paper.Column{{Title: title}, {Title: amount, Right: true, Width: 36}}
	}
	held := paper.Section{Title: t.w.T("cash.tile.amazon"), Columns: money(t.w.T("paper.line"), c)}
	add := func(s *paper.Section, w paper.Weight, cells ...paper.Cell) {
		s.Rows = append(s.Rows, paper.Row{Weight: w, Cells: cells})
	}
	add(&held, paper.Plain, paper.Text(t.w.T("cash.paper.available")), paper.Of(d.Position.Available))
	add(&held, paper.Plain, paper.Text(t.w.T("cash.tile.deferred")), paper.Of(d.Position.Deferred))
	add(&held, paper.Subtotal, paper.Text(t.w.T("cash.tile.amazon")), paper.Of(d.Position.Total))
	if d.Position.Amazon != nil {
		add(&held, paper.Plain, paper.Text(t.w.T("cash.paper.amazon")), paper.Amount(books.Money{Minor: *d.Position.Amazon, Currency: c}))
	}
	paid := paper.Section{Title: t.w.T("cash.tile.paid"), Columns: []paper.Column{
		{Title: t.w.T("cash.column.bank")}, {Title: t.w.T("cash.column.day"), Width: 28}, {Title: t.w.T("cash.column.settlement"), Width: 36},
		{Title: c, Right: true, Width: 32},
	}}
	for _, p := range d.Paid {
		word, _ := t.bank(p)
		add(&paid, paper.Plain, paper.Text(word), paper.Text(t.day(p.Day)), paper.Text(p.Settlement), paper.Amount(p.Amount))
	}
	if sum, _, ok := d.paidOut(); ok {
		add(&paid, paper.Total, paper.Text(t.w.T("cash.sum")), paper.Text(""), paper.Text(""), paper.Amount(sum))
	}
	due := paper.Section{Title: t.w.T("cash.calendar"), Columns: []paper.Column{
		{Title: t.w.T("cash.column.what")}, {Title: t.w.T("cash.column.due"), Width: 34}, {Title: c, Right: true, Width: 32},
	}}
	for _, x := range d.Due {
		add(&due, paper.Plain, paper.Text(t.w.T("cash.due."+string(x.Kind))), paper.Text(t.day(x.Day)), paper.Amount(x.Amount))
	}
	r.Sections = []paper.Section{held, paid, due}
	if all := t.differences(d); len(all) > 0 {
		diff := paper.Section{Title: t.w.T("cash.differences"), Columns: money(t.w.T("cash.column.difference"), c)}
		for _, x := range all {
			add(&diff, paper.Plain, paper.Text(x.What), paper.Amount(*x.Amount))
		}
		r.Sections = append(r.Sections, diff)
	}
	return r
}

// report is the settlement that is chosen, on paper.
func (s *settlementsScreen) report() (string, func(context.Context) (paper.Report, error)) {
	now := s.detail.now
	if now.ID == "" {
		return "", nil
	}
	head, book := paperHead(s.e), s.e.s.Book
	return "settlement-" + now.ID, func(ctx context.Context) (paper.Report, error) {
		check, err := book.CheckSettlement(ctx, now.Connection, now.ID)
		if err != nil {
			return paper.Report{}, err
		}
		groups, err := paperGroups(ctx, book, now)
		return paper.Settlement(head, check, groups), err
	}
}

func paperGroups(ctx context.Context, book *store.Book, r store.SettlementRow) ([]paper.SettlementGroup, error) {
	names, err := book.SettlementNames(ctx, r.Connection, r.ID)
	if err != nil {
		return nil, err
	}
	groups, err := settlementGroups(names)
	var out []paper.SettlementGroup
	for _, g := range groups {
		out = append(out, paper.SettlementGroup{Line: g.Line, Rows: g.Rows, Minor: g.Minor})
	}
	return out, err
}
