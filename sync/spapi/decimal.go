package spapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Decimal is an amount as Amazon wrote it, in plain decimal text such as
// "-12.34" or "1780.0" (yen come with decimals too). Empty means that Amazon
// sent none. Amazon writes amounts as JSON strings in some interfaces and as
// numbers in others; both are taken digit by digit, never through a float.
type Decimal string

// UnmarshalJSON takes a string, a number or null.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if bytes.Equal(b, []byte("null")) {
		*d = ""
		return nil
	}
	text := string(b)
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &text); err != nil {
			return fmt.Errorf("read an amount: %w", err)
		}
		text = strings.TrimSpace(text)
	}
	plain, err := plainDecimal(text)
	if err != nil {
		return err
	}
	*d = Decimal(plain)
	return nil
}

const maxDigits = 40

// plainDecimal checks the form and writes an exponent out, which some JSON
// writers produce for round amounts (1E+2).
func plainDecimal(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	bad := fmt.Errorf("an amount is not a plain decimal number")
	mantissa, exp, hasExp := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exp, hasExp = s[:i], s[i+1:], true
	}
	sign := ""
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		sign, mantissa = strings.Trim(mantissa[:1], "+"), mantissa[1:]
	}
	whole, frac, dot := strings.Cut(mantissa, ".")
	if whole == "" || (dot && frac == "") || len(whole)+len(frac) > maxDigits || !digits(whole+frac) {
		return "", bad
	}
	if !hasExp {
		return sign + mantissa, nil
	}
	n, err := strconv.Atoi(exp)
	if err != nil || n > maxDigits || n < -maxDigits {
		return "", bad
	}
	return sign + shift(whole, frac, n), nil
}

// shift moves the decimal point of whole.frac by n places to the right.
func shift(whole, frac string, n int) string {
	all, point := whole+frac, len(whole)+n
	if point <= 0 {
		all, point = strings.Repeat("0", 1-point)+all, 1
	}
	if point > len(all) {
		all += strings.Repeat("0", point-len(all))
	}
	whole, frac = strings.TrimLeft(all[:point], "0"), all[point:]
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole
	}
	return whole + "." + frac
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Int is a whole number, written as 3, "3" or 3.0: what programs between Amazon and
// here make of one.
type Int int

// UnmarshalJSON takes a number or a text without a fraction; null is 0.
func (n *Int) UnmarshalJSON(b []byte) error {
	var d Decimal
	if err := d.UnmarshalJSON(b); err != nil {
		return errors.New("a number of things is not a whole number")
	}
	whole, frac, _ := strings.Cut(string(d), ".")
	if whole == "" {
		*n = 0
		return nil
	}
	v, err := strconv.Atoi(whole)
	if err != nil || strings.Trim(frac, "0") != "" {
		return errors.New("a number of things is not a whole number")
	}
	*n = Int(v)
	return nil
}

// Money is an amount with its currency as Amazon wrote both. It reads all the
// spellings in use: amount, currencyAmount, Amount, CurrencyAmount.
type Money struct {
	Amount       Decimal
	CurrencyCode string
}

// UnmarshalJSON takes any of the spellings; names match without regard to case.
func (m *Money) UnmarshalJSON(b []byte) error {
	var w struct {
		Amount         Decimal `json:"amount"`
		CurrencyAmount Decimal `json:"currencyAmount"`
		CurrencyCode   string  `json:"currencyCode"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("read money: %w", err)
	}
	if w.Amount == "" {
		w.Amount = w.CurrencyAmount
	}
	*m = Money{Amount: w.Amount, CurrencyCode: w.CurrencyCode}
	return nil
}

// Time is a moment in UTC; zero when Amazon sent none, an empty text or null.
type Time struct{ time.Time }

// Amazon's forms of a moment. One without zone is UTC, as the documentation of
// every interface used here says.
var timeForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02"}

// UnmarshalJSON takes ISO 8601 text, with or without fraction and zone.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read a time: %w", err)
	}
	if s == nil || strings.TrimSpace(*s) == "" {
		t.Time = time.Time{}
		return nil
	}
	for _, form := range timeForms {
		if v, err := time.Parse(form, strings.TrimSpace(*s)); err == nil {
			t.Time = v.UTC()
			return nil
		}
	}
	return fmt.Errorf("read a time: %q is not ISO 8601", plain(*s))
}
