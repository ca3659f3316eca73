package desktop

import (
	"cmp"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// The kinds of tax that are shown.
const (
	profitTaxSales = "sales"
	profitTaxFees  = "fees"
	profitTaxVAT   = "vat"
)

func (p *profitScreen) taxMenu() {
	p.choiceMenu(p.choices.tax, "profit.tax_", p.taxOf, []string{profitTaxSales, profitTaxFees, profitTaxVAT}, p.setTax)
}

func (p *profitScreen) setTax(of string) {
	p.taxOf = of
	p.fill()
}

func (p *profitScreen) taxTable() profitTable {
	switch p.taxOf {
	case profitTaxFees:
		return p.taxFees()
	case profitTaxVAT:
		return p.taxVAT()
	}
	return p.taxSales()
}

// taxTableOf is a table of rows of tax, sortable by every column.
func taxTableOf[R any](p *profitScreen, rows []R, columns []parts.Column[R], none string, open func(R, string)) *parts.Table[R] {
	for i, c := range columns {
		if c.Compare == nil {
			columns[i].Compare = parts.By(c.Text)
		}
	}
	return parts.NewTable(p.env.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[R]{
		Post: p.env.post, Pinned: 1, Cells: true, OnOpen: open, Empty: parts.NewEmptyState(p.env.words.T(none), "", nil),
	})
}

// taxMoney is a column of amounts, each in its row's currency.
func taxMoney[R any](p *profitScreen, id string, link bool, of func(R) books.Money) parts.Column[R] {
	l := p.env.loc
	return parts.Column[R]{
		ID: id, Title: p.env.words.T("profit.tax." + id), Width: 110, Grow: 0.4, Align: parts.Right, Text: func(r R) string { return l.Statement(of(r)) },
		Look: func(r R) parts.Cell {
			c := parts.Cell{Link: link}
			if of(r).Minor == 0 {
				c.Tone = parts.Muted
			}
			return c
		},
		Value: func(r R) any { return of(r) }, Compare: parts.By(func(r R) int64 { return of(r).Minor }),
	}
}

func taxText[R any](p *profitScreen, id string, width, grow float32, of func(R) string) parts.Column[R] {
	return parts.Column[R]{ID: id, Title: p.env.words.T("profit.tax." + id), Width: width, Grow: grow, Text: func(r R) string { return cmp.Or(of(r), format.Unknown) }}
}

func (p *profitScreen) taxSales() profitTable {
	type row = store.TaxRow
	money := func(id string, link bool, of func(row) int64) parts.Column[row] {
		return taxMoney(p, id, link, func(r row) books.Money { return books.Money{Minor: of(r), Currency: r.Currency} })
	}
	rate := taxText(p, "rate", 72, 0, func(r row) string {
		if effective, _ := r.Effective(); effective != "" {
			return "~ " + rateText(p.env.loc, effective)
		}
		return rateText(p.env.loc, r.Rate)
	})
	rate.Align = parts.Right
	rate.Look = func(r row) parts.Cell {
		effective, why := r.Effective()
		switch {
		case why != "":
			return parts.UnknownCell(p.env.words.T("profit.tax.norate_" + string(why)))
		case effective != "":
			return parts.Cell{Tip: p.env.words.T("profit.tax.effective")}
		}
		return parts.Cell{}
	}
	place := taxText(p, "arrive", 70, 0, row.Place)
	place.Look = func(r row) parts.Cell {
		if r.Arrive == "" {
			return parts.UnknownCell(p.env.words.T("profit.tax.arrive_none"))
		}
		return parts.Cell{}
	}
	columns := []parts.Column[row]{
		taxText(p, "market", 130, 1, func(r row) string { return marketName(r.Marketplace) }),
		place, rate,
		taxText(p, "currency", 70, 0, func(r row) string { return r.Currency }),
		money("net", false, func(r row) int64 { return r.Net }), money("collected", true, func(r row) int64 { return r.Collected }),
		money("withheld", true, func(r row) int64 { return r.Withheld }), money("owed", true, func(r row) int64 { return r.Owed }),
		{ID: "events", Title: p.env.words.T("profit.tax.events"), Width: 90, Align: parts.Right, Text: func(r row) string { return p.env.loc.Count(r.Events) },
			Value: func(r row) any { return r.Events }, Compare: parts.By(func(r row) int64 { return r.Events })},
	}
	return taxTableOf(p, p.data.Tax.Sales, columns, "profit.tax_none", func(r row, column string) {
		lines := map[string]string{
			"collected": string(books.TaxCollected), "withheld": string(books.TaxWithheld),
			"owed": statementLineList([]books.Line{books.TaxCollected, books.TaxWithheld}),
		}[column]
		if lines != "" {
			p.env.show(route{Screen: "profit", Line: lines, From: p.data.Query.Span.From, To: p.data.Query.Span.To, Market: r.Marketplace, Currency: r.Currency,
				Tax: &store.TaxOf{Marketplace: r.Marketplace, Arrive: r.Arrive, Region: r.Region, Rate: r.Rate}})
		}
	})
}

func (p *profitScreen) taxFees() profitTable {
	type row = store.FeeTaxRow
	w := p.env.words
	columns := []parts.Column[row]{
		taxText(p, "market", 150, 1, func(r row) string { return marketName(r.Marketplace) }),
		taxText(p, "currency", 80, 0, func(r row) string { return r.Currency }),
		taxMoney(p, "amount", false, func(r row) books.Money { return books.Money{Minor: r.Minor, Currency: r.Currency} }),
		taxText(p, "treatment", 160, 1, func(r row) string {
			switch {
			case !r.Said:
				return w.T("paper.tax.notsaid")
			case r.Recoverable:
				return w.T("paper.tax.recoverable")
			}
			return w.T("paper.tax.cost")
		}),
	}
	return taxTableOf(p, p.data.Tax.Fees, columns, "profit.tax_none_fees", nil)
}

func (p *profitScreen) taxVAT() profitTable {
	type row = store.VATRow
	money := func(id string, of func(row) int64) parts.Column[row] {
		return taxMoney(p, id, false, func(r row) books.Money { return books.Money{Minor: of(r), Currency: r.Currency} })
	}
	rate := taxText(p, "rate", 64, 0, func(r row) string { return rateText(p.env.loc, r.Rate) })
	rate.Align = parts.Right
	columns := []parts.Column[row]{
		taxText(p, "jurisdiction", 110, 1, func(r row) string { return r.Jurisdiction }), taxText(p, "type", 110, 0, func(r row) string { return r.Type }),
		taxText(p, "depart", 64, 0, func(r row) string { return r.Depart }), taxText(p, "arrive", 64, 0, func(r row) string { return r.Arrive }),
		taxText(p, "scheme", 110, 0, func(r row) string { return r.Scheme }), taxText(p, "collector", 110, 0, func(r row) string { return r.Collector }), rate,
		taxText(p, "currency", 70, 0, func(r row) string { return r.Currency }),
		money("net", func(r row) int64 { return r.Net }), money("vat", func(r row) int64 { return r.VAT }),
		{ID: "events", Title: p.env.words.T("profit.tax.rows"), Width: 70, Align: parts.Right, Text: func(r row) string { return p.env.loc.Count(r.Transactions) },
			Value: func(r row) any { return r.Transactions }, Compare: parts.By(func(r row) int64 { return r.Transactions })},
	}
	return taxTableOf(p, p.data.Tax.VAT, columns, "profit.tax_none_vat", nil)
}
