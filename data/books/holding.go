package books

import (
	"slices"
)

// Holding is what is left of one batch.
type Holding struct {
	Batch int64
	SKU   string
	Units int64
	Cost  Money // at cost, in the currency paid; no currency: an average over several
	Fixed Money // at cost, in the book's currency
	Known bool  // false: no unit cost holds on the day (by period)
}

// Stock tells what is left of each batch at the end of a day, by SKU and in the
// order in which batches are drawn; empty ones are left out. The day is not
// before that of the last move.
func (l *Ledger) Stock(day string) ([]Holding, error) {
	l.day = max(l.day, day)
	skus := make([]string, 0, len(l.stocks))
	for sku := range l.stocks {
		skus = append(skus, sku)
	}
	slices.Sort(skus)
	var out []Holding
	for _, sku := range skus {
		s := l.stocks[sku]
		s.arrive(l.day)
		from := len(out)
		for _, y := range s.layers {
			if y.left > 0 {
				h := Holding{Batch: y.b.ID, SKU: sku, Units: y.left, Known: true}
				h.Cost, h.Fixed = y.value()
				out = append(out, h)
			}
		}
		if err := l.revalue(s, out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// revalue puts averages, or unit costs of the day, in place of the batches' own.
func (l *Ledger) revalue(s *stock, held []Holding) error {
	done := map[*pool]int64{}
	for i := range held {
		h := &held[i]
		b := s.batch(h.Batch)
		switch l.basis.Method {
		case Average:
			p := s.poolOf(b)
			part := func(m Money) Money {
				return Money{share(m.Minor, done[p]+h.Units, p.units) - share(m.Minor, done[p], p.units), m.Currency}
			}
			h.Cost, h.Fixed = part(p.cost), part(p.fixed)
			done[p] += h.Units
		case ByPeriod:
			m := Move{SKU: h.SKU, Currency: b.Fixed.Currency, Day: l.day}
			if len(b.Marketplaces) > 0 {
				m.Marketplace = b.Marketplaces[0]
			}
			all := piece{unitSpan: unitSpan{1, h.Units}}
			if _, h.Known = l.unitCost(&all, m, h.SKU, h.Units); !h.Known {
				h.Cost, h.Fixed = Money{}, Money{}
				continue
			}
			if err := l.convert(&all, m); err != nil {
				return err
			}
			h.Known = all.gap == GapNone
			h.Cost, h.Fixed = all.cost, all.out
		}
	}
	return nil
}

func (s *stock) batch(id int64) *Batch {
	i := slices.IndexFunc(s.layers, func(l *layer) bool { return l.b.ID == id })
	return s.layers[i].b
}
