package books_test

import (
	"slices"
	"testing"
	"time"

	"countinghouse/data/books"
)

func day(d int) time.Time { return time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC) }

// fact makes a fact of order 111-1 and SKU A.
func fact(id int64, source books.Source, posting, typ, path string, minor int64, at time.Time) books.Fact {
	return books.Fact{
		ID: id, Connection: "c1", Source: source, Posting: posting, Order: "111-1", SKU: "A", Marketplace: "US",
		Type: typ, Path: path, Amount: books.Money{Minor: minor, Currency: "USD"}, Posted: at,
	}
}

func principal(id int64, posting string, minor int64, at time.Time) books.Fact {
	return fact(id, books.Finances, posting, "Shipment", "ProductCharges/OurPricePrincipal", minor, at)
}

func row(id int64, settlement string, minor int64, at time.Time) books.Fact {
	f := fact(id, books.Settlement, settlement+":1", "Order", "ItemPrice/Principal", minor, at)
	f.Settlement = settlement
	return f
}

func only(t *testing.T, r books.Result) books.Event {
	t.Helper()
	if len(r.Events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(r.Events), r.Events)
	}
	return r.Events[0]
}

func TestKeyStaysWhenMoreArrives(t *testing.T) {
	deferred := principal(1, "D1", 2000, day(1))
	deferred.State = books.Deferred
	release := principal(2, "R1", 2000, day(20))
	release.ReleaseOf = "D1"
	paid := row(3, "S1", 2000, day(20))

	first := only(t, build(t, []books.Fact{deferred}, books.Context{}))
	if first.State != books.Deferred || !first.Posted.Equal(day(1)) || first.Settlement != "" {
		t.Errorf("deferred: %+v", first)
	}
	second := only(t, build(t, []books.Fact{deferred, release}, books.Context{}))
	if second.State != books.Released || !second.Occurred.Equal(day(1)) || !second.Posted.Equal(day(20)) {
		t.Errorf("released: %+v", second)
	}
	third := only(t, build(t, []books.Fact{deferred, release, paid}, books.Context{}))
	if third.State != books.Settled || third.Settlement != "S1" || third.Day != "2026-03-01" {
		t.Errorf("settled: %+v", third)
	}
	alone := only(t, build(t, []books.Fact{release}, books.Context{}))
	for _, ev := range []books.Event{second, third, alone} {
		if ev.Key != first.Key {
			t.Errorf("key %s became %s", first.Key, ev.Key)
		}
	}
	if l := third.Lines[0]; l.Fact != 2 || !slices.Equal(l.Matched, []int64{1, 3}) {
		t.Errorf("the line's facts: %+v", l)
	}
}

func TestCoarseRowIsLinkedWithAllItStandsFor(t *testing.T) {
	base := fact(1, books.Finances, "T1", "Shipment", "AmazonFees/Commission/Base", -300, day(1))
	tax := fact(2, books.Finances, "T1", "Shipment", "AmazonFees/Commission/Tax", -30, day(1))
	paid := fact(3, books.Settlement, "S1:1", "Order", "ItemFees/Commission", -330, day(1))
	paid.Settlement = "S1"
	ev := only(t, build(t, []books.Fact{paid, tax, base}, books.Context{}))
	for _, l := range ev.Lines {
		if l.State != books.Settled || l.Settlement != "S1" || !slices.Equal(l.Matched, []int64{3}) {
			t.Errorf("%+v", l)
		}
	}
}

// TestOneCoarseRowOfTwoEqualEvents: of two equal parcels of one day only one
// stands in the coarse source yet, as one amount for several lines.
func TestOneCoarseRowOfTwoEqualEvents(t *testing.T) {
	var facts []books.Fact
	for _, posting := range []string{"T1", "T2"} {
		facts = append(facts,
			fact(0, books.Finances, posting, "Refund", "AmazonFees/Commission/Base", 300, day(1)),
			fact(0, books.Finances, posting, "Refund", "AmazonFees/Commission/Tax", 30, day(1)),
			fact(0, books.Finances, posting, "Refund", "AmazonFees/RefundCommission/Base", -60, day(1)))
	}
	for name, coarse := range map[string][]books.Fact{
		"one line": {
			fact(0, books.Settlement, "S1:1", "Refund", "ItemFees/Commission", 330, day(1)),
			fact(0, books.Settlement, "S1:2", "Refund", "ItemFees/RefundCommission", -60, day(1)),
		},
		"a group of lines": {fact(0, books.DateRange, "F:1", "Refund", "selling fees", 270, day(1))},
	} {
		all := slices.Concat(facts, coarse)
		for i := range all {
			all[i].ID = int64(i + 1)
		}
		r := build(t, all, books.Context{})
		linked := 0
		for _, ev := range r.Events {
			for _, l := range ev.Lines {
				if len(l.Matched) > 0 {
					linked++
				}
			}
		}
		if len(r.Events) != 2 || len(r.Open) != 0 || linked != 3 {
			t.Errorf("%s: %d events, %d lines linked, open %+v", name, len(r.Events), linked, r.Open)
		}
	}
}

