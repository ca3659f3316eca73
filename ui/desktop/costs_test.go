package desktop

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// costsBook is an empty demo book of its own.
func costsBook(t *testing.T) *store.Book {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Costs", session.Demo,
		[]vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Book
}

func TestCostsOfABook(t *testing.T) {
	b, x := costsBook(t), costsText{format.For("en"), i18n.For("en")}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bad, err := readCostList(tabPurchases, file("bad.csv", "date,sku,quantity,currency,price\n2026-02-30,A,1,EUR,1\n"), x)
	if err != nil || len(bad.bad) != 1 || x.problem(bad.bad[0]) != "not a day like 2026-03-01" {
		t.Errorf("a bad row: %+v %v", bad.bad, err)
	}
	for tab, path := range map[string]string{
		tabPurchases: file("p.csv", "batch,date,sku,quantity,currency,price,freight\nPO-1,2026-02-01,A,3,EUR,9.00,1.00\n"),
		tabExpenses:  file("e.csv", "expense,from,currency,amount\nFair,2026-02-01,EUR,100\n"),
		tabRates:     file("eurofxref.csv", "Date,USD,\n2026-02-02,1.1,\n"),
	} {
		in, err := readCostList(tab, path, x)
		if err != nil || len(in.bad) > 0 || len(in.lines) != 1 {
			t.Fatalf("%s: %+v %v", tab, in, err)
		}
		if err := b.Write(t.Context(), in.store); err != nil {
			t.Fatal(err)
		}
	}
	f, err := readCosts(t.Context(), b, "2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.purchases) != 1 || len(f.expenses) != 1 || len(f.rates) != 1 || f.method != books.ByPeriod || len(f.values) != 3 {
		t.Fatalf("read: %+v", f)
	}
	r := f.purchases[0]
	if value, known := r.value(); !known || value.String() != "10.00 EUR" || r.each() != "3.3333" || r.rounded().Minor != 333 || r.left.Units != 3 {
		t.Errorf("the purchase: %s %s %v", value, r.each(), r.left)
	}
	for _, tab := range []string{tabPurchases, tabExpenses} {
		l, ok := f.list(tab)
		path := filepath.Join(dir, l.name+".xlsx")
		if !ok || l.write(path) != nil {
			t.Fatalf("%s is not written", tab)
		}
		again, err := readCostList(tab, path, x)
		if err != nil || len(again.bad) > 0 || len(again.lines) != 1 {
			t.Errorf("%s written and read again: %+v %v", tab, again, err)
		}
		if l.write(path) == nil {
			t.Errorf("%s: a file was overwritten", tab)
		}
	}
}

func TestCostsOfAMissingRateAreRefused(t *testing.T) {
	b := costsBook(t)
	err := b.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SetBookCurrency("EUR"); err != nil {
			return err
		}
		_, err := tx.PutPurchase(books.Purchase{Code: "1", SKU: "A", Day: "2026-02-01", Units: 1, Price: 100, Currency: "CNY"})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "no exchange rate from CNY to EUR on 2026-02-01") {
		t.Errorf("without a rate: %v", err)
	}
	list, err := b.Purchases(context.Background())
	if err != nil || len(list) > 0 {
		t.Errorf("stored: %+v %v", list, err)
	}
}

func TestCostWords(t *testing.T) {
	x := costsText{format.For("en"), i18n.For("en")}
	p, bad := costfiles.Purchase(map[string]string{"sku": "A", "date": "2026-01-01", "quantity": "3", "price": "10", "currency": "eur"}, marketplaceOf)
	if got := x.landedOf(p, bad); !strings.Contains(got, "10.00") || !strings.Contains(got, "3.3333") {
		t.Errorf("landed: %q %v", got, bad)
	}
	if got := x.landedOf(p, []costfiles.Problem{{}}); got != "" {
		t.Errorf("landed of a purchase that cannot be read: %q", got)
	}
	got := x.summary([]store.UncoveredSKU{{SKU: "A", Units: 7}, {SKU: "A", Units: 2}, {SKU: "B", Units: 3}, {SKU: "C", Units: 1}, {SKU: "D", Units: 1}})
	if got != "14 units left without a cost: A (7), B (3), C (1), …" {
		t.Errorf("summary: %q", got)
	}
	for _, gap := range []books.Gap{books.GapNoBatch, books.GapSoldOut, books.GapNoRate, books.GapNoOrigin} {
		if why, todo := x.gap(store.UncoveredSKU{Gap: gap}); strings.HasPrefix(why, "costs.") || strings.HasPrefix(todo, "costs.") {
			t.Errorf("%s: %q %q", gap, why, todo)
		}
	}
	for _, m := range []string{"de", "ja", "zh-Hans"} {
		y := costsText{format.For(m), i18n.For(m)}
		for _, code := range []string{costfiles.Missing, costfiles.NoColumn, costfiles.BadDay, costfiles.BadNumber, costfiles.BadPlaces, costfiles.BadWhole, costfiles.BadCurrency,
			costfiles.BadMarket, costfiles.Negative, costfiles.BadChoice, costfiles.Duplicate, costfiles.TooLong, costfiles.BadOrder} {
			if w := y.problem(costfiles.Problem{Code: code}); strings.HasPrefix(w, "costs.") {
				t.Errorf("%s: no words for %s", m, code)
			}
		}
	}
}
