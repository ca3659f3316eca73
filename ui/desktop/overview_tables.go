package desktop

import (
	"cmp"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// columns are those of the products' table.
func (o *overviewScreen) columns(shown []profitGroup) []parts.Column[profitGroup] {
	w, l := o.env.words, o.env.loc
	skus := []string{w.T("profit.sku")}
	var full int64 = overviewLeastBar
	for _, g := range shown {
		skus = append(skus, g.SKU+" ")
		full = max(full, min(g.Margin.BasisPoints, overviewFullBar))
	}
	columns := []parts.Column[profitGroup]{
		{ID: "sku", Title: w.T("profit.sku"), Width: min(profitWidth(skus...), 112), Mono: true, Text: func(g profitGroup) string { return g.SKU },
			Compare: parts.By(func(g profitGroup) string { return g.SKU })},
		{ID: "title", Title: w.T("profit.product"), Width: 120, Grow: 1, Text: func(g profitGroup) string { return g.Title },
			Look:    func(g profitGroup) parts.Cell { return productCell(g.Title, g.SKU) },
			Compare: parts.By(func(g profitGroup) string { return g.Title })},
	}
	if o.data.Market == "" {
		columns = append(columns, o.marketColumn())
	}
	return append(columns, o.unitsColumn(),
		o.figureColumn("sales", w.T("overview.sales"), shown, overviewSales),
		o.figureColumn("profit", w.T("overview.net_profit"), shown, overviewProfit),
		o.marginColumn(),
		parts.Column[profitGroup]{ID: "bar", Title: "", Width: 60, Text: func(g profitGroup) string { return marginText(l, g.Margin) },
			Look: func(g profitGroup) parts.Cell {
				if !g.Margin.Known {
					return parts.Cell{Text: " "}
				}
				return overviewBar(g.Margin.BasisPoints, full, marginText(l, g.Margin))
			}},
	)
}

func overviewSales(g profitGroup) books.Figure {
	return statementSum(g.Statement, statementPlan[0].lines)
}
func overviewProfit(g profitGroup) books.Figure { return g.NetProfit }

// marginText writes a margin, "-" when it is not known.
func marginText(l *format.Locale, r books.Rate) string {
	if !r.Known {
		return format.Unknown
	}
	return l.Percent(r.BasisPoints, 10000, 1)
}

// overviewWhy says why a figure of a product or marketplace is not known.
func (o *overviewScreen) overviewWhy(g profitGroup) string {
	covered := o.data.Covered
	if g.Currency != o.data.Currency {
		covered = statementCovered(o.data.Coverage, g.Currency)
	}
	return statementWhy(o.env.words, o.env.loc, g.Statement, covered)
}

func (o *overviewScreen) marketColumn() parts.Column[profitGroup] {
	name := func(g profitGroup) string { return profitMarketName(g.Marketplace) }
	return parts.Column[profitGroup]{ID: "market", Title: o.env.words.T("profit.market"), Width: 64, Text: name, Compare: parts.By(name)}
}

func (o *overviewScreen) unitsColumn() parts.Column[profitGroup] {
	l := o.env.loc
	return parts.Column[profitGroup]{
		ID: "units", Title: o.env.words.T("profit.units"), Width: 60, Align: parts.Right, Text: func(g profitGroup) string { return l.Count(g.Units) },
		Look:    func(profitGroup) parts.Cell { return parts.Cell{Link: true} },
		Compare: parts.By(func(g profitGroup) int64 { return g.Units }),
	}
}

func (o *overviewScreen) figureColumn(id, title string, shown []profitGroup, of func(profitGroup) books.Figure) parts.Column[profitGroup] {
	l := o.env.loc
	texts := []string{title}
	for _, g := range shown {
		texts = append(texts, l.Statement(of(g).Money))
	}
	return parts.Column[profitGroup]{
		ID: id, Title: title, Width: profitWidth(texts...), Align: parts.Right,
		Text: func(g profitGroup) string { return figureText(l, of(g)) },
		Look: func(g profitGroup) parts.Cell {
			c := figureCell(l, of(g), o.overviewWhy(g), false)
			if c.Tone == parts.Normal && of(g).Minor < 0 {
				c.Tone = parts.Loss
			}
			return c
		},
		Value:   func(g profitGroup) any { return figureValue(of(g)) },
		Compare: func(a, b profitGroup) int { return profitCompare(of(a), of(b)) },
	}
}

func (o *overviewScreen) marginColumn() parts.Column[profitGroup] {
	w, l := o.env.words, o.env.loc
	return parts.Column[profitGroup]{
		ID: "margin", Title: w.T("profit.margin"), Width: profitWidth(w.T("profit.margin"), widestShare(l)), Align: parts.Right,
		Text: func(g profitGroup) string { return marginText(l, g.Margin) },
		Look: func(g profitGroup) parts.Cell {
			if !g.Margin.Known {
				return parts.UnknownCell(o.overviewWhy(g))
			}
			return parts.Cell{Tone: parts.Muted}
		},
		Compare: parts.By(func(g profitGroup) int64 { return g.Margin.BasisPoints }),
	}
}

// Margins that fill the bar, in basis points: the largest shown, but at least
// this much, and at most all of the sales. A product that sold next to nothing
// may have a margin of thousands, which would leave the others a dot.
const overviewLeastBar, overviewFullBar = 2500, 10_000

// overviewBar draws a margin as a bar; a loss is a bar in its colour.
func overviewBar(bp, full int64, text string) parts.Cell {
	c := parts.Cell{HasBar: true, Text: text, Bar: float32(max(bp, -bp)) / float32(full)}
	if bp < 0 {
		c.Tone = parts.Loss
	}
	return c
}

// fillMarkets shows every marketplace in its own currency: nothing is added
// across them.
func (o *overviewScreen) fillMarkets() {
	w := o.env.words
	if o.byMarket != nil {
		o.byMarket.Close()
		o.byMarket = nil
	}
	all := o.data.Markets
	if len(all) == 0 {
		o.markets.Objects = []fyne.CanvasObject{parts.NewEmptyState(w.T("overview.no_products"), "", nil)}
		o.markets.Refresh()
		return
	}
	name := o.marketColumn()
	name.Width, name.Grow = 70, 1
	name.Text = func(g profitGroup) string {
		return w.T("overview.market_in", profitMarketName(g.Marketplace), g.Currency)
	}
	columns := []parts.Column[profitGroup]{
		name,
		o.figureColumn("sales", w.T("overview.sales"), all, overviewSales),
		o.figureColumn("profit", w.T("overview.net_profit"), all, overviewProfit),
		o.marginColumn(),
	}
	for i := range columns {
		columns[i].Compare = nil // amounts of several currencies have no order
	}
	o.byMarket = parts.NewTable(o.env.ctx, columns, parts.Rows(all, columns), parts.TableOptions[profitGroup]{
		Post: o.env.post, Pinned: 1,
		OnOpen: func(g profitGroup, column string) { o.openMarket(g, column) },
	})
	o.markets.Objects = []fyne.CanvasObject{o.byMarket}
	o.markets.Refresh()
}

func (o *overviewScreen) openMarket(g profitGroup, column string) {
	r := route{Screen: "profit", From: g.From, To: g.To, Market: cmp.Or(g.Marketplace, g.Currency)}
	if column == "sales" && g.Marketplace != "" {
		r.Line = statementLineList(statementPlan[0].lines)
	}
	o.env.show(r)
}
