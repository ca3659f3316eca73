package appsync_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// tiny is a seller whose day is cheap to simulate.
var tiny = spapifake.Config{Seed: 6, Orders: 40, Days: 25}

// Serve may go on for ever: after 10,000 rounds of five minutes (`make soak`;
// 200 in go test) there are no more goroutines and no more memory in use than
// after the first rounds.
func TestSoakServe(t *testing.T) {
	rounds := 200
	if os.Getenv("COUNTINGHOUSE_SOAK") != "" {
		rounds = 10_000
	}
	warmUp(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, tiny, dir)
		defer v.close(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		type use struct {
			goroutines int
			bytes      uint64
			objects    uint64
		}
		measure := func() use {
			v.seller.ForgetRequests()
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return use{runtime.NumGoroutine(), m.HeapAlloc, m.HeapObjects}
		}
		var first, last use
		n := 0
		err := appsync.New(v.cfg).Serve(ctx, func(r appsync.Result) {
			for _, f := range r.Failures {
				t.Errorf("round %d: %s %s: %v", n, f.Connection, f.Resource, f.Err)
			}
			switch n++; n {
			case 50:
				first = measure()
			case rounds:
				last = measure()
				cancel()
			}
			if n%500 == 0 {
				v.seller.ForgetRequests()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		t.Logf("after 50 rounds %d goroutines, %d KB in %d objects; after %d rounds %d goroutines, %d KB in %d objects",
			first.goroutines, first.bytes>>10, first.objects, rounds, last.goroutines, last.bytes>>10, last.objects)
		if last.goroutines > first.goroutines {
			t.Errorf("%d goroutines became %d", first.goroutines, last.goroutines)
		}
		// The cache of decrypted pages grows with the list of calls, up to 64 MiB
		// and no further, in large pieces; the number of objects tells what leaks.
		cache := min(uint64(rounds)*64<<10, 64<<20)
		if last.bytes > first.bytes+cache+4<<20 {
			t.Errorf("%d bytes in use became %d", first.bytes, last.bytes)
		}
		if last.objects > first.objects+first.objects/10+1000 {
			t.Errorf("%d objects became %d", first.objects, last.objects)
		}
	})
}

// A sync stops at once wherever it is: nothing is asked of Amazon after it, no
// time passes, and the next run goes on.
func TestStopsAnywhere(t *testing.T) {
	warmUp(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, tiny, dir)
		defer v.close(t)
		random := rand.New(rand.NewPCG(7, 8))
		whole := 0 // runs that ended before they were stopped
		for i := range 60 {
			ctx, cancel := context.WithCancel(t.Context())
			var at atomic.Int64 // when it was stopped, by the bubble's clock
			began := time.Now()
			stop := func() {
				if at.CompareAndSwap(0, int64(time.Since(began))+1) {
					cancel()
				}
			}
			cfg := v.cfg
			cfg.Everything = true
			left := int64(random.IntN(120))
			if i%2 == 0 { // in the middle of a step
				var n atomic.Int64
				cfg.Report = func(appsync.Event) {
					if n.Add(1) > left {
						stop()
					}
				}
			} else { // while it waits
				time.AfterFunc(time.Duration(random.Int64N(int64(20*time.Minute))), stop)
			}
			_, err := appsync.New(cfg).Once(ctx)
			ended := time.Since(began)
			if err == nil {
				whole++
			} else if !errors.Is(err, context.Canceled) {
				t.Errorf("run %d: %v", i, err)
			}
			stopped := time.Duration(at.Load())
			if err != nil && ended-stopped > 2*time.Second {
				t.Errorf("run %d went on for %v after it was stopped", i, ended-stopped)
			}
			if err != nil {
				for _, r := range v.seller.Requests() {
					if r.At.After(v.now().Add(stopped - ended)) {
						t.Errorf("run %d asked for %s after it was stopped", i, r.Operation)
					}
				}
			}
			cancel()
		}
		if whole == 60 {
			t.Error("no run was stopped")
		}
		r, err := appsync.New(v.cfg).Once(t.Context())
		if err != nil || len(r.Failures) > 0 {
			t.Errorf("the run after them: %v %v", err, r.Failures)
		}
		if n := sum(t, v.book, `SELECT count(*) FROM orders`); n < int64(tiny.Orders) {
			t.Errorf("%d orders of %d", n, tiny.Orders)
		}
		if n := sum(t, v.book, `SELECT count(*) FROM sync_run WHERE result = 'running'`); n != 0 {
			t.Errorf("%d runs never ended", n)
		}
	})
}

// A laptop that sleeps for a day, and a clock that is set back by hours: what
// was missed comes within minutes, and no limit is exceeded.
func TestClockJumps(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, tiny, dir)
		defer v.close(t)
		var w runs
		v.cfg.Report = w.report
		ctx, cancel := context.WithCancel(t.Context())
		var served sync.WaitGroup
		served.Go(func() {
			_ = appsync.New(v.cfg).Serve(ctx, func(r appsync.Result) {
				for _, f := range r.Failures {
					t.Errorf("%s %s: %v", f.Connection, f.Resource, f.Err)
				}
			})
		})
		v.waitFor(t, 2*time.Hour, func() bool { return len(w.missing(route)) == 0 })
		shows := func(what, region string) {
			t.Helper()
			id := v.seller.Place(region, v.now())
			began := v.now()
			v.waitFor(t, 20*time.Minute, func() bool {
				return sum(t, v.book, `SELECT count(*) FROM orders WHERE connection_id = ? AND order_id = ?`, strings.ToLower(region), id) == 1
			})
			if took := v.now().Sub(began); took > 8*time.Minute {
				t.Errorf("%s: an order showed after %v", what, took)
			}
		}
		time.Sleep(2 * time.Minute)
		v.shift.Add(int64(24 * time.Hour)) // the lid was closed: timers stood still
		shows("after a day's sleep", "NA")
		time.Sleep(17 * time.Minute)
		v.wrong.Store(int64(-3 * time.Hour))
		shows("the clock set back by three hours", "EU")
		time.Sleep(17 * time.Minute)
		v.wrong.Store(0)
		shows("the clock set right again", "FE")
		cancel()
		served.Wait()
		if n := v.seller.Violations(); n > 0 {
			t.Errorf("%d calls were refused", n)
		}
	})
}
