package desktop

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// sellerCentral reads the way from Seller Central's ordered product sales to net
// sales, in the currency shown. It is of all products.
func (d *profitData) sellerCentral(ctx context.Context, book *store.Book) ([]store.BridgePart, error) {
	f := d.filter(d.Span)
	f.SKU, f.Currency = "", ""
	told := statementSpan{}
	var err error
	if told.From, told.To, err = book.TrafficSpan(ctx, f); err != nil {
		return nil, err
	}
	d.BridgeSpan = d.Span
	if told.From != "" && told.From <= d.Span.From { // Amazon tells its side some days later
		d.BridgeSpan = d.Span.within(told)
	}
	f.From, f.To = d.BridgeSpan.From, d.BridgeSpan.To
	all, err := book.Bridge(ctx, f)
	for _, b := range all {
		if b.Currency == d.Query.Currency {
			return b.Steps, err
		}
	}
	return nil, err
}

// profitBelow is more width than any window has: what else is shown goes below.
const profitBelow = 10_000

// rowsHigh is the height of a compact table, in unscaled units.
func rowsHigh(rows int) float32 { return float32(rows)*theme.RowCompact + theme.Row + 16 }

// bridgeLines are the lines of the statement behind a step; none for those that
// compare with what is no line.
var bridgeLines = map[store.BridgeStep][]books.Line{
	store.BridgeShipping:  {books.SalesShipping, books.SalesGiftWrap},
	store.BridgePromotion: {books.Promotion, books.Points, books.RefundPromotion},
	store.BridgeRefunds:   {books.RefundProduct, books.RefundShipping, books.RefundGiftWrap},
	store.BridgeNet:       planLines("net_sales")(),
}

// centralTable lists the steps, with what each is.
func (p *profitScreen) centralTable() profitTable {
	w, l, c := p.env.words, p.env.loc, p.data.Query.Currency
	money := func(b store.BridgePart) books.Figure {
		if b.Minor == nil {
			return books.Figure{Money: books.Money{Currency: c}}
		}
		return books.Figure{Money: books.Money{Minor: *b.Minor, Currency: c}, Known: true}
	}
	name := func(b store.BridgePart) string { return w.T("profit.step." + string(b.Step)) }
	var names []string
	for _, b := range p.data.Bridge {
		names = append(names, name(b))
	}
	columns := []parts.Column[store.BridgePart]{
		{ID: "step", Title: w.T("profit.step"), Width: min(profitWidth(names...)+20, 300), Grow: 0.3, Text: name, Look: func(b store.BridgePart) parts.Cell {
			if !b.Total {
				return parts.Cell{Indent: 1}
			}
			return parts.Cell{}
		}},
		{ID: "amount", Title: w.T("profit.amount"), Unit: c, Width: 120, Align: parts.Right, Text: func(b store.BridgePart) string { return figureText(l, money(b)) },
			Look: func(b store.BridgePart) parts.Cell { return p.stepCell(b, money(b)) }, Value: func(b store.BridgePart) any { return figureValue(money(b)) }},
		{ID: "what", Title: w.T("profit.what"), Width: 240, Grow: 1, Text: func(b store.BridgePart) string { return w.T("profit.step." + string(b.Step) + ".what") },
			Look: func(b store.BridgePart) parts.Cell {
				text := w.T("profit.step." + string(b.Step) + ".what")
				return parts.Cell{Tone: parts.Muted, Tip: text}
			}},
	}
	p.wide.need, p.wide.high = profitBelow, rowsHigh(len(p.data.Bridge))
	return parts.NewTable(p.env.ctx, columns, parts.Rows(p.data.Bridge, columns), parts.TableOptions[store.BridgePart]{
		Post: p.env.post, Pinned: 1, Cells: true, Compact: true, Heavy: func(b store.BridgePart) bool { return b.Total },
		OnOpen: func(b store.BridgePart, _ string) { p.openStep(b) },
		Empty:  parts.NewEmptyState(w.T("profit.bridge_none"), "", nil),
	})
}

// stepCell shows an amount of the bridge. What nothing explains stands out.
func (p *profitScreen) stepCell(b store.BridgePart, f books.Figure) parts.Cell {
	w, l := p.env.words, p.env.loc
	c := parts.Cell{Text: figureText(l, f), Link: bridgeLines[b.Step] != nil && p.data.Query.SKU == ""}
	switch {
	case !f.Known && b.Step == store.BridgeAmazon:
		return parts.UnknownCell(w.T("profit.bridge_unread"))
	case !f.Known:
		return parts.UnknownCell(w.T("profit.bridge_noorders"))
	case b.Step == store.BridgeResidue && f.Minor == 0:
		c.Tone, c.Tip = parts.Gain, w.T("profit.residue_none")
	case b.Step == store.BridgeResidue:
		c.Tone = parts.Loss
	case f.Minor == 0:
		c.Tone = parts.Muted
	}
	return c
}

func (p *profitScreen) openStep(b store.BridgePart) {
	if lines := bridgeLines[b.Step]; lines != nil && p.data.Query.SKU == "" {
		r := p.behind(statementLineList(lines), p.data.BridgeSpan)
		r.Basis = "" // the bridge ends at net sales as they were posted
		p.env.show(r)
	}
}

// centralData is the picture of the bridge, from the first level that is known.
func (p *profitScreen) centralData() parts.ChartData {
	w, l, c := p.env.words, p.env.loc, p.data.Query.Currency
	out := parts.ChartData{First: w.T("profit.step"), Empty: w.T("profit.bridge_none")}
	texts := parts.ChartSeries{Name: c}
	for _, b := range p.data.Bridge {
		if b.Minor == nil || (!b.Total && *b.Minor == 0) || (b.Total && b.Step != store.BridgeNet && len(out.Steps) > 0) {
			continue
		}
		m := books.Money{Minor: *b.Minor, Currency: c}
		out.Steps = append(out.Steps, charts.Step{Value: profitPlot(m), Total: b.Total})
		out.Slots = append(out.Slots, w.T("profit.step."+string(b.Step)+".short"))
		out.Heads = append(out.Heads, w.T("profit.step."+string(b.Step)))
		out.Labels = append(out.Labels, l.ShortMoney(profitPlot(m)))
		texts.Texts = append(texts.Texts, l.Statement(m))
	}
	if !slices.ContainsFunc(out.Steps, func(s charts.Step) bool { return s.Value != 0 }) {
		out.Steps, out.Slots = nil, nil
	}
	out.Series = []parts.ChartSeries{texts}
	return out
}

// profitTax is what the tax part shows.
type profitTax struct {
	Sales []store.TaxRow
	Fees  []store.FeeTaxRow
	VAT   []store.VATRow
}

// tax reads the tax of the days asked for, of all products and currencies.
func (d *profitData) tax(ctx context.Context, book *store.Book) (x profitTax, err error) {
	f := d.filter(d.Query.Span)
	f.SKU, f.Currency = "", ""
	if x.Sales, err = book.TaxOnSales(ctx, f); err != nil {
		return x, err
	}
	if x.Fees, err = book.TaxOnFees(ctx, f); err != nil {
		return x, err
	}
	x.VAT, err = book.VATSums(ctx, f.From, f.To)
	return x, err
}

// rateText is a rate in per cent; many rates, or none that fits, have none.
func rateText(l *format.Locale, rate string) string {
	if rate == "" {
		return format.Unknown
	}
	whole, part, _ := strings.Cut(rate, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 32)
	if err != nil || len(part) > 2 {
		return rate + "%" // as Amazon wrote it
	}
	return l.Percent(n, 10000, len(part))
}