func TestSumsOfDaysNearEachOther(t *testing.T) {
	storage := func(id int64, sku string, minor int64, d int) books.Fact {
		f := fact(id, books.Finances, sku, "ServiceFee", "AmazonFees/FBAStorageFee/Base", minor, day(d))
		f.Order, f.SKU = "", sku
		return f
	}
	paid := fact(9, books.Settlement, "S1:1", "other-transaction", "other-transaction/Storage Fee", -333, day(7))
	paid.Order, paid.SKU = "", ""
	for d, open := range map[int]int{4: 0, 6: 0, 7: 0, 8: 0, 11: 0, 15: 1} {
		r := build(t, []books.Fact{storage(1, "A", -111, d), storage(2, "B", -222, d), paid}, books.Context{})
		if len(r.Open) != open || len(r.Events) != 2+open {
			t.Errorf("day %d: %d events, open %+v", d, len(r.Events), r.Open)
		}
	}
}

func TestBlankSKUDoesNotTakeWhatAnotherNeeds(t *testing.T) {
	a, b := principal(1, "T1", 900, day(1)), principal(2, "T1", 900, day(1))
	b.SKU = "B"
	blank, exact := row(3, "S1", 900, day(1)), row(4, "S1", 900, day(1))
	blank.SKU, blank.Posting = "", "S1:0"
	for _, exact.SKU = range []string{"A", "B"} {
		r := build(t, []books.Fact{a, b, blank, exact}, books.Context{})
		if len(r.Events) != 2 || len(r.Open) != 0 {
			t.Errorf("exact %s: %d events, open %+v", exact.SKU, len(r.Events), r.Open)
		}
	}
}

func TestUntoldAccountDoesNotTakeWhatAnotherNeeds(t *testing.T) {
	standardOrder, invoiced := principal(1, "T1", 900, day(1)), principal(2, "T2", 900, day(1))
	standardOrder.Account, invoiced.Account = "Standard Orders", "Invoiced Orders"
	for _, account := range []string{"Standard Orders", "Invoiced Orders"} {
		untold, told := row(3, "S1", 900, day(1)), row(4, "S1", 900, day(1))
		untold.Posting, told.Account = "S1:0", account
		r := build(t, []books.Fact{standardOrder, invoiced, untold, told}, books.Context{})
		if len(r.Events) != 2 || len(r.Open) != 0 {
			t.Errorf("told %s: %d events, open %+v", account, len(r.Events), r.Open)
		}
	}
}

