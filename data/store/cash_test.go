package store_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
)

// A settlement in one currency says nothing of the account's others: rows of a
// date-range report in pounds are no open differences because euros were settled.
func TestASettlementCoversItsOwnCurrencyOnly(t *testing.T) {
	b := newBook(t)
	start := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	write(t, b, func(tx *store.Tx) error {
		doc, err := tx.PutDocument("report", []byte("x"))
		if err != nil {
			return err
		}
		_, err = tx.PutSettlement(store.SettlementHeader{
			Connection: "na", ID: "7", Start: start, End: start.AddDate(0, 0, 14), Total: books.Money{Minor: 1, Currency: "EUR"}, Rows: 1, Document: doc,
		})
		if err != nil {
			return err
		}
		if err := tx.AddCoverage("na", "settlement", store.Interval{From: start, To: start.AddDate(0, 0, 14)}); err != nil {
			return err
		}
		for i, currency := range []string{"EUR", "GBP"} {
			f := sale(currency, 10_00, books.Released)
			f.Order, f.Amount.Currency, f.Posted = "111-000000"+currency[:1], currency, start.AddDate(0, 0, 5+i)
			if _, err := tx.AddFact(f); err != nil {
				return err
			}
		}
		return nil
	})
	if n := number(t, b, `SELECT count(*) FROM open_item WHERE currency = 'GBP'`); n != 0 {
		t.Errorf("%d open differences in pounds", n)
	}
	if n := number(t, b, `SELECT count(*) FROM open_item WHERE currency = 'EUR'`); n != 1 {
		t.Errorf("%d open differences in euros, want the one that the settlement should have", n)
	}
	coverage, err := b.MoneyCoverage(t.Context())
	if err != nil || len(coverage) != 1 || len(coverage[0].Currencies) != 1 || coverage[0].Currencies[0] != "EUR" {
		t.Errorf("coverage %+v, %v", coverage, err)
	}
}

// What was ordered is known in the currencies and times of which orders were read,
// also where there was none.
func TestBridgeKnowsWhatWasOrdered(t *testing.T) {
	day := func(month, d int) time.Time { return time.Date(2026, time.Month(month), d, 12, 0, 0, 0, time.UTC) }
	orders := func(from, to time.Time) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return tx.AddCoverage("na", "orders", store.Interval{From: from, To: to}) }
	}
	one := func(tx *store.Tx) error {
		doc, err := tx.PutDocument("report", []byte("orders"))
		if err != nil {
			return err
		}
		price := int64(10_00)
		_, err = tx.PutOrder(store.Order{
			Connection: "na", ID: "111-0000009-0000009", Marketplace: "ATVPDKIKX0DER", Status: "SHIPPED", Purchased: day(9, 10), Updated: day(9, 10),
			Currency: "USD", Origin: store.FromReport, Document: doc, Items: []store.OrderItem{{SKU: "A", Quantity: 1, Price: &price}},
		})
		return err
	}
	for name, c := range map[string]struct {
		read     []func(*store.Tx) error
		from, to string
		want     string
	}{
		"money alone":              {nil, "2026-09-01", "2026-09-30", "GBP ? USD ?"},
		"an order in dollars":      {[]func(*store.Tx) error{one}, "2026-09-01", "2026-09-30", "GBP ? USD 1000"},
		"all orders read":          {[]func(*store.Tx) error{orders(day(1, 1), day(10, 31))}, "2026-09-01", "2026-09-30", "GBP ? USD 0"},
		"those of half a month":    {[]func(*store.Tx) error{orders(day(9, 15), day(10, 31))}, "2026-09-01", "2026-09-30", "GBP ? USD ?"},
		"an order at another time": {[]func(*store.Tx) error{one, orders(day(9, 9), day(9, 12))}, "2026-09-15", "2026-09-30", "GBP ? USD ?"},
		"until today":              {[]func(*store.Tx) error{orders(day(1, 1), now)}, "2026-09-01", "2026-12-31", "GBP ? USD 0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			write(t, b, func(tx *store.Tx) error {
				usa := store.MarketplaceRow{ID: "ATVPDKIKX0DER", Name: "Amazon.com", Country: "US", Currency: "USD", Participating: true}
				gb := store.MarketplaceRow{ID: "A1F83G8C2ARO7P", Name: "Amazon.co.uk", Country: "GB", Currency: "GBP", Participating: true}
				if err := tx.PutConnection(store.Connection{ID: "files", Region: "EU", Kind: store.KindFiles}, nil); err != nil {
					return err
				}
				if err := tx.PutMarketplaces("na", []store.MarketplaceRow{usa}); err != nil {
					return err
				}
				if err := tx.PutMarketplaces("files", []store.MarketplaceRow{gb}); err != nil {
					return err
				}
				dollars, pounds := sale("1", 10_00, books.Released), sale("2", 10_00, books.Released)
				dollars.Posted, pounds.Posted = day(9, 20), day(9, 20)
				pounds.Connection, pounds.Marketplace, pounds.Amount.Currency, pounds.Order = "files", gb.ID, "GBP", "202-0000001-0000001"
				for _, f := range []books.Fact{dollars, pounds} {
					if _, err := tx.AddFact(f); err != nil {
						return err
					}
				}
				for _, read := range c.read {
					if err := read(tx); err != nil {
						return err
					}
				}
				return nil
			})
			all, err := b.Bridge(t.Context(), store.SumFilter{From: c.from, To: c.to})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, bridge := range all {
				for _, p := range bridge.Steps {
					switch {
					case p.Step != store.BridgeOrdered:
					case p.Minor == nil:
						got = append(got, bridge.Currency+" ?")
					default:
						got = append(got, bridge.Currency+" "+strconv.FormatInt(*p.Minor, 10))
					}
				}
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("ordered was %s, want %s", text, c.want)
			}
		})
	}
}

