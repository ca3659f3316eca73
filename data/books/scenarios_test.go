package books_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
)

// buildAll does what the store does: facts by scope, each scope built whole.
func buildAll(t testing.TB, facts []books.Fact, cx books.Context) books.Result {
	t.Helper()
	rules, err := books.StandardRules()
	if err != nil {
		t.Fatal(err)
	}
	if cx.Rules == nil {
		cx.Rules = rules
	}
	scopes := map[string][]books.Fact{}
	for _, f := range facts {
		s := cx.Rules.Scope(f)
		scopes[s] = append(scopes[s], f)
	}
	shipped := map[string][]books.Consumption{}
	for _, c := range cx.Consumption {
		shipped[c.Order] = append(shipped[c.Order], c)
		if _, ok := scopes[c.Order]; !ok {
			scopes[c.Order] = nil
		}
	}
	names := make([]string, 0, len(scopes))
	for s := range scopes {
		names = append(names, s)
	}
	slices.Sort(names)
	var all books.Result
	for _, s := range names {
		cx.Consumption = shipped[s]
		r, err := books.Build(scopes[s], cx)
		if err != nil {
			t.Fatalf("build %s: %v", s, err)
		}
		all.Events = append(all.Events, r.Events...)
		all.Open = append(all.Open, r.Open...)
		all.Unknown = append(all.Unknown, r.Unknown...)
	}
	return all
}

func TestScenarios(t *testing.T) {
	for name, s := range readScenarios(t) {
		t.Run(name, func(t *testing.T) {
			if len(s.wants) == 0 || len(s.facts) == 0 {
				t.Fatal("the scenario says nothing")
			}
			first := buildAll(t, s.facts, s.context())
			check(t, s, first)
			for _, order := range arrivals(s.facts) {
				again := buildAll(t, order, s.context())
				if d := cmp.Diff(withoutIDs(first), withoutIDs(again)); d != "" {
					t.Fatalf("another order of arrival gives other books:\n%s", d)
				}
			}
		})
	}
}

// arrivals gives every rotation of the facts, the reverse, and some shuffles.
func arrivals(facts []books.Fact) [][]books.Fact {
	var out [][]books.Fact
	for i := range facts {
		out = append(out, slices.Concat(facts[i:], facts[:i]))
	}
	back := slices.Clone(facts)
	slices.Reverse(back)
	out = append(out, back)
	r := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		mixed := slices.Clone(facts)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		for i := range mixed {
			mixed[i].ID = int64(i + 1) // the store numbers them as they come
		}
		out = append(out, mixed)
	}
	return out
}

// withoutIDs takes the store's numbers out: which of two equal facts has which
// number depends on the arrival, and only that.
func withoutIDs(r books.Result) books.Result {
	out := books.Result{Unknown: r.Unknown}
	for _, e := range r.Events {
		e.Lines = slices.Clone(e.Lines)
		for i := range e.Lines {
			e.Lines[i].Fact = 0
			e.Lines[i].Matched = make([]int64, len(e.Lines[i].Matched))
		}
		out.Events = append(out.Events, e)
	}
	for _, o := range r.Open {
		o.Fact = 0
		out.Open = append(out.Open, o)
	}
	return out
}

func check(t *testing.T, s *scenario, r books.Result) {
	t.Helper()
	got := map[string]int{"events": len(r.Events), "open": len(r.Open), "unknown": len(r.Unknown)}
	for what, n := range s.counts {
		if got[what] != n {
			t.Errorf("%s = %d, want %d\nopen: %+v", what, got[what], n, r.Open)
		}
	}
	for _, w := range s.wants {
		events := r.Events
		if w.order != "" {
			events = slices.DeleteFunc(slices.Clone(events), func(e books.Event) bool { return e.Order != w.order })
		}
		rows, err := books.RollUp(events)
		if err != nil {
			t.Fatal(err)
		}
		all, err := books.Statements(rows, s.coverage, w.filter)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(x books.Statement) bool { return x.Currency == w.currency })
		if i < 0 {
			t.Fatalf("no statement in %s", w.currency)
		}
		checkStatement(t, all[i], w)
	}
}

func checkStatement(t *testing.T, st books.Statement, w want) {
	t.Helper()
	where := fmt.Sprintf("%s %s..%s", w.currency, w.filter.From, w.filter.To)
	wanted := map[string]bool{}
	got := figures(st)
	for _, f := range w.figures {
		wanted[f.code] = true
		g, ok := got[f.code]
		if !ok {
			t.Errorf("%s: no figure %s", where, f.code)
			continue
		}
		value, why, _ := strings.Cut(g, " ")
		why = strings.TrimPrefix(why, "- ")
		if f.why == "" {
			why = ""
		}
		if why = strings.TrimSpace(why); value != f.value || (f.why != "" && why != strings.TrimPrefix(f.why, "- ")) {
			t.Errorf("%s: %s = %s, want %s %s", where, f.code, g, f.value, f.why)
		}
	}
	for _, l := range st.Lines {
		if !wanted[string(l.Line)] && l.Minor != 0 {
			t.Errorf("%s: %s = %s stands in the statement, the scenario does not know it", where, l.Line, l.Decimal())
		}
	}
}

// figures gives everything of a statement as text: "12.34", or "- reason".
func figures(st books.Statement) map[string]string {
	out := map[string]string{
		"units": fmt.Sprint(st.Units), "units_refunded": fmt.Sprint(st.UnitsRefunded),
		"settled_bp": fmt.Sprint(st.Shares.Settled), "deferred_bp": fmt.Sprint(st.Shares.Deferred),
		"released_bp": fmt.Sprint(st.Shares.Released),
		"margin_bp":   rateText(st.Margin), "refund_rate_bp": rateText(st.RefundRate),
	}
	for code, f := range map[string]books.Figure{
		"net_sales": st.NetSales, "selling_fees": st.SellingFees, "fba_fees": st.FBAFees,
		"contribution": st.Contribution, "net_profit": st.NetProfit, "tax_owed": st.TaxOwed,
	} {
		out[code] = figureText(f)
	}
	for _, l := range st.Lines {
		out[string(l.Line)] = figureText(l.Figure)
	}
	return out
}

func figureText(f books.Figure) string {
	if !f.Known {
		return "- " + f.Why
	}
	return strings.TrimSpace(f.Decimal() + " " + f.Why)
}

func rateText(r books.Rate) string {
	if !r.Known {
		return "- " + r.Why
	}
	return fmt.Sprint(r.BasisPoints)
}
