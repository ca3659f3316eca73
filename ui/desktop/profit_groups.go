package desktop

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// breakdown is the statement in parts, by what is chosen.
func (p *profitScreen) breakdown() profitTable {
	switch p.by {
	case profitByProduct:
		return p.groupTable(p.data.Products, nil)
	case profitByMarket:
		return p.groupTable(p.data.Markets, nil)
	case string(store.ByOrder):
		return p.groupTable(nil, orderSource{p.env.s.Book, p.data})
	}
	return p.groupTable(p.data.Groups, nil)
}

// groupTable is the statement of each part, a row each: of groups, or of a source.
func (p *profitScreen) groupTable(groups []profitGroup, source parts.Source[profitGroup]) profitTable {
	columns := p.groupColumns(groups)
	if source == nil {
		source = parts.Rows(groups, columns)
	}
	table := parts.NewTable(p.env.ctx, columns, source, parts.TableOptions[profitGroup]{
		Post: p.env.post, Reading: &p.env.reading, Pinned: 1, Cells: true, OnError: func(err error) { p.env.notify(errorLine(err)) },
		OnOpen:  func(g profitGroup, column string) { p.openGroup(g, column) },
		OnTotal: func(column string) { p.openGroup(profitGroup{SKU: p.route.SKU}, column) },
	})
	p.wide.need = 24 + p.titleRoom(columns, groups)
	for _, c := range columns {
		p.wide.need += c.Width
	}
	if p.by != profitByProduct || len(groups) > 1 {
		table.SetTotals(p.groupTotals(columns))
	}
	return table
}

// profitTitle is how wide a title is given room beside the charts, in unscaled
// units; a longer one is cut. profitMeasured is how many of them are looked at: the
// first, which are on screen.
const (
	profitTitle    = 400
	profitMeasured = 200
)

