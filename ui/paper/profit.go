package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Named is a statement with the name of its column: a period, a marketplace.
type Named struct {
	Name string // "" for the whole period
	books.Statement
}

// perTable is how many statements stand beside one another on a page.
const perTable = 6

// Profit makes the report of profit and loss: a table per currency, its
// statements side by side. covered is the last day of each currency's money,
// empty where it is not known.
func Profit(h Head, statements []Named, covered map[string]string) Report {
	t := h.Words.T
	r := Report{Head: h, Title: t("paper.profit.title")}
	byCurrency := map[string][]Named{}
	var currencies []string
	for _, s := range statements {
		if byCurrency[s.Currency] == nil {
			currencies = append(currencies, s.Currency)
		}
		byCurrency[s.Currency] = append(byCurrency[s.Currency], s)
	}
	slices.Sort(currencies)
	if len(statements) > 0 {
		r.Facts = append(r.Facts, [2]string{t("paper.period"), h.periodText(currencies, byCurrency)})
	}
	r.Facts = append(r.Facts,
		[2]string{t("paper.covered"), h.coveredText(currencies, covered)},
		[2]string{t("paper.currency"), strings.Join(currencies, ", ")},
		[2]string{t("paper.printed"), h.Locale.Date(h.Printed)})
	for _, c := range currencies {
		all := byCurrency[c]
		for len(all) > 0 {
			n := min(perTable, len(all))
			r.Sections = append(r.Sections, h.statementTable(c, all[:n]))
			all = all[n:]
		}
		r.Notes = append(r.Notes, h.statementNotes(byCurrency[c])...)
	}
	return r
}

// periodText writes the days of the statements, by currency where those differ.
func (h Head) periodText(currencies []string, statements map[string][]Named) string {
	var parts []string
	for _, c := range currencies {
		from, to := statements[c][0].From, statements[c][0].To
		for _, s := range statements[c] {
			from, to = min(from, s.From), max(to, s.To)
		}
		parts = append(parts, h.days(from, to))
	}
	if all := slices.Compact(slices.Clone(parts)); len(all) == 1 {
		return all[0]
	}
	for i, c := range currencies {
		parts[i] = c + " " + parts[i]
	}
	return strings.Join(parts, ", ")
}

// days writes a span of days.
func (h Head) days(from, to string) string {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return from + " - " + to
	}
	return h.Locale.Date(a) + " – " + h.Locale.Date(b)
}

func (h Head) day(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return h.Locale.Date(d)
}

func (h Head) coveredText(currencies []string, covered map[string]string) string {
	var parts []string
	for _, c := range currencies {
		if covered[c] != "" {
			parts = append(parts, c+" "+h.day(covered[c]))
		}
	}
	if len(parts) == 0 {
		return h.Words.T("paper.notcovered")
	}
	return strings.Join(parts, ", ")
}

// statementPart is a run of lines with the subtotal below it.
type statementPart struct {
	lines  []books.Line
	total  string // key of its words
	figure func(books.Statement) books.Figure
	weight Weight
}

var statementParts = []statementPart{
	{[]books.Line{books.SalesProduct, books.SalesShipping, books.SalesGiftWrap, books.Promotion, books.Points, books.RefundProduct, books.RefundShipping,
		books.RefundGiftWrap, books.RefundPromotion}, "figures.net_sales", func(s books.Statement) books.Figure { return s.NetSales }, Subtotal},
	{[]books.Line{books.FeeReferral, books.FeeClosing, books.FeeRefundAdmin, books.FeeSubscription, books.FeeCoupon, books.FeeOther},
		"paper.sellingfees", func(s books.Statement) books.Figure { return s.SellingFees }, Subtotal},
	{[]books.Line{books.FBAFulfilment, books.FBAInbound, books.FBAStorage, books.FBAAged, books.FBARemoval, books.FBAReturns, books.FBAOther, books.Reimbursement},
		"paper.fbafees", func(s books.Statement) books.Figure { return s.FBAFees }, Subtotal},
	{[]books.Line{books.Advertising, books.COGS, books.Postage, books.Unclassified}, "figures.contribution",
		func(s books.Statement) books.Figure { return s.Contribution }, Subtotal},
	{[]books.Line{books.Expense}, "figures.net_profit", func(s books.Statement) books.Figure { return s.NetProfit }, Total},
	{[]books.Line{books.TaxCollected, books.TaxWithheld, books.TaxInput}, "paper.taxowed", func(s books.Statement) books.Figure { return s.TaxOwed }, Subtotal},
}

