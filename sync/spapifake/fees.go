package spapifake

import "time"

// months calls f with the first instant of every marketplace month that
// begins within the data.
func (g *ledger) months(f func(first time.Time)) {
	t := g.cfg.dataStart().In(g.m.Zone)
	for first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, g.m.Zone); first.Before(g.end); first = first.AddDate(0, 1, 0) {
		if !first.Before(g.cfg.dataStart()) {
			f(first)
		}
	}
}

// storage charges last month's storage: one fee per SKU on the 8th, and on the
// 15th a fee for goods that lie too long.
func (k *stockKeeper) storage() {
	k.months(func(first time.Time) {
		prev := first.AddDate(0, -1, 0)
		lo, hi := k.day(prev), k.day(first)
		perFoot := int64(78)
		if prev.Month() >= time.October {
			perFoot = 240
		}
		aged := 0
		for i, p := range k.products {
			if !p.fba || hi <= lo {
				continue
			}
			var unitDays int64
			for _, n := range p.stock.daily[lo:hi] {
				unitDays += n
			}
			volume := tiers[p.tier].volume
			at := first.AddDate(0, 0, 7).Add(4*time.Hour + 12*time.Minute + time.Duration(i)*time.Second)
			k.skuFee(at, "FBAStorageBilling", p, kStorage, k.m.price(divRound(unitDays*volume*perFoot, 28317*int64(hi-lo))))
			if i > len(k.products)/2 && aged < 3 && p.stock.daily[lo] > 8 {
				aged++
				k.skuFee(at.AddDate(0, 0, 7), "StorageRenewalBilling", p, kAged, k.m.price(divRound(p.stock.daily[lo]*volume*345, 28317*4)))
			}
		}
	})
}

func (g *ledger) skuFee(at time.Time, desc string, p *product, k kind, amount int64) {
	if amount <= 0 {
		return
	}
	x := &txItem{p: p}
	x.leaves.fee(g.m, k, -amount)
	g.post(&txn{typ: tServiceFee, desc: desc, posted: at, items: []*txItem{x}})
}

func (g *ledger) fee(at time.Time, desc string, k kind, amount int64) {
	t := &txn{typ: tServiceFee, desc: desc, posted: at}
	t.leaves.fee(g.m, k, -amount)
	g.post(t)
}

// accountFees posts what does not hang on an order or a SKU.
func (g *ledger) accountFees() {
	subscription := map[string]int64{"US": 3999, "DE": 3900, "JP": 4900}[g.m.Country]
	n := 0
	g.months(func(first time.Time) {
		n++
		at := first.AddDate(0, 0, 1).Add(3*time.Hour + 17*time.Minute)
		g.fee(at, "Subscription Fee", kSubscription, subscription)
		if n%2 == 0 {
			for range 2 { // two coupons of one second: lines equal in every field
				g.fee(at.AddDate(0, 0, 9), "CouponParticipationFee", kCouponFixed, g.m.price(500))
			}
			g.fee(at.AddDate(0, 0, 16), "CouponPerformanceFee", kCouponSales, g.m.price(g.r.between(300, 4800)))
		}
		if n%3 == 1 {
			g.fee(at.AddDate(0, 0, 12), "CustomerReturnHRRUnitFee", kReturnUnit, g.r.between(1, 6)*g.m.price(260))
		}
		if n%6 == 2 {
			g.fee(at.AddDate(0, 0, 4), "HighVolumeListingFee", kHighVolume, g.m.price(g.r.between(500, 1500)))
		}
		if n%5 == 3 {
			g.fee(at.AddDate(0, 0, 18), "NewMysteryFee2026", kMystery, g.m.price(g.r.between(111, 999)))
		}
	})
	if g.m.Country == "US" {
		g.loan()
	}
}

// loan is Amazon's lending: an advance and twelve monthly payments.
func (g *ledger) loan() {
	at := g.cfg.dataStart().AddDate(0, 0, 90).Add(17 * time.Hour)
	g.post(&txn{typ: tLoan, posted: at, leaves: leaves{{kLoanAdvance, 800000}}})
	for i := 1; i <= 12; i++ {
		g.post(&txn{typ: tLoan, posted: at.AddDate(0, i, 0), leaves: leaves{{kLoanPayment, -70000}}})
	}
}

// advertising charges every third day a part of what was sold in these days.
func (g *ledger) advertising() {
	g.sort()
	sales := g.txns
	i := 0
	for at := g.cfg.dataStart().AddDate(0, 0, 3); at.Before(g.end); at = at.AddDate(0, 0, 3) {
		var sold int64
		for ; i < len(sales) && sales[i].posted.Before(at); i++ {
			if t := sales[i]; t.typ == tShipment && t.deferred == nil {
				for _, it := range t.items {
					for _, l := range it.leaves {
						if l.k == kPrincipal {
							sold += l.amt
						}
					}
				}
			}
		}
		if cost := rate(sold, g.r.between(350, 950)); cost > 0 {
			t := &txn{typ: tAds, posted: at.Truncate(24 * time.Hour).Add(18*time.Hour + 16*time.Minute + 34*time.Second)}
			t.leaves.fee(g.m, kAds, -cost)
			g.post(t)
		}
	}
}
