package reports_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

// sample opens a file of the shared samples and skips the test where they are
// not at hand.
func sample(t *testing.T, name string) *reports.File {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "samples", filepath.FromSlash(name))
	if _, err := os.Stat(filepath.Dir(filepath.Dir(path))); err != nil {
		t.Skip("the shared samples are not here")
	}
	files, err := openPath(t, path, reports.Hint{})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if len(files) != 1 {
		t.Fatalf("%d reports, want 1", len(files))
	}
	return files[0]
}

func openPath(t *testing.T, path string, hint reports.Hint) ([]*reports.File, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return reports.Open(filepath.Base(path), f, st.Size(), hint)
}

// The figures are those of the samples' own README.
func TestSampleDateRange(t *testing.T) {
	for _, tc := range []struct {
		name                   string
		rows, columns          int
		currency, lang         string
		sum, tax, transfers    string
		incomeAndExpenses      string
		decimal, charset, from string
	}{
		{"us-standard-orders", 690, 29, "USD", "en", "62.87", "0.00", "-9888.09", "9950.96", ".", "utf-8", "2025-03-01"},
		{"us-invoiced-orders", 9, 29, "USD", "en", "80.84", "0.00", "-91.20", "172.04", ".", "utf-8", "2025-03-02"},
		{"ca-standard-orders", 230, 29, "CAD", "en", "-39.72", "0.00", "-2877.26", "2837.54", ".", "utf-8", "2025-03-01"},
		{"ae-20-columns", 338, 20, "AED", "en", "205.21", "0.00", "-20367.43", "20572.64", ".", "utf-8", "2025-02-28"},
		{"de", 274, 27, "EUR", "de", "-75.14", "8.26", "-1730.44", "1647.04", ",", "utf-8", "2025-02-28"},
		{"be-french-23-columns", 31, 23, "EUR", "fr", "51.77", "0.00", "-191.60", "243.37", ",", "utf-8", "2025-03-04"},
		{"es", 63, 27, "EUR", "es", "73.36", "0.00", "-417.79", "491.15", ",", "utf-8", "2025-03-01"},
		{"uk", 19, 27, "GBP", "en", "14.74", "0.00", "-36.26", "51.00", ".", "utf-8", "2025-03-07"},
		{"jp-utf8-2025", 132, 28, "JPY", "ja", "16876", "9532", "-26893", "34237", ".", "utf-8", "2025-03-01"},
		{"jp-cp932-2022-10", 617, 28, "JPY", "ja", "-130015", "", "-666043", "", ".", "windows-31j", "2022-10-01"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := sample(t, "date-range/"+tc.name+".csv")
			got := dateRangeFigures(t, f)
			if f.Kind != reports.DateRange || f.Rows != tc.rows || len(f.Columns) != tc.columns || len(f.UnknownColumns) != 0 {
				t.Errorf("%s, %d rows, %d columns, unknown %q", f.Kind, f.Rows, len(f.Columns), f.UnknownColumns)
			}
			if f.Currency != tc.currency || f.Language != tc.lang || f.Decimal != tc.decimal || f.Charset != tc.charset {
				t.Errorf("currency %s, language %s, decimal %q, charset %s", f.Currency, f.Language, f.Decimal, f.Charset)
			}
			if d := f.From.Format("2006-01-02"); d != tc.from {
				t.Errorf("from %s, want %s", d, tc.from)
			}
			if got.sum.Decimal() != tc.sum || f.Total != got.sum {
				t.Errorf("sum %s, file total %s, want %s", got.sum, f.Total, tc.sum)
			}
			if got.transfers.Decimal() != tc.transfers {
				t.Errorf("transfers %s, want %s", got.transfers, tc.transfers)
			}
			if tc.tax != "" && (got.tax.Decimal() != tc.tax || got.rest.Decimal() != tc.incomeAndExpenses) {
				t.Errorf("tax %s, income+expenses %s, want %s, %s", got.tax, got.rest, tc.tax, tc.incomeAndExpenses)
			}
		})
	}
}

type figures struct{ sum, tax, transfers, rest books.Money }

// dateRangeFigures splits the facts as Seller Central's summary does.
func dateRangeFigures(t *testing.T, f *reports.File) figures {
	t.Helper()
	zero := books.Money{Currency: f.Currency}
	g := figures{zero, zero, zero, zero}
	rows := 0
	for row, err := range f.DateRange() {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		var inRow books.Money
		for _, fact := range row.Facts {
			inRow = add(t, inRow, fact.Amount)
			g.sum = add(t, g.sum, fact.Amount)
			switch {
			case row.Type == "Transfer" || row.Type == "Debt":
				g.transfers = add(t, g.transfers, fact.Amount)
			case strings.Contains(fact.Path, "tax") || fact.Path == "regulatory fee":
				g.tax = add(t, g.tax, fact.Amount)
			default:
				g.rest = add(t, g.rest, fact.Amount)
			}
		}
		if inRow.Minor != row.Total.Minor {
			t.Errorf("line %d: facts sum to %s, total is %s", row.Line, inRow, row.Total)
		}
	}
	if rows != f.Rows {
		t.Errorf("%d rows given, %d proved", rows, f.Rows)
	}
	return g
}

