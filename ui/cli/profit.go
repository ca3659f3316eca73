package cli

import (
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type reportProfitVerb struct {
	period
	formatFlag
	By    string `help:"One statement for the whole period (total), or one per month, marketplace or sku." enum:"total,month,marketplace,sku" default:"total"`
	SKU   string `help:"Only this SKU." name:"sku" placeholder:"SKU"`
	Order string `help:"Only this order, whatever its dates." placeholder:"ID"`
}

// statementJSON is one statement of report profit --format json. Amounts that
// are not known are null, with the reason beside them. Documented in README.
type statementJSON struct {
	Group         string                `json:"group"` // month, marketplace id or SKU; empty for the total
	Currency      string                `json:"currency"`
	From          string                `json:"from"`
	To            string                `json:"to"`
	Lines         map[string]figureJSON `json:"lines"`
	Totals        map[string]figureJSON `json:"totals"`
	Units         int64                 `json:"units"`
	UnitsRefunded int64                 `json:"units_refunded"`
	Uncovered     int64                 `json:"units_without_cost"`
	Settled       *int64                `json:"settled_bp"` // basis points; null when there is no money
	Released      *int64                `json:"released_bp"`
	Deferred      *int64                `json:"deferred_bp"`
	Estimated     *int64                `json:"estimated_bp"`
}

type figureJSON struct {
	Amount *string `json:"amount"`
	Minor  *int64  `json:"amount_minor"`
	Why    string  `json:"why,omitempty"`
}

// group is a statement with what it is of.
type group struct {
	name string
	books.Statement
}

func (v *reportProfitVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		groups, err := v.statements(a, s)
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			out := []statementJSON{}
			for _, g := range groups {
				out = append(out, g.json())
			}
			return writeJSON(a.io.Out, out)
		}
		if len(groups) == 0 {
			fmt.Fprintln(a.io.Err, "There is no money in this period yet; sync or import first.")
			return nil
		}
		return printStatements(a, groups, v.Format)
	})
}

