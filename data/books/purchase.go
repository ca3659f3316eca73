package books

import (
	"fmt"
	"slices"
	"time"
)

// Purchase is a batch as the seller enters it. Amounts are minor units of
// Currency and stand for all units together.
type Purchase struct {
	ID           int64
	Code         string // the seller's name for it; empty: made of SKU and day
	Day          string // YYYY-MM-DD
	SKU          string
	Marketplaces []string // ids it was bought for; none: any
	Units        int64
	Currency     string
	Price        int64
	Freight      int64
	Duty         int64
	Prep         int64
	Other        int64
	Rate         Decimal // of the book's currency for one of Currency; 0: the published one of the day
	Supplier     string
	Invoice      string
	Note         string
}

// Landed is what the whole batch costs, delivered and ready to sell.
func (p Purchase) Landed() (Money, error) {
	var sum int64
	for _, v := range []int64{p.Price, p.Freight, p.Duty, p.Prep, p.Other} {
		if err := sumInto(&sum, v); err != nil {
			return Money{}, fmt.Errorf("landed cost of %s: %w", p.Code, err)
		}
	}
	return Money{sum, p.Currency}, nil
}

// Fix gives the exchange that fixes a purchase in the book's currency: the rate
// that was typed in, else that of the day. False: none is known.
func (p Purchase) Fix(currency string, rates *Rates) (Exchange, bool) {
	if currency == "" || currency == p.Currency {
		return Same(p.Currency, ""), true
	}
	if p.Rate.Sign() > 0 {
		return Exchange{From: p.Currency, To: currency, Over: p.Rate, Under: Decimal{coef: 1}, Day: p.Day, Source: SourceTyped}, true
	}
	return rates.At(p.Currency, currency, p.Day)
}

// Repeat says how often an expense comes.
type Repeat string

// The rhythms.
const (
	Once      Repeat = "once"
	Weekly    Repeat = "weekly"
	Monthly   Repeat = "monthly"
	Quarterly Repeat = "quarterly"
	Yearly    Repeat = "yearly"
)

// Repeats lists the rhythms.
func Repeats() []Repeat { return []Repeat{Once, Weekly, Monthly, Quarterly, Yearly} }

// Allocation says how an expense of the whole business is divided among
// products.
type Allocation string

// The ways to divide.
const (
	AllocateNone    Allocation = "none"
	AllocateRevenue Allocation = "revenue" // by product sales
	AllocateUnits   Allocation = "units"   // by units sold
)

// Allocations lists the ways to divide.
func Allocations() []Allocation { return []Allocation{AllocateNone, AllocateRevenue, AllocateUnits} }

// Outlay is an indirect expense as the seller enters it. Amount is that of each
// occurrence; it is spread over the days until the next one, or From to To when
// it comes once.
type Outlay struct {
	ID          int64
	Code        string
	Category    string
	Repeat      Repeat
	From, To    string // days, both included; To empty: recurring without an end, or one day
	Amount      Money  // above 0 for a cost
	Marketplace string // empty: the whole business
	SKU         string // empty: no product
	Allocation  Allocation
	Supplier    string
	Note        string
}

// DayAmount is the part of an expense that falls on a day.
type DayAmount struct {
	Day   string
	Minor int64
}

// Days spreads an expense per day, up to and including until. The parts of an
// occurrence sum to its amount; days after To are left out, and their part with
// them.
func (o Outlay) Days(until string) []DayAmount {
	start, err := time.Parse(time.DateOnly, o.From)
	if err != nil {
		return nil
	}
	last := until
	if o.To != "" {
		last = min(last, o.To)
	} else if o.Repeat == Once {
		last = min(last, o.From)
	}
	var out []DayAmount
	for n := 0; ; n++ {
		from, to := o.occurrence(start, n)
		day := from.Format(time.DateOnly)
		if day > last {
			return out
		}
		days := int64(to.Sub(from) / (24 * time.Hour))
		for i := int64(1); i <= days && day <= last; i++ {
			out = append(out, DayAmount{day, share(o.Amount.Minor, i, days) - share(o.Amount.Minor, i-1, days)})
			day = nextDay(day)
		}
		if o.Repeat == Once {
			return out
		}
	}
}

// occurrence gives the n-th span of an expense, to exclusive.
func (o Outlay) occurrence(start time.Time, n int) (from, to time.Time) {
	months := map[Repeat]int{Monthly: 1, Quarterly: 3, Yearly: 12}[o.Repeat]
	switch {
	case months > 0:
		return addMonths(start, n*months), addMonths(start, (n+1)*months)
	case o.Repeat == Weekly:
		return start.AddDate(0, 0, 7*n), start.AddDate(0, 0, 7*(n+1))
	}
	end, err := time.Parse(time.DateOnly, o.To)
	if err != nil || end.Before(start) {
		end = start
	}
	return start, end.AddDate(0, 0, 1)
}

// addMonths keeps to the end of shorter months: a month after 31 January is the
// last of February.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), last), 0, 0, 0, 0, time.UTC)
}

// KnownRepeat tells whether text names a rhythm.
func KnownRepeat(r Repeat) bool { return slices.Contains(Repeats(), r) }

// KnownAllocation tells whether text names a way to divide.
func KnownAllocation(a Allocation) bool { return slices.Contains(Allocations(), a) }
