package books

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"
)

// Exchange turns one currency into another: amount times Over, divided by Under.
// A rate that goes through a third currency is so kept exact.
type Exchange struct {
	From, To    string // ISO codes
	Over, Under Decimal
	Day         string // YYYY-MM-DD: the day the rate was published for, at or before the day asked for
	Source      string // who told it: "ecb", "typed"

	over, under Decimal // of the second of two rates, not set for one
}

// ErrNoRate reports that no exchange rate is known.
var ErrNoRate = errors.New("no exchange rate is known")

// Same is the exchange of a currency into itself.
func Same(currency, day string) Exchange {
	one := Decimal{coef: 1}
	return Exchange{From: currency, To: currency, Over: one, Under: one, Day: day}
}

func (d Decimal) rat() *big.Rat {
	den := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.scale)), nil)
	return new(big.Rat).SetFrac(big.NewInt(d.coef), den)
}

// Convert turns money of x.From into money of x.To, rounded once to the minor
// unit, half away from zero. Money of another currency is ErrCurrency, a result
// beyond 64 bits ErrOverflow.
func (x Exchange) Convert(m Money) (Money, error) {
	if m.Currency != x.From {
		return Money{}, fmt.Errorf("%w: %s and %s", ErrCurrency, m.Currency, x.From)
	}
	if x.From == x.To {
		return m, nil
	}
	rate, ok := x.rat()
	if !ok {
		return Money{}, fmt.Errorf("%w from %s to %s", ErrNoRate, x.From, x.To)
	}
	v := new(big.Rat).SetInt64(m.Minor)
	v.Mul(v, rate)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(Digits(x.To)-Digits(x.From), Digits(x.From)-Digits(x.To)))), nil)
	if Digits(x.To) >= Digits(x.From) {
		v.Mul(v, new(big.Rat).SetInt(scale))
	} else {
		v.Quo(v, new(big.Rat).SetInt(scale))
	}
	n := roundRat(v)
	if !n.IsInt64() {
		return Money{}, fmt.Errorf("convert %s: %w", m, ErrOverflow)
	}
	return Money{n.Int64(), x.To}, nil
}

// roundRat rounds half away from zero.
func roundRat(v *big.Rat) *big.Int {
	num, den := new(big.Int).Abs(v.Num()), v.Denom()
	quo, rem := new(big.Int).QuoRem(num, den, new(big.Int))
	if rem.Lsh(rem, 1).Cmp(den) >= 0 {
		quo.Add(quo, big.NewInt(1))
	}
	if v.Sign() < 0 {
		quo.Neg(quo)
	}
	return quo
}

// rat is the exact rate; false when there is none.
func (x Exchange) rat() (*big.Rat, bool) {
	if x.Over.Sign() <= 0 || x.Under.Sign() <= 0 {
		return nil, false
	}
	rate := new(big.Rat).Quo(x.Over.rat(), x.Under.rat())
	if x.over.Sign() > 0 && x.under.Sign() > 0 {
		rate.Mul(rate, new(big.Rat).Quo(x.over.rat(), x.under.rat()))
	}
	return rate, true
}

// Text gives the rate as a number for people, with six places, or more where it
// is so small that fewer than four digits of it would be left.
func (x Exchange) Text() string {
	rate, ok := x.rat()
	if !ok {
		return ""
	}
	places := 6
	for small := big.NewRat(1, 1000); places < maxScale+3 && rate.Cmp(small) < 0; places++ {
		small.Quo(small, big.NewRat(10, 1))
	}
	text := rate.FloatString(places)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// Quote is one published rate: a unit of From is Rate units of To.
type Quote struct {
	Day      string
	From, To string
	Rate     Decimal
	Source   string // "ecb" or "typed"
}

// SourceTyped is the source of rates that the seller typed in; they go before
// published ones.
const SourceTyped = "typed"

// Rates answers for exchange rates. It is immutable; any goroutine may use it.
type Rates struct {
	quotes map[[2]string][]Quote // by day; of one day the typed one
}

// NewRates makes a list of rates.
func NewRates(quotes []Quote) *Rates {
	r := &Rates{quotes: map[[2]string][]Quote{}}
	for _, q := range quotes {
		if q.Rate.Sign() <= 0 || q.From == q.To {
			continue
		}
		k := [2]string{q.From, q.To}
		r.quotes[k] = append(r.quotes[k], q)
	}
	for k, list := range r.quotes {
		slices.SortStableFunc(list, func(a, b Quote) int {
			if c := strings.Compare(a.Day, b.Day); c != 0 {
				return c
			}
			return typedFirst(a) - typedFirst(b)
		})
		r.quotes[k] = slices.CompactFunc(list, func(a, b Quote) bool { return a.Day == b.Day })
	}
	return r
}

func typedFirst(q Quote) int {
	if q.Source == SourceTyped {
		return 0
	}
	return 1
}

// staleDays is how long a published rate holds: weekends and bank holidays, no
// more. Beyond it the rate of that day is not known.
const staleDays = 7

// At gives the rate of a day: the last one published by then, not more than a
// week before. Of one day, a typed rate goes before a published one, a direct rate
// before its reverse, and both before one that goes through the euro. False: none is
// known.
func (r *Rates) At(from, to, day string) (Exchange, bool) {
	if from == to {
		return Same(from, day), true
	}
	if r == nil {
		return Exchange{}, false
	}
	const hub = "EUR"
	x, ok := r.direct(from, to, day)
	if from == hub || to == hub {
		return x, ok
	}
	a, okA := r.direct(hub, from, day)
	b, okB := r.direct(hub, to, day)
	through := min(a.Day, b.Day)
	if !okA || !okB || ok && x.Day >= through {
		return x, ok
	}
	source := a.Source
	if b.Source == SourceTyped {
		source = b.Source
	}
	return Exchange{From: from, To: to, Over: b.Over, Under: b.Under, over: a.Under, under: a.Over, Day: through, Source: source}, true
}

func (r *Rates) direct(from, to, day string) (Exchange, bool) {
	one := Decimal{coef: 1}
	q, ok := last(r.quotes[[2]string{from, to}], day)
	p, back := last(r.quotes[[2]string{to, from}], day)
	if ok && back && (p.Day > q.Day || p.Day == q.Day && typedFirst(p) < typedFirst(q)) {
		ok = false // the reverse is newer, or typed
	}
	switch {
	case ok:
		return Exchange{From: from, To: to, Over: q.Rate, Under: one, Day: q.Day, Source: q.Source}, true
	case back:
		return Exchange{From: from, To: to, Over: one, Under: p.Rate, Day: p.Day, Source: p.Source}, true
	}
	return Exchange{}, false
}

func last(list []Quote, day string) (Quote, bool) {
	i := sort.Search(len(list), func(i int) bool { return list[i].Day > day })
	if i == 0 || addDays(list[i-1].Day, staleDays) < day {
		return Quote{}, false
	}
	return list[i-1], true
}
