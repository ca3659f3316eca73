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

// The profit of all currencies stands in the book's: the money of each day at that
// day's rate, liabilities left out, and no figure where one currency is not known.
func TestProfitInTheBooksCurrency(t *testing.T) {
	s := newEmptySession(t)
	row := func(day, currency string, line books.Line, minor int64) books.Rollup {
		return books.Rollup{Day: day, Connection: "c", Currency: currency, Line: line, State: books.Settled, Minor: minor, Quantity: 1}
	}
	rows := []books.Rollup{
		row("2026-03-01", "EUR", books.SalesProduct, 100_00), row("2026-03-01", "USD", books.SalesProduct, 100_01), row("2026-03-01", "USD", books.FeeReferral, -15_00),
		row("2026-03-01", "USD", books.TaxCollected, 7_00),
		row("2026-03-02", "USD", books.SalesProduct, 100_00), row("2026-03-02", "USD", books.CashPayout, -50_00),
		row("2026-04-01", "USD", books.SalesProduct, 999_00), // beyond the days asked for
	}
	query := func() *profitData {
		d := &profitData{Query: profitQuery{Span: statementSpan{"2026-03-01", "2026-03-31"}, Currency: "EUR"}, Currencies: []string{"USD", "EUR"}}
		for _, c := range d.Currencies {
			d.coverage = append(d.coverage, books.Coverage{Connection: "c", Source: books.Finances, From: "2026-03-01", To: "2026-04-30", Currencies: []string{c}})
		}
		return d
	}
	whole := func() *profitWhole {
		t.Helper()
		w, err := query().whole(t.Context(), s.Book, rows)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	write := func(f func(*store.Tx) error) {
		t.Helper()
		if err := s.Book.Write(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if whole() != nil {
		t.Error("a total although no book currency was chosen")
	}
	write(func(tx *store.Tx) error { return tx.SetBookCurrency("EUR") })
	text := cashText{i18n.For("en"), format.For("en")}
	if says, short := text.missing(whole().NetProfit); !short || !strings.Contains(says, "no rate from USD on 1 Mar 2026") {
		t.Errorf("without rates it says %q", says)
	}
	two, four := mustUnit(t, "2"), mustUnit(t, "4")
	write(func(tx *store.Tx) error {
		_, err := tx.PutRates([]books.Quote{
			{Day: "2026-03-01", From: "EUR", To: "USD", Rate: two, Source: "ecb"}, {Day: "2026-03-02", From: "EUR", To: "USD", Rate: four, Source: "ecb"},
		})
		return err
	})
	w := whole()
	if got, want := w.NetSales.Total.Minor, int64(100_00+50_01+25_00); got != want { // half a cent goes up
		t.Errorf("net sales %d, want %d", got, want)
	}
	if got, want := w.NetProfit.Total.Minor, int64(100_00+42_51+25_00); got != want { // 85.01 USD of the first day
		t.Errorf("net profit %d, want %d", got, want)
	}
	if says := text.rates(w.NetSales, w.NetProfit); !strings.Contains(says, "1 USD = 0.25 EUR (ECB, 2 Mar 2026)") {
		t.Errorf("the rates are %q", says)
	}
}

// Payouts stand in the book's currency too, each at the rate of its day.
func TestSettlementsInTheBooksCurrency(t *testing.T) {
	s := newEmptySession(t)
	day := func(text string) time.Time { return statementDay(text) }
	rows := []store.SettlementRow{
		{Currency: "EUR", TotalMinor: 10_00, Deposit: day("2026-03-01"), End: day("2026-03-01")},
		{Currency: "USD", TotalMinor: 30_01, Deposit: day("2026-03-03"), End: day("2026-03-01")},
		{Currency: "USD", TotalMinor: -4_00, End: day("2026-03-01")}, // paid nothing: its last day counts
	}
	total := func() *store.BookTotal {
		t.Helper()
		got, err := settlementsInBook(t.Context(), s.Book, rows)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if total() != nil {
		t.Error("a total although no book currency was chosen")
	}
	two, four := mustUnit(t, "2"), mustUnit(t, "4")
	if err := s.Book.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SetBookCurrency("EUR"); err != nil {
			return err
		}
		_, err := tx.PutRates([]books.Quote{
			{Day: "2026-03-01", From: "EUR", To: "USD", Rate: two, Source: "ecb"}, {Day: "2026-03-02", From: "EUR", To: "USD", Rate: four, Source: "ecb"},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := total().Total; got != (books.Money{Minor: 10_00 + 7_50 - 2_00, Currency: "EUR"}) {
		t.Errorf("paid out %s", got)
	}
	if got, err := settlementsInBook(t.Context(), s.Book, rows[:1]); got != nil || err != nil {
		t.Errorf("of the book's own currency: %+v (%v)", got, err)
	}
}
