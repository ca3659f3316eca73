package books_test

import (
	"errors"
	"math"
	"testing"

	"countinghouse/data/books"
)

func quote(day, from, to, rate, source string) books.Quote {
	d, err := books.ParseUnit(rate)
	if err != nil {
		panic(err)
	}
	return books.Quote{Day: day, From: from, To: to, Rate: d, Source: source}
}

func TestRatesOfADay(t *testing.T) {
	all := []books.Quote{
		quote("2026-03-06", "EUR", "USD", "1.0853", "ecb"), // a Friday
		quote("2026-03-06", "EUR", "JPY", "161.23", "ecb"),
		quote("2026-03-09", "EUR", "USD", "1.0900", "ecb"),
		quote("2026-03-09", "EUR", "USD", "1.1", books.SourceTyped),
		quote("2026-03-06", "EUR", "GBP", "0", "ecb"), // no rate
		quote("2026-03-06", "CHF", "SEK", "10", "ecb"), quote("2026-03-06", "SEK", "CHF", "0.2", "ecb"),
	}
	more := []books.Quote{
		quote("2026-03-06", "PLN", "EUR", "0.25", books.SourceTyped), // typed the other way round
		quote("2026-03-06", "EUR", "PLN", "4.3", "ecb"),
		quote("2026-03-03", "USD", "JPY", "140", books.SourceTyped), // of days before
		quote("2026-03-06", "EUR", "IDR", "17000", "ecb"),
	}
	rates := books.NewRates(append(all, more...))
	for name, c := range map[string]struct {
		from, to, day string
		minor         int64
		want          string // amount and the day of the rate
	}{
		"typed the other way goes before published": {"EUR", "PLN", "2026-03-06", 10000, "400.00 PLN 2026-03-06"},
		"through the euro, one of them reversed":    {"USD", "PLN", "2026-03-06", 10853, "400.00 PLN 2026-03-06"},
		"through the euro, the other reversed":      {"PLN", "USD", "2026-03-06", 40000, "108.53 USD 2026-03-06"},
		"an older direct rate does not go before":   {"USD", "JPY", "2026-03-07", 10853, "16123 JPY 2026-03-06"},
		"on its own day it does":                    {"USD", "JPY", "2026-03-03", 10000, "14000 JPY 2026-03-03"},
		"very small":                                {"IDR", "EUR", "2026-03-06", 1700000, "1.00 EUR 2026-03-06"},
		"the day itself":                            {"EUR", "USD", "2026-03-06", 10000, "108.53 USD 2026-03-06"},
		"a Sunday has Friday's":                     {"EUR", "USD", "2026-03-08", 10000, "108.53 USD 2026-03-06"},
		"typed goes before published":               {"EUR", "USD", "2026-03-09", 10000, "110.00 USD 2026-03-09"},
		"the other way":                             {"USD", "EUR", "2026-03-06", 10853, "100.00 EUR 2026-03-06"},
		"through the euro, exact":                   {"USD", "JPY", "2026-03-06", 10853, "16123 JPY 2026-03-06"},
		"yen to dollars":                            {"JPY", "USD", "2026-03-06", 16123, "108.53 USD 2026-03-06"},
		"half a cent away from zero":                {"EUR", "USD", "2026-03-09", -5, "-0.06 USD 2026-03-09"},
		"the same currency":                         {"GBP", "GBP", "1999-01-01", 7, "0.07 GBP 1999-01-01"},
		"a week later":                              {"EUR", "JPY", "2026-03-13", 100, "161 JPY 2026-03-06"},
		"more than a week later: none":              {"EUR", "JPY", "2026-03-14", 100, "none"},
		"before the first: none":                    {"EUR", "USD", "2026-03-05", 100, "none"},
		"never heard of: none":                      {"EUR", "QQQ", "2026-03-06", 100, "none"},
		"told both ways, the asked one":             {"CHF", "SEK", "2026-03-06", 100, "10.00 SEK 2026-03-06"},
		"a rate of 0 is none":                       {"EUR", "GBP", "2026-03-06", 100, "none"},
	} {
		x, ok := rates.At(c.from, c.to, c.day)
		got := "none"
		if ok {
			m, err := x.Convert(books.Money{Minor: c.minor, Currency: c.from})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got = m.String() + " " + x.Day
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	x, _ := rates.At("EUR", "USD", "2026-03-06")
	if _, err := x.Convert(books.Money{Minor: math.MaxInt64, Currency: "EUR"}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("too large: %v", err)
	}
	if _, err := x.Convert(books.Money{Minor: 1, Currency: "GBP"}); !errors.Is(err, books.ErrCurrency) {
		t.Errorf("another currency: %v", err)
	}
	if small, _ := rates.At("IDR", "EUR", "2026-03-06"); small.Text() != "0.00005882" || small.Source != "ecb" {
		t.Errorf("a small rate is shown as %s of %s", small.Text(), small.Source)
	}
	if mixed, _ := rates.At("USD", "PLN", "2026-03-06"); mixed.Source != books.SourceTyped {
		t.Errorf("half typed is of %s", mixed.Source)
	}
	if got := x.Text(); got != "1.0853" {
		t.Errorf("rate shown as %s", got)
	}
	if _, ok := (*books.Rates)(nil).At("EUR", "USD", "2026-03-06"); ok {
		t.Error("no list has a rate")
	}
}
