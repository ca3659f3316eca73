package store_test

import (
	"errors"
	"slices"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// mystery posts a name that the program does not know: with an order, in its
// refund, and without one.
func mystery(tx *store.Tx) error {
	usd := func(minor int64) books.Money { return books.Money{Minor: minor, Currency: "USD"} }
	for i, f := range []books.Fact{
		{Posting: "T1", Type: "Shipment", Path: "Sales/ProductCharges/OurPricePrincipal", Order: "111-0000001-0000001", Amount: usd(20_00), Quantity: 1},
		{Posting: "T1", Seq: 1, Type: "Shipment", Path: "Expenses/AmazonFees/QuietHours*Fee/Base", Order: "111-0000001-0000001", Amount: usd(-1_10)},
		{Posting: "T2", Type: "Refund", Path: "Expenses/AmazonFees/QuietHours*Fee/Base", Order: "111-0000001-0000001", Amount: usd(60)},
		{Posting: "T3", Type: "ServiceFee", Path: "AmazonFees/QuietHours*Fee/Base", Note: "weekly", Amount: usd(-7_00)},
		{Posting: "T4", Type: "ServiceFee", Path: "AmazonFees/QuietHoursXFee/Base", Note: "weekly", Amount: usd(-9_00)},
	} {
		f.Connection, f.Source, f.Marketplace, f.SKU = "na", books.Finances, "ATVPDKIKX0DER", "A-1"
		f.Posted = now.AddDate(0, 0, -10+i)
		if _, err := tx.AddFact(f); err != nil {
			return err
		}
	}
	return nil
}

func sums(t *testing.T, b *store.Book) map[string]int64 {
	t.Helper()
	list, err := b.Rollups(t.Context(), "", "9999", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, r := range list {
		if r.Minor != 0 {
			out[string(r.Line)] += r.Minor
		}
	}
	return out
}

func wantSums(t *testing.T, b *store.Book, want map[string]int64) {
	t.Helper()
	got := sums(t, b)
	for line, minor := range want {
		if got[line] != minor {
			t.Errorf("%s is %d, want %d", line, got[line], minor)
		}
		delete(got, line)
	}
	if len(got) > 0 {
		t.Errorf("more lines: %v", got)
	}
	if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
}

func TestNameRules(t *testing.T) {
	b := newBook(t)
	write(t, b, mystery)
	untold := map[string]int64{"sales.product": 20_00, "unclassified": -1_10 + 60 - 7_00 - 9_00}
	wantSums(t, b, untold)

	names, err := b.Unclassified(t.Context())
	if err != nil || len(names) != 4 {
		t.Fatal(names, err)
	}
	if n := names[0]; n.Path != "AmazonFees/QuietHours*Fee/Base" && n.Path != "Expenses/AmazonFees/QuietHours*Fee/Base" && n.Lines != 1 {
		t.Errorf("first is %+v", n)
	}

	rules := []store.NameRule{
		{Source: books.Finances, Type: "ServiceFee", Path: "AmazonFees/QuietHours*Fee/Base", Line: books.FBAStorage},
		{Source: books.Finances, Type: "Shipment", Path: "Expenses/AmazonFees/QuietHours*Fee/Base", Line: books.FeeOther},
		{Source: books.Finances, Type: "Refund", Path: "Expenses/AmazonFees/QuietHours*Fee/Base", Line: books.SalesProduct},
	}
	for _, r := range rules {
		write(t, b, func(tx *store.Tx) error { return tx.PutNameRule(r) })
	}
	// A star in Amazon's name is a star; money given back stands on the line of refunds.
	told := map[string]int64{"sales.product": 20_00, "fba.storage": -7_00, "fee.other": -1_10, "refund.product": 60, "unclassified": -9_00}
	wantSums(t, b, told)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantSums(t, b, told)

	t.Run("kept when the book is opened again", func(t *testing.T) {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if b, err = store.Open(t.Context(), b.Dir, keys); err != nil {
			t.Fatal(err)
		}
		write(t, b, func(tx *store.Tx) error {
			_, err := tx.AddFact(books.Fact{Connection: "na", Source: books.Finances, Posting: "T5", Type: "ServiceFee", Path: "AmazonFees/QuietHours*Fee/Base",
				Amount: books.Money{Minor: -5, Currency: "USD"}, Marketplace: "ATVPDKIKX0DER", Posted: now})
			return err
		})
		if got := sums(t, b)["fba.storage"]; got != -7_05 {
			t.Errorf("storage is %d", got)
		}
		told["fba.storage"], untold["unclassified"] = -7_05, untold["unclassified"]-5
	})
	defer b.Close()

	t.Run("refused or undone leaves all as it was", func(t *testing.T) {
		err := b.Write(t.Context(), func(tx *store.Tx) error {
			return tx.PutNameRule(store.NameRule{Source: books.Finances, Path: "x", Line: "no.such"})
		})
		if err == nil {
			t.Error("a line that does not exist was taken")
		}
		stop := errors.New("stop")
		err = b.Write(t.Context(), func(tx *store.Tx) error {
			r := rules[0]
			r.Line = books.Advertising
			return errors.Join(tx.PutNameRule(r), stop)
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if err := b.Rebuild(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		wantSums(t, b, told)
	})

	t.Run("taken back", func(t *testing.T) {
		for _, r := range slices.Backward(rules) {
			write(t, b, func(tx *store.Tx) error { return tx.DeleteNameRule(r) })
		}
		wantSums(t, b, untold)
		err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteNameRule(rules[0]) })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("taken back twice: %v", err)
		}
	})
}
