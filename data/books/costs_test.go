package books_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestParseCosts(t *testing.T) {
	cost := func(sku, market, from, u, cur string) books.Cost {
		return books.Cost{SKU: sku, Marketplace: market, From: from, Unit: unit(t, u), Currency: cur}
	}
	tests := []struct {
		name, file string
		want       []books.Cost
		bad        []string
	}{
		{"plain", "sku,marketplace,valid_from,unit_cost,currency\nA,US,2026-01-01,3.335,USD\n", []books.Cost{cost("A", "US", "2026-01-01", "3.335", "USD")}, nil},
		{"byte order mark, other order, more columns, CRLF", "\ufeffCurrency,note,Unit_Cost,SKU,valid_from,marketplace\r\nusd,x,4,A,,US\r\n", []books.Cost{cost("A", "US", "", "4", "USD")}, nil},
		{"semicolons and decimal comma", "sku;marketplace;valid_from;unit_cost;currency\nA;DE;2026-01-01;3,50;EUR\n", []books.Cost{cost("A", "DE", "2026-01-01", "3.5", "EUR")}, nil},
		{"the later row replaces", "sku,marketplace,valid_from,unit_cost,currency\nA,US,2026-01-01,3,USD\nB,US,2026-01-01,5,USD\nA,US,2026-01-01,4,USD\n",
			[]books.Cost{cost("A", "US", "2026-01-01", "4", "USD"), cost("B", "US", "2026-01-01", "5", "USD")}, nil},
		{"blank lines and no last line end", "sku,marketplace,valid_from,unit_cost,currency\n\nA,US,2026-01-01,3,USD\n\n  \nB,US,2026-01-01,0,USD",
			[]books.Cost{cost("A", "US", "2026-01-01", "3", "USD"), cost("B", "US", "2026-01-01", "0", "USD")}, nil},
		{"mistakes by row", strings.Join([]string{
			"sku,marketplace,valid_from,unit_cost,currency",
			"A,US,01/02/2026,3,USD", "A,US,2026-02-30,3,USD", "A,US,2026-01-01,\"3,50\",USD", "A,US,2026-01-01,-1,USD",
			"A,Mars,2026-01-01,3,USD", ",US,2026-01-01,3,USD", "A,US,2026-01-01,3,Dollar", "A,US,2026-01-01", "A,US,2026-01-01,,USD",
			"A,US,2026-01-01,3,USD",
		}, "\n"), []books.Cost{cost("A", "US", "2026-01-01", "3", "USD")}, []string{
			`line 2: valid_from "01/02/2026" is not a day like 2026-03-01`,
			`line 3: valid_from "2026-02-30" is not a day like 2026-03-01`,
			`line 4: unit_cost "3,50" is not a plain number like 3.25`,
			`line 5: unit_cost "-1" is negative`,
			`line 6: marketplace "Mars" is not known`,
			`line 7: the sku is empty`,
			`line 8: currency "Dollar" is not a code like USD`,
			`line 9: column "unit_cost" is missing in this row`,
			`line 10: unit_cost "" is not a plain number like 3.25`,
		}},
	}
	known := func(name string) (string, bool) { return name, name != "Mars" }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, bad, err := books.ParseCosts(strings.NewReader(tt.file), known)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b books.Decimal) bool { return a == b })); d != "" {
				t.Error(d)
			}
			var text []string
			for _, b := range bad {
				text = append(text, b.Error())
			}
			if d := cmp.Diff(tt.bad, text); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseCostsRefusesOtherFiles(t *testing.T) {
	for name, file := range map[string]string{
		"empty":          "",
		"missing column": "sku,valid_from,unit_cost,currency\nA,2026-01-01,3,USD\n",
		"a page":         "<!DOCTYPE html><html><body>Sign in</body></html>",
		"binary":         "\x00\x01\x02\xff\xfe",
	} {
		if rows, _, err := books.ParseCosts(strings.NewReader(file), nil); !errors.Is(err, books.ErrCostFile) || rows != nil {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
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

func FuzzParseCosts(f *testing.F) {
	f.Add("sku,marketplace,valid_from,unit_cost,currency\nA,US,2026-01-01,3.335,USD\n")
	f.Add("sku;marketplace;valid_from;unit_cost;currency\nA;DE;2026-01-01;3,50;EUR\n\"")
	f.Add("\ufeffsku\tmarketplace\tvalid_from\tunit_cost\tcurrency\nA\t\t\t1e2\tEUR\n")
	f.Fuzz(func(t *testing.T, file string) {
		rows, _, err := books.ParseCosts(strings.NewReader(file), nil)
		if err != nil && rows != nil {
			t.Fatal("rows of a refused file")
		}
		var back strings.Builder
		back.WriteString("sku,marketplace,valid_from,unit_cost,currency\n")
		for _, c := range rows {
			if c.Unit.Sign() < 0 || c.SKU == "" || len(c.Currency) != 3 {
				t.Fatalf("a row that should not be: %+v", c)
			}
			fmt.Fprintf(&back, "%q,%q,%s,%s,%s\n", "x", "y", c.From, c.Unit, c.Currency)
		}
		if _, bad, err := books.ParseCosts(strings.NewReader(back.String()), nil); err != nil || len(bad) > 0 {
			t.Fatalf("what was read does not read again: %v %v", bad, err)
		}
	})
}
