package books_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"countinghouse/data/books"
)

func TestParseDecimal(t *testing.T) {
	tests := []struct {
		in, currency string
		minor        int64
		bad          bool
	}{
		{in: "12.34", currency: "USD", minor: 1234},
		{in: "-0.5", currency: "EUR", minor: -50},
		{in: "1780.0", currency: "JPY", minor: 1780},
		{in: "1.5E2", currency: "USD", minor: 15000},
		{in: "1.5e-1", currency: "USD", minor: 15},
		{in: "+7", currency: "KWD", minor: 7000},
		{in: ".05", currency: "USD", minor: 5},
		{in: "92233720368547758.07", currency: "USD", minor: math.MaxInt64},
		{in: "1780.5", currency: "JPY", bad: true},
		{in: "1.234", currency: "USD", bad: true},
		{in: "92233720368547758.08", currency: "USD", bad: true},
		{in: "1,234.00", currency: "USD", bad: true},
		{in: "", currency: "USD", bad: true},
		{in: "-", currency: "USD", bad: true},
		{in: ".", currency: "USD", bad: true},
		{in: "1e99999", currency: "USD", bad: true},
		{in: "1e", currency: "USD", bad: true},
		{in: "0x10", currency: "USD", bad: true},
		{in: "NaN", currency: "USD", bad: true},
		{in: "--1", currency: "USD", bad: true},
	}
	for _, tt := range tests {
		m, err := books.ParseDecimal(tt.in, tt.currency)
		if (err != nil) != tt.bad || (!tt.bad && m != (books.Money{Minor: tt.minor, Currency: tt.currency})) {
			t.Errorf("%q %s: %v, %v", tt.in, tt.currency, m, err)
		}
	}
}

func TestMoneyNeverWrapsOrMixes(t *testing.T) {
	most := books.Money{Minor: math.MaxInt64, Currency: "USD"}
	if _, err := most.Add(books.Money{Minor: 1, Currency: "USD"}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("most + 1: %v", err)
	}
	if _, err := most.Neg().Add(books.Money{Minor: -2, Currency: "USD"}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("-most - 2: %v", err)
	}
	if _, err := most.Add(books.Money{Minor: 1, Currency: "EUR"}); !errors.Is(err, books.ErrCurrency) {
		t.Errorf("USD + EUR: %v", err)
	}
}

func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := books.Money{
			Minor:    rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"USD", "JPY", "KWD", "EUR"}).Draw(t, "currency"),
		}
		back, err := books.ParseDecimal(m.Decimal(), m.Currency)
		if err != nil || back != m {
			t.Fatalf("%+v reads back as %+v: %v", m, back, err)
		}
	})
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coef := rapid.Int64Range(-math.MaxInt64/4, math.MaxInt64/4).Draw(t, "coef")
		places := rapid.IntRange(0, 9).Draw(t, "places")
		text := new(big.Rat).SetFrac(big.NewInt(coef), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)).FloatString(places)
		d, err := books.ParseUnit(text)
		if err != nil {
			if places < 9 { // the number may not fit nine places
				return
			}
			t.Fatalf("%s: %v", text, err)
		}
		back, err := books.ParseUnit(d.String())
		if err != nil || back != d {
			t.Fatalf("%s: %v reads back as %v: %v", text, d, back, err)
		}
		js, err := json.Marshal(d)
		var again books.Decimal
		if err != nil || json.Unmarshal(js, &again) != nil || again != d {
			t.Fatalf("%s does not survive JSON: %s %v", text, js, err)
		}
	})
}

// TestDecimalTimes compares with exact rational arithmetic.
func TestDecimalTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,9})?`).Draw(t, "unit")
		units := rapid.Int64Range(-1_000_000_000_000, 1_000_000_000_000).Draw(t, "units")
		currency := rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency")
		d, err := books.ParseUnit(text)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := new(big.Rat).SetString(text)
		r.Mul(r, new(big.Rat).SetInt64(units))
		for range books.Digits(currency) {
			r.Mul(r, big.NewRat(10, 1))
		}
		half := big.NewRat(int64(r.Sign()), 2)
		r.Add(r, half)
		want := new(big.Int).Quo(r.Num(), r.Denom()) // cuts towards zero: half away from zero
		got, err := d.Times(units, currency)
		if !want.IsInt64() {
			if !errors.Is(err, books.ErrOverflow) {
				t.Fatalf("%s x %d = %s should overflow: %v %v", text, units, want, got, err)
			}
			return
		}
		if err != nil || got != (books.Money{Minor: want.Int64(), Currency: currency}) {
			t.Fatalf("%s x %d = %v %v, want %s", text, units, got, err, want)
		}
	})
}

func TestParseUnitRefuses(t *testing.T) {
	for _, s := range []string{"", "1,5", "1.0000000001", "abc", "1e30", "9999999999999", "- 1", "1 2"} {
		if d, err := books.ParseUnit(s); !errors.Is(err, books.ErrDecimal) {
			t.Errorf("%q: %v, %v", s, d, err)
		}
	}
}
