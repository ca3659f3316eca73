package appsync_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// A first sync and a day after it, under a virtual clock and Amazon's own
// limits. `make bench` runs the large one.
func TestSimulation(t *testing.T) {
	if testing.Short() {
		t.Skip("its parts run under the race detector elsewhere")
	}
	simulate(t, spapifake.Config{Seed: 3, Orders: 500, Days: 730, SKUs: 40, ReportTime: 45 * time.Second})
}

func TestSimulationLarge(t *testing.T) {
	if os.Getenv("COUNTINGHOUSE_BENCH") == "" {
		t.Skip("make bench runs it")
	}
	simulate(t, large())
}

// large is a seller of 100,000 orders and 5,000 SKUs in three marketplaces;
// COUNTINGHOUSE_BENCH=N makes it one of N orders.
func large() spapifake.Config {
	orders, err := strconv.Atoi(os.Getenv("COUNTINGHOUSE_BENCH"))
	if err != nil || orders < 1000 {
		orders = 100_000
	}
	return spapifake.Config{Seed: 4, Orders: orders, Days: simulatedDays, SKUs: max(20, orders/60), ReportTime: 3 * time.Minute}
}

const simulatedDays = 730

// A quiet seller waits no longer than Amazon's limits make him: the months in which
// he sold nothing, which Amazon cancels, do not hold up the first sync.
func TestSimulationQuiet(t *testing.T) {
	for _, orders := range []int{1, 60} {
		t.Run(strconv.Itoa(orders), func(t *testing.T) {
			warmUp(t)
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				v := newVirtual(t, spapifake.Config{Seed: 3, Orders: orders, Days: simulatedDays, SKUs: 5, ReportTime: 15 * time.Second}, dir)
				defer v.close(t)
				defer v.serve(t, orders, new(runs))()
				if n := v.seller.Violations(); n > 0 {
					t.Errorf("%d calls were refused", n)
				}
			})
		})
	}
}

// serve begins a first sync, waits until the route is in, and compares its time
// with the least. What it returns stops the engine.
func (v *virtual) serve(t *testing.T, orders int, w *runs) (stop func()) {
	t.Helper()
	v.cfg.LookBack = simulatedDays * 24 * time.Hour
	v.cfg.Report = w.report
	e := appsync.New(v.cfg)
	ctx, cancel := context.WithCancel(t.Context())
	var served sync.WaitGroup
	served.Go(func() {
		err := e.Serve(ctx, func(r appsync.Result) {
			for _, f := range r.Failures {
				t.Errorf("%v %s %s: %v", v.now(), f.Connection, f.Resource, f.Err)
			}
		})
		if ctx.Err() == nil {
			t.Error(err)
		}
	})
	began := v.now()
	v.waitFor(t, 2*time.Hour, func() bool { return len(w.missing(route)) == 0 })
	took, least := v.now().Sub(began), v.leastTime(t)
	t.Logf("first sync of %d orders: %v, %d calls; the least that Amazon's limits allow is %v: %.3f times",
		orders, took.Round(time.Second), len(v.seller.Requests()), least.Round(time.Second), float64(took)/float64(least))
	if took*10 > least*11 {
		t.Errorf("the first sync took %v, more than 1.1 times %v", took, least)
	}
	if n := sum(t, v.book, `SELECT count(*) FROM orders`); n < max(1, int64(orders)*99/100) {
		t.Errorf("%d orders of %d", n, orders)
	}
	return func() {
		cancel()
		served.Wait()
	}
}

func simulate(t *testing.T, cfg spapifake.Config) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, cfg, dir)
		defer v.close(t)
		var w runs
		began, all := v.now(), names()
		stop := v.serve(t, cfg.Orders, &w)
		checkLimits(t, v.seller)

		// What is not the route (prices, fees) takes Amazon longer: a steady day
		// begins when all of it was in once.
		v.waitFor(t, 48*time.Hour, func() bool { return len(w.missing(all)) == 0 })
		t.Logf("every source was in once after %v", v.now().Sub(began).Round(time.Second))
		time.Sleep(time.Hour)
		v.day(t, &w)
		t.Logf("a steady day after it: %d calls in all", len(v.seller.Requests()))
		checkLimits(t, v.seller)
		if n := v.seller.Violations(); n > 0 {
			t.Errorf("%d calls were refused", n)
		}
		stop()
	})
}

// route are the sources that a seller waits for at first.
var route = []string{"participations", "order-reports", "orders", "inventory", "finances", "settlement", "listings", "recipients"}

func names() (list []string) {
	for _, r := range appsync.All() {
		list = append(list, r.Name())
	}
	return list
}

