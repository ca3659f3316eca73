package spapifake

import (
	"fmt"
	"time"
)

// unitMove is goods entering or leaving Amazon's warehouses.
type unitMove struct {
	at       time.Time
	p        *product
	item     string // id of the order item that came back
	qty      int64
	sellable bool
}

// stock is one SKU's position at the end of the data, and how it came about.
type stock struct {
	onHand        int64 // sellable units in Amazon's warehouses
	reserved      int64 // of these, for orders not yet shipped
	unfulfillable int64 // damaged returns
	damagedByFC   int64
	inbound       int64 // on the way to Amazon
	receiving     int64
	own           int64 // the seller's own shelf
	daily         []int64
	received      int64
	shippedOut    int64
	returned      int64
	lost          int64
}

// StockRow is the truth about one SKU's units at the end of the data:
// Received - Shipped + Returned - Lost = Fulfillable + Reserved.
type StockRow struct {
	SKU                                     string
	Received, Shipped, Returned, Lost       int64
	Fulfillable, Reserved, Unfulfillable    int64
	Inbound, SellerFulfilled, TotalAtAmazon int64
}

// checkEvery is how many days lie between two deliveries to Amazon.
const checkEvery = 21

// stockKeeper replays the units of one market day by day.
type stockKeeper struct {
	*ledger
	products []*product
	start    time.Time
	days     int
	out, in  map[*product][]int64
}

func (g *ledger) keepStock(products []*product, orders []*order) {
	k := &stockKeeper{ledger: g, products: products, start: g.cfg.dataStart(), days: g.cfg.Days + 1,
		out: map[*product][]int64{}, in: map[*product][]int64{}}
	for _, p := range products {
		k.out[p], k.in[p] = make([]int64, k.days), make([]int64, k.days)
	}
	k.collect(orders)
	k.lose()
	k.replay()
	k.storage()
	k.removals()
}

func (k *stockKeeper) day(t time.Time) int {
	return min(max(int(t.Sub(k.start)/(24*time.Hour)), 0), k.days-1)
}

func (k *stockKeeper) collect(orders []*order) {
	for _, o := range orders {
		if o.mfn {
			continue
		}
		for _, p := range o.parcels {
			for _, l := range p.lines {
				k.out[l.item.p][k.day(p.at)] += int64(l.qty)
				k.goods.move(goodsMove{at: p.at, p: l.item.p, event: "Shipments", units: -int64(l.qty)})
				l.item.p.stock.shippedOut += int64(l.qty)
			}
		}
		if o.status == unshipped || o.status == pending {
			for _, it := range o.items {
				it.p.stock.reserved += int64(it.qty)
			}
		}
	}
	for _, m := range k.returns {
		if !m.sellable {
			m.p.stock.unfulfillable += m.qty
			continue
		}
		k.in[m.p][k.day(m.at)] += m.qty
		m.p.stock.returned += m.qty
	}
}

// lose makes Amazon lose or break units and pay for them weeks later; now and
// then it finds them again and takes the money back.
func (k *stockKeeper) lose() {
	for d := 25; d < k.days-1; d += 18 + k.r.IntN(20) {
		p := pick(k.r, k.products[:min(30, len(k.products))])
		at := k.start.AddDate(0, 0, d).Add(9 * time.Hour)
		if !p.fba || p.launch.After(at) {
			continue
		}
		n := k.r.between(1, 3)
		k.out[p][d] += n
		p.stock.lost += n
		k.goods.move(goodsMove{at: at, p: p, event: "Adjustments", reason: "M", units: -n})
		kindOf := kReimbursedLost
		if k.r.permille(400) {
			kindOf = kReimbursedDamaged
		}
		amount := n * rate(p.priceAt(at), 6200)
		ref := k.r.digits(11)
		k.post(&txn{typ: tReimbursement, adjust: ref, posted: at.Add(time.Duration(k.r.between(15*86400, 40*86400)) * time.Second),
			bareItem: &txItem{p: p, qty: int(n)}, leaves: leaves{{kindOf, amount}}})
		if k.r.permille(150) && d+60 < k.days {
			k.in[p][d+60] += n
			k.goods.move(goodsMove{at: at.AddDate(0, 0, 60), p: p, event: "Adjustments", reason: "F", units: n})
			p.stock.lost -= n
			k.post(&txn{typ: tReimbursement, adjust: ref, posted: at.AddDate(0, 0, 62),
				bareItem: &txItem{p: p, qty: int(n)}, leaves: leaves{{kReimbursementReversed, -amount}}})
		}
	}
}

