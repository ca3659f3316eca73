package appsync_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
)

// The generator knows what it decided each amount to be and shares no code
// with the books: what comes out of Amazon's answers must be that, to the cent.
func TestBooksEqualTheSellersTruth(t *testing.T) {
	sellers := []spapifake.Config{
		{Seed: 1, Orders: 1200, Days: 300}, {Seed: 2, Orders: 1200, Days: 300}, {Seed: 3, Orders: 1200, Days: 300},
		// In these one charge for advertising, with its tax, is as large as another
		// without: rows of both days once took the same line.
		{Seed: 21, Orders: 700, Days: 365}, {Seed: 33, Orders: 400, Days: 120},
	}
	if testing.Short() { // under the race detector: the same way, with less on it
		sellers = []spapifake.Config{{Seed: 1, Orders: 300, Days: 300}}
	}
	for _, cfg := range sellers {
		t.Run(fmt.Sprint("seed ", cfg.Seed), func(t *testing.T) {
			warmUp(t)
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				v := newVirtual(t, cfg, dir)
				defer v.close(t)
				booksEqualTruth(t, v)
			})
		})
	}
}

// booksEqualTruth compares after a sync, a rebuild and one more sync.
func booksEqualTruth(t *testing.T, v *virtual) {
	v.syncAll(t)
	wantTruth(t, v.book, v.seller)

	before := fingerprints(t, v.book)
	if err := v.book.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "rebuilt", fingerprints(t, v.book), before)
	if wrong, err := v.book.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
	// The seller lives on: what was deferred is released meanwhile, and older days of
	// analysis are due. What the books say of it stays the truth.
	v.syncAll(t)
	wantTruth(t, v.book, v.seller)
	if wrong, err := v.book.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums after one more sync: %v %v", err, wrong)
	}
	// Nothing is due right after it: not a row changes.
	before = fingerprints(t, v.book)
	v.syncAll(t)
	wantSame(t, "a sync with nothing due", fingerprints(t, v.book), before)
	if n := v.seller.Violations(); n > 0 {
		t.Errorf("%d calls were over Amazon's limits", n)
		eachText(t, v.book, `SELECT operation, connection_id, at FROM api_call WHERE status = 429`, 3, func(r []string) { t.Log(r) })
	}
}

func wantTruth(t *testing.T, b *store.Book, s *spapifake.Server) {
	t.Helper()
	got, want := statement(t, b), map[statementKey]int64{}
	for _, r := range s.Truth().Rows {
		if r.Minor != 0 {
			want[statementKey{r.Marketplace, r.Month, r.Line, r.Currency}] = r.Minor
		}
	}
	if len(want) < 100 {
		t.Fatalf("the truth has only %d rows", len(want))
	}
	wrong := 0
	for k, w := range want {
		if got[k] != w {
			wrong++
			t.Errorf("%v is %d, the truth is %d", k, got[k], w)
		}
	}
	for k, g := range got {
		if _, known := want[k]; !known {
			wrong++
			t.Errorf("%v is %d, the truth has nothing there", k, g)
		}
	}
	t.Logf("%d amounts compared, %d differ", len(want), wrong)
}
