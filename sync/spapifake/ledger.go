package spapifake

import (
	"cmp"
	"slices"
	"time"
)

// ledger posts the money of one market.
type ledger struct {
	cfg    Config
	m      *market
	r      random
	end    time.Time
	txns   []*txn
	forced bool // the 19-day deferral was posted

	returns []unitMove // goods that came back to Amazon's warehouses
	goods   goodsLog
}

const idChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// post records a transaction unless it has not happened yet.
func (g *ledger) post(t *txn) *txn {
	if t.posted.After(g.end) {
		return nil
	}
	return g.keep(t)
}

func (g *ledger) keep(t *txn) *txn {
	t.m = g.m
	t.posted = t.posted.UTC().Truncate(time.Second)
	t.id = g.r.text(43, idChars)
	t.blankName = t.order == "" || g.r.permille(8)
	if t.desc == "" {
		t.desc = typeNames[t.typ].description
	}
	g.txns = append(g.txns, t)
	return t
}

// sorted brings the transactions into the order of posting.
func (g *ledger) sort() {
	slices.SortStableFunc(g.txns, func(a, b *txn) int {
		return cmp.Or(a.posted.Compare(b.posted), cmp.Compare(a.id, b.id))
	})
}

// postOrder posts everything that an order's goods and buyers cause.
func (g *ledger) postOrder(o *order) {
	if o.replacementOf != "" {
		return // moves goods, no money
	}
	for _, p := range o.parcels {
		g.postParcel(o, p)
	}
	if o.status == shipped && !o.offAmazon {
		g.postRefunds(o)
	}
	if o.mfn && len(o.parcels) > 0 && g.r.permille(350) {
		g.post(&txn{typ: tAdjustment, desc: "PostageBilling", order: o.id, mfn: true, posted: o.parcels[0].at.Add(-20 * time.Minute),
			leaves: leaves{{kPostage, -g.m.price(g.r.between(390, 1290))}}})
	}
}

func (g *ledger) postParcel(o *order, p *parcel) {
	t := &txn{typ: tShipment, order: o.id, shipment: p.shipment, offAmazon: o.offAmazon, mfn: o.mfn, posted: p.at}
	for _, l := range p.lines {
		x := &txItem{code: l.item.id, p: l.item.p, qty: l.qty, promo: l.item.promotion, leaves: saleLeaves(o, l.item, int64(l.qty), l.first)}
		if o.story == mysteryFee {
			x.leaves.fee(g.m, kItemMystery, -g.m.price(75))
		}
		if !o.mfn && !o.offAmazon && g.r.permille(8) {
			x.leaves.fee(g.m, kLowInventory, -int64(l.qty)*g.m.price(32))
		}
		t.items = append(t.items, x)
	}
	if g.keep(t); !o.offAmazon {
		g.deferSale(o, t)
	}
}

// deferSale holds some sales back: until seven days after delivery (DD7), or
// until a business buyer's invoice is paid (B2B).
func (g *ledger) deferSale(o *order, t *txn) {
	var wait time.Duration
	const day = 24 * time.Hour
	switch {
	case o.story == deferred19Days && !g.forced:
		t.reason, wait, g.forced = "DD7", 19*day, true
	case o.business:
		t.reason, wait = "B2B", time.Duration(g.r.between(20, 30))*day
	case g.r.permille(100) || o.story == deferred19Days:
		t.reason, wait = "DD7", time.Duration(g.r.between(8*86400, 14*86400))*time.Second
	default:
		return
	}
	t.maturity = t.posted.Add(wait)
	rel := *t
	rel.posted = t.maturity
	rel.deferred = t
	if rel.posted.After(g.end) && !rel.posted.After(g.cfg.Now) {
		rel.posted = g.cfg.Now.Add(time.Hour) // nothing happens in the last minutes
	}
	t.release = g.keep(&rel)
}

// postRefunds posts what an order's story takes back.
func (g *ledger) postRefunds(o *order) {
	it, last := o.items[0], o.parcels[len(o.parcels)-1].at
	after := func(lo, hi int64) time.Time {
		return last.Add(time.Duration(g.r.between(lo*86400, hi*86400)) * time.Second)
	}
	switch o.story {
	case refundFull:
		g.comeBack(o, g.refundAll(o, tRefund, after(4, 35)))
	case refundReturnless:
		g.refundAll(o, tRefund, after(4, 35))
	case refundLate:
		g.comeBack(o, g.refundAll(o, tRefund, after(95, 190)))
	case refundBeforeSale:
		g.refundAll(o, tRefund, o.parcels[0].at.Add(-90*time.Minute))
	case chargeback:
		g.refundAll(o, tChargeback, after(20, 70))
	case aToZ:
		g.refundAll(o, tGuarantee, after(12, 60))
	case refundEqualTwice:
		first := after(4, 20)
		second := first.Add(time.Duration(g.r.between(0, 2)) * 26 * time.Hour)
		for _, at := range []time.Time{first, second} {
			g.refund(o, tRefund, at, &txItem{code: it.id, p: it.p, qty: 1, leaves: refundLeaves(o, it, 1, false)})
		}
	case refundPart:
		l := leaves{{kGoodwill, -rate(it.principal, g.r.between(10, 40)*100)}}
		g.refund(o, tRefund, after(4, 35), &txItem{code: it.id, p: it.p, leaves: l})
	case refundShipping:
		if l := shippingOnly(o, it); len(l) > 0 {
			g.refund(o, tRefund, after(2, 20), &txItem{code: it.id, p: it.p, leaves: l})
		}
	case restockingFee:
		l := refundLeaves(o, it, 1, false)
		l.add(kRestocking, rate(it.principal, 2000))
		g.refund(o, tRefund, after(10, 45), &txItem{code: it.id, p: it.p, qty: 1, leaves: l})
	}
}

// comeBack puts refunded goods back on Amazon's shelves, most of them sellable.
func (g *ledger) comeBack(o *order, t *txn) {
	if t == nil {
		return
	}
	for _, it := range t.items {
		m := unitMove{at: t.posted, p: it.p, item: it.code, qty: int64(it.qty)}
		if !o.mfn {
			m.sellable = g.r.permille(750)
			g.returns = append(g.returns, m)
		}
		g.goods.comeBack(o, m)
	}
}

func (g *ledger) refundAll(o *order, typ txType, at time.Time) *txn {
	var items []*txItem
	for _, it := range o.items {
		items = append(items, &txItem{code: it.id, p: it.p, qty: it.qty, leaves: refundLeaves(o, it, int64(it.qty), true)})
	}
	return g.refund(o, typ, at, items...)
}

func (g *ledger) refund(o *order, typ txType, at time.Time, items ...*txItem) *txn {
	return g.post(&txn{typ: typ, order: o.id, shipment: o.parcels[0].shipment, adjust: g.r.digits(14), mfn: o.mfn, posted: at, items: items})
}
