package appsync

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/sync/spapi"
)

// money converts an amount of Amazon's exactly.
func money(m *spapi.Money) (books.Money, error) {
	if m == nil || m.Amount == "" {
		return books.Money{}, fmt.Errorf("an amount is missing")
	}
	currency, err := currencyOf(m)
	if err != nil {
		return books.Money{}, err
	}
	return books.ParseDecimal(string(m.Amount), currency)
}

// currencyOf gives the code in capitals: another spelling would be another
// currency, with other digits.
func currencyOf(m *spapi.Money) (string, error) {
	code := strings.ToUpper(m.CurrencyCode)
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", fmt.Errorf("%q is no currency code", m.CurrencyCode)
	}
	return code, nil
}

// inTime tells whether something can have happened then: Amazon was founded in
// 1994, and a slip of the year would be a day of every period to come.
func inTime(t time.Time) bool { return t.Year() >= 1995 && t.Year() < 2200 }

// optMinor converts an amount that may be missing: nil is unknown, not zero.
func optMinor(m *spapi.Money) (*int64, error) {
	if m == nil || m.Amount == "" {
		return nil, nil
	}
	v, err := money(m)
	if err != nil {
		return nil, err
	}
	return &v.Minor, nil
}

// optMoney converts an amount that may be missing, with its currency.
func optMoney(m *spapi.Money) (minor *int64, currency string, err error) {
	if m == nil || m.Amount == "" {
		return nil, "", nil
	}
	v, err := money(m)
	if err != nil {
		return nil, "", err
	}
	return &v.Minor, v.Currency, nil
}

// nearMinor converts an amount of Amazon's analysis, where averages and sums of
// floating-point numbers have more digits than the currency: to the nearest
// minor unit, half away from zero. Nothing that is booked comes through here.
func nearMinor(m *spapi.Money) (minor *int64, currency string, err error) {
	if m == nil || m.Amount == "" {
		return nil, "", nil
	}
	currency, err = currencyOf(m)
	if err != nil {
		return nil, "", err
	}
	v, err := nearest(string(m.Amount), books.Digits(currency))
	return &v, currency, err
}

// nearest gives a decimal times ten to the digits, half away from zero.
func nearest(decimal string, digits int) (int64, error) {
	sign, whole := "", decimal
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	whole, frac, _ := strings.Cut(whole, ".")
	for len(frac) <= digits {
		frac += "0"
	}
	v, err := strconv.ParseInt(whole+frac[:digits], 10, 64)
	if err != nil || whole == "" || v == math.MaxInt64 {
		return 0, fmt.Errorf("%.40q is no amount", decimal)
	}
	if frac[digits] >= '5' {
		v++
	}
	if sign != "" {
		v = -v
	}
	return v, nil
}

func optCount(n *spapi.Int) *int64 {
	if n == nil {
		return nil
	}
	v := int64(*n)
	return &v
}

func count(n *spapi.Int) int64 {
	if n == nil {
		return 0
	}
	return int64(*n)
}

// settled is the newest instant that Amazon answers completely for.
func settled(now time.Time) time.Time {
	return now.Add(-spapi.SettleTime - time.Second).UTC().Truncate(time.Second)
}
