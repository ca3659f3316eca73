package desktop

import (
	"cmp"
	"time"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// overviewTexts turns the overview's figures into the reader's words.
type overviewTexts struct {
	w   *i18n.Words
	l   *format.Locale
	now time.Time
}

// overviewTileText is what a tile says.
type overviewTileText struct {
	Title, Figure, Change, Foot string
	Lines                       []string
	Tip                         string // how the figure is made
	Trend                       int    // -1 worse, 1 better, 0 not to be compared
	Unknown                     bool
}

// count writes "3 orders" with the noun's form for its number.
func (o overviewTexts) count(key string, n int64) string {
	if o.l.One(n) {
		return o.w.T(key+"_one", o.l.Count(n))
	}
	return o.w.T(key, o.l.Count(n))
}

func (o overviewTexts) today(d *overviewData) overviewTileText {
	now := d.Today.Now
	t := overviewTileText{
		Title: o.w.T("overview.today"), Figure: o.l.Money(books.Money{Minor: now.Minor, Currency: d.Currency}),
		Lines: []string{o.w.T("overview.ordered"), o.count("overview.orders", now.Orders), o.count("overview.units", now.Units)},
	}
	if now.Unpriced > 0 {
		t.Lines[2] = o.count("overview.unpriced", now.Unpriced)
		if now.Minor == 0 { // of none is the price known: that is not nothing
			t.Figure, t.Unknown = format.Unknown, true
		}
	}
	t.Foot = o.w.T("profit.until_none")
	if d.Covered.To != "" {
		t.Foot = o.w.T("overview.money_until", o.l.DayMonth(statementDay(d.Covered.To)))
	}
	if !d.Today.Begun && now.Orders == 0 { // nobody asked Amazon yet: that is not nothing
		t.Figure, t.Unknown, t.Lines = format.Unknown, true, []string{o.w.T("overview.not_fetched")}
		return t
	}
	if before := d.Today.Before.Minor; before != 0 && d.Today.Begun && d.Today.Whole && now.Unpriced == 0 && d.Today.Before.Unpriced == 0 {
		t.Change = o.w.T("overview.week_before", o.l.PercentChange(now.Minor-before, before, 0))
		t.Trend = cmp.Compare(now.Minor, before)
	}
	return t
}

func (o overviewTexts) tile(d *overviewData, tile overviewTile) overviewTileText {
	if tile.ID == "forecast" {
		return o.forecast(d, tile)
	}
	sales := statementSum(tile.Statement, statementPlan[0].lines)
	t := overviewTileText{
		Figure: figureText(o.l, tile.NetProfit), Unknown: !tile.NetProfit.Known,
		Lines: []string{
			o.w.T("overview.net_profit"),
			o.w.T("overview.sales_orders", figureText(o.l, sales), o.count("overview.orders", tile.Orders)),
			o.w.T("overview.units_refunds", o.count("overview.units", tile.Units), o.count("overview.refunds", tile.UnitsRefunded)),
		},
	}
	if !sales.Known { // then nor are its orders and units
		t.Lines = t.Lines[:1]
	}
	end := o.l.DayMonth(statementDay(tile.Span.To))
	switch tile.ID {
	case "month":
		t.Title = o.w.T("overview.month", end)
	case "last_month":
		t.Title = o.w.T("overview.last_month", o.l.Month(statementDay(tile.Span.From)))
	default:
		t.Title = o.w.T("overview.yesterday")
	}
	switch {
	case t.Unknown && tile.NetSales.Why != "":
		t.Lines[0] = o.w.T("overview.no_money")
	case t.Unknown && tile.Uncovered > 0:
		t.Lines[0] = o.count("overview.no_cost", tile.Uncovered)
	}
	t.Foot = o.w.T("overview.no_shares")
	switch s := tile.Shares; {
	case s.Known && s.Deferred == 0:
		t.Foot = o.w.T("overview.settled", o.l.Percent(s.Settled, 10000, 0))
	case s.Known:
		t.Foot = o.w.T("overview.shares", o.l.Percent(s.Settled, 10000, 0), o.l.Percent(s.Deferred, 10000, 0))
	}
	t.Change, t.Trend = o.change(tile.NetProfit, tile.Prior.NetProfit)
	return t
}

// forecast is the tile of the month as it will be, with its method.
func (o overviewTexts) forecast(d *overviewData, tile overviewTile) overviewTileText {
	f := d.Forecast
	t := overviewTileText{
		Title: o.w.T("overview.forecast", o.l.Month(statementDay(tile.Span.From))), Figure: figureText(o.l, f.Figure), Unknown: !f.Known,
		Foot: o.w.T("overview.forecast_foot"),
		Tip:  o.w.T("overview.forecast_how", o.l.Count(forecastBack/7)),
	}
	switch {
	case f.Known:
		t.Lines = []string{o.w.T("overview.net_profit"), o.count("overview.forecast_so_far", int64(f.SoFar)), o.count("overview.forecast_left", int64(f.Left))}
		t.Change, t.Trend = o.change(f.Figure, tile.Prior.NetProfit)
	case f.Uncovered > 0:
		t.Lines = []string{o.count("overview.no_cost", f.Uncovered)}
	case f.Days == 0:
		t.Lines = []string{o.w.T("overview.no_money")}
	default:
		t.Lines = []string{o.w.T("overview.forecast_few", o.l.Count(int64(f.Days)), o.l.Count(forecastLeast))}
	}
	return t
}

// change compares two figures: in percent of a gain, in money of a loss, of
// which a share would say the wrong thing.
func (o overviewTexts) change(now, before books.Figure) (text string, trend int) {
	if !now.Known || !before.Known || now.Minor == before.Minor {
		return "", 0
	}
	difference, err := now.Money.Add(before.Money.Neg())
	if err != nil {
		return "", 0
	}
	trend = cmp.Compare(now.Minor, before.Minor)
	if before.Minor <= 0 {
		return o.l.Change(difference), trend
	}
	if max(difference.Minor, -difference.Minor) < before.Minor/2000 { // 0.0 % is neither up nor down
		return o.l.PercentChange(0, before.Minor, 1), 0
	}
	return o.l.PercentChange(difference.Minor, before.Minor, 1), trend
}

// overviewSlots are the figures of the chart.
type overviewSlots struct {
	Slots, Heads     []string
	Spans            []statementSpan
	Sales, Profit    []float64
	SalesKnown       []bool
	ProfitKnown      []bool
	Pale             []bool
	SalesText, Texts []string
}

// slots cuts the covered part of the span into periods.
func (o overviewTexts) slots(d *overviewData, by string) (overviewSlots, error) {
	var out overviewSlots
	span := d.money()
	periods := statementPeriods(by, span, d.Covered)
	for _, p := range periods {
		s, err := statementOf(d.Rows, d.Coverage, p.statementSpan, d.Currency)
		if err != nil {
			return out, err
		}
		sales := statementSum(s, statementPlan[0].lines)
		out.Slots = append(out.Slots, statementHead(o.w, o.l, by, p, statementOneYear(periods)))
		out.Heads = append(out.Heads, statementHeadLong(o.l, p))
		out.Spans = append(out.Spans, p.statementSpan)
		out.Sales, out.SalesKnown = append(out.Sales, profitPlot(sales.Money)), append(out.SalesKnown, sales.Known)
		out.Profit, out.ProfitKnown = append(out.Profit, profitPlot(s.NetProfit.Money)), append(out.ProfitKnown, s.NetProfit.Known)
		out.Pale = append(out.Pale, !p.whole())
		out.SalesText, out.Texts = append(out.SalesText, figureText(o.l, sales)), append(out.Texts, figureText(o.l, s.NetProfit))
	}
	return out, nil
}

// overviewBy is the length of periods that suits a span.
func overviewBy(span statementSpan) string {
	days := int(statementDay(span.To).Sub(statementDay(span.From)).Hours() / 24)
	switch {
	case days <= 45:
		return statementDays
	case days <= 240:
		return statementWeeks
	}
	return statementMonths
}
