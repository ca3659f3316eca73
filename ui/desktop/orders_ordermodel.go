package desktop

import (
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// ordersStep is one step of an order's way.
type ordersStep struct {
	Word, When string
	Done       bool
	Tone       parts.Tone
}

// steps is the order's way so far and what is promised.
func (t ordersText) steps(d *store.OrderDetail) []ordersStep {
	zone := markets.Zone(d.Marketplace)
	at := func(x time.Time) string {
		if x.IsZero() {
			return ""
		}
		return t.loc.Moment(x.In(zone))
	}
	by := func(x time.Time) string {
		if x.IsZero() {
			return ""
		}
		return t.words.T("orders.step.by", t.loc.DayMonth(x.In(zone)))
	}
	steps := []ordersStep{{Word: t.words.T("orders.step.ordered"), When: at(d.Purchased), Done: true}}
	if d.Status == "CANCELLED" {
		return append(steps, ordersStep{Word: t.words.T("orders.status.cancelled"), When: at(d.Updated), Done: true, Tone: parts.Hint})
	}
	shipped := ordersStep{Word: t.words.T("orders.step.shipped"), When: by(d.ShipBy)}
	var left time.Time
	for _, p := range d.Packages {
		if !p.Shipped.IsZero() && (left.IsZero() || p.Shipped.Before(left)) {
			left = p.Shipped
		}
	}
	if !left.IsZero() {
		shipped.Done, shipped.When = true, at(left)
	} else if d.Status == "SHIPPED" {
		shipped.Done, shipped.When = true, ""
	}
	steps = append(steps, shipped)
	if step := t.delivered(d, by); step.Done || step.When != "" {
		steps = append(steps, step)
	}
	if !d.Refunded.IsZero() {
		steps = append(steps, ordersStep{Word: t.words.T("orders.step.refunded"), When: at(d.Refunded), Done: true, Tone: parts.Loss})
	}
	paid := ordersStep{Word: t.words.T("orders.step.paid")}
	switch state := ordersState(d.Rows); state {
	case "":
	case string(books.Settled):
		paid.Done = true
	default:
		paid.When = t.state(state)
	}
	return append(steps, paid)
}

func (t ordersText) delivered(d *store.OrderDetail, by func(time.Time) string) ordersStep {
	s := ordersStep{Word: t.words.T("orders.step.delivered"), When: by(d.DeliverBy)}
	if len(d.Packages) == 0 {
		return s
	}
	for _, p := range d.Packages {
		if p.Status != "DELIVERED" {
			return s
		}
	}
	return ordersStep{Word: s.Word, Done: true}
}

// ordersState is the least final state of the money; empty without money.
func ordersState(rows []store.MoneyRow) string {
	rank := map[string]int{string(books.Estimated): 4, string(books.Deferred): 3, string(books.Released): 2, string(books.Settled): 1}
	worst := ""
	for _, r := range rows {
		if r.Line != string(books.COGS) && rank[r.State] > rank[worst] {
			worst = r.State
		}
	}
	return worst
}

// state is the word for how final an amount is.
func (t ordersText) state(s string) string {
	switch books.State(s) {
	case books.Estimated:
		return t.words.T("orders.state.estimated")
	case books.Deferred:
		return t.words.T("orders.state.deferred")
	case books.Released:
		return t.words.T("orders.state.released")
	case books.Settled:
		return t.words.T("orders.state.settled")
	}
	return s
}

// ordersSum is one line of an order's statement.
type ordersSum struct {
	Line  books.Line
	Money books.Money
	State string
}

// ordersStatement adds an order's money up by line, in the order of the
// statement: what makes profit, and beside it tax and cash. ok is false when
// the amounts are of several currencies or too large to add.
func ordersStatement(rows []store.MoneyRow) (profit, beside []ordersSum, ok bool) {
	byLine := map[books.Line][]store.MoneyRow{}
	for _, r := range rows {
		byLine[books.Line(r.Line)] = append(byLine[books.Line(r.Line)], r)
	}
	for _, line := range books.Lines() {
		sum := ordersSum{Line: line, State: ordersState(byLine[line])}
		for _, r := range byLine[line] {
			var err error
			if sum.Money, err = sum.Money.Add(books.Money{Minor: r.Minor, Currency: r.Currency}); err != nil {
				return nil, nil, false
			}
		}
		switch {
		case len(byLine[line]) == 0:
		case ordersBeside(line):
			beside = append(beside, sum)
		default:
			profit = append(profit, sum)
		}
	}
	return profit, beside, true
}

func ordersBeside(line books.Line) bool {
	switch line {
	case books.TaxCollected, books.TaxWithheld, books.TaxInput, books.CashPayout, books.CashReserve, books.CashLoan:
		return true
	}
	return false
}

// ordersLineKeys are the words of the lines of the statement.
var ordersLineKeys = func() map[books.Line]string {
	m := map[books.Line]string{}
	for _, l := range books.Lines() {
		m[l] = "orders.line." + string(l)
	}
	return m
}()

func (t ordersText) line(l books.Line) string {
	if key, ok := ordersLineKeys[l]; ok {
		return t.words.T(key)
	}
	return string(l)
}
