package desktop

import (
	"context"

	"countinghouse/ui/desktop/parts"
)

// askExport asks for the kind of file of what the tab shows.
func (p *profitScreen) askExport() {
	if p.table != nil {
		exportMenu(p.env, p.export, p.exportName(), p.exported, p.report)
	}
}

// exportName is the name offered for an export, without its ending.
func (p *profitScreen) exportName() string {
	return "profit-" + p.by + "-" + p.data.Query.Currency + "-" + p.data.Span.From + "-" + p.data.Span.To
}

// exported is what the tab shows. In a file each column of amounts has to name
// its currency.
func (p *profitScreen) exported(ctx context.Context) ([]parts.Head, exported) {
	heads, rows := p.table.Export(ctx)
	for i, h := range heads {
		if h.Unit == "" && h.Align == parts.Right && statementMoneyColumn(h.ID) {
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
