package cli

import (
	"errors"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type reportVerb struct {
	Orders      reportOrdersVerb      `cmd:"" help:"Orders of a period."`
	Inventory   reportInventoryVerb   `cmd:"" help:"Newest stock of each SKU."`
	Profit      reportProfitVerb      `cmd:"" help:"Profit and loss of a period."`
	Dates       reportDatesVerb       `cmd:"" help:"The difference between a period by posting date and by order date, line by line."`
	Settlements reportSettlementsVerb `cmd:"" help:"Settlements, each with its check."`
	Lines       reportLinesVerb       `cmd:"" help:"The money lines behind a number."`
	Settlement  reportSettlementVerb  `cmd:"" help:"One settlement proved: rows, payout, bank, reserves, open differences and what to do."`
	Cash        reportCashVerb        `cmd:"" help:"Payouts with the bank's lines, what Amazon holds and when it is due."`
	Tax         reportTaxVerb         `cmd:"" help:"Tax on sales, on fees, and Amazon's VAT transactions, for the accountant."`
	Bridge      reportBridgeVerb      `cmd:"" help:"From Seller Central's ordered product sales to net sales, step by step."`
	Journal     reportJournalVerb     `cmd:"" help:"Double-entry journal of a settlement or month, for the accountant."`
	reportStockVerbs
	reportCostVerbs
	Document reportDocumentVerb `cmd:"" help:"What Amazon sent, as it came (without people)."`
}

// period is a span of marketplace days.
type period struct {
	From        string   `help:"First day, YYYY-MM-DD." placeholder:"DAY"`
	To          string   `help:"Last day, YYYY-MM-DD." placeholder:"DAY"`
	Marketplace []string `help:"Only these marketplaces (id or name such as Amazon.de)." placeholder:"NAME"`
}

func (p *period) check() error {
	if err := checkDays(p.From, p.To); err != nil {
		return err
	}
	if p.From != "" && p.To != "" && p.From > p.To {
		return usage("--from %s is after --to %s", p.From, p.To)
	}
	for i, m := range p.Marketplace {
		id, ok := marketplaceID(m)
		if !ok {
			return usage("marketplace %q is not known; write it like Amazon.de", m)
		}
		p.Marketplace[i] = id
	}
	return nil
}

func checkDays(days ...string) error {
	for _, d := range days {
		if _, err := time.Parse(time.DateOnly, d); d != "" && err != nil {
			return usage("%q is not a day like 2026-03-01", d)
		}
	}
	return nil
}

type formatFlag struct {
	Format format `help:"table, csv or json." enum:"table,csv,json" default:"table"`
}

func (f formatFlag) of(a *app) format {
	if a.g.JSON {
		return formatJSON
	}
	return f.Format
}

type reportOrdersVerb struct {
	period
	formatFlag
	Order string `help:"Only this order." placeholder:"ID"`
}

func (v *reportOrdersVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		t := a.rows(v.of(a), left("day"), left("order_id"), left("marketplace"), left("status"), left("fulfilled_by"),
			right("units"), left("skus"), left("currency"), right("total"))
		f := store.OrderFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, Order: v.Order}
		return t.end(s.Book.Orders(a.ctx, f, func(o store.OrderRow) error {
			j := orderJSON{OrderRow: o, Total: decimalOf(o.TotalMinor, o.Currency)}
			return t.add(j, o.Day, o.ID, marketName(o.Marketplace), o.Status, o.FulfilledBy, number(o.Units), o.SKUs, o.Currency, dash(j.Total))
		}))
	})
}

type reportInventoryVerb struct {
	Marketplace []string `help:"Only these marketplaces." placeholder:"NAME"`
	formatFlag
}

func (v *reportInventoryVerb) Run(a *app) error {
	p := period{Marketplace: v.Marketplace}
	if err := p.check(); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		t := a.rows(v.of(a), left("marketplace"), left("sku"), left("asin"), right("fulfillable"), right("inbound"), right("reserved"),
			right("unfulfillable"), right("own"), left("day"), left("title"))
		return t.end(s.Book.Inventory(a.ctx, p.Marketplace, func(r store.StockRow) error {
			j := stockOf(r)
			return t.add(j, marketName(r.Marketplace), r.SKU, r.ASIN, count(j.Fulfillable), count(j.Inbound), count(j.Reserved),
				count(j.Unfulfillable), count(j.Own), dash(j.Day), r.Title)
		}))
	})
}

type reportSettlementsVerb struct{ formatFlag }

func (v *reportSettlementsVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		t := a.rows(v.of(a), left("connection"), left("settlement"), left("from"), left("to"), left("paid"), left("currency"),
			right("payout"), right("sum of rows"), right("rows"), right("open"))
		return t.end(s.Book.Settlements(a.ctx, func(r store.SettlementRow) error {
			j := settlementOf(r)
			paid := "-"
			if j.Deposit != nil {
				paid = r.Deposit.Format(time.DateOnly)
			}
			return t.add(j, r.Connection, r.ID, r.Start.Format(time.DateOnly), r.End.Format(time.DateOnly), paid, r.Currency,
				j.Total, j.RowsSum, number(r.Rows), number(r.Open))
		}))
	})
}

type reportLinesVerb struct {
	period
	formatFlag
	Line  string `help:"Only this line of the statement, such as fee.referral." placeholder:"LINE"`
	SKU   string `help:"Only this SKU." name:"sku" placeholder:"SKU"`
	Order string `help:"Only this order." placeholder:"ID"`
}

func (v *reportLinesVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	if v.Line != "" && !books.KnownLine(books.Line(v.Line)) {
		return usage("--line %q is no line of the statement; report profit --format csv names them all", v.Line)
	}
	return a.with(func(s *session.Session) error {
		t := a.rows(v.of(a), left("day"), left("marketplace"), left("order_id"), left("sku"), left("type"), left("line"), left("amazon_name"),
			left("currency"), right("amount"), right("units"), left("origin"), left("state"), left("settlement"), right("document"), right("line_no"))
		f := store.LineFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, SKU: v.SKU, Order: v.Order, Line: v.Line}
		return t.end(s.Book.MoneyLines(a.ctx, f, func(m store.MoneyRow) error {
			j := lineJSON{MoneyRow: m, Amount: amount(m.Minor, m.Currency)}
			return t.add(j, m.Day, marketName(m.Marketplace), m.Order, m.SKU, m.Type, m.Line, m.AmazonName, m.Currency, j.Amount,
				number(m.Quantity), m.Origin, m.State, m.Settlement, number(m.Document), number(m.DocLine))
		}))
	})
}

type reportDocumentVerb struct {
	ID   int64 `arg:"" help:"Number of the document, from report lines."`
	Line int   `help:"Only this line of it." placeholder:"N"`
}

func (v *reportDocumentVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		d, err := s.Book.Document(a.ctx, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			return usage("this book has no document %d", v.ID)
		}
		if err != nil {
			return err
		}
		text := string(d.Body)
		if v.Line > 0 {
			lines := strings.Split(text, "\n")
			if v.Line > len(lines) {
				return usage("document %d has %d lines", v.ID, len(lines))
			}
			text = lines[v.Line-1]
		}
		_, err = a.io.Out.Write([]byte(strings.TrimRight(text, "\n") + "\n"))
		return err
	})
}

// marketName shows a marketplace by its name, "-" when it is not known.
func marketName(id string) string {
	if m, ok := markets.ByID(id); ok {
		return m.Name
	}
	if id == "" {
		return "-"
	}
	return id
}
