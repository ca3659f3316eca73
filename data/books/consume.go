package books

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

type orderSKU struct{ order, sku string }

// costOfGoods puts the cost of the units that left on the events that shipped
// them, and makes events for shipments without money.
//
// A sale of goods ships its units. A sale without goods (the fulfilment fee of a
// multi-channel order) ships its own too, unless the order's goods are sold
// anyway, and never more than left the house where that is told. What left beyond
// both went without money.
func (b *builder) costOfGoods() error {
	told := map[orderSKU]int64{}
	for _, c := range b.cx.Consumption {
		told[orderSKU{c.Order, c.SKU}] += max(c.Units, 0)
	}
	shipped := map[orderSKU]int64{}
	for i := range b.events {
		if ev := &b.events[i]; sellsGoods(ev) {
			shipped[orderSKU{ev.Order, ev.SKU}] += ev.Quantity
			if err := b.cost(ev, ev.Quantity, ev.Lines[0].Amount.Currency); err != nil {
				return err
			}
		}
	}
	sold := maps.Clone(shipped)
	fees := make([]*Event, 0, len(b.events))
	for i := range b.events {
		if ev := &b.events[i]; ev.Type == Sale && !sellsGoods(ev) && sold[orderSKU{ev.Order, ev.SKU}] == 0 {
			fees = append(fees, ev)
		}
	}
	slices.SortFunc(fees, func(x, y *Event) int {
		return cmp.Or(x.Occurred.Compare(y.Occurred), cmp.Compare(x.Key, y.Key))
	})
	for _, ev := range fees {
		k, units := orderSKU{ev.Order, ev.SKU}, ev.Quantity
		if total, known := told[k]; known {
			units = min(units, total-shipped[k])
		}
		shipped[k] += max(units, 0)
		if err := b.cost(ev, units, ev.Lines[0].Amount.Currency); err != nil {
			return err
		}
	}
	if err := b.shipUnpaid(shipped); err != nil {
		return err
	}
	return b.moveGoods()
}

func sellsGoods(ev *Event) bool {
	return ev.Type == Sale && slices.ContainsFunc(ev.Lines, func(l MoneyLine) bool { return l.Line == SalesProduct })
}

// cost adds the cost of an event's units: known, or uncovered; never 0 for want
// of a cost.
func (b *builder) cost(ev *Event, units int64, currency string) error {
	if units <= 0 {
		return nil
	}
	line := MoneyLine{Line: COGS, Origin: User, State: Settled, Quantity: units}
	if ev.State == Estimated {
		line.State = Estimated
	}
	c, ok := b.cx.Costs.At(ev.SKU, ev.Marketplace, currency, ev.Day)
	if b.layered(ev.SKU) {
		ok, currency = false, cmp.Or(currency, b.cx.Currency)
	}
	if ok {
		m, err := c.Unit.Times(units, c.Currency)
		if err != nil {
			return fmt.Errorf("cost of %d %s: %w", units, ev.SKU, err)
		}
		line.Amount = m.Neg()
	} else {
		ev.Uncovered = units
		line.Uncovered, line.Amount = units, Money{0, currency}
	}
	ev.Lines = append(ev.Lines, line)
	return nil
}

// shipUnpaid makes events of the units that left without money: of all that left
// for an order and SKU, the first are those that paid events shipped.
func (b *builder) shipUnpaid(left map[orderSKU]int64) error {
	list := slices.Clone(b.cx.Consumption)
	slices.SortFunc(list, func(x, y Consumption) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Order, y.Order), cmp.Compare(x.SKU, y.SKU),
			cmp.Compare(x.Units, y.Units), cmp.Compare(x.Connection, y.Connection))
	})
	ordinal := map[eventID]int{}
	scopeCurrency := ""
	if len(b.events) > 0 {
		scopeCurrency = b.events[0].Lines[0].Amount.Currency
	}
	for _, c := range list {
		k := orderSKU{c.Order, c.SKU}
		off := min(left[k], c.Units)
		left[k] -= off
		units := c.Units - off
		if units <= 0 {
			continue
		}
		id := eventID{source: "shipment", conn: c.Connection, posting: c.Order, sku: c.SKU, at: c.At.UnixNano()}
		ordinal[id]++
		id.extra = strconv.Itoa(ordinal[id])
		ev := Event{
			Key: id.key(), Connection: c.Connection, Type: ShippedUnpaid, Order: c.Order, SKU: c.SKU,
			Marketplace: c.Marketplace, Origin: User, State: Settled, Occurred: c.At.UTC(), Posted: c.At.UTC(),
			Day: b.day(c.Marketplace, c.At), Quantity: units,
		}
		if b.cx.OrderDate != nil {
			ev.OrderDate = b.cx.OrderDate(c.Order)
		}
		if err := b.cost(&ev, units, cmp.Or(c.Currency, scopeCurrency)); err != nil {
			return err
		}
		b.events = append(b.events, ev)
	}
	return nil
}
