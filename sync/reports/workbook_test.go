package reports_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"countinghouse/sync/reports"
)

// workbook writes sheets of cells as a spreadsheet would save them.
func workbook(t testing.TB, sheets ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, rows := range sheets {
		name := []string{"Sheet1", "Sheet2", "Sheet3"}[i]
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, v := range row {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue(name, at, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A report that was saved as a workbook is read like the report: numbers as
// they were typed, days that became numbers, a note on another sheet.
func TestReportInAWorkbook(t *testing.T) {
	data := workbook(t,
		[][]any{{"my notes"}, {"returns of August"}},
		[][]any{
			{"return-date", "order-id", "sku", "quantity", "detailed-disposition", "reason", "fnsku"},
			{46252, "304-1", "A \"1\"", 2, "SELLABLE", "UNWANTED_ITEM"},
			{46253.5, "304-2", "B", 1, "DEFECTIVE", "DEFECTIVE", "X1"},
		})
	f := mustOpen(t, data)
	if f.Kind != reports.FBAReturns || f.Rows != 2 {
		t.Fatalf("%s, %d rows", f.Kind, f.Rows)
	}
	var got []reports.ReturnRow
	each(t, f.FBAReturns(), func(r reports.ReturnRow) { got = append(got, r) })
	if got[0].Returned.Day != "2026-08-18" || got[0].SKU != `A "1"` || got[0].Units != 2 || got[1].Returned.Day != "2026-08-19" || got[1].Returned.Clock {
		t.Errorf("%+v", got)
	}
	money := workbook(t, [][]any{
		{"approval-date", "reimbursement-id", "reason", "currency-unit", "amount-total"},
		{"2026-08-12", "R1", "Lost", "EUR", 24.989999999999998},
	})
	each(t, mustOpen(t, money).Reimbursements(), func(r reports.ReimbursementRow) {
		if r.Total.Money.String() != "24.99 EUR" {
			t.Errorf("%+v", r)
		}
	})
}

// A spreadsheet takes what it reads for what it knows: "3.12" for a day, "4.64%" for
// a hundredth, "true" for a value of its own.
func TestWorkbookThatUnderstoodTooMuch(t *testing.T) {
	type change func(f *excelize.File, at string) error
	style := func(format string, v any) change {
		return func(f *excelize.File, at string) error {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			return errors.Join(err, f.SetCellValue("Sheet1", at, v), f.SetCellStyle("Sheet1", at, at, id))
		}
	}
	set := func(v any) change {
		return func(f *excelize.File, at string) error { return f.SetCellValue("Sheet1", at, v) }
	}
	since1904 := func(c change) change {
		yes := true
		return func(f *excelize.File, at string) error {
			return errors.Join(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}), c(f, at))
		}
	}
	for _, tc := range []struct {
		name, column string
		change       change
		want         string // of the column's value, "" when the file is refused
		says         string
	}{
		{"an amount taken for a day", "amount-total", style("dd.mm.", 46359), "", `amount-total "2026-12-03" is not a number`},
		{"an amount of that size", "amount-total", style("#,##0.00", 46359), "46359.00 EUR", ""},
		{"an amount in thousands", "amount-total", style(`#,##0.0,"K"`, 46359), "46359.00 EUR", ""},
		{"an amount with its currency", "amount-total", style(`"€" #,##0.00`, 46359.5), "46359.50 EUR", ""},
		{"an amount with zeros before it", "amount-total", style("00000000", 46359), "46359.00 EUR", ""},
		{"an amount in the form of science", "amount-total", style("0.00E+00", 46359), "46359.00 EUR", ""},
		{"a day", "approval-date", style("d. mmm yyyy", 46252), "2026-08-18", ""},
		{"a day of an old Macintosh", "approval-date", since1904(style("yyyy-mm-dd", 46252-1462)), "2026-08-18", ""},
		{"a day without its form", "approval-date", set(46252), "2026-08-18", ""},
		{"a name of digits", "sku", set(123456789012345678), "", `sku "1.23457E+17" was rounded`},
		{"a formula with its result", "amount-total", func(f *excelize.File, at string) error {
			return errors.Join(f.SetCellValue("Sheet1", at, 24.5), f.SetCellFormula("Sheet1", at, "20+4.5"))
		}, "24.50 EUR", ""},
		{"a formula without", "amount-total", func(f *excelize.File, at string) error {
			return errors.Join(f.SetCellValue("Sheet1", at, nil), f.SetCellFormula("Sheet1", at, "20+4.5"))
		}, "", "the cell F2 is a formula whose result is not in the file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := excelize.NewFile()
			defer f.Close()
			columns := []string{"approval-date", "reimbursement-id", "sku", "reason", "currency-unit", "amount-total"}
			for i, v := range []any{"2026-08-12", "R1", "S-1", "Lost", "EUR", 12.5} {
				at, err := excelize.CoordinatesToCellName(i+1, 2)
				if err == nil && columns[i] == tc.column {
					err = tc.change(f, at)
				} else if err == nil {
					err = f.SetCellValue("Sheet1", at, v)
				}
				head, _ := excelize.CoordinatesToCellName(i+1, 1)
				if err = errors.Join(err, f.SetCellValue("Sheet1", head, columns[i])); err != nil {
					t.Fatal(err)
				}
			}
			var b bytes.Buffer
			if err := f.Write(&b); err != nil {
				t.Fatal(err)
			}
			files, err := open(t, "r.xlsx", b.Bytes(), reports.Hint{})
			if tc.want == "" {
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("%v, want %q", err, tc.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			each(t, files[0].Reimbursements(), func(r reports.ReimbursementRow) {
				got := map[string]string{"amount-total": r.Total.Money.String(), "approval-date": r.Approved.Day, "sku": r.SKU}[tc.column]
				if got != tc.want {
					t.Errorf("%s, want %s", got, tc.want)
				}
			})
		})
	}
}

// A formula may have the empty text as its result: that is not a result that is lost.
func TestWorkbookFormulaOfEmptyText(t *testing.T) {
	for _, tc := range []struct{ name, from, to, says string }{
		{"a result", `</f></c>`, `</f><v></v></c>`, ""},
		{"a result, written short", `</f></c>`, `</f><v/></c>`, ""},
		{"no result of its kind", `</f></c>`, `</f></c>`, "the cell E2 is a formula"},
		{"no kind", ` t="str"><f>D3</f></c>`, `><f>D3</f><v></v></c>`, "the cell E2 is a formula"},
		{"another cell without", `</f></c><c r="F2" t="str"><f>1</f></c>`, `</f><v></v></c><c r="F2" t="str"><f>1</f></c>`, "the cell F2 is a formula"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, err := excelize.OpenReader(bytes.NewReader(workbook(t, [][]any{
				{"approval-date", "reimbursement-id", "currency-unit", "amount-total", "sku", "reason"},
				{"2026-08-12", "R1", "EUR", 12.5, nil, "Lost"},
			})))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			err = f.SetCellFormula("Sheet1", "E2", "D3")
			if strings.Contains(tc.from, "F2") {
				err = errors.Join(err, f.SetCellValue("Sheet1", "F2", nil), f.SetCellFormula("Sheet1", "F2", "1"))
			}
			var b bytes.Buffer
			if err = errors.Join(err, f.Write(&b)); err != nil {
				t.Fatal(err)
			}
			files, err := open(t, "r.xlsx", resheeted(t, b.Bytes(), tc.from, tc.to), reports.Hint{})
			switch {
			case tc.says == "" && (err != nil || len(files) != 1 || files[0].Rows != 1):
				t.Errorf("%v, %v", files, err)
			case tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)):
				t.Errorf("%v, want %q", err, tc.says)
			}
		})
	}
}

// resheeted changes the text of a workbook's first sheet, as other programs write it.
func resheeted(t *testing.T, book []byte, from, to string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []any
	for _, part := range r.File {
		f, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		if part.Name == "xl/worksheets/sheet1.xml" {
			if !bytes.Contains(text, []byte(from)) {
				t.Fatalf("%s has no %s", text, from)
			}
			text = bytes.Replace(text, []byte(from), []byte(to), 1)
		}
		parts = append(parts, part.Name, text)
	}
	return zipped(t, parts...)
}
