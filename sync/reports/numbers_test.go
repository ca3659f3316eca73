package reports_test

import (
	"errors"
	"testing"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

// Each number is the only amount of a row; where told, another row of the
// file shows the decimal sign.
func TestNumbers(t *testing.T) {
	const point, comma = "7.50", "7,50"
	for _, tc := range []struct {
		name, text, currency, beside string
		want                         int64
		err                          error
	}{
		{"plain", "-1.00", "USD", "", -100, nil},
		{"whole", "12", "USD", "", 1200, nil},
		{"one place", "12.5", "USD", "", 1250, nil},
		{"grouped with point", "1,234.56", "USD", "", 123456, nil},
		{"grouped with comma", "1.234,56", "EUR", "", 123456, nil},
		{"two groups", "1.234.567,89", "EUR", "", 123456789, nil},
		{"groups alone tell", "1,234,567", "USD", "", 123456700, nil},
		{"ungrouped with comma", "7490,90", "EUR", "", 749090, nil},
		{"blank groups", "1 234,56", "SEK", "", 123456, nil},
		{"no-break blank", "1\u00a0234,56", "SEK", "", 123456, nil},
		{"narrow no-break blank", "-1\u202f234,56", "EUR", "", -123456, nil},
		{"apostrophe", "1'234.56", "EUR", "", 123456, nil},
		{"curly apostrophe", "1\u2019234.56", "EUR", "", 123456, nil},
		{"lakh", "1,23,456.00", "INR", "", 12345600, nil},
		{"minus sign", "\u22121.00", "USD", "", -100, nil},
		{"plus", "+1.00", "USD", "", 100, nil},
		{"parentheses", "(1.00)", "USD", "", -100, nil},
		{"mark before", "-$1.00", "USD", "", -100, nil},
		{"mark after", "1,00 €", "EUR", "", 100, nil},
		{"yen mark", "￥1,372", "JPY", "", 1372, nil},
		{"yen grouped", "1,364", "JPY", "", 1364, nil},
		{"yen with places", "1780.0", "JPY", "", 1780, nil},
		{"yen grouped with places", "2,164.00", "JPY", "", 2164, nil},
		{"zero with places", "0.500", "USD", "", 50, nil},
		{"no digit before", ".50", "USD", "", 50, nil},
		{"two readings settled by point", "1,234", "USD", point, 123400, nil},
		{"two readings settled by comma", "1.234", "EUR", comma, 123400, nil},
		{"blanks around", " 1.00 ", "USD", "", 100, nil},

		{"two readings, point", "1.234", "EUR", "", 0, reports.ErrAmbiguous},
		{"two readings, comma", "1,234", "USD", "", 0, reports.ErrAmbiguous},
		{"the other sign", "1,50", "USD", point, 0, reports.ErrNumber},
		{"half a yen", "1780.5", "JPY", "", 0, reports.ErrNumber},
		{"three places", "1.234", "USD", point, 0, reports.ErrNumber},
		{"letter", "12,3x", "USD", "", 0, reports.ErrNumber},
		{"sign behind", "12.00-", "USD", "", 0, reports.ErrNumber},
		{"two signs", "--1.00", "USD", "", 0, reports.ErrNumber},
		{"exponent", "1.0E2", "USD", "", 0, reports.ErrNumber},
		{"wrong groups", "1,23,4.00", "USD", "", 0, reports.ErrNumber},
		{"lakh outside India", "1,23,456.00", "USD", "", 0, reports.ErrNumber},
		{"group of two", "12,34,567", "USD", point, 0, reports.ErrNumber},
		{"two decimal signs", "1.2.3", "USD", "", 0, reports.ErrNumber},
		{"mixed groups", "1,234'567.00", "USD", "", 0, reports.ErrNumber},
		{"leading zero in groups", "0,123.45", "USD", "", 0, reports.ErrNumber},
		{"ends in a sign", "12.", "USD", "", 0, reports.ErrNumber},
		{"other currency's mark", "€1.00", "USD", "", 0, reports.ErrNumber},
		{"dash", "-", "USD", "", 0, reports.ErrNumber},
		{"not a number", "NaN", "USD", "", 0, reports.ErrNumber},
		{"full-width digits", "１２.00", "USD", "", 0, reports.ErrNumber},
		{"beyond 64 bits", "99999999999999999999.00", "USD", "", 0, reports.ErrNumber},
		{"beyond 64 bits in cents", "999999999999999999", "USD", "", 0, reports.ErrNumber},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := [][7]string{{usDate, "Order", "111-1111111-1111111", "A", tc.text, "0", tc.text}}
			if tc.beside != "" { // after it, so that the reader must go back
				file = append(file, [7]string{usDate, "Order", "111-1111111-1111112", "A", tc.beside, "0", tc.beside})
			}
			files, err := open(t, "n.csv", dateRangeFile("All amounts in "+tc.currency, file...), reports.Hint{})
			if tc.err != nil {
				var fe *reports.FileError
				if !errors.Is(err, tc.err) || !errors.As(err, &fe) || fe.Line != 4 && fe.Line != 5 || files != nil {
					t.Fatalf("error %v, want %v on its line", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for row, err := range files[0].DateRange() {
				if err != nil {
					t.Fatal(err)
				}
				if row.Total != (books.Money{Minor: tc.want, Currency: tc.currency}) || len(row.Facts) != 1 || row.Facts[0].Amount != row.Total {
					t.Errorf("%q is %s, want %d minor units", tc.text, row.Total, tc.want)
				}
				break
			}
		})
	}
}
