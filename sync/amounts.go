package appsync

import (
	"fmt"
	"time"

	"countinghouse/data/books"
	"countinghouse/sync/spapi"
)

// money converts an amount of Amazon's exactly.
func money(m *spapi.Money) (books.Money, error) {
	if m == nil || m.Amount == "" {
		return books.Money{}, fmt.Errorf("an amount is missing")
	}
	if len(m.CurrencyCode) != 3 {
		return books.Money{}, fmt.Errorf("%q is no currency code", m.CurrencyCode)
	}
	return books.ParseDecimal(string(m.Amount), m.CurrencyCode)
}

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

func optCount(n *int) *int64 {
	if n == nil {
		return nil
	}
	v := int64(*n)
	return &v
}

func count(n *int) int64 {
	if n == nil {
		return 0
	}
	return int64(*n)
}

// settled is the newest instant that Amazon answers completely for.
func settled(now time.Time) time.Time {
	return now.Add(-spapi.SettleTime - time.Second).UTC().Truncate(time.Second)
}
