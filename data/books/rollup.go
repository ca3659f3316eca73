package books

import (
	"cmp"
	"fmt"
	"slices"
)

// Rollup is the sum of a day's money lines of one SKU and line: what statements
// are made from, and what the store keeps up to date with every event.
type Rollup struct {
	Day         string // the marketplace's day, YYYY-MM-DD
	Connection  string
	Marketplace string
	Currency    string
	SKU         string
	Line        Line
	State       State
	Minor       int64 // minor units of Currency, seller's sign
	Quantity    int64 // units, on the lines that stand for goods
	Uncovered   int64 // on COGS: units without a known cost
}

type rollupKey struct {
	day, connection, marketplace, currency, sku string
	line                                        Line
	state                                       State
}

// RollUp adds events up, sorted by day and then by all other fields. Sums beyond
// 64 bits are ErrOverflow.
func RollUp(events []Event) ([]Rollup, error) {
	at := map[rollupKey]int{}
	var out []Rollup
	for _, ev := range events {
		for _, l := range ev.Lines {
			k := rollupKey{ev.Day, ev.Connection, ev.Marketplace, l.Amount.Currency, ev.SKU, l.Line, l.State}
			i, ok := at[k]
			if !ok {
				i = len(out)
				at[k] = i
				out = append(out, Rollup{
					Day: k.day, Connection: k.connection, Marketplace: k.marketplace, Currency: k.currency,
					SKU: k.sku, Line: k.line, State: k.state,
				})
			}
			r := &out[i]
			if err := sumInto(&r.Minor, l.Amount.Minor); err != nil {
				return nil, fmt.Errorf("roll up %s of %s: %w", k.line, k.day, err)
			}
			if err := sumInto(&r.Quantity, l.Quantity); err != nil {
				return nil, fmt.Errorf("roll up units of %s: %w", k.day, err)
			}
			if err := sumInto(&r.Uncovered, l.Uncovered); err != nil {
				return nil, fmt.Errorf("roll up units of %s: %w", k.day, err)
			}
		}
	}
	slices.SortFunc(out, func(a, b Rollup) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Connection, b.Connection),
			cmp.Compare(a.Marketplace, b.Marketplace), cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.SKU, b.SKU),
			cmp.Compare(linePlace[a.Line], linePlace[b.Line]), cmp.Compare(a.State, b.State))
	})
	return out, nil
}

func sumInto(to *int64, v int64) error {
	s, ok := add(*to, v)
	if !ok {
		return ErrOverflow
	}
	*to = s
	return nil
}
