package store_test

import (
	"fmt"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// A payments report of invoiced orders stands in the same days and currency as a
// settlement of the standard ones, which says nothing of it. Its rows are open only
// when the settlement that they name is here without them, in whatever order the
// files come.
func TestSettlementsCoverTheirOwnAccount(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 9, d, 12, 0, 0, 0, time.UTC) }
	row := func(order, settlement, currency string, on time.Time) books.Fact {
		f := sale(order, 10_00, books.Released)
		f.Source, f.Type, f.Path, f.Posting, f.Posted = books.DateRange, "Order", "product sales", "F:"+order, on
		f.Order, f.Settlement, f.Amount.Currency = order, settlement, currency
		return f
	}
	steps := map[string]func(tx *store.Tx) error{
		"payments report": func(tx *store.Tx) error {
			for _, f := range []books.Fact{
				row("1", "222", "USD", day(10)), row("2", "222", "USD", day(11)), row("3", "333", "USD", day(12)), row("4", "", "EUR", day(13)),
				row("5", "222", "USD", day(20).Add(2*time.Hour)), // posted a little after the end of its settlement
			} {
				if _, err := tx.AddFact(f); err != nil {
					return err
				}
			}
			return nil
		},
		"standard":   func(tx *store.Tx) error { return settle(tx, "111", "USD", day(1), day(20)) },
		"of the yen": func(tx *store.Tx) error { return settle(tx, "444", "JPY", day(1), day(20)) },
		"invoiced": func(tx *store.Tx) error {
			paid := sale("1", 10_00, books.Settled)
			paid.Source, paid.Type, paid.Path, paid.Posting, paid.Posted = books.Settlement, "Order", "ItemPrice/Principal", "222:1", day(10)
			paid.Order, paid.Settlement = "1", "222"
			if _, err := tx.AddFact(paid); err != nil {
				return err
			}
			return settle(tx, "222", "USD", day(1), day(20))
		},
	}
	for i, order := range [][]string{
		{"payments report", "standard", "of the yen", "invoiced"}, {"invoiced", "standard", "of the yen", "payments report"}, {"standard", "payments report", "invoiced", "of the yen"},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			b := newBook(t)
			seen := map[string]bool{}
			check := func(when string) {
				t.Helper()
				want := ""
				if seen["payments report"] && seen["invoiced"] {
					want = "2,5"
				}
				if got := text(t, b, `SELECT coalesce(group_concat(scope), '') FROM (SELECT scope FROM open_item ORDER BY scope)`); got != want {
					t.Errorf("%s: open are %q, want %q", when, got, want)
				}
			}
			for _, name := range order {
				write(t, b, steps[name])
				seen[name] = true
				check("after " + name)
			}
			if err := b.Rebuild(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			check("rebuilt")
		})
	}
}

// settle stores the header of a settlement.
func settle(tx *store.Tx, id, currency string, from, to time.Time) error {
	doc, err := tx.PutDocument("report", []byte("settlement "+id))
	if err != nil {
		return err
	}
	if _, err := tx.PutSettlement(store.SettlementHeader{Connection: "na", ID: id, Start: from, End: to, Total: books.Money{Currency: currency}, Document: doc}); err != nil {
		return err
	}
	return tx.AddCoverage("na", "settlement", store.Interval{From: from, To: to})
}

// Two accounts at Amazon with one currency: of the second no money was read yet, so
// that no day is covered, although the first one has all of it.
func TestUnreadAccountCoversNothing(t *testing.T) {
	b := newBook(t)
	usa := store.MarketplaceRow{ID: "ATVPDKIKX0DER", Name: "Amazon.com", Country: "US", Currency: "USD", Participating: true}
	write(t, b, func(tx *store.Tx) error {
		if err := tx.PutMarketplaces("na", []store.MarketplaceRow{usa}); err != nil {
			return err
		}
		return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -3, 0), To: now})
	})
	covered := func(currency string) string {
		t.Helper()
		all, err := b.MoneyCoverage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		from, _ := books.Covered(all, currency)
		return from
	}
	if covered("USD") == "" {
		t.Error("one account, and it is read: its days are covered")
	}
	write(t, b, func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "second", Region: "NA", Kind: store.KindAPI}, nil); err != nil {
			return err
		}
		return tx.PutMarketplaces("second", []store.MarketplaceRow{usa})
	})
	if from := covered("USD"); from != "" {
		t.Errorf("the second account was never read, and its money is covered from %s", from)
	}
	write(t, b, func(tx *store.Tx) error {
		return tx.AddCoverage("second", "finances", store.Interval{From: now.AddDate(0, -1, 0), To: now})
	})
	if from := covered("USD"); from != "2026-10-02" { // the whole days of the month that the second account has
		t.Errorf("covered from %q, want the month of the second account", from)
	}
}
