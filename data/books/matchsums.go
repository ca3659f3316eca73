package books

import (
	"slices"
	"time"
)

// sumRule says which sums may be matched.
type sumRule struct {
	wide  bool // of a group of lines of the statement, not of one line only
	near  bool // of events within a day only
	split bool // of an event with several such lines, unless a single line is nearer
}

// eventSum is what remains of an event's lines of one kind.
type eventSum struct {
	event int
	minor int64
	ok    bool
	apart time.Duration
	lines []*entry
}

// sums matches one coarse amount with the sum of an event's remaining lines: of
// the same line of the statement, or (wide) of the same group of lines, as one
// cell "selling fees" stands for commission and closing fee. The nearest event
// comes first. It returns the amounts that found none.
func (m *matcher) sums(left []*entry, rule sumRule) []*entry {
	return slices.DeleteFunc(left, func(c *entry) bool {
		var best *eventSum
		for _, s := range m.eventSums(c, rule.wide) {
			switch {
			case !s.ok || s.minor != c.amount:
			case rule.near && s.apart > 24*time.Hour:
			case best == nil, s.apart < best.apart, s.apart == best.apart && len(s.lines) > len(best.lines):
				best = &s
			}
		}
		if best == nil || rule.split && len(best.lines) < 2 {
			return false
		}
		m.link([]*entry{c}, best.lines)
		return true
	})
}

func (m *matcher) eventSums(c *entry, wide bool) []eventSum {
	var sums []eventSum
	from, to := m.near(c)
	for _, l := range m.lines[from:to] {
		if l.by[m.rank] || !sameKind(l, c, wide) || !m.b.compatible(l, c) {
			continue
		}
		i := slices.IndexFunc(sums, func(s eventSum) bool { return s.event == l.event })
		if i < 0 {
			i = len(sums)
			sums = append(sums, eventSum{event: l.event, ok: true, apart: apart(l, c)})
		}
		s := &sums[i]
		total, ok := add(s.minor, l.amount)
		s.minor, s.ok = total, s.ok && ok
		s.lines = append(s.lines, l)
	}
	return sums
}

func sameKind(l, c *entry, wide bool) bool {
	if wide {
		g := c.class.Line.group()
		return g.coarse() && l.class.Line.group() == g
	}
	return l.class.Line == c.class.Line
}

// coarse groups are those of which some source gives one amount for many lines.
func (g group) coarse() bool { return g == groupSelling || g == groupFBA }

// add returns a + b and whether it fits 64 bits.
func add(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

// pile is a set of amounts of one source that may equal a set of another.
type pile struct {
	key     pileKey
	minor   int64
	ok      bool // it adds up, and is of one account
	known   bool // a rule knows for sure what some of it is
	account string
	entries []*entry
}

type pileKey struct {
	conn, currency, sku string
	side                EventType
	line                Line
	group               group
	day                 int64
}

// vague is a cell that may be of any line: its rule only says of which it mostly is.
func vague(f *Fact) bool { return f.Source == DateRange && f.Path == "other" }

// grain says by what piles are made.
type grain struct{ line, group, day, sku bool }

var orderGrains = []grain{
	{line: true, day: true, sku: true},
	{group: true, day: true, sku: true},
	{line: true, sku: true},
	{group: true, sku: true},
	{line: true},
	{group: true},
	{sku: true}, // over all lines: only where one side has no known name
	{},
}

var looseGrains = []grain{{line: true, day: true, sku: true}, {line: true, day: true}}

// groups matches what is left as a whole: per order, SKU, type and line or group
// of lines, equal sums tell of the same money. Without an order only sums of
// days near each other may meet.
func (m *matcher) groups(left []*entry) []*entry {
	grains, days := orderGrains, int64(0)
	if m.b.loose {
		grains, days = looseGrains, int64(m.b.cx.Window/(24*time.Hour))
	}
	for _, g := range grains {
		fine := piles(m.openLines(), g, m.b.loose)
		at := make(map[pileKey]*pile, len(fine))
		for _, p := range fine {
			at[p.key] = p
		}
		for _, p := range piles(left, g, m.b.loose) {
			for d := int64(0); d <= 2*days; d++ { // 0, +1, -1, +2, -2 ...
				k := p.key
				if g.day {
					k.day += (d + 1) / 2 * (1 - 2*((d+1)%2))
				}
				f := at[k]
				if f == nil || !equalPiles(f, p, g) {
					continue
				}
				m.link(p.entries, f.entries)
				delete(at, k)
				left = slices.DeleteFunc(left, func(e *entry) bool { return slices.Contains(p.entries, e) })
				break
			}
		}
	}
	return left
}

func (m *matcher) openLines() []*entry {
	var open []*entry
	for _, l := range m.lines {
		if !l.by[m.rank] {
			open = append(open, l)
		}
	}
	return open
}

func equalPiles(a, b *pile, g grain) bool {
	switch {
	case !a.ok || !b.ok || a.minor != b.minor:
		return false
	case a.account != "" && b.account != "" && a.account != b.account:
		return false
	case g.group && !a.key.group.coarse():
		return false
	case !g.line && !g.group && (a.minor == 0 || (a.known && b.known)):
		return false
	}
	return meet(a, b, func(f *Fact) string { return f.SKU }) && meet(a, b, func(f *Fact) string { return f.Order })
}

// meet tells whether two piles can be of the same SKUs, or orders: where all of
// both say, they must say the same.
func meet(a, b *pile, name func(*Fact) string) bool {
	x, all := a.names(name)
	y, too := b.names(name)
	return !all || !too || slices.Equal(x, y)
}

func (p *pile) names(name func(*Fact) string) (names []string, all bool) {
	for _, e := range p.entries {
		n := name(e.f)
		if n == "" {
			return nil, false
		}
		names = append(names, n)
	}
	slices.Sort(names)
	return slices.Compact(names), true
}

func piles(from []*entry, g grain, loose bool) []*pile {
	var out []*pile
	at := map[pileKey]*pile{}
	for _, e := range from {
		k := pileKey{conn: e.f.Connection, currency: e.f.Amount.Currency}
		if !loose {
			k.side = side(e.class.Event)
		}
		if g.line {
			k.line = e.class.Line
		}
		if g.group {
			k.group = e.class.Line.group()
		}
		if g.sku {
			k.sku = e.f.SKU
		}
		if g.day {
			k.day = e.f.Posted.Unix() / (24 * 60 * 60)
		}
		p := at[k]
		if p == nil {
			p = &pile{key: k, ok: true}
			at[k] = p
			out = append(out, p)
		}
		total, ok := add(p.minor, e.amount)
		p.minor, p.ok = total, p.ok && ok
		if e.f.Account != "" {
			p.ok = p.ok && (p.account == "" || p.account == e.f.Account)
			p.account = e.f.Account
		}
		p.known = p.known || e.class.Known && !vague(e.f)
		p.entries = append(p.entries, e)
	}
	return out
}
