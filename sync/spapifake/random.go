package spapifake

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
)

// random is one named stream of seeded chance. Each part of the generator has
// its own, so that a change in one does not shift all others.
type random struct{ *rand.Rand }

func stream(seed int64, names ...string) random {
	h := fnv.New64a()
	for _, n := range names {
		h.Write([]byte(n))
		h.Write([]byte{0})
	}
	return random{rand.New(rand.NewPCG(uint64(seed), h.Sum64()))}
}

// permille is true in p of 1000 cases.
func (r random) permille(p int) bool { return r.IntN(1000) < p }

// between gives a number from lo to hi, both included.
func (r random) between(lo, hi int64) int64 { return lo + r.Int64N(hi-lo+1) }

// digits gives n random decimal digits, the first not zero.
func (r random) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	if b[0] == '0' {
		b[0] = byte('1' + r.IntN(9))
	}
	return string(b)
}

// text gives n characters of set.
func (r random) text(n int, set string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[r.IntN(len(set))]
	}
	return string(b)
}

const upperDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func pick[T any](r random, list []T) T { return list[r.IntN(len(list))] }

// rate gives amount * bp / 10000, half away from zero.
func rate(amount, bp int64) int64 { return divRound(amount*bp, 10000) }

// divRound divides half away from zero; d is positive.
func divRound(n, d int64) int64 {
	if n < 0 {
		return -divRound(-n, d)
	}
	return (n + d/2) / d
}

// decimal writes minor units with a dot: 1234, 2 digits -> "12.34".
func decimal(minor int64, digits int) string {
	s := strconv.FormatInt(minor, 10)
	if digits == 0 {
		return s
	}
	neg := ""
	if minor < 0 {
		neg, s = "-", s[1:]
	}
	for len(s) <= digits {
		s = "0" + s
	}
	return neg + s[:len(s)-digits] + "." + s[len(s)-digits:]
}
