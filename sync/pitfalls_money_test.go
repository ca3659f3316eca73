package appsync_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// Money of the last two days may come late. The days are read again, so it is
// found by a later run.
func TestPitfall28_LateMoneyIsFound(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, oneSeller)
		want := newBook(t, s)
		core := resources(coreResources...)
		once(t, engineNA(want, s, core))
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.LateFinances, Times: -1})
		once(t, engineNA(b, s, core))
		const q = `SELECT count(*) FROM financial_transaction`
		if early, all := sum(t, b, q), sum(t, want, q); early >= all {
			t.Fatalf("%d of %d: nothing is late", early, all)
		}
		s.ClearFaults()
		once(t, engineNA(b, s, core))
		wantSame(t, "a run later", fingerprints(t, b), fingerprints(t, want))
	})
}

// Transactions are asked for in windows of a week.
func TestPitfall29_WindowsOfAWeek(t *testing.T) {
	w := synced(t)
	for _, q := range asked(w.s, 0, "listTransactions") {
		from, err1 := time.Parse(time.RFC3339, q.Get("postedAfter"))
		to, err2 := time.Parse(time.RFC3339, q.Get("postedBefore"))
		if err1 != nil || err2 != nil || to.Sub(from) > 7*24*time.Hour {
			t.Errorf("a window from %s to %s", q.Get("postedAfter"), q.Get("postedBefore"))
		}
	}
}

// A row that comes on two pages is one row.
func TestPitfall30_RepeatedTransactionsCountOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, oneSeller)
		want, b := newBook(t, s), newBook(t, s)
		core := resources(coreResources...)
		once(t, engineNA(want, s, core))
		s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.DuplicateRows, Times: -1})
		if r := once(t, engineNA(b, s, core)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		wantSame(t, "with repetitions", fingerprints(t, b), fingerprints(t, want))
	})
}

// transactions are the stored originals.
type rawTransaction struct {
	ID          string `json:"transactionId"`
	Type        string `json:"transactionType"`
	Status      string `json:"transactionStatus"`
	Description string `json:"description"`
}

