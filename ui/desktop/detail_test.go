package desktop

import (
	"bytes"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

func TestDetailOriginalOfAReport(t *testing.T) {
	body := "\n\nsettlement-id\tamount\tsku\nS1\t12.00\tA\nS1\t\tB\r\nodd line\nS1\t\xff\tC\n"
	tests := []struct {
		name  string
		lines []int64
		want  []detailField
	}{
		{"a line with its columns", []int64{4}, []detailField{{Name: "# 4", Head: true}, {Name: "settlement-id", Value: "S1"}, {Name: "amount", Value: "12.00"}, {Name: "sku", Value: "A"}}},
		{"empty cells are left out", []int64{5}, []detailField{{Name: "# 5", Head: true}, {Name: "settlement-id", Value: "S1"}, {Name: "sku", Value: "B"}}},
		{"what is no text is marked", []int64{7}, []detailField{{Name: "# 7", Head: true}, {Name: "settlement-id", Value: "S1"}, {Name: "amount", Value: "\uFFFD"}, {Name: "sku", Value: "C"}}},
		{"the heading itself is shown as it is", []int64{3}, []detailField{{Name: "# 3", Head: true}, {Value: "settlement-id\tamount\tsku"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields, text, cut := detailOriginal(store.Document{Kind: "report", Body: []byte(body)}, tt.lines)
			if text != "" || cut || len(fields) != len(tt.want) {
				t.Fatalf("%+v, %q, %v", fields, text, cut)
			}
			for i := range fields {
				if fields[i] != tt.want[i] {
					t.Errorf("%+v, want %+v", fields[i], tt.want[i])
				}
			}
		})
	}
	if fields, text, _ := detailOriginal(store.Document{Body: []byte(body)}, []int64{99}); fields != nil || !strings.Contains(text, "S1") {
		t.Errorf("a line that is not there: %v, %q", fields, text)
	}
}

func TestDetailOriginalOfJSON(t *testing.T) {
	_, text, cut := detailOriginal(store.Document{Body: []byte(`{"a":{"b":1}}`)}, nil)
	if text != "{\n  \"a\": {\n    \"b\": 1\n  }\n}" || cut {
		t.Errorf("%q, %v", text, cut)
	}
	_, text, cut = detailOriginal(store.Document{Body: bytes.Repeat([]byte("long "), 1<<20)}, nil)
	if len(text) > detailShown || !cut {
		t.Errorf("%d bytes shown, cut %v", len(text), cut)
	}
}

func TestDetailPapersPutLinesTogether(t *testing.T) {
	papers := detailPapers([]store.DocumentPlace{{Document: 7, Line: 9}, {Document: 1}, {Document: 7, Line: 3}, {Document: 7, Line: 4}, {Document: 7, Line: 9}})
	if len(papers) != 2 || detailSpans(format.For("en"), papers[0].Lines) != "3–4, 9" || len(papers[1].Lines) != 0 {
		t.Errorf("%+v", papers)
	}
}

var detailHeads = []parts.Head{{ID: "a", Title: "A"}, {ID: "b", Title: "Total", Unit: "USD"}, {ID: "c"}, {ID: "d", Title: "At"}}

func detailRowsOf(rows [][]parts.Value, end error) iter.Seq2[[]parts.Value, error] {
	return func(yield func([]parts.Value, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if end != nil {
			yield(nil, end)
		}
	}
}

// Files hold values, and a seller's title is never run as a formula.
func TestDetailExportIsSafeAndExact(t *testing.T) {
	at := time.Date(2026, 11, 21, 13, 58, 0, 0, time.UTC)
	rows := [][]parts.Value{
		{{Raw: "=cmd|' /C calc'!A0"}, {Raw: books.Money{Minor: -123456, Currency: "USD"}}, {Raw: int64(-3)}, {Raw: at}},
		{{Raw: "a\"b,\nc"}, {Raw: nil, Text: "-"}, {Raw: int64(0)}, {Raw: "-"}},
		{{Raw: "@x"}, {Raw: books.Money{Minor: 1<<63 - 1, Currency: "JPY"}}, {Raw: nil}, {Raw: nil}},
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	if n, err := detailWriteFile(t.Context(), path, detailHeads, detailRowsOf(rows, nil), func(int64, int64) {}); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	got, err := os.ReadFile(path)
	want := "A,Total USD,c,At\n'=cmd|' /C calc'!A0,-1234.56,-3,2026-11-21T13:58:00Z\n\"a\"\"b,\nc\",,0,-\n'@x,9223372036854775807,,\n"
	if err != nil || string(got) != want {
		t.Errorf("%q, %v\nwant %q", got, err, want)
	}

	path = filepath.Join(dir, "x.xlsx")
	if _, err := detailWriteFile(t.Context(), path, detailHeads, detailRowsOf(rows, nil), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A2": "=cmd|' /C calc'!A0", "B2": "-1234.56", "C2": "-3", "B3": "", "B4": "9223372036854775807"} {
		value, err := f.GetCellValue("Sheet1", cell, excelize.Options{RawCellValue: true})
		if err != nil || value != want {
			t.Errorf("%s is %q, %v; want %q", cell, value, err, want)
		}
		if formula, _ := f.GetCellFormula("Sheet1", cell); formula != "" {
			t.Errorf("%s runs %q", cell, formula)
		}
	}
}

// A file that was there stays when writing another fails, and no part is left.
func TestDetailExportKeepsWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := detailWriteFile(t.Context(), path, detailHeads, detailRowsOf(nil, broken), func(int64, int64) {}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	got, _ := os.ReadFile(path)
	left, _ := os.ReadDir(dir)
	if string(got) != "before" || len(left) != 1 {
		t.Errorf("%q, %v", got, left)
	}
}
