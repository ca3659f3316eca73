package cli

import (
	"errors"
	"strings"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type reportVerb struct {
	Orders      reportOrdersVerb      `cmd:"" help:"Orders of a period."`
	Inventory   reportInventoryVerb   `cmd:"" help:"Newest stock of each SKU."`
	Profit      reportProfitVerb      `cmd:"" help:"Profit and loss of a period."`
	Settlements reportSettlementsVerb `cmd:"" help:"Settlements, each with its check."`
	Lines       reportLinesVerb       `cmd:"" help:"The money lines behind a number."`
	Document    reportDocumentVerb    `cmd:"" help:"What Amazon sent, as it came (without people)."`
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
		t := newSheet(left("day"), left("order_id"), left("marketplace"), left("status"), left("fulfilled_by"),
			right("units"), left("skus"), left("currency"), right("total"))
		all := []store.OrderRow{}
		err := s.Book.Orders(a.ctx, store.OrderFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, Order: v.Order}, func(o store.OrderRow) error {
			if v.of(a) == formatJSON {
				all = append(all, o)
				return nil
			}
			total := "-"
			if o.TotalMinor != nil {
				total = amount(*o.TotalMinor, o.Currency)
			}
			t.add(o.Day, o.ID, marketName(o.Marketplace), o.Status, o.FulfilledBy, number(o.Units), o.SKUs, o.Currency, total)
			return nil
		})
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			return writeJSON(a.io.Out, all)
		}
		return t.write(a.io.Out, v.Format)
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
		t := newSheet(left("marketplace"), left("sku"), left("asin"), right("fulfillable"), right("inbound"), right("reserved"),
			right("unfulfillable"), right("own"), left("day"), left("title"))
		all := []store.StockRow{}
		err := s.Book.Inventory(a.ctx, p.Marketplace, func(r store.StockRow) error {
			all = append(all, r)
			own, taken := "-", r.Day
			if r.OwnQuantity != nil {
				own = number(*r.OwnQuantity)
			}
			quantities := []string{number(r.Fulfillable), number(r.Inbound), number(r.Reserved), number(r.Unfulfillable)}
			if taken == "" {
				taken, quantities = "-", []string{"-", "-", "-", "-"} // not held by Amazon: unknown, not 0
			}
			t.add(append(append([]string{marketName(r.Marketplace), r.SKU, r.ASIN}, quantities...), own, taken, r.Title)...)
			return nil
		})
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			return writeJSON(a.io.Out, all)
		}
		return t.write(a.io.Out, v.Format)
	})
}

type reportSettlementsVerb struct{ formatFlag }

func (v *reportSettlementsVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		t := newSheet(left("connection"), left("settlement"), left("from"), left("to"), left("paid"), left("currency"),
			right("payout"), right("sum of rows"), right("rows"), right("open"))
		all := []store.SettlementRow{}
		err := s.Book.Settlements(a.ctx, func(r store.SettlementRow) error {
			all = append(all, r)
			paid := "-"
			if !r.Deposit.IsZero() {
				paid = r.Deposit.Format(time.DateOnly)
			}
			t.add(r.Connection, r.ID, r.Start.Format(time.DateOnly), r.End.Format(time.DateOnly), paid, r.Currency,
				amount(r.TotalMinor, r.Currency), amount(r.RowsMinor, r.Currency), number(r.Rows), number(r.Open))
			return nil
		})
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			return writeJSON(a.io.Out, all)
		}
		return t.write(a.io.Out, v.Format)
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
	return a.with(func(s *session.Session) error {
		t := newSheet(left("day"), left("marketplace"), left("order_id"), left("sku"), left("type"), left("line"), left("amazon_name"),
			left("currency"), right("amount"), right("units"), left("origin"), left("state"), left("settlement"), right("document"), right("line_no"))
		all := []store.MoneyRow{}
		f := store.LineFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace, SKU: v.SKU, Order: v.Order, Line: v.Line}
		err := s.Book.MoneyLines(a.ctx, f, func(m store.MoneyRow) error {
			if v.of(a) == formatJSON {
				all = append(all, m)
				return nil
			}
			t.add(m.Day, marketName(m.Marketplace), m.Order, m.SKU, m.Type, m.Line, m.AmazonName, m.Currency, amount(m.Minor, m.Currency),
				number(m.Quantity), m.Origin, m.State, m.Settlement, number(m.Document), number(m.DocLine))
			return nil
		})
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			return writeJSON(a.io.Out, all)
		}
		return t.write(a.io.Out, v.Format)
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