// titleRoom is what the longest title needs beyond its column's width.
func (p *profitScreen) titleRoom(columns []parts.Column[profitGroup], groups []profitGroup) float32 {
	for _, c := range columns {
		if c.Grow == 0 {
			continue
		}
		need := c.Width
		for _, g := range groups[:min(len(groups), profitMeasured)] {
			need = max(need, theme.Measure(c.Text(g), theme.TextBody, fyne.TextStyle{Monospace: c.Mono}).Width+2*theme.Space2+2)
		}
		return min(need, max(profitTitle, c.Width)) - c.Width
	}
	return 0
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

func (p *profitScreen) groupColumns(groups []profitGroup) []parts.Column[profitGroup] {
	l := p.env.loc
	columns := append(p.groupNames(), parts.Column[profitGroup]{
		ID: "units", Title: p.env.words.T("profit.units"), Width: 70, Align: parts.Right, Text: func(g profitGroup) string { return l.Count(g.Units) },
		Look:  func(profitGroup) parts.Cell { return parts.Cell{Link: true} },
		Value: func(g profitGroup) any { return g.Units }, Compare: parts.By(func(g profitGroup) int64 { return g.Units }),
	})
	for _, f := range groupFigures {
		columns = append(columns, p.groupFigure(f.id, f.of, groups))
	}
	columns = append(columns, p.groupMargin())
	if p.by == string(store.ByOrder) { // sorted by the book, which adds up these only
		for i := range columns {
			columns[i].Compare = nil
			_, columns[i].Sortable = orderSorts[columns[i].ID]
		}
	}
	return columns
}

// groupNames are the columns that say what a row is of.
func (p *profitScreen) groupNames() []parts.Column[profitGroup] {
	w, l := p.env.words, p.env.loc
	market := parts.Column[profitGroup]{
		ID: "market", Title: w.T("profit.market"), Width: 58, Text: func(g profitGroup) string { return profitMarketName(g.Marketplace) },
		Compare: parts.By(func(g profitGroup) string { return profitMarketName(g.Marketplace) }),
	}
	quiet := func(g profitGroup) parts.Cell {
		if g.SKU == "" && g.Name == "" {
			return parts.Cell{Tone: parts.Muted}
		}
		return parts.Cell{}
	}
	switch p.by {
	case profitByProduct:
		return []parts.Column[profitGroup]{
			{ID: "sku", Title: w.T("profit.sku"), Width: 120, Mono: true, Text: func(g profitGroup) string { return cmp.Or(g.SKU, format.Unknown) },
				Compare: parts.By(func(g profitGroup) string { return g.SKU })},
			{ID: "title", Title: w.T("profit.product"), Width: 150, Grow: 1, Text: p.groupTitle, Look: quiet, Compare: parts.By(p.groupTitle)},
			market,
		}
	case profitByMarket:
		market.Grow = 1
		return []parts.Column[profitGroup]{market}
	case string(store.ByOrder):
		return []parts.Column[profitGroup]{
			{ID: "order", Title: w.T("profit.by_order"), Width: 190, Grow: 1, Mono: true, Text: p.groupTitle, Look: quiet},
			{ID: "day", Title: w.T("profit.bought"), Width: 92, Text: func(g profitGroup) string {
				if g.Day == "" {
					return format.Unknown
				}
				return l.Date(statementDay(g.Day))
			}, Value: func(g profitGroup) any { return g.Day }},
			market,
		}
	}
	return []parts.Column[profitGroup]{{ID: "group", Title: w.T("profit.by_" + p.by), Width: 180, Grow: 1, Text: p.groupTitle, Look: quiet, Compare: parts.By(p.groupTitle)}}
}

// groupTitle is the product's title; without one the SKU says enough. Groups and
// orders have their name.
func (p *profitScreen) groupTitle(g profitGroup) string {
	switch {
	case g.Kind != "" && g.Name == "":
		return p.env.words.T("profit.no_" + string(g.Kind))
	case g.Kind != "":
		return g.Name
	case g.SKU == "":
		return p.env.words.T("profit.no_product")
	}
	return g.Title
}

func (p *profitScreen) groupFigure(id string, of func(books.Statement) books.Figure, groups []profitGroup) parts.Column[profitGroup] {
	w, l := p.env.words, p.env.loc
	head := w.T("profit.short." + id)
	texts := []string{head, l.Statement(of(p.data.Total).Money)}
	for _, g := range groups {
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
			return parts.Cell{Tone: parts.Muted, Link: true, Tip: w.T("profit.how")}
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

// behindGroup are the lines of a part of the statement, whichever; the caller
// names them.
func (p *profitScreen) behindGroup(g profitGroup) route {
	r := p.behind("", p.data.Span)
	switch {
	case g.Kind != "":
		r.Group, r.Name = g.Kind, g.Name
	case g.SKU != "":
		r.SKU = g.SKU
	}
	if g.Marketplace != "" && g.Kind == "" {
		r.Market = g.Marketplace
	}
	return r
}

func (p *profitScreen) openGroup(g profitGroup, column string) {
	r := p.behindGroup(g)
	for _, f := range groupFigures {
		if f.id == column {
			r.Line = statementLineList(f.lines())
			p.env.show(r)
			return
		}
	}
	switch column {
	case "margin":
		p.explainMargin(g)
	case "units":
		r.Line = string(books.SalesProduct)
		p.env.show(r)
	case "sku", "title":
		if g.SKU != "" {
			p.env.show(route{Screen: "profit", SKU: g.SKU, Market: g.Marketplace, From: p.route.From, To: p.route.To})
		}
	case "market":
		if g.Marketplace != "" && g.Kind == "" {
			p.env.show(route{Screen: "profit", SKU: p.route.SKU, Market: g.Marketplace, From: p.route.From, To: p.route.To})
		}
	case "order":
		if g.Name != "" {
			p.env.show(route{Screen: "orders", Order: g.Name})
		}
	}
}