func (v *reportProfitVerb) statements(a *app, s *session.Session) ([]group, error) {
	coverage, err := s.Book.MoneyCoverage(a.ctx)
	if err != nil {
		return nil, err
	}
	var rows []books.Rollup
	if v.Order != "" {
		rows, err = s.Book.OrderRollup(a.ctx, v.Order)
	} else {
		rows, err = s.Book.Rollups(a.ctx, v.From, v.To, v.Marketplace, v.SKU)
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	f := books.Filter{From: v.From, To: v.To, Marketplaces: v.Marketplace, SKU: v.SKU}
	first, last := coveredSpan(coverage, rows)
	if f.From == "" {
		f.From = first
	}
	if f.To == "" {
		f.To = last
	}
	if v.Order != "" { // an order is judged by its own days
		f.From, f.To = rows[0].Day, rows[len(rows)-1].Day
	}
	return grouped(rows, coverage, f, v.By)
}

// coveredSpan is the default period: the days whose money is complete.
func coveredSpan(coverage []books.Coverage, rows []books.Rollup) (from, to string) {
	from, to = rows[0].Day, rows[len(rows)-1].Day
	if len(coverage) > 0 {
		from, to = coverage[0].From, coverage[0].To
	}
	for _, c := range coverage {
		from, to = min(from, c.From), max(to, c.To)
	}
	return from, to
}

// grouped makes the statements of a period as a whole or in parts.
func grouped(rows []books.Rollup, coverage []books.Coverage, f books.Filter, by string) ([]group, error) {
	if by == "total" {
		list, err := books.Statements(rows, coverage, f)
		return named("", list), err
	}
	parts := map[string][]books.Rollup{}
	for _, r := range rows {
		if r.Day < f.From || r.Day > f.To {
			continue
		}
		key := map[string]string{"month": r.Day[:7], "marketplace": r.Marketplace, "sku": r.SKU}[by]
		parts[key] = append(parts[key], r)
	}
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []group
	for _, name := range names {
		part := f
		if by == "month" {
			part.From, part.To = max(f.From, name+"-01"), min(f.To, lastDay(name))
		}
		list, err := books.Statements(parts[name], coverage, part)
		if err != nil {
			return nil, err
		}
		out = append(out, named(name, list)...)
	}
	return out, nil
}

func named(name string, list []books.Statement) []group {
	var out []group
	for _, s := range list {
		out = append(out, group{name, s})
	}
	return out
}

// totals are the figures below the lines, in order.
func (g group) totals() []struct {
	name string
	books.Figure
} {
	type total = struct {
		name string
		books.Figure
	}
	return []total{
		{"net_sales", g.NetSales}, {"selling_fees", g.SellingFees}, {"fba_fees", g.FBAFees}, {"advertising", g.Advertising},
		{"cost_of_goods", g.CostOfGoods}, {"contribution", g.Contribution}, {"net_profit", g.NetProfit}, {"tax_owed", g.TaxOwed},
	}
}

func (g group) json() statementJSON {
	j := statementJSON{
		Group: g.name, Currency: g.Currency, From: g.From, To: g.To, Lines: map[string]figureJSON{}, Totals: map[string]figureJSON{},
		Units: g.Units, UnitsRefunded: g.UnitsRefunded, Uncovered: g.Uncovered,
	}
	for _, l := range g.Lines {
		j.Lines[string(l.Line)] = figureOf(l.Figure)
	}
	for _, t := range g.totals() {
		j.Totals[t.name] = figureOf(t.Figure)
	}
	if sh := g.Shares; sh.Known {
		j.Settled, j.Released, j.Deferred, j.Estimated = &sh.Settled, &sh.Released, &sh.Deferred, &sh.Estimated
	}
	return j
}

func figureOf(f books.Figure) figureJSON {
	if !f.Known {
		return figureJSON{Why: f.Why}
	}
	text := f.Decimal()
	return figureJSON{&text, &f.Minor, f.Why}
}

// printStatements prints the lines as rows and the statements as columns.
func printStatements(a *app, groups []group, f format) error {
	if f == formatCSV {
		t := newSheet(left("group"), left("currency"), left("from"), left("to"), left("line"), right("amount"), left("why"))
		for _, g := range groups {
			for _, row := range g.rows() {
				t.add(g.name, g.Currency, g.From, g.To, row.name, shown(row.Figure), row.Why)
			}
		}
		return t.write(a.io.Out, f)
	}
	t := newSheet(left("line"))
	reasons := []string{}
	for _, g := range groups {
		head := g.Currency
		if g.name != "" {
			head = marketName(g.name) + " " + g.Currency
		}
		t.columns = append(t.columns, right(head))
		for _, total := range g.totals() {
			if total.Why != "" && !slices.Contains(reasons, head+": "+total.Why) {
				reasons = append(reasons, head+": "+total.Why)
			}
		}
	}
	for i, row := range groups[0].rows() {
		cells, empty := []string{row.name}, true
		for _, g := range groups {
			r := g.rows()[i]
			cells = append(cells, shown(r.Figure))
			empty = empty && r.Known && r.Minor == 0
		}
		if !empty || strings.Contains(row.name, "_") {
			t.add(cells...)
		}
	}
	fmt.Fprintf(a.io.Out, "Profit and loss, %s to %s\n\n", groups[0].From, groups[len(groups)-1].To)
	if err := t.write(a.io.Out, f); err != nil {
		return err
	}
	for _, r := range reasons {
		fmt.Fprintln(a.io.Out, "-", r)
	}
	return nil
}

type namedFigure struct {
	name string
	books.Figure
}

func (g group) rows() []namedFigure {
	var out []namedFigure
	for _, l := range g.Lines {
		out = append(out, namedFigure{string(l.Line), l.Figure})
	}
	for _, t := range g.totals() {
		out = append(out, namedFigure(t))
	}
	return out
}

func shown(f books.Figure) string {
	if !f.Known {
		return "-"
	}
	return f.Decimal()
}

// profitByMarketplace makes one statement per marketplace over the days that its
// connection covers, for the summary of a book.
func profitByMarketplace(a *app, b *store.Book) ([]group, error) {
	coverage, err := b.MoneyCoverage(a.ctx)
	if err != nil {
		return nil, err
	}
	rows, err := b.Rollups(a.ctx, "", "", nil, "")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	byConnection := map[string][]books.Rollup{}
	var names []string
	for _, r := range rows {
		if byConnection[r.Connection] == nil {
			names = append(names, r.Connection)
		}
		byConnection[r.Connection] = append(byConnection[r.Connection], r)
	}
	slices.Sort(names)
	var out []group
	for _, name := range names {
		var own []books.Coverage
		for _, c := range coverage {
			if c.Connection == name {
				own = append(own, c)
			}
		}
		from, to := coveredSpan(own, byConnection[name])
		list, err := grouped(byConnection[name], own, books.Filter{From: from, To: to}, "marketplace")
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// lastDay is the last day of a month given as YYYY-MM.
func lastDay(month string) string {
	for _, d := range []string{"-31", "-30", "-29"} {
		if checkDays(month+d) == nil {
			return month + d
		}
	}
	return month + "-28"
}
