package spapifake

import "time"

// leaf is one signed amount in minor units under one of Amazon's names.
type leaf struct {
	k   kind
	amt int64
}

type leaves []leaf

func (l *leaves) add(k kind, amt int64) {
	if amt != 0 {
		*l = append(*l, leaf{k, amt})
	}
}

// fee adds a fee and the tax on it; base is negative for a charge. The kind of
// the tax follows the kind of the fee.
func (l *leaves) fee(m *market, k kind, base int64) {
	l.add(k, base)
	l.add(k+1, rate(base, m.feeTax))
}

func (l leaves) sum() (total int64) {
	for _, x := range l {
		total += x.amt
	}
	return total
}

// txItem is one item of a transaction.
type txItem struct {
	code   string // order item id, "" for SKU fees
	p      *product
	qty    int // units moved; 0 where only money moved
	promo  string
	leaves leaves
}

// txn is one transaction of Finances. Its money is in items or, when bare, in
// leaves.
type txn struct {
	id, desc  string
	typ       txType
	m         *market
	posted    time.Time
	order     string
	shipment  string
	adjust    string // adjustment id of refunds and reimbursements
	offAmazon bool
	mfn       bool
	items     []*txItem
	leaves    leaves
	bareItem  *txItem // names a product whose money stands in leaves

	reason    string // deferral reason of a deferred transaction
	maturity  time.Time
	release   *txn // of a deferred transaction: its release
	deferred  *txn // of a release: the deferred one
	blankName bool // settlement rows without marketplace name
	group     *settlement
}

func (t *txn) total() int64 {
	sum := t.leaves.sum()
	for _, it := range t.items {
		sum += it.leaves.sum()
	}
	return sum
}

// isDeferred tells a transaction that reaches a settlement only by its release.
func (t *txn) isDeferred() bool { return t.reason != "" && t.deferred == nil }

// saleLeaves is the money of n shipped units of an item.
func saleLeaves(o *order, it *item, n int64, first bool) leaves {
	var l leaves
	if o.offAmazon {
		l.fee(o.m, kFulfilment, -n*o.m.price(tiers[it.p.tier].fee+260))
		return l
	}
	l.add(kPrincipal, n*it.principal)
	l.add(kTax, n*it.tax)
	l.add(kDiscount, -n*it.discount)
	l.add(kPoints, -n*it.points)
	if o.taxWithheld {
		l.add(kWithheld, -n*it.tax)
	}
	l.fee(o.m, kCommission, -n*commission(o, it))
	if categories[it.p.category].closing {
		l.fee(o.m, kClosing, -n*o.m.price(180))
	}
	if !o.mfn {
		l.fee(o.m, kFulfilment, -n*o.m.price(tiers[it.p.tier].fee))
	}
	if first {
		l = append(l, extraLeaves(o, it)...)
	}
	return l
}

// extraLeaves is the money that goes with an item's first parcel.
func extraLeaves(o *order, it *item) leaves {
	var l leaves
	l.add(kShipping, it.shipping)
	l.add(kShippingTax, it.shippingTax)
	l.add(kShippingDiscount, -it.shippingDiscount)
	l.add(kGiftWrap, it.gift)
	l.add(kGiftWrapTax, it.giftTax)
	if o.taxWithheld {
		l.add(kWithheldShipping, -it.shippingTax)
		l.add(kWithheldOther, -it.giftTax)
	}
	if o.mfn {
		l.fee(o.m, kShippingHB, -rate(it.shipping-it.shippingDiscount, 1500))
	} else {
		l.add(kShippingChargeback, -(it.shipping - it.shippingDiscount))
		l.add(kGiftWrapChargeback, -it.gift)
	}
	return l
}

// commission is the referral fee of one unit, before tax on the fee.
func commission(o *order, it *item) int64 {
	base := it.principal - it.discount
	if o.m.Country != "US" {
		base += it.tax // Amazon takes its share of the price with VAT
	}
	return max(rate(base, categories[it.p.category].bp), o.m.price(30))
}

// refundLeaves gives n units of an item back, Amazon keeping a fifth of its
// commission (at most 5 dollars a unit). extras returns shipping too.
func refundLeaves(o *order, it *item, n int64, extras bool) leaves {
	var l leaves
	l.add(kPrincipal, -n*it.principal)
	l.add(kTax, -n*it.tax)
	l.add(kDiscount, n*it.discount)
	l.add(kPointsReturned, n*it.points)
	if o.taxWithheld {
		l.add(kWithheld, n*it.tax)
	}
	c := commission(o, it)
	l.fee(o.m, kCommission, n*c)
	l.fee(o.m, kRefundCommission, -n*min(rate(c, 2000), o.m.price(500)))
	if extras {
		l = append(l, negated(extraLeaves(o, it))...)
	}
	return l
}

func negated(l leaves) leaves {
	out := make(leaves, len(l))
	for i, x := range l {
		out[i] = leaf{x.k, -x.amt}
	}
	return out
}

// shippingOnly gives back what the buyer paid for shipping.
func shippingOnly(o *order, it *item) leaves {
	var l leaves
	for _, x := range extraLeaves(o, it) {
		switch x.k {
		case kShipping, kShippingTax, kShippingDiscount, kWithheldShipping, kShippingChargeback, kShippingHB, kShippingHBTax:
			l.add(x.k, -x.amt)
		}
	}
	return l
}
