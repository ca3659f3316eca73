package desktop

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// statementSpan is days, both included; the zero value is none.
type statementSpan struct{ From, To string }

// meets tells whether the spans share a day.
func (s statementSpan) meets(o statementSpan) bool {
	return s.From != "" && o.From != "" && s.From <= o.To && o.From <= s.To
}

// within is the part of s inside o.
func (s statementSpan) within(o statementSpan) statementSpan {
	return statementSpan{max(s.From, o.From), min(s.To, o.To)}
}

// statementCovered is the last span of a currency's money that is complete for every
// account that brings it. The zero value when nothing is, or when they share no day.
func statementCovered(coverage []books.Coverage, currency string) statementSpan {
	from, to := books.Covered(coverage, currency)
	return statementSpan{from, to}
}

// statementPeriod is a column of a statement or a slot of a chart.
type statementPeriod struct {
	statementSpan
	Start, End string // the whole day, week, month, quarter or year
}

// whole tells whether all of its days are in the span.
func (p statementPeriod) whole() bool { return p.From == p.Start && p.To == p.End }

// The lengths of periods.
const (
	statementDays     = "day"
	statementWeeks    = "week"
	statementMonths   = "month"
	statementQuarters = "quarter"
	statementYears    = "year"
	statementWhole    = "whole" // one period: all days asked for
)

// statementPeriods cuts a span into days, weeks from Monday, months, quarters or
// years, or leaves it whole. Those that are covered in part end where the money does, so that
// their figures are known.
func statementPeriods(by string, span, covered statementSpan) []statementPeriod {
	first, err := time.Parse(time.DateOnly, span.From)
	last, err2 := time.Parse(time.DateOnly, span.To)
	if err != nil || err2 != nil {
		return nil
	}
	if by == statementWhole {
		p := statementPeriod{statementSpan: span, Start: span.From, End: span.To}
		if p.meets(covered) {
			p.statementSpan = p.within(covered)
		}
		return []statementPeriod{p}
	}
	var out []statementPeriod
	for start := statementStart(by, first); !start.After(last); {
		next := statementNext(by, start)
		p := statementPeriod{Start: start.Format(time.DateOnly), End: next.AddDate(0, 0, -1).Format(time.DateOnly)}
		p.statementSpan = statementSpan{p.Start, p.End}.within(span)
		if p.meets(covered) {
			p.statementSpan = p.within(covered)
		}
		out = append(out, p)
		start = next
	}
	return out
}

