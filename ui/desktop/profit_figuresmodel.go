package desktop

import (
	"context"
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// profitFigures are the key figures of a statement with their numbers.
type profitFigures struct {
	Span statementSpan
	books.Statement
	Beside books.Beside
	All    []books.Explained
}

// figures explains each column of the statement.
func (d *profitData) figures(ctx context.Context, book *store.Book) ([]profitFigures, error) {
	spans := make([]statementSpan, 0, len(d.Periods)+2)
	for _, p := range d.Periods {
		spans = append(spans, p.statementSpan)
	}
	spans = append(spans, d.Span)
	if d.Compare != nil {
		spans = append(spans, d.Query.Compare)
	}
	var out []profitFigures
	for i, s := range d.columns() {
		x, err := book.Beside(ctx, d.filter(spans[i]))
		if err != nil {
			return nil, err
		}
		all, err := books.Explain(s, x)
		if err != nil {
			return nil, err
		}
		out = append(out, profitFigures{spans[i], s, x, all})
	}
	return out, nil
}

// of gives one of the figures.
func (f profitFigures) of(name books.FigureName) books.Explained {
	for _, e := range f.All {
		if e.Name == name {
			return e
		}
	}
	return books.Explained{Name: name}
}

// profitKind writes a figure of a kind: an amount, a share or units.
func profitKind(l *format.Locale, k books.Kind, f books.Figure) string {
	switch {
	case !f.Known:
		return format.Unknown
	case k == books.KindRate:
		return l.Percent(f.Minor, 10000, 1)
	case k == books.KindCount:
		return l.Count(f.Minor)
	}
	return l.Statement(f.Money)
}

// profitUnit is what a figure is counted in.
func profitUnit(w *i18n.Words, k books.Kind, currency string) string {
	switch k {
	case books.KindRate:
		return "%"
	case books.KindCount:
		return w.T("profit.in_units")
	}
	return currency
}

// why says in the reader's language why a figure is not known.
func (f profitFigures) why(w *i18n.Words, l *format.Locale, e books.Explained, covered statementSpan) string {
	for _, o := range e.Operands {
		switch {
		case o.Known:
		case o.Name == "ad_sales" || o.Name == "ad_spend":
			if f.Beside.AdFrom == "" {
				return w.T("profit.why_no_ads")
			}
			return w.T("profit.why_ads", statementRange(l, statementSpan{f.Beside.AdFrom, f.Beside.AdTo}))
		case o.Name == "returns" || o.Name == "sellable":
			return w.T("profit.why_returns")
		default:
			return statementWhy(w, l, f.Statement, covered)
		}
	}
	if e.Value.Known {
		return ""
	}
	if !e.Quotient {
		return statementWhy(w, l, f.Statement, covered)
	}
	return w.T("profit.why_zero", w.T("figures.op."+e.Operands[1].Name))
}

// formula is the definition with its own numbers: "18.40 / 58.44".
func (f profitFigures) formula(l *format.Locale, e books.Explained) string {
	text := ""
	for i, o := range e.Operands {
		switch {
		case i > 0 && e.Quotient:
			text += " ÷ "
		case i > 0:
			text += " + "
		}
		text += profitKind(l, o.Kind, o.Figure)
	}
	return text
}

// operandLines are the lines of the statement behind a number of a definition;
// none for those that no money line tells.
func operandLines(name string, x books.Beside) []books.Line {
	switch name {
	case "sales", "selling_fees", "fba_fees", "advertising", "cost_of_goods", "postage", "unclassified", "expenses", "net_sales", "contribution", "net_profit":
		id := map[string]string{"selling_fees": "selling", "cost_of_goods": "cogs", "expenses": "expense"}[name]
		if name == "fba_fees" {
			return append(planLines("fba")(), books.Reimbursement)
		}
		if id == "" {
			id = name
		}
		return planLines(id)()
	case "promotions":
		return []books.Line{books.Promotion, books.Points, books.RefundPromotion}
	case "refunds":
		return []books.Line{books.RefundProduct, books.RefundShipping, books.RefundGiftWrap}
	case "product_sales", "units":
		return []books.Line{books.SalesProduct}
	case "units_refunded":
		return []books.Line{books.RefundProduct}
	case "goods_sold":
		return []books.Line{books.COGS}
	case "fees":
		return slices.Concat(planLines("selling")(), planLines("fba")(), []books.Line{books.Reimbursement})
	case "before_advertising":
		return slices.DeleteFunc(planLines("contribution")(), func(l books.Line) bool { return l == books.Advertising })
	case "ad_spend":
		if !x.AdSpend.Known {
			return []books.Line{books.Advertising}
		}
	}
	return nil
}
