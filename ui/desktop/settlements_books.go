package desktop

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2/container"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// settlementPosting is one line of what the accountant books for a settlement.
type settlementPosting struct {
	day     string // of the entry: the last on which money of its month arose
	account accounts.Account
	amount  books.Money // positive: debit
}

// settlementPostings lists the postings of a settlement's journal, by month.
func settlementPostings(entries []accounts.Entry) (list []settlementPosting) {
	for _, e := range entries {
		for _, p := range e.Postings {
			list = append(list, settlementPosting{e.Day, p.Account, p.Amount})
		}
	}
	return list
}

// journalWriters are the kinds of journal that are written, by the end of their
// name.
var journalWriters = []struct {
	word, ext string
	write     func(io.Writer, []accounts.Entry) error
}{
	{"settlements.journal.csv", ".csv", accounts.WriteCSV},
	{"settlements.journal.hledger", ".journal", accounts.WriteHledger},
	{"settlements.journal.beancount", ".beancount", accounts.WriteBeancount},
}

// showBooks shows what is booked for a settlement, an entry for each month that
// its money arose in, and the journal as a file.
func (d *settlementDetail) showBooks(r store.SettlementRow) {
	d.closeTables()
	d.fill(parts.NewSkeleton(8))
	d.loads.run(func(ctx context.Context) (func(), error) {
		entries, err := settlementJournal(ctx, d.e.s.Book, r, accounts.ByMonth)
		return func() { d.booked(r, entries) }, err
	}, func(err error) {
		d.fill(screenProblem(d.e, d.e.words.T("settlements.error"), err, func() { d.showBooks(r) }))
	})
}

func settlementJournal(ctx context.Context, b *store.Book, r store.SettlementRow, detail accounts.Detail) ([]accounts.Entry, error) {
	chart, err := b.Chart(ctx)
	if err != nil {
		return nil, err
	}
	return b.SettlementJournal(ctx, chart, detail, r.Connection, r.ID)
}

func (d *settlementDetail) booked(r store.SettlementRow, entries []accounts.Entry) {
	d.closeTables()
	t, loc := d.e.words.T, d.e.loc
	side := func(p settlementPosting, debit bool) string {
		if (p.amount.Minor > 0) != debit {
			return ""
		}
		return loc.Money(books.Money{Minor: max(p.amount.Minor, -p.amount.Minor), Currency: p.amount.Currency})
	}
	columns := []parts.Column[settlementPosting]{
		{ID: "month", Title: t("settlements.books.until"), Width: dayWidth(loc), Text: func(p settlementPosting) string { return loc.Date(statementDay(p.day)) },
			Value: func(p settlementPosting) any { return p.day }},
		{ID: "code", Title: t("settlements.books.code"), Width: 48, Text: func(p settlementPosting) string { return p.account.Code }},
		{ID: "account", Title: t("settlements.books.account"), Width: 130, Grow: 1, Text: func(p settlementPosting) string { return p.account.Name },
			Look: func(p settlementPosting) parts.Cell { return parts.Cell{Tip: p.account.Name} }},
		{ID: "debit", Title: t("settlements.books.debit"), Width: 84, Align: parts.Right, Text: func(p settlementPosting) string { return side(p, true) }},
		{ID: "credit", Title: t("settlements.books.credit"), Width: 84, Align: parts.Right, Text: func(p settlementPosting) string { return side(p, false) }},
	}
	rows := settlementPostings(entries)
	d.posts = parts.NewTable(d.e.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[settlementPosting]{Post: d.e.post, Compact: true})
	d.posts.Select(-1)
	sum := books.Money{Currency: r.Currency}
	for _, p := range rows {
		if p.amount.Minor > 0 {
			sum.Minor += p.amount.Minor
		}
	}
	d.posts.SetTotals(map[string]parts.Cell{"account": {Text: t("settlements.sum")}, "debit": {Text: loc.Money(sum)}, "credit": {Text: loc.Money(sum)}})
	buttons := container.New(&parts.Wrap{Gap: theme.Space2})
	for _, k := range journalWriters {
		buttons.Add(parts.NewButton(t(k.word), parts.Quiet, func() { d.askJournal(r, k.ext, k.write) }))
	}
	foot := container.NewVBox(spacer(theme.Space1), caption(d.text.counted("settlements.books.text", int64(len(entries))), parts.Muted), buttons)
	d.fill(parts.NewBorder(nil, foot, nil, nil, d.posts))
}

// askJournal asks for a place and writes the settlement's journal there; a file
// that is there is replaced only on a second word.
func (d *settlementDetail) askJournal(r store.SettlementRow, ext string, write func(io.Writer, []accounts.Entry) error) {
	e, t := d.e, d.e.words.T
	run := func(path string) {
		e.busy(t("cash.paper.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
			return t("cash.paper.done", filepath.Base(path)), writeJournal(ctx, e.s.Book, r, path, write)
		})
	}
	chooseFile(e, fileChoice{Title: t("list.export.title"), Save: "settlement-" + r.ID + ext, Ends: []string{ext}, Word: t("list.export.save")}, func(path string) {
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

// writeJournal writes a settlement's journal, one entry for each month.
func writeJournal(ctx context.Context, b *store.Book, r store.SettlementRow, path string, write func(io.Writer, []accounts.Entry) error) error {
	entries, err := settlementJournal(ctx, b, r, accounts.ByMonth)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := write(&text, entries); err != nil {
		return err
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}
