package spapi_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"countinghouse/sync/spapi"
)

var t0 = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestIntervalIsNeverShorterThanAllowed(t *testing.T) {
	tests := map[int64]time.Duration{
		5_600: 178571428572, 16_700: 59880239521, 22_200: 45045045046,
		500_000: 2 * time.Second, 5_000_000: 200 * time.Millisecond, 3_000_000: 333333334,
	}
	for rate, want := range tests {
		if got := (spapi.Limit{Rate: rate, Burst: 1}).Interval(); got != want {
			t.Errorf("rate %d: %d ns, want %d", rate, got, want)
		}
	}
}

// drain takes calls until one has to wait.
func drain(b spapi.Bucket, l spapi.Limit, now time.Time) (_ spapi.Bucket, calls int, wait time.Duration) {
	for {
		if b, wait = b.Take(l, now); wait > 0 {
			return b, calls, wait
		}
		calls++
	}
}

func TestBucketSteps(t *testing.T) {
	l := spapi.Limit{Rate: 100_000, Burst: 3} // one call per 10 s
	type step struct {
		at    time.Duration // after t0
		calls int
		wait  time.Duration
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"never seen starts full", []step{{0, 3, 10 * time.Second}}},
		{"refills at the rate", []step{{0, 3, 10 * time.Second}, {25 * time.Second, 2, 5 * time.Second}}},
		{"never above burst", []step{{0, 3, 10 * time.Second}, {time.Hour, 3, 10 * time.Second}}},
		{"set back earns nothing", []step{{0, 3, 10 * time.Second}, {-time.Hour, 0, 10 * time.Second}}},
		{"back and forth earns nothing", []step{{0, 3, 10 * time.Second}, {-time.Hour, 0, 10 * time.Second}, {0, 0, 10 * time.Second}}},
		{"time that passes after being set back counts", []step{{0, 3, 10 * time.Second}, {-time.Hour, 0, 10 * time.Second}, {-time.Hour + 10*time.Second, 1, 10 * time.Second}}},
		{"what was earned after being set back is not earned again", []step{{0, 3, 10 * time.Second}, {-time.Hour, 0, 10 * time.Second}, {-time.Hour + 10*time.Second, 1, 10 * time.Second}, {10 * time.Second, 0, 10 * time.Second}, {20 * time.Second, 1, 10 * time.Second}}},
		{"a year ahead and back goes on", []step{{365 * 24 * time.Hour, 3, 10 * time.Second}, {0, 0, 10 * time.Second}, {10 * time.Second, 1, 10 * time.Second}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b spapi.Bucket
			for i, s := range tt.steps {
				var calls int
				var wait time.Duration
				b, calls, wait = drain(b, l, t0.Add(s.at))
				if calls != s.calls || wait != s.wait {
					t.Fatalf("step %d: %d calls then %v, want %d then %v", i, calls, wait, s.calls, s.wait)
				}
			}
		})
	}
}

func TestThrottledBucket(t *testing.T) {
	l := spapi.Limit{Rate: 100_000, Burst: 3}
	var b spapi.Bucket
	b, _ = b.Take(l, t0)
	b = b.Throttled(l, t0, 40*time.Second)
	if _, wait := b.Take(l, t0.Add(10*time.Second)); wait != 30*time.Second {
		t.Fatalf("waits %v after a 429, want 30s", wait)
	}
	if _, calls, _ := drain(b, l, t0.Add(40*time.Second)); calls != 3 {
		t.Fatalf("%d calls 40 s after it was emptied, want what 40 s earn up to burst: 3", calls)
	}
	if _, wait := b.Take(l, t0.Add(-24*time.Hour)); wait > 15*time.Minute {
		t.Fatalf("a clock set back by a day waits %v, want 15 minutes at most", wait)
	}
	if b = b.Throttled(l, t0, 9*time.Hour); b.NotBefore.Sub(t0) != 15*time.Minute || b.Strikes != 2 {
		t.Fatalf("not before %v with %d strikes", b.NotBefore, b.Strikes)
	}
	if b = b.Succeeded(); b.Strikes != 0 || !b.NotBefore.IsZero() {
		t.Fatal("a good answer leaves strikes")
	}
}

