package desktop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/store"
)

// What the window shows as the entries of a settlement balances, holds one entry
// for each month, and is what its file says.
func TestSettlementForTheAccountant(t *testing.T) {
	s := demoSession(t)
	var over store.SettlementRow
	err := s.Book.Settlements(t.Context(), func(r store.SettlementRow) error {
		if r.Start.Month() != r.End.Add(-48*time.Hour).Month() && r.Rows > over.Rows {
			over = r
		}
		return nil
	})
	if err != nil || over.ID == "" {
		t.Fatalf("no settlement over two months: %v", err)
	}
	entries, err := settlementJournal(t.Context(), s.Book, over, accounts.ByMonth)
	if err != nil {
		t.Fatal(err)
	}
	months := map[string]bool{}
	var left int64
	for _, p := range settlementPostings(entries) {
		months[p.day[:7]] = true
		left += p.amount.Minor
	}
	if left != 0 || len(months) < 2 {
		t.Errorf("the postings of %s leave %d over, in the months %v", over.ID, left, months)
	}
	for _, k := range journalWriters {
		path := filepath.Join(t.TempDir(), "j"+k.ext)
		if err := writeJournal(t.Context(), s.Book, over, path, k.write); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), over.ID) {
			t.Errorf("%s does not name the settlement, %v", k.ext, err)
		}
	}
	f, settle := frameOver(t, s, "en")
	f.show(route{Screen: "settlements"})
	settle()
	screen := f.built["settlements"].screen.(*settlementsScreen)
	screen.detail.show(over)
	settle()
	screen.detail.showBooks(over)
	settle()
	if n, ok := screen.detail.posts.Count(); !ok || n != len(settlementPostings(entries)) {
		t.Errorf("%d postings are shown", n)
	}
	ordersShoot(t, f.env, "settlement-books")
}
