package desktop

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// profitWidth is the width a column needs for its widest text in bold, in
// unscaled units. Digits are of one width, so that texts which differ in
// digits only are measured once.
func profitWidth(texts ...string) float32 {
	shapes := map[string]bool{}
	for _, t := range texts {
		shapes[strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return '0'
			}
			return r
		}, t)] = true
	}
	var w float32
	for shape := range shapes {
		w = max(w, fyne.MeasureText(shape, theme.TextBody, fyne.TextStyle{Bold: true}).Width)
	}
	return max(w+2*theme.Space2+2, 60)
}

// profitFew is up to how many periods the columns of figures share the room
// that is left over; with more of them the table scrolls.
const profitFew = 6

// statementTable is the statement: a tree of lines over the periods.
func (p *profitScreen) statementTable() profitTable {
	d := p.data
	columns := []parts.Column[statementRow]{p.nameColumn()}
	need := columns[0].Width
	for i := range d.Periods {
		columns = append(columns, p.figureColumn(i, d.Periods[i].From, p.periodHead(i), d.Periods[i].statementSpan, d.Statements[i]))
	}
	total := len(d.Periods)
	if total > 1 {
		columns = append(columns, p.figureColumn(total, "total", p.env.words.T("profit.total"), d.Span, d.Total))
	}
	columns = append(columns, p.shareColumn(total))
	if d.Compare != nil {
		c := p.figureColumn(total+1, "compare", p.env.words.T("profit.compare"), d.Query.Compare, *d.Compare)
		columns = append(columns, c, p.changeColumn(total))
	}
	for _, c := range columns[1:] {
		need += c.Width
	}
	p.wide.need = need + 24
	rows := statementShown(d.Rows, p.open)
	var table *parts.Table[statementRow]
	table = parts.NewTable(p.env.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[statementRow]{
		Post: p.env.post, Pinned: 1, Cells: true, Compact: len(d.Periods) > profitFew/2,
		Heavy:  func(r statementRow) bool { return r.Sum },
		OnFold: func(r statementRow) { p.fold(table, columns, r) },
		OnOpen: func(r statementRow, column string) { p.openCell(table, columns, r, column) },
	})
	return table
}

// fold shows or hides the lines of a group.
func (p *profitScreen) fold(table *parts.Table[statementRow], columns []parts.Column[statementRow], r statementRow) {
	if !r.Folds {
		return
	}
	p.open[r.ID] = !p.open[r.ID]
	rows := statementShown(p.data.Rows, p.open)
	table.SetSource(parts.Rows(rows, columns))
	table.Select(slices.IndexFunc(rows, func(o statementRow) bool { return o.ID == r.ID && o.Line == r.Line }))
}

func (p *profitScreen) openCell(table *parts.Table[statementRow], columns []parts.Column[statementRow], r statementRow, column string) {
	d := p.data
	span := d.Span
	switch column {
	case "line":
		p.fold(table, columns, r)
		return
	case "share", "change", "total":
	case "compare":
		span = d.Query.Compare
	default:
		for _, period := range d.Periods {
			if period.From == column {
				span = period.statementSpan
			}
		}
	}
	p.lines(statementLineList(r.Lines), span, "", p.route.SKU)
}

// periodHead names a column, and where it ends early or begins late, the day.
func (p *profitScreen) periodHead(i int) string {
	w, l, d := p.env.words, p.env.loc, p.data
	period := d.Periods[i]
	head := statementHead(w, l, p.periods, period, statementOneYear(d.Periods))
	switch {
	case p.periods == statementDays || period.whole() || !period.meets(d.Covered):
		return head
	case p.periods == statementWeeks:
		return l.DayMonth(statementDay(period.From))
	case p.periods != statementMonths && period.To != period.End:
		return w.T("profit.head_to", head, l.DayMonth(statementDay(period.To)))
	case p.periods != statementMonths:
		return w.T("profit.head_from", head, l.DayMonth(statementDay(period.From)))
	case period.From != period.Start && period.To != period.End:
		return w.T("profit.head_days", head, statementDay(period.From).Day(), statementDay(period.To).Day())
	case period.To != period.End:
		return w.T("profit.head_to_day", head, statementDay(period.To).Day())
	}
	return w.T("profit.head_from_day", head, statementDay(period.From).Day())
}

