package spapifake

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// orderMaker invents the orders of one market.
type orderMaker struct {
	cfg      Config
	m        *market
	products []*product
	r        random
	used     map[string]bool
	shippedA []*order // shipped long ago: replacements refer to them
	original *order   // what the present order replaces
	end      time.Time
}

func makeOrders(cfg Config, m *market, products []*product, count int) []*order {
	g := &orderMaker{cfg: cfg, m: m, products: products, r: stream(cfg.Seed, m.conn, "orders"), used: map[string]bool{}, end: cfg.dataEnd()}
	times := g.times(count)
	stories := g.stories(times)
	list := make([]*order, 0, count)
	for i, t := range times {
		o := g.order(t, stories[i], len(times)-i)
		list = append(list, o)
		if o.status == shipped && !o.free() {
			g.shippedA = append(g.shippedA, o)
		}
	}
	return list
}

// Weight of the months and weekdays; the fourth quarter is the season.
var (
	monthWeight   = [12]float64{0.90, 0.85, 0.90, 0.92, 0.95, 0.95, 1.05, 1.00, 0.98, 1.10, 1.45, 1.70}
	weekdayWeight = [7]float64{1.15, 1.10, 1.02, 1.00, 0.98, 0.92, 0.98}
)

// times draws the purchase times, oldest first. The last few are set close to
// the end so that every demo has orders still to ship.
func (g *orderMaker) times(count int) []time.Time {
	start := g.cfg.dataStart()
	cum := make([]float64, g.cfg.Days)
	sum := 0.0
	for d := range cum {
		day := start.AddDate(0, 0, d).In(g.m.Zone)
		sum += (1 + 0.6*float64(d)/float64(len(cum))) * monthWeight[day.Month()-1] * weekdayWeight[day.Weekday()]
		cum[d] = sum
	}
	list := make([]time.Time, count)
	for i := range list {
		d := sort.SearchFloat64s(cum, g.r.Float64()*sum)
		// Evenings sell more than nights: the mean of two chances.
		s := (g.r.IntN(86400) + g.r.IntN(86400)) / 2
		t := start.AddDate(0, 0, min(d, g.cfg.Days-1)).Add(time.Duration(s) * time.Second)
		if t.After(g.end.Add(-time.Hour)) {
			t = t.AddDate(0, 0, -1)
		}
		list[i] = t.Truncate(time.Second)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Before(list[j]) })
	for i, back := range recentAges {
		if k := count - len(recentAges) + i; k >= len(recentAges) {
			list[k] = g.end.Add(-back).Truncate(time.Second)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Before(list[j]) })
	return list
}

// recentAges are the ages of the newest orders, all still open in some way.
var recentAges = []time.Duration{26 * time.Hour, 5 * time.Hour, 4 * time.Hour, 3 * time.Hour, 30 * time.Minute}

// stories draws what happens to each order, and makes sure that everything
// happens once.
func (g *orderMaker) stories(times []time.Time) []story {
	list := make([]story, len(times))
	old := sort.Search(len(times), func(i int) bool { return times[i].After(g.end.AddDate(0, 0, -60)) })
	for i := range list {
		at := g.r.IntN(1000)
		for s := plain + 1; s < storyCount; s++ {
			if at -= storyPermille[s]; at < 0 {
				list[i] = s
				break
			}
		}
	}
	if old > 2*int(storyCount) {
		for s := plain + 1; s < storyCount; s++ {
			list[int(s)*old/int(storyCount)] = s
		}
	}
	return list
}

// order invents one order; left counts it from the newest (1) backwards.
func (g *orderMaker) order(t time.Time, s story, left int) *order {
	r := g.r
	o := &order{m: g.m, created: t, story: s, mfn: r.permille(150), place: r.IntN(len(places[g.m.Country]))}
	recent := left <= len(recentAges)
	if recent {
		o.story = plain
		o.mfn = left > 2 // three seller-fulfilled, one FBA to ship, one pending
		if left == len(recentAges) {
			o.story = partlyShipped
		}
	}
	g.identify(o)
	g.fill(o)
	for _, it := range o.items {
		g.priceItem(o, it)
	}
	if recent {
		g.openOrder(o, left)
	} else {
		g.fulfil(o)
	}
	return o
}

func (g *orderMaker) identify(o *order) {
	switch o.story {
	case multiChannel:
		o.offAmazon, o.mfn = true, false
		o.id = g.unique(func() string { return "S01-" + g.r.digits(7) + "-" + g.r.digits(7) })
	case replacement:
		if n := len(g.shippedA); n > 0 {
			first := g.shippedA[n-1-g.r.IntN(min(n, 40))]
			o.replacementOf, o.mfn, o.place = first.id, first.mfn, first.place
			g.original = first
		} else {
			o.story = plain
		}
	case businessInvoice:
		o.business = true
	case refundEqualTwice, twoParcels, twoParcelsSameDay, deferred19Days, mysteryFee:
		o.mfn = false
	}
	if o.id == "" {
		o.id = g.unique(func() string {
			return fmt.Sprintf("%s-%s-%s", pick(g.r, g.m.idPrefixes), g.r.digits(7), g.r.digits(7))
		})
	}
	rates := taxRates[g.m.Country]
	o.taxBP = rates[o.place%len(rates)]
	o.taxWithheld = g.m.Country == "US" && o.story != notWithheld
	o.service = pick(g.r, []string{"Expedited", "Standard", "SecondDay"})
}

func (g *orderMaker) unique(make func() string) string {
	for {
		if id := make(); !g.used[id] {
			g.used[id] = true
			return id
		}
	}
}

// fill puts products into the order.
func (g *orderMaker) fill(o *order) {
	r := g.r
	n := 1
	switch {
	case o.story == longTail:
		n = 2 + r.IntN(3)
	case o.free() || o.story == twoParcels || o.story == twoParcelsSameDay || o.story == refundEqualTwice:
	case r.permille(130):
		n = 2
	}
	for range n {
		p := g.product(o)
		if o.replacementOf != "" {
			p = g.original.items[0].p
		}
		qty := 1
		if r.permille(110) || o.story == longTail {
			qty = 1 + r.IntN(3)
		}
		switch o.story {
		case twoParcels, twoParcelsSameDay, refundEqualTwice, partlyShipped:
			qty = 2
		case sameSKUTwice, replacement:
			qty = 1
		}
		o.items = append(o.items, g.newItem(p, qty))
		if o.story == sameSKUTwice {
			o.items = append(o.items, g.newItem(p, qty))
		}
	}
}

func (g *orderMaker) newItem(p *product, qty int) *item {
	return &item{id: g.unique(func() string { return g.r.digits(14) }), p: p, qty: qty}
}

// product draws a product on sale at the time, of the right fulfilment.
func (g *orderMaker) product(o *order) *product {
	fits := func(p *product) bool {
		return !p.launch.After(o.created) && ((o.mfn && p.mfn) || (!o.mfn && p.fba))
	}
	sum := 0.0
	for _, p := range g.products {
		if fits(p) {
			sum += p.weight
		}
	}
	at := g.r.Float64() * sum
	var last *product
	for _, p := range g.products {
		if !fits(p) {
			continue
		}
		last = p
		if at -= p.weight; at < 0 || math.IsNaN(at) {
			break
		}
	}
	return last
}
