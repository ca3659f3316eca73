package desktop

import (
	"slices"
	"testing"

	"countinghouse/data/books"
)

// An account without money adds no page of its currencies; one that was read and
// had money in it is kept without rows, so that its gap is seen.
func TestProfitCurrenciesOfAnIdleAccount(t *testing.T) {
	rows := []books.Rollup{{Currency: "USD", Line: books.SalesProduct, Quantity: 3}}
	coverage := []books.Coverage{
		{Connection: "eu", Currencies: []string{"EUR"}, From: "2026-05-01", To: "2026-05-31"},
		{Connection: "fe", Currencies: []string{"JPY"}, From: "2026-05-01", To: "2026-05-31", Idle: true},
	}
	if got := profitCurrencies(rows, coverage, nil); !slices.Equal(got, []string{"USD", "EUR"}) {
		t.Errorf("pages of %v, want USD and EUR", got)
	}
}