// bank is a line of the bank.
func bank(day string, minor int64, text string) accounts.BankRow {
	return accounts.BankRow{Day: day, Amount: books.Money{Minor: minor, Currency: "USD"}, Text: text}
}

func TestBankLinesFindTheirPayouts(t *testing.T) {
	b := newBook(t)
	end := time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC)
	write(t, b, func(tx *store.Tx) error {
		doc, err := tx.PutDocument("report", []byte("x"))
		for i, id := range []string{"1", "2", "3"} { // two of the same amount
			if err == nil {
				_, err = tx.PutSettlement(store.SettlementHeader{
					Connection: "na", ID: id, Start: end.AddDate(0, 0, 14*(i-1)), End: end.AddDate(0, 0, 14*i), Deposit: end.AddDate(0, 0, 14*i+2),
					Total: books.Money{Minor: []int64{100_00, 100_00, 77_00}[i], Currency: "USD"}, Rows: 1, Document: doc,
				})
			}
		}
		return err
	})
	file := accounts.BankFile{Rows: []accounts.BankRow{
		bank("2026-09-18", 100_00, "AMAZON"), bank("2026-10-02", 100_00, "ACH"), bank("2026-10-02", -5_00, "bakery"), bank("2026-10-03", 12_34, "AMZN gift"),
		bank("2026-10-03", 12_34, "AMZN gift"),
	}}
	in, err := b.PickBankLines(t.Context(), "Bank", "bank.csv", file)
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Lines) != 4 || in.Other != 1 {
		t.Fatalf("%d lines kept, %d left out", len(in.Lines), in.Other)
	}
	for _, want := range []int{4, 0} { // a file read twice changes nothing
		write(t, b, func(tx *store.Tx) error {
			n, err := tx.PutBankLines(in.Lines)
			if n != want {
				t.Errorf("%d lines added, want %d", n, want)
			}
			return err
		})
	}
	paid, rest, err := b.MatchBank(t.Context(), "2026-09-01", "2026-10-31")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range paid {
		if p.Bank != nil {
			got[p.Settlement] = p.Bank.Day
		}
	}
	if len(paid) != 3 || got["1"] != "2026-09-18" || got["2"] != "2026-10-02" || got["3"] != "" || len(rest) != 2 {
		t.Errorf("payouts %+v, matched %v, rest %+v", paid, got, rest)
	}
	write(t, b, func(tx *store.Tx) error { return tx.LinkBankLine(rest[0], "na/3") })
	if paid, rest, err = b.MatchBank(t.Context(), "2026-09-01", "2026-10-31"); err != nil || paid[2].Bank == nil || len(rest) != 1 {
		t.Errorf("the seller's own word is not heard: %+v, %v", paid, err)
	}
}

