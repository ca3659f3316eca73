package books

import (
	"fmt"
	"math/bits"
	"strings"
)

// FigureName names a figure of a statement. The codes are stable: they stand in
// `report profit --explain` and in the interface's texts.
type FigureName string

// The figures, in the order in which they are shown.
const (
	FigureNetSales      FigureName = "net_sales"
	FigureContribution  FigureName = "contribution"
	FigureNetProfit     FigureName = "net_profit"
	FigureMargin        FigureName = "margin"
	FigureROI           FigureName = "roi"
	FigureACOS          FigureName = "acos"
	FigureTACOS         FigureName = "tacos"
	FigureBreakEvenACOS FigureName = "break_even_acos"
	FigureRefundRate    FigureName = "refund_rate"
	FigureSellable      FigureName = "sellable_return_rate"
	FigureUnits         FigureName = "units"
	FigureAveragePrice  FigureName = "average_price"
	FigureFeesPerUnit   FigureName = "fees_per_unit"
)

// Kind says what a figure or operand is.
type Kind uint8

// The kinds.
const (
	KindMoney Kind = iota
	KindRate       // Minor is basis points
	KindCount      // Minor is a number of units
)

// Operand is one number of a figure's definition.
type Operand struct {
	Name string // of a text: "net_sales", "units" ...
	Sign int64  // +1 or -1 in a sum; 0 where the definition divides
	Kind Kind
	Figure
}

// Explained is a figure with its definition in this statement's own numbers.
// Sums add their operands with their signs; a quotient divides the first operand
// by the second, rounded half away from zero, and are not known where that is not
// above 0.
type Explained struct {
	Name     FigureName
	Kind     Kind
	Value    Figure // Minor: minor units, basis points or units, as Kind says
	Operands []Operand
	Quotient bool
}

// Beside is what figures need that no money line tells.
type Beside struct {
	AdSales      Figure // sales that Amazon attributes to advertising
	AdSpend      Figure // spend of the same reports; not known: what was charged counts
	AdFrom, AdTo string // days that such reports tell, both included; empty: none was read
	OfProduct    bool   // the statement is of products: charges for advertising name none
	Returns      Figure // units that came back and were looked at (Minor is units)
	Sellable     Figure // of these, units that can be sold again
}

// Explain gives all figures of a statement. Sums beyond 64 bits are ErrOverflow.
func Explain(s Statement, x Beside) ([]Explained, error) {
	e := explainer{s: s}
	sales := e.sum("sales", SalesProduct, SalesShipping, SalesGiftWrap)
	cut := e.sum("promotions", Promotion, Points, RefundPromotion)
	refunds := e.sum("refunds", RefundProduct, RefundShipping, RefundGiftWrap)
	product := e.sum("product_sales", SalesProduct)
	expenses := e.sum("expenses", Expense)
	others := []Operand{
		op("selling_fees", s.SellingFees), op("fba_fees", s.FBAFees), op("advertising", s.Advertising), op("cost_of_goods", s.CostOfGoods),
		e.sum("postage", Postage), e.sum("unclassified", Unclassified),
	}
	before := e.less("before_advertising", s.Contribution, s.Advertising)
	spend, goods := x.spend(e.opposite(s.Advertising)), e.opposite(s.CostOfGoods)
	fees := e.opposite(e.plus(s.SellingFees, s.FBAFees))
	units := count("units", s.Units, s.NetSales)
	refunded := count("units_refunded", s.UnitsRefunded, s.NetSales)
	out := []Explained{
		sumOf(FigureNetSales, s.NetSales, sales, cut, refunds),
		sumOf(FigureContribution, s.Contribution, append([]Operand{op("net_sales", s.NetSales)}, others...)...),
		sumOf(FigureNetProfit, s.NetProfit, op("contribution", s.Contribution), expenses),
		quotient(FigureMargin, op("net_profit", s.NetProfit), op("net_sales", s.NetSales)),
		quotient(FigureROI, op("net_profit", s.NetProfit), op("goods_sold", goods)),
		quotient(FigureACOS, op("ad_spend", spend), op("ad_sales", x.AdSales)),
		quotient(FigureTACOS, op("ad_spend", spend), sales),
		quotient(FigureBreakEvenACOS, before, op("net_sales", s.NetSales)),
		quotient(FigureRefundRate, refunded, units),
		quotient(FigureSellable, Operand{Name: "sellable", Kind: KindCount, Figure: x.Sellable}, Operand{Name: "returns", Kind: KindCount, Figure: x.Returns}),
		{Name: FigureUnits, Kind: KindCount, Value: units.Figure, Operands: []Operand{units}},
		perUnit(FigureAveragePrice, product, units),
		perUnit(FigureFeesPerUnit, op("fees", fees), units),
	}
	return out, e.err
}