// originals gives every stored document of a kind.
func originals(t *testing.T, b *store.Book, kind string, each func(store.Document)) {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT id FROM document WHERE kind = ?`, kind)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil || len(ids) == 0 {
		t.Fatalf("%d documents of %s: %v", len(ids), kind, err)
	}
	for _, id := range ids {
		d, err := b.Document(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		each(d)
	}
}

// What kind of refund it is, Amazon does not say. Nothing is guessed: type and
// description are kept in Amazon's own words.
func TestPitfall31_RefundsKeepAmazonsWords(t *testing.T) {
	w := synced(t)
	refunds := 0
	originals(t, w.b, "transaction", func(d store.Document) {
		var raw rawTransaction
		if err := json.Unmarshal(d.Body, &raw); err != nil {
			t.Fatal(err)
		}
		if raw.Type != "Refund" {
			return
		}
		refunds++
		if sum(t, w.b, `SELECT count(*) FROM fact f JOIN fact_name n ON n.id = f.name_id WHERE posting = ? AND n.type = 'Refund' AND f.note = ?`, raw.ID, raw.Description) == 0 {
			t.Errorf("%s: %q is not in the book", raw.ID, raw.Description)
		}
	})
	if refunds == 0 {
		t.Error("no refunds")
	}
}

// A sale counts on its day, also while Amazon still holds its money back, and
// counts once when the money is released.
func TestPitfall32_DeferredSalesAreSales(t *testing.T) {
	w := synced(t)
	open := sum(t, w.b, `SELECT count(*) FROM financial_transaction WHERE status = 'DEFERRED'`)
	counted := sum(t, w.b, `SELECT count(DISTINCT t.transaction_id) FROM financial_transaction t JOIN fact f ON f.posting = t.transaction_id
		JOIN money_line l ON l.fact_id = f.id WHERE t.status = 'DEFERRED'`)
	if open == 0 || counted != open {
		t.Errorf("%d of %d deferred sales stand in the books", counted, open)
	}
	released := sum(t, w.b, `SELECT count(*) FROM financial_transaction WHERE release_of <> ''`)
	twice := sum(t, w.b, `SELECT count(*) FROM financial_transaction r JOIN fact f ON f.posting = r.transaction_id
		JOIN money_line l ON l.fact_id = f.id WHERE r.release_of IN (SELECT g.posting FROM fact g JOIN money_line m ON m.fact_id = g.id)`)
	if released == 0 || twice != 0 {
		t.Errorf("%d releases, %d of their amounts stand beside those of the sale", released, twice)
	}
}

// What is too old for Amazon is not asked for again and again: the windows that
// it does answer are read, and the old ones are not claimed as complete.
func TestPitfall34_WindowsTooOldForAmazon(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, oneSeller)
		b := newBook(t, s)
		const refused = 26
		s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.BadInput, Times: refused})
		if r := once(t, engineNA(b, s, resources(coreResources...))); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		if sum(t, b, `SELECT count(*) FROM financial_transaction`) < 100 {
			t.Error("the newer windows were not read")
		}
		oldest := now.AddDate(0, 0, -548).Truncate(24 * time.Hour).Add(refused * 7 * 24 * time.Hour).UnixMilli()
		if n := sum(t, b, `SELECT count(*) FROM coverage WHERE source = 'finances' AND from_at < ?`, oldest); n != 0 {
			t.Errorf("%d windows that were refused are noted as complete", n)
		}
	})
}

// Settlements come for all marketplaces together, whatever is asked for: no
// marketplace is named, and each row says its own.
func TestPitfall36_SettlementsOfAllMarketplaces(t *testing.T) {
	w := synced(t)
	for _, q := range asked(w.s, 0, "getReports") {
		if q.Has("marketplaceIds") {
			t.Errorf("getReports was asked with %v", q)
		}
	}
	mixed := settled{id: "81", currency: "EUR", market: "Amazon.de", order: "302-1111111-1111111", posted: "2026-03-02", price: 10_00, fee: -1_50, lines: 1}
	other := mixed
	other.market, other.order = "Amazon.fr", "402-1111111-1111111"
	lines := strings.SplitAfter(string(mixed.v2()), "\n")
	more := strings.SplitAfter(string(other.v2()), "\n")
	lines[1] = strings.Replace(lines[1], "8.50", "17.00", 1)
	b := emptyBook(t)
	importOne(t, b, file(t, "s.txt", []byte(strings.Join(lines, "")+more[2]+more[3])), "")
	for _, market := range []string{"A1PA6795UKMFR9", "A13V1IB3VIYZZH"} {
		if n := sum(t, b, `SELECT coalesce(sum(amount_minor), 0) FROM fact WHERE marketplace_id = ?`, market); n != 8_50 {
			t.Errorf("%s has %d", market, n)
		}
	}
}

// The order column of a settlement may hold the id of a shipment, or nothing,
// and the marketplace may be blank: every amount still has its place.
func TestPitfall37_RowsWithoutOrderOrMarketplace(t *testing.T) {
	w := synced(t)
	shipments := sum(t, w.b, `SELECT count(*) FROM fact JOIN fact_name n ON n.id = name_id WHERE n.source = 'settlement' AND order_id NOT LIKE '___-_______-_______' AND order_id <> ''`)
	none := sum(t, w.b, `SELECT count(*) FROM fact JOIN fact_name n ON n.id = name_id WHERE n.source = 'settlement' AND order_id = ''`)
	if shipments == 0 || none == 0 {
		t.Errorf("%d rows with another id, %d without", shipments, none)
	}
	if wrong, err := w.b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
	statement(t, w.b) // complains of amounts in no marketplace
}

// Reports are listed for less than ninety days; the ninetieth is refused.
func TestPitfall38_EightyNineDays(t *testing.T) {
	w := synced(t)
	for _, at := range times(t, w.s, "getReports", "createdSince") {
		if age := now.Sub(at); age > 89*24*time.Hour+time.Minute || age < 80*24*time.Hour {
			t.Errorf("asked for %v", age)
		}
	}
	for _, r := range w.s.Requests() {
		if r.Operation == "getReports" && r.Status != 200 {
			t.Errorf("getReports was answered %d", r.Status)
		}
	}
}

// A transaction states its money twice, as a whole and by item. It is taken
// once: its amounts add up to its total.
func TestPitfall39_MoneyIsTakenOnce(t *testing.T) {
	w := synced(t)
	n := sum(t, w.b, `SELECT count(*) FROM financial_transaction`)
	wrong := sum(t, w.b, `SELECT count(*) FROM financial_transaction t WHERE total_minor <>
		(SELECT coalesce(sum(amount_minor), 0) FROM fact f JOIN fact_name n ON n.id = f.name_id
		WHERE n.source = 'finances' AND f.posting = t.transaction_id AND f.connection_id = t.connection_id)`)
	if n < 300 || wrong != 0 {
		t.Errorf("%d of %d transactions do not add up", wrong, n)
	}
}

// A marketplace id hides what the seller ships himself in the US: none is sent,
// and that money is in the book.
func TestPitfall57_NoMarketplaceOnTransactions(t *testing.T) {
	w := synced(t)
	for _, q := range asked(w.s, 0, "listTransactions") {
		if q.Has("marketplaceId") {
			t.Errorf("asked with %v", q)
		}
	}
	if n := sum(t, w.b, `SELECT count(*) FROM fact f JOIN fact_name n ON n.id = f.name_id JOIN orders o USING (connection_id, order_id)
		WHERE n.source = 'finances' AND f.connection_id = 'na' AND o.fulfilled_by = 'MERCHANT'`); n == 0 {
		t.Error("no money of orders that the seller ships")
	}
}

// A dead page token starts its window again; nothing of it is doubled.
func TestPitfall3_AWindowIsReadAgain(t *testing.T) {
	r := newFaultRun(t, nil)
	rows, _ := undisturbedRows(t, r.regions, 0)
	r.inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.PageExpired, Paged: true, Times: 2})
	if result := r.run(); len(result.Failures) > 0 {
		t.Fatal(result.Failures)
	}
	wantSame(t, "read again", fingerprints(t, r.b), rows)
}

// Event groups are the one list of the old interface that is read; its tokens
// die as bad input too.
func TestPitfall4_DeadTokensOfEventGroups(t *testing.T) {
	r := newFaultRun(t, nil)
	r.inject(spapifake.Fault{Operation: "listFinancialEventGroups", Kind: spapifake.PageExpired, Times: 1})
	result := r.run()
	for _, f := range result.Failures {
		if spapi.ClassOf(f.Err) == nil || f.Resource != "event-groups" {
			t.Errorf("%s: %v", f.Resource, f.Err)
		}
	}
	r.mend()
	r.clock.on(20 * time.Minute)
	r.untilWell()
	if sum(t, r.b, `SELECT count(*) FROM event_group`) == 0 {
		t.Error("no event groups")
	}
}

// Event groups have no marketplace, only a currency: none is made up.
func TestPitfall35_EventGroupsHaveNoMarketplace(t *testing.T) {
	r := newFaultRun(t, nil)
	if result := r.run(); len(result.Failures) > 0 {
		t.Fatal(result.Failures)
	}
	if n := sum(t, r.b, `SELECT count(*) FROM event_group WHERE currency <> ''`); n == 0 {
		t.Error("no event groups with a currency")
	}
	for _, c := range columnsOf(t, r.b.Reader(), "event_group") {
		if strings.Contains(c.name, "market") {
			t.Errorf("a group has a column %s", c.name)
		}
	}
}
