package desktop

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestStatementPeriods(t *testing.T) {
	covered := statementSpan{"2026-01-10", "2026-03-20"}
	tests := []struct {
		name, by string
		span     statementSpan
		want     string // from..to of each, ! where not whole
	}{
		{"months end where the money does", statementMonths, statementSpan{"2025-12-15", "2026-03-31"},
			"2025-12-15..2025-12-31! 2026-01-10..2026-01-31! 2026-02-01..2026-02-28 2026-03-01..2026-03-20!"},
		{"a leap year's weeks from Monday", statementWeeks, statementSpan{"2026-02-22", "2026-03-02"},
			"2026-02-22..2026-02-22! 2026-02-23..2026-03-01 2026-03-02..2026-03-02!"},
		{"quarters", statementQuarters, statementSpan{"2026-01-10", "2026-04-01"}, "2026-01-10..2026-03-20! 2026-04-01..2026-04-01!"},
		{"days", statementDays, statementSpan{"2026-02-28", "2026-03-01"}, "2026-02-28..2026-02-28 2026-03-01..2026-03-01"},
		{"no span", statementDays, statementSpan{}, ""},
		{"the wrong way round", statementDays, statementSpan{"2026-02-02", "2026-02-01"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range statementPeriods(tt.by, tt.span, covered) {
				text := p.From + ".." + p.To
				if !p.whole() {
					text += "!"
				}
				got = append(got, text)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

func TestStatementCovered(t *testing.T) {
	all := []books.Coverage{
		{Connection: "a", Source: books.Finances, Currencies: []string{"USD"}, From: "2026-02-01", To: "2026-03-20"},
		{Connection: "a", Source: books.Settlement, Currencies: []string{"USD"}, From: "2026-01-01", To: "2026-02-10"},
		{Connection: "b", Source: books.Finances, Currencies: []string{"USD", "CAD"}, From: "2026-01-15", To: "2026-03-31"},
		{Connection: "c", Source: books.Finances, Currencies: []string{"EUR"}, From: "2026-01-01", To: "2026-01-02"},
		{Connection: "d", Source: books.Finances, Currencies: []string{"EUR"}, From: "2026-02-01", To: "2026-02-02"},
	}
	for currency, want := range map[string]statementSpan{
		"USD": {"2026-01-15", "2026-03-20"}, "CAD": {"2026-01-15", "2026-03-31"}, "EUR": {}, "JPY": {},
	} {
		if got := statementCovered(all, currency); got != want {
			t.Errorf("%s: %v, want %v", currency, got, want)
		}
	}
}

// statementFixture is a month of every line, the n-th line having 10^(n%5)
// times an odd number, so that no two sums agree by chance.
func statementFixture() ([]books.Rollup, []books.Coverage) {
	var rows []books.Rollup
	for i, l := range books.Lines() {
		minor := int64(2*i+1) * 101
		if i%2 == 1 {
			minor = -minor
		}
		rows = append(rows, books.Rollup{
			Day: "2026-03-05", Connection: "a", Marketplace: "M", Currency: "USD", Line: l, State: books.Settled, Minor: minor, Quantity: 1,
		})
	}
	return rows, []books.Coverage{{Connection: "a", Source: books.Finances, From: "2026-03-01", To: "2026-03-31"}}
}

// The rows under a sum add up to it, whatever the lines.
func TestStatementRowsAddUp(t *testing.T) {
	rows, coverage := statementFixture()
	s, err := statementOf(rows, coverage, statementSpan{"2026-03-01", "2026-03-31"}, "USD")
	if err != nil {
		t.Fatal(err)
	}
	byLine := map[books.Line]int64{}
	for _, r := range rows {
		byLine[r.Line] += r.Minor
	}
	var running int64
	children := map[string]int64{}
	all := statementRows([]books.Statement{s})
	for _, r := range all {
		f := r.Figures[0]
		if !f.Known {
			t.Errorf("%s is not known: %s", r.ID, f.Why)
		}
		switch {
		case r.Group != "":
			children[r.Group] += f.Minor
			if f.Minor != byLine[r.Line] {
				t.Errorf("%s = %d, want %d", r.Line, f.Minor, byLine[r.Line])
			}
		case r.Sum:
			if f.Minor != running {
				t.Errorf("%s = %d, the rows above add up to %d", r.ID, f.Minor, running)
			}
		case !r.Below:
			running += f.Minor
		}
		var behind int64
		for _, l := range r.Lines {
			behind += byLine[l]
		}
		if behind != f.Minor {
			t.Errorf("%s = %d, its lines behind are %d", r.ID, f.Minor, behind)
		}
	}
	for _, r := range all {
		if r.Folds && children[r.ID] != r.Figures[0].Minor {
			t.Errorf("%s = %d, its lines are %d", r.ID, r.Figures[0].Minor, children[r.ID])
		}
	}
	if got := statementShown(all, nil); len(got) != len(statementPlan) {
		t.Errorf("folded: %d rows, want %d", len(got), len(statementPlan))
	}
	if got := statementShown(all, map[string]bool{"sales": true}); len(got) != len(statementPlan)+3 {
		t.Errorf("sales unfolded: %d rows", len(got))
	}
}

func TestStatementWhy(t *testing.T) {
	rows, coverage := statementFixture()
	w, l := i18n.For("en"), format.For("en")
	covered := statementCovered(coverage, "USD")
	bare := func(units int64) []books.Rollup {
		return append(rows[:len(rows):len(rows)], books.Rollup{
			Day: "2026-03-06", Connection: "a", Currency: "USD", SKU: "S", Line: books.COGS, State: books.Settled, Quantity: units, Uncovered: units,
		})
	}
	tests := []struct {
		name    string
		rows    []books.Rollup
		to      string
		covered statementSpan
		want    string
	}{
		{"all known", rows, "2026-03-31", covered, ""},
		{"a day too far", rows, "2026-04-01", covered, "Money is complete for 1 – 31 Mar 2026 only."},
		{"one unit", bare(1), "2026-03-31", covered, "1 unit has no cost; enter it under Costs."},
		{"both", bare(1200), "2026-04-01", covered, "Money is complete for 1 – 31 Mar 2026 only. 1,200 units have no cost; enter it under Costs."},
		{"nothing read", rows, "2026-04-01", statementSpan{}, "No money was fetched or imported yet."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := statementOf(tt.rows, coverage, statementSpan{"2026-03-01", tt.to}, "USD")
			if err != nil {
				t.Fatal(err)
			}
			if got := statementWhy(w, l, s, tt.covered); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if (tt.want == "") != s.NetProfit.Known {
				t.Errorf("net profit %+v with the reason %q", s.NetProfit, tt.want)
			}
		})
	}
}

// Every row and line has a name in every language; the names are asked for by
// a key that no test of literals sees.
func TestStatementNames(t *testing.T) {
	var keys []string
	for _, p := range statementPlan {
		keys = append(keys, statementRow{ID: p.id}.word())
		if p.id != "contribution" && p.id != "tax" {
			keys = append(keys, "profit.short."+p.id)
		}
		for _, l := range p.lines {
			keys = append(keys, statementRow{Line: l}.word())
		}
	}
	for _, by := range []string{statementDays, statementWeeks, statementMonths, statementQuarters, profitByProduct, profitByMarket} {
		keys = append(keys, "profit.by_"+by)
	}
	for _, key := range []string{"orders", "units", "refunds", "unpriced", "no_cost", "need_ship", "need_cost", "need_difference", "need_names", "needs_count", "products_count", "forecast_so_far", "forecast_left"} {
		keys = append(keys, "overview."+key, "overview."+key+"_one")
	}
	for _, tag := range format.Tags() {
		for _, key := range keys {
			if i18n.For(tag).T(key) == key {
				t.Errorf("%s: %s has no text", tag, key)
			}
		}
	}
}

func TestOverviewSpans(t *testing.T) {
	tests := []struct {
		name, today string
		covered     statementSpan
		want        string // span of each tile | span before
	}{
		{"an ordinary day", "2026-11-21", statementSpan{"2026-01-01", "2026-11-20"},
			"yesterday 2026-11-20..2026-11-20|2026-11-19..2026-11-19 month 2026-11-01..2026-11-20|2026-10-01..2026-10-20 " +
				"forecast 2026-11-01..2026-11-30|2026-10-01..2026-10-31 last_month 2026-10-01..2026-10-31|2026-09-01..2026-09-30"},
		{"the end of a long month after a short one", "2026-03-31", statementSpan{"2026-01-01", "2026-03-30"},
			"yesterday 2026-03-30..2026-03-30|2026-03-29..2026-03-29 month 2026-03-01..2026-03-30|2026-02-01..2026-02-28 " +
				"forecast 2026-03-01..2026-03-31|2026-02-01..2026-02-28 last_month 2026-02-01..2026-02-28|2026-01-01..2026-01-31"},
		{"the first of January", "2027-01-01", statementSpan{"2026-01-01", "2026-12-31"},
			"yesterday 2026-12-31..2026-12-31|2026-12-30..2026-12-30 month 2027-01-01..2027-01-01|2026-12-01..2026-12-01 " +
				"forecast 2027-01-01..2027-01-31|2026-12-01..2026-12-31 last_month 2026-12-01..2026-12-31|2026-11-01..2026-11-30"},
		{"a sync two weeks behind", "2026-11-21", statementSpan{"2026-01-01", "2026-11-07"},
			"yesterday 2026-11-20..2026-11-20|2026-11-19..2026-11-19 month 2026-11-01..2026-11-07|2026-10-01..2026-10-07 " +
				"forecast 2026-11-01..2026-11-30|2026-10-01..2026-10-31 last_month 2026-10-01..2026-10-31|2026-09-01..2026-09-30"},
		{"no money yet", "2026-11-21", statementSpan{},
			"yesterday 2026-11-20..2026-11-20|2026-11-19..2026-11-19 month 2026-11-01..2026-11-21|2026-10-01..2026-10-21 " +
				"forecast 2026-11-01..2026-11-30|2026-10-01..2026-10-31 last_month 2026-10-01..2026-10-31|2026-09-01..2026-09-30"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range overviewSpans(tt.today, tt.covered) {
				got = append(got, s.ID+" "+s.Span.From+".."+s.Span.To+"|"+s.Before.From+".."+s.Before.To)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

func TestOverviewChange(t *testing.T) {
	o := overviewTexts{i18n.For("en"), format.For("en"), time.Time{}}
	f := func(minor int64) books.Figure {
		return books.Figure{Money: books.Money{Minor: minor, Currency: "USD"}, Known: true}
	}
	tests := []struct {
		name        string
		now, before books.Figure
		want        string
		trend       int
	}{
		{"a gain grew", f(11000), f(10000), "+10.0%", 1},
		{"a gain shrank into a loss", f(-5000), f(10000), "−150.0%", -1},
		{"a loss became a gain", f(500), f(-1000), "+15.00", 1},
		{"from nothing", f(500), f(0), "+5.00", 1},
		{"the same", f(500), f(500), "", 0},
		{"up by what reads as nothing", f(208985), f(208934), "0.0%", 0},
		{"down by what reads as nothing", f(208934), f(208985), "0.0%", 0},
		{"down by a tenth", f(9990), f(10000), "−0.1%", -1},
		{"up by half of a tenth", f(10005), f(10000), "+0.1%", 1},
		{"not known before", f(500), books.Figure{}, "", 0},
		{"not known now", books.Figure{}, f(500), "", 0},
	}
	for _, tt := range tests {
		if got, trend := o.change(tt.now, tt.before); got != tt.want || trend != tt.trend {
			t.Errorf("%s: %q %d, want %q %d", tt.name, got, trend, tt.want, tt.trend)
		}
	}
}

func TestOverviewRanked(t *testing.T) {
	g := func(sku string, minor int64, known bool) profitGroup {
		return profitGroup{SKU: sku, Statement: books.Statement{NetProfit: books.Figure{Money: books.Money{Minor: minor}, Known: known}}}
	}
	all := []profitGroup{g("unknown", 0, false), g("loss", -5, true), g("best", 9, true), g("zero", 0, true)}
	for worst, want := range map[bool]string{false: "best zero loss unknown", true: "loss zero best unknown"} {
		var got []string
		for _, p := range overviewRanked(all, worst) {
			got = append(got, p.SKU)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("worst %v: %s, want %s", worst, s, want)
		}
	}
}

func TestStatementCellIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")", "+1": "'+1", "@a": "'@a", "-": "-", "-x": "'-x", "Kettle": "Kettle", "": "",
	} {
		if got := detailSafe(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
