package appsync_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
)

// A Japanese seller's reports as they come: other charsets, separators and
// headings, and files that do not say whose they are.
var japanese = map[string]reports.Kind{
	"date-range/jp-cp932-2022-10.csv":                   reports.DateRange,
	"all-orders/jp-cp932-29-columns.txt":                reports.AllOrders,
	"listings/jp-all-listings-utf8bom-2022-10.txt":      reports.MerchantListings,
	"inventory/jp-afn-inventory-2022-10.txt":            reports.AFNInventory,
	"fees/jp-fee-preview-cp932-23-columns.csv":          reports.FeePreview,
	"storage/jp-storage-fees-cp932-2022-09.csv":         reports.StorageFees,
	"storage/jp-long-term-storage-cp932-15-columns.csv": reports.AgedStorageFees,
	"removals/jp-recommended-removal-cp932.csv":         reports.RemovalAdvice,
	"removals/jp-removal-order-detail-cp932.csv":        reports.RemovalOrders,
}

// folder puts samples into a folder of their own, as a seller would have them.
func folder(t *testing.T, names map[string]reports.Kind) string {
	t.Helper()
	dir := t.TempDir()
	for name := range names {
		data, err := os.ReadFile(sample(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func number(t *testing.T, b *store.Book, q string, args ...any) (n int64) {
	t.Helper()
	if err := b.Reader().QueryRowContext(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return n
}

// One command reads the whole set, and the sums are those of the samples' README.
func TestImportOfAJapaneseSellersReports(t *testing.T) {
	dir := folder(t, japanese)
	b := emptyBook(t)
	o := appsync.ImportOptions{Taken: time.Date(2022, 10, 25, 3, 0, 0, 0, time.UTC)}
	before := fingerprints(t, b)
	seen, err := appsync.Preview(t.Context(), b, []string{dir}, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "after a preview", fingerprints(t, b), before)
	steps := 0
	done, err := appsync.ImportFiles(t.Context(), b, []string{dir}, o, func(done, total int, path string) {
		if steps++; total != len(japanese) || done >= total || path == "" {
			t.Errorf("progress %d of %d at %q", done, total, path)
		}
	})
	if err != nil || len(done) != len(japanese) || steps < len(japanese) {
		t.Fatalf("%d files in %d steps, %v", len(done), steps, err)
	}
	for i, f := range done {
		if f.Err != nil || len(f.Reports) != 1 {
			t.Errorf("%s: %v", f.Path, f.Err)
			continue
		}
		r, p := f.Reports[0], seen[i].Reports[0]
		for name, kind := range japanese {
			if filepath.Base(name) == r.Name && r.Kind != kind {
				t.Errorf("%s is read as %s, want %s", name, r.Kind, kind)
			}
		}
		if r.Connection != "files-fe" || r.New == 0 || len(r.Unused) != 0 {
			t.Errorf("%s: %+v", f.Path, r)
		}
		if p.New != r.New || p.Rows != r.Rows || p.Connection != r.Connection || p.Kind != r.Kind {
			t.Errorf("%s: the preview said %+v, it became %+v", f.Path, p, r)
		}
	}
	wantNothingLost(t, b, -130015)
	for _, tc := range []struct {
		what string
		q    string
		want int64
	}{
		{"orders' lines", `SELECT count(*) FROM order_item`, 594},
		{"listings", `SELECT count(*) FROM listing_row WHERE marketplace_id = 'A1VC38T7YXB528'`, 751},
		{"listings known by them", `SELECT count(*) FROM listing`, 751},
		{"counts", `SELECT count(*) FROM stock_count WHERE count_day = '2022-10-25'`, 799},
		{"fee previews", `SELECT count(*) FROM fee_preview WHERE currency = 'JPY'`, 426},
		{"storage of the month", `SELECT sum(fee_nano) FROM storage_fee WHERE kind = 'monthly' AND period = '2022-09'`, 7734_001000000},
		{"old stock", `SELECT sum(fee_nano) FROM storage_fee WHERE kind = 'aged' AND period = '2022-09-15'`, 9530_000000000},
		{"old units", `SELECT sum(units_nano) FROM storage_fee WHERE kind = 'aged'`, 430_000000000},
		{"removed units asked for", `SELECT sum(requested) FROM removal`, 260},
		{"removal fees", `SELECT sum(fee_minor) FROM removal`, 8565},
		{"cancelled lines", `SELECT count(*) FROM removal WHERE cancelled > 0`, 1},
		{"advice", `SELECT count(*) FROM stock_advice WHERE advice_day = '2022-10-25'`, 144},
		{"rows without their original", `SELECT (SELECT count(*) FROM removal WHERE document_id IS NULL OR doc_line < 2)
			+ (SELECT count(*) FROM storage_fee WHERE document_id IS NULL OR doc_line < 2)`, 0},
	} {
		if got := number(t, b, tc.q); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.what, got, tc.want)
		}
	}
	after := fingerprints(t, b)
	again, err := appsync.ImportFiles(t.Context(), b, []string{dir}, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range again {
		if f.Err != nil || !f.Reports[0].Known {
			t.Errorf("again: %+v", f)
		}
	}
	wantSame(t, "read again", fingerprints(t, b), after)
}

// The other kinds, of a European seller: none of them says whose it is.
func TestImportOfReportsThatNameNoPlace(t *testing.T) {
	names := map[string]reports.Kind{
		"returns/es-returns-english-header-synthetic.txt": reports.FBAReturns,
		"inventory/es-myi-inventory-synthetic.txt":        reports.MYIInventory,
	}
	dir := folder(t, names)
	b := emptyBook(t)
	list, err := appsync.ImportFiles(t.Context(), b, []string{dir}, appsync.ImportOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Err == nil || !strings.Contains(f.Err.Error(), "--connection") {
			t.Errorf("in an empty book: %+v", f)
		}
	}
	names["reimbursements/es-reimbursements-synthetic.txt"] = reports.Reimbursements
	names["inventory/es-inventory-planning-synthetic.txt"] = reports.InventoryPlanning
	names["inventory/eu-afn-by-country-synthetic.txt"] = reports.AFNByCountry
	names["storage/es-storage-fees-synthetic.txt"] = reports.StorageFees
	names["fees/es-fee-preview-synthetic.txt"] = reports.FeePreview
	list, err = appsync.ImportFiles(t.Context(), b, []string{folder(t, names)}, appsync.ImportOptions{}, nil)
	if err != nil || len(list) != len(names) {
		t.Fatalf("%d files, %v", len(list), err)
	}
	for _, f := range list {
		if f.Err != nil || f.Reports[0].Connection != "files-eu" {
			t.Errorf("beside files that tell: %+v", f)
		}
	}
	if n := number(t, b, `SELECT count(*) FROM customer_return WHERE sellable IS NOT NULL`); n != 38 {
		t.Errorf("%d returns with a known disposition, want 38", n)
	}
	if n := number(t, b, `SELECT count(*) FROM fact`); n != 0 {
		t.Errorf("%d facts of money: reports that explain money must not count it", n)
	}
}
