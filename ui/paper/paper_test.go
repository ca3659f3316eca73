package paper_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
)

func head(language string) paper.Head {
	return paper.Head{
		Book: "Zedernholz 商店", Printed: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), Words: i18n.For(language), Locale: format.For(language),
	}
}

// statements gives one statement per currency with amounts that no binary
// fraction holds.
func statements(t *testing.T) []paper.Named {
	t.Helper()
	var rows []books.Rollup
	for _, c := range []string{"USD", "JPY"} {
		for i, l := range []books.Line{books.SalesProduct, books.RefundProduct, books.FeeReferral, books.COGS, books.TaxCollected} {
			minor := []int64{9007199254740993, -10_10, -15_01, -20_03, 7_07}[i]
			rows = append(rows, books.Rollup{Day: "2026-03-04", Connection: "na", Currency: c, SKU: "A", Line: l, State: books.Settled, Minor: minor, Quantity: 1})
		}
	}
	covered := []books.Coverage{{Connection: "na", Source: books.Finances, From: "2026-03-01", To: "2026-03-31"}}
	all, err := books.Statements(rows, covered, books.Filter{From: "2026-03-01", To: "2026-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	var out []paper.Named
	for _, s := range all {
		out = append(out, paper.Named{Statement: s})
	}
	return out
}

// Every amount of the workbook is a number, and to the cent the statement's.
func TestTheWorkbookHoldsExactNumbers(t *testing.T) {
	all := statements(t)
	var out bytes.Buffer
	if err := paper.WriteXLSX(&out, paper.Profit(head("en"), all, map[string]string{"USD": "2026-03-31"})); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := len(f.GetSheetList()); n != 2 {
		t.Fatalf("%d sheets", n)
	}
	for _, s := range all {
		sheet := ""
		for _, name := range f.GetSheetList() {
			if strings.Contains(name, s.Currency) {
				sheet = name
			}
		}
		want := map[string]string{
			"Product sales": books.Money{Minor: 9007199254740993, Currency: s.Currency}.Decimal(), "Net sales": s.NetSales.Decimal(),
			"Net profit": s.NetProfit.Decimal(), "Tax you owe": s.TaxOwed.Decimal(), "Referral fees": books.Money{Minor: -15_01, Currency: s.Currency}.Decimal(),
		}
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			if len(r) < 2 || want[r[0]] == "" {
				continue
			}
			if r[1] != want[r[0]] {
				t.Errorf("%s: %s is %s, want %s", sheet, r[0], r[1], want[r[0]])
			}
			if kind, err := f.GetCellType(sheet, "B"+strconv.Itoa(i+1)); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
				t.Errorf("%s: %s is text (%v)", sheet, r[0], err)
			}
			delete(want, r[0])
		}
		if len(want) > 0 {
			t.Errorf("%s lacks %v", sheet, want)
		}
	}
}

// A hostile name in a workbook is text, whatever it looks like.
func TestAWorkbookRunsNoName(t *testing.T) {
	r := paper.Report{Head: head("en"), Title: `=cmd|'/c calc'!A1`, Sections: []paper.Section{{
		Title: "a/b[c]:*?\\" + strings.Repeat("x", 60), Columns: []paper.Column{{Title: "@x"}, {Title: "-1+1"}},
		Rows: []paper.Row{{Cells: []paper.Cell{paper.Text("=1+1"), paper.Text("+2")}}},
	}}}
	var out bytes.Buffer
	if err := paper.WriteXLSX(&out, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for k := range row {
			at, err := excelize.CoordinatesToCellName(k+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula(sheet, at); formula != "" || err != nil {
				t.Errorf("%s runs %q (%v)", at, formula, err)
			}
		}
	}
}

func TestThePDFHasThePaperAndPagesOfItsLanguage(t *testing.T) {
	size := regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
	for _, c := range []struct{ language, paper string }{{"en", "612.00 792.00"}, {"de", "595.28 841.89"}, {"ja", "595.28 841.89"}, {"zh-Hans", "595.28 841.89"}} {
		t.Run(c.language, func(t *testing.T) {
			r := paper.Profit(head(c.language), statements(t), nil)
			for range 80 {
				r.Sections[0].Rows = append(r.Sections[0].Rows, paper.Row{Cells: []paper.Cell{paper.Text("日本語の商品名 " + strings.Repeat("とても長い", 30)), paper.Count(1)}})
			}
			var first, second bytes.Buffer
			if err := paper.WritePDF(&first, r); err != nil {
				t.Fatal(err)
			}
			if err := paper.WritePDF(&second, r); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Error("the same report gives two files")
			}
			m := size.FindSubmatch(first.Bytes())
			if m == nil || string(m[1])+" "+string(m[2]) != c.paper {
				t.Errorf("the paper is %q", m)
			}
			if n := bytes.Count(first.Bytes(), []byte("/Type /Page\n")); n < 3 {
				t.Errorf("%d pages", n)
			}
		})
	}
}

// Currencies that are told over days of their own each say theirs.
func TestThePeriodOfEachCurrency(t *testing.T) {
	all := statements(t)
	for _, c := range []struct{ name, to, want string }{
		{"the same days", "2026-03-31", "1 Mar 2026 – 31 Mar 2026"},
		{"days of their own", "2026-03-15", "JPY 1 Mar 2026 – 31 Mar 2026, USD 1 Mar 2026 – 15 Mar 2026"},
	} {
		all[len(all)-1].To = c.to
		if got := paper.Profit(head("en"), all, nil).Facts[0][1]; got != c.want {
			t.Errorf("%s: the period is %q, want %q", c.name, got, c.want)
		}
	}
}
