package spapifake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// goodsMove is units moving in Amazon's warehouses, as its ledger tells it.
type goodsMove struct {
	at            time.Time
	p             *product
	event, reason string
	damaged       bool // units that cannot be sold again
	units         int64
}

// goodsReturn is what a customer sent back.
type goodsReturn struct {
	at       time.Time
	o        *order
	p        *product
	item     string // id of the order item
	units    int64
	sellable bool
	plate    string // of the first unit
}

// goodsLog is everything that happened to goods; like the money it is the
// truth, and the reports are written from it.
type goodsLog struct {
	moves   []goodsMove
	of      map[*product][]goodsMove // the same, by product
	returns []goodsReturn            // to Amazon, and for seller-fulfilled orders to the seller
}

func (g *goodsLog) move(m goodsMove) { g.moves = append(g.moves, m) }

// comeBack notes a return; of goods that Amazon keeps, as a move too.
func (g *goodsLog) comeBack(o *order, m unitMove) {
	g.returns = append(g.returns, goodsReturn{at: m.at, o: o, p: m.p, item: m.item, units: m.qty, sellable: m.sellable})
	if !o.mfn {
		g.move(goodsMove{at: m.at, p: m.p, event: "CustomerReturns", damaged: !m.sellable, units: m.qty})
	}
}

// sorted brings everything into the order of time and numbers the units.
func (g goodsLog) sorted(account string) goodsLog {
	slices.SortStableFunc(g.moves, func(a, b goodsMove) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.p.sku, b.p.sku), cmp.Compare(a.event, b.event))
	})
	slices.SortStableFunc(g.returns, func(a, b goodsReturn) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.o.id, b.o.id)) })
	g.of = map[*product][]goodsMove{}
	for _, m := range g.moves {
		g.of[m.p] = append(g.of[m.p], m)
	}
	for i := range g.returns {
		g.returns[i].plate = fmt.Sprintf("LPN%s%08d", account, i*10)
	}
	return g
}

// GoodsTruth counts units of a connection over all its history.
type GoodsTruth struct {
	Moves, MovedUnits       int64 // rows of the ledger, and the sum of their units
	Returned, ReturnedToOwn int64 // units that came back to Amazon, and to the seller
	Sellable                int64 // of those at Amazon
	Reimbursed              int   // reimbursements, taken back ones included
	ReimbursedMinor         int64 // their sum
	StorageMinor, AgedMinor int64 // charged for storage and old stock, before tax
	Removals                int
	RemovalMinor            int64 // charged for removals, before tax
}

// Goods gives the truth about a connection's goods.
func (s *Server) Goods(connection string) GoodsTruth {
	var t GoodsTruth
	a := s.account(connection)
	if a == nil {
		return t
	}
	for _, m := range a.goods.moves {
		t.Moves++
		t.MovedUnits += m.units
	}
	for _, r := range a.goods.returns {
		switch {
		case r.o.mfn:
			t.ReturnedToOwn += r.units
		case r.sellable:
			t.Sellable += r.units
			fallthrough
		default:
			t.Returned += r.units
		}
	}
	for _, x := range a.txns {
		if x.posted.After(s.cfg.dataEnd()) {
			continue
		}
		switch {
		case x.typ == tReimbursement:
			t.Reimbursed++
			t.ReimbursedMinor += x.leaves.sum()
		case x.desc == storageBilling:
			t.StorageMinor -= x.items[0].leaves[0].amt
		case x.desc == agedBilling:
			t.AgedMinor -= x.items[0].leaves[0].amt
		case isRemoval(x):
			t.Removals++
			t.RemovalMinor -= x.leaves[0].amt
		}
	}
	return t
}

const (
	storageBilling = "FBAStorageBilling"
	agedBilling    = "StorageRenewalBilling"
)

func isRemoval(x *txn) bool { return x.desc == "RemovalComplete" || x.desc == "DisposalComplete" }

// removed are the units that a removal fee was charged for.
func removed(x *txn) int64 {
	each := x.m.price(97)
	if x.desc == "DisposalComplete" {
		each = x.m.price(104)
	}
	return -x.leaves[0].amt / each
}

// removedProduct is the goods of a removal: the money does not name them.
func (a *account) removedProduct(x *txn) *product {
	n, err := strconv.Atoi(x.shipment[2:])
	if err != nil {
		panic("spapifake: removal order " + x.shipment)
	}
	fba := slices.DeleteFunc(slices.Clone(a.products), func(p *product) bool { return !p.fba })
	return fba[n%len(fba)]
}
