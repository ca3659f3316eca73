package books_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"countinghouse/data/books"
)

// junk draws facts from so few values that they collide all the time.
func junk(t *rapid.T) []books.Fact {
	n := rapid.IntRange(0, 24).Draw(t, "facts")
	var out []books.Fact
	for i := range n {
		source := rapid.SampledFrom([]books.Source{books.Finances, books.Finances, books.Settlement, books.DateRange}).Draw(t, "source")
		f := books.Fact{
			ID: int64(i + 1), Source: source, Seq: i,
			Connection: rapid.SampledFrom([]string{"c1", "c1", "c1", "c2"}).Draw(t, "connection"),
			Account:    rapid.SampledFrom([]string{"", "", "Standard Orders", "Invoiced Orders"}).Draw(t, "account"),
			Posting:    fmt.Sprint(source, rapid.IntRange(1, 4).Draw(t, "posting")),
			Order:      "111-1",
			SKU:        rapid.SampledFrom([]string{"", "A", "A", "B"}).Draw(t, "sku"),
			Item:       rapid.SampledFrom([]string{"", "i1", "i2"}).Draw(t, "item"),
			Type:       rapid.SampledFrom([]string{"Order", "Shipment", "Refund", "other-transaction"}).Draw(t, "type"),
			Amount:     books.Money{Minor: rapid.Int64Range(-3, 3).Draw(t, "minor"), Currency: rapid.SampledFrom([]string{"USD", "USD", "USD", "EUR"}).Draw(t, "currency")},
			Quantity:   rapid.Int64Range(0, 2).Draw(t, "quantity"),
			Posted:     time.Date(2026, 3, rapid.IntRange(1, 5).Draw(t, "day"), 12, 0, 0, 0, time.UTC),
		}
		paths := []string{"ProductCharges/OurPricePrincipal", "AmazonFees/Commission/Base", "AmazonFees/Commission/Tax", "AmazonFees/New/Base"}
		if source != books.Finances {
			paths = []string{"ItemPrice/Principal", "ItemFees/Commission", "product sales", "selling fees", "ItemFees/New"}
		}
		f.Path = rapid.SampledFrom(paths).Draw(t, "path")
		if source == books.Finances && rapid.IntRange(0, 3).Draw(t, "release") == 0 {
			f.ReleaseOf, f.Posting = f.Posting, f.Posting+"r"
		}
		out = append(out, f)
	}
	return out
}

func build(t interface{ Fatal(...any) }, facts []books.Fact, cx books.Context) books.Result {
	r, err := books.Build(facts, cx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// audit follows every fact through a result.
type audit struct {
	t     *rapid.T
	facts map[int64]books.Fact
	fate  map[int64]string
	lines map[cell]int64 // what counted lines add up to that a source's facts are linked with
}

type cell struct {
	source   books.Source
	currency string
}

// set notes what became of a fact: linked with several lines, or one thing once.
func (a *audit) set(id int64, what string) {
	if was := a.fate[id]; was != "" && (was != what || what == "counted") {
		a.t.Fatalf("fact %d (%+v) is %s and %s", id, a.facts[id], was, what)
	}
	a.fate[id] = what
}

func (a *audit) line(l books.MoneyLine) {
	if l.Line == books.COGS {
		return
	}
	a.set(l.Fact, "counted")
	if a.facts[l.Fact].Amount != l.Amount {
		a.t.Fatalf("line %+v changed the amount of fact %+v", l, a.facts[l.Fact])
	}
	told := map[books.Source]bool{}
	for _, id := range l.Matched {
		a.set(id, "linked")
		if f := a.facts[id]; f.Amount.Minor != 0 {
			told[f.Source] = true
		}
	}
	for s := range told {
		a.lines[cell{s, l.Amount.Currency}] += l.Amount.Minor
	}
}

func (a *audit) open(o books.Open) {
	if !o.Counted {
		a.set(o.Fact, "listed")
	} else if a.fate[o.Fact] != "counted" {
		a.t.Fatalf("open %+v is not counted", o)
	}
}

// close checks that no fact vanished and that links add up on both sides.
func (a *audit) close() {
	for id, f := range a.facts {
		switch a.fate[id] {
		case "":
			if f.Amount.Minor != 0 {
				a.t.Fatalf("fact %+v vanished", f)
			}
		case "linked":
			a.lines[cell{f.Source, f.Amount.Currency}] -= f.Amount.Minor
		}
	}
	for c, rest := range a.lines {
		if rest != 0 {
			a.t.Fatalf("%+v: lines and the facts they are linked with differ by %d", c, rest)
		}
	}
}

// TestEveryFactIsAccountedFor: whatever comes in, each fact is counted exactly
// once, or linked to a counted line of the same money, or listed as uncounted;
// and what is linked adds up to what it is linked with.
func TestEveryFactIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := junk(t)
		r := build(t, facts, books.Context{})
		a := audit{t, map[int64]books.Fact{}, map[int64]string{}, map[cell]int64{}}
		for _, f := range facts {
			a.facts[f.ID] = f
		}
		for _, ev := range r.Events {
			for _, l := range ev.Lines {
				a.line(l)
			}
		}
		for _, o := range r.Open {
			a.open(o)
		}
		a.close()
	})
}

