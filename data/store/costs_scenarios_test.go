package store_test

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// Ten pieces for 10.00 a piece each 1.00; two are sold in August, three in September,
// one in October. August is closed; then the bill for duty comes, 5.00 for all ten,
// so each cost 1.50. September costs 4.50 instead of 3.00 and October 1.50 instead of
// 1.00; August stays at 2.00 and its 1.00 stands in September. The log says who
// entered what, and by how much it moved each month.
func TestLateInvoiceIsInTheLog(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	addFacts(t, b, sold("O1", "A", 2, 2000, "2026-08-05"), sold("O2", "A", 3, 3000, "2026-09-05"), sold("O3", "A", 1, 1000, "2026-10-05"))
	put(t, b, buy("A", "2026-08-01", 10, 1000))
	closeMonth(t, b, "2026-08")
	logged := number(t, b, `SELECT max(id) FROM audit_entry`)
	late := buy("A", "2026-08-01", 10, 1000)
	late.Duty, late.Invoice = 500, "ZOLL-77"
	write(t, b, func(tx *store.Tx) error {
		tx.Because("Bea", "purchase A 2026-08-01, invoice ZOLL-77")
		_, err := tx.PutPurchase(late)
		return err
	})
	check := func(step string) {
		t.Helper()
		if got := months(t, b, books.COGS); got != "2026-08 -200, 2026-09 -550, 2026-10 -150" {
			t.Errorf("%s: cost of goods %s", step, got)
		}
		list, err := b.ClosedMonths(t.Context())
		if err != nil || len(list) != 1 || len(list[0].Late) != 1 {
			t.Fatalf("%s: closed %+v, %v", step, list, err)
		}
		if d := list[0].Late[0]; d.Day != "2026-08-05" || d.Booked != "2026-09-01" || d.Amount.Minor != -100 || d.Line != books.COGS || d.Units != 0 {
			t.Errorf("%s: the difference of August is %+v", step, d)
		}
	}
	check("the duty came")
	const want = "purchase A 2026-08-01, invoice ZOLL-77 by Bea: cost of goods 2026-08 -1.00 USD (closed; stands in 2026-09); 2026-09 -1.50 USD; 2026-10 -0.50 USD"
	if got := text(t, b, `SELECT group_concat(action || ': ' || detail, ' | ') FROM audit_entry WHERE id > ?`, logged); got != "costs: "+want {
		t.Errorf("the log says %q, want %q", got, want)
	}
	if got := text(t, b, `SELECT group_concat(changed_by || ' ' || month || ' ' || before_minor || ' ' || after_minor, ', ') FROM figure_change
		WHERE cause LIKE '%ZOLL-77'`); got != "Bea 2026-08 -200 -300, Bea 2026-09 -300 -450, Bea 2026-10 -100 -150" {
		t.Errorf("why the numbers changed: %s", got)
	}
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	check("rebuilt")
}

