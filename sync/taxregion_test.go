package appsync_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
)

// Tax on American sales stands by state, as the lists of orders tell it and as the
// seller's generator decided the money; of the text of an address nothing is kept.
func TestTaxByState(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 12, Orders: 200, Days: 90})
		b := newBook(t, s)
		syncAll(t, b, s)
		sameTax(t, b, s)

		files := emptyBook(t)
		importDateRanges(t, files, s, false) // lists of payments alone tell the state too
		if n := sum(t, files, `SELECT count(*) FROM order_region WHERE country = 'US' AND region <> ''`); n < 40 {
			t.Errorf("the list of payments tells the state of %d orders", n)
		}
		for _, book := range []*store.Book{b, files} {
			if n := sum(t, book, `SELECT count(*) FROM order_region WHERE length(country) <> 2 OR length(region) NOT IN (0, 2)`); n > 0 {
				t.Errorf("%d rows hold more than codes", n)
			}
		}
	})
}

func sameTax(t *testing.T, b *store.Book, s *spapifake.Server) {
	t.Helper()
	state := map[string]string{}
	for _, f := range s.Files("NA") {
		if !bytes.HasPrefix(f.Data, []byte("amazon-order-id")) {
			continue
		}
		lines := strings.Split(string(f.Data), "\r\n")
		heads := strings.Split(lines[0], "\t")
		order, at := slices.Index(heads, "amazon-order-id"), slices.Index(heads, "ship-state")
		for _, l := range lines[1 : len(lines)-1] {
			cells := strings.Split(l, "\t")
			state[cells[order]] = "US-" + cells[at]
		}
	}
	want := map[string]int64{}
	for _, r := range s.TruthByOrder() {
		if r.Currency == "USD" && strings.HasPrefix(r.Line, "tax.") {
			want[state[r.Key]+" "+strings.TrimPrefix(r.Line, "tax.")] += r.Minor
		}
	}
	rows, err := b.TaxOnSales(t.Context(), store.SumFilter{Marketplaces: []string{"ATVPDKIKX0DER"}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, r := range rows {
		got[r.Place()+" collected"] += r.Collected
		got[r.Place()+" withheld"] += r.Withheld
	}
	for k, v := range got {
		if v == 0 {
			delete(got, k)
		}
	}
	if len(want) < 8 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("tax by state is %v, the truth %v", got, want)
	}
	t.Logf("%d sums by state compared", len(want))
}
