package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"countinghouse/data/books"
)

const (
	settingFetchRates = "rates.fetch" // "on", or empty: nothing is fetched
	settingRatesAsked = "rates.asked" // unix milliseconds UTC of the last request
)

// FetchesRates tells whether the seller switched on that the European Central
// Bank's rates are fetched. It is off until he does.
func (b *Book) FetchesRates(ctx context.Context) (bool, error) {
	v, err := b.Setting(ctx, settingFetchRates)
	return v == "on", err
}

// SetFetchRates switches fetching on or off.
func (t *Tx) SetFetchRates(on bool) error {
	if on {
		return t.SetSetting(settingFetchRates, "on")
	}
	return t.SetSetting(settingFetchRates, "")
}

// SetRatesAsked notes when the bank was asked.
func (t *Tx) SetRatesAsked(at time.Time) error {
	return t.SetSetting(settingRatesAsked, strconv.FormatInt(millis(at), 10))
}

// RatesAsked is when the bank was asked last, zero when never.
func (b *Book) RatesAsked(ctx context.Context) (time.Time, error) {
	text, err := b.Setting(ctx, settingRatesAsked)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when rates were asked for: %w", err)
	}
	return fromMillis(n), nil
}

// DatedMoney is an amount with the day whose rate it is converted at.
type DatedMoney struct {
	Day    string // YYYY-MM-DD
	Amount books.Money
}

// BookTotal is a sum of several currencies in the book's currency.
type BookTotal struct {
	Total books.Money
	// Rates are those used, the newest of each currency and source, for showing
	// them beside the figure.
	Rates []books.Exchange
	// Missing are the amounts for whose day there is no rate; then Total is not
	// known, for part of a sum is none.
	Missing []DatedMoney
}

// Known reports whether everything could be converted.
func (t BookTotal) Known() bool { return len(t.Missing) == 0 }

// InBookCurrency converts each amount at the rate of its day and adds them up. It
// is ErrNotFound where no book currency was chosen.
func (b *Book) InBookCurrency(ctx context.Context, amounts []DatedMoney) (BookTotal, error) {
	code, err := b.BookCurrency(ctx)
	if err != nil {
		return BookTotal{}, err
	}
	if code == "" {
		return BookTotal{}, fmt.Errorf("the book's currency: %w", ErrNotFound)
	}
	t := BookTotal{Total: books.Money{Currency: code}}
	codes := []string{code}
	for _, a := range amounts {
		codes = append(codes, a.Amount.Currency)
	}
	rates, err := b.Rates(ctx, codes...)
	if err != nil {
		return t, err
	}
	last := map[[2]string]books.Exchange{}
	for _, a := range amounts {
		if a.Amount.Minor == 0 {
			continue
		}
		x, ok := rates.At(a.Amount.Currency, code, a.Day)
		if !ok {
			t.Missing = append(t.Missing, a)
			continue
		}
		m, err := x.Convert(a.Amount)
		if err != nil {
			return t, err
		}
		if t.Total, err = t.Total.Add(m); err != nil {
			return t, err
		}
		key := [2]string{a.Amount.Currency, x.Source}
		if had, seen := last[key]; a.Amount.Currency != code && (!seen || x.Day > had.Day) {
			if !seen {
				t.Rates = append(t.Rates, x)
			}
			last[key] = x
		}
	}
	for i, x := range t.Rates {
		t.Rates[i] = last[[2]string{x.From, x.Source}]
	}
	return t, nil
}