func (h Head) statementTable(currency string, all []Named) Section {
	t := h.Words.T
	s := Section{Fit: true, Title: t("paper.profit.in", currency), Columns: []Column{{Title: t("paper.line")}}}
	for _, n := range all {
		title := n.Name
		if title == "" {
			title = currency
		}
		s.Columns = append(s.Columns, Column{Title: title, Right: true})
	}
	for i, part := range statementParts {
		if i == len(statementParts)-1 {
			s.Rows = append(s.Rows, Row{Weight: Heading, Cells: []Cell{Text(t("paper.liabilities"))}})
		}
		for _, l := range part.lines {
			row, empty := Row{Cells: []Cell{Text(t("settlements.line." + string(l)))}}, true
			for _, n := range all {
				f := lineOf(n.Statement, l)
				empty = empty && f.Known && f.Minor == 0
				row.Cells = append(row.Cells, Of(f))
			}
			if !empty {
				s.Rows = append(s.Rows, row)
			}
		}
		total := Row{Weight: part.weight, Cells: []Cell{Text(t(part.total))}}
		for _, n := range all {
			total.Cells = append(total.Cells, Of(part.figure(n.Statement)))
		}
		s.Rows = append(s.Rows, total)
	}
	units := Row{Cells: []Cell{Text(t("figures.units"))}}
	margin := Row{Cells: []Cell{Text(t("figures.margin"))}}
	for _, n := range all {
		units.Cells = append(units.Cells, Count(n.Units))
		share := Text("-")
		if n.Margin.Known {
			share = Text(h.Locale.Percent(n.Margin.BasisPoints, 10000, 1))
		}
		margin.Cells = append(margin.Cells, share)
	}
	s.Rows = append(append(s.Rows, units, margin), h.shareRows(all)...)
	return s
}

// shareRows say how final the money of each statement is.
func (h Head) shareRows(all []Named) []Row {
	var out []Row
	for _, part := range []struct {
		key string
		of  func(books.Shares) int64
	}{
		{"paper.settled", func(s books.Shares) int64 { return s.Settled }},
		{"paper.released", func(s books.Shares) int64 { return s.Released }},
		{"paper.deferred", func(s books.Shares) int64 { return s.Deferred }},
		{"paper.estimated", func(s books.Shares) int64 { return s.Estimated }},
	} {
		row := Row{Cells: []Cell{Text(h.Words.T(part.key))}}
		for _, n := range all {
			share := Text("-")
			if n.Shares.Known {
				share = Text(h.Locale.Percent(part.of(n.Shares), 10000, 1))
			}
			row.Cells = append(row.Cells, share)
		}
		out = append(out, row)
	}
	return out
}

func lineOf(s books.Statement, l books.Line) books.Figure {
	for _, f := range s.Lines {
		if f.Line == l {
			return f.Figure
		}
	}
	return books.Figure{Money: books.Money{Currency: s.Currency}, Known: true}
}

// statementNotes say why a figure is missing.
func (h Head) statementNotes(all []Named) []string {
	var out []string
	for _, n := range all {
		name := strings.TrimSpace(n.Name + " " + n.Currency)
		if n.Uncovered > 0 {
			out = append(out, fmt.Sprintf("%s: %s", name, h.Words.T("paper.uncovered", h.Locale.Count(n.Uncovered))))
		}
		if n.NetSales.Why != "" {
			out = append(out, fmt.Sprintf("%s: %s", name, h.Words.T("paper.partly")))
		}
	}
	return out
}
