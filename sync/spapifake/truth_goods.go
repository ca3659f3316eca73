package spapifake

import (
	"slices"
	"time"
)

// lot is units that left together and what they cost together. Part of it costs
// the difference of the roundings before and after, so that nothing is lost.
type lot struct {
	units, left int64
	minor       int64 // of all units
}

// pop takes the last n of the units left and gives their cost.
func (l *lot) pop(n int64) int64 {
	upTo := func(units int64) int64 { return divRound(l.minor*units, l.units) }
	was := upTo(l.left)
	l.left -= n
	return was - upTo(l.left)
}

// countGoods books the cost of goods that came back, were lost or were found.
func (t *tally) countGoods(a *account, end time.Time, key func(order, sku string) string) {
	for _, r := range a.goods.returns {
		if r.sellable && !r.at.After(end) {
			t.restore(a.m, r, key(r.o.id, r.p.sku))
		}
	}
	for _, p := range a.products {
		t.countLosses(a, p, end, key("", p.sku))
	}
}

// restore gives back what the returned units cost on the day they were shipped.
func (t *tally) restore(m *market, r goodsReturn, key string) {
	left := r.units
	for _, parcel := range slices.Backward(r.o.parcels) {
		for _, line := range parcel.lines {
			if line.item.id != r.item || left == 0 {
				continue
			}
			n := min(left, int64(line.qty))
			left -= n
			if minor, ok := m.cost(r.p, parcel.at, int64(line.qty)); ok {
				whole := lot{int64(line.qty), int64(line.qty), minor}
				t.add(key, m, r.at, "cogs", whole.pop(n), -n)
			}
		}
	}
}

// countLosses consumes what was lost of a product; what is found takes back the
// loss before it.
func (t *tally) countLosses(a *account, p *product, end time.Time, key string) {
	var lost []lot
	for _, move := range a.goods.of[p] {
		if move.event != "Adjustments" || move.at.After(end) {
			continue
		}
		if n := -move.units; n > 0 {
			t.consume(key, a.m, p, move.at, n)
			minor, _ := a.m.cost(p, move.at, n)
			lost = append(lost, lot{n, n, minor})
			continue
		}
		for found := move.units; found > 0 && len(lost) > 0; {
			last := &lost[len(lost)-1]
			n := min(found, last.left)
			if minor := last.pop(n); minor != 0 {
				t.add(key, a.m, move.at, "cogs", minor, -n)
			}
			if found -= n; last.left == 0 {
				lost = lost[:len(lost)-1]
			}
		}
	}
}

// cost is what n units cost that leave the house at an instant, in minor units;
// false when nobody knows.
func (m *market) cost(p *product, at time.Time, n int64) (int64, bool) {
	each, ok := p.costAt(at.In(m.Zone).Format(time.DateOnly))
	perMinor := int64(100)
	if m.Digits == 0 {
		perMinor = 10000
	}
	return divRound(n*each, perMinor), ok
}