// day simulates a steady day: orders come at random times, each shows within
// eight minutes, every source is asked within twice its period, and less than
// 70 % of each limit is used.
func (v *virtual) day(t *testing.T, w *runs) {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	from := v.now()
	for v.now().Sub(from) < 24*time.Hour {
		time.Sleep(time.Duration(random.Int64N(int64(time.Hour))))
		region := spapifake.Connections()[random.IntN(3)]
		placed := v.now()
		id := v.seller.Place(region, placed)
		shown := func() bool {
			return sum(t, v.book, `SELECT count(*) FROM orders WHERE connection_id = ? AND order_id = ?`, strings.ToLower(region), id) == 1
		}
		for end := placed.Add(10 * time.Minute); !shown() && v.now().Before(end); {
			time.Sleep(time.Second)
		}
		if !shown() {
			t.Fatalf("order %s of %s, placed %v, does not show at %v: %s", id, region, placed, v.now(), w.about(strings.ToLower(region)+" orders"))
		}
		if took := v.now().Sub(placed); took > 8*time.Minute {
			t.Errorf("an order of %s showed after %v", region, took)
		}
	}
	checkShare(t, v.seller, from, v.now(), 70)
	for _, r := range appsync.All() {
		period := appsync.Interval
		if p, ok := r.(appsync.Periodic); ok {
			period = max(period, p.Every())
		}
		for _, region := range spapifake.Connections() {
			if gap := w.longestGap(strings.ToLower(region), r.Name(), from, v.now()); gap > 2*period {
				t.Errorf("%s %s was not asked for %v, its period is %v", region, r.Name(), gap, period)
			}
		}
	}
}

// waitFor lets time pass until something is so.
func (v *virtual) waitFor(t *testing.T, most time.Duration, so func() bool) {
	t.Helper()
	for end := v.now().Add(most); !so(); time.Sleep(time.Second) {
		if v.now().After(end) {
			t.Fatalf("not within %v", most)
		}
	}
}

// leastTime is the theoretical minimum of the report route, the largest over
// the connections and operations of
//
//	(calls that the data need - burst) / rate
//
// because a bucket that is full at first lets burst calls through at once and
// one more every 1/rate. The calls that the data need, by connection:
//
//   - createReport: one per 30 days of history;
//   - getReportDocument: one per such report that has orders, and one per
//     settlement of the last 89 days;
//   - listTransactions: per 7 days of history at least one page of 500;
//   - getInventorySummaries: one per 50 SKUs;
//   - searchListingsItems: one per 20 SKUs.
//
// searchOrders and getReports need fewer calls than their bursts. The time that
// Amazon takes to make the reports, and that of the calls themselves, is left
// out: both make the real minimum longer.
func (v *virtual) leastTime(t *testing.T) time.Duration {
	const day = 24 * time.Hour
	windows := (simulatedDays*day + 30*day - 1) / (30 * day)
	var least time.Duration
	for _, region := range spapifake.Connections() {
		full := sum(t, v.book, `SELECT count(DISTINCT (? - purchased_at) / ?) FROM orders WHERE connection_id = ?`,
			now.UnixMilli(), (30 * day).Milliseconds(), strings.ToLower(region))
		settlements, pages := v.seller.ReportRoute(region, now.Add(-simulatedDays*day), 7*day, 500, 89*day)
		skus := len(v.seller.Stock(region))
		for op, calls := range map[string]int{
			"createReport":          int(windows),
			"getReportDocument":     int(full) + settlements,
			"listTransactions":      pages,
			"getInventorySummaries": skus / 50,
			"searchListingsItems":   skus / 20,
		} {
			limit := documented[op]
			if over := int64(calls) - limit[1]; over > 0 {
				least = max(least, time.Duration(over)*time.Second*1_000_000/time.Duration(limit[0]))
			}
		}
	}
	return least
}

// runs follows when each source ended its runs.
type runs struct {
	mu   sync.Mutex
	good map[string][]time.Time // connection and resource
	last map[string]appsync.Event
}

func (w *runs) report(e appsync.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.good == nil {
		w.good, w.last = map[string][]time.Time{}, map[string]appsync.Event{}
	}
	w.last[e.Connection+" "+e.Resource] = e
	if e.Phase == appsync.Done {
		k := e.Connection + " " + e.Resource
		w.good[k] = append(w.good[k], e.At)
	}
}

// missing lists which of some sources have not ended well anywhere yet.
func (w *runs) missing(resources []string) (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, region := range spapifake.Connections() {
		for _, name := range resources {
			if k := strings.ToLower(region) + " " + name; len(w.good[k]) == 0 {
				list = append(list, k)
			}
		}
	}
	return list
}

// longestGap is the longest time between two good runs of a source, and from
// the last one to the end.
func (w *runs) longestGap(connection, resource string, from, to time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var gap time.Duration
	last := from
	for _, at := range w.good[connection+" "+resource] {
		if at.After(from) {
			gap, last = max(gap, at.Sub(last)), at
		}
	}
	return max(gap, to.Sub(last))
}

// about tells the last that a source did.
func (w *runs) about(source string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	times := w.good[source]
	return fmt.Sprintf("last %+v, good runs ended at %v", w.last[source], times[max(0, len(times)-5):])
}

// count is how many good runs a source had.
func (w *runs) count(source string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.good[source])
}
