package books_test

import (
	"testing"

	"countinghouse/data/books"
)

// The figures of one statement, worked out by hand.
func TestFiguresWorkedOutByHand(t *testing.T) {
	day := func(l books.Line, minor, units int64) books.Rollup {
		return books.Rollup{Day: "2026-03-04", Connection: "na", Currency: "USD", SKU: "A", Line: l, State: books.Settled, Minor: minor, Quantity: units}
	}
	rows := []books.Rollup{
		day(books.SalesProduct, 100_00, 8), day(books.SalesShipping, 10_00, 0), day(books.Promotion, -5_00, 0), day(books.RefundProduct, -25_00, 2),
		day(books.FeeReferral, -15_00, 0), day(books.FBAFulfilment, -9_01, 0), day(books.Advertising, -11_00, 0),
		day(books.COGS, -20_00, 8), day(books.Postage, -3_00, 0), day(books.Expense, -2_00, 0), day(books.TaxCollected, 7_00, 0),
	}
	covered := []books.Coverage{{Connection: "na", Source: books.Finances, From: "2026-03-01", To: "2026-03-31"}}
	all, err := books.Statements(rows, covered, books.Filter{From: "2026-03-01", To: "2026-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	known := func(minor int64) books.Figure {
		return books.Figure{Money: books.Money{Minor: minor, Currency: "USD"}, Known: true}
	}
	got, err := books.Explain(all[0], books.Beside{AdSales: known(44_00), Returns: known(3), Sellable: known(1)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[books.FigureName]int64{
		books.FigureNetSales: 80_00, books.FigureContribution: 21_99, books.FigureNetProfit: 19_99,
		books.FigureMargin:        2499,  // 19.99 / 80.00
		books.FigureROI:           9995,  // 19.99 / 20.00
		books.FigureACOS:          2500,  // 11.00 / 44.00
		books.FigureTACOS:         1000,  // 11.00 / 110.00
		books.FigureBreakEvenACOS: 4124,  // (21.99 + 11.00) / 80.00
		books.FigureRefundRate:    2500,  // 2 / 8
		books.FigureSellable:      3333,  // 1 / 3
		books.FigureUnits:         8,     //
		books.FigureAveragePrice:  12_50, // 100.00 / 8
		books.FigureFeesPerUnit:   3_00,  // 24.01 / 8 = 3.00125
	}
	for _, f := range got {
		if !f.Value.Known || f.Value.Minor != want[f.Name] {
			t.Errorf("%s: %+v, want %d", f.Name, f.Value, want[f.Name])
		}
		sum := int64(0)
		for _, o := range f.Operands {
			sum += o.Sign * o.Minor
		}
		if !f.Quotient && sum != f.Value.Minor {
			t.Errorf("%s: its operands add up to %d, it says %d", f.Name, sum, f.Value.Minor)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("not explained: %v", want)
	}
}

// A figure without one of its numbers says why, and is never 0.
func TestAFigureWithoutItsNumbersIsNotKnown(t *testing.T) {
	rows := []books.Rollup{{Day: "2026-03-04", Connection: "na", Currency: "USD", SKU: "A", Line: books.FeeReferral, State: books.Settled, Minor: -100}}
	covered := []books.Coverage{{Connection: "na", Source: books.Finances, From: "2026-03-01", To: "2026-03-31"}}
	all, err := books.Statements(rows, covered, books.Filter{From: "2026-03-01", To: "2026-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := books.Explain(all[0], books.Beside{AdSales: books.Figure{Why: "no report of advertising was read"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range got {
		unknown := f.Name != books.FigureNetSales && f.Name != books.FigureContribution && f.Name != books.FigureNetProfit && f.Name != books.FigureUnits
		if unknown && (f.Value.Known || f.Value.Why == "" && f.Name != books.FigureSellable) {
			t.Errorf("%s: %+v", f.Name, f.Value)
		}
	}
}

// Spend comes from the reports that tell the sales; without them what was charged
// counts, but never for a product: charges name none.
func TestSpendOfAdvertising(t *testing.T) {
	rows := []books.Rollup{
		{Day: "2026-03-04", Connection: "na", Currency: "USD", SKU: "A", Line: books.SalesProduct, State: books.Settled, Minor: 100_00, Quantity: 4},
		{Day: "2026-03-04", Connection: "na", Currency: "USD", Line: books.Advertising, State: books.Settled, Minor: -11_00},
	}
	all, err := books.Statements(rows, []books.Coverage{{Connection: "na", Source: books.Finances, From: "2026-03-01", To: "2026-03-31"}},
		books.Filter{From: "2026-03-01", To: "2026-03-31"})
	if err != nil {
		t.Fatal(err)
	}
	known := books.Figure{Money: books.Money{Minor: 20_00, Currency: "USD"}, Known: true}
	none := books.Figure{Why: "no report"}
	for name, c := range map[string]struct {
		x           books.Beside
		acos, tacos int64 // -1: not known
	}{
		"by the reports":      {books.Beside{AdSales: known, AdSpend: books.Figure{Money: books.Money{Minor: 5_00, Currency: "USD"}, Known: true}}, 2500, 500},
		"by the charges":      {books.Beside{AdSales: none, AdSpend: none}, -1, 1100},
		"of a product":        {books.Beside{AdSales: known, AdSpend: known, OfProduct: true}, 10000, 2000},
		"of a product unread": {books.Beside{AdSales: none, AdSpend: none, OfProduct: true}, -1, -1},
	} {
		got, err := books.Explain(all[0], c.x)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range got {
			want, ours := map[books.FigureName]int64{books.FigureACOS: c.acos, books.FigureTACOS: c.tacos}[f.Name]
			if ours && (f.Value.Known != (want >= 0) || f.Value.Known && f.Value.Minor != want || !f.Value.Known && f.Value.Why != "no report") {
				t.Errorf("%s: %s is %+v, want %d", name, f.Name, f.Value, want)
			}
		}
	}
}
