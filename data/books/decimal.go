package books

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// maxScale is the most decimal places a Decimal has.
const maxScale = 9

// Decimal is an exact decimal number for unit costs and rates, with up to nine
// places: below a cent where Money cannot go. Equal numbers are equal values. The
// zero value is 0.
type Decimal struct {
	coef  int64
	scale uint8
}

// ErrDecimal reports text that is no plain decimal number of at most nine places.
var ErrDecimal = errors.New("not a plain decimal number")

// ParseUnit reads a plain decimal number ("3.335", "-2", "1.5E2") exactly; more
// than nine places, or a number too large, are an error that wraps ErrDecimal.
func ParseUnit(s string) (Decimal, error) {
	v, err := parseMinor(s, maxScale)
	if err != nil {
		return Decimal{}, fmt.Errorf("%w: %q: %w", ErrDecimal, s, err)
	}
	d := Decimal{v, maxScale}
	for d.scale > 0 && d.coef%10 == 0 {
		d.coef /= 10
		d.scale--
	}
	return d, nil
}

// Sign gives -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.coef < 0:
		return -1
	case d.coef > 0:
		return 1
	}
	return 0
}

// String gives the plain form that ParseUnit reads: "3.335".
func (d Decimal) String() string {
	neg, u := d.coef < 0, uint64(d.coef)
	if neg {
		u = -u
	}
	s := fmt.Sprintf("%0*d", int(d.scale)+1, u)
	if d.scale > 0 {
		s = s[:len(s)-int(d.scale)] + "." + s[len(s)-int(d.scale):]
	}
	if neg {
		return "-" + s
	}
	return s
}

// MarshalText gives String.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseUnit reads.
func (d *Decimal) UnmarshalText(b []byte) error {
	v, err := ParseUnit(strings.TrimSpace(string(b)))
	if err == nil {
		*d = v
	}
	return err
}

// Times gives units times the number as money, rounded once to the currency's
// minor unit, half away from zero. Too large a product is ErrOverflow.
func (d Decimal) Times(units int64, currency string) (Money, error) {
	neg := (d.coef < 0) != (units < 0)
	hi, lo := bits.Mul64(magnitude(d.coef), magnitude(units))
	digits, scale := Digits(currency), int(d.scale)
	for ; digits > scale; digits-- {
		var carry uint64
		carry, lo = bits.Mul64(lo, 10)
		over, top := bits.Mul64(hi, 10)
		if over != 0 {
			return Money{}, fmt.Errorf("%d times %s: %w", units, d, ErrOverflow)
		}
		var more uint64
		hi, more = bits.Add64(top, carry, 0)
		if more != 0 {
			return Money{}, fmt.Errorf("%d times %s: %w", units, d, ErrOverflow)
		}
	}
	div := uint64(1)
	for ; scale > digits; scale-- {
		div *= 10
	}
	if hi >= div {
		return Money{}, fmt.Errorf("%d times %s: %w", units, d, ErrOverflow)
	}
	quo, rem := bits.Div64(hi, lo, div)
	if rem >= div-rem && div > 1 {
		quo++
	}
	if quo > 1<<63-1 {
		return Money{}, fmt.Errorf("%d times %s: %w", units, d, ErrOverflow)
	}
	if neg {
		return Money{-int64(quo), currency}, nil
	}
	return Money{int64(quo), currency}, nil
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}
