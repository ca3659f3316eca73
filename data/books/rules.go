package books

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"countinghouse/resources"
)

// ErrRules reports a table of classification rules that cannot be read.
var ErrRules = errors.New("classification rules not usable")

// Rule says on which line an amount stands. Source, Type, Path and Note are
// patterns: * stands for any text, letter case does not matter, an empty Source
// or Note matches all, an empty Type matches only an empty type. The path is
// compared as "/name/name/", so "*/Commission/*" is the name Commission anywhere
// in it.
type Rule struct {
	Source Source
	Type   string
	Path   string
	Note   string
	Line   Line
	Refund Line // where it stands in a refund; empty: as Line
	Negate bool // Amazon writes it with the sign turned round
	Credit bool // only for amounts above zero

	exact bool // no patterns: see ExactRule
}

type typeRule struct {
	source, typ string
	event       EventType
}

// Class is what the rules make of a fact.
type Class struct {
	Line   Line
	Event  EventType
	Negate bool
	Known  bool // false: no rule knows the name, or one says that it is unclear
}

type nameKey struct {
	source    Source
	typ, path string
}

// hit is a cached look-up: the rules that match source, type and path, up to the
// first that asks for nothing else.
type hit struct {
	event EventType
	rules []*Rule
}

// Rules knows what Amazon's names mean. It is immutable but for a cache with a
// lock of its own: any goroutine may use it.
type Rules struct {
	rules []Rule // folded
	types []typeRule

	mu    sync.RWMutex
	cache map[nameKey]hit
}

// maxCached bounds the cache of names: Amazon uses some hundreds, a hostile file
// could bring millions.
const maxCached = 1 << 14

var standard = sync.OnceValues(func() (*Rules, error) {
	return ParseRules(strings.NewReader(resources.Classification), strings.NewReader(resources.ClassificationTypes))
})

// StandardRules returns the rules that come with the program. The error is
// ErrRules and means a damaged build.
func StandardRules() (*Rules, error) { return standard() }

func (r Rule) folded() Rule {
	if r.exact {
		return r.foldedExact()
	}
	r.Source = Source(fold(string(r.Source)))
	if r.Source == "" {
		r.Source = "*"
	}
	r.Type, r.Path, r.Note = fold(r.Type), foldPattern(r.Path), fold(r.Note)
	if r.Refund == "" {
		r.Refund = r.Line
	}
	return r
}

// With returns rules in which those of the user come first. A line that does
// not exist is an error that wraps ErrRules. Scope may give other answers after
// it: derive the books again.
func (r *Rules) With(user []Rule) (*Rules, error) {
	out := &Rules{types: r.types, cache: map[nameKey]hit{}}
	for _, u := range user {
		if !KnownLine(u.Line) || (u.Refund != "" && !KnownLine(u.Refund)) {
			return nil, fmt.Errorf("%w: no line %q", ErrRules, u.Line)
		}
		out.rules = append(out.rules, u.folded())
	}
	out.rules = append(out.rules, r.rules...)
	return out, nil
}

// Classify says on which line a fact stands and what kind of event it is of. A
// name that no rule knows is Unclassified, never dropped.
func (r *Rules) Classify(f Fact) Class { return r.classify(&f) }

func (r *Rules) classify(f *Fact) Class {
	h := r.lookup(nameKey{f.Source, f.Type, f.Path})
	c := Class{Line: Unclassified, Event: h.event}
	for _, rule := range h.rules {
		if !rule.matchesNote(f.Note) || rule.Credit && f.Amount.Minor <= 0 {
			continue
		}
		c.Line, c.Negate = rule.Line, rule.Negate
		if c.Event == Refund {
			c.Line = rule.Refund
		}
		break
	}
	c.Known = c.Line != Unclassified
	if f.Source == User && KnownLine(Line(f.Path)) {
		c.Line, c.Known = Line(f.Path), true // the user named the line himself
	}
	return c
}

func (r *Rules) lookup(k nameKey) hit {
	r.mu.RLock()
	h, ok := r.cache[k]
	r.mu.RUnlock()
	if ok {
		return h
	}
	h = r.search(k)
	r.mu.Lock()
	if len(r.cache) < maxCached {
		r.cache[k] = h
	}
	r.mu.Unlock()
	return h
}

func (r *Rules) search(k nameKey) hit {
	source, typ, path := fold(string(k.source)), fold(k.typ), foldPath(k.path)
	h := hit{event: Adjustment}
	for _, t := range r.types {
		if glob(t.source, source) && glob(t.typ, typ) {
			h.event = t.event
			break
		}
	}
	for i := range r.rules {
		rule := &r.rules[i]
		if rule.matches(source, typ, path) {
			h.rules = append(h.rules, rule)
			if rule.Note == "" && !rule.Credit {
				break
			}
		}
	}
	return h
}

// Scope returns the name of the set of facts that a fact has to be matched with:
// its order's, or, for money that belongs to no order or of which only some
// sources tell the order, all of its line and currency ("~USD~advertising").
// Build takes one such set whole.
func (r *Rules) Scope(f Fact) string {
	line := r.classify(&f).Line
	if f.Order != "" && !loose(line) {
		return f.Order
	}
	return "~" + f.Amount.Currency + "~" + string(line)
}

// loose lines are matched over all orders, by line, amount and date: what they
// are for is told with an order id by one source and without by another.
func loose(l Line) bool {
	switch l {
	case FeeSubscription, FeeCoupon, FBAInbound, FBAStorage, FBAAged, FBARemoval, FBAReturns,
		Reimbursement, Advertising, Postage, CashPayout, CashReserve, CashLoan:
		return true
	}
	return false
}
