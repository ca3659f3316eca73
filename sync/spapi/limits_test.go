package spapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// fileLimits is a LimitStore that really survives: one JSON file per limit.
type fileLimits struct {
	mu  sync.Mutex
	dir string
}

func (f *fileLimits) Update(_ context.Context, connection string, op spapi.Op, change func(spapi.Bucket) spapi.Bucket) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := filepath.Join(f.dir, connection+"."+string(op))
	var b spapi.Bucket
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, &b)
	} else if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	if text, err = json.Marshal(change(b)); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o600)
}

// slack is the earned time that is kept back for a line that is now slower, now
// quicker: the last call of a burst waits that long, once.
const slack = time.Second

func TestBudgetSurvivesRestart(t *testing.T) {
	a := newAmazon(t, noParticipations) // 0.016/s, burst 15
	store := &fileLimits{dir: t.TempDir()}
	interval := (spapi.Limit{Rate: 16_000, Burst: 15}).Interval()
	day := newClock()
	for i := range 17 { // each call by a new process
		before := len(day.waits())
		r := newRig(t, a.server.URL, func(c *spapi.Config) {
			c.Limits, c.Now, c.Sleep = store, day.Now, day.Sleep
		})
		if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
			t.Fatal(err)
		}
		var want []time.Duration
		switch {
		case i == 14:
			want = []time.Duration{slack}
		case i > 14:
			want = []time.Duration{interval}
		}
		if got := day.waits()[before:]; !slices.Equal(got, want) {
			t.Fatalf("call %d waited %v, want %v", i+1, got, want)
		}
	}
}

func TestDebitIsStoredBeforeTheCall(t *testing.T) {
	store := &spapi.MemoryLimits{}
	var seen []int64
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		_ = store.Update(t.Context(), "conn-1", spapi.OpParticipations, func(b spapi.Bucket) spapi.Bucket {
			seen = append(seen, b.Credit)
			return b
		})
		noParticipations(w, r)
	})
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.Limits = store })
	for range 2 {
		if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cost := int64((spapi.Limit{Rate: 16_000, Burst: 15}).Interval())
	if want := []int64{14 * cost, 13 * cost}; !slices.Equal(seen, want) {
		t.Fatalf("while the calls ran the store held %v, want %v", seen, want)
	}
}

func TestNoCallWhenTheDebitCannotBeStored(t *testing.T) {
	a := newAmazon(t, noParticipations)
	full := errors.New("disk full")
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.Limits = failingLimits{full} })
	if _, err := r.MarketplaceParticipations(t.Context()); !errors.Is(err, full) {
		t.Fatalf("got %v, want the store's error", err)
	}
	if len(a.requests()) != 0 {
		t.Fatal("called without a stored debit")
	}
}

type failingLimits struct{ err error }

func (f failingLimits) Update(context.Context, string, spapi.Op, func(spapi.Bucket) spapi.Bucket) error {
	return f.err
}

func TestPacedCallsReportTheNextCall(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 202, `{"reportId":"1"}`) })
	var until []time.Time
	r := newRig(t, a.server.URL, func(c *spapi.Config) {
		c.OnWait = func(op spapi.Op, at time.Time) {
			if op != spapi.OpCreateReport {
				t.Errorf("waits for %s", op)
			}
			until = append(until, at)
		}
	})
	start := r.clock.Now()
	for range 25 { // 24 months of all-orders reports and one
		if _, err := r.CreateReport(t.Context(), spapi.ReportRequest{Type: "GET_X", MarketplaceIDs: []string{"A"}}); err != nil {
			t.Fatal(err)
		}
	}
	interval := (spapi.Limit{Rate: 16_700, Burst: 15}).Interval()
	if took := r.clock.Now().Sub(start); took != 10*interval+slack {
		t.Fatalf("25 calls took %v, the budget says %v", took, 10*interval+slack)
	}
	if len(until) != 11 || until[10] != start.Add(10*interval+slack) {
		t.Fatalf("told %d waits, the last until %v", len(until), until)
	}
}

// Pitfall 2: 429 comes without headers, even for the first call of a day.
func TestPitfall2_ThrottledWhateverTheHeaders(t *testing.T) {
	headers := map[string]http.Header{
		"none":        {},
		"lies":        {"X-Amzn-Ratelimit-Limit": {"1000"}, "Retry-After": {"0"}},
		"not numbers": {"X-Amzn-Ratelimit-Limit": {"string"}, "Retry-After": {"soon"}},
	}
	for name, h := range headers {
		t.Run(name, func(t *testing.T) {
			left := 3
			a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
				if left--; left >= 0 {
					for k, v := range h {
						w.Header()[k] = v
					}
					w.WriteHeader(429)
					return
				}
				reply(w, 200, `{"reportId":"1","processingStatus":"DONE","reportType":"X","createdTime":"2026-01-01T00:00:00Z"}`)
			})
			r := newRig(t, a.server.URL)
			if _, err := r.GetReport(t.Context(), "1"); err != nil {
				t.Fatal(err)
			}
			want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}
			if got := r.clock.waits(); !slices.Equal(got, want) {
				t.Fatalf("waited %v, want %v", got, want)
			}
		})
	}
}

