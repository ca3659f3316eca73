package store_test

import (
	"fmt"
	"math"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

const (
	marketUS = "ATVPDKIKX0DER"
	marketCA = "A2EUQ1WTGCTBG2"
	marketDE = "A1PA6795UKMFR9"
)

func TestEffectiveTaxRate(t *testing.T) {
	state := store.TaxRow{Country: "US", Arrive: "US", Region: "CA", Net: 120_00, Collected: 8_70}
	tests := []struct {
		name    string
		row     func(r *store.TaxRow)
		percent string
		why     store.NoRate
	}{
		{"one state", func(*store.TaxRow) {}, "7.25", ""},
		{"half a hundredth goes up", func(r *store.TaxRow) { r.Net, r.Collected = 2_000_00, 145_01 }, "7.25", ""},
		{"exactly half", func(r *store.TaxRow) { r.Net, r.Collected = 200_00, 14_51 }, "7.26", ""},
		{"below a tenth", func(r *store.TaxRow) { r.Net, r.Collected = 100_00, 5 }, "0.05", ""},
		{"nothing is taxed", func(r *store.TaxRow) { r.Collected = 0 }, "0.00", ""},
		{"the rate is known", func(r *store.TaxRow) { r.Rate = "13" }, "", ""},
		{"the rest of a province, whose rates have rows of their own", func(r *store.TaxRow) { r.Arrive, r.Region = "CA", "BC" }, "", store.NoRateMixed},
		{"nobody told the state", func(r *store.TaxRow) { r.Region = "" }, "", store.NoRatePlaces},
		{"nobody told where at all", func(r *store.TaxRow) { r.Arrive, r.Region = "", "" }, "", store.NoRatePlaces},
		{"all was refunded", func(r *store.TaxRow) { r.Net, r.Collected = 0, 0 }, "", store.NoRateRefunds},
		{"more was refunded than sold", func(r *store.TaxRow) { r.Net, r.Collected = -120_00, -8_70 }, "", store.NoRateRefunds},
		{"only tax was refunded", func(r *store.TaxRow) { r.Collected = -1 }, "", store.NoRateRefunds},
		{"no rate at all", func(r *store.TaxRow) { r.Collected = 120_00 }, "", store.NoRateMixed},
		{"a broken amount", func(r *store.TaxRow) { r.Net, r.Collected = math.MaxInt64, 1<<60 }, "", store.NoRateMixed},
		{"a country with one rate", func(r *store.TaxRow) { r.Country, r.Arrive, r.Region = "DE", "AT", "" }, "", store.NoRateMixed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := state
			tt.row(&r)
			if percent, why := r.Effective(); percent != tt.percent || why != tt.why {
				t.Errorf("%q, %q; want %q, %q", percent, why, tt.percent, tt.why)
			}
		})
	}
}

// Tax by where the goods went to; what nobody told stays a row of its own.
func TestTaxByPlace(t *testing.T) {
	b := newBook(t)
	tell := func(tx *store.Tx, order, market, currency string, net, tax, withheld int64) {
		for i, of := range []struct {
			path  string
			minor int64
		}{{"product sales", net}, {"product sales tax", tax}, {"marketplace withheld tax", withheld}} {
			if of.minor == 0 {
				continue
			}
			f := sale(order, of.minor, books.Released)
			f.Seq, f.Order, f.Path, f.Marketplace, f.Amount.Currency = i, order, of.path, market, currency
			if _, err := tx.AddFact(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(t, b, func(tx *store.Tx) error {
		tell(tx, "1", marketUS, "USD", 10_00, 83, -83)
		tell(tx, "2", marketUS, "USD", 20_00, 1_25, 0) // a state in which Amazon does not withhold
		tell(tx, "3", marketUS, "USD", 30_00, 2_00, -2_00)
		tell(tx, "4", marketCA, "CAD", 100_00, 13_00, 0)
		tell(tx, "5", marketDE, "EUR", 50_00, 9_50, 0)
		tell(tx, "6", marketDE, "EUR", 50_00, 10_00, 0)
		tell(tx, "7", marketUS, "USD", 40_00, 0, 0) // to Canada
		for _, r := range []struct{ order, market, country, region, origin string }{
			{"1", marketUS, "US", "California", store.FromReport}, {"1", marketUS, "", "NY", "daterange"}, // the list of orders knows better
			{"2", marketUS, "", "tx", "daterange"},
			{"3", marketUS, "", "somewhere", "daterange"}, // names no state
			{"4", marketCA, "", "Ont.", "daterange"}, {"4", marketCA, "CA", "ON", store.FromAPI}, {"4", marketCA, "CA", "", store.FromReport},
			{"5", marketDE, "DE", "Bayern", store.FromReport}, {"6", marketDE, "AT", "Wien", store.FromReport}, {"7", marketUS, "", "Alberta", "daterange"},
			{"", marketUS, "US", "CA", store.FromAPI}, // money of no order
		} {
			if err := tx.PutOrderRegion("na", r.order, r.market, r.country, r.region, r.origin); err != nil {
				return err
			}
		}
		return nil
	})
	rows, err := b.TaxOnSales(t.Context(), store.SumFilter{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"CAD CA-ON 13": "10000 1300 0 1300", "EUR AT 20": "5000 1000 0 1000", "EUR DE 19": "5000 950 0 950",
		"USD US-CA ": "1000 83 -83 0", "USD US-TX ": "2000 125 0 125", "USD  ": "3000 200 -200 0", "USD CA-AB 0": "4000 0 0 0",
	}
	for _, r := range rows {
		key := r.Currency + " " + r.Place() + " " + r.Rate
		if got := fmt.Sprint(r.Net, r.Collected, r.Withheld, r.Owed); got != want[key] {
			t.Errorf("%q: %s, want %q", key, got, want[key])
		}
		delete(want, key)
		of, err := b.BehindTax(t.Context(), store.LinesOf{Currency: r.Currency, Lines: []string{"tax.collected", "tax.withheld"},
			Tax: &store.TaxOf{Marketplace: r.Marketplace, Arrive: r.Arrive, Region: r.Region, Rate: r.Rate}})
		if err != nil {
			t.Fatal(err)
		}
		sums, err := b.SumLines(t.Context(), of)
		if err != nil || len(sums) > 1 || len(sums) == 1 && sums[0].Minor != r.Owed || len(sums) == 0 && r.Collected != 0 {
			t.Errorf("%q: lines behind it %+v, %v", key, sums, err)
		}
	}
	if len(want) > 0 {
		t.Errorf("no row for %v", want)
	}
	var kept int
	if err := b.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM order_region WHERE length(country || region) > 4`).Scan(&kept); err != nil || kept > 0 {
		t.Errorf("%d rows hold more than codes, %v", kept, err)
	}
}
