package books

import (
	"slices"
	"sort"
	"time"
)

// matcher links the facts of one coarse source with the counted lines.
type matcher struct {
	b      *builder
	rank   int
	coarse []*entry
	lines  []*entry // counted, not yet matched with this source, by date
	cands  [][]int32
	owner  []int32 // line -> coarse that took it in run's first step, or -1
	taken  []int32 // coarse -> line, or -1
}

// run matches, links, and returns the coarse facts that found nothing.
func (m *matcher) run() []*entry {
	m.lines = make([]*entry, 0, len(m.b.lines))
	for _, l := range m.b.lines {
		if l.f.Source != User {
			m.lines = append(m.lines, l)
		}
	}
	slices.SortStableFunc(m.lines, func(a, b *entry) int { return a.f.Posted.Compare(b.f.Posted) })
	if m.b.loose {
		// Money of no order is told by line, amount and day alone. A row that is
		// the whole of an event of its own day must not take a part of another
		// day's (a charge without its tax) that happens to be as large: the row
		// of that day would find nothing and count again.
		m.coarse = m.sums(slices.Clone(m.coarse), sumRule{split: true, near: true})
	}
	m.amounts()
	left := m.unmatched()
	for _, wide := range []bool{false, true} {
		if len(left) > 0 {
			left = m.sums(left, sumRule{wide: wide})
		}
	}
	if len(left) > 0 {
		left = m.groups(left)
	}
	return m.zeros(left)
}

// amounts matches one coarse amount with one line of the same amount: nearest
// first, and never fewer pairs than there can be.
func (m *matcher) amounts() {
	m.cands = make([][]int32, len(m.coarse))
	m.owner = fill(len(m.lines))
	m.taken = fill(len(m.coarse))
	for c, e := range m.coarse {
		from, to := m.near(e)
		for l := from; l < to; l++ {
			x := m.lines[l]
			if !x.by[m.rank] && x.amount == e.amount && x.class.Line == e.class.Line && m.b.compatible(x, e) {
				m.cands[c] = append(m.cands[c], int32(l))
			}
		}
	}
	for _, sameSettlement := range []bool{true, false} {
		for want := certain; want <= anyItem; want++ {
			for _, sameDay := range []bool{true, false} {
				m.greedy(want, sameDay, sameSettlement)
			}
		}
	}
	for c := range m.coarse {
		if m.taken[c] < 0 && len(m.cands[c]) > 0 {
			m.augment(int32(c), make([]bool, len(m.lines)))
		}
	}
	for c, l := range m.taken {
		if l >= 0 {
			m.link([]*entry{m.coarse[c]}, []*entry{m.lines[l]})
		}
	}
}

func fill(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

// greedy pairs what is as alike as wanted; first where Amazon's transaction names
// the settlement that the row stands in, as two parcels may be equal and be paid
// in different ones.
func (m *matcher) greedy(want likeness, sameDay, sameSettlement bool) {
	for c, e := range m.coarse {
		if m.taken[c] >= 0 || sameSettlement && e.f.Settlement == "" {
			continue
		}
		for _, l := range m.cands[c] {
			x := m.lines[l]
			if m.owner[l] >= 0 || alike(x.f, e.f) != want || (sameDay && apart(x, e) > 24*time.Hour) ||
				(sameSettlement && x.f.Settlement != e.f.Settlement) {
				continue
			}
			m.taken[c], m.owner[l] = l, int32(c)
			break
		}
	}
}

// augment finds a line for c by moving others to lines that suit them as well
// (Kuhn): a blank SKU must not take what only another fact can use.
func (m *matcher) augment(c int32, seen []bool) bool {
	for _, l := range m.cands[c] {
		if seen[l] {
			continue
		}
		seen[l] = true
		if m.owner[l] < 0 || m.augment(m.owner[l], seen) {
			m.owner[l], m.taken[c] = c, l
			return true
		}
	}
	return false
}

// near gives the part of the lines that may belong to a fact by date: all of an
// order's, those within the window where there is no order.
func (m *matcher) near(e *entry) (from, to int) {
	if !m.b.loose {
		return 0, len(m.lines)
	}
	w := m.b.cx.Window
	from = sort.Search(len(m.lines), func(i int) bool { return !m.lines[i].f.Posted.Before(e.f.Posted.Add(-w)) })
	to = sort.Search(len(m.lines), func(i int) bool { return m.lines[i].f.Posted.After(e.f.Posted.Add(w)) })
	return from, to
}

func (m *matcher) unmatched() []*entry {
	var left []*entry
	for c, e := range m.coarse {
		if m.taken[c] < 0 {
			left = append(left, e)
		}
	}
	return left
}

// link marks lines as told by coarse facts too.
func (m *matcher) link(coarse, lines []*entry) {
	for _, l := range lines {
		l.by[m.rank] = true
		for _, c := range coarse {
			l.matched = append(l.matched, c.f.ID)
			if l.market == "" {
				l.market = c.f.Marketplace
			}
			if l.order == "" {
				l.order = c.f.Order
			}
			if c.f.Source == Settlement {
				l.state, l.settled = Settled, c.f.Settlement
			}
		}
	}
}

// zeros drops amounts of nothing: they are linked to any line of their item, so
// that they do not make an event of their own.
func (m *matcher) zeros(left []*entry) []*entry {
	return slices.DeleteFunc(left, func(e *entry) bool {
		if e.amount != 0 {
			return false
		}
		for _, l := range m.lines {
			if m.b.compatible(l, e) {
				l.matched = append(l.matched, e.f.ID)
				return true
			}
		}
		return false
	})
}

// likeness is how surely two facts are of one item.
type likeness uint8

const (
	certain likeness = iota // the same order item
	sameSKU                 // the same SKU, items not told or not comparable
	anyItem                 // one of them does not say
)

func alike(a, b *Fact) likeness {
	switch {
	case a.Item != "" && a.Item == b.Item:
		return certain
	case a.SKU != "" && a.SKU == b.SKU:
		return sameSKU
	}
	return anyItem
}

func apart(a, b *entry) time.Duration { return a.f.Posted.Sub(b.f.Posted).Abs() }

// compatible tells whether a coarse fact can tell of the same money as a line,
// amount and line of the statement aside.
func (b *builder) compatible(l, c *entry) bool {
	x, y := l.f, c.f
	if x.Connection != y.Connection || x.Amount.Currency != y.Amount.Currency ||
		(x.Account != "" && y.Account != "" && x.Account != y.Account) || !sameItem(x, y) {
		return false
	}
	if b.loose {
		return x.Order == "" || y.Order == "" || x.Order == y.Order
	}
	return side(l.class.Event) == side(c.class.Event)
}

// side is what of an event's kind all sources agree on.
func side(t EventType) EventType {
	if t == Sale || t == Refund {
		return t
	}
	return Adjustment
}
