package books

import (
	"cmp"
	"slices"
)

// span of units of a batch by number, from 1; both ends included.
type unitSpan struct{ from, to int64 }

func (s unitSpan) units() int64 { return s.to - s.from + 1 }

// layer is a batch in stock: the numbers of its units that are there.
type layer struct {
	b    *Batch
	free []unitSpan // in order, not touching
	left int64
}

func newLayer(b *Batch) *layer {
	return &layer{b: b, free: []unitSpan{{1, b.Units}}, left: b.Units}
}

// piece is units that were taken out of stock together.
type piece struct {
	l        *layer // nil: units that no batch holds
	unitSpan        // numbers within the batch; without one from 1
	cost     Money  // what they cost in the currency that was paid; no currency: not told
	fixed    Money  // what they cost in the book's currency
	out      Money  // the same in the currency of the move
	gap      Gap    // why out is not known
	pool     *pool  // where an average cost came from
	batch    int64  // whose cost it is, 0: typed in
	typed    bool   // the cost is a unit cost by period
}

// take takes up to n units, the lowest numbers first.
func (l *layer) take(n int64) []piece {
	var out []piece
	for n > 0 && len(l.free) > 0 {
		s := &l.free[0]
		k := min(n, s.units())
		p := piece{l: l, unitSpan: unitSpan{s.from, s.from + k - 1}, batch: l.b.ID}
		p.cost, p.fixed = l.b.costOf(p.unitSpan)
		out = append(out, p)
		s.from += k
		if s.from > s.to {
			l.free = l.free[1:]
		}
		n, l.left = n-k, l.left-k
	}
	return out
}

// give puts units back.
func (l *layer) give(s unitSpan) {
	i, _ := slices.BinarySearchFunc(l.free, s, func(a, b unitSpan) int { return cmp.Compare(a.from, b.from) })
	l.free = slices.Insert(l.free, i, s)
	l.left += s.units()
	for j := max(i-1, 0); j+1 < len(l.free) && j <= i; {
		if l.free[j].to+1 == l.free[j+1].from {
			l.free[j].to = l.free[j+1].to
			l.free = slices.Delete(l.free, j+1, j+2)
			continue
		}
		j++
	}
}

// costOf gives what units of a batch cost: in the currency paid and fixed.
func (b *Batch) costOf(s unitSpan) (cost, fixed Money) {
	part := func(m Money) Money {
		return Money{share(m.Minor, s.to, b.Units) - share(m.Minor, s.from-1, b.Units), m.Currency}
	}
	return part(b.Cost), part(b.Fixed)
}

// value gives what the units in stock cost.
func (l *layer) value() (cost, fixed Money) {
	cost.Currency, fixed.Currency = l.b.Cost.Currency, l.b.Fixed.Currency
	for _, s := range l.free {
		c, f := l.b.costOf(s)
		cost.Minor += c.Minor
		fixed.Minor += f.Minor
	}
	return cost, fixed
}

// pool is units whose cost is averaged: the batches of one SKU for the same
// marketplaces, fixed in the same currency. Taking k of n units takes
// round(value*k/n), so that the last unit takes what is left.
type pool struct {
	key   string
	units int64
	fixed Money
	cost  Money // no currency while batches paid in several are mixed
}

func (p *pool) join(b *Batch) {
	if p.units == 0 {
		p.fixed, p.cost = Money{0, b.Fixed.Currency}, Money{0, b.Cost.Currency}
	}
	p.put(b.Units, b.Cost, b.Fixed)
}

func (p *pool) put(units int64, cost, fixed Money) {
	p.units += units
	p.fixed.Minor += fixed.Minor
	if p.cost.Currency != "" && p.cost.Currency == cost.Currency {
		p.cost.Minor += cost.Minor
	} else {
		p.cost = Money{}
	}
}

func (p *pool) take(k int64) (cost, fixed Money) {
	fixed = Money{share(p.fixed.Minor, k, p.units), p.fixed.Currency}
	if p.cost.Currency != "" {
		cost = Money{share(p.cost.Minor, k, p.units), p.cost.Currency}
	}
	p.units -= k
	p.fixed.Minor -= fixed.Minor
	p.cost.Minor -= cost.Minor
	return cost, fixed
}

// stock is all of one SKU. Layers stand in the order in which they are drawn.
type stock struct {
	method  Method
	waiting []*Batch // by day; not there yet
	layers  []*layer
	pools   map[string]*pool
	newest  []*Batch // by day, for the unit cost of a period
}

