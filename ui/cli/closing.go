package cli

import (
	"fmt"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type closeVerb struct {
	Month string `arg:"" optional:"" help:"Month to close, YYYY-MM; left out: list the closed ones and what changed since."`
	formatFlag
}

func (v *closeVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if v.Month == "" {
			return v.list(a, s)
		}
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "closed "+v.Month)
			return tx.CloseMonth(v.Month)
		})
		if err != nil {
			return err
		}
		return a.say(map[string]string{"closed": v.Month}, "%s is closed; what comes later stands on the first open month and is listed.\n", v.Month)
	})
}

type lateJSON struct {
	Month       string `json:"month"`
	Closed      string `json:"closed_at"`
	By          string `json:"closed_by"`
	Day         string `json:"day"`
	Booked      string `json:"booked_day"`
	Marketplace string `json:"marketplace_id"`
	SKU         string `json:"sku"`
	Line        string `json:"line"`
	Currency    string `json:"currency"`
	Minor       int64  `json:"amount_minor"`
	Units       int64  `json:"units"`
}

func (v *closeVerb) list(a *app, s *session.Session) error {
	months, err := s.Book.ClosedMonths(a.ctx)
	if err != nil {
		return err
	}
	p := a.rows(v.of(a), left("month"), left("closed"), left("by"), left("day"), left("booked"), left("marketplace"), left("sku"), left("line"),
		right("amount"), left("currency"), right("units"))
	p.notice = "No month is closed."
	for _, m := range months {
		closed := m.At.Format("2006-01-02 15:04")
		if len(m.Late) == 0 {
			if err := p.add(lateJSON{Month: m.Month, Closed: closed, By: m.By}, m.Month, closed, m.By, "", "", "", "", "", "", "", ""); err != nil {
				return p.end(err)
			}
		}
		for _, d := range m.Late {
			if err := p.add(lateJSON{m.Month, closed, m.By, d.Day, d.Booked, d.Marketplace, d.SKU, string(d.Line), d.Amount.Currency, d.Amount.Minor, d.Units},
				m.Month, closed, m.By, d.Day, d.Booked, marketName(d.Marketplace), d.SKU, string(d.Line), d.Amount.Decimal(), d.Amount.Currency, fmt.Sprint(d.Units)); err != nil {
				return p.end(err)
			}
		}
	}
	return p.end(nil)
}

type reopenVerb struct {
	Month string `arg:"" help:"The last closed month, YYYY-MM."`
}

func (v *reopenVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "reopened "+v.Month)
			return tx.ReopenMonth(v.Month)
		})
		if err != nil {
			return err
		}
		return a.say(map[string]string{"reopened": v.Month}, "%s is open again.\n", v.Month)
	})
}

// reportCostVerbs are reports about costs.
type reportCostVerbs struct {
	Costs   reportCostsVerb   `cmd:"" help:"Stock at cost as of a day, and cost of goods until then; the methods side by side."`
	Changes reportChangesVerb `cmd:"" help:"Why numbers changed: estimates that money took the place of, costs counted anew."`
}

type reportCostsVerb struct {
	Day     string `help:"As of the end of this day, YYYY-MM-DD (left out: today)." placeholder:"DAY"`
	Compare bool   `help:"All three methods side by side."`
	formatFlag
}

func (v *reportCostsVerb) Run(a *app) error {
	if err := checkDays(v.Day); err != nil {
		return err
	}
	if v.Day == "" {
		v.Day = today()
	}
	return a.with(func(s *session.Session) error {
		method, err := s.Book.CostMethod(a.ctx)
		if err != nil {
			return err
		}
		methods := []books.Method{method}
		if v.Compare {
			methods = books.Methods()
		}
		values, err := s.Book.StockValues(a.ctx, v.Day, methods, nil)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("method"), left("in_use"), left("day"), left("currency"), right("stock_value"), right("units"), right("units_unknown"), right("cost_of_goods"))
		for _, value := range values {
			for _, row := range valueRows(value) {
				row.InUse = value.Method == method
				used := ""
				if row.InUse {
					used = "yes"
				}
				if err := p.add(row, row.Method, used, row.Day, row.Currency, row.money(row.Stock), fmt.Sprint(row.Units), fmt.Sprint(row.Unknown), row.money(row.Cost)); err != nil {
					return p.end(err)
				}
			}
		}
		return p.end(nil)
	})
}

type valueJSON struct {
	Method   string `json:"method"`
	InUse    bool   `json:"in_use"`
	Day      string `json:"day"`
	Currency string `json:"currency"`
	Stock    *int64 `json:"stock_minor"`
	Units    int64  `json:"units"`
	Unknown  int64  `json:"units_without_cost"`
	Cost     *int64 `json:"cost_of_goods_minor"`
}

func (v valueJSON) money(minor *int64) string {
	if minor == nil {
		return "-"
	}
	return books.Money{Minor: *minor, Currency: v.Currency}.Decimal()
}

// valueRows gives a row per currency: of what is in stock, of what was sold.
func valueRows(v store.StockValue) []valueJSON {
	rows := map[string]*valueJSON{}
	at := func(code string) *valueJSON {
		if rows[code] == nil {
			rows[code] = &valueJSON{Method: string(v.Method), Day: v.Day, Currency: code}
		}
		return rows[code]
	}
	for _, m := range v.Totals {
		at(m.Currency).Stock = &m.Minor
	}
	for _, m := range v.Cost {
		at(m.Currency).Cost = &m.Minor
	}
	for _, h := range v.Held {
		if h.Known {
			at(h.Fixed.Currency).Units += h.Units
		}
	}
	var out []valueJSON
	for _, code := range sortedKeys(rows) {
		rows[code].Unknown = v.Unknown
		out = append(out, *rows[code])
	}
	return out
}

type reportChangesVerb struct {
	Order string `help:"Only of this order." placeholder:"ID"`
	SKU   string `help:"Only of this SKU." placeholder:"SKU"`
	Month string `help:"Only of this month, YYYY-MM." placeholder:"MONTH"`
	formatFlag
}

type changeJSON struct {
	At       string `json:"at"`
	By       string `json:"by"`
	Reason   string `json:"reason"`
	Cause    string `json:"cause"`
	Month    string `json:"month"`
	Order    string `json:"order_id"`
	SKU      string `json:"sku"`
	Line     string `json:"line"`
	Currency string `json:"currency"`
	Before   int64  `json:"before_minor"`
	After    int64  `json:"after_minor"`
}

func (v *reportChangesVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.FigureChanges(a.ctx, store.ChangeFilter{Order: v.Order, SKU: v.SKU, Month: v.Month})
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("at"), left("by"), left("reason"), left("cause"), left("month"), left("order"), left("sku"), left("line"),
			right("before"), right("after"), right("difference"), left("currency"))
		for _, c := range list {
			at, by := c.At.Format("2006-01-02 15:04"), c.By
			if by == "" {
				by = "sync"
			}
			money := func(minor int64) string { return books.Money{Minor: minor, Currency: c.Currency}.Decimal() }
			if err := p.add(changeJSON{at, by, c.Reason, c.Cause, c.Month, c.Order, c.SKU, string(c.Line), c.Currency, c.Before, c.After},
				at, by, c.Reason, c.Cause, c.Month, c.Order, c.SKU, string(c.Line), money(c.Before), money(c.After), money(c.After-c.Before), c.Currency); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}
