package appsync_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
)

// samples is where real report files are on some machines. They are no part of
// the project; what needs them is skipped without.
var samples = filepath.Join("..", "..", "shared", "samples")

func sample(t *testing.T, name string) string {
	t.Helper()
	if _, err := os.Stat(samples); err != nil {
		t.Skip("the shared samples are not here")
	}
	return filepath.Join(samples, filepath.FromSlash(name))
}

func emptyBook(t testing.TB) *store.Book {
	t.Helper()
	b, err := store.Create(t.Context(), t.TempDir(), testKeys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func importOne(t *testing.T, b *store.Book, path, connection string) appsync.Imported {
	t.Helper()
	done, err := appsync.Import(t.Context(), b, path, connection, reports.Hint{})
	if err != nil {
		t.Fatalf("import %s: %v", filepath.Base(path), err)
	}
	if len(done) != 1 {
		t.Fatalf("import %s: %d reports, want 1", filepath.Base(path), len(done))
	}
	return done[0]
}

// wantNothingLost follows every amount of a book that one source feeds: each
// fact stands in exactly one money line, turned round on lines of cash at most,
// and the daily sums hold the lines.
func wantNothingLost(t *testing.T, b *store.Book, total int64) {
	t.Helper()
	number := func(q string) (n int64) {
		t.Helper()
		if err := b.Reader().QueryRowContext(t.Context(), q).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if got := number(`SELECT coalesce(sum(amount_minor), 0) FROM fact`); got != total {
		t.Errorf("the facts sum to %d, the file to %d", got, total)
	}
	if got := number(`SELECT coalesce(sum(f.amount_minor), 0) FROM money_line l JOIN fact f ON f.id = l.fact_id`); got != total {
		t.Errorf("the facts behind the lines sum to %d, the file to %d", got, total)
	}
	if n := number(`SELECT count(*) FROM fact f WHERE amount_minor <> 0 AND (SELECT count(*) FROM money_line WHERE fact_id = f.id) <> 1`); n != 0 {
		t.Errorf("%d amounts do not stand in exactly one line", n)
	}
	if n := number(`SELECT count(*) FROM money_line l JOIN fact f ON f.id = l.fact_id WHERE l.amount_minor <> f.amount_minor
		AND NOT (l.line LIKE 'cash.%' AND l.amount_minor = -f.amount_minor)`); n != 0 {
		t.Errorf("%d lines have another amount than their fact", n)
	}
	lines := number(`SELECT coalesce(sum(amount_minor), 0) FROM money_line`)
	if sums := number(`SELECT coalesce(sum(amount_minor), 0) FROM rollup`); sums != lines {
		t.Errorf("the daily sums hold %d, the lines %d", sums, lines)
	}
	if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
}

// The totals are those of the samples' own README.
func TestImportSamples(t *testing.T) {
	for _, tc := range []struct {
		name  string
		total int64 // minor units
		kind  reports.Kind
	}{
		{"settlement/ca-v1-33col-no-orders.txt", -321_69, reports.SettlementV1},
		{"settlement/ca-v1-negative.txt", -62_31, reports.SettlementV1},
		{"settlement/ca-v1-first-positive.txt", 1016_08, reports.SettlementV1},
		{"settlement/ca-v1-reversal.txt", 4630_23, reports.SettlementV1},
		{"settlement/us-v2-synthetic.txt", 582_89, reports.SettlementV2},
		{"date-range/us-standard-orders.csv", 62_87, reports.DateRange},
		{"date-range/us-invoiced-orders.csv", 80_84, reports.DateRange},
		{"date-range/ca-standard-orders.csv", -39_72, reports.DateRange},
		{"date-range/ae-20-columns.csv", 205_21, reports.DateRange},
		{"date-range/de.csv", -75_14, reports.DateRange},
		{"date-range/be-french-23-columns.csv", 51_77, reports.DateRange},
		{"date-range/es.csv", 73_36, reports.DateRange},
		{"date-range/uk.csv", 14_74, reports.DateRange},
		{"date-range/jp-utf8-2025.csv", 16876, reports.DateRange},
		{"date-range/jp-cp932-2022-10.csv", -130015, reports.DateRange},
	} {
		t.Run(strings.TrimSuffix(filepath.Base(tc.name), filepath.Ext(tc.name)), func(t *testing.T) {
			path := sample(t, tc.name)
			b := emptyBook(t)
			done := importOne(t, b, path, "")
			if done.Kind != tc.kind || done.Known || done.New == 0 || len(done.Totals) != 1 || done.Totals[0].Minor != tc.total {
				t.Errorf("imported %+v, want the total %d", done, tc.total)
			}
			wantNothingLost(t, b, tc.total)
			before := fingerprints(t, b)
			if again := importOne(t, b, path, ""); !again.Known || again.New != 0 {
				t.Errorf("again: %+v", again)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			importOne(t, b, file(t, "packed.gz", gzipped(t, data)), "")
			importOne(t, b, file(t, "packed.zip", zipped(t, filepath.Base(path), data)), "")
			wantSame(t, "read again", fingerprints(t, b), before)
			if err := b.Rebuild(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			wantSame(t, "rebuilt", fingerprints(t, b), before)
		})
	}
}

func TestImportSampleOrders(t *testing.T) {
	for name, rows := range map[string]int64{"jp-cp932-29-columns.txt": 594, "eu-synthetic.txt": 380} {
		t.Run(name, func(t *testing.T) {
			path := sample(t, "all-orders/"+name)
			b := emptyBook(t)
			done := importOne(t, b, path, "")
			var items int64
			if err := b.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM order_item`).Scan(&items); err != nil {
				t.Fatal(err)
			}
			if items != rows || int64(done.Rows) != rows {
				t.Errorf("%d items of %d rows, want %d", items, done.Rows, rows)
			}
			before := fingerprints(t, b)
			importOne(t, b, path, "")
			wantSame(t, "read again", fingerprints(t, b), before)
		})
	}
}

// All files of one account in one book: each is there, whatever came before it,
// and rebuilding changes nothing.
func TestImportSamplesTogether(t *testing.T) {
	b := emptyBook(t)
	var total int64
	for name, sum := range map[string]int64{
		"us-standard-orders.csv": 62_87, "us-invoiced-orders.csv": 80_84, "ca-standard-orders.csv": -39_72,
	} {
		importOne(t, b, sample(t, "date-range/"+name), "")
		total += sum
	}
	wantNothingLost(t, b, total)
	before := fingerprints(t, b)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "rebuilt", fingerprints(t, b), before)
}

func TestImportSampleThatIsBroken(t *testing.T) {
	path := sample(t, "settlement/es-v1-synthetic-no-header-row.txt")
	b := emptyBook(t)
	before := fingerprints(t, b)
	_, err := appsync.Import(t.Context(), b, path, "", reports.Hint{})
	var fe *reports.FileError
	if !errors.As(err, &fe) || fe.Line == 0 {
		t.Errorf("error %v, want a line and a reason", err)
	}
	wantSame(t, "refused", fingerprints(t, b), before)
}
