package appsync

import (
	"slices"
	"time"
)

// windows are the reports to ask for: the newest first, that is what the user
// waits for.
func (r requested) windows(mark requestedMark, now, oldest time.Time, marketplaces []string) (list []askedReport) {
	if r.window == 0 {
		for _, m := range marketplaces {
			if !slices.ContainsFunc(mark.Open, func(a askedReport) bool { return a.Marketplace == m }) {
				list = append(list, askedReport{Marketplace: m})
			}
		}
		return list
	}
	again := r.again
	if again == 0 {
		again = requestedOverlap
	}
	asked := mark.Until
	for _, a := range mark.Open {
		if a.Fails == 0 {
			asked = notBefore(asked, a.To)
		}
	}
	from := asked.Add(-again)
	if asked.IsZero() {
		from = notBefore(now.Add(-r.oldest), oldest)
	}
	from = from.UTC().Truncate(24 * time.Hour)
	for to := now.UTC(); to.After(from); to = to.Add(-r.window) {
		list = append(list, askedReport{From: notBefore(to.Add(-r.window).Truncate(24*time.Hour).Add(-24*time.Hour), from), To: to})
	}
	return list
}

// renewed are the reports to ask for and those that are open. A period that Amazon
// failed to make is asked for within a new one that holds it, no sooner than it would
// have been: else each day that it fails would leave one more behind.
func (r requested) renewed(mark requestedMark, now, oldest time.Time, marketplaces []string) []askedReport {
	list := r.windows(mark, now, oldest, marketplaces)
	if r.window == 0 || len(list) == 0 {
		return append(list, mark.Open...)
	}
	first := list[len(list)-1].From
	var held failing
	var kept []askedReport
	for _, a := range mark.Open {
		if a.Fails == 0 || a.From.Before(first) {
			kept = append(kept, a)
		} else if a.Fails > held.Fails {
			held = a.failing
		}
	}
	for i := range list {
		list[i].failing = held
	}
	return append(list, kept...)
}

// pending tells that something of what was asked for last is not in, and that it is
// too soon to ask for more: that is finished before anything newer is asked for, and
// what is in is left alone.
func (r requested) pending(mark requestedMark, now time.Time) bool {
	if age := now.Sub(mark.Asked); age >= 0 && age < r.every {
		return len(mark.Open) > 0
	}
	return slices.ContainsFunc(mark.Open, func(a askedReport) bool { return !a.To.IsZero() && now.Sub(a.To) < r.every })
}
