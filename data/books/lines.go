package books

import (
	"slices"
	"strings"
)

// lineOrder is the order of the statement.
var lineOrder = []Line{
	SalesProduct, SalesShipping, SalesGiftWrap, Promotion, Points,
	RefundProduct, RefundShipping, RefundGiftWrap, RefundPromotion,
	FeeReferral, FeeClosing, FeeRefundAdmin, FeeSubscription, FeeCoupon, FeeOther,
	FBAFulfilment, FBAInbound, FBAStorage, FBAAged, FBARemoval, FBAReturns, FBAOther,
	Reimbursement, Advertising, COGS, Postage, Unclassified, Expense,
	TaxCollected, TaxWithheld, TaxInput, CashPayout, CashReserve, CashLoan,
}

var linePlace = func() map[Line]int {
	m := make(map[Line]int, len(lineOrder))
	for i, l := range lineOrder {
		m[l] = i
	}
	return m
}()

// Lines returns all lines in the order of the statement.
func Lines() []Line { return slices.Clone(lineOrder) }

// KnownLine tells whether the code is one of the lines.
func KnownLine(l Line) bool {
	_, ok := linePlace[l]
	return ok
}

// group is a part of the statement: lines that a coarse source may put into one
// amount, and that one subtotal adds up.
type group uint8

const (
	groupOther group = iota
	groupSales
	groupPromotion
	groupSelling
	groupFBA
	groupReimbursement
	groupAdvertising
	groupTax
	groupWithheld
	groupTaxInput
	groupCash
	groupCOGS
	groupPostage
	groupExpense
	groupUnclassified
)

func (l Line) group() group {
	switch l {
	case SalesProduct, SalesShipping, SalesGiftWrap, RefundProduct, RefundShipping, RefundGiftWrap:
		return groupSales
	case Promotion, Points, RefundPromotion:
		return groupPromotion
	case FeeReferral, FeeClosing, FeeRefundAdmin, FeeSubscription, FeeCoupon, FeeOther:
		return groupSelling
	case FBAFulfilment, FBAInbound, FBAStorage, FBAAged, FBARemoval, FBAReturns, FBAOther:
		return groupFBA
	case Reimbursement:
		return groupReimbursement
	case Advertising:
		return groupAdvertising
	case COGS:
		return groupCOGS
	case Postage:
		return groupPostage
	case Expense:
		return groupExpense
	case Unclassified:
		return groupUnclassified
	case TaxCollected:
		return groupTax
	case TaxWithheld:
		return groupWithheld
	case TaxInput:
		return groupTaxInput
	case CashPayout, CashReserve, CashLoan:
		return groupCash
	}
	return groupOther
}

// profit tells whether the line is part of net profit.
func (l Line) profit() bool {
	switch l.group() {
	case groupTax, groupWithheld, groupTaxInput, groupCash, groupOther:
		return false
	}
	return true
}

// IsFeeTax tells whether an amount of a fee line is the tax on the fee: Amazon
// puts it on a leaf of its own below the fee.
func IsFeeTax(l Line, path string) bool {
	switch l.group() {
	case groupSelling, groupFBA, groupAdvertising, groupUnclassified:
	default:
		return false
	}
	leaf := path[strings.LastIndexByte(path, '/')+1:]
	return leaf == "Tax" || leaf == "TaxAmount"
}
