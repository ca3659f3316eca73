package books_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"countinghouse/data/books"
)

// TestWholeChargesOfNoOrder: charges of no order, some with tax, told a second
// time as one row a charge, count once and leave nothing open, however their
// amounts, bases and sums run into one another.
func TestWholeChargesOfNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var facts []books.Fact
		var want int64
		day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		put := func(source books.Source, typ, path, posting string, seq int, minor int64) {
			facts = append(facts, books.Fact{
				ID: int64(len(facts) + 1), Connection: "c1", Source: source, Type: typ, Path: path, Posting: posting, Seq: seq,
				Amount: books.Money{Minor: minor, Currency: "JPY"}, Marketplace: "JP", Posted: day,
			})
		}
		for i := range rapid.IntRange(1, 7).Draw(t, "charges") {
			day = day.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days on"))
			base, tax := rapid.Int64Range(1, 4).Draw(t, "base"), rapid.Int64Range(0, 2).Draw(t, "tax")
			name := string(rune('a' + i))
			put(books.Finances, "ProductAdsPayment", "AdvertisingFee/Base", "T"+name, 0, -base)
			if tax > 0 {
				put(books.Finances, "ProductAdsPayment", "AdvertisingFee/Tax", "T"+name, 1, -tax)
			}
			put(books.Settlement, "ServiceFee", "Cost of Advertising/TransactionTotalAmount", "S"+name, 0, -base-tax)
			want -= base + tax
		}
		r := build(t, rapid.Permutation(facts).Draw(t, "arrival"), books.Context{Covered: func(books.Fact, books.Source) bool { return true }})
		var got int64
		for _, e := range r.Events {
			for _, l := range e.Lines {
				got += l.Amount.Minor
			}
		}
		if got != want || len(r.Open) > 0 {
			t.Fatalf("%d, want %d; open %+v", got, want, r.Open)
		}
	})
}

// TestEqualParcelsOfTwoSettlements: two parcels of an order bring the same, and
// the transactions name the settlements that paid them. Only the later one was
// read: its rows are the second parcel's.
func TestEqualParcelsOfTwoSettlements(t *testing.T) {
	var facts []books.Fact
	put := func(source books.Source, posting, settlement, path string, seq int, minor int64, at time.Time) {
		typ := "Shipment"
		if source == books.Settlement {
			typ = "Order"
		}
		facts = append(facts, books.Fact{
			ID: int64(len(facts) + 1), Connection: "c1", Source: source, Type: typ, Path: path, Posting: posting, Seq: seq, Order: "111-1", Item: "i1",
			SKU: "A", Amount: books.Money{Minor: minor, Currency: "USD"}, Marketplace: "US", Posted: at, Settlement: settlement, State: books.Released,
		})
	}
	first := time.Date(2026, 8, 19, 9, 0, 0, 0, time.UTC)
	second := first.Add(10 * time.Hour)
	for i, at := range []time.Time{first, second} {
		posting, settlement := string(rune('a'+i)), string(rune('1'+i))
		put(books.Finances, posting, settlement, "ProductCharges/OurPricePrincipal", 0, 63_19, at)
		put(books.Finances, posting, settlement, "AmazonFees/Commission/Base", 1, -9_48, at)
	}
	put(books.Settlement, "S:1", "2", "ItemPrice/Principal", 0, 63_19, second)
	put(books.Settlement, "S:2", "2", "ItemFees/Commission", 0, -9_48, second)
	paid := map[string]int64{}
	for _, e := range build(t, facts, books.Context{}).Events {
		for _, l := range e.Lines {
			if l.Line != books.COGS {
				paid[l.Settlement] += l.Amount.Minor
			}
		}
	}
	if paid["1"] != 53_71 || paid["2"] != 53_71 || len(paid) != 2 {
		t.Errorf("paid by settlement: %v", paid)
	}
}