func (p *profitScreen) nameColumn() parts.Column[statementRow] {
	w := p.env.words
	name := func(r statementRow) string { return w.T(r.word()) }
	width := float32(150)
	for _, r := range p.data.Rows {
		width = max(width, profitWidth(name(r))+24)
	}
	var grow float32
	if len(p.data.Periods) <= profitFew {
		grow = 1
	}
	return parts.Column[statementRow]{
		ID: "line", Title: w.T("profit.line"), Width: min(width, 230), Grow: grow, Text: name,
		Look: func(r statementRow) parts.Cell {
			c := parts.Cell{}
			switch {
			case r.Group != "":
				c.Indent, c.Tone = 2, parts.Muted
			case r.Folds && p.open[r.ID]:
				c.Fold = parts.Open
			case r.Folds:
				c.Fold = parts.Closed
			case !r.Sum:
				c.Indent = 1
			}
			return c
		},
	}
}

func (p *profitScreen) figureColumn(i int, id, head string, span statementSpan, s books.Statement) parts.Column[statementRow] {
	l := p.env.loc
	why := statementWhy(p.env.words, l, s, p.data.Covered)
	var grow float32
	if len(p.data.Periods) <= profitFew {
		grow = 0.4
	}
	texts := []string{head}
	for _, r := range p.data.Rows {
		texts = append(texts, l.Statement(r.Figures[i].Money))
	}
	text := func(r statementRow) string { return figureText(l, r.Figures[i]) }
	return parts.Column[statementRow]{
		ID: id, Title: head, Width: profitWidth(texts...), Grow: grow, Align: parts.Right, Text: text,
		Look:  func(r statementRow) parts.Cell { return figureCell(l, r.Figures[i], why, r.Group != "" || r.Below) },
		Value: func(r statementRow) any { return figureValue(r.Figures[i]) },
	}
}

// figureText writes a figure as a statement does, "-" when it is not known.
func figureText(l *format.Locale, f books.Figure) string {
	if !f.Known {
		return format.Unknown
	}
	return l.Statement(f.Money)
}

// figureCell shows a figure; one that is not known has its reason on hover, and
// so has one that leaves something out.
func figureCell(l *format.Locale, f books.Figure, why string, quiet bool) parts.Cell {
	if !f.Known {
		return parts.UnknownCell(why)
	}
	c := parts.Cell{Text: l.Statement(f.Money), Link: true}
	if quiet || f.Minor == 0 {
		c.Tone = parts.Muted
	}
	if f.Why != "" {
		c.Tip = why
	}
	return c
}

// figureValue is a figure for a spreadsheet; nil when it is not known.
func figureValue(f books.Figure) any {
	if !f.Known {
		return nil
	}
	return f.Money
}

func (p *profitScreen) shareColumn(total int) parts.Column[statementRow] {
	w, l, net := p.env.words, p.env.loc, p.data.Total.NetSales
	text := func(r statementRow) string {
		if f := r.Figures[total]; f.Known && net.Known {
			return l.Percent(f.Minor, net.Minor, 1)
		}
		return format.Unknown
	}
	return parts.Column[statementRow]{
		ID: "share", Title: w.T("profit.share"), Width: profitWidth(w.T("profit.share"), widestShare(l)), Align: parts.Right, Text: text,
		Look: func(r statementRow) parts.Cell {
			if t := text(r); t == format.Unknown {
				return parts.UnknownCell(statementWhy(w, l, p.data.Total, p.data.Covered))
			}
			return parts.Cell{Tone: parts.Hint, Link: true}
		},
	}
}

// widestShare is a share as wide as shares usually are.
func widestShare(l *format.Locale) string { return l.Percent(-9999, 10000, 1) + " " }

// changeColumn is the change against the period compared with.
func (p *profitScreen) changeColumn(total int) parts.Column[statementRow] {
	w, l := p.env.words, p.env.loc
	return parts.Column[statementRow]{
		ID: "change", Title: w.T("profit.change"), Width: profitWidth(w.T("profit.change"), widestShare(l)), Align: parts.Right,
		Text: func(r statementRow) string { return profitChange(l, r.Figures[total], r.Figures[total+1]) },
	}
}

// profitChange is the change of a figure in percent of the size of the one
// before.
func profitChange(l *format.Locale, now, before books.Figure) string {
	if !now.Known || !before.Known {
		return format.Unknown
	}
	negative, err := now.Money.Add(before.Money.Neg())
	if err != nil {
		return format.Unknown
	}
	return l.PercentChange(negative.Minor, max(before.Minor, -before.Minor), 1)
}

