package books

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MoveKind says what happened to units.
type MoveKind uint8

// The kinds of moves.
const (
	Shipped  MoveKind = iota // to a buyer, with or without money
	Returned                 // by the buyer, and can be sold again
	Lost                     // lost, damaged or disposed of: written off
	Found                    // found again: takes a write-off back
)

// Move is units of a SKU that came or went.
type Move struct {
	Key         string // of the event that tells of it; makes the order of equal times certain
	Kind        MoveKind
	Order       string // of Shipped and Returned
	SKU         string
	Marketplace string
	Currency    string // in which the cost is wanted
	Day         string // the marketplace's day, YYYY-MM-DD
	At          time.Time
	Units       int64 // above 0
}

// SortMoves brings moves into the order in which a Ledger takes them.
func SortMoves(moves []Move) { slices.SortFunc(moves, CompareMoves) }

// CompareMoves orders two moves: by day, instant and name.
func CompareMoves(a, b Move) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), a.At.Compare(b.At), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Kind, b.Kind))
}

// Gap says why units have no cost.
type Gap string

// The gaps.
const (
	GapNone     Gap = ""
	GapNoBatch  Gap = "batch"    // no batch and no unit cost by that day
	GapSoldOut  Gap = "sold out" // all batches by that day were used up
	GapNoRate   Gap = "rate"     // the cost is in another currency and no rate is known
	GapNoOrigin Gap = "origin"   // a return whose sale has no cost itself
)

// Draw is the part of a batch that a move took (or gave back, below 0).
type Draw struct {
	Batch int64 // 0: a unit cost that was typed in
	SKU   string
	Units int64 // below 0 when given back
	Cost  Money // in the currency paid, below 0 when given back; no currency: an average over several
	Fixed Money // the same in the book's currency
}

// Costed is what a move cost.
type Costed struct {
	Amount    Money // in the move's currency; seller's sign: below 0 when goods leave
	Uncovered int64 // units without a known cost: not in Amount
	Gap       Gap   // why
	Draws     []Draw
}

// Basis is what goods cost and how that is counted.
type Basis struct {
	Method  Method
	Batches []Batch
	Kits    map[string][]Part // what a kit or multipack holds; parts are no kits themselves
	Units   *Costs            // unit costs that were typed in
	Rates   *Rates
}

// Ledger follows the stock of some SKUs through time and costs each move. It is
// pure and not safe for concurrent use.
type Ledger struct {
	basis  Basis
	stocks map[string]*stock
	sales  map[drawKey][]piece // what each order drew; the last comes back first
	lost   map[string][]piece  // what was written off, by SKU
	day    string
}

// drawKey names what an order drew: of the SKU sold and the part of it.
type drawKey struct{ order, sku, part string }

// ErrOrder reports moves that are given to a Ledger out of order.
var ErrOrder = errors.New("moves out of order")

// NewLedger starts a ledger with nothing in stock. A batch without units or with
// a negative cost is an error.
func NewLedger(basis Basis) (*Ledger, error) {
	l := &Ledger{basis: basis, stocks: map[string]*stock{}, sales: map[drawKey][]piece{}, lost: map[string][]piece{}}
	for i := range basis.Batches {
		b := &basis.Batches[i]
		if err := b.check(); err != nil {
			return nil, err
		}
		s := l.stock(b.SKU)
		s.waiting = append(s.waiting, b)
	}
	for _, s := range l.stocks {
		slices.SortFunc(s.waiting, (*Batch).compare)
	}
	return l, nil
}

func (l *Ledger) stock(sku string) *stock {
	s := l.stocks[sku]
	if s == nil {
		s = &stock{method: l.basis.Method, pools: map[string]*pool{}}
		l.stocks[sku] = s
	}
	return s
}

// Layered tells whether the cost of a SKU follows its batches: it has some, or it
// is a kit. Of other SKUs the typed unit cost counts, whatever the method.
func (l *Ledger) Layered(sku string) bool {
	if len(l.basis.Kits[sku]) > 0 {
		return true
	}
	_, ok := l.stocks[sku]
	return ok
}

// Apply costs the next move. Moves come in the order of SortMoves; one that is
// older than the day before it is ErrOrder.
func (l *Ledger) Apply(m Move) (Costed, error) {
	if m.Day < l.day {
		return Costed{}, fmt.Errorf("%w: %s after %s", ErrOrder, m.Day, l.day)
	}
	l.day = m.Day
	if m.Units <= 0 {
		return Costed{Amount: Money{0, m.Currency}}, nil
	}
	parts := l.basis.Kits[m.SKU]
	if len(parts) == 0 || l.typedKit(m) {
		parts = []Part{{m.SKU, 1}}
	}
	out := Costed{Amount: Money{0, m.Currency}}
	for _, p := range parts {
		units, ok := mulUnits(m.Units, p.Units)
		if !ok {
			return Costed{}, fmt.Errorf("units of kit %s: %w", m.SKU, ErrOverflow)
		}
		pieces, err := l.part(m, p.SKU, units)
		if err == nil {
			err = out.add(pieces, m, p)
		}
		if err != nil {
			return Costed{}, fmt.Errorf("cost of %d %s: %w", m.Units, m.SKU, err)
		}
	}
	return out, nil
}

