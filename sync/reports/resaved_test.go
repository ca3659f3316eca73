package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"countinghouse/sync/reports"
)

// Spreadsheets save empty columns behind the last and empty rows below: a row of
// nothing is no row, one that is cut short still is refused.
func TestEmptyRowsOfSpreadsheets(t *testing.T) {
	good := dateRangeFile("All amounts in USD, unless specified",
		[7]string{usDate, "Order", "111-1", "A", "10.00", "0", "10.00"}, [7]string{usDate, "Refund", "111-1", "A", "-4.00", "0", "-4.00"})
	commas := strings.Repeat(",", bytes.Count(bytes.Split(bytes.TrimSpace(good), []byte("\n"))[2], []byte(",")))
	for name, tail := range map[string]string{
		"none": "", "commas": commas + "\r\n" + commas + "\r\n", "more commas": commas + ",,,\r\n", "blanks": " , ," + commas + "\n",
		"quotes": strings.ReplaceAll(commas, ",", `"",`) + `""` + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			files, err := open(t, "r.csv", append(bytes.Clone(good), tail...), reports.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if f := files[0]; f.Rows != 2 || f.Total.Minor != 6_00 || len(collect(t, f)) != 2 {
				t.Errorf("%d rows, total %v", f.Rows, f.Total)
			}
		})
	}
	for name, tail := range map[string]string{"a lone quote": `"` + "\r\n", "one cell": commas + `x,` + "\r\n"} {
		t.Run(name, func(t *testing.T) {
			if _, err := open(t, "r.csv", append(bytes.Clone(good), tail...), reports.Hint{}); err == nil {
				t.Error("it was read")
			}
		})
	}
}

// In a file with tabs a quote is an inch; a spreadsheet puts quotes round those cells
// only that hold a line break or a tab.
func TestTabFilesOfSpreadsheets(t *testing.T) {
	head := "return-date\torder-id\tsku\tquantity\tstatus\tdetailed-disposition\treason\n"
	row := "2024-03-05T10:00:00+00:00\t302-1\tA\t1\tx\tSELLABLE\t"
	for _, tc := range []struct{ name, rows, reasons, says string }{
		{"a line break", row + "\"too small\nand \"\"red\"\"\"\n" + row + "ok\n", "too small\nand \"red\"|ok", ""},
		{"two line breaks", row + "\"a\r\n\r\nb\"\r\n" + row + "ok\r\n", "a\n\nb|ok", ""},
		{"an inch alone, and empty lines", row + "\"\n\n" + row + "\"\n\n \n", "\"|\"", ""},
		{"a tab", row + "\"too\tsmall\"\n" + row + "24\" wide\n", "too\tsmall|24\" wide", ""},
		{"inches", row + "\"24\" or 26\"\n" + row + "\"\n", "\"24\" or 26\"|\"", ""},
		{"a cell further left", strings.Replace(row, "\tA\t", "\t\"A\nB\"\t", 1) + "x\n", "x", ""},
		{"a line that is cut, and inches", strings.Replace(row, "\tA\t1\tx\tSELLABLE\t", "\t\"A\n302-2\tB 24\"\t1\tx\tSELLABLE\tx\n", 1), "", "3 of 7 columns"},
		{"a quote that stays open", strings.TrimSuffix(row, "SELLABLE\t") + "\"U\n" + row + "x\n", "", "never closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, err := open(t, "r.txt", []byte(head+tc.rows), reports.Hint{})
			if tc.says != "" {
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("%v, want %q", err, tc.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			each(t, files[0].FBAReturns(), func(r reports.ReturnRow) { got = append(got, r.Reason) })
			if strings.Join(got, "|") != tc.reasons {
				t.Errorf("%q, want %q", got, tc.reasons)
			}
		})
	}
}
