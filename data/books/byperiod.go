package books

import "math/bits"

// byPeriod gives the units of a move the unit cost of the day, rounded once for
// all of them.
func (l *Ledger) byPeriod(m Move, sku string, pieces []piece, units int64) ([]piece, error) {
	all := piece{unitSpan: unitSpan{1, units}}
	batch, ok := l.unitCost(&all, m, sku, units)
	if ok {
		if err := l.convert(&all, m); err != nil {
			return nil, err
		}
	} else {
		all.gap = GapNoBatch
	}
	var done int64
	for i := range pieces {
		p := &pieces[i]
		part := func(m Money) Money {
			return Money{share(m.Minor, done+p.units(), units) - share(m.Minor, done, units), m.Currency}
		}
		p.cost, p.fixed, p.out = part(all.cost), part(all.fixed), part(all.out)
		p.gap, p.batch, p.typed, p.pool = all.gap, batch, true, nil
		done += p.units()
	}
	return pieces, nil
}

// unitCost finds what units cost on the day: the unit cost that was typed in, in
// the currency asked for where there is one; by period else that of the newest
// batch, which it names.
func (l *Ledger) unitCost(p *piece, m Move, sku string, units int64) (batch int64, ok bool) {
	s := l.stocks[sku]
	currencies := []string{m.Currency, ""}
	if s == nil && sku == m.SKU {
		currencies = currencies[:1] // as everywhere without batches: a cost in another currency is no cost
	}
	for _, currency := range currencies {
		c, known := l.basis.Units.At(sku, m.Marketplace, currency, m.Day)
		if !known {
			continue
		}
		amount, err := c.Unit.Times(units, c.Currency)
		if err != nil {
			return 0, false
		}
		p.cost, p.fixed = amount, amount
		return 0, true
	}
	if s == nil || l.basis.Method != ByPeriod {
		return 0, false
	}
	b := s.latest(m.Marketplace)
	if b == nil {
		return 0, false
	}
	var okCost, okFixed bool
	p.cost.Minor, okCost = ratio(b.Cost.Minor, units, b.Units)
	p.fixed.Minor, okFixed = ratio(b.Fixed.Minor, units, b.Units)
	p.cost.Currency, p.fixed.Currency = b.Cost.Currency, b.Fixed.Currency
	return b.ID, okCost && okFixed
}

// latest is the newest batch for a marketplace, its own before one for all.
func (s *stock) latest(marketplace string) *Batch {
	for _, own := range []bool{true, false} {
		for i := len(s.newest) - 1; i >= 0; i-- {
			if b := s.newest[i]; (len(b.Marketplaces) > 0) == own && b.serves(marketplace) {
				return b
			}
		}
	}
	return nil
}

// ratio gives round(total*n/of) for any n, half away from zero; false beyond 64
// bits.
func ratio(total, n, of int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(total), magnitude(n))
	d := magnitude(of)
	if hi >= d {
		return 0, false
	}
	quo, rem := bits.Div64(hi, lo, d)
	if rem >= d-rem {
		quo++
	}
	if quo >= 1<<63 {
		return 0, false
	}
	if (total < 0) != (n < 0) != (of < 0) {
		return -int64(quo), true
	}
	return int64(quo), true
}
