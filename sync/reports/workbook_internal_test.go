package reports

import "testing"

// What Amazon wrote is told from what a workbook keeps and what it shows.
func TestSheetCells(t *testing.T) {
	for _, tc := range []struct {
		kept, shown string
		since1904   bool
		want        string
	}{
		{"0.0464", "4.64%", false, "4.64%"},
		{"0.046399999999999997", "5%", false, "4.64%"},
		{"1", "100%", false, "100%"},
		{"4.64%", "4.64%", false, "4.64%"}, // a text
		{"1", "TRUE", false, "true"},
		{"0", "FALSE", false, "false"},
		{"46359", "03.12.", false, "2026-12-03"},
		{"46359", "03. Dez", false, "2026-12-03"},
		{"46359", "12/03/26", false, "2026-12-03"},
		{"44897", "12/03/26", true, "2026-12-03"},
		{"46359.5", "12/03/26 12:00", false, "46359.5"},
		{"46359", "46,359.00", false, "46359"},
		{"46359", "46.359,00 €", false, "46359"},
		{"46359", "4.64E+04", false, "46359"},
		{"46359", "46.4K", false, "46359"},
		{"46359", "€ 46,36 T", false, "46359"},
		{"46359", "46", false, "46359"},
		{"46359", "0.05M", false, "46359"},
		{"46359", "03", false, "2026-12-03"},
		{"46359", "26", false, "2026-12-03"}, // the year
		{"46359", "3. Dez", false, "2026-12-03"},
		{"12", "01.01.", false, "12"}, // no day of our times
		{"-46359", "(46,359.00)", false, "-46359"},
		{"24.989999999999998", "24.99", false, "24.99"},
		{"1234567890123456789", "1.23457E+18", false, "1.23457E+18"},
		{"00123", "00123", false, "00123"},
		{"", "", false, ""},
		{"NaN", "x", false, "NaN"},
	} {
		if got := (sheetCell{tc.kept, tc.shown, tc.since1904}).text(); got != tc.want {
			t.Errorf("kept %q and shown %q: %q, want %q", tc.kept, tc.shown, got, tc.want)
		}
	}
}