// TestArrivalDoesNotMatter: any order, any numbering, the same books.
func TestArrivalDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := junk(t)
		mixed := rapid.Permutation(facts).Draw(t, "arrival")
		for i := range mixed {
			mixed[i].ID = int64(i + 1)
		}
		a, b := build(t, facts, books.Context{}), build(t, mixed, books.Context{})
		if d := cmp.Diff(withoutIDs(a), withoutIDs(b)); d != "" {
			t.Fatal(d)
		}
	})
}

// parcel is one true posting; the sources tell it each at its grain.
type parcel struct {
	refund                              bool
	sku                                 string
	principal, fee, feeTax, closing, at int64
}

func (p parcel) facts(i int, source books.Source) []books.Fact {
	posted := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.at) * time.Hour)
	base := books.Fact{
		Connection: "c1", Source: source, Posting: fmt.Sprintf("%s-%d", source, i), Order: "111-1", SKU: p.sku,
		Marketplace: "US", Posted: posted,
	}
	base.Type = map[bool]string{false: "Order", true: "Refund"}[p.refund]
	var out []books.Fact
	add := func(path string, minor int64) {
		if minor == 0 {
			return
		}
		f := base
		f.Path, f.Amount, f.Seq = path, books.Money{Minor: minor, Currency: "USD"}, len(out)
		if source == books.Settlement {
			f.Posting = fmt.Sprintf("S1:%d-%d", i, f.Seq)
			f.Settlement, f.State = "S1", books.Settled
		}
		if len(out) == 0 {
			f.Quantity = 1
		}
		out = append(out, f)
	}
	switch source {
	case books.Finances:
		add("ProductCharges/OurPricePrincipal", p.principal)
		add("AmazonFees/Commission/Base", p.fee)
		add("AmazonFees/Commission/Tax", p.feeTax)
		add("AmazonFees/FixedClosingFee/Base", p.closing)
	case books.Settlement:
		add("ItemPrice/Principal", p.principal)
		add("ItemFees/Commission", p.fee+p.feeTax)
		add("ItemFees/FixedClosingFee", p.closing)
	case books.DateRange:
		add("product sales", p.principal)
		add("selling fees", p.fee+p.feeTax+p.closing)
	}
	return out
}

