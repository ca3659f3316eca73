package appsync_test

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapifake"
)

// TestDateRangeFilesTellTheSameTruth: Seller Central's payments reports, in
// English, German and Japanese, are coarser than all else. On top of what came
// by the interface they change no amount anywhere; alone they give the truth at
// their own grain.
func TestDateRangeFilesTellTheSameTruth(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		orders := 700
		if testing.Short() {
			orders = 250
		}
		s := seller(t, spapifake.Config{Seed: 11, Orders: orders, Days: 200})
		all := atomsOf(s.TruthBy(orderAndSKU))

		both := newBook(t, s)
		syncAll(t, both, s)
		importDateRanges(t, both, s, true)
		wantAtoms(t, "by interface, then payments reports", bookAtoms(t, both), all)

		first := newBook(t, s)
		importDateRanges(t, first, s, true)
		syncAll(t, first, s)
		wantAtoms(t, "by payments reports, then interface", bookAtoms(t, first), all)

		alone := emptyBook(t)
		putCosts(t, alone, s)
		importDateRanges(t, alone, s, false)
		wantAtoms(t, "by payments reports only", coarse(bookAtoms(t, alone)), coarse(atomsOf(s.ReleasedTruth(orderAndSKU))))
	})
}

// coarse adds up the lines that one cell of the report may hold.
func coarse(of map[atom]int64) map[atom]int64 {
	groups := map[string]string{
		"fee.referral": "selling fees", "fee.closing": "selling fees", "fee.refund_admin": "selling fees",
		"refund.product": "product", "sales.product": "product", "promotion": "promotion", "refund.promotion": "promotion",
		"tax.collected": "tax", "tax.withheld": "tax", "fba.fulfilment": "fba", "fba.other": "fba",
	}
	out := map[atom]int64{}
	for k, v := range of {
		if g, ok := groups[k.line]; ok {
			k.line = g
		}
		if strings.HasPrefix(k.line, "cash.") {
			continue // reserves and loans are not in these reports
		}
		if out[k] += v; out[k] == 0 {
			delete(out, k)
		}
	}
	return out
}

// importDateRanges gives the book payments reports of overlapping quarters.
func importDateRanges(t *testing.T, b *store.Book, s *spapifake.Server, signedIn bool) {
	t.Helper()
	for _, c := range spapifake.Connections() {
		connection := ""
		if signedIn {
			connection = strings.ToLower(c)
		}
		for from := s.DataFrom(); from.Before(s.Now()); from = from.AddDate(0, 2, 0) {
			f := s.DateRangeFile(c, from, from.AddDate(0, 3, 0).Add(-7*time.Hour))
			if _, err := appsync.Import(t.Context(), b, file(t, f.Name, f.Data), connection, reports.Hint{}); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
}