// A set holds two A and one B; A was bought four for 1.00 each and then ten for 2.00
// each, B ten for 5.00 each. Two sets take four A of 1.00 and two B: 14.00. One set
// comes back and can be sold: 7.00. Three A sold alone take the two of 1.00 that came
// back and one of 2.00: 4.00. A set that a customer keeps his money for takes nothing
// back. A set is lost: two A of 2.00 and the B that came back, 9.00; found again, 9.00.
// A pack of three A costs 6.00, and one of two such packs that come back 6.00.
func TestKitsThroughReturns(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error {
		if err := tx.SetCostMethod(books.FIFO, nil); err != nil {
			return err
		}
		if err := tx.PutKit("SET", []books.Part{{SKU: "A", Units: 2}, {SKU: "B", Units: 1}}); err != nil {
			return err
		}
		return tx.PutKit("A3", []books.Part{{SKU: "A", Units: 3}})
	})
	put(t, b, buy("A", "2026-01-01", 4, 400), buy("A", "2026-01-02", 10, 2000), buy("B", "2026-01-01", 10, 5000))
	addFacts(t, b, sold("O1", "SET", 2, 6000, "2026-01-05"))
	back := func(kind, order, sku string, units int64, day string) {
		t.Helper()
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		write(t, b, func(tx *store.Tx) error {
			_, err := tx.AddGoodsMove(store.GoodsMove{Connection: "na", Kind: kind, Order: order, SKU: sku, Marketplace: usMarket, Units: units, At: at.Add(20 * time.Hour)})
			return err
		})
	}
	wantCosts(t, b, "two sets", "O1 -1400")
	back("returned", "O1", "SET", 1, "2026-01-10")
	wantCosts(t, b, "one came back", "O1 -1400, return O1 700")
	addFacts(t, b, sold("O2", "A", 3, 3000, "2026-01-12"))
	wantCosts(t, b, "three pieces alone", "O1 -1400, return O1 700, O2 -400")
	refund := sold("O1", "SET", 1, -3000, "2026-01-13")
	refund.Type, refund.Posting = "Refund", "R1"
	addFacts(t, b, refund)
	wantCosts(t, b, "a refund without goods", "O1 -1400, return O1 700, O2 -400")
	back("lost", "", "SET", 1, "2026-01-14")
	back("found", "", "SET", 1, "2026-01-16")
	wantCosts(t, b, "one lost and found", "O1 -1400, return O1 700, O2 -400, writeoff  -900, found  900")
	addFacts(t, b, sold("O3", "A3", 2, 8000, "2026-01-18"))
	back("returned", "O3", "A3", 1, "2026-01-20")
	wantCosts(t, b, "packs of three", "O1 -1400, return O1 700, O2 -400, writeoff  -900, found  900, O3 -1200, return O3 600")
	before := costs(t, b)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantCosts(t, b, "rebuilt", before)
	if strings.Contains(before, "/") {
		t.Error("a unit is without a cost")
	}
	values, err := b.StockValues(t.Context(), "2026-02-01", []books.Method{books.FIFO}, nil)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]int64{}
	for _, h := range values[0].Held {
		held[h.SKU] += h.Units
	}
	// A: 14 bought, 2 in the set kept, 3 alone, 3 in the pack kept; B: 10 less 1.
	if held["A"] != 6 || held["B"] != 9 {
		t.Errorf("left are %v", held)
	}
}

// An invoice entered under the wrong product, and put right: both are counted anew.
func TestAPurchaseMovedToAnotherProduct(t *testing.T) {
	b := newBook(t)
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"), sold("O2", "B", 1, 2000, "2026-01-06"))
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	p := buy("A", "2026-01-01", 2, 1000)
	put(t, b, p)
	wantCosts(t, b, "under the wrong one", "O1 -500, O2 0/1")
	p.SKU = "B"
	put(t, b, p)
	wantCosts(t, b, "put right", "O1 0/1, O2 -500")
}

// Money of no marketplace belongs to the only one of its currency that the account
// sells in; where there are two, nobody knows.
func TestMoneyOfNoMarketplace(t *testing.T) {
	row := func(id, currency string) store.MarketplaceRow {
		return store.MarketplaceRow{ID: id, Name: id, Currency: currency, Participating: true}
	}
	germany, france, britain := row("A1PA6795UKMFR9", "EUR"), row("A13V1IB3VIYZZH", "EUR"), row("A1F83G8C2ARO7P", "GBP")
	closed := france
	closed.Participating = false
	for _, c := range []struct {
		name    string
		markets []store.MarketplaceRow
		want    string
	}{
		{"one of the currency", []store.MarketplaceRow{germany, britain}, germany.ID},
		{"two", []store.MarketplaceRow{germany, france, britain}, ""},
		{"one that is left", []store.MarketplaceRow{closed, germany}, germany.ID},
		{"none", []store.MarketplaceRow{britain}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			write(t, b, func(tx *store.Tx) error { return tx.PutMarketplaces("na", c.markets) })
			f := sale("storage", -5_00, books.Released)
			f.Type, f.Path, f.Order, f.SKU, f.Marketplace, f.Amount.Currency = "FBA Inventory Fee", "other", "", "", "", "EUR"
			f.Note = "FBA storage fee"
			addFacts(t, b, f)
			if got := text(t, b, `SELECT group_concat(marketplace_id) FROM event`); got != c.want {
				t.Errorf("the fee is of marketplace %q, want %q", got, c.want)
			}
		})
	}
}
