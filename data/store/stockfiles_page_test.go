package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/store"
)

// pageBook holds 300 moves of 3 SKUs on 28 days, many of them equal in the column
// they are sorted by.
func pageBook(t *testing.T) *store.Book {
	t.Helper()
	b := goodsBook(t)
	putGoods(t, b, func(tx *store.Tx) (bool, error) {
		for i := range 300 {
			m := store.StockMove{Told: store.Told{Connection: "eu", Until: at(9), Line: i + 2}, Day: fmt.Sprintf("2026-03-%02d", i%28+1),
				SKU: string(rune('A' + i%3)), Event: "Shipments", Reference: fmt.Sprint("Ref_", i), Units: int64(-(i % 5)), Ordinal: 1}
			if _, err := tx.PutStockMove(m); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return b
}

func allPages(t *testing.T, b *store.Book, of store.ReportTopic, f store.ReportFilter, order string, desc bool, size int) (all []string) {
	t.Helper()
	for {
		page, err := b.ReportPage(t.Context(), of, f, order, desc, len(all), size)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page {
			all = append(all, fmt.Sprint(row...))
		}
		if len(page) < size {
			return all
		}
	}
}

// Pages of any order hold each row once; without an order they are the rows of
// ReportRows in their order, and as many as are counted.
func TestReportPagesHoldEachRowOnce(t *testing.T) {
	b := pageBook(t)
	var whole []string
	err := b.ReportRows(t.Context(), store.TopicMoves, store.ReportFilter{}, func(row []any) error {
		whole = append(whole, fmt.Sprint(row...))
		return nil
	})
	if err != nil || len(whole) != 300 {
		t.Fatalf("%d rows, %v", len(whole), err)
	}
	if got := allPages(t, b, store.TopicMoves, store.ReportFilter{}, "", false, 7); !cmp.Equal(got, whole) {
		t.Errorf("pages differ from the whole:\n%s", cmp.Diff(whole, got))
	}
	for _, order := range []string{"quantity", "sku", "event", "move_day", "reconciled"} {
		for _, desc := range []bool{false, true} {
			seen := map[string]int{}
			for _, row := range allPages(t, b, store.TopicMoves, store.ReportFilter{}, order, desc, 7) {
				seen[row]++
			}
			if len(seen) != 300 {
				t.Errorf("by %s, desc %t: %d of 300 rows", order, desc, len(seen))
			}
		}
	}
	rows, err := b.ReportPage(t.Context(), store.TopicMoves, store.ReportFilter{}, "quantity", true, 0, 1)
	if err != nil || rows[0][6] != int64(0) {
		t.Errorf("the largest quantity is %v, %v", rows, err)
	}
}

func TestReportRowsHoldingText(t *testing.T) {
	b := pageBook(t)
	for _, tc := range []struct {
		text string
		want int64
	}{
		{"", 300}, {" \t", 300}, {"ref_299", 1}, {"ref_29", 11}, {"SHIP", 300}, {"%", 0}, {"_2", 111}, {"'", 0}, {"ref_1\x00", 111}, {"eu", 0},
	} {
		n, err := b.CountReportRows(t.Context(), store.TopicMoves, store.ReportFilter{Text: tc.text})
		if err != nil || n != tc.want {
			t.Errorf("%q: %d rows, %v; want %d", tc.text, n, err, tc.want)
		}
	}
	for _, tc := range []struct {
		name, text string
		means      []store.ReportMeaning
		want       int64
	}{
		{"a meaning is found too", "Versand", []store.ReportMeaning{{Column: "event", Names: []string{"Receipts", "Shipments"}}}, 300},
		{"beside the text itself", "ref_299", []store.ReportMeaning{{Column: "sku", Names: []string{"B"}}}, 101},
		{"one that no row has", "Versand", []store.ReportMeaning{{Column: "event", Names: []string{"Receipts"}}}, 0},
		{"none", "Versand", []store.ReportMeaning{{Column: "event"}}, 0},
		{"a column of another topic", "Versand", []store.ReportMeaning{{Column: "kind", Names: []string{"Shipments"}}}, 0},
		{"no column at all", "Versand", []store.ReportMeaning{{Column: "1 = 1 OR sku", Names: []string{"A"}}}, 0},
		{"without a text", "", []store.ReportMeaning{{Column: "sku", Names: []string{"B"}}}, 300},
	} {
		n, err := b.CountReportRows(t.Context(), store.TopicMoves, store.ReportFilter{Text: tc.text, Means: tc.means})
		if err != nil || n != tc.want {
			t.Errorf("%s: %d rows, %v; want %d", tc.name, n, err, tc.want)
		}
	}
	n, err := b.CountReportRows(t.Context(), store.TopicMoves, store.ReportFilter{Text: "Versand", From: "2026-03-28", SKU: "A",
		Means: []store.ReportMeaning{{Column: "event", Names: []string{"Shipments"}}}})
	if err != nil || n != 4 { // of the 28th with SKU A: 27, 111, 195, 279
		t.Errorf("what it means, with other filters: %d rows, %v", n, err)
	}
	n, err = b.CountReportRows(t.Context(), store.TopicMoves, store.ReportFilter{Text: "ref_2", From: "2026-03-28", SKU: "A"})
	if err != nil || n != 2 { // of the 28th with SKU A: 27, 111, 195, 279
		t.Errorf("with other filters: %d rows, %v", n, err)
	}
}

// Every topic can be counted, paged by each of its columns and searched.
func TestEveryTopicPages(t *testing.T) {
	b := goodsBook(t)
	for _, topic := range store.ReportTopics() {
		f := store.ReportFilter{From: "2026-01-01", Marketplaces: []string{"x"}, Text: "y"}
		if n, err := b.CountReportRows(t.Context(), topic, f); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", topic, n, err)
		}
		for _, c := range store.ReportColumns(topic) {
			if _, err := b.ReportPage(t.Context(), topic, f, c.Name, true, 0, 5); err != nil {
				t.Errorf("%s by %s: %v", topic, c.Name, err)
			}
		}
		if _, err := b.ReportPage(t.Context(), topic, f, "sku; DROP TABLE document", false, 0, 5); err == nil {
			t.Errorf("%s: an order that is no column is taken", topic)
		}
	}
	if _, err := b.CountReportRows(t.Context(), "nothing", store.ReportFilter{}); err == nil {
		t.Error("an unknown topic is counted")
	}
	if _, err := b.ReportPage(t.Context(), "nothing", store.ReportFilter{}, "", false, 0, 1); err == nil {
		t.Error("an unknown topic is read")
	}
}

func TestPlaceIn(t *testing.T) {
	b := goodsBook(t)
	var id int64
	putGoods(t, b, func(tx *store.Tx) (_ bool, err error) {
		id, err = tx.PutDocument("report", []byte("sku\nA\n"))
		return true, err
	})
	p, err := b.PlaceIn(t.Context(), id, 2)
	if err != nil || p.Kind != "report" || p.Line != 2 || p.Document != id || p.Received.IsZero() {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := b.PlaceIn(t.Context(), id+1, 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that is not there: %v", err)
	}
}
