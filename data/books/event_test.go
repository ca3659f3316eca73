package books_test

import (
	"testing"

	"countinghouse/data/books"
)

func TestUnitsOfAnEvent(t *testing.T) {
	unitsOf := func(source books.Source, path string, minor, quantity int64) books.Fact {
		f := fact(0, source, "S1", "Order", path, minor, day(1))
		f.Quantity = quantity
		return f
	}
	tests := []struct {
		name  string
		facts []books.Fact
		want  int64
	}{
		{"finances tells once", []books.Fact{
			unitsOf(books.Finances, "ProductCharges/OurPricePrincipal", 1000, 2), unitsOf(books.Finances, "AmazonFees/Commission/Base", -100, 0),
		}, 2},
		{"settlement repeats on every row", []books.Fact{
			unitsOf(books.Settlement, "ItemPrice/Principal", 1000, 2), unitsOf(books.Settlement, "ItemFees/Commission", -100, 2),
		}, 2},
		{"settlement repeats, two equal items", []books.Fact{
			unitsOf(books.Settlement, "ItemPrice/Principal", 1000, 1), unitsOf(books.Settlement, "ItemPrice/Principal", 1000, 1),
			unitsOf(books.Settlement, "ItemFees/Commission", -100, 1), unitsOf(books.Settlement, "ItemFees/Commission", -100, 1),
		}, 2},
		{"settlement tells on the first row of each item", []books.Fact{
			unitsOf(books.Settlement, "ItemFees/Commission", -100, 1), unitsOf(books.Settlement, "ItemPrice/Principal", 1000, 0),
			unitsOf(books.Settlement, "ItemFees/Commission", -100, 1), unitsOf(books.Settlement, "ItemPrice/Principal", 1000, 0),
		}, 2},
		{"a fee alone repeats", []books.Fact{
			unitsOf(books.Settlement, "ItemFees/FBAPerUnitFulfillmentFee", -100, 3), unitsOf(books.Settlement, "ItemFees/Commission", -100, 3),
		}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i := range tt.facts {
				tt.facts[i].ID, tt.facts[i].Seq = int64(i+1), i
			}
			if ev := only(t, build(t, tt.facts, books.Context{})); ev.Quantity != tt.want {
				t.Errorf("%d units, want %d", ev.Quantity, tt.want)
			}
		})
	}
}

func TestUnitsOfADeferredSaleWhoseReleaseTellsNone(t *testing.T) {
	deferred, release := principal(1, "D1", 2000, day(1)), principal(2, "R1", 2000, day(20))
	deferred.Quantity, release.ReleaseOf = 3, "D1"
	if ev := only(t, build(t, []books.Fact{deferred, release}, books.Context{})); ev.Quantity != 3 {
		t.Errorf("%d units", ev.Quantity)
	}
}

func TestEventLearnsFromWhatIsLinked(t *testing.T) {
	sale, paid := principal(1, "T1", 2000, day(1)), row(2, "S1", 2000, day(1))
	sale.Marketplace, paid.Marketplace = "", "DE"
	if ev := only(t, build(t, []books.Fact{sale, paid}, books.Context{})); ev.Marketplace != "DE" {
		t.Errorf("marketplace %q", ev.Marketplace)
	}
	lost := fact(1, books.Finances, "T1", "FBAInventoryReimbursement", "FBAInventoryReimbursement", 4288, day(1))
	lostRow := fact(2, books.Settlement, "S1:1", "other-transaction", "FBA Inventory Reimbursement/WAREHOUSE_LOST", 4288, day(1))
	lost.Order = ""
	ev := only(t, build(t, []books.Fact{lost, lostRow}, books.Context{}))
	if ev.Order != "111-1" || ev.Type != books.Reimbursed {
		t.Errorf("%+v", ev)
	}
}

func TestFinancesMayNameTheSettlement(t *testing.T) {
	sale := principal(1, "T1", 2000, day(1))
	sale.State, sale.Settlement = books.Released, "S7"
	if ev := only(t, build(t, []books.Fact{sale}, books.Context{})); ev.State != books.Settled || ev.Settlement != "S7" {
		t.Errorf("%+v", ev)
	}
	sale.State = books.Deferred
	if ev := only(t, build(t, []books.Fact{sale}, books.Context{})); ev.State != books.Deferred {
		t.Errorf("a deferred sale is not paid: %+v", ev)
	}
}

func TestNothingIsNoEvent(t *testing.T) {
	empty := fact(1, books.Finances, "T1", "ServiceFee", "Sales", 0, day(1))
	if r := build(t, []books.Fact{empty}, books.Context{}); len(r.Events)+len(r.Unknown) != 0 {
		t.Errorf("an empty node: %+v", r)
	}
	zero := fact(2, books.Settlement, "S1:2", "Order", "ItemPrice/ShippingTax", 0, day(1))
	ev := only(t, build(t, []books.Fact{principal(1, "T1", 2000, day(1)), zero}, books.Context{}))
	if len(ev.Lines) != 1 || len(ev.Lines[0].Matched) != 1 {
		t.Errorf("a row of nothing: %+v", ev)
	}
}

func TestOnePostingInTwoScopesHasTwoKeys(t *testing.T) {
	goods := fact(1, books.Finances, "L1", "RemovalShipment", "RecommerceLiquidation", 83, day(1))
	fee := fact(2, books.Finances, "L1", "RemovalShipment", "AmazonFees", -47, day(1))
	r := buildAll(t, []books.Fact{goods, fee}, books.Context{})
	if len(r.Events) != 2 || r.Events[0].Key == r.Events[1].Key {
		t.Errorf("%+v", r.Events)
	}
}

func TestSettlementRowsOfTwoDaysAreTwoEvents(t *testing.T) {
	first, second := row(1, "S1", 2000, day(1)), row(2, "S1", 2000, day(3))
	second.Posting = "S1:2"
	if r := build(t, []books.Fact{first, second}, books.Context{}); len(r.Events) != 2 || r.Events[1].Day != "2026-03-03" {
		t.Errorf("%+v", r.Events)
	}
}

func TestSharesRoundByLargestRemainder(t *testing.T) {
	var rows []books.Rollup
	for state, minor := range map[books.State]int64{books.Settled: 1, books.Released: 1, books.Deferred: 4} {
		r := sales(minor)
		r.State = state
		rows = append(rows, r)
	}
	want := books.Shares{Settled: 1667, Released: 1667, Deferred: 6666, Known: true}
	if got := march(t, rows, nil).Shares; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
