package appsync_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

// documented are Amazon's limits, written down here a third time (from its
// documentation, not from our client or the demo seller): millionths of a call
// per second, and burst.
var documented = map[string][2]int64{
	"getMarketplaceParticipations": {16_000, 15},
	"searchOrders":                 {5_600, 20},
	"getOrder":                     {500_000, 30},
	"createReport":                 {16_700, 15},
	"getReports":                   {22_200, 10},
	"getReport":                    {2_000_000, 15},
	"getReportDocument":            {16_700, 15},
	"getInventorySummaries":        {2_000_000, 2},
	"searchListingsItems":          {5_000_000, 5},
	"listTransactions":             {500_000, 10},
}

// limitOf is the limit of an operation: as documented here, else as the demo
// seller keeps it.
func limitOf(s *spapifake.Server, op string) (limit [2]int64, known bool) {
	if limit, known = documented[op]; known {
		return limit, true
	}
	for _, l := range s.Limits() {
		if l.Operation == op {
			return [2]int64{int64(l.Rate*1e6 + 0.5), int64(l.Burst)}, true
		}
	}
	return limit, false
}

// arrivals are the requests by connection and operation, in order.
func arrivals(list []spapifake.Request) map[[2]string][]time.Time {
	out := map[[2]string][]time.Time{}
	for _, r := range list {
		k := [2]string{r.Connection, r.Operation}
		out[k] = append(out[k], r.At)
	}
	return out
}

// checkLimits replays the server's log through an exact token bucket and
// reports every call that came too early, by however little.
func checkLimits(t testing.TB, s *spapifake.Server) {
	t.Helper()
	checked := map[string]bool{}
	for k, times := range arrivals(s.Requests()) {
		limit, known := limitOf(s, k[1])
		if !known {
			continue
		}
		checked[k[1]] = true
		if i := overspent(times, limit[0], limit[1]); i >= 0 {
			t.Errorf("%s %s: call %d of %d came too early, at %v", k[0], k[1], i+1, len(times), times[i])
		}
	}
	for op := range documented {
		if !checked[op] {
			t.Errorf("%s was never called: its limit was not tried", op)
		}
	}
}

// overspent gives the first call for which a bucket of burst calls, refilled at
// rate, holds no whole call; -1 when there is none. It counts in 10^-15 of a
// call, exactly.
func overspent(times []time.Time, rate, burst int64) int {
	one := big.NewInt(1e15)
	full := new(big.Int).Mul(one, big.NewInt(burst))
	level := new(big.Int).Set(full)
	for i, at := range times {
		if i > 0 {
			earned := new(big.Int).Mul(big.NewInt(int64(at.Sub(times[i-1]))), big.NewInt(rate))
			if level.Add(level, earned); level.Cmp(full) > 0 {
				level.Set(full)
			}
		}
		if level.Sub(level, one); level.Sign() < 0 {
			return i
		}
	}
	return -1
}

// checkShare reports operations of which more than percent of what Amazon
// would have allowed over a span was used.
func checkShare(t testing.TB, s *spapifake.Server, from, to time.Time, percent int64) {
	t.Helper()
	for k, times := range arrivals(s.Requests()) {
		limit, known := limitOf(s, k[1])
		if !known {
			continue
		}
		times = slices.DeleteFunc(times, func(at time.Time) bool { return at.Before(from) || !at.Before(to) })
		allowed := int64(to.Sub(from)/time.Second) * limit[0] // millionths of a call
		if used := int64(len(times)) * 1_000_000; used*100 >= allowed*percent {
			t.Errorf("%s %s: %d calls in %v are %d %% of what Amazon allows", k[0], k[1], len(times), to.Sub(from), used*100/allowed)
		}
	}
}

// The bucket by which the others are judged, judged itself.
func TestOverspent(t *testing.T) {
	at := func(seconds ...float64) (list []time.Time) {
		for _, s := range seconds {
			list = append(list, now.Add(time.Duration(s*1e9)))
		}
		return list
	}
	for _, c := range []struct {
		name        string
		times       []time.Time
		rate, burst int64
		want        int
	}{
		{"nothing", nil, 1_000_000, 1, -1},
		{"burst", at(0, 0, 0), 1_000_000, 3, -1},
		{"one more than the burst", at(0, 0, 0, 0), 1_000_000, 3, 3},
		{"as earned", at(0, 1, 2, 3), 1_000_000, 1, -1},
		{"a millisecond early", at(0, 1, 1.999), 1_000_000, 1, 2},
		{"rest earns no more than the burst", at(0, 1000, 1000, 1000), 1_000_000, 2, 3},
		{"slow", at(0, 0, 178.571428572), 5_600, 2, -1},
		{"slow, too early", at(0, 0, 178.571428), 5_600, 2, 2},
	} {
		if got := overspent(c.times, c.rate, c.burst); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
