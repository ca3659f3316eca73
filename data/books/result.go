package books

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// count makes a fact a counted line of its event.
func (b *builder) count(e *entry) {
	id := idOf(e)
	i, ok := b.byKey[id]
	if !ok {
		i = len(b.events)
		b.byKey[id] = i
		b.events = append(b.events, Event{
			Key: id.key(), Connection: e.f.Connection, Account: e.f.Account, Type: typeOf(e.class),
			AmazonType: e.f.Type, Order: e.f.Order, Item: e.f.Item, SKU: e.f.SKU, Marketplace: e.f.Marketplace,
			Origin: e.f.Source, Occurred: e.occurred, Posted: e.f.Posted,
		})
	}
	ev := &b.events[i]
	ev.Marketplace = cmp.Or(ev.Marketplace, e.f.Marketplace)
	ev.SKU = cmp.Or(ev.SKU, e.f.SKU)
	if e.occurred.Before(ev.Occurred) {
		ev.Occurred = e.occurred
	}
	if e.f.Posted.After(ev.Posted) {
		ev.Posted = e.f.Posted
	}
	e.event = i
	if e.state == "" {
		e.state = Released
	}
	switch e.f.Source {
	case Settlement:
		e.state, e.settled = Settled, e.f.Settlement
		e.by[rank(Settlement)] = true
	case User:
		e.state = Settled
	case Finances: // Amazon itself may name the settlement that took it
		if e.f.Settlement != "" && e.state == Released {
			e.state, e.settled = Settled, e.f.Settlement
		}
	}
	b.lines = append(b.lines, e)
}

func typeOf(c Class) EventType {
	if !loose(c.Line) {
		return c.Event
	}
	switch c.Line.group() {
	case groupAdvertising:
		return Advertised
	case groupReimbursement:
		return Reimbursed
	case groupCash:
		return Transfer
	}
	return Fee
}

// result fills the events in and sorts everything.
func (b *builder) result() (Result, error) {
	perEvent := make([][]*entry, len(b.events))
	for _, l := range b.lines {
		perEvent[l.event] = append(perEvent[l.event], l)
	}
	for i := range b.events {
		b.finish(&b.events[i], perEvent[i])
	}
	b.marketplaces(perEvent)
	b.feeTax()
	b.estimate()
	if err := b.costOfGoods(); err != nil {
		return Result{}, err
	}
	b.charge()
	slices.SortFunc(b.events, func(x, y Event) int {
		return cmp.Or(x.Occurred.Compare(y.Occurred), cmp.Compare(x.Key, y.Key))
	})
	slices.SortStableFunc(b.open, func(x, y Open) int {
		return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.Posting, y.Posting), cmp.Compare(x.Amount.Minor, y.Amount.Minor))
	})
	unknown, err := b.unknown()
	return Result{Events: b.events, Open: b.open, Unknown: unknown}, err
}

func (b *builder) finish(ev *Event, lines []*entry) {
	ev.Lines = make([]MoneyLine, 0, len(lines)+1)
	for _, l := range lines {
		ev.Lines = append(ev.Lines, MoneyLine{
			Line: l.class.Line, Path: l.f.Path, Amount: Money{l.amount, l.f.Amount.Currency},
			Origin: l.f.Source, State: l.state, Fact: l.f.ID, Matched: l.matched, Settlement: l.settled,
		})
		ev.Marketplace = cmp.Or(ev.Marketplace, l.market)
		ev.Order = cmp.Or(ev.Order, l.order)
		ev.Settlement = cmp.Or(ev.Settlement, l.settled)
		if ev.State == "" || finality(l.state) < finality(ev.State) {
			ev.State = l.state
		}
	}
	ev.Quantity = quantity(ev, lines)
	for i := range ev.Lines {
		if l := &ev.Lines[i]; (ev.Type == Sale && l.Line == SalesProduct) || (ev.Type == Refund && l.Line == RefundProduct) {
			l.Quantity = ev.Quantity
			break
		}
	}
	if b.cx.OrderDate != nil && ev.Order != "" {
		ev.OrderDate = b.cx.OrderDate(ev.Order)
	}
}

// feeTax takes tax on fees that comes back to the seller off his costs. It is done
// last: sources that tell a fee and its tax in one amount are matched before.
func (b *builder) feeTax() {
	if b.cx.FeeTaxBack == nil {
		return
	}
	for i := range b.events {
		ev := &b.events[i]
		for j := range ev.Lines {
			if l := &ev.Lines[j]; IsFeeTax(l.Line, l.Path) && b.cx.FeeTaxBack(ev.Marketplace) {
				l.Line = TaxInput
			}
		}
	}
}

func finality(s State) int {
	return slices.Index([]State{Estimated, Deferred, Released, Settled}, s)
}

// quantity adds up the units of an event. Finances tells them once per item;
// settlement rows may each repeat them, or tell them on the first row only.
func quantity(ev *Event, lines []*entry) int64 {
	if ev.Type != Sale && ev.Type != Refund {
		return 0
	}
	var sum, goods, most, twins, told, goodsRows int64
	for _, l := range lines {
		q := max(l.f.Quantity, -l.f.Quantity)
		sum += q
		most = max(most, q)
		twins += max(l.twinQty, -l.twinQty)
		if q > 0 {
			told++
		}
		if l.class.Line == SalesProduct || l.class.Line == RefundProduct {
			goodsRows++
			goods += q
		}
	}
	switch {
	case ev.Origin == Finances || ev.Origin == User:
		return cmp.Or(sum, twins)
	case goods > 0:
		return goods
	case told <= goodsRows:
		return sum
	}
	return most
}

// marketplaces fills in where an event belongs, and with it its day.
func (b *builder) marketplaces(perEvent [][]*entry) {
	var known string
	if !b.loose {
		for _, ev := range b.events {
			if known = ev.Marketplace; known != "" {
				break
			}
		}
	}
	for i := range b.events {
		ev := &b.events[i]
		if ev.Marketplace == "" {
			ev.Marketplace = known
		}
		if ev.Marketplace == "" && b.cx.Marketplace != nil {
			ev.Marketplace = b.cx.Marketplace(*perEvent[i][0].f)
		}
		ev.Day = b.day(ev.Marketplace, ev.Occurred)
	}
}

// day gives an instant as a day of the marketplace.
func (b *builder) day(marketplace string, at time.Time) string {
	zone := time.UTC
	if b.cx.Zone != nil {
		if z := b.cx.Zone(marketplace); z != nil {
			zone = z
		}
	}
	return at.In(zone).Format(time.DateOnly)
}

// unknown lists the names no rule knows, of what is counted.
func (b *builder) unknown() ([]Unknown, error) {
	var out []Unknown
	at := map[Unknown]int{}
	for _, l := range b.lines {
		if l.class.Known {
			continue
		}
		m := Money{l.amount, l.f.Amount.Currency}
		key := Unknown{l.f.Source, l.f.Type, l.f.Path, l.f.Note, 0, Money{Currency: m.Currency}}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, key)
		}
		sum, err := out[i].Amount.Add(m)
		if err != nil {
			return nil, fmt.Errorf("add up unknown %s: %w", l.f.Path, err)
		}
		out[i].Amount = sum
		out[i].Count++
	}
	slices.SortFunc(out, func(x, y Unknown) int {
		return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.Type, y.Type), cmp.Compare(x.Path, y.Path),
			cmp.Compare(x.Note, y.Note), cmp.Compare(x.Amount.Currency, y.Amount.Currency))
	})
	return out, nil
}