// groupTable is the statement of each product or marketplace, a row each.
func (p *profitScreen) groupTable(groups []profitGroup, products bool) profitTable {
	columns := p.groupColumns(products)
	table := parts.NewTable(p.env.ctx, columns, parts.Rows(groups, columns), parts.TableOptions[profitGroup]{
		Post: p.env.post, Pinned: 1, Cells: true,
		OnOpen: func(g profitGroup, column string) { p.openGroup(g, column) },
	})
	p.wide.need = 24
	for _, c := range columns {
		p.wide.need += c.Width
	}
	if !products || len(groups) > 1 {
		table.SetTotals(p.groupTotals(columns))
	}
	return table
}

// groupFigures are the columns of figures of a group.
var groupFigures = []struct {
	id    string
	of    func(books.Statement) books.Figure
	lines func() []books.Line
}{
	{"net_sales", func(s books.Statement) books.Figure { return s.NetSales }, planLines("net_sales")},
	{"selling", func(s books.Statement) books.Figure { return s.SellingFees }, planLines("selling")},
	{"fba", func(s books.Statement) books.Figure { return statementSum(s, planLines("fba")()) }, planLines("fba")},
	{"cogs", func(s books.Statement) books.Figure { return s.CostOfGoods }, planLines("cogs")},
	{"rest", func(s books.Statement) books.Figure { return statementSum(s, profitRest()) }, profitRest},
	{"net_profit", func(s books.Statement) books.Figure { return s.NetProfit }, planLines("net_profit")},
}

// profitRest are the lines of profit that have no column of their own.
func profitRest() []books.Line {
	return []books.Line{books.Reimbursement, books.Advertising, books.Postage, books.Unclassified, books.Expense}
}

// planLines gives the lines behind a row of the plan.
func planLines(id string) func() []books.Line {
	return func() []books.Line {
		var behind []books.Line
		for _, p := range statementPlan {
			switch {
			case p.id == id && p.sum:
				return behind
			case p.id == id:
				return slices.Clone(p.lines)
			}
			behind = append(behind, p.lines...)
		}
		return nil
	}
}

func (p *profitScreen) groupColumns(products bool) []parts.Column[profitGroup] {
	w, l := p.env.words, p.env.loc
	market := parts.Column[profitGroup]{
		ID: "market", Title: w.T("profit.market"), Width: 76, Text: func(g profitGroup) string { return profitMarketName(g.Marketplace) },
		Compare: parts.By(func(g profitGroup) string { return profitMarketName(g.Marketplace) }),
	}
	columns := []parts.Column[profitGroup]{market}
	if products {
		columns = []parts.Column[profitGroup]{
			{ID: "sku", Title: w.T("profit.sku"), Width: 120, Mono: true, Text: func(g profitGroup) string { return cmp.Or(g.SKU, format.Unknown) },
				Compare: parts.By(func(g profitGroup) string { return g.SKU })},
			{ID: "title", Title: w.T("profit.product"), Width: 150, Grow: 1, Text: p.groupTitle,
				Look: func(g profitGroup) parts.Cell {
					if g.SKU == "" {
						return parts.Cell{Tone: parts.Muted}
					}
					return parts.Cell{}
				}, Compare: parts.By(p.groupTitle)},
			market,
		}
	} else {
		columns[0].Grow = 1
	}
	columns = append(columns, parts.Column[profitGroup]{
		ID: "units", Title: w.T("profit.units"), Width: 70, Align: parts.Right, Text: func(g profitGroup) string { return l.Count(g.Units) },
		Look:  func(profitGroup) parts.Cell { return parts.Cell{Link: true} },
		Value: func(g profitGroup) any { return g.Units }, Compare: parts.By(func(g profitGroup) int64 { return g.Units }),
	})
	for _, f := range groupFigures {
		columns = append(columns, p.groupFigure(f.id, f.of))
	}
	return append(columns, p.groupMargin())
}

// groupTitle is the product's title; without one the SKU says enough.
func (p *profitScreen) groupTitle(g profitGroup) string {
	if g.SKU == "" {
		return p.env.words.T("profit.no_product")
	}
	return g.Title
}

func (p *profitScreen) groupFigure(id string, of func(books.Statement) books.Figure) parts.Column[profitGroup] {
	w, l := p.env.words, p.env.loc
	head := w.T("profit.short." + id)
	texts := []string{head}
	for _, g := range append(p.data.Products, p.data.Markets...) {
		texts = append(texts, l.Statement(of(g.Statement).Money))
	}
	return parts.Column[profitGroup]{
		ID: id, Title: head, Width: profitWidth(texts...), Align: parts.Right,
		Text: func(g profitGroup) string { return figureText(l, of(g.Statement)) },
		Look: func(g profitGroup) parts.Cell {
			c := figureCell(l, of(g.Statement), statementWhy(w, l, g.Statement, p.data.Covered), false)
			if id == "net_profit" && c.Tone == parts.Normal && of(g.Statement).Minor < 0 {
				c.Tone = parts.Loss
			}
			return c
		},
		Value:   func(g profitGroup) any { return figureValue(of(g.Statement)) },
		Compare: func(a, b profitGroup) int { return profitCompare(of(a.Statement), of(b.Statement)) },
	}
}

