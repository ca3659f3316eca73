package cli

import (
	"bytes"
	"encoding/json"

	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// reportStockVerbs are what Amazon's reports tell of goods.
type reportStockVerbs struct {
	Returns        reportReturnsVerb        `cmd:"" help:"What customers sent back."`
	Reimbursements reportReimbursementsVerb `cmd:"" help:"What Amazon paid for goods it lost or broke."`
	Moves          reportMovesVerb          `cmd:"" help:"Moves of units in Amazon's warehouses, from the inventory ledger."`
	Balances       reportBalancesVerb       `cmd:"" help:"Stock at the start and the end of each period, from the inventory ledger."`
	Counts         reportCountsVerb         `cmd:"" help:"What inventory reports say Amazon holds."`
	Differences    reportDifferencesVerb    `cmd:"" help:"Where inventory reports and the API's stock of the same day differ."`
	Catalogue      reportCatalogueVerb      `cmd:"" help:"Listings, from listings reports."`
	Advice         reportAdviceVerb         `cmd:"" help:"What Amazon advises: planning, restock, removal."`
	Storage        reportStorageVerb        `cmd:"" help:"Storage fees by product and warehouse, and surcharges on old stock."`
	Fees           reportFeesVerb           `cmd:"" help:"Fees that Amazon expects per unit."`
	Invoices       reportInvoicesVerb       `cmd:"" help:"Amazon's invoices for its fees, line by line."`
	Removals       reportRemovalsVerb       `cmd:"" help:"Orders to send goods back or destroy them."`
}

type (
	reportReturnsVerb        struct{ reportStock }
	reportReimbursementsVerb struct{ reportStock }
	reportMovesVerb          struct{ reportStock }
	reportBalancesVerb       struct{ reportStock }
	reportCountsVerb         struct{ reportStock }
	reportDifferencesVerb    struct{ reportStock }
	reportCatalogueVerb      struct{ reportStock }
	reportAdviceVerb         struct{ reportStock }
	reportStorageVerb        struct{ reportStock }
	reportFeesVerb           struct{ reportStock }
	reportInvoicesVerb       struct{ reportStock }
	reportRemovalsVerb       struct{ reportStock }
)

func (v *reportReturnsVerb) Run(a *app) error        { return v.print(a, store.TopicReturns) }
func (v *reportReimbursementsVerb) Run(a *app) error { return v.print(a, store.TopicReimbursements) }
func (v *reportMovesVerb) Run(a *app) error          { return v.print(a, store.TopicMoves) }
func (v *reportBalancesVerb) Run(a *app) error       { return v.print(a, store.TopicBalances) }
func (v *reportCountsVerb) Run(a *app) error         { return v.print(a, store.TopicCounts) }
func (v *reportDifferencesVerb) Run(a *app) error    { return v.print(a, store.TopicDifferences) }
func (v *reportCatalogueVerb) Run(a *app) error      { return v.print(a, store.TopicCatalogue) }
func (v *reportAdviceVerb) Run(a *app) error         { return v.print(a, store.TopicAdvice) }
func (v *reportStorageVerb) Run(a *app) error        { return v.print(a, store.TopicStorage) }
func (v *reportFeesVerb) Run(a *app) error           { return v.print(a, store.TopicFees) }
func (v *reportInvoicesVerb) Run(a *app) error       { return v.print(a, store.TopicInvoices) }
func (v *reportRemovalsVerb) Run(a *app) error       { return v.print(a, store.TopicRemovals) }

// reportStock prints the rows of one topic. Each row ends with its document and
// line: report document N --line L shows what Amazon wrote.
type reportStock struct {
	period
	formatFlag
	SKU        string `help:"Only this SKU." name:"sku" placeholder:"SKU"`
	Order      string `help:"Only this order, or removal order." placeholder:"ID"`
	Connection string `help:"Only this connection." placeholder:"NAME"`
}

func (v *reportStock) print(a *app, topic store.ReportTopic) error {
	if err := v.check(); err != nil {
		return err
	}
	columns := store.ReportColumns(topic)
	head := make([]column, len(columns))
	for i, c := range columns {
		head[i] = column{name: c.Heading(), right: c.Form != store.FormText}
	}
	f := store.ReportFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, Connection: v.Connection, SKU: v.SKU, Order: v.Order}
	return a.with(func(s *session.Session) error {
		t := a.rows(v.of(a), head...)
		return t.end(s.Book.ReportRows(a.ctx, topic, f, func(row []any) error {
			r := stockRow{columns, row}
			return t.add(r, r.cells()...)
		}))
	})
}

// stockRow is one row of a topic.
type stockRow struct {
	columns []store.ReportColumn
	row     []any
}

// text is a cell as it is shown; told is false for what is not known.
func (r stockRow) text(i int) (text string, told bool) {
	switch v := r.row[i].(type) {
	case string:
		return v, true
	case int64:
		switch r.columns[i].Form {
		case store.FormMoney:
			return amount(v, r.currency()), true
		case store.FormNano:
			return store.NanoText(v), true
		}
		return number(v), true
	}
	return "-", false
}

func (r stockRow) currency() string {
	for i, c := range r.columns {
		if c.Name == "currency" {
			s, _ := r.row[i].(string)
			return s
		}
	}
	return ""
}

func (r stockRow) cells() []string {
	out := make([]string, len(r.columns))
	for i, c := range r.columns {
		out[i], _ = r.text(i)
		if c.Name == "marketplace_id" {
			out[i] = marketName(out[i])
		}
	}
	return out
}

// MarshalJSON keeps the order of the columns. Money is exact text and minor
// units, other exact numbers are text, what is not known is null.
func (r stockRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	put := func(name string, v any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		value, err := json.Marshal(v)
		b.Write(append(append(key, ':'), value...))
		return err
	}
	for i, c := range r.columns {
		v := r.row[i]
		if text, told := r.text(i); told && (c.Form == store.FormMoney || c.Form == store.FormNano) {
			v = text
		}
		if err := put(c.Heading(), v); err != nil {
			return nil, err
		}
		if c.Form == store.FormMoney {
			if err := put(c.Name, r.row[i]); err != nil {
				return nil, err
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
