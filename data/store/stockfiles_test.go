package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

func at(day int) time.Time { return time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC) }

func units(n int64) *int64 { return &n }

// putGoods writes in one transaction and tells whether the last thing changed the
// book.
func putGoods(t *testing.T, b *store.Book, do func(tx *store.Tx) (bool, error)) (changed bool) {
	t.Helper()
	err := b.Write(t.Context(), func(tx *store.Tx) (err error) {
		changed, err = do(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func goodsBook(t *testing.T) *store.Book {
	t.Helper()
	b := newBook(t)
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		return true, errors.Join(tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, nil),
			tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI}, nil))
	})
	return b
}

func returned(until int, ordinal int, status string) store.CustomerReturn {
	return store.CustomerReturn{
		Told: store.Told{Connection: "eu", Until: at(until), Line: 7}, Channel: "AMAZON", Order: "304-1", SKU: "A", Returned: at(2), Reference: "LPN1",
		Ordinal: ordinal, Day: "2026-03-02", Units: 1, Status: status,
	}
}

// Of two reports the later one counts, whichever is read first; equal rows are
// two; what is the same changes nothing and keeps its place.
func TestReportRowsOfTwoReports(t *testing.T) {
	b := goodsBook(t)
	for _, tc := range []struct {
		name    string
		row     store.CustomerReturn
		changed bool
		status  string
		rows    int
	}{
		{"first", returned(5, 1, "received"), true, "received", 1},
		{"the same again", returned(6, 1, "received"), false, "received", 1},
		{"an equal one of the same report", returned(5, 2, "received"), true, "received", 2},
		{"a later report", returned(9, 1, "graded"), true, "graded", 2},
		{"an older one, read afterwards", returned(4, 1, "requested"), false, "graded", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := putGoods(t, b, func(tx *store.Tx) (bool, error) { return tx.PutCustomerReturn(tc.row) }); got != tc.changed {
				t.Errorf("changed: %t, want %t", got, tc.changed)
			}
			var status []string
			err := b.ReportRows(t.Context(), store.TopicReturns, store.ReportFilter{}, func(row []any) error {
				status = append(status, row[12].(string))
				return nil
			})
			if err != nil || len(status) != tc.rows || status[0] != tc.status {
				t.Errorf("%q, %v; want %d rows, the first %q", status, err, tc.rows, tc.status)
			}
		})
	}
}

func TestReportRowsFilter(t *testing.T) {
	b := goodsBook(t)
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		fee, err := books.ParseUnit("17.3501")
		if err != nil {
			return false, err
		}
		for _, m := range []store.StockMove{
			{Told: store.Told{Connection: "eu", Until: at(9)}, Day: "2026-03-01", SKU: "A", Event: "Receipts", Units: 5, Ordinal: 1},
			{Told: store.Told{Connection: "na", Until: at(9)}, Day: "2026-03-02", SKU: "B", Event: "Shipments", Units: -1, Ordinal: 1},
		} {
			if _, err := tx.PutStockMove(m); err != nil {
				return false, err
			}
		}
		return tx.PutStorageFee(store.StorageFee{Told: store.Told{Connection: "eu", Until: at(9)}, Kind: store.StorageMonthly, Period: "2026-02", Currency: "EUR", Ordinal: 1, Fee: &fee})
	})
	for _, tc := range []struct {
		name  string
		topic store.ReportTopic
		f     store.ReportFilter
		want  int
	}{
		{"all", store.TopicMoves, store.ReportFilter{}, 2},
		{"from a day", store.TopicMoves, store.ReportFilter{From: "2026-03-02"}, 1},
		{"to a day", store.TopicMoves, store.ReportFilter{To: "2026-03-01"}, 1},
		{"a SKU", store.TopicMoves, store.ReportFilter{SKU: "A"}, 1},
		{"a connection", store.TopicMoves, store.ReportFilter{Connection: "na", SKU: "A"}, 0},
		{"within a month", store.TopicStorage, store.ReportFilter{From: "2026-02-10", To: "2026-02-12"}, 1},
		{"after the month", store.TopicStorage, store.ReportFilter{From: "2026-03-01"}, 0},
		{"before the month", store.TopicStorage, store.ReportFilter{To: "2026-01-31"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := 0
			if err := b.ReportRows(t.Context(), tc.topic, tc.f, func([]any) error { n++; return nil }); err != nil || n != tc.want {
				t.Errorf("%d rows, %v; want %d", n, err, tc.want)
			}
		})
	}
	for _, topic := range store.ReportTopics() { // every topic's query is good SQL
		if err := b.ReportRows(t.Context(), topic, store.ReportFilter{Marketplaces: []string{"x"}, From: "2026-01-01", Order: "1"}, func([]any) error { return nil }); err != nil {
			t.Errorf("%s: %v", topic, err)
		}
	}
}

