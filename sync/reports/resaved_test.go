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