func add(t *testing.T, a, b books.Money) books.Money {
	t.Helper()
	s, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSampleSettlements(t *testing.T) {
	for _, tc := range []struct {
		name     string
		kind     reports.Kind
		rows     int
		columns  int
		total    string
		start    string
		units    int64
		noAmount int // rows that only tell a quantity
	}{
		{"ca-v1-33col-no-orders", reports.SettlementV1, 4, 33, "-321.69 CAD", "2025-06-05T22:07:18Z", 0, 0},
		{"ca-v1-negative", reports.SettlementV1, 16, 36, "-62.31 CAD", "2025-07-31T22:07:18Z", 1, 1},
		{"ca-v1-first-positive", reports.SettlementV1, 190, 36, "1016.08 CAD", "2025-08-14T22:07:18Z", 39, 39},
		{"ca-v1-reversal", reports.SettlementV1, 730, 36, "4630.23 CAD", "2025-09-11T22:07:19Z", 157, 156},
		{"us-v2-synthetic", reports.SettlementV2, 24, 24, "582.89 USD", "2026-06-16T00:00:00Z", 6, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := sample(t, "settlement/"+tc.name+".txt")
			if f.Kind != tc.kind || f.Rows != tc.rows || len(f.Columns) != tc.columns || len(f.UnknownColumns) != 0 || len(f.Settlements) != 1 {
				t.Fatalf("%s, %d rows, %d columns, unknown %q, %d settlements", f.Kind, f.Rows, len(f.Columns), f.UnknownColumns, len(f.Settlements))
			}
			head := f.Settlements[0]
			if got := head.Start.Format("2006-01-02T15:04:05Z"); got != tc.start || head.Total.String() != tc.total {
				t.Errorf("start %s, total %s", got, head.Total)
			}
			var total books.Money
			var units int64
			empty, rows := 0, 0
			for row, err := range f.Settlement() {
				if err != nil {
					t.Fatal(err)
				}
				rows++
				if row.Number != rows {
					t.Errorf("line %d has number %d, want %d", row.Line, row.Number, rows)
				}
				if len(row.Facts) == 0 {
					empty++
				}
				for _, fact := range row.Facts {
					total = add(t, total, fact.Amount)
					units += fact.Quantity
				}
			}
			if total != head.Total || rows != tc.rows-1 || empty != tc.noAmount || units != tc.units {
				t.Errorf("sum %s, %d rows, %d without amount, %d units", total, rows, empty, units)
			}
		})
	}
}

func TestSampleWithoutHeaderRowIsRefused(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "samples", "settlement", "es-v1-synthetic-no-header-row.txt")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared samples are not here")
	}
	files, err := openPath(t, path, reports.Hint{})
	if !errors.Is(err, reports.ErrTotal) || files != nil {
		t.Fatalf("files %v, error %v", files, err)
	}
}

func TestSampleAllOrders(t *testing.T) {
	for _, tc := range []struct {
		name     string
		rows     int
		columns  int
		charset  string
		currency string
		channels map[string]int
		unknown  []string
	}{
		{"jp-cp932-29-columns", 594, 29, "windows-31j", "JPY", map[string]int{"Amazon.co.jp": 592, "Non-Amazon": 2}, nil},
		{"eu-synthetic", 380, 33, "utf-8", "EUR", map[string]int{"Amazon.de": 95, "Amazon.es": 95, "Amazon.fr": 95, "Amazon.it": 95}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := sample(t, "all-orders/"+tc.name+".txt")
			if f.Kind != reports.AllOrders || f.Rows != tc.rows || len(f.Columns) != tc.columns || f.Charset != tc.charset || f.Currency != tc.currency {
				t.Errorf("%s, %d rows, %d columns, %s, %s", f.Kind, f.Rows, len(f.Columns), f.Charset, f.Currency)
			}
			if !slices.Equal(f.UnknownColumns, tc.unknown) {
				t.Errorf("unknown columns %q", f.UnknownColumns)
			}
			channels := map[string]int{}
			for row, err := range f.AllOrders() {
				if err != nil {
					t.Fatal(err)
				}
				channels[row.SalesChannel]++
				for _, secret := range []string{row.Recipient.City, row.Recipient.PostalCode} {
					if len(secret) > 3 && strings.Contains(row.Raw, "\t"+secret+"\t") {
						t.Errorf("line %d: the raw row shows %q", row.Line, secret)
					}
				}
			}
			if !maps.Equal(channels, tc.channels) {
				t.Error(cmp.Diff(tc.channels, channels))
			}
		})
	}
}

// Reports of other kinds are refused by their headings, never half read.
func TestSamplesOfOtherKinds(t *testing.T) {
	for _, name := range []string{
		"economics/data-kiosk-mock-1.json", "api-json/fba-inventory-summaries.json",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("..", "..", "..", "shared", "samples", filepath.FromSlash(name))
			if _, err := os.Stat(path); err != nil {
				t.Skip("the shared samples are not here")
			}
			files, err := openPath(t, path, reports.Hint{})
			if files != nil || !errors.Is(err, reports.ErrKind) && !errors.Is(err, reports.ErrBinary) {
				t.Errorf("files %v, error %v", files, err)
			}
		})
	}
}