func TestOpenSaysWhy(t *testing.T) {
	sale := principal(1, "T1", 2000, day(1))
	tests := []struct {
		name    string
		facts   []books.Fact
		covered bool
		want    []books.Reason
	}{
		{"other amount", []books.Fact{sale, row(2, "S1", 1999, day(1))}, true, []books.Reason{books.OpenDiffers}},
		{"one more row", []books.Fact{sale, row(2, "S1", 2000, day(1)), row(3, "S2", 2000, day(9))}, true, []books.Reason{books.OpenMissing}},
		{"finances was not read then", []books.Fact{sale, row(2, "S1", 1999, day(1))}, false, nil},
		{"settlement alone, finances read", []books.Fact{row(2, "S1", 1999, day(1))}, true, []books.Reason{books.OpenMissing}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, tt.facts, books.Context{Covered: func(_ books.Fact, s books.Source) bool {
				return tt.covered && s == books.Finances
			}})
			var got []books.Reason
			for _, o := range r.Open {
				got = append(got, o.Reason)
				if !o.Counted {
					t.Errorf("%+v should be counted", o)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestWhatMustNotMatch(t *testing.T) {
	sale := principal(1, "T1", 2000, day(1))
	ads := fact(1, books.Finances, "T1", "ProductAdsPayment", "AdvertisingFee", -5000, day(1))
	adsRow := fact(2, books.Settlement, "S1:1", "ServiceFee", "Cost of Advertising/TransactionTotalAmount", -5000, day(11))
	ads.Order, adsRow.Order = "", ""
	near := adsRow
	near.Posted = day(4)
	change := func(f books.Fact, with func(*books.Fact)) books.Fact {
		with(&f)
		return f
	}
	tests := []struct {
		name   string
		facts  []books.Fact
		cx     books.Context
		events int
	}{
		{"the same", []books.Fact{sale, row(2, "S1", 2000, day(1))}, books.Context{}, 1},
		{"another connection", []books.Fact{sale, change(row(2, "S1", 2000, day(1)), func(f *books.Fact) { f.Connection = "c2" })}, books.Context{}, 2},
		{"another currency", []books.Fact{sale, change(row(2, "S1", 2000, day(1)), func(f *books.Fact) { f.Amount.Currency = "CAD" })}, books.Context{}, 2},
		{"another SKU", []books.Fact{sale, change(row(2, "S1", 2000, day(1)), func(f *books.Fact) { f.SKU = "B" })}, books.Context{}, 2},
		{"a refund", []books.Fact{sale, change(row(2, "S1", 2000, day(1)), func(f *books.Fact) { f.Type = "Refund" })}, books.Context{}, 2},
		{"another line", []books.Fact{sale, change(row(2, "S1", 2000, day(1)), func(f *books.Fact) { f.Path = "ItemPrice/Shipping" })}, books.Context{}, 2},
		{"typed in", []books.Fact{sale, change(row(2, "", 2000, day(1)), func(f *books.Fact) { f.Source, f.Path = books.User, "sales.product" })}, books.Context{}, 2},
		{"money of no order, days apart", []books.Fact{ads, adsRow}, books.Context{}, 2},
		{"money of no order, near", []books.Fact{ads, near}, books.Context{}, 1},
		{"money of no order, a wider window", []books.Fact{ads, adsRow}, books.Context{Window: 10 * 24 * time.Hour}, 1},
		{"money of another order", []books.Fact{change(ads, func(f *books.Fact) { f.Order = "1" }), change(near, func(f *books.Fact) { f.Order = "2" })}, books.Context{}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if r := build(t, tt.facts, tt.cx); len(r.Events) != tt.events {
				t.Errorf("%d events, want %d", len(r.Events), tt.events)
			}
		})
	}
}

func TestContextIsAsked(t *testing.T) {
	sale := principal(1, "T1", 2000, day(1))
	sale.Marketplace, sale.Quantity = "", 2
	bought := day(1).Add(-time.Hour)
	ev := only(t, build(t, []books.Fact{sale}, books.Context{
		Marketplace: func(f books.Fact) string { return map[string]string{"111-1": "JP"}[f.Order] },
		OrderDate:   func(string) time.Time { return bought },
		Zone:        zone,
	}))
	if ev.Marketplace != "JP" || !ev.OrderDate.Equal(bought) || ev.Quantity != 2 || ev.Uncovered != 2 {
		t.Errorf("%+v", ev)
	}
}

func TestShipmentWithoutAnyMoney(t *testing.T) {
	cx := books.Context{Zone: zone, Costs: books.NewCosts([]books.Cost{{SKU: "A", Marketplace: "US", Unit: unit(t, "4"), Currency: "USD"}})}
	cx.Consumption = []books.Consumption{
		{Connection: "c1", Order: "111-9", SKU: "A", Marketplace: "US", Currency: "USD", At: day(1), Units: 2},
		{Connection: "c1", Order: "111-9", SKU: "B", Marketplace: "US", Currency: "USD", At: day(1), Units: 1},
	}
	r := build(t, nil, cx)
	if len(r.Events) != 2 {
		t.Fatalf("%+v", r.Events)
	}
	for _, ev := range r.Events {
		l := ev.Lines[0]
		switch {
		case ev.Type != books.ShippedUnpaid || len(ev.Lines) != 1 || l.Line != books.COGS || l.Amount.Currency != "USD":
			t.Errorf("%+v", ev)
		case ev.SKU == "A" && (l.Amount.Minor != -800 || ev.Uncovered != 0):
			t.Errorf("%+v", ev)
		case ev.SKU == "B" && (l.Amount.Minor != 0 || ev.Uncovered != 1 || l.Uncovered != 1):
			t.Errorf("%+v", ev)
		}
	}
}

// TestEqualItemsAreToldByTheirNumbers pays two equal items of one SKU in two
// settlements: Amazon's number of the order item tells which is which, and equal
// days and amounts do not.
func TestEqualItemsAreToldByTheirNumbers(t *testing.T) {
	item := func(f books.Fact, item string) books.Fact {
		f.Item = item
		return f
	}
	for name, facts := range map[string][]books.Fact{
		"in order":      {item(principal(1, "T1", 2000, day(1)), "i1"), item(principal(2, "T2", 2000, day(1)), "i2"), item(row(3, "S1", 2000, day(1)), "i1"), item(row(4, "S2", 2000, day(1)), "i2")},
		"the other way": {item(principal(1, "T1", 2000, day(1)), "i1"), item(principal(2, "T2", 2000, day(1)), "i2"), item(row(3, "S1", 2000, day(1)), "i2"), item(row(4, "S2", 2000, day(1)), "i1")},
	} {
		paid := map[string]string{} // settlement of each row by item
		for _, f := range facts[2:] {
			paid[f.Item] = f.Settlement
		}
		events := build(t, facts, books.Context{}).Events
		if len(events) != 2 {
			t.Fatalf("%s: %d events", name, len(events))
		}
		for _, ev := range events {
			of := facts[ev.Lines[0].Fact-1].Item
			if ev.Settlement != paid[of] {
				t.Errorf("%s: item %s was paid in %s, not %s", name, of, paid[of], ev.Settlement)
			}
		}
	}
}
