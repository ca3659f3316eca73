package books

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

const standardWindow = 4 * 24 * time.Hour

// entry is a fact on its way into the books.
type entry struct {
	f        *Fact
	class    Class
	amount   int64     // minor units with the seller's sign
	occurred time.Time // the deferred posting's where there is one
	posting  string    // the posting that names the event
	matched  []int64   // ids of facts that tell of the same money
	by       [4]bool   // already matched with this source (by rank)
	event    int       // index of its event, once counted
	settled  string    // settlement id
	state    State
	twinQty  int64  // the deferred twin's quantity
	market   string // the marketplace that a matched fact names
	order    string // the order that a matched fact names
}

func rank(s Source) int {
	switch s {
	case Finances:
		return 0
	case Settlement:
		return 1
	case DateRange:
		return 2
	}
	return 3
}

// builder holds one run of Build.
type builder struct {
	cx     Context
	loose  bool // a scope without an order
	all    []entry
	lines  []*entry // counted, in order of the sources
	events []Event
	byKey  map[eventID]int
	open   []Open

	elsewhere []Told // with what was taken of it
}

// Build makes the books of one scope (all facts with the same Rules.Scope): it
// counts everything once. It is pure; the order of the facts does not matter.
// An error means sums beyond 64 bits (ErrOverflow) or rules that cannot be read.
//
// Sources are taken from the finest to the coarsest. What a coarser source tells
// is matched one against one with what is counted already: amount by amount,
// then one amount against the sum of a line or a group of lines of one event,
// then sums of what is left. What matches is linked, what does not is counted
// too and listed as open.
func Build(scope []Fact, cx Context) (Result, error) {
	if cx.Rules == nil {
		r, err := StandardRules()
		if err != nil {
			return Result{}, err
		}
		cx.Rules = r
	}
	if cx.Window <= 0 {
		cx.Window = standardWindow
	}
	b := &builder{cx: cx, loose: true, byKey: make(map[eventID]int, 4)}
	if err := b.classify(scope); err != nil {
		return Result{}, err
	}
	b.pairReleases()
	b.knownElsewhere()
	for from := 0; from < len(b.all); {
		to := from
		for to < len(b.all) && rank(b.all[to].f.Source) == rank(b.all[from].f.Source) {
			to++
		}
		b.take(b.all[from:to])
		from = to
	}
	return b.result()
}

// classify makes entries in an order that does not depend on the arrival.
func (b *builder) classify(scope []Fact) error {
	b.all = make([]entry, 0, len(scope))
	for i := range scope {
		f := &scope[i]
		c := b.cx.Rules.classify(f)
		if !c.Known && f.Amount.Minor == 0 {
			continue // an empty node of Amazon's tree ("Sales", 0.00) is no money
		}
		if f.Order != "" && !loose(c.Line) {
			b.loose = false
		}
		amount := f.Amount.Minor
		if amount == math.MinInt64 {
			return fmt.Errorf("build %s: %w", f.Posting, ErrOverflow)
		}
		if c.Negate {
			amount = -amount
		}
		e := entry{f: f, class: c, amount: amount, occurred: f.Posted, posting: f.Posting, event: -1, state: f.State}
		if f.ReleaseOf != "" {
			e.posting = f.ReleaseOf // so that its event keeps its name when the twin arrives
		}
		b.all = append(b.all, e)
	}
	slices.SortFunc(b.all, compareEntries)
	return nil
}

func compareEntries(a, b entry) int {
	x, y := a.f, b.f
	return cmp.Or(
		rank(x.Source)-rank(y.Source),
		x.Posted.Compare(y.Posted),
		cmp.Compare(x.Connection, y.Connection),
		cmp.Compare(x.Posting, y.Posting),
		cmp.Compare(x.Item, y.Item),
		cmp.Compare(x.SKU, y.SKU),
		cmp.Compare(x.Seq, y.Seq),
		cmp.Compare(x.Path, y.Path),
		cmp.Compare(x.Amount.Minor, y.Amount.Minor),
		cmp.Compare(x.Type, y.Type),
		cmp.Compare(x.ID, y.ID),
	)
}

// take counts the facts of one source: those that match what is counted are
// linked to it, the others become lines of their own.
func (b *builder) take(facts []entry) {
	source := facts[0].f.Source
	rest := make([]*entry, 0, len(facts))
	for i := range facts {
		if facts[i].event != dropped {
			rest = append(rest, &facts[i])
		}
	}
	if r := rank(source); r > 0 && source != User {
		m := matcher{b: b, rank: r, coarse: rest}
		rest = slices.DeleteFunc(m.run(), b.toldElsewhere)
		b.listOpen(rest, r)
	} else if source == Finances {
		rest = slices.DeleteFunc(rest, b.toldElsewhere)
	}
	for _, e := range rest {
		b.count(e)
	}
}

// listOpen puts the unmatched facts of a coarser source on the open list where
// the finer source should have had them.
func (b *builder) listOpen(left []*entry, r int) {
	for _, e := range left {
		if !b.finerCovers(e, r) {
			continue
		}
		reason := OpenMissing
		for _, l := range b.lines {
			if !l.by[r] && l.class.Line == e.class.Line && b.compatible(l, e) {
				reason = OpenDiffers
				break
			}
		}
		b.open = append(b.open, openOf(e, reason, true))
	}
}

func openOf(e *entry, reason Reason, counted bool) Open {
	return Open{
		Fact: e.f.ID, Source: e.f.Source, Posting: e.f.Posting, Order: e.f.Order, Line: e.class.Line,
		Amount: Money{e.amount, e.f.Amount.Currency}, Reason: reason, Counted: counted,
	}
}

func (b *builder) finerCovers(e *entry, r int) bool {
	finer := []Source{Finances, Settlement}[:r]
	for _, s := range finer {
		if b.cx.Covered != nil {
			if b.cx.Covered(*e.f, s) {
				return true
			}
			continue
		}
		for _, l := range b.lines {
			if l.f.Source == s && l.f.Connection == e.f.Connection {
				return true
			}
		}
	}
	return false
}
