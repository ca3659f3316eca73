package desktop

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// The totals of all accounts stand in the book's currency, with the rates beside
// them; without a rate they are no number.
func TestCashInTheBooksCurrency(t *testing.T) {
	s := newEmptySession(t)
	text := cashText{i18n.For("en"), format.For("en")}
	now := time.Now().UTC()
	q := cashQuery{Span: statementSpan{now.AddDate(0, 0, -120).Format(time.DateOnly), now.Format(time.DateOnly)}, Now: now}
	load := func() cashData {
		t.Helper()
		d, err := cashLoad(t.Context(), s.Book, q)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write := func(f func(*store.Tx) error) {
		t.Helper()
		if err := s.Book.Write(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	end := now.AddDate(0, 0, -20)
	write(func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindFiles}, nil); err != nil {
			return err
		}
		doc, err := tx.PutDocument("report", []byte("x"))
		for i, m := range []books.Money{{Minor: 101_01, Currency: "USD"}, {Minor: 3001, Currency: "JPY"}, {Minor: 7_77, Currency: "EUR"}} {
			if err == nil {
				_, err = tx.PutSettlement(store.SettlementHeader{Connection: "na", ID: string(rune('1' + i)), Start: end.AddDate(0, 0, -14), End: end, Deposit: end, Total: m, Rows: 1, Document: doc})
			}
		}
		return err
	})
	if load().Whole != nil {
		t.Error("a total although no book currency was chosen")
	}
	write(func(tx *store.Tx) error { return tx.SetBookCurrency("EUR") })
	if word, _ := text.whole(load().Whole); !strings.Contains(word, "no rate from") {
		t.Errorf("without rates it says %q", word)
	}
	two, twoHundred := mustUnit(t, "2"), mustUnit(t, "200")
	var quotes []books.Quote
	for day := now.AddDate(0, 0, -130); !day.After(now); day = day.AddDate(0, 0, 1) {
		at := day.Format(time.DateOnly)
		quotes = append(quotes, books.Quote{Day: at, From: "EUR", To: "USD", Rate: two, Source: "ecb"}, books.Quote{Day: at, From: "EUR", To: "JPY", Rate: twoHundred, Source: "ecb"})
	}
	write(func(tx *store.Tx) error { _, err := tx.PutRates(quotes); return err })
	d := load()
	const want = 50_51 + 15_01 + 7_77 // halves of a cent go up
	if got := d.Whole.Paid.Total; got != (books.Money{Minor: want, Currency: "EUR"}) {
		t.Errorf("paid out %s, want %d cents", got, want)
	}
	if rates := text.rates(d.Whole.Paid, d.Whole.Held); !strings.Contains(rates, "1 USD = 0.5 EUR (ECB, ") || !strings.Contains(rates, "1 JPY = 0.005 EUR (ECB, ") {
		t.Errorf("the rates are %q", rates)
	}
	f, settle := frameOver(t, s, "ja")
	f.show(route{Screen: "cash"})
	settle()
	ordersShoot(t, f.env, "cash-whole-ja")
	f.show(route{Screen: "costs"})
	settle()
	costs := f.built["costs"].screen.(*costsScreen)
	costs.choose(tabRates)
	costs.askFetch()
	settle()
	ordersShoot(t, f.env, "costs-fetch-ja")
}

func mustUnit(t *testing.T, text string) books.Decimal {
	t.Helper()
	d, err := books.ParseUnit(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