func statementStart(by string, day time.Time) time.Time {
	switch by {
	case statementWeeks:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case statementMonths:
		return day.AddDate(0, 0, 1-day.Day())
	case statementQuarters:
		return time.Date(day.Year(), (day.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case statementYears:
		return time.Date(day.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return day
}

func statementNext(by string, start time.Time) time.Time {
	switch by {
	case statementWeeks:
		return start.AddDate(0, 0, 7)
	case statementMonths:
		return start.AddDate(0, 1, 0)
	case statementQuarters:
		return start.AddDate(0, 3, 0)
	case statementYears:
		return start.AddDate(1, 0, 0)
	}
	return start.AddDate(0, 0, 1)
}

// statementOf makes the statement of one span out of rows sorted by day.
func statementOf(rows []books.Rollup, coverage []books.Coverage, span statementSpan, currency string) (books.Statement, error) {
	byDay := func(r books.Rollup, day string) int { return cmp.Compare(r.Day, day) }
	from, _ := slices.BinarySearchFunc(rows, span.From, byDay)
	to, _ := slices.BinarySearchFunc(rows, span.To+"~", byDay)
	return statementOfRows(rows[from:max(from, to)], coverage, span, currency)
}

func statementOfRows(rows []books.Rollup, coverage []books.Coverage, span statementSpan, currency string) (books.Statement, error) {
	all, err := books.Statements(rows, coverage, books.Filter{From: span.From, To: span.To, Currencies: []string{currency}})
	for _, s := range all {
		if s.Currency == currency {
			return s, err
		}
	}
	return books.Statement{Currency: currency}, err
}

// statementPart is a row of the plan of a statement: a group of lines, a line
// alone, or a sum of all above it.
type statementPart struct {
	id    string // of its word, "statement.<id>"
	lines []books.Line
	sum   bool
	quiet bool // left out while it is zero everywhere
	below bool // under the net profit: not part of it
}

var statementPlan = []statementPart{
	{id: "sales", lines: []books.Line{books.SalesProduct, books.SalesShipping, books.SalesGiftWrap}},
	{id: "promotions", lines: []books.Line{books.Promotion, books.Points}},
	{id: "refunds", lines: []books.Line{books.RefundProduct, books.RefundShipping, books.RefundGiftWrap, books.RefundPromotion}},
	{id: "net_sales", sum: true},
	{id: "selling", lines: []books.Line{
		books.FeeReferral, books.FeeClosing, books.FeeRefundAdmin, books.FeeSubscription, books.FeeCoupon, books.FeeOther}},
	{id: "fba", lines: []books.Line{
		books.FBAFulfilment, books.FBAInbound, books.FBAStorage, books.FBAAged, books.FBARemoval, books.FBAReturns, books.FBAOther}},
	{id: "reimbursement", lines: []books.Line{books.Reimbursement}, quiet: true},
	{id: "advertising", lines: []books.Line{books.Advertising}, quiet: true},
	{id: "cogs", lines: []books.Line{books.COGS}},
	{id: "postage", lines: []books.Line{books.Postage}, quiet: true},
	{id: "unclassified", lines: []books.Line{books.Unclassified}, quiet: true},
	{id: "contribution", sum: true},
	{id: "expense", lines: []books.Line{books.Expense}, quiet: true},
	{id: "net_profit", sum: true},
	{id: "tax", lines: []books.Line{books.TaxCollected, books.TaxWithheld, books.TaxInput}, quiet: true, below: true},
}

// statementRow is a row as it is shown: a figure for each period, then the
// whole.
type statementRow struct {
	ID      string
	Line    books.Line // of a line under a group
	Group   string     // the group's id, of a line under it
	Folds   bool       // has lines under it
	Sum     bool
	Below   bool
	Lines   []books.Line // behind its figures
	Figures []books.Figure
}

// word is the key of the row's name.
func (r statementRow) word() string {
	if r.Line != "" {
		return "profit.line." + string(r.Line)
	}
	return "profit.row." + r.ID
}

// statementRows makes all rows out of the statements of the periods. Lines
// that are zero everywhere are left out.
func statementRows(of []books.Statement) []statementRow {
	var out []statementRow
	var behind []books.Line
	for _, p := range statementPlan {
		row := statementRow{ID: p.id, Sum: p.sum, Below: p.below, Lines: p.lines}
		if p.sum {
			row.Lines = slices.Clone(behind)
		} else {
			behind = append(behind, p.lines...)
		}
		var under []statementRow
		for _, s := range of {
			row.Figures = append(row.Figures, statementFigure(s, p))
		}
		for _, l := range p.lines {
			child := statementRow{ID: p.id, Line: l, Group: p.id, Below: p.below, Lines: []books.Line{l}}
			for _, s := range of {
				child.Figures = append(child.Figures, statementLine(s, l))
			}
			if len(p.lines) > 1 && !statementEmpty(child.Figures) {
				under = append(under, child)
			}
		}
		if p.quiet && statementEmpty(row.Figures) {
			continue
		}
		row.Folds = len(under) > 0
		out = append(append(out, row), under...)
	}
	return out
}

// statementEmpty tells that there is nothing but zeros and figures that are
// not known for want of money.
func statementEmpty(figures []books.Figure) bool {
	return !slices.ContainsFunc(figures, func(f books.Figure) bool { return f.Minor != 0 })
}

func statementLine(s books.Statement, l books.Line) books.Figure {
	for _, f := range s.Lines {
		if f.Line == l {
			return f.Figure
		}
	}
	return books.Figure{Money: books.Money{Currency: s.Currency}}
}

func statementFigure(s books.Statement, p statementPart) books.Figure {
	switch p.id {
	case "net_sales":
		return s.NetSales
	case "contribution":
		return s.Contribution
	case "net_profit":
		return s.NetProfit
	case "cogs":
		return s.CostOfGoods
	case "tax":
		return s.TaxOwed
	}
	return statementSum(s, p.lines)
}

// statementSum adds lines up. It is known when one of them is: money that is
// covered in part is shown with what it leaves out.
func statementSum(s books.Statement, lines []books.Line) books.Figure {
	sum := books.Figure{Money: books.Money{Currency: s.Currency}}
	for _, l := range lines {
		f := statementLine(s, l)
		total, err := sum.Money.Add(f.Money)
		if err != nil {
			return books.Figure{Money: books.Money{Currency: s.Currency}, Why: err.Error()}
		}
		sum.Money, sum.Known, sum.Why = total, sum.Known || f.Known, f.Why
	}
	return sum
}

// statementShown leaves out the lines of folded groups.
func statementShown(rows []statementRow, open map[string]bool) []statementRow {
	var out []statementRow
	for _, r := range rows {
		if r.Group == "" || open[r.Group] {
			out = append(out, r)
		}
	}
	return out
}

// statementWhy says in the reader's language why a figure of a statement is
// not known: the days that are not covered, or the units without a cost.
func statementWhy(w *i18n.Words, l *format.Locale, s books.Statement, covered statementSpan) string {
	var why []string
	switch {
	case s.NetSales.Why == "": // the sums of covered days have no reason
	case covered.From == "":
		why = append(why, w.T("profit.why_none"))
	default:
		why = append(why, w.T("profit.why_days", statementRange(l, covered)))
	}
	switch {
	case s.Uncovered == 1:
		why = append(why, w.T("profit.why_cost_one"))
	case s.Uncovered > 1:
		why = append(why, w.T("profit.why_cost", l.Count(s.Uncovered)))
	}
	return strings.Join(why, " ")
}

// statementDay reads a day as the formatter takes it; the zero time when it is
// none.
func statementDay(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

func statementRange(l *format.Locale, s statementSpan) string {
	return l.Range(statementDay(s.From), statementDay(s.To))
}

// statementOneYear tells whether the periods need not name their year.
func statementOneYear(all []statementPeriod) bool {
	return len(all) > 0 && all[0].Start[:4] == all[len(all)-1].End[:4]
}

// statementHead is the short name of a period: "Nov", "21 Sep", "Q3 2026".
func statementHead(w *i18n.Words, l *format.Locale, by string, p statementPeriod, oneYear bool) string {
	start := statementDay(p.Start)
	switch {
	case by == statementMonths && oneYear:
		return l.MonthName(start.Month())
	case by == statementMonths:
		return l.Month(start)
	case by == statementQuarters:
		return w.T("profit.quarter", (int(start.Month())+2)/3, start.Year())
	case by == statementYears:
		return p.Start[:4]
	case by == statementWhole:
		return statementRange(l, p.statementSpan)
	}
	return l.DayMonth(start)
}

// statementHeadLong names a period with all of its days.
func statementHeadLong(l *format.Locale, p statementPeriod) string {
	return statementRange(l, p.statementSpan)
}

// statementLineList writes lines as a route takes them.
func statementLineList(lines []books.Line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = string(l)
	}
	return strings.Join(texts, ",")
}