// add puts the pieces of one part into the cost of a move.
func (c *Costed) add(pieces []piece, m Move, part Part) error {
	sign := int64(-1) // goods leave: a cost
	if m.Kind == Returned || m.Kind == Found {
		sign = 1
	}
	var gap int64
	for _, p := range pieces {
		c.Draws = append(c.Draws, Draw{
			Batch: p.batch, SKU: part.SKU, Units: -sign * p.units(),
			Cost: Money{-sign * p.cost.Minor, p.cost.Currency}, Fixed: Money{-sign * p.fixed.Minor, p.fixed.Currency},
		})
		if p.gap != GapNone {
			gap += p.units()
			c.Gap = cmp.Or(c.Gap, p.gap)
			continue
		}
		c.Amount.Currency = cmp.Or(c.Amount.Currency, p.out.Currency)
		if err := sumInto(&c.Amount.Minor, sign*p.out.Minor); err != nil {
			return err
		}
	}
	if m.Kind == Found && gap > 0 { // a write-off without a cost, or none at all: nothing to take back
		gap, c.Gap = 0, GapNone
	}
	if m.Kind == Returned && gap > 0 {
		c.Gap = GapNoOrigin
	}
	c.Uncovered = max(c.Uncovered, (gap+part.Units-1)/part.Units)
	return nil
}

// typedKit tells that a kit has a unit cost of its own, which by period counts.
func (l *Ledger) typedKit(m Move) bool {
	if l.basis.Method != ByPeriod {
		return false
	}
	_, ok := l.basis.Units.At(m.SKU, m.Marketplace, "", m.Day)
	return ok
}

func mulUnits(a, b int64) (int64, bool) {
	if a > 0 && b > (1<<62)/a {
		return 0, false
	}
	return a * b, true
}

// part moves units of one SKU.
func (l *Ledger) part(m Move, sku string, units int64) ([]piece, error) {
	key := drawKey{m.Order, m.SKU, sku}
	switch m.Kind {
	case Returned:
		back, left := l.giveBack(l.sales[key], sku, units, m.Day)
		l.sales[key] = left
		return back, nil
	case Found:
		back, left := l.giveBack(l.lost[sku], sku, units, m.Day)
		l.lost[sku] = left
		return back, nil
	}
	pieces, err := l.draw(m, sku, units)
	if m.Kind == Lost {
		l.lost[sku] = append(l.lost[sku], pieces...)
	} else {
		l.sales[key] = append(l.sales[key], pieces...)
	}
	return pieces, err
}

// giveBack puts units back into stock as they left, the last first. Units beyond
// what left are passed over: nobody knows what they cost.
func (l *Ledger) giveBack(from []piece, sku string, units int64, day string) (back, left []piece) {
	if s, ok := l.stocks[sku]; ok {
		s.arrive(day)
	}
	for units > 0 && len(from) > 0 {
		p := from[len(from)-1]
		from = from[:len(from)-1]
		if p.units() > units {
			rest, cut := p.split(units)
			from, p = append(from, rest), cut
		}
		units -= p.units()
		if p.l != nil {
			l.stocks[sku].give(p)
		}
		back = append(back, p)
	}
	return back, from
}

// draw takes units out of stock and prices them.
func (l *Ledger) draw(m Move, sku string, units int64) ([]piece, error) {
	s, layered := l.stocks[sku]
	var pieces []piece
	missing, gap := units, GapNoBatch
	if layered {
		s.arrive(m.Day)
		if pieces, missing = s.take(units, m.Marketplace); len(s.newest) > 0 {
			gap = GapSoldOut
		}
	}
	if missing > 0 {
		pieces = append(pieces, piece{unitSpan: unitSpan{1, missing}, gap: gap})
	}
	if !layered || l.basis.Method == ByPeriod {
		return l.byPeriod(m, sku, pieces, units)
	}
	for i := range pieces {
		if p := &pieces[i]; p.l != nil {
			if err := l.convert(p, m); err != nil {
				return nil, err
			}
		}
	}
	return pieces, nil
}

// convert puts a piece's cost into the currency of the move: as it was paid, as
// it was fixed, else at the rate of the day.
func (l *Ledger) convert(p *piece, m Move) error {
	switch m.Currency {
	case "":
		p.out = p.fixed // nobody told a currency: its own
		return nil
	case p.cost.Currency:
		p.out = p.cost
		return nil
	case p.fixed.Currency:
		p.out = p.fixed
		return nil
	}
	x, ok := l.basis.Rates.At(p.fixed.Currency, m.Currency, m.Day)
	if !ok {
		p.gap = GapNoRate
		return nil
	}
	var err error
	p.out, err = x.Convert(p.fixed)
	return err
}