// arrive puts the batches in stock that were bought by then.
func (s *stock) arrive(day string) {
	for len(s.waiting) > 0 && s.waiting[0].Day <= day {
		b := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.layers = append(s.layers, newLayer(b))
		s.newest = append(s.newest, b)
		if s.method == Average {
			s.poolOf(b).join(b)
		}
	}
}

func (s *stock) poolOf(b *Batch) *pool {
	key := b.Fixed.Currency
	for _, m := range b.Marketplaces {
		key += "\x00" + m
	}
	if s.pools[key] == nil {
		s.pools[key] = &pool{key: key}
	}
	return s.pools[key]
}

// take takes up to n units for a marketplace: batches of its own before those
// for all, of each the oldest first. What is missing is the second result.
func (s *stock) take(n int64, marketplace string) (out []piece, missing int64) {
	for _, own := range []bool{true, false} {
		for _, l := range s.layers {
			if n == 0 {
				break
			}
			if l.left == 0 || (len(l.b.Marketplaces) > 0) != own || !l.b.serves(marketplace) {
				continue
			}
			got := l.take(n)
			for i := range got {
				n -= got[i].units()
			}
			out = append(out, got...)
		}
	}
	s.shed()
	if s.method == Average {
		s.average(out)
	}
	return out, n
}

// average puts the average in place of the batches' own costs: all units that
// leave a pool together are rounded once.
func (s *stock) average(out []piece) {
	units := map[*pool]int64{}
	for i := range out {
		out[i].pool = s.poolOf(out[i].l.b)
		units[out[i].pool] += out[i].units()
	}
	for i := range out {
		p := out[i].pool
		n, first := units[p]
		if !first {
			continue
		}
		delete(units, p)
		cost, fixed := p.take(n)
		var done int64
		for j := i; j < len(out); j++ {
			q := &out[j]
			if q.pool != p {
				continue
			}
			part := func(m Money) Money {
				return Money{share(m.Minor, done+q.units(), n) - share(m.Minor, done, n), m.Currency}
			}
			q.cost, q.fixed = part(cost), part(fixed)
			done += q.units()
		}
	}
}

// shed lets empty layers at the front go; pieces keep theirs, to give back to.
func (s *stock) shed() {
	for len(s.layers) > 0 && s.layers[0].left == 0 {
		s.layers = s.layers[1:]
	}
}

// give puts a piece back at the cost at which it left.
func (s *stock) give(p piece) {
	if !slices.Contains(s.layers, p.l) {
		i, _ := slices.BinarySearchFunc(s.layers, p.l, func(a, b *layer) int { return a.b.compare(b.b) })
		s.layers = slices.Insert(s.layers, i, p.l)
	}
	p.l.give(p.unitSpan)
	if p.pool == nil {
		return
	}
	if p.pool.units == 0 {
		p.pool.fixed, p.pool.cost = Money{0, p.fixed.Currency}, Money{0, p.cost.Currency}
	}
	p.pool.put(p.units(), p.cost, p.fixed)
}

// compare orders batches as they are drawn: by day, then as they were entered.
func (b *Batch) compare(o *Batch) int {
	return cmp.Or(cmp.Compare(b.Day, o.Day), cmp.Compare(b.ID, o.ID))
}

// split cuts the last n units off a piece; its cost is divided like a batch's.
func (p piece) split(n int64) (rest, cut piece) {
	units := p.units()
	rest, cut = p, p
	rest.to -= n
	cut.from = rest.to + 1
	for _, m := range []struct{ all, rest, cut *Money }{
		{&p.cost, &rest.cost, &cut.cost}, {&p.fixed, &rest.fixed, &cut.fixed}, {&p.out, &rest.out, &cut.out},
	} {
		m.rest.Minor = share(m.all.Minor, units-n, units)
		m.cut.Minor = m.all.Minor - m.rest.Minor
	}
	if p.l == nil || p.pool != nil || p.typed {
		return rest, cut
	}
	rest.cost, rest.fixed = p.l.b.costOf(rest.unitSpan) // the numbers tell what each unit cost
	cut.cost, cut.fixed = p.l.b.costOf(cut.unitSpan)
	for _, q := range []*piece{&rest, &cut} {
		switch q.out.Currency {
		case q.cost.Currency:
			q.out = q.cost
		case q.fixed.Currency:
			q.out = q.fixed
		}
	}
	return rest, cut
}
