package books

import (
	"fmt"
	"math/bits"
	"slices"
)

// LineFigure is one line of a statement.
type LineFigure struct {
	Line Line
	Figure
	Quantity int64
}

// Statement is a profit and loss statement in one currency.
type Statement struct {
	Currency string
	From, To string

	Lines        []LineFigure // all lines, in order; none is left out
	NetSales     Figure       // sales less promotions and refunds
	SellingFees  Figure
	FBAFees      Figure // with reimbursements
	Advertising  Figure
	CostOfGoods  Figure
	Contribution Figure // all of the above, postage and unclassified
	NetProfit    Figure // less indirect expenses
	TaxOwed      Figure // collected less withheld, less what is recovered on fees: a liability, never profit

	Units         int64 // sold
	UnitsRefunded int64
	Uncovered     int64 // units that left without a known cost
	Margin        Rate  // net profit of net sales
	RefundRate    Rate  // units refunded of units sold
	Shares        Shares
}

// Filter says what a statement is of. For one order, give the roll-up of that
// order's events.
type Filter struct {
	From, To     string   // days, both included
	Marketplaces []string // none: all
	SKU          string   // "": all
	Currencies   []string // statements to give even where there are no rows
}

func (f Filter) takes(r Rollup) bool {
	return f.From <= r.Day && r.Day <= f.To && (f.SKU == "" || f.SKU == r.SKU) &&
		(len(f.Marketplaces) == 0 || slices.Contains(f.Marketplaces, r.Marketplace))
}

// Statements makes one statement per currency, sorted by code, from roll-up rows
// (those outside the filter are passed over). Sums beyond 64 bits are
// ErrOverflow.
func Statements(rows []Rollup, coverage []Coverage, f Filter) ([]Statement, error) {
	currencies := slices.Clone(f.Currencies)
	for _, r := range rows {
		if f.takes(r) && r.Currency != "" {
			currencies = append(currencies, r.Currency)
		}
	}
	slices.Sort(currencies)
	var out []Statement
	for _, c := range slices.Compact(currencies) {
		s, err := statement(rows, coverage, f, c)
		if err != nil {
			return nil, fmt.Errorf("statement in %s from %s to %s: %w", c, f.From, f.To, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// tally is the sums behind one statement.
type tally struct {
	minor, quantity map[Line]int64
	uncovered       int64
	skus            map[string]bool // without cost
	weight          map[State]uint64
	currency        string
	gap             string // why the period is not covered
	missing         string // why cost of goods is not known
}

func statement(rows []Rollup, coverage []Coverage, f Filter, currency string) (Statement, error) {
	t := tally{
		minor: map[Line]int64{}, quantity: map[Line]int64{}, skus: map[string]bool{}, weight: map[State]uint64{},
		currency: currency, gap: uncovered(coverage, rows, currency, f),
	}
	for _, r := range rows {
		if (r.Currency == currency || r.Currency == "") && f.takes(r) { // "": units of which nobody told the currency
			if err := t.add(r); err != nil {
				return Statement{}, err
			}
		}
	}
	t.missing = missingCost(t.uncovered, len(t.skus))
	s := Statement{
		Currency: currency, From: f.From, To: f.To,
		Units: t.quantity[SalesProduct], UnitsRefunded: t.quantity[RefundProduct], Uncovered: t.uncovered,
		Shares: shares(t.weight),
	}
	for _, l := range lineOrder {
		figure := t.partial(t.minor[l])
		if l == COGS {
			figure = t.cost(t.minor[l])
		}
		s.Lines = append(s.Lines, LineFigure{l, figure, t.quantity[l]})
	}
	if err := t.totals(&s); err != nil {
		return Statement{}, err
	}
	return s, nil
}

func (t *tally) add(r Rollup) error {
	minor, quantity := t.minor[r.Line], t.quantity[r.Line]
	if err := sumInto(&minor, r.Minor); err != nil {
		return fmt.Errorf("add up %s: %w", r.Line, err)
	}
	if err := sumInto(&quantity, r.Quantity); err != nil {
		return fmt.Errorf("add up units of %s: %w", r.Line, err)
	}
	t.minor[r.Line], t.quantity[r.Line] = minor, quantity
	if r.Uncovered != 0 { // below 0: they stand on another day, because this one is closed
		if err := sumInto(&t.uncovered, r.Uncovered); err != nil {
			return fmt.Errorf("add up units without cost: %w", err)
		}
		t.skus[r.SKU] = true
	}
	if r.Line.profit() && r.Line != COGS {
		w, carry := bits.Add64(t.weight[r.State], magnitude(r.Minor), 0)
		if carry != 0 {
			return ErrOverflow
		}
		t.weight[r.State] = w
	}
	return nil
}

// totals adds the lines up to subtotals.
func (t *tally) totals(s *Statement) error {
	groups := map[group]int64{}
	for _, l := range lineOrder {
		g := groups[l.group()]
		if err := sumInto(&g, t.minor[l]); err != nil {
			return fmt.Errorf("add up %s: %w", l, err)
		}
		groups[l.group()] = g
	}
	var err error
	sum := func(gs ...group) int64 {
		var total int64
		for _, g := range gs {
			if e := sumInto(&total, groups[g]); e != nil && err == nil {
				err = fmt.Errorf("add up the statement: %w", e)
			}
		}
		return total
	}
	contribution := []group{
		groupSales, groupPromotion, groupSelling, groupFBA, groupReimbursement,
		groupAdvertising, groupCOGS, groupPostage, groupUnclassified,
	}
	s.NetSales = t.partial(sum(groupSales, groupPromotion))
	s.SellingFees = t.partial(sum(groupSelling))
	s.FBAFees = t.partial(sum(groupFBA, groupReimbursement))
	s.Advertising = t.partial(sum(groupAdvertising))
	s.CostOfGoods = t.cost(sum(groupCOGS))
	s.Contribution = t.whole(sum(contribution...))
	s.NetProfit = t.whole(sum(append(contribution, groupExpense)...))
	s.TaxOwed = t.partial(sum(groupTax, groupWithheld, groupTaxInput))
	s.Margin = rate(s.NetProfit, s.NetSales.Minor, "net sales are not above 0")
	s.RefundRate = rate(Figure{Money: Money{Minor: s.UnitsRefunded}, Known: true}, s.Units, "no units were sold")
	return err
}

// partial is a figure that is worth showing over a period that is covered in
// part, but never a 0 that nobody knows.
func (t *tally) partial(minor int64) Figure {
	return Figure{Money{minor, t.currency}, t.gap == "" || minor != 0, t.gap}
}

// cost is a figure of cost of goods: not known while any unit has none.
func (t *tally) cost(minor int64) Figure {
	if t.missing != "" {
		return Figure{Money{0, t.currency}, false, t.missing}
	}
	return t.partial(minor)
}

// whole is a figure that is only known when everything in it is.
func (t *tally) whole(minor int64) Figure {
	switch {
	case t.gap != "" && t.missing != "":
		return Figure{Money{0, t.currency}, false, t.gap + "; " + t.missing}
	case t.gap != "" || t.missing != "":
		return Figure{Money{0, t.currency}, false, t.gap + t.missing}
	}
	return Figure{Money{minor, t.currency}, true, ""}
}
