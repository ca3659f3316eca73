package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// sale is one fact of money, enough for an event.
func sale(posting string, amount int64, state books.State) books.Fact {
	return books.Fact{
		Connection: "na", Source: books.DateRange, Posting: posting, Order: "111-0000001-0000001", SKU: "A", Marketplace: "ATVPDKIKX0DER",
		Type: "Order", Path: "product sales", Amount: books.Money{Minor: amount, Currency: "USD"}, Quantity: 1, Posted: now, State: state,
	}
}

func TestFactsAreStoredOnce(t *testing.T) {
	b := newBook(t)
	add := func(f books.Fact) (added bool) {
		write(t, b, func(tx *store.Tx) (err error) { added, err = tx.AddFact(f); return err })
		return added
	}
	if !add(sale("1", 10_00, books.Deferred)) || add(sale("1", 10_00, books.Deferred)) || !add(sale("2", 10_00, books.Released)) {
		t.Error("a fact was stored twice, or not at all")
	}
	if !add(sale("1", 10_00, books.Released)) || add(sale("1", 10_00, books.Deferred)) {
		t.Error("deferred money is released once and never deferred again")
	}
	if n := number(t, b, `SELECT sum(amount_minor) FROM rollup WHERE state = 'released'`); n != 20_00 {
		t.Errorf("the daily sums hold %d", n)
	}
}

// A transaction that fails, or is stopped, leaves nothing: no row, no sum, and
// no name that the next one would use.
func TestWriteIsAllOrNothing(t *testing.T) {
	b := newBook(t)
	failing := errors.New("no more paper")
	err := b.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.AddFact(sale("1", 10_00, books.Released)); err != nil {
			return err
		}
		return failing
	})
	if !errors.Is(err, failing) {
		t.Errorf("error %v", err)
	}
	for _, table := range []string{"fact", "fact_name", "event", "money_line", "rollup"} {
		if n := number(t, b, "SELECT count(*) FROM "+table); n != 0 {
			t.Errorf("%d rows of %s", n, table)
		}
	}
	write(t, b, func(tx *store.Tx) error { _, err := tx.AddFact(sale("1", 10_00, books.Released)); return err })
	if n := number(t, b, `SELECT count(*) FROM fact JOIN fact_name n ON n.id = name_id`); n != 1 {
		t.Errorf("%d facts with a name", n)
	}
}

func TestCheckSumsNotices(t *testing.T) {
	for name, statement := range map[string]string{
		"a changed daily sum":   `UPDATE rollup SET amount_minor = amount_minor + 1`,
		"a missing daily sum":   `DELETE FROM rollup`,
		"a changed line":        `UPDATE money_line SET amount_minor = 7 WHERE amount_minor <> 0`,
		"a settlement's total":  `UPDATE settlement SET total_minor = 1`,
		"a transaction's total": `UPDATE financial_transaction SET total_minor = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			money := books.Money{Minor: 10_00, Currency: "USD"}
			write(t, b, func(tx *store.Tx) error {
				doc, err := tx.PutDocument("transaction", []byte("x"))
				if err != nil {
					return err
				}
				f := sale("T1", 10_00, books.Released)
				f.Source, f.Type, f.Path = books.Finances, "Shipment", "ProductCharges/OurPricePrincipal"
				if _, err := tx.PutTransaction(store.FinancialTransaction{
					Connection: "na", ID: "T1", Type: "Shipment", Posted: now, Total: money, Document: doc,
				}, []books.Fact{f}); err != nil {
					return err
				}
				s := sale("S1:1", 10_00, books.Settled)
				s.Source, s.Path, s.Settlement = books.Settlement, "ItemPrice/Principal", "S1"
				if _, err := tx.PutSettlement(store.SettlementHeader{
					Connection: "na", ID: "S1", Start: now.Add(-time.Hour), End: now.Add(time.Hour), Total: money, Rows: 1, Document: doc,
				}); err != nil {
					return err
				}
				_, err = tx.AddFact(s)
				return err
			})
			if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
				t.Fatalf("before: %v %v", wrong, err)
			}
			b = tamper(t, b, store.BookFile, statement)
			wrong, err := b.CheckSums(t.Context())
			if err != nil || len(wrong) == 0 {
				t.Errorf("not noticed: %v", err)
			}
			if strings.Contains(name, "daily") {
				if err := b.Rebuild(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
					t.Errorf("rebuilt: %v %v", wrong, err)
				}
			}
		})
	}
}
