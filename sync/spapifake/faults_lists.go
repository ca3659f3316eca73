package spapifake

import (
	"regexp"
	"slices"
)

// Faults of lists and of the amounts in them.
const (
	EmptyPage  FaultKind = "empty page"  // no rows, and a token that goes on at the same place
	MovedRow   FaultKind = "moved row"   // the page's first row stands at the end of the list instead
	NewFee     FaultKind = "new fee"     // a fee under a name that nobody has seen before
	DecimalYen FaultKind = "decimal yen" // amounts of yen with two decimals
)

// pageRows gives the rows lo to hi of a list, and tells the next page which row
// has moved.
func pageRows[T any](c *call, list []T, lo, hi int, at pageToken, next *pageToken) []T {
	rows := list[lo:hi]
	switch {
	case at.Moved > 0 && hi == len(list):
		rows = append(slices.Clone(rows), list[at.Moved-1])
	case at.Moved > 0:
		next.Moved = at.Moved
	case c.fault.Kind == MovedRow && lo < hi && hi < len(list):
		rows, next.Moved = rows[1:], lo+1
	}
	return rows
}

// newFeeName is what the fault calls Amazon's referral fee.
const newFeeName = "QuantumHandlingFee2027"

var (
	feeInMoney  = regexp.MustCompile(`"breakdownType":"Commission"`)
	feeInReport = regexp.MustCompile(`\tItemFees\tCommission\t`)
	wholeYen    = regexp.MustCompile(`("currencyAmount":|"amount":")(-?[0-9]+)(["\},])`)
	yenAmount   = regexp.MustCompile(`(?m)^((?:[^\t\n]*\t){14}-?[0-9]+)\t`) // the amount column of a settlement
)

// faultyMoney changes the amounts of a good answer as the fault says.
func (c *call) faultyMoney(b []byte) []byte {
	switch c.fault.Kind {
	case NewFee:
		return feeInMoney.ReplaceAll(b, []byte(`"breakdownType":"`+newFeeName+`"`))
	case DecimalYen:
		if c.account != nil && c.account.m.Digits == 0 {
			return wholeYen.ReplaceAll(b, []byte(`$1$2.00$3`))
		}
	}
	return b
}