func TestThrottledForeverEnds(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) })
	store := &spapi.MemoryLimits{}
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.Limits = store; c.Random = func() uint64 { return ^uint64(0) >> 1 } })
	_, err := r.GetReport(t.Context(), "1")
	if !errors.Is(err, spapi.ErrThrottled) || !spapi.Temporary(err) {
		t.Fatalf("got %v, want throttled", err)
	}
	if n := len(a.requests()); n != 8 {
		t.Fatalf("asked %d times, want 8", n)
	}
	// A new process goes on waiting where the old one was refused.
	again := newRig(t, a.server.URL, func(c *spapi.Config) { c.Limits = store; c.Now, c.Sleep = r.clock.Now, r.clock.Sleep })
	before := len(r.clock.waits())
	_, _ = again.GetReport(t.Context(), "1")
	waits := r.clock.waits()
	if waits[before] < time.Minute || slices.Max(waits) > 15*time.Minute {
		t.Fatalf("after a restart it waits %v, of all %v", waits[before], waits)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) })
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, a.server.URL, func(c *spapi.Config) {
		c.Sleep = nil // a real timer, which must not be waited for
		c.OnWait = func(spapi.Op, time.Time) { cancel() }
	})
	if _, err := r.GetReport(ctx, "1"); !errors.Is(err, context.Canceled) || spapi.ClassOf(err) != nil {
		t.Fatalf("got %v, want cancelled", err)
	}
}

func TestRateHeaderCorrectsThePace(t *testing.T) {
	tests := []struct {
		header string
		wait   time.Duration // of the call after the burst of 2
	}{
		{"", 500 * time.Millisecond}, {"string", 500 * time.Millisecond}, {"0.00001", 500 * time.Millisecond},
		{"4.0", 250 * time.Millisecond}, {"0.5", 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.header != "" {
					w.Header().Set("x-amzn-RateLimit-Limit", tt.header)
				}
				reply(w, 200, `{"payload":{"granularity":{},"inventorySummaries":[]}}`)
			})
			r := newRig(t, a.server.URL)
			for range 3 {
				if _, err := r.InventorySummaries(t.Context(), spapi.InventoryQuery{MarketplaceID: "A"}); err != nil {
					t.Fatal(err)
				}
			}
			want := []time.Duration{min(slack, tt.wait/2), tt.wait}
			if got := r.clock.waits(); !slices.Equal(got, want) {
				t.Fatalf("waited %v, want %v", got, want)
			}
		})
	}
}

func TestManyCallersShareOneBudget(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, fmt.Sprintf(`{"order":{"orderId":%q}}`, r.URL.Path))
	})
	r := newRig(t, a.server.URL) // getOrder 0.5/s, burst 30
	start := r.clock.Now()
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() { _, errs[i] = r.GetOrder(t.Context(), fmt.Sprint(i)) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if took := r.clock.Now().Sub(start); took != 20*time.Second+slack {
		t.Fatalf("40 calls took %v, the budget says 20s and the slack", took)
	}
}

func TestScaledTestBook(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 202, `{"reportId":"1"}`) })
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.RateScale = 1000 })
	for range 16 {
		if _, err := r.CreateReport(t.Context(), spapi.ReportRequest{Type: "GET_X", MarketplaceIDs: []string{"A"}}); err != nil {
			t.Fatal(err)
		}
	}
	want := (spapi.Limit{Rate: 16_700_000, Burst: 15}).Interval()
	if got := r.clock.waits(); !slices.Equal(got, []time.Duration{want / 2, want}) {
		t.Fatalf("waited %v, want %v", got, want)
	}
}

// Calls that leave as soon as they may, over a line that delays each by up to
// the slack, never come earlier than Amazon allows.
func TestJitterOfTheLine(t *testing.T) {
	clock := newClock()
	delay := []time.Duration{240, 0, 60, 5, 249, 1, 0, 180} // the first opens the line
	var mu sync.Mutex
	var arrived []time.Time
	n := 0
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		arrived = append(arrived, clock.Now().Add(delay[n%len(delay)]*time.Millisecond))
		n++
		reply(w, 200, `{"payload":{"granularity":{},"inventorySummaries":[]}}`)
	})
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.Now, c.Sleep = clock.Now, clock.Sleep })
	for range 40 {
		if _, err := r.InventorySummaries(t.Context(), spapi.InventoryQuery{MarketplaceID: "A"}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 2; i < len(arrived); i++ { // 2/s, burst 2: of n calls in a row the first two are free
		for j := range i - 1 {
			if least := time.Duration(i-j-1) * 500 * time.Millisecond; arrived[i].Sub(arrived[j]) < least {
				t.Fatalf("calls %d to %d came within %v, Amazon allows it in %v", j+1, i+1, arrived[i].Sub(arrived[j]), least)
			}
		}
	}
}