// spend is what advertising cost: by its reports, so that spend and sales are of
// the same clicks, else what was charged. A product is not charged for it.
func (x Beside) spend(charged Figure) Figure {
	switch {
	case x.AdSpend.Known:
		return x.AdSpend
	case x.OfProduct:
		return Figure{Money: Money{Currency: charged.Currency}, Why: x.AdSpend.Why}
	}
	return charged
}

func op(name string, f Figure) Operand { return Operand{Name: name, Sign: 1, Figure: f} }

// count is a number of units, known when the money of the period is.
func count(name string, n int64, like Figure) Operand {
	return Operand{Name: name, Kind: KindCount, Sign: 1, Figure: Figure{Money{Minor: n}, like.Known || n != 0, like.Why}}
}

func sumOf(name FigureName, value Figure, operands ...Operand) Explained {
	return Explained{Name: name, Value: value, Operands: operands}
}

// quotient is a quotient of two amounts or counts, in basis points.
func quotient(name FigureName, part, whole Operand) Explained {
	part.Sign, whole.Sign = 0, 0
	out := Explained{Name: name, Kind: KindRate, Operands: []Operand{part, whole}, Quotient: true}
	switch {
	case !part.Known:
		out.Value.Why = part.Why
	case !whole.Known:
		out.Value.Why = whole.Why
	default:
		r := rate(part.Figure, whole.Minor, strings.ReplaceAll(whole.Name, "_", " ")+" is not above 0")
		out.Value = Figure{Money{Minor: r.BasisPoints}, r.Known, r.Why}
	}
	return out
}

// perUnit is an amount per unit, in minor units.
func perUnit(name FigureName, amount, units Operand) Explained {
	amount.Sign, units.Sign = 0, 0
	out := Explained{Name: name, Operands: []Operand{amount, units}, Quotient: true}
	out.Value.Currency = amount.Currency
	switch {
	case !amount.Known:
		out.Value.Why = amount.Why
	case !units.Known:
		out.Value.Why = units.Why
	case units.Minor <= 0:
		out.Value.Why = "no units were sold"
	default:
		d := magnitude(units.Minor)
		q, r := bits.Div64(0, magnitude(amount.Minor), d)
		if r >= d-r {
			q++
		}
		v := int64(q) // at most the amount
		if amount.Minor < 0 {
			v = -v
		}
		out.Value = Figure{Money{v, amount.Currency}, true, amount.Why}
	}
	return out
}

// explainer adds up lines of a statement and keeps the first error.
type explainer struct {
	s   Statement
	err error
}

// sum adds lines up; it is known when each of them is.
func (e *explainer) sum(name string, lines ...Line) Operand {
	total := Figure{Money: Money{Currency: e.s.Currency}, Known: true}
	for _, l := range e.s.Lines {
		for _, want := range lines {
			if l.Line == want {
				total = e.plus(total, l.Figure)
			}
		}
	}
	return op(name, total)
}

func (e *explainer) plus(a, b Figure) Figure {
	out := Figure{Known: a.Known && b.Known, Why: a.Why}
	if out.Why == "" {
		out.Why = b.Why
	}
	sum, err := a.Money.Add(b.Money)
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("explain the statement: %w", err)
	}
	out.Money = sum
	return out
}

func (e *explainer) opposite(f Figure) Figure {
	f.Money = f.Neg()
	return f
}

func (e *explainer) less(name string, a, b Figure) Operand { return op(name, e.plus(a, e.opposite(b))) }
