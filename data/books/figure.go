package books

import (
	"fmt"
	"math/bits"
)

// Figure is a value, or the reason why there is none: unknown is not zero.
type Figure struct {
	Money
	Known bool
	Why   string // when not Known: the reason; when Known: what it leaves out, or ""
}

// Rate is a share in basis points (10000 = all), or the reason why there is none.
type Rate struct {
	BasisPoints int64
	Known       bool
	Why         string
}

// Shares says how final the money of a statement is, in basis points that add
// up to 10000. Cost of goods, tax and cash are left out.
type Shares struct {
	Settled, Released, Deferred, Estimated int64
	Known                                  bool // false: there is no money
}

func missingCost(units int64, skus int) string {
	switch {
	case units <= 0:
		return ""
	case units == 1:
		return "1 unit of 1 SKU has no cost"
	case skus == 1:
		return fmt.Sprintf("%d units of 1 SKU have no cost", units)
	}
	return fmt.Sprintf("%d units of %d SKUs have no cost", units, skus)
}

// rate gives part of whole in basis points, rounded half away from zero. Of a whole
// below zero there is none: a loss where refunds are larger than sales would be a gain.
func rate(part Figure, whole int64, none string) Rate {
	if !part.Known {
		return Rate{Why: part.Why}
	}
	if whole <= 0 {
		return Rate{Why: none}
	}
	d := uint64(whole)
	hi, lo := bits.Mul64(magnitude(part.Minor), 10000)
	if hi >= d {
		return Rate{Why: "too large to show"}
	}
	q, r := bits.Div64(hi, lo, d)
	if r >= d-r {
		q++
	}
	if q > 1<<62 {
		return Rate{Why: "too large to show"}
	}
	bp := int64(q)
	if part.Minor < 0 {
		bp = -bp
	}
	return Rate{BasisPoints: bp, Known: true}
}

// shares divides 10000 by weight; what rounding leaves over goes to the largest
// remainders, so that the parts add up.
func shares(weight map[State]uint64) Shares {
	states := []State{Settled, Released, Deferred, Estimated}
	var total uint64
	for _, s := range states {
		var carry uint64
		if total, carry = bits.Add64(total, weight[s], 0); carry != 0 {
			return Shares{}
		}
	}
	if total == 0 {
		return Shares{}
	}
	var part, rest [4]uint64
	left := uint64(10000)
	for i, s := range states {
		hi, lo := bits.Mul64(weight[s], 10000)
		part[i], rest[i] = bits.Div64(hi, lo, total) // weight <= total: hi < total
		left -= part[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i := range rest {
			if rest[i] > rest[most] {
				most = i
			}
		}
		part[most]++
		rest[most] = 0
	}
	return Shares{int64(part[0]), int64(part[1]), int64(part[2]), int64(part[3]), true}
}
