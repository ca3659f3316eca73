package spapifake

// priceItem sets what the buyer pays for an item at the time of the order.
// In the US prices are without tax; in DE and JP they hold it.
func (g *orderMaker) priceItem(o *order, it *item) {
	if o.free() {
		return
	}
	r, m := g.r, g.m
	shown := it.p.priceAt(o.created)
	if o.business {
		shown -= rate(shown, 300)
	}
	if o.story == discounted || r.permille(15) {
		it.discount = rate(shown, r.between(5, 25)*100)
		it.promotion = "PAWS-V2-" + r.digits(11) + "-1"
	}
	it.principal, it.tax = splitTax(m, shown, it.discount, o.taxBP)
	shipping := o.mfn || o.story == freeShipping || o.story == refundShipping || r.permille(60)
	if o.story == twoParcels || o.story == twoParcelsSameDay || o.story == refundEqualTwice {
		shipping = false // both halves carry the same amounts
	}
	if shipping {
		it.shipping, it.shippingTax = splitTax(m, m.price(r.between(299, 799)), 0, o.taxBP)
		if o.story == freeShipping {
			it.shippingDiscount = it.shipping
			it.shippingTax = 0
			it.promotion = "Core Free Shipping " + r.digits(6)
		}
	}
	if o.story == giftWrapped || r.permille(4) {
		it.gift, it.giftTax = splitTax(m, m.price(399), 0, o.taxBP)
	}
	if m.Country == "JP" && r.permille(300) {
		it.points = rate(shown, 100)
	}
}

// splitTax divides a shown price into what the seller books as price and tax.
func splitTax(m *market, shown, discount, bp int64) (net, tax int64) {
	if m.Country == "US" {
		return shown, rate(shown-discount, bp)
	}
	tax = divRound((shown-discount)*bp, 10000+bp)
	return shown - tax, tax
}
