package store_test

import (
	"errors"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// A payout that reached the bank with the bank's fee taken off, or weeks late, is
// matched by hand, and the word can be taken back.
func TestBankLinesMatchedByHand(t *testing.T) {
	b := newBook(t)
	end := time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC)
	usd := func(minor int64) books.Money { return books.Money{Minor: minor, Currency: "USD"} }
	write(t, b, func(tx *store.Tx) error {
		doc, err := tx.PutDocument("report", []byte("x"))
		for i, id := range []string{"1", "2"} {
			if err == nil {
				_, err = tx.PutSettlement(store.SettlementHeader{Connection: "na", ID: id, Start: end.AddDate(0, 0, 14*(i-1)), End: end.AddDate(0, 0, 14*i),
					Deposit: end.AddDate(0, 0, 14*i+2), Total: usd(100_00 + int64(i)), Rows: 1, Document: doc})
			}
		}
		if err != nil {
			return err
		}
		_, err = tx.PutBankLines([]store.BankLine{
			{Account: "Giro", Day: "2026-10-20", Amount: usd(99_50), Text: "AMAZON less fee"}, {Account: "Giro", Day: "2026-10-01", Amount: usd(100_01), Text: "AMAZON"},
		})
		return err
	})
	matched := func() (byHand, found, rest int) {
		t.Helper()
		paid, lines, err := b.MatchBank(t.Context(), "2026-09-01", "2026-10-31")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paid {
			switch {
			case p.Bank == nil:
			case p.Bank.Link != "":
				byHand++
			default:
				found++
			}
		}
		return byHand, found, len(lines)
	}
	want := func(when string, byHand, found, rest int) {
		t.Helper()
		if h, f, r := matched(); h != byHand || f != found || r != rest {
			t.Errorf("%s: %d by hand, %d found, %d lines left; want %d, %d, %d", when, h, f, r, byHand, found, rest)
		}
	}
	want("before", 0, 1, 1)
	_, rest, err := b.MatchBank(t.Context(), "2026-09-01", "2026-10-31")
	if err != nil {
		t.Fatal(err)
	}
	choices, err := b.LinkChoices(t.Context(), rest[0])
	if err != nil || len(choices) != 1 || choices[0].Settlement != "1" {
		t.Fatalf("choices %+v, %v", choices, err)
	}
	lines, err := b.LineChoices(t.Context(), choices[0])
	if err != nil || len(lines) != 1 || lines[0].Text != "AMAZON less fee" {
		t.Fatalf("lines %+v, %v", lines, err)
	}
	say := func(l store.BankLine, link string) {
		t.Helper()
		write(t, b, func(tx *store.Tx) error { return tx.LinkBankLine(l, link) })
	}
	say(rest[0], choices[0].Link())
	want("by hand, 33 days apart", 1, 1, 0)
	if paid, _, err := b.MatchBank(t.Context(), "2026-09-17", "2026-09-17"); err != nil || len(paid) != 1 || paid[0].Bank == nil {
		t.Errorf("the payout's own day does not know of its line: %+v, %v", paid, err)
	}
	say(rest[0], store.NoPayout)
	want("no payout", 0, 1, 1)
	say(rest[0], "")
	want("taken back", 0, 1, 1)
	gone := rest[0]
	gone.Ordinal = 9
	err = b.Write(t.Context(), func(tx *store.Tx) error { return tx.LinkBankLine(gone, store.NoPayout) })
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a line that is not there: %v", err)
	}
}

// Transfers that no settlement names are told apart by their day and amount.
func TestLinksOfPayoutsWithoutSettlement(t *testing.T) {
	p := store.Payout{Connection: "na", Day: "2026-09-17", Amount: books.Money{Minor: 5_00, Currency: "USD"}}
	q := p
	q.Day = "2026-09-18"
	if p.Link() == q.Link() || p.Link() == "" {
		t.Errorf("%q and %q", p.Link(), q.Link())
	}
}
