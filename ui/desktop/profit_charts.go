package desktop

import (
	"cmp"
	"slices"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// charts draws the bridge and the trend.
func (p *profitScreen) charts() {
	w, l, d := p.env.words, p.env.loc, p.data
	p.notes[0].SetText(d.Query.Currency, parts.Hint)
	p.notes[1].SetText(d.Query.Currency, parts.Hint)
	bridge := parts.ChartData{First: w.T("profit.line"), Empty: cmp.Or(statementWhy(w, l, d.Total, d.Covered), w.T("profit.why_no_sales"))}
	texts := parts.ChartSeries{Name: d.Query.Currency}
	flow := profitWaterfall(d)
	for _, s := range flow {
		bridge.Steps = append(bridge.Steps, s.Step)
		bridge.Slots = append(bridge.Slots, profitShort(w, s.Row.ID))
		bridge.Heads = append(bridge.Heads, w.T(s.Row.word()))
		bridge.Labels = append(bridge.Labels, l.ShortMoney(s.Step.Value))
		texts.Texts = append(texts.Texts, l.Statement(s.Figure.Money))
	}
	bridge.Series = []parts.ChartSeries{texts}
	bridge.Open = func(step int) { p.lines(statementLineList(flow[step].Row.Lines), d.Span) }
	p.bridge.Set(bridge)
	p.trend.Set(p.trendData())
	p.notes[2].SetText(w.T("profit.chart_note", d.Query.Currency, statementRange(l, d.BridgeSpan)), parts.Hint)
	p.central.Set(p.centralData())
}

// profitShort is a row's name below a narrow bar.
func profitShort(w *i18n.Words, id string) string {
	if id == "net_profit" {
		return w.T("profit.short.net")
	}
	return w.T("profit.short." + id)
}

func (p *profitScreen) trendData() parts.ChartData {
	w, l, d := p.env.words, p.env.loc, p.data
	out := parts.ChartData{
		First: w.T("profit.period"), Empty: cmp.Or(statementWhy(w, l, d.Total, d.Covered), w.T("profit.why_no_sales")),
		Axis: l.ShortMoney, Right: func(v float64) string { return l.Short(v) + "%" },
	}
	net := parts.ChartSeries{Name: w.T("profit.row.net_profit"), Shape: charts.Bar}
	margin := parts.ChartSeries{Name: w.T("profit.margin"), Shape: charts.Line, Right: true, Color: 1}
	for i, s := range d.Statements {
		out.Slots = append(out.Slots, statementHead(w, l, p.periods, d.Periods[i], statementOneYear(d.Periods)))
		out.Heads = append(out.Heads, statementHeadLong(l, d.Periods[i]))
		net.Y, net.Known = append(net.Y, profitPlot(s.NetProfit.Money)), append(net.Known, s.NetProfit.Known)
		net.Pale = append(net.Pale, !d.Periods[i].whole())
		net.Texts = append(net.Texts, figureText(l, s.NetProfit))
		margin.Y, margin.Known = append(margin.Y, float64(s.Margin.BasisPoints)/100), append(margin.Known, s.Margin.Known)
		text := format.Unknown
		if s.Margin.Known {
			text = l.Percent(s.Margin.BasisPoints, 10000, 1)
		}
		margin.Texts = append(margin.Texts, text)
	}
	if !slices.ContainsFunc(d.Statements, func(s books.Statement) bool { return s.NetProfit.Minor != 0 }) {
		out.Slots = nil // nothing known to draw: the reason stands there
		return out
	}
	out.Series = []parts.ChartSeries{net, margin}
	out.Open = func(slot int) {
		p.lines(statementLineList(planLines("net_profit")()), d.Periods[slot].statementSpan)
	}
	return out
}