func TestRateOfTheHeader(t *testing.T) {
	tests := []struct {
		header string
		micro  int64
		ok     bool
	}{
		{"0.0056", 5600, true}, {"2", 2_000_000, true}, {"5.0", 5_000_000, true}, {" 0.5 ", 500_000, true},
		{"0.0166666666666666", 16666, true},
		{"", 0, false}, {"string", 0, false}, {"NaN", 0, false}, {"Infinity", 0, false}, {"-1", 0, false}, {"0", 0, false},
		{"1e9", 0, false}, {"0x10", 0, false}, {".5", 0, false}, {"99999999999999999999", 0, false}, {"1.2.3", 0, false}, {"٣", 0, false},
	}
	for _, tt := range tests {
		if micro, ok := spapi.ParseRate(tt.header); ok != tt.ok || (ok && micro != tt.micro) {
			t.Errorf("%q: %d %v, want %d %v", tt.header, micro, ok, tt.micro, tt.ok)
		}
	}
}

func TestCorrectedRateKeepsTheCalls(t *testing.T) {
	l := spapi.Limit{Rate: 100_000, Burst: 4}
	for _, rate := range []int64{50_000, 200_000, 5_000, 10_000_000} {
		var b spapi.Bucket
		b, _ = b.Take(l, t0)
		b = b.Corrected(l, rate, t0)
		if b.Rate != rate {
			t.Fatalf("rate %d not taken", rate)
		}
		if _, calls, _ := drain(b, l, t0); calls != 3 {
			t.Errorf("rate %d: %d calls left of 3", rate, calls)
		}
	}
	for _, rate := range []int64{1, 4_999, 10_000_001, 1 << 60} {
		if b := (spapi.Bucket{}).Corrected(l, rate, t0); b.Rate != 0 {
			t.Errorf("believed a rate of %d millionths for %d", rate, l.Rate)
		}
	}
}

// Whatever the pattern of calls and restarts, no window of time sees more
// calls than Amazon's own bucket would have let through.
func TestBucketNeverOverdraws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops := spapi.Operations()
		l := rapid.SampledFrom(ops).Draw(t, "operation").Limit
		var b spapi.Bucket
		now := t0
		var made []time.Time
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(3*l.Interval())).Draw(t, "pause")))
			if rapid.Bool().Draw(t, "restart") {
				b = restart(t, b)
			}
			var wait time.Duration
			if b, wait = b.Take(l, now); wait == 0 {
				made = append(made, now)
			} else if again, w := b.Take(l, now.Add(wait)); w != 0 {
				t.Fatalf("after the wait it was told, it waits again %v (%+v)", w, again)
			}
		}
		for i := range made {
			for j := i; j < len(made); j++ {
				allowed := l.Burst + int64(made[j].Sub(made[i])/l.Interval())
				if n := int64(j - i + 1); n > allowed {
					t.Fatalf("%d calls within %v, allowed %d", n, made[j].Sub(made[i]), allowed)
				}
			}
		}
	})
}

// A clock that jumps about, but never beyond where real time and its own
// first error put it, earns no more than the latest time it ever showed.
func TestJumpingClockEarnsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := spapi.Limit{Rate: 16_700, Burst: 15}
		var b spapi.Bucket
		b, calls, _ := drain(b, l, t0)
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			back := rapid.Int64Range(1, int64(48*time.Hour)).Draw(t, "back")
			var n int
			b, n, _ = drain(b, l, t0.Add(-time.Duration(back)))
			if b.At.Before(t0) { // back again at once
				var m int
				b, m, _ = drain(b, l, t0)
				n += m
			}
			calls += n
		}
		if calls != 15 {
			t.Fatalf("%d calls without time passing, want the first 15 only", calls)
		}
	})
}

func restart(t *rapid.T, b spapi.Bucket) (again spapi.Bucket) {
	text, err := json.Marshal(b)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestBackoff(t *testing.T) {
	const s = time.Second
	tests := []struct {
		attempt   int
		low, high time.Duration
	}{
		{-1, 1 * s, 2 * s}, {0, 1 * s, 2 * s}, {1, 2 * s, 4 * s}, {2, 4 * s, 8 * s}, {8, 256 * s, 512 * s},
		{9, 450 * s, 900 * s}, {31, 450 * s, 900 * s}, {32, 450 * s, 900 * s}, {1 << 40, 450 * s, 900 * s},
	}
	for _, tt := range tests {
		half := uint64(tt.high - tt.low)
		if low := spapi.Backoff(tt.attempt, 2*s, 900*s, 0); low != tt.low {
			t.Errorf("attempt %d: least %v, want %v", tt.attempt, low, tt.low)
		}
		if high := spapi.Backoff(tt.attempt, 2*s, 900*s, half); high != tt.high {
			t.Errorf("attempt %d: most %v, want %v", tt.attempt, high, tt.high)
		}
		if any := spapi.Backoff(tt.attempt, 2*s, 900*s, ^uint64(0)); any < tt.low || any > tt.high {
			t.Errorf("attempt %d: %v is outside", tt.attempt, any)
		}
	}
}
