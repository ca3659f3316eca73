package books

import (
	"cmp"
	"slices"
)

func (b *builder) layered(sku string) bool { return b.cx.Layered != nil && b.cx.Layered(sku) }

// MoveOf tells the move of goods behind an event's cost line; false when it has
// none. units are those of the cost line.
func MoveOf(typ EventType, units int64) (kind MoveKind, n int64, ok bool) {
	switch typ {
	case GoodsReturned:
		return Returned, -units, units < 0
	case GoodsFound:
		return Found, -units, units < 0
	case GoodsLost:
		return Lost, units, units > 0
	case Sale, ShippedUnpaid:
		return Shipped, units, units > 0
	}
	return Shipped, 0, false // what stands in for closed days moves nothing
}

var goodsTypes = map[MoveKind]EventType{Returned: GoodsReturned, Lost: GoodsLost, Found: GoodsFound}

// EventKey is the key of the event that goods make.
func (g Goods) EventKey() string {
	return eventID{source: Source(goodsTypes[g.Kind]), conn: g.Connection, posting: g.Key, sku: g.SKU}.key()
}

// moveGoods makes events of goods that came back, were lost or were found. Their
// cost follows from the moves before them in this scope, which holds an order's
// sales, or all write-offs of a SKU.
func (b *builder) moveGoods() error {
	var moved []int
	for _, g := range b.cx.Goods {
		typ, ok := goodsTypes[g.Kind]
		if !ok || g.Units <= 0 {
			continue
		}
		units := g.Units
		if g.Kind != Lost {
			units = -units
		}
		ev := Event{
			Key: g.EventKey(), Connection: g.Connection, Type: typ, Order: g.Order, SKU: g.SKU, Marketplace: g.Marketplace,
			Origin: User, State: Settled, Occurred: g.At.UTC(), Posted: g.At.UTC(), Day: b.day(g.Marketplace, g.At), Quantity: g.Units,
			Lines: []MoneyLine{{Line: COGS, Origin: User, State: Settled, Quantity: units, Amount: Money{0, cmp.Or(g.Currency, b.cx.Currency)}}},
		}
		if b.cx.OrderDate != nil && g.Order != "" {
			ev.OrderDate = b.cx.OrderDate(g.Order)
		}
		if b.layered(g.SKU) && g.Kind == Lost {
			ev.Uncovered, ev.Lines[0].Uncovered = g.Units, g.Units
		}
		moved = append(moved, len(b.events))
		b.events = append(b.events, ev)
	}
	if len(moved) == 0 {
		return nil
	}
	return b.costGoods(moved)
}

// costGoods costs the moves of SKUs without batches.
func (b *builder) costGoods(moved []int) error {
	ledger, err := NewLedger(Basis{Method: ByPeriod, Units: b.cx.Costs})
	if err != nil {
		return err
	}
	var moves []Move
	at := map[string]int{}
	for i := range b.events {
		ev := &b.events[i]
		j := ev.costLine()
		if j < 0 || b.layered(ev.SKU) {
			continue
		}
		if m, ok := ev.move(j); ok {
			moves = append(moves, m)
			at[m.Key] = i
		}
	}
	SortMoves(moves)
	for _, m := range moves {
		c, err := ledger.Apply(m)
		if err != nil {
			return err
		}
		if i := at[m.Key]; slices.Contains(moved, i) {
			ev := &b.events[i]
			l := &ev.Lines[0]
			l.Amount, l.Uncovered, ev.Uncovered = c.Amount, c.Uncovered, c.Uncovered
		}
	}
	return nil
}

func (ev *Event) costLine() int {
	return slices.IndexFunc(ev.Lines, func(l MoneyLine) bool { return l.Line == COGS })
}

func (ev *Event) move(line int) (Move, bool) {
	l := &ev.Lines[line]
	kind, units, ok := MoveOf(ev.Type, l.Quantity)
	return Move{
		Key: ev.Key, Kind: kind, Order: ev.Order, SKU: ev.SKU, Marketplace: ev.Marketplace, Currency: l.Amount.Currency,
		Day: ev.Day, At: ev.Occurred, Units: units,
	}, ok
}

// estimate makes events of what was shipped and not paid for yet.
func (b *builder) estimate() {
	sold := map[orderSKU]bool{}
	for i := range b.events {
		if ev := &b.events[i]; ev.Type == Sale || ev.Type == Refund {
			sold[orderSKU{ev.Order, ev.SKU}] = true
		}
	}
	for _, e := range b.cx.Estimates {
		if sold[orderSKU{e.Order, e.SKU}] || len(e.Lines) == 0 {
			continue
		}
		id := eventID{source: Estimation, conn: e.Connection, posting: e.Order, item: e.Item, sku: e.SKU}
		ev := Event{
			Key: id.key(), Connection: e.Connection, Type: Sale, Order: e.Order, Item: e.Item, SKU: e.SKU, Marketplace: e.Marketplace,
			Origin: Estimation, State: Estimated, Occurred: e.At.UTC(), Posted: e.At.UTC(), Day: b.day(e.Marketplace, e.At), Quantity: e.Units,
		}
		if b.cx.OrderDate != nil {
			ev.OrderDate = b.cx.OrderDate(e.Order)
		}
		for _, l := range e.Lines {
			l.Origin, l.State = Estimation, Estimated
			if l.Line == SalesProduct {
				l.Quantity = e.Units
			}
			ev.Lines = append(ev.Lines, l)
		}
		b.events = append(b.events, ev)
	}
}

// charge makes events of postage and expenses.
func (b *builder) charge() {
	for _, c := range b.cx.Charges {
		if c.Amount.Minor == 0 {
			continue
		}
		id := eventID{source: User, conn: c.Connection, posting: c.Key, sku: c.SKU, extra: string(c.Line)}
		ev := Event{
			Key: id.key(), Connection: c.Connection, Type: Charged, Order: c.Order, SKU: c.SKU, Marketplace: c.Marketplace,
			Origin: User, State: Settled, Occurred: c.At.UTC(), Posted: c.At.UTC(), Day: c.Day,
			Lines: []MoneyLine{{Line: c.Line, Path: c.Name, Amount: c.Amount, Origin: User, State: Settled}},
		}
		if ev.Day == "" {
			ev.Day = b.day(c.Marketplace, c.At)
		}
		if b.cx.OrderDate != nil && c.Order != "" {
			ev.OrderDate = b.cx.OrderDate(c.Order)
		}
		b.events = append(b.events, ev)
	}
}
