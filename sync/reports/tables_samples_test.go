package reports_test

import (
	"iter"
	"math/big"
	"testing"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

// decimals sums exact numbers without the code under test.
func decimals(t *testing.T, sum *big.Rat, n reports.Number[books.Decimal]) {
	t.Helper()
	if !n.Told {
		return
	}
	v, ok := new(big.Rat).SetString(n.Value.String())
	if !ok {
		t.Fatalf("%q is no number", n.Value)
	}
	sum.Add(sum, v)
}

func each[T any](t *testing.T, rows iter.Seq2[T, error], do func(T)) int {
	t.Helper()
	n := 0
	for r, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		n++
		do(r)
	}
	return n
}

// The figures are those of the samples' own README.
func TestSampleTables(t *testing.T) {
	for _, tc := range []struct {
		name          string
		kind          reports.Kind
		rows, columns int
		charset, lang string
		currency      string
	}{
		{"fees/jp-fee-preview-cp932-23-columns.csv", reports.FeePreview, 426, 23, "windows-31j", "ja", "JPY"},
		{"fees/es-fee-preview-synthetic.txt", reports.FeePreview, 4, 34, "utf-8", "en", "EUR"},
		{"inventory/jp-afn-inventory-2022-10.txt", reports.AFNInventory, 799, 6, "utf-8", "en", ""},
		{"inventory/es-myi-inventory-synthetic.txt", reports.MYIInventory, 4, 21, "utf-8", "en", ""},
		{"inventory/es-inventory-planning-synthetic.txt", reports.InventoryPlanning, 4, 39, "utf-8", "en", "EUR"},
		{"inventory/eu-afn-by-country-synthetic.txt", reports.AFNByCountry, 16, 6, "utf-8", "en", ""},
		{"listings/jp-all-listings-utf8bom-2022-10.txt", reports.MerchantListings, 751, 44, "utf-8", "ja", ""},
		{"listings/us-active-listings-29-columns.txt", reports.MerchantListings, 10, 29, "utf-8", "en", ""},
		{"api-json/listings-report-document.txt", reports.MerchantListings, 8, 14, "utf-8", "en", ""},
		{"reimbursements/es-reimbursements-synthetic.txt", reports.Reimbursements, 4, 18, "utf-8", "en", "EUR"},
		{"removals/jp-recommended-removal-cp932.csv", reports.RemovalAdvice, 144, 16, "windows-31j", "ja", ""},
		{"removals/jp-removal-order-detail-cp932.csv", reports.RemovalOrders, 77, 15, "windows-31j", "ja", "JPY"},
		{"returns/es-returns-english-header-synthetic.txt", reports.FBAReturns, 38, 13, "utf-8", "en", ""},
		{"storage/jp-storage-fees-cp932-2022-09.csv", reports.StorageFees, 733, 25, "windows-31j", "en", "JPY"},
		{"storage/jp-long-term-storage-cp932-15-columns.csv", reports.AgedStorageFees, 140, 15, "windows-31j", "en", "JPY"},
		{"storage/es-storage-fees-synthetic.txt", reports.StorageFees, 4, 31, "utf-8", "en", "EUR"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := sample(t, tc.name)
			if f.Kind != tc.kind || f.Rows != tc.rows || len(f.Columns) != tc.columns || f.Charset != tc.charset || f.Currency != tc.currency {
				t.Errorf("%s, %d rows, %d columns, %s, %q", f.Kind, f.Rows, len(f.Columns), f.Charset, f.Currency)
			}
			if f.Language != tc.lang || len(f.UnknownColumns) != 0 {
				t.Errorf("language %s, unknown %q", f.Language, f.UnknownColumns)
			}
			if n := len(rows(t, f)); n != tc.rows {
				t.Errorf("%d rows given, %d proved", n, tc.rows)
			}
		})
	}
}

func TestSampleStorageFees(t *testing.T) {
	fee := new(big.Rat)
	each(t, sample(t, "storage/jp-storage-fees-cp932-2022-09.csv").StorageFees(), func(r reports.StorageFeeRow) {
		if r.Month != "2022-09" || r.Currency != "JPY" || r.Country != "JP" {
			t.Errorf("line %d: %+v", r.Line, r)
		}
		decimals(t, fee, r.Fee)
	})
	if got := fee.FloatString(4); got != "7734.0010" {
		t.Errorf("the fees sum to %s, want 7734.0010", got)
	}
}

func TestSampleAgedStorageFees(t *testing.T) {
	var units, minor int64
	each(t, sample(t, "storage/jp-long-term-storage-cp932-15-columns.csv").AgedStorageFees(), func(r reports.AgedFeeRow) {
		for _, f := range r.Fees {
			units, minor = units+f.Units, minor+f.Amount.Money.Minor
		}
		if len(r.Fees) != 2 || r.Charged.Day != "2022-09-14" || !r.Charged.Clock {
			t.Errorf("line %d: %+v", r.Line, r)
		}
	})
	if units != 430 || minor != 9530 {
		t.Errorf("%d units, %d yen, want 430 and 9530", units, minor)
	}
}

func TestSampleRemovals(t *testing.T) {
	var units, fee int64
	cancelled := 0
	each(t, sample(t, "removals/jp-removal-order-detail-cp932.csv").RemovalOrders(), func(r reports.RemovalRow) {
		units += r.Units
		fee += r.Fee.Money.Minor
		if r.Cancelled.Value > 0 {
			cancelled++
		}
	})
	if units != 260 || fee != 8565 || cancelled != 1 {
		t.Errorf("%d units, fee %d, %d cancelled lines, want 260, 8565, 1", units, fee, cancelled)
	}
}

func TestSampleReimbursements(t *testing.T) {
	each(t, sample(t, "reimbursements/es-reimbursements-synthetic.txt").Reimbursements(), func(r reports.ReimbursementRow) {
		if r.Line == 3 && (r.Approved.Day != "2026-08-11" || r.Approved.Clock || r.Total.Money.String() != "35.98 EUR" || r.UnitsCash.Value != 2) {
			t.Errorf("%+v", r)
		}
	})
}
