package desktop

import (
	"context"
	"slices"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// overviewOrdered tells of which times all orders of some marketplaces are in the
// book. What was never fetched is not known to be nothing.
type overviewOrdered struct {
	accounts map[string]bool // whose lists of orders have to be there
	every    bool            // those of all accounts, else of any
	known    []store.Coverage
}

// overviewOrderedIn reads which orders of the marketplaces are there.
func overviewOrderedIn(ctx context.Context, book *store.Book, of []string) (o overviewOrdered, err error) {
	connections, err := book.Connections(ctx)
	if err != nil {
		return o, err
	}
	coverage, err := book.Coverage(ctx)
	return overviewOrderedBy(connections, coverage, of), err
}

// overviewOrderedBy chooses the accounts of the marketplaces' regions: those that
// are signed in to Amazon, and only where there is none those that are fed by files.
func overviewOrderedBy(connections []store.Connection, coverage []store.Coverage, of []string) overviewOrdered {
	here := func(c store.Connection) bool {
		return len(of) == 0 || slices.ContainsFunc(of, func(id string) bool {
			m, ok := markets.ByID(id)
			return ok && m.Region == c.Region
		})
	}
	o := overviewOrdered{accounts: map[string]bool{}, every: true}
	for _, c := range connections {
		if here(c) && c.Kind == store.KindAPI && c.StateReason != session.Disconnected {
			o.accounts[c.ID] = true
		}
	}
	if len(o.accounts) == 0 {
		o.every = false
		for _, c := range connections {
			if here(c) {
				o.accounts[c.ID] = true
			}
		}
	}
	for _, c := range coverage {
		if c.Source == "orders" && o.accounts[c.Connection] {
			o.known = append(o.known, c)
		}
	}
	return o
}

// whole tells that the orders from one moment to another are there.
func (o overviewOrdered) whole(from, to time.Time) bool {
	has := map[string]bool{}
	for _, c := range o.known {
		if !c.From.After(from) && !c.To.Before(to) {
			has[c.Connection] = true
		}
	}
	return len(has) > 0 && (!o.every || len(has) == len(o.accounts))
}

// begun tells that orders since a midnight are there, until whenever they were
// fetched last.
func (o overviewOrdered) begun(midnight time.Time) bool { return o.whole(midnight, midnight.Add(1)) }

// shown tells that a day has a figure: all of its orders are there, or it is today and
// some of them are. Of an account that is signed in to Amazon, some orders of a day that
// is over are a part of it; files do not tell how far they go.
func (o overviewOrdered) shown(day, next, now time.Time, some bool) bool {
	if next.After(now) {
		return some || o.begun(day)
	}
	return o.whole(day, next) || some && !o.every
}