// TestSourcesDoNotAddUp: however the postings are told, by one source or by
// several, in part or whole, every posting counts once to the cent.
func TestSourcesDoNotAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "parcels")
		equal := rapid.Bool().Draw(t, "equal amounts")
		var facts []books.Fact
		want := map[string]int64{}
		var units, refunded int64
		sources := []books.Source{books.Finances, books.Settlement, books.DateRange}
		everywhere := rapid.SliceOfNDistinct(rapid.SampledFrom(sources), 1, 3, rapid.ID).Draw(t, "sources of equal amounts")
		for i := range n {
			p := parcel{refund: rapid.IntRange(0, 3).Draw(t, "refund") == 0, sku: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "sku"), at: int64(i) * 30}
			scale := int64(1)
			if !equal {
				scale = int64(math.Pow(7, float64(i))) // test data: no two sums alike
			}
			p.principal, p.fee, p.feeTax, p.closing = 1000*scale, -100*scale, -19*scale, -30*scale
			if p.refund {
				p.principal, p.fee, p.feeTax, p.closing = -p.principal, -p.fee, -p.feeTax, -p.closing
			}
			told := everywhere
			if !equal {
				told = rapid.SliceOfNDistinct(rapid.SampledFrom(sources), 1, 3, rapid.ID).Draw(t, "told by")
			}
			for _, s := range told {
				facts = append(facts, p.facts(i, s)...)
			}
			if p.refund {
				want["refund.product"] += p.principal
				refunded++
			} else {
				want["sales.product"] += p.principal
				units++
			}
			want["selling"] += p.fee + p.feeTax + p.closing
		}
		for i := range facts {
			facts[i].ID = int64(i + 1)
		}
		r := build(t, rapid.Permutation(facts).Draw(t, "arrival"), books.Context{
			Covered: func(books.Fact, books.Source) bool { return false },
		})
		rows, err := books.RollUp(r.Events)
		if err != nil {
			t.Fatal(err)
		}
		st, err := books.Statements(rows, []books.Coverage{{Connection: "c1", Source: books.Finances, From: "2026-01-01", To: "2026-12-31"}},
			books.Filter{From: "2026-01-01", To: "2026-12-31", Currencies: []string{"USD"}})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{"selling": st[0].SellingFees.Minor}
		for _, l := range st[0].Lines {
			if l.Line == books.SalesProduct || l.Line == books.RefundProduct {
				got[string(l.Line)] = l.Minor
			}
		}
		for k, v := range got {
			if want[k] != v {
				t.Fatalf("%s = %d, want %d\nopen %+v", k, v, want[k], r.Open)
			}
		}
		if st[0].Units != units || st[0].UnitsRefunded != refunded {
			t.Fatalf("units %d and %d, want %d and %d", st[0].Units, st[0].UnitsRefunded, units, refunded)
		}
	})
}

func TestOverflowIsAnError(t *testing.T) {
	fact := func(posting string, minor int64) books.Fact {
		return books.Fact{Source: books.Finances, Posting: posting, Order: "111-1", SKU: "A", Type: "Shipment", Marketplace: "US",
			Path: "ProductCharges/OurPricePrincipal", Amount: books.Money{Minor: minor, Currency: "USD"}, Quantity: math.MaxInt64}
	}
	if _, err := books.Build([]books.Fact{fact("T1", math.MinInt64)}, books.Context{}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("the one amount without an opposite: %v", err)
	}
	costs := books.NewCosts([]books.Cost{{SKU: "A", Unit: unit(t, "3"), Currency: "USD"}})
	if _, err := books.Build([]books.Fact{fact("T1", 1)}, books.Context{Costs: costs}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("units times cost: %v", err)
	}
	r := build(t, []books.Fact{fact("T1", math.MaxInt64)}, books.Context{})
	if _, err := books.RollUp(slices.Concat(r.Events, r.Events)); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("roll up: %v", err)
	}
	row := books.Rollup{Day: "2026-03-01", Connection: "c1", Currency: "USD", Line: books.SalesProduct, Minor: math.MaxInt64}
	other := row
	other.Line, other.Minor = books.SalesShipping, 1
	if _, err := books.Statements([]books.Rollup{row, other}, nil, books.Filter{From: "2026-01-01", To: "2026-12-31"}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("statement: %v", err)
	}
}