func TestTaxByMarketplaceAndRate(t *testing.T) {
	b := newBook(t)
	add := func(tx *store.Tx, order, path string, seq int, minor int64) error {
		f := sale(order, minor, books.Released)
		f.Seq = seq
		f.Order, f.Path, f.Marketplace, f.Amount.Currency = order, path, "A1PA6795UKMFR9", "EUR"
		_, err := tx.AddFact(f)
		return err
	}
	write(t, b, func(tx *store.Tx) error {
		for _, s := range []struct {
			order    string
			net, tax int64
		}{{"1", 10_00, 1_90}, {"2", 33_33, 6_33}, {"3", 20_00, 1_40}, {"4", 9_99, 5_00},
			{"8", 50, 10},                       // 19 % of 0.50, rounded: no sale at 20
			{"9", -10_00, -2_15}, {"10", -4, 0}, // refunds: more than the rate, and less than a cent of tax
		} {
			if err := add(tx, s.order, "product sales", 0, s.net); err != nil {
				return err
			}
			if err := add(tx, s.order, "product sales tax", 1, s.tax); err != nil {
				return err
			}
		}
		// A discount that cuts the tax, one that does not, and both in one event.
		for _, s := range []struct {
			order             string
			net, tax, rebates int64
		}{{"5", 12_00, 1_90, -2_00}, {"6", 10_00, 1_90, -2_00}, {"7", 12_00, 1_90, -3_07}} {
			for i, of := range []struct {
				path  string
				minor int64
			}{{"product sales", s.net}, {"product sales tax", s.tax}, {"promotional rebates", s.rebates}} {
				if err := add(tx, s.order, of.path, i, of.minor); err != nil {
					return err
				}
			}
		}
		return nil
	})
	rows, err := b.TaxOnSales(t.Context(), store.SumFilter{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]int64{"19": {61_79, 12_13}, "": {-1_07, -25}, "7": {20_00, 1_40}, "50": {9_99, 5_00}}
	for _, r := range rows {
		if w, ok := want[r.Rate]; !ok || r.Net != w[0] || r.Collected != w[1] || r.Owed != w[1] || r.Country != "DE" {
			t.Errorf("row %+v, want %v", r, w)
		}
		delete(want, r.Rate)
	}
	if len(want) > 0 {
		t.Errorf("no row for %v", want)
	}
}

// Tax on fees is a cost until the seller says that it comes back: for the past too,
// however the books are made, and until he says otherwise.
func TestRecoveredTaxOnFeesIsNoCost(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error {
		for i, m := range []struct {
			path  string
			minor int64
		}{{"ProductCharges/OurPricePrincipal", 39_90}, {"AmazonFees/Commission/Base", -6_00}, {"AmazonFees/Commission/Tax", -1_14}} {
			for _, place := range []string{"A1PA6795UKMFR9", "A13V1IB3VIYZZH"} {
				f := sale("305-"+place, m.minor, books.Released)
				f.Source, f.Type, f.Path, f.Seq = books.Finances, "Shipment", m.path, i
				f.Order, f.Marketplace, f.Amount.Currency = "305-"+place, place, "EUR"
				if _, err := tx.AddFact(f); err != nil {
					return err
				}
			}
		}
		return nil
	})
	check := func(what string, german, french int64) {
		t.Helper()
		for place, want := range map[string]int64{"A1PA6795UKMFR9": german, "A13V1IB3VIYZZH": french} {
			fees := number(t, b, `SELECT coalesce(sum(amount_minor), 0) FROM rollup WHERE line = 'fee.referral' AND marketplace_id = ?`, place)
			back := number(t, b, `SELECT coalesce(sum(amount_minor), 0) FROM rollup WHERE line = 'tax.input' AND marketplace_id = ?`, place)
			if fees != want || fees+back != -7_14 {
				t.Errorf("%s: %s: fees %d, recovered %d", what, place, fees, back)
			}
		}
		rows, err := b.TaxOnFees(t.Context(), store.SumFilter{})
		if err != nil || len(rows) != 2 || rows[0].Minor != -1_14 || rows[1].Minor != -1_14 {
			t.Errorf("%s: %+v %v", what, rows, err)
		}
		if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("%s: sums %v %v", what, wrong, err)
		}
	}
	check("at first", -7_14, -7_14)
	write(t, b, func(tx *store.Tx) error { return tx.SetFeeTaxRecoverable("A1PA6795UKMFR9", true) })
	check("recovered", -6_00, -7_14)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	check("derived again", -6_00, -7_14)
	write(t, b, func(tx *store.Tx) error { return tx.SetFeeTaxRecoverable("A1PA6795UKMFR9", false) })
	check("taken back", -7_14, -7_14)
}