// profitCompare orders figures; those that are not known come first.
func profitCompare(a, b books.Figure) int {
	if a.Known != b.Known {
		if a.Known {
			return 1
		}
		return -1
	}
	return cmp.Compare(a.Minor, b.Minor)
}

func (p *profitScreen) groupMargin() parts.Column[profitGroup] {
	w, l := p.env.words, p.env.loc
	text := func(g profitGroup) string {
		if !g.Margin.Known {
			return format.Unknown
		}
		return l.Percent(g.Margin.BasisPoints, 10000, 1)
	}
	return parts.Column[profitGroup]{
		ID: "margin", Title: w.T("profit.margin"), Width: profitWidth(w.T("profit.margin"), widestShare(l)), Align: parts.Right, Text: text,
		Look: func(g profitGroup) parts.Cell {
			if !g.Margin.Known {
				return parts.UnknownCell(cmp.Or(statementWhy(w, l, g.Statement, p.data.Covered), w.T("profit.why_no_sales")))
			}
			return parts.Cell{Tone: parts.Muted}
		},
		Compare: parts.By(func(g profitGroup) int64 { return g.Margin.BasisPoints }),
	}
}

func (p *profitScreen) groupTotals(columns []parts.Column[profitGroup]) map[string]parts.Cell {
	total := profitGroup{Statement: p.data.Total}
	out := map[string]parts.Cell{columns[0].ID: {Text: p.env.words.T("profit.total")}}
	for _, c := range columns {
		if c.Align == parts.Right {
			cell := parts.Cell{Text: c.Text(total), Bold: true}
			if c.Look != nil {
				cell.Tip = c.Look(total).Tip
			}
			out[c.ID] = cell
		}
	}
	return out
}

func (p *profitScreen) openGroup(g profitGroup, column string) {
	for _, f := range groupFigures {
		if f.id == column {
			p.lines(statementLineList(f.lines()), p.data.Span, g.Marketplace, g.SKU)
			return
		}
	}
	switch column {
	case "units":
		p.lines(string(books.SalesProduct), p.data.Span, g.Marketplace, g.SKU)
	case "sku", "title":
		if g.SKU != "" {
			p.env.show(route{Screen: "profit", SKU: g.SKU, Market: g.Marketplace})
		}
	case "market":
		if g.Marketplace != "" {
			p.env.show(route{Screen: "profit", SKU: p.route.SKU, Market: g.Marketplace})
		}
	}
}

// charts draws the bridge and the trend.
func (p *profitScreen) charts() {
	w, l, d := p.env.words, p.env.loc, p.data
	note := w.T("profit.chart_note", d.Query.Currency, statementRange(l, d.Span))
	p.cards[0].SetNote(note)
	p.cards[1].SetNote(d.Query.Currency)
	bridge := parts.ChartData{First: w.T("profit.line"), Empty: cmp.Or(statementWhy(w, l, d.Total, d.Covered), w.T("profit.why_no_sales"))}
	texts := parts.ChartSeries{Name: d.Query.Currency}
	for _, s := range profitWaterfall(d) {
		bridge.Steps = append(bridge.Steps, s.Step)
		bridge.Slots = append(bridge.Slots, profitShort(w, s.Row.ID))
		bridge.Heads = append(bridge.Heads, w.T(s.Row.word()))
		bridge.Labels = append(bridge.Labels, l.Short(s.Step.Value))
		texts.Texts = append(texts.Texts, l.Statement(s.Figure.Money))
	}
	bridge.Series = []parts.ChartSeries{texts}
	p.bridge.Set(bridge)
	p.trend.Set(p.trendData())
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
		Axis: l.Short, Right: func(v float64) string { return l.Short(v) + "%" },
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
	out.Series = []parts.ChartSeries{net, margin}
	return out
}

// exportName is the name offered for an export.
func (p *profitScreen) exportName(kind string) string {
	return "profit-" + p.by + "-" + p.data.Query.Currency + "-" + p.data.Span.From + "-" + p.data.Span.To + "." + kind
}
