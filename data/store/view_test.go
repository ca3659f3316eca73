package store_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

func newViewBook(t *testing.T) *store.Book {
	t.Helper()
	var keys store.Keys
	rand.Read(keys.Book[:])
	rand.Read(keys.Personal[:])
	b, err := store.Create(t.Context(), t.TempDir(), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	writeView(t, b, func(tx *store.Tx) error {
		return tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, nil)
	})
	return b
}

func writeView(t *testing.T, b *store.Book, f func(*store.Tx) error) {
	t.Helper()
	if err := b.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// putSettlement stores one settlement of three rows, and another whose id
// begins with the same digits: its rows must not be mixed up with it.
func putSettlement(t *testing.T, b *store.Book) {
	t.Helper()
	writeView(t, b, func(tx *store.Tx) error {
		doc, err := tx.PutDocument("report", []byte("settlement-id\tamount\n111\t10.00\n"))
		if err != nil {
			return err
		}
		for _, id := range []string{"111", "1110"} {
			if _, err := tx.PutSettlement(store.SettlementHeader{Connection: "eu", ID: id, Start: time.Unix(0, 0), End: time.Unix(86400, 0), Total: books.Money{Minor: 700, Currency: "EUR"}, Rows: 3, Document: doc}); err != nil {
				return err
			}
			for i, f := range []struct {
				path  string
				minor int64
				order string
			}{{"ItemPrice/Principal", 1000, "A"}, {"ItemFees/Commission", -200, "A"}, {"ItemFees/Commission", -100, "B"}} {
				if _, err := tx.AddFact(books.Fact{
					Connection: "eu", Source: books.Settlement, Posting: id + ":" + string(rune('1'+i)), Order: f.order, Type: "Order", Path: f.path,
					Amount: books.Money{Minor: f.minor, Currency: "EUR"}, Posted: time.Unix(int64(i)*3600, 0), Settlement: id, State: books.Settled, Document: doc, DocLine: 2,
				}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func TestASettlementAddsUpByName(t *testing.T) {
	b := newViewBook(t)
	putSettlement(t, b)
	names, err := b.SettlementNames(t.Context(), "eu", "111")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	var commission int64
	for _, n := range names {
		got[n.Line] += n.Minor
		if n.Path == "ItemFees/Commission" {
			commission = n.ID
		}
	}
	if len(got) != 2 || got["sales.product"] != 1000 || got["fee.referral"] != -300 {
		t.Errorf("sums by line: %v", got)
	}
	f := store.SettlementFilter{Connection: "eu", Settlement: "111", Names: []int64{commission}}
	if n, err := b.CountSettlementFacts(t.Context(), f); n != 2 || err != nil {
		t.Errorf("rows of the commission: %d, %v", n, err)
	}
	for _, c := range []struct {
		by   string
		desc bool
		want int64 // of the first row
	}{{"amount", false, -200}, {"amount", true, -100}, {"posted", true, -100}, {"amount; DROP TABLE fact", true, -200}} {
		rows, err := b.SettlementFacts(t.Context(), f, c.by, c.desc, 0, 1)
		if err != nil || len(rows) != 1 || rows[0].Minor != c.want {
			t.Errorf("first by %q: %+v, %v", c.by, rows, err)
		}
	}
	if rows, err := b.SettlementFacts(t.Context(), f, "", false, 1, 10); err != nil || len(rows) != 1 || rows[0].Order != "B" || rows[0].Document == 0 || rows[0].DocLine != 2 {
		t.Errorf("second page: %+v, %v", rows, err)
	}
	f = store.SettlementFilter{Connection: "eu", Settlement: "111", Open: true}
	if n, err := b.CountSettlementFacts(t.Context(), f); n != 0 || err != nil {
		t.Errorf("open rows without finances: %d, %v", n, err)
	}
}

func TestWhatIsStoredIsCounted(t *testing.T) {
	b := newViewBook(t)
	putSettlement(t, b)
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	writeView(t, b, func(tx *store.Tx) error {
		for i := range 3 {
			if err := tx.PutCall(store.APICall{At: at.Add(time.Duration(i) * time.Hour), Connection: "eu", Host: "api.amazon.com", Operation: "token"}); err != nil {
				return err
			}
		}
		return tx.Audit("create", "made")
	})
	all, err := b.Stored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]store.Stored{}
	for _, s := range all {
		rows[s.Class] = s
	}
	for class, want := range map[string]int64{"orders": 0, "money": 6, "settlements": 2, "documents": 1, "calls": 3, "audit": 1, "costs": 0} {
		if rows[class].Rows != want {
			t.Errorf("%s: %d rows, want %d", class, rows[class].Rows, want)
		}
	}
	if c := rows["calls"]; !c.Oldest.Equal(at) || !c.Newest.Equal(at.Add(2*time.Hour)) {
		t.Errorf("times of the calls: %+v", c)
	}
	if !rows["orders"].Oldest.IsZero() {
		t.Error("no orders, yet an oldest one")
	}
	newest, err := b.CallPage(t.Context(), false, 0, 2)
	if err != nil || len(newest) != 2 || !newest[0].At.Equal(at.Add(2*time.Hour)) {
		t.Errorf("newest calls: %+v, %v", newest, err)
	}
	oldest, err := b.CallPage(t.Context(), true, 2, 2)
	if err != nil || len(oldest) != 1 || !oldest[0].At.Equal(at.Add(2*time.Hour)) {
		t.Errorf("last page of the oldest calls: %+v, %v", oldest, err)
	}
	if done, err := b.AuditPage(t.Context(), false, 0, 5); err != nil || len(done) != 1 || done[0].Action != "create" {
		t.Errorf("audit: %+v, %v", done, err)
	}
}

func TestExpiredPeopleAreAllPurged(t *testing.T) {
	b := newViewBook(t)
	ctx := context.Background()
	late := time.Now().Add(1000 * time.Hour).UTC().Truncate(time.Millisecond)
	people := []store.Person{{Connection: "eu", Order: "A", Name: "x", Fetched: time.Now(), Purge: late}, {Connection: "eu", Order: "B", Name: "y", Fetched: time.Now(), Purge: late.Add(time.Hour)}}
	if err := b.PutPeople(ctx, people); err != nil {
		t.Fatal(err)
	}
	if p, err := b.StoredPeople(ctx); err != nil || p.Rows != 2 || !p.NextPurge.Equal(late) || !p.LastPurge.Equal(late.Add(time.Hour)) || p.Due != 0 {
		t.Errorf("stored: %+v, %v", p, err)
	}
	if n, err := b.PurgePeople(ctx); n != 0 || err != nil {
		t.Errorf("purged before their time: %d, %v", n, err)
	}
	if err := b.ExpirePeople(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := b.PurgePeople(ctx); n != 2 || err != nil {
		t.Errorf("purged: %d, %v", n, err)
	}
	if p, err := b.StoredPeople(ctx); err != nil || p.Rows != 0 {
		t.Errorf("left: %+v, %v", p, err)
	}
}

func TestTheNewestRunOfEachResource(t *testing.T) {
	b := newViewBook(t)
	writeView(t, b, func(tx *store.Tx) error {
		for _, rows := range []int{5, 7} {
			id, err := tx.StartRun("eu", "orders")
			if err != nil {
				return err
			}
			if err := tx.EndRun(id, 1, rows, "done"); err != nil {
				return err
			}
		}
		_, err := tx.StartRun("eu", "finances")
		return err
	})
	runs, err := b.LastRuns(t.Context())
	if err != nil || len(runs) != 2 {
		t.Fatal(runs, err)
	}
	if runs[0].Resource != "finances" || !runs[0].Ended.IsZero() || runs[0].Result != "running" {
		t.Errorf("running: %+v", runs[0])
	}
	if runs[1].Rows != 7 || runs[1].Ended.IsZero() {
		t.Errorf("ended: %+v", runs[1])
	}
}
