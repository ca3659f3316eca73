package desktop

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// A line of the bank is given its payout on the screen, and taken off it again.
func TestCashMatchesByHand(t *testing.T) {
	s := newEmptySession(t)
	now := time.Now().UTC()
	end := now.AddDate(0, 0, -20)
	usd := func(minor int64) books.Money { return books.Money{Minor: minor, Currency: "USD"} }
	err := s.Book.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindFiles}, nil); err != nil {
			return err
		}
		doc, err := tx.PutDocument("report", []byte("x"))
		if err != nil {
			return err
		}
		_, err = tx.PutSettlement(store.SettlementHeader{Connection: "na", ID: "77", Start: end.AddDate(0, 0, -14), End: end, Deposit: end, Total: usd(100_00), Rows: 1, Document: doc})
		if err != nil {
			return err
		}
		_, err = tx.PutBankLines([]store.BankLine{{Account: "Giro", Day: now.AddDate(0, 0, -3).Format(time.DateOnly), Amount: usd(99_10), Text: "AMAZON less fee"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f, settle := frameOver(t, s, "en")
	f.show(route{Screen: "cash"})
	settle()
	screen := f.built["cash"].screen.(*cashScreen)
	if n := len(screen.data.Rest); n != 1 {
		t.Fatalf("%d lines without a payout", n)
	}
	screen.askLine(screen.data.Rest[0])
	settle()
	if said := textOn(f.env); !strings.Contains(said, "AMAZON less fee") || !strings.Contains(said, "Choose the payout") {
		t.Errorf("the question says %s", said)
	}
	ordersShoot(t, f.env, "cash-link")
	press(t, f.env, "Match")
	settle()
	if len(screen.data.Rest) != 0 || len(screen.data.Paid) != 1 || screen.data.Paid[0].Bank == nil {
		t.Fatalf("after the match: %+v", screen.data)
	}
	screen.askPayout(screen.data.Paid[0])
	settle()
	press(t, f.env, "This is not it")
	settle()
	if len(screen.data.Rest) != 1 || screen.data.Paid[0].Bank != nil {
		t.Error("the line stays with its payout")
	}
	screen.askPayout(screen.data.Paid[0])
	settle()
	ordersShoot(t, f.env, "cash-line")
	press(t, f.env, "Match")
	settle()
	if len(screen.data.Rest) != 0 {
		t.Error("a payout does not take a line of the bank")
	}
}
