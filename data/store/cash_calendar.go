package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// DueKind says what is due.
type DueKind string

// The kinds.
const (
	DuePayout  DueKind = "payout"  // Amazon announced it
	DueRelease DueKind = "release" // deferred money matures: from then on the next payout takes it
)

// Due is money that Amazon pays or lets go on a day.
type Due struct {
	Day        string // the marketplace's; "" when Amazon does not tell it
	Kind       DueKind
	Connection string
	Amount     books.Money
	Count      int // transactions in it
}

// PayoutCalendar lists what Amazon announces and what it will let go, by day; days
// that are not told come last.
func (b *Book) PayoutCalendar(ctx context.Context) ([]Due, error) {
	held, err := b.DeferredMoney(ctx)
	if err != nil {
		return nil, err
	}
	announced, err := b.AmazonPayouts(ctx, b.Now())
	if err != nil {
		return nil, err
	}
	var all []Due
	for _, p := range announced {
		if !p.Expected || p.Amount == nil {
			continue
		}
		d := Due{Kind: DuePayout, Connection: p.Connection, Amount: books.Money{Minor: *p.Amount, Currency: p.Currency}, Count: 1}
		if !p.At.IsZero() {
			d.Day = markets.Day(p.Marketplace, p.At)
		}
		all = append(all, d)
	}
	type key struct{ day, connection, currency string }
	at := map[key]int{}
	for _, h := range held {
		k := key{h.Matures, h.Connection, h.Amount.Currency}
		i, ok := at[k]
		if !ok {
			i = len(all)
			at[k] = i
			all = append(all, Due{Day: h.Matures, Kind: DueRelease, Connection: h.Connection, Amount: books.Money{Currency: h.Amount.Currency}})
		}
		if all[i].Amount, err = all[i].Amount.Add(h.Amount); err != nil {
			return nil, fmt.Errorf("add up what matures on %s: %w", h.Matures, err)
		}
		all[i].Count++
	}
	slices.SortStableFunc(all, func(x, y Due) int {
		return cmp.Or(cmp.Compare(cmp.Or(x.Day, "9999"), cmp.Or(y.Day, "9999")), cmp.Compare(x.Kind, y.Kind),
			cmp.Compare(x.Connection, y.Connection), cmp.Compare(x.Amount.Currency, y.Amount.Currency))
	})
	return all, nil
}
