package books_test

import (
	"testing"

	"countinghouse/data/books"
)

func unit(t testing.TB, s string) books.Decimal {
	t.Helper()
	d, err := books.ParseUnit(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCostsAt(t *testing.T) {
	costs := books.NewCosts([]books.Cost{
		{SKU: "A", Marketplace: "US", From: "2026-03-15", Unit: unit(t, "4"), Currency: "USD"},
		{SKU: "A", Marketplace: "US", From: "2026-01-01", Unit: unit(t, "3"), Currency: "USD"},
		{SKU: "A", From: "2026-06-01", Unit: unit(t, "9"), Currency: "USD"},
		{SKU: "A", From: "2025-01-01", Unit: unit(t, "2"), Currency: "USD"},
		{SKU: "A", From: "2026-01-01", Unit: unit(t, "2.5"), Currency: "CAD"},
	})
	for _, tt := range []struct{ market, currency, day, want string }{
		{"US", "USD", "2026-03-14", "3"},
		{"US", "USD", "2026-03-15", "4"},
		{"US", "USD", "2026-07-01", "4"}, // the marketplace's own before one for all
		{"US", "USD", "2025-06-01", "2"}, // before its own begin, the one for all
		{"US", "USD", "2024-06-01", ""},
		{"CA", "CAD", "2026-03-15", "2.5"},
		{"CA", "MXN", "2026-03-15", ""},
		{"US", "", "2026-03-15", "4"},
	} {
		c, ok := costs.At("A", tt.market, tt.currency, tt.day)
		got := ""
		if ok {
			got = c.Unit.String()
		}
		if got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	if _, ok := (*books.Costs)(nil).At("A", "US", "USD", "2026-01-01"); ok {
		t.Error("no list knows a cost")
	}
}