// replay walks the days. The seller of this demo orders well: a delivery
// always covers what will be sold until the one after the next.
func (k *stockKeeper) replay() {
	for d := 0; d < k.days; d++ {
		var units int64
		for _, p := range k.products {
			if !p.fba {
				p.stock.own = k.ownShelf(p, d)
				continue
			}
			units += k.replayDay(p, d)
		}
		if units > 0 {
			k.inboundFees(d, units)
		}
	}
	for i, p := range k.products {
		if p.fba && i%3 == 0 {
			p.stock.inbound, p.stock.receiving = k.r.between(1, 8)*12, k.r.between(0, 2)*6
		}
		if p.fba && p.mfn {
			p.stock.own = k.r.between(0, 25)
		}
		p.stock.damagedByFC = p.stock.unfulfillable / 3
	}
}

func (k *stockKeeper) ownShelf(p *product, d int) int64 {
	if d < k.days-1 {
		return p.stock.own
	}
	return k.r.between(3, 80)
}

// replayDay moves one SKU through one day and tells the units delivered.
func (k *stockKeeper) replayDay(p *product, d int) (units int64) {
	s := &p.stock
	if d%checkEvery == 0 {
		need := s.reserved + 2
		for i := d; i < min(d+2*checkEvery, k.days); i++ {
			need += k.out[p][i]
		}
		if s.onHand < need {
			units = (need-s.onHand)*13/10 + 11
			units -= units % 12
			units = max(units, need-s.onHand)
		}
		s.onHand += units
		s.received += units
		if units > 0 {
			k.goods.move(goodsMove{at: k.start.AddDate(0, 0, d), p: p, event: "Receipts", units: units})
		}
	}
	s.onHand += k.in[p][d] - k.out[p][d]
	s.daily = append(s.daily, s.onHand)
	return units
}

func (k *stockKeeper) inboundFees(d int, units int64) {
	at := k.start.AddDate(0, 0, d).Add(15 * time.Hour)
	id := "FBA15" + k.r.text(7, upperDigits)
	t := &txn{typ: tServiceFee, desc: "FBAInboundTransportationFee", shipment: id, posted: at}
	t.leaves.fee(k.m, kInbound, -k.m.price(units*28+499))
	k.post(t)
	if k.r.permille(500) {
		t := &txn{typ: tServiceFee, desc: "FBAInboundConvenienceFee", shipment: id, posted: at.Add(50 * time.Hour)}
		t.leaves.fee(k.m, kPlacement, -k.m.price(units*21))
		k.post(t)
	}
}

func (k *stockKeeper) removals() {
	for d := 50; d < k.days; d += 55 + k.r.IntN(20) {
		n := k.r.between(2, 20)
		t := &txn{typ: tServiceFee, desc: "RemovalComplete", shipment: fmt.Sprintf("rm%s", k.r.digits(8)), posted: k.start.AddDate(0, 0, d).Add(7 * time.Hour)}
		if k.r.permille(400) {
			t.desc = "DisposalComplete"
			t.leaves.fee(k.m, kDisposal, -n*k.m.price(104))
		} else {
			t.leaves.fee(k.m, kRemoval, -n*k.m.price(97))
		}
		k.post(t)
	}
}
