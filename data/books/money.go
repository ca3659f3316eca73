package books

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Money is an exact amount in the minor unit of its currency: cents for USD,
// whole yen for JPY. The zero value is no money in no currency.
type Money struct {
	Minor    int64  // minor units of Currency, signed
	Currency string // ISO 4217 code, upper case
}

// ErrCurrency reports arithmetic over two different currencies.
var ErrCurrency = errors.New("two currencies in one sum")

// ErrOverflow reports an amount beyond what 64 bits of minor units can hold.
var ErrOverflow = errors.New("amount too large")

// Digits returns how many decimal digits the currency's minor unit has:
// 0 for JPY, 3 for KWD, 2 for most.
func Digits(currency string) int {
	switch currency {
	case "JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// Add returns m + o. A Money without currency and amount is neutral.
func (m Money) Add(o Money) (Money, error) {
	if o == (Money{}) {
		return m, nil
	}
	if m == (Money{}) {
		return o, nil
	}
	if m.Currency != o.Currency {
		return Money{}, fmt.Errorf("%w: %s and %s", ErrCurrency, m.Currency, o.Currency)
	}
	s := m.Minor + o.Minor
	if (o.Minor > 0 && s < m.Minor) || (o.Minor < 0 && s > m.Minor) {
		return Money{}, ErrOverflow
	}
	return Money{s, m.Currency}, nil
}

// Neg returns the amount with the opposite sign.
func (m Money) Neg() Money { return Money{-m.Minor, m.Currency} }

// String gives the plain decimal form with a dot and the code: "-12.34 USD".
func (m Money) String() string {
	if m.Currency == "" {
		return m.Decimal()
	}
	return m.Decimal() + " " + m.Currency
}

// Decimal gives the plain decimal form without the code: "-12.34", "1780".
func (m Money) Decimal() string {
	d := Digits(m.Currency)
	neg, u := m.Minor < 0, uint64(m.Minor)
	if neg {
		u = -u
	}
	s := fmt.Sprintf("%0*d", d+1, u)
	if d > 0 {
		s = s[:len(s)-d] + "." + s[len(s)-d:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

// ParseDecimal reads a plain decimal number ("12.34", "-0.5", "1780.0",
// "1.5E2"): a dot, no grouping, as Amazon's JSON and most of its reports
// write it. Digits beyond the currency's minor unit must be zeros; anything
// else is an error, never a rounding.
func ParseDecimal(s, currency string) (Money, error) {
	minor, err := parseMinor(s, Digits(currency))
	if err != nil {
		return Money{}, fmt.Errorf("amount %q in %s: %w", s, currency, err)
	}
	return Money{minor, currency}, nil
}

func parseMinor(s string, digits int) (int64, error) {
	body, neg := strings.TrimSpace(s), false
	if r, ok := strings.CutPrefix(body, "-"); ok {
		body, neg = r, true
	} else {
		body = strings.TrimPrefix(body, "+")
	}
	mant, exp, err := splitExponent(body)
	if err != nil {
		return 0, err
	}
	whole, frac, _ := strings.Cut(mant, ".")
	if whole == "" && frac == "" {
		return 0, errors.New("not a number")
	}
	all := whole + frac
	point := len(whole) + exp + digits // where the minor units end in all
	var v uint64
	for i := 0; i < max(point, len(all)); i++ {
		var d byte
		if i < len(all) {
			d = all[i]
			if d < '0' || d > '9' {
				return 0, errors.New("not a number")
			}
			d -= '0'
		}
		if i >= point {
			if d != 0 {
				return 0, errors.New("more decimal places than the currency has")
			}
			continue
		}
		if v > (math.MaxInt64-uint64(d))/10 {
			return 0, ErrOverflow
		}
		v = v*10 + uint64(d)
	}
	if neg {
		return -int64(v), nil
	}
	return int64(v), nil
}

func splitExponent(s string) (string, int, error) {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s, 0, nil
	}
	var exp int
	var rest string
	if n, err := fmt.Sscanf(s[i+1:]+" ", "%d%s", &exp, &rest); n != 1 || err == nil || exp < -30 || exp > 18 {
		return "", 0, errors.New("not a number")
	}
	return s[:i], exp, nil
}
