package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type reportProfitVerb struct {
	period
	Format format `help:"table, csv, json; xlsx or pdf with --out." enum:"table,csv,json,xlsx,pdf" default:"table"`
	paperFlags
	By      string `help:"One statement for the whole period (total), or one per day, week, month, quarter, year, marketplace, sku, parent (of variations), brand or tag." enum:"total,day,week,month,quarter,year,marketplace,sku,parent,brand,tag" default:"total"`
	SKU     string `help:"Only this SKU." name:"sku" placeholder:"SKU"`
	Order   string `help:"Only this order, whatever its dates." placeholder:"ID"`
	Date    string `help:"Put money on the day it was posted, or on the day its order was bought; report dates explains the difference." enum:"posting,order" default:"posting"`
	Compare string `help:"Beside it the days before (previous), or the same days a year before (year)." enum:",previous,year" default:""`
	Explain string `help:"Show how a figure comes about, such as roi; all shows every one." placeholder:"FIGURE"`
}

func (v *reportProfitVerb) of(a *app) format {
	if a.g.JSON {
		return formatJSON
	}
	return v.Format
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
	if err := errors.Join(v.period.check(), v.checkMore()); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		groups, err := v.statements(a, s.Book)
		if err != nil {
			return err
		}
		if groups, err = v.compared(a, s.Book, groups); err != nil {
			return err
		}
		if v.Explain != "" {
			return v.explain(a, s.Book, groups)
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
		if v.Out == "" {
			return printStatements(a, groups, v.Format)
		}
		return v.write(a, s, groups)
	})
}

// statements makes what the flags ask for. Without --from or --to a currency is
// told over the days that are complete for every account that brings it.
func (v *reportProfitVerb) statements(a *app, b *store.Book) ([]group, error) {
	coverage, err := b.MoneyCoverage(a.ctx)
	if err != nil {
		return nil, err
	}
	var rows []books.Rollup
	switch {
	case v.Order != "":
		rows, err = b.OrderRollup(a.ctx, v.Order)
	case v.Date == "order":
		rows, err = b.OrderDaySums(a.ctx, store.SumFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, SKU: v.SKU})
	default:
		rows, err = b.Rollups(a.ctx, v.From, v.To, v.Marketplace, v.SKU)
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if v.SKU == "" && slices.Contains([]string{"sku", "parent", "brand", "tag"}, v.By) {
		shares, err := b.DividedExpenses(a.ctx, store.SumFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace}, true)
		if err != nil {
			return nil, err
		}
		rows = append(rows, shares...)
	}
	f := books.Filter{From: v.From, To: v.To, Marketplaces: v.Marketplace, SKU: v.SKU}
	if v.Order != "" { // an order is judged by its own days
		f.From, f.To = rows[0].Day, rows[len(rows)-1].Day
	}
	part, err := v.parter(a, b)
	if err != nil {
		return nil, err
	}
	if f.From != "" && f.To != "" {
		return grouped(rows, coverage, f, part)
	}
	var out []group
	for _, currency := range currenciesOf(rows) {
		own := slices.DeleteFunc(slices.Clone(rows), func(r books.Rollup) bool { return r.Currency != currency && r.Currency != "" })
		span := f
		from, to := coveredSpan(coverage, own, currency)
		if span.From == "" {
			span.From = from
		}
		if span.To == "" {
			span.To = to
		}
		list, err := grouped(own, coverage, span, part)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(x, y group) int { return strings.Compare(x.name, y.name) })
	return out, nil
}

func currenciesOf(rows []books.Rollup) []string {
	var out []string
	for _, r := range rows {
		if r.Currency != "" {
			out = append(out, r.Currency)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// coveredSpan is the default period of a currency: the last days that are covered.
// Where none are, it is all days that have rows.
func coveredSpan(coverage []books.Coverage, rows []books.Rollup, currency string) (from, to string) {
	if from, to = books.Covered(coverage, currency); from == "" {
		from, to = rows[0].Day, rows[0].Day
		for _, r := range rows {
			from, to = min(from, r.Day), max(to, r.Day)
		}
	}
	return from, to
}

// grouped makes the statements of a period as a whole or in parts.
func grouped(rows []books.Rollup, coverage []books.Coverage, f books.Filter, p parter) ([]group, error) {
	if p.names == nil {
		list, err := books.Statements(rows, coverage, f)
		return named("", list), err
	}
	parts := map[string][]books.Rollup{}
	for _, r := range rows {
		if r.Day < f.From || r.Day > f.To {
			continue
		}
		for _, name := range p.names(r) {
			parts[name] = append(parts[name], r)
		}
	}
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []group
	for _, name := range names {
		part := f
		if p.span != nil {
			from, to := p.span(name)
			part.From, part.To = max(f.From, from), min(f.To, to)
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
