package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
)

// What Amazon holds, by hand: released since the last settlement, and held back,
// beside what Amazon itself says; each currency by itself.
func TestCashPositionsByHand(t *testing.T) {
	b := newBook(t)
	settled := now.AddDate(0, 0, -10)
	write(t, b, func(tx *store.Tx) error {
		for _, s := range []struct {
			id, currency string
			end          time.Time
		}{{"1", "USD", settled.AddDate(0, 0, -14)}, {"2", "USD", settled}, {"3", "EUR", settled}} {
			if err := settle(tx, s.id, s.currency, s.end.AddDate(0, 0, -14), s.end); err != nil {
				return err
			}
		}
		for _, m := range []struct {
			id, status, currency string
			posted               time.Time
			minor                int64
		}{
			{"before", "RELEASED", "USD", settled.Add(-time.Hour), 99_00}, {"after", "RELEASED", "USD", settled.Add(time.Hour), 20_00},
			{"refund", "RELEASED", "USD", settled.Add(2 * time.Hour), -50_00}, {"held", "DEFERRED", "USD", settled.Add(3 * time.Hour), 7_50},
			{"yen", "DEFERRED", "JPY", settled, 1200},
		} {
			doc, err := tx.PutDocument("finances", []byte(m.id))
			if err != nil {
				return err
			}
			f := sale(m.id, m.minor, books.State(map[string]string{"RELEASED": "released", "DEFERRED": "deferred"}[m.status]))
			f.Source, f.Type, f.Path, f.Order, f.Posted, f.Amount.Currency, f.Document = books.Finances, "Shipment", "ProductCharges", m.id, m.posted, m.currency, doc
			_, err = tx.PutTransaction(store.FinancialTransaction{Connection: "na", ID: m.id, Type: "Shipment", Status: m.status, Posted: m.posted, Total: f.Amount, Document: doc}, []books.Fact{f})
			if err != nil {
				return err
			}
		}
		for _, v := range []store.Balance{
			{Account: "Standard Orders", Path: "TOTAL", Minor: -20_00}, {Account: "Invoiced Orders", Path: "TOTAL", Minor: -2_50},
			{Account: "Standard Orders", Path: "TOTAL/RESERVED/DEFERRED", Minor: 7_50}, {Account: "Standard Orders", Path: "TOTAL/AVAILABLE", Minor: -27_50},
		} {
			v.Connection, v.Marketplace, v.Currency, v.Taken = "na", "ATVPDKIKX0DER", "USD", now
			if err := tx.PutBalance(v); err != nil {
				return err
			}
		}
		return nil
	})
	positions, err := b.CashPositions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range positions {
		line := fmt.Sprintf("%s %d %t %d %d", p.Currency, p.Available.Minor, p.Available.Known, p.Deferred.Minor, p.Total.Minor)
		if p.Amazon != nil {
			line += fmt.Sprintf(" amazon %d %d", *p.Amazon, *p.AmazonDeferred)
		}
		got = append(got, line)
	}
	want := []string{"EUR 0 true 0 0", "JPY 0 false 1200 1200", "USD -3000 true 750 -2250 amazon -2250 750"}
	if !slices.Equal(got, want) {
		t.Errorf("positions %q, want %q", got, want)
	}
}

// The rows of a settlement that do not add up to its header: the journal says so on
// an account of its own, and what Amazon owed is cleared.
func TestJournalOfASettlementThatDiffers(t *testing.T) {
	cases := []struct {
		name   string
		header int64
		want   map[accounts.Key]int64 // debit positive
	}{
		{"equal", 10_00, map[accounts.Key]int64{accounts.Key(books.SalesProduct): -10_00, accounts.Key(books.CashPayout): 10_00}},
		{"a row is missing", 10_03, map[accounts.Key]int64{accounts.Key(books.SalesProduct): -10_00, accounts.Key(books.CashPayout): 10_03, accounts.Difference: -3}},
		{"a row too many", 9_00, map[accounts.Key]int64{accounts.Key(books.SalesProduct): -10_00, accounts.Key(books.CashPayout): 9_00, accounts.Difference: 1_00}},
		{"below zero", -2_00, map[accounts.Key]int64{accounts.Key(books.SalesProduct): -10_00, accounts.Key(books.CashReserve): -2_00, accounts.Difference: 12_00}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			start := now.AddDate(0, 0, -20)
			write(t, b, func(tx *store.Tx) error {
				doc, err := tx.PutDocument("report", []byte("x"))
				if err != nil {
					return err
				}
				f := sale("S:1", 10_00, books.Settled)
				f.Source, f.Path, f.Settlement, f.Posted = books.Settlement, "ItemPrice/Principal", "S", start.AddDate(0, 0, 3)
				if _, err := tx.AddFact(f); err != nil {
					return err
				}
				_, err = tx.PutSettlement(store.SettlementHeader{
					Connection: "na", ID: "S", Start: start, End: start.AddDate(0, 0, 14), Total: books.Money{Minor: c.header, Currency: "USD"}, Rows: 1, Document: doc,
				})
				return err
			})
			entries, err := b.SettlementJournal(t.Context(), accounts.StandardChart(), accounts.ByMonth, "na", "S")
			if err != nil {
				t.Fatal(err)
			}
			got, sum := map[accounts.Key]int64{}, int64(0)
			for _, e := range entries {
				for _, p := range e.Postings {
					got[p.Key] += p.Amount.Minor
					sum += p.Amount.Minor
				}
			}
			if sum != 0 || got[accounts.Amazon] != 0 {
				t.Errorf("off by %d, and Amazon still owes %d", sum, got[accounts.Amazon])
			}
			delete(got, accounts.Amazon)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("booked %v, want %v", got, c.want)
			}
		})
	}
}
