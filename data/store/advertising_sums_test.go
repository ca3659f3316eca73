package store

import (
	"testing"
	"time"

	"countinghouse/data/books"
)

// Daily reports and summaries of the same days are the same money: it is counted
// once, whichever of them were read.
func TestAdvertisingIsCountedOnce(t *testing.T) {
	const de = "A1PA6795UKMFR9"
	type row struct {
		from, to, market, sku string
		spend, sales          int64
	}
	daily := []row{
		{"2026-10-01", "2026-10-01", de, "A", 100, 900}, {"2026-10-01", "2026-10-01", de, "B", 50, 0},
		{"2026-10-02", "2026-10-02", de, "A", 200, 1000}, {"2026-10-03", "2026-10-03", de, "A", 300, 1100},
	}
	summary := []row{{"2026-10-01", "2026-10-03", de, "A", 600, 3000}, {"2026-10-01", "2026-10-03", de, "B", 50, 0}}
	longer := []row{{"2026-10-01", "2026-10-04", de, "A", 640, 3300}, {"2026-10-01", "2026-10-04", de, "B", 50, 0}}
	other := []row{{"2026-10-01", "2026-10-03", "A13V1IB3VIYZZH", "A", 7, 70}}
	// A report without the column of countries; of two equal rows the other is French.
	silent := []row{{"2026-10-01", "2026-10-01", "", "A", 100, 900}, {"2026-10-01", "2026-10-01", "", "A", 100, 900}, {"2026-10-01", "2026-10-01", "", "B", 50, 0}}
	for name, c := range map[string]struct {
		rows         []row
		to           string
		spend, sales int64
	}{
		"daily alone":                          {daily, "2026-10-03", 650, 3000},
		"a summary alone":                      {summary, "2026-10-03", 650, 3000},
		"both":                                 {append(daily[:4:4], summary...), "2026-10-03", 650, 3000},
		"a summary that tells a day more":      {append(daily[:4:4], longer...), "2026-10-04", 690, 3300},
		"summary and part of the days":         {append(daily[:2:2], summary...), "2026-10-03", 650, 3000},
		"weeks that overlap":                   {append(summary[:2:2], longer...), "2026-10-04", 690, 3300},
		"days, where the summary leads beyond": {append(daily[:4:4], longer...), "2026-10-03", 650, 3000},
		"no marketplace alone":                 {silent, "2026-10-01", 250, 1800},
		"no marketplace, then one":             {append(silent[:3:3], daily[:2]...), "2026-10-01", 250, 1800},
		"another marketplace is other money":   {append(daily[:4:4], other...), "2026-10-03", 657, 3070},
	} {
		t.Run(name, func(t *testing.T) {
			b := viewBook(t)
			err := b.Write(t.Context(), func(tx *Tx) error {
				for i, r := range c.rows {
					_, err := tx.PutAdRow(AdRow{
						Connection: "na", Key: string(rune('a' + i)), Report: adReport, From: r.from, To: r.to, Marketplace: r.market, SKU: r.sku, Currency: "EUR",
						Spend: minor(r.spend), Sales: minor(r.sales), Taken: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			sums, err := b.AdSums(t.Context(), adReport, "2026-10-01", c.to)
			if err != nil {
				t.Fatal(err)
			}
			var spend, sales int64
			for _, s := range sums {
				spend, sales = spend+s.Spend, sales+s.Sales
			}
			if spend != c.spend || sales != c.sales {
				t.Errorf("spend %d and sales %d, want %d and %d: %+v", spend, sales, c.spend, c.sales, sums)
			}
			x, err := b.Beside(t.Context(), SumFilter{From: "2026-10-01", To: c.to, Currency: "EUR"})
			if err != nil || x.AdSpend != (books.Figure{Money: books.Money{Minor: c.spend, Currency: "EUR"}, Known: true}) || x.AdSales.Minor != c.sales {
				t.Errorf("beside the statement: %+v %v", x, err)
			}
		})
	}
}

// Advertising of a part of the days is no figure of all of them.
func TestAdvertisingOfSomeDaysIsNotKnown(t *testing.T) {
	b := viewBook(t)
	err := b.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.PutAdRow(AdRow{Connection: "na", Key: "a", Report: adReport, From: "2026-10-02", To: "2026-10-02", Currency: "USD", SKU: "A", Spend: minor(5), Sales: minor(50)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		f     SumFilter
		known bool
		spend int64
	}{
		"its day":          {SumFilter{From: "2026-10-02", To: "2026-10-02", Currency: "USD"}, true, 5},
		"of its product":   {SumFilter{From: "2026-10-02", To: "2026-10-02", Currency: "USD", SKU: "A"}, true, 5},
		"of another":       {SumFilter{From: "2026-10-02", To: "2026-10-02", Currency: "USD", SKU: "B"}, true, 0},
		"a day more":       {SumFilter{From: "2026-10-02", To: "2026-10-03", Currency: "USD"}, false, 0},
		"another currency": {SumFilter{From: "2026-10-02", To: "2026-10-02", Currency: "EUR"}, false, 0},
	} {
		x, err := b.Beside(t.Context(), c.f)
		if err != nil || x.AdSpend.Known != c.known || x.AdSales.Known != c.known || x.AdSpend.Minor != c.spend || (x.AdSpend.Why == "") != c.known {
			t.Errorf("%s: %+v %v", name, x, err)
		}
	}
}