// Exactly where the report and the API differ is told, in both directions.
func TestStockDifferences(t *testing.T) {
	const de = "A1PA6795UKMFR9"
	b := goodsBook(t)
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		for sku, n := range map[string]int64{"same": 5, "more": 5, "gone": 3, "none": 0} {
			s := store.Stock{Connection: "eu", Marketplace: de, SKU: sku, Condition: "NewItem", Taken: at(2), Fulfillable: n, Reserved: 1}
			if err := tx.PutStock(s); err != nil {
				return false, err
			}
		}
		for _, c := range []store.StockCount{
			{SKU: "same", Fulfillable: units(5), Reserved: units(1)}, {SKU: "more", Fulfillable: units(7), Reserved: units(1)},
			{SKU: "other", Fulfillable: units(2)},
		} {
			c.Told, c.Report, c.Day, c.Marketplace, c.Ordinal = store.Told{Connection: "eu", Until: at(2), Line: 4}, "myi-inventory", "2026-03-02", de, 1
			if _, err := tx.PutStockCount(c); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	got := map[string][2]any{}
	err := b.ReportRows(t.Context(), store.TopicDifferences, store.ReportFilter{}, func(row []any) error {
		got[row[4].(string)+" "+row[5].(string)] = [2]any{row[6], row[7]}
		return nil
	})
	want := map[string][2]any{
		"more fulfillable": {int64(7), int64(5)}, "other fulfillable": {int64(2), nil},
		"gone fulfillable": {nil, int64(3)}, "gone reserved": {nil, int64(1)}, "none reserved": {nil, int64(1)},
	}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
}

// A part of a transaction that fails is taken back, the rest of it stays.
func TestTry(t *testing.T) {
	b := goodsBook(t)
	failed := errors.New("refused")
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		if _, err := tx.PutCustomerReturn(returned(5, 1, "kept")); err != nil {
			return false, err
		}
		err := tx.Try(func() error {
			if _, err := tx.PutCustomerReturn(returned(5, 2, "taken back")); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Errorf("error %v", err)
		}
		return true, tx.Try(func() error { _, err := tx.PutCustomerReturn(returned(5, 3, "kept")); return err })
	})
	n := 0
	if err := b.ReportRows(t.Context(), store.TopicReturns, store.ReportFilter{}, func([]any) error { n++; return nil }); err != nil || n != 2 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// A document that no row needs is not kept, one that was there before is.
func TestKeepDocument(t *testing.T) {
	b := goodsBook(t)
	count := func() (n int) {
		if err := b.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM document`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	keep := func(body string, used bool) {
		putGoods(t, b, func(tx *store.Tx) (bool, error) {
			return true, tx.KeepDocument("report", []byte(body), func(int64) (bool, error) { return used, nil })
		})
	}
	for _, tc := range []struct {
		body string
		used bool
		want int
	}{{"a", false, 0}, {"a", true, 1}, {"a", false, 1}, {"b", false, 1}} {
		if keep(tc.body, tc.used); count() != tc.want {
			t.Errorf("after %+v: %d documents", tc, count())
		}
	}
}

// What a listings report says does not overwrite what the API said.
func TestListingRowAndAPI(t *testing.T) {
	const de = "A1PA6795UKMFR9"
	b := goodsBook(t)
	b.Now = func() time.Time { return at(3) }
	price, err := books.ParseUnit("9.90")
	if err != nil {
		t.Fatal(err)
	}
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		if err := tx.PutListing(store.Listing{Connection: "eu", Marketplace: de, SKU: "api", Title: "as the API says"}); err != nil {
			return false, err
		}
		for _, sku := range []string{"api", "file"} {
			doc, err := tx.PutDocument("report", []byte("x"))
			if err != nil {
				return false, err
			}
			row := store.ListingRow{Told: store.Told{Connection: "eu", Until: at(9), Document: doc}, Marketplace: de, SKU: sku, Ordinal: 1,
				Title: "as the file says", Price: &price, Currency: "EUR"}
			if _, err := tx.PutListingRow(row); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	for sku, want := range map[string]string{"api": "as the API says", "file": "as the file says 990"} {
		var title string
		if err := b.Reader().QueryRowContext(t.Context(), `SELECT title || coalesce(' ' || price_minor, '') FROM listing WHERE sku = ?`, sku).Scan(&title); err != nil || title != want {
			t.Errorf("%s: %q, %v; want %q", sku, title, err, want)
		}
	}
}
