package reports_test

import (
	"bytes"
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
