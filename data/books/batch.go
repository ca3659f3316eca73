package books

import (
	"fmt"
	"math/bits"
	"slices"
)

// Method says how the cost of the units that leave is found.
type Method string

// The methods.
const (
	FIFO     Method = "fifo"    // the oldest batch first
	Average  Method = "average" // the average of all that is in stock, moving with each purchase
	ByPeriod Method = "period"  // the unit cost that holds on the day
)

// Methods lists the methods in the order in which they are shown.
func Methods() []Method { return []Method{FIFO, Average, ByPeriod} }

// KnownMethod tells whether m is one of the methods.
func KnownMethod(m Method) bool { return slices.Contains(Methods(), m) }

// Batch is units of one SKU that were bought together.
type Batch struct {
	ID           int64
	SKU          string
	Day          string   // of the purchase, YYYY-MM-DD: its units can be sold from this day on
	Marketplaces []string // ids it was bought for; none: any
	Units        int64    // above 0
	Cost         Money    // landed cost of all units, in the currency it was paid in
	Fixed        Money    // the same in the book's currency, at the rate of the day of purchase
}

func (b *Batch) serves(marketplace string) bool {
	return len(b.Marketplaces) == 0 || slices.Contains(b.Marketplaces, marketplace)
}

// Part is what one unit of a kit or multipack holds of another SKU.
type Part struct {
	SKU   string
	Units int64
}

// share gives round(total*n/of) for 0 <= n <= of, half away from zero. The cost
// of the n-th unit is share(n) - share(n-1), so that the units of a batch cost
// what the batch did, whatever the order in which they leave.
func share(total, n, of int64) int64 {
	if of <= 0 || n <= 0 {
		return 0
	}
	d := uint64(of)
	hi, lo := bits.Mul64(magnitude(total), uint64(n))
	quo, rem := bits.Div64(hi, lo, d) // n <= of: the quotient is no larger than total
	if rem >= d-rem {
		quo++
	}
	if total < 0 {
		return -int64(quo)
	}
	return int64(quo)
}

// Allocate divides an amount by weight, in minor units, so that nothing is lost:
// what rounding leaves over goes to the largest remainders, of equal ones to the
// first. Without any weight it returns nil. Weights below 0 count as 0.
func Allocate(minor int64, weights []int64) []int64 {
	var total uint64
	for _, w := range weights {
		var carry uint64
		if total, carry = bits.Add64(total, uint64(max(w, 0)), 0); carry != 0 {
			return nil
		}
	}
	if total == 0 {
		return nil
	}
	out, rest := make([]int64, len(weights)), make([]uint64, len(weights))
	left := magnitude(minor)
	for i, w := range weights {
		hi, lo := bits.Mul64(magnitude(minor), uint64(max(w, 0)))
		var quo uint64
		quo, rest[i] = bits.Div64(hi, lo, total)
		out[i] = int64(quo)
		left -= quo
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for i := range left {
		out[order[i]]++
	}
	if minor < 0 {
		for i := range out {
			out[i] = -out[i]
		}
	}
	return out
}

// check tells what makes a batch impossible to count with.
func (b *Batch) check() error {
	switch {
	case b.SKU == "" || b.Day == "":
		return fmt.Errorf("batch %d names no SKU or no day", b.ID)
	case b.Units <= 0:
		return fmt.Errorf("batch %d of %s has %d units", b.ID, b.SKU, b.Units)
	case b.Cost.Minor < 0 || b.Fixed.Minor < 0:
		return fmt.Errorf("batch %d of %s has a negative cost", b.ID, b.SKU)
	}
	return nil
}
