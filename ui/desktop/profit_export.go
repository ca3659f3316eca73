package desktop

import (
	"context"
	"strings"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
)

// askExport asks for the kind of file of what the tab shows.
func (p *profitScreen) askExport() {
	if p.table == nil {
		return
	}
	w := p.env.words
	exportMenu(p.env, p.export, exportOf{
		name: p.exportName(), title: w.T("frame.profit") + " · " + w.T("profit.view_"+p.view), facts: p.exportFacts(), read: p.exported,
		totals: p.table.Totals, report: p.report,
	})
}

// exportFacts are what the tab is of, on paper.
func (p *profitScreen) exportFacts() [][2]string {
	w, l, d := p.env.words, p.env.loc, p.data
	list := [][2]string{{w.T("paper.period"), statementRange(l, d.Query.Span)}, {w.T("paper.currency"), d.Query.Currency}, {w.T("paper.shown"), p.noteText()}}
	return append(list, d.narrowing(w)...)
}

// narrowing says to which marketplaces and product the figures are narrowed.
func (d *profitData) narrowing(w *i18n.Words) (list [][2]string) {
	var names []string
	for _, m := range d.Query.Marketplaces {
		names = append(names, marketName(m))
	}
	if len(names) > 0 {
		list = append(list, [2]string{w.T("profit.market"), strings.Join(names, ", ")})
	}
	if d.Query.SKU != "" {
		list = append(list, [2]string{w.T("profit.sku"), d.Query.SKU})
	}
	return list
}

// exportName is the name offered for an export, without its ending.
func (p *profitScreen) exportName() string {
	part := p.view
	switch p.view {
	case profitGroupsView:
		part = p.by
	case profitTaxView:
		part += "-" + p.taxOf
	}
	return "profit-" + part + "-" + p.data.Query.Currency + "-" + p.data.Span.From + "-" + p.data.Span.To
}

// exported is what the tab shows. In a file each column of amounts has to name
// its currency; rows of tax have a column for it.
func (p *profitScreen) exported(ctx context.Context) ([]parts.Head, exported) {
	heads, rows := p.table.Export(ctx)
	for i, h := range heads {
		if h.ID == "line" {
			heads[i].Unit = "" // the columns of amounts have it
		}
		if h.Unit == "" && h.Align == parts.Right && statementMoneyColumn(h.ID) && p.view != profitTaxView && p.view != profitChangesView {
			heads[i].Unit = p.data.Query.Currency
		}
	}
	return heads, rows
}

// statementMoneyColumn tells the columns of amounts from those of shares and
// units.
func statementMoneyColumn(id string) bool {
	return id != "share" && id != "change" && id != "units" && id != "margin"
}

// report is what the part that is shown has as a report of its own: the statement,
// tax, or the bridge from Seller Central.
func (p *profitScreen) report() (string, func(context.Context) (paper.Report, error)) {
	d := p.data
	if d == nil || len(d.Currencies) == 0 {
		return "", nil
	}
	head, span := paperHead(p.env), d.Query.Span
	switch p.view {
	case profitTaxView:
		return "tax-report-" + span.From + "-" + span.To, func(context.Context) (paper.Report, error) {
			return paper.Tax(head, span.From, span.To, d.Tax.Sales, d.Tax.Fees, d.Tax.VAT), nil
		}
	case profitBridgeView:
		if len(d.Bridge) == 0 {
			return "", nil
		}
		return "bridge-report-" + d.Query.Currency + "-" + d.BridgeSpan.From + "-" + d.BridgeSpan.To, func(context.Context) (paper.Report, error) {
			return paper.Bridge(head, d.BridgeSpan.From, d.BridgeSpan.To, []store.Bridge{{Currency: d.Query.Currency, Steps: d.Bridge}}), nil
		}
	case profitStatementView:
		return p.statementReport(head)
	}
	return "", nil
}

// statementReport is the statement on paper.
func (p *profitScreen) statementReport(head paper.Head) (string, func(context.Context) (paper.Report, error)) {
	d, book, by := p.data, p.env.s.Book, p.basis
	name := "profit-report-" + d.Query.Currency + "-" + d.Span.From + "-" + d.Span.To
	return name, func(ctx context.Context) (paper.Report, error) {
		coverage, err := book.MoneyCoverage(ctx)
		if err != nil {
			return paper.Report{}, err
		}
		var all []paper.Named
		for i, s := range d.Statements {
			all = append(all, paper.Named{
				Name: statementHead(head.Words, head.Locale, d.Query.By, d.Periods[i], statementOneYear(d.Periods)), Statement: s,
			})
		}
		if len(all) > 1 {
			all = append(all, paper.Named{Name: head.Words.T("cash.sum"), Statement: d.Total})
		}
		r := paper.Profit(head, all, map[string]string{d.Query.Currency: statementCovered(coverage, d.Query.Currency).To})
		if by == store.ByOrderDay {
			r.Facts = append(r.Facts, [2]string{head.Words.T("paper.shown"), head.Words.T("profit.by_order_date")})
		}
		r.Facts = append(r.Facts, d.narrowing(head.Words)...)
		return r, nil
	}
}
