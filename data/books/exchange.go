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
	if x.Over.Sign() <= 0 || x.Under.Sign() <= 0 {
		return Money{}, fmt.Errorf("%w from %s to %s", ErrNoRate, x.From, x.To)
	}
	v := new(big.Rat).SetInt64(m.Minor)
	v.Mul(v, x.Over.rat())
	v.Quo(v, x.Under.rat())
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

// Text gives the rate as a number with at most six places, for people.
func (x Exchange) Text() string {
	if x.Under.Sign() <= 0 {
		return ""
	}
	text := new(big.Rat).Quo(x.Over.rat(), x.Under.rat()).FloatString(6)
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
// week before. A direct rate goes before its reverse, and both before one that
// goes through the euro. False: none is known.
func (r *Rates) At(from, to, day string) (Exchange, bool) {
	if from == to {
		return Same(from, day), true
	}
	if r == nil {
		return Exchange{}, false
	}
	if x, ok := r.direct(from, to, day); ok {
		return x, true
	}
	const hub = "EUR"
	a, okA := r.direct(hub, from, day)
	b, okB := r.direct(hub, to, day)
	if !okA || !okB {
		return Exchange{}, false
	}
	return Exchange{From: from, To: to, Over: b.Over, Under: a.Over, Day: min(a.Day, b.Day), Source: a.Source}, true
}

func (r *Rates) direct(from, to, day string) (Exchange, bool) {
	one := Decimal{coef: 1}
	q, ok := last(r.quotes[[2]string{from, to}], day)
	p, back := last(r.quotes[[2]string{to, from}], day)
	switch {
	case ok && (!back || q.Day >= p.Day):
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
