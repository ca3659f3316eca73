package desktop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
)

// keepPaper writes a report for eyes, where a folder is named.
func keepPaper(t *testing.T, name string, r paper.Report) {
	t.Helper()
	var out bytes.Buffer
	if err := paper.WritePDF(&out, r); err != nil {
		t.Fatal(err)
	}
	if out.Len() < 1000 || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) {
		t.Errorf("%s is no PDF of %d bytes", name, out.Len())
	}
	if dir := os.Getenv(shotsDir); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// cellsOf are the rows of a workbook, as it stores them.
func cellsOf(t *testing.T, r paper.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.WriteXLSX(&out, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var text strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			text.WriteString(strings.Join(row, "|") + "\n")
		}
	}
	return text.String()
}

// Every part of the profit screen goes on paper as it is shown; the statement, tax
// and the bridge as reports of their own too, with the figures of the screen.
func TestEveryPartOfProfitGoesOnPaper(t *testing.T) {
	f, settle := frameOver(t, demoSession(t), "en")
	f.show(route{Screen: "profit"})
	settle()
	p := f.built["profit"].screen.(*profitScreen)
	for _, view := range profitViews {
		if view != p.view {
			p.tab([]string{view})
			settle()
		}
		heads, rows := p.exported(t.Context())
		s, err := tableSection(t.Context(), heads, rows, p.table.Totals())
		if err != nil {
			t.Fatalf("%s: %v", view, err)
		}
		x := exportOf{name: p.exportName(), title: view, facts: p.exportFacts(), read: p.exported, totals: p.table.Totals}
		r, err := x.table(p.env)(t.Context())
		if err != nil || len(r.Sections[0].Rows) != len(s.Rows) {
			t.Fatalf("%s: %d rows on paper of %d (%v)", view, len(r.Sections[0].Rows), len(s.Rows), err)
		}
		keepPaper(t, "shown-"+view, r)
		name, read := p.report()
		own := view == profitStatementView || view == profitTaxView || view == profitBridgeView && len(p.data.Bridge) > 0
		if (read != nil) != own {
			t.Errorf("%s has a report: %v, want %v", view, read != nil, own)
		}
		if read == nil {
			continue
		}
		if r, err = read(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		keepPaper(t, name, r)
		got := cellsOf(t, r)
		var want []string
		switch view {
		case profitStatementView:
			want = append(want, p.data.Total.NetProfit.Decimal(), p.data.Total.NetSales.Decimal())
		case profitTaxView:
			for _, row := range p.data.Tax.Sales {
				want = append(want, books.Money{Minor: row.Owed, Currency: row.Currency}.Decimal())
			}
		case profitBridgeView:
			for _, step := range p.data.Bridge {
				if step.Minor != nil {
					want = append(want, books.Money{Minor: *step.Minor, Currency: p.data.Query.Currency}.Decimal())
				}
			}
		}
		for _, amount := range want {
			if !strings.Contains(got, "|"+amount) {
				t.Errorf("%s lacks %s", name, amount)
			}
		}
	}
}

// A list that is too long for paper is refused with what to do instead; one that
// fits holds its sums.
func TestListsOnPaper(t *testing.T) {
	heads := []parts.Head{{ID: "sku", Title: "SKU"}, {ID: "amount", Title: "Amount", Unit: "EUR", Align: parts.Right}}
	list := func(n int) iter.Seq2[[]parts.Value, error] {
		return func(yield func([]parts.Value, error) bool) {
			for i := range n {
				m := books.Money{Minor: int64(-i), Currency: "EUR"}
				if !yield([]parts.Value{{Text: "A", Raw: "A"}, {Text: "hidden", Raw: m}}, nil) {
					return
				}
			}
		}
	}
	s, err := tableSection(t.Context(), heads, list(maxPaperRows), map[string]parts.Cell{"amount": {Text: "(1.00)"}})
	if err != nil || len(s.Rows) != maxPaperRows+1 || s.Columns[1].Title != "Amount EUR" {
		t.Fatalf("%d rows, %+v (%v)", len(s.Rows), s.Columns, err)
	}
	if last := s.Rows[maxPaperRows]; last.Weight != paper.Total || last.Cells[1].Text != "(1.00)" {
		t.Errorf("the sums are %+v", last)
	}
	if m := s.Rows[7].Cells[1].Money; m == nil || m.Minor != -7 {
		t.Errorf("an amount that the screen hides is %+v", s.Rows[7].Cells[1])
	}
	if _, err := tableSection(t.Context(), heads, list(maxPaperRows+1), nil); !errors.Is(err, errPaperRows) {
		t.Errorf("too many rows: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tableSection(ended, heads, list(3), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// What may end an export is said in the reader's language, never in English words
// of our own.
func TestExportErrorsAreTold(t *testing.T) {
	for name, err := range map[string]error{
		"nothing is read yet": parts.ErrNotRead, "too long for paper": errPaperRows, "no room": syscall.ENOSPC,
		"not allowed":        &fs.PathError{Op: "open", Path: "orders.csv", Err: syscall.EACCES},
		"a name not allowed": &os.LinkError{Op: "rename", Old: "orders.csv.part", New: "orders.csv", Err: syscall.EPERM},
	} {
		told := map[string]bool{}
		for _, tag := range format.Tags() {
			text := plainError(i18n.For(tag), fmt.Errorf("write orders.csv: %w", err))
			if strings.Contains(text, err.Error()) || strings.Contains(text, "orders.csv") {
				t.Errorf("%s in %s: %q", name, tag, text)
			}
			told[text] = true
		}
		if len(told) != len(format.Tags()) {
			t.Errorf("%s: %d sentences for %d languages", name, len(told), len(format.Tags()))
		}
	}
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.EACCES)}
	if text := plainError(i18n.For("en"), dial); text != dial.Error() {
		t.Errorf("a connection that is not allowed: %q", text)
	}
	e, _ := newTestEnv(t, newEmptySession(t), "ja")
	table := parts.NewTable[int](e.ctx, []parts.Column[int]{{ID: "a", Title: "A", Text: func(int) string { return "" }}}, nil, parts.TableOptions[int]{Post: e.post})
	defer table.Close()
	_, rows := table.Export(t.Context())
	for _, err := range rows {
		if !errors.Is(err, parts.ErrNotRead) {
			t.Errorf("a table without rows ends with %v", err)
		}
	}
}
