package spapifake

import "time"

// fulfil decides when an order that is not among the newest was cancelled or
// shipped, and in how many parcels.
func (g *orderMaker) fulfil(o *order) {
	r := g.r
	if o.story == cancelledEarly {
		at := o.created.Add(time.Duration(r.between(600, 60000)) * time.Second)
		if at.After(g.end) {
			at = g.end
		}
		o.status, o.updated = cancelled, at
		return
	}
	wait := r.between(2*3600, 40*3600)
	if o.mfn {
		wait = r.between(6*3600, 70*3600)
	}
	at := o.created.Add(time.Duration(wait) * time.Second)
	if at.After(g.end) {
		g.waiting(o)
		return
	}
	first, second := o.split()
	g.addParcel(o, at, first)
	if second != nil {
		next := at.Add(time.Duration(r.between(20*3600, 70*3600)) * time.Second)
		if o.story == twoParcelsSameDay {
			next = at.Add(time.Duration(r.between(60, 900)) * time.Second)
		}
		if !next.After(g.end) {
			g.addParcel(o, next, second)
		}
	}
	g.settleStatus(o)
}

// waiting leaves an order unshipped, or pending while it is very young.
func (g *orderMaker) waiting(o *order) {
	o.status = unshipped
	if g.end.Sub(o.created) < 12*time.Hour && g.r.permille(400) {
		o.status = pending
	}
	o.updated = earlier(o.created.Add(time.Duration(g.r.between(60, 1500))*time.Second), g.end)
}

// openOrder gives the newest orders of a market their fixed states.
func (g *orderMaker) openOrder(o *order, left int) {
	if o.story == partlyShipped {
		first, _ := o.split()
		g.addParcel(o, earlier(o.created.Add(14*time.Hour), g.end), first)
		g.settleStatus(o)
		return
	}
	o.status = unshipped
	if left == 1 {
		o.status = pending
	}
	o.updated = earlier(o.created.Add(5*time.Minute), g.end)
}

// split divides an order's units into one or two parcels.
func (o *order) split() (first, second []parcelLine) {
	two := o.story == twoParcels || o.story == twoParcelsSameDay || o.story == partlyShipped
	for _, it := range o.items {
		if two && it.qty > 1 {
			half := it.qty / 2
			first = append(first, parcelLine{it, half, true})
			second = append(second, parcelLine{it, it.qty - half, false})
			continue
		}
		first = append(first, parcelLine{it, it.qty, true})
	}
	return first, second
}

func (g *orderMaker) addParcel(o *order, at time.Time, lines []parcelLine) {
	for _, l := range lines {
		l.item.sent += l.qty
	}
	o.parcels = append(o.parcels, &parcel{at: at, shipment: "D" + g.r.text(8, upperDigits), tracking: "1Z" + g.r.text(16, upperDigits), lines: lines})
}

func (g *orderMaker) settleStatus(o *order) {
	o.status = shipped
	for _, it := range o.items {
		if it.sent < it.qty {
			o.status = partiallyShipped
		}
	}
	o.updated = o.parcels[len(o.parcels)-1].at
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
