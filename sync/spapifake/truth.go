package spapifake

import (
	"cmp"
	"slices"
	"time"
)

// Row is one cell of the true profit and loss statement.
//
// A month is a month of the marketplace's zone. Money belongs to the month of
// its first posting: a deferred sale to the deferred posting, its release
// counts nothing. Amounts carry the seller's sign.
//
// Units: on sales.product the units in Shipment postings that sold something
// (not multi-channel ones), on refund.product the units refunded, on cogs the
// units whose cost is known, less those that it was given back for; 0 on all
// other lines.
//
// cogs is -(units x unit cost valid on the marketplace day of the shipment)
// for every item of every parcel, each rounded half away from zero to minor
// units. Replacements and multi-channel orders consume cost too, on the day of
// their parcel. Refunds restore none. Units that Amazon took back and can sell
// again restore, on the day of their return, what they cost on the day of their
// own parcel. Units that Amazon's ledger writes off consume the cost of that day;
// units found again restore, on theirs, that of the last write-off still open.
type Row struct {
	Marketplace string // marketplace id
	Month       string // "2026-03"
	Line        string // code of the statement line, such as "sales.product"
	Currency    string
	Minor       int64 // minor units
	Units       int64
}

// Uncovered are units that left the house, or were lost, without a known cost.
type Uncovered struct {
	Marketplace, Month, SKU string
	Units                   int64
}

// KeyedRow is a Row of one order or one SKU; Key is "" for money of none.
type KeyedRow struct {
	Key string
	Row
}

// Counts are the facts of one connection at the end of the data.
type Counts struct {
	Connection   string
	Orders       int
	Items        int   // order items
	Units        int64 // units ordered
	Transactions int   // posted by Now, releases included
	Settlements  int   // closed ones, also those no longer listed
	Deferred     int   // deferred transactions still open
	OpenOrders   int   // seller-fulfilled, still to ship
}

// Truth is what the generator decided, computed from its own records.
type Truth struct {
	Counts    []Counts    // by connection, in the order of Connections
	Rows      []Row       // by marketplace, month, line; rows of 0 money and units left out
	Uncovered []Uncovered // by marketplace, month, SKU
}

type rowKey struct{ key, market, month, line, currency string }

type tally struct {
	byKey map[rowKey]*Row
	bare  map[Uncovered]int64
}

func (t *tally) add(key string, m *market, at time.Time, line string, minor, units int64) {
	if minor == 0 && units == 0 {
		return
	}
	k := rowKey{key, m.ID, at.In(m.Zone).Format("2006-01"), line, m.Currency}
	r := t.byKey[k]
	if r == nil {
		r = &Row{Marketplace: k.market, Month: k.month, Line: line, Currency: k.currency}
		t.byKey[k] = r
	}
	r.Minor += minor
	r.Units += units
}

// consume books the cost of n units leaving the house.
func (t *tally) consume(key string, m *market, p *product, at time.Time, n int64) {
	minor, ok := m.cost(p, at, n)
	if !ok {
		t.bare[Uncovered{Marketplace: m.ID, Month: at.In(m.Zone).Format("2006-01"), SKU: p.sku}] += n
		return
	}
	t.add(key, m, at, "cogs", -minor, n)
}

// count goes through one account; key names the bucket of an order and SKU.
func (t *tally) count(a *account, end time.Time, key func(order, sku string) string) {
	for _, x := range a.txns {
		if !x.posted.After(end) && x.deferred == nil {
			t.countTxn(a.m, x, key)
		}
	}
	t.countReplacements(a, key)
}

func (t *tally) countTxn(m *market, x *txn, key func(order, sku string) string) {
	sku := ""
	if x.bareItem != nil {
		sku = x.bareItem.p.sku
	}
	for _, l := range x.leaves {
		t.add(key(x.order, sku), m, x.posted, x.typ.line(l.k), l.amt, 0)
	}
	for _, it := range x.items {
		t.countItem(m, x, it, key(x.order, it.p.sku))
	}
}

// countReplacements consumes the cost of parcels that bring no money.
func (t *tally) countReplacements(a *account, key func(order, sku string) string) {
	for _, o := range a.byCreated {
		if o.replacementOf == "" {
			continue
		}
		for _, p := range o.parcels {
			for _, l := range p.lines {
				t.consume(key(o.id, l.item.p.sku), a.m, l.item.p, p.at, int64(l.qty))
			}
		}
	}
}

func (t *tally) countItem(m *market, x *txn, it *txItem, key string) {
	for _, l := range it.leaves {
		t.add(key, m, x.posted, x.typ.line(l.k), l.amt, 0)
	}
	n := int64(it.qty)
	switch {
	case typeNames[x.typ].refund:
		t.add(key, m, x.posted, "refund.product", 0, n)
	case x.typ == tShipment:
		if !x.offAmazon {
			t.add(key, m, x.posted, "sales.product", 0, n)
		}
		t.consume(key, m, it.p, x.posted, n)
	}
}

func (s *Server) tally(key func(order, sku string) string) *tally {
	t := &tally{map[rowKey]*Row{}, map[Uncovered]int64{}}
	for _, a := range s.accounts {
		t.count(a, s.cfg.dataEnd(), key)
		t.countGoods(a, s.cfg.dataEnd(), key)
	}
	return t
}

func (t *tally) keyed() []KeyedRow {
	out := make([]KeyedRow, 0, len(t.byKey))
	for k, r := range t.byKey {
		if r.Minor != 0 || r.Units != 0 {
			out = append(out, KeyedRow{k.key, *r})
		}
	}
	slices.SortFunc(out, func(a, b KeyedRow) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Marketplace, b.Marketplace),
			cmp.Compare(a.Month, b.Month), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// Truth gives the true statement. It does not depend on requests or faults.
func (s *Server) Truth() Truth {
	t := s.tally(func(string, string) string { return "" })
	var out Truth
	for _, r := range t.keyed() {
		out.Rows = append(out.Rows, r.Row)
	}
	for u, n := range t.bare {
		u.Units = n
		out.Uncovered = append(out.Uncovered, u)
	}
	slices.SortFunc(out.Uncovered, func(a, b Uncovered) int {
		return cmp.Or(cmp.Compare(a.Marketplace, b.Marketplace), cmp.Compare(a.Month, b.Month), cmp.Compare(a.SKU, b.SKU))
	})
	for _, a := range s.accounts {
		out.Counts = append(out.Counts, a.counts(s.cfg.dataEnd()))
	}
	return out
}

// TruthByOrder gives the same money per order id; money of no order has key "".
func (s *Server) TruthByOrder() []KeyedRow {
	return s.tally(func(order, _ string) string { return order }).keyed()
}

// TruthBySKU gives the same money per SKU; money of no SKU has key "".
func (s *Server) TruthBySKU() []KeyedRow {
	return s.tally(func(_, sku string) string { return sku }).keyed()
}

func (a *account) counts(end time.Time) Counts {
	c := Counts{Connection: a.id, Orders: len(a.byCreated)}
	for _, o := range a.byCreated {
		c.Items += len(o.items)
		for _, it := range o.items {
			c.Units += int64(it.qty)
		}
		if o.mfn && (o.status == unshipped || o.status == partiallyShipped) {
			c.OpenOrders++
		}
	}
	for _, t := range a.txns {
		if t.posted.After(end) {
			continue
		}
		c.Transactions++
		if t.isDeferred() && t.release.posted.After(end) {
			c.Deferred++
		}
	}
	for _, s := range a.settlements {
		if !s.open {
			c.Settlements++
		}
	}
	return c
}
