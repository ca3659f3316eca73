package spapi

import (
	"math/bits"
	"strings"
	"time"
)

// Limit is what Amazon allows for one operation of one connection: a token
// bucket that holds Burst calls and refills at Rate.
type Limit struct {
	Rate  int64 // millionths of a call per second: 0.0056/s is 5600
	Burst int64 // calls
}

// Interval is the time in which one call is earned, rounded up to the
// nanosecond, so that rounding never earns more than Amazon allows.
func (l Limit) Interval() time.Duration {
	const unit = int64(time.Second) * 1_000_000
	return time.Duration((unit + l.Rate - 1) / l.Rate)
}

// Bucket is the stored state of one limit. All arithmetic is in whole
// nanoseconds of earned time, so that nothing accumulates rounding errors. The
// zero Bucket is one never seen before: it starts full, as Amazon's do. A
// Bucket is a value; its methods return the changed one.
type Bucket struct {
	Credit    int64     `json:"credit"`     // nanoseconds of earned time; one call costs one Interval
	At        time.Time `json:"at"`         // clock at the last change; zero: never used
	High      time.Time `json:"high"`       // latest clock ever seen, and what was earned since it was set back
	NotBefore time.Time `json:"not_before"` // no call earlier, after a 429
	Strikes   int       `json:"strikes"`    // 429 answers since the last good one
	Rate      int64     `json:"rate"`       // rate told by Amazon's header, 0: none
}

// Ceiling of the wait after a 429, and so the furthest NotBefore can lie.
const maxThrottleWait = 15 * time.Minute

// A rate header is believed between a twentieth and a hundredfold of the
// documented rate; beyond it is taken for noise.
const rateFloor, rateCeiling = 20, 100

// limit applies the rate Amazon told, when there is one to believe.
func (b Bucket) limit(l Limit) Limit {
	if b.Rate != 0 && believable(l, b.Rate) {
		l.Rate = b.Rate
	}
	return l
}

func believable(l Limit, rate int64) bool {
	return rate > 0 && rate >= l.Rate/rateFloor && rate <= l.Rate*rateCeiling
}

// Take debits one call. When wait is zero the call is paid for and the
// returned Bucket has to be stored before it is made; otherwise nothing was
// debited and it can be tried again after wait.
func (b Bucket) Take(l Limit, now time.Time) (_ Bucket, wait time.Duration) {
	l = b.limit(l)
	b = b.refill(l, now)
	if hold := b.NotBefore.Sub(now); !b.NotBefore.IsZero() && hold > 0 {
		if hold <= maxThrottleWait {
			return b, hold
		}
		// Only a clock that was set back puts it this far away.
		b.NotBefore = now.UTC().Add(maxThrottleWait)
		return b, maxThrottleWait
	}
	cost := int64(l.Interval())
	if b.Credit < cost {
		return b, time.Duration(cost - b.Credit)
	}
	b.Credit -= cost
	return b, 0
}

// refill earns the time since the last change. A clock that was set back
// earns nothing by the step, and the latest time ever seen goes on from where it
// is with what is earned after it; setting the clock forward again earns only what
// lies beyond. (Where one pause is longer than the step, it earns that much less:
// the safe side.)
func (b Bucket) refill(l Limit, now time.Time) Bucket {
	now = now.UTC().Round(0)
	full := int64(l.Interval()) * l.Burst
	if b.At.IsZero() {
		b.Credit, b.At, b.High = full, now, now
		return b
	}
	from := b.At
	if b.At.Before(b.High) && !now.Before(b.High) {
		from = b.High
	}
	if earned := now.Sub(from); earned > 0 {
		b.Credit += min(int64(earned), full)
		if now.Before(b.High) {
			b.High = b.High.Add(earned)
		}
	}
	b.Credit = max(0, min(b.Credit, full))
	b.At = now
	if now.After(b.High) {
		b.High = now
	}
	return b
}

// Throttled records a 429: what we believed to have is gone, and no call is
// made for the next wait.
func (b Bucket) Throttled(l Limit, now time.Time, wait time.Duration) Bucket {
	b = b.refill(b.limit(l), now)
	b.Credit = 0
	b.NotBefore = now.UTC().Round(0).Add(min(wait, maxThrottleWait))
	b.Strikes++
	return b
}

// Succeeded ends a row of 429 answers.
func (b Bucket) Succeeded() Bucket {
	b.Strikes, b.NotBefore = 0, time.Time{}
	return b
}

// Corrected takes over the rate Amazon told, in millionths of a call per
// second, keeping the number of calls in the bucket. A rate beyond belief
// changes nothing.
func (b Bucket) Corrected(l Limit, rate int64, now time.Time) Bucket {
	old := b.limit(l)
	if rate == old.Rate || !believable(l, rate) {
		return b
	}
	b = b.refill(old, now)
	b.Rate = rate
	next := b.limit(l)
	b.Credit = scale(b.Credit, int64(next.Interval()), int64(old.Interval()))
	return b
}

// scale returns v*num/den rounded down, through 128 bits; all are positive and
// the result fits, because v is at most Burst times den.
func scale(v, num, den int64) int64 {
	hi, lo := bits.Mul64(uint64(v), uint64(num))
	if hi >= uint64(den) {
		return 0
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	return int64(q)
}

// parseRate reads the x-amzn-RateLimit-Limit header: plain decimal calls per
// second. The header can be missing or hold any text; then ok is false.
func parseRate(s string) (micro int64, ok bool) {
	whole, frac, _ := strings.Cut(strings.TrimSpace(s), ".")
	if len(whole) == 0 || len(whole) > 6 || len(frac) > 18 {
		return 0, false
	}
	if len(frac) > 6 {
		frac = frac[:6]
	}
	frac += strings.Repeat("0", 6-len(frac))
	for _, d := range whole + frac {
		if d < '0' || d > '9' {
			return 0, false
		}
		micro = micro*10 + int64(d-'0')
	}
	return micro, micro > 0
}
