package books

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

type orderSKU struct{ order, sku string }

// costOfGoods puts the cost of the units that left on the events that shipped
// them, and makes events for shipments without money.
func (b *builder) costOfGoods() error {
	sold := map[orderSKU]int64{} // units that sales of goods shipped
	for i := range b.events {
		if ev := &b.events[i]; sellsGoods(ev) {
			sold[orderSKU{ev.Order, ev.SKU}] += ev.Quantity
		}
	}
	told := map[orderSKU]bool{} // the shipment itself is known
	for _, c := range b.cx.Consumption {
		told[orderSKU{c.Order, c.SKU}] = true
	}
	for i := range b.events {
		ev := &b.events[i]
		k := orderSKU{ev.Order, ev.SKU}
		if !sellsGoods(ev) && (ev.Type != Sale || told[k] || sold[k] > 0) {
			continue // a fee alone ships nothing, unless nothing else tells of the units
		}
		if err := b.cost(ev, ev.Lines[0].Amount.Currency); err != nil {
			return err
		}
	}
	return b.shipUnpaid(sold)
}

func sellsGoods(ev *Event) bool {
	return ev.Type == Sale && slices.ContainsFunc(ev.Lines, func(l MoneyLine) bool { return l.Line == SalesProduct })
}

// cost adds the cost of an event's units: known, or uncovered; never 0 for want
// of a cost.
func (b *builder) cost(ev *Event, currency string) error {
	if ev.Quantity <= 0 {
		return nil
	}
	line := MoneyLine{Line: COGS, Origin: User, State: Settled, Quantity: ev.Quantity}
	c, ok := b.cx.Costs.At(ev.SKU, ev.Marketplace, currency, ev.Day)
	if ok {
		m, err := c.Unit.Times(ev.Quantity, c.Currency)
		if err != nil {
			return fmt.Errorf("cost of %d %s: %w", ev.Quantity, ev.SKU, err)
		}
		line.Amount = m.Neg()
	} else {
		ev.Uncovered = ev.Quantity
		line.Uncovered, line.Amount = ev.Quantity, Money{0, currency}
	}
	ev.Lines = append(ev.Lines, line)
	return nil
}

// shipUnpaid makes events of the units that left without a sale: of all that
// left for an order and SKU, the first are those the sales shipped.
func (b *builder) shipUnpaid(left map[orderSKU]int64) error {
	list := slices.Clone(b.cx.Consumption)
	slices.SortFunc(list, func(x, y Consumption) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Order, y.Order), cmp.Compare(x.SKU, y.SKU),
			cmp.Compare(x.Units, y.Units), cmp.Compare(x.Connection, y.Connection))
	})
	ordinal := map[eventID]int{}
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
		if err := b.cost(&ev, c.Currency); err != nil {
			return err
		}
		b.events = append(b.events, ev)
	}
	return nil
}
