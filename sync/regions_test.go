package appsync_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// searchOrders does not tell where orders of Amazon's stock go: a week after the
// first sync the report of the last days does, one report a week; nothing else is
// taken from it, and of the address nothing but codes.
func TestRegionsOfLaterOrders(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 12, Orders: 400, Days: 90})
		b := newBook(t, s)
		first := -10 * 24 * time.Hour // what was bought since then comes by searchOrders
		syncNA(t, b, s, resources("participations", "order-reports", "orders"), func(c *appsync.Config) { c.Now = func() time.Time { return now.Add(first) } })
		later(t, b, s, first+2*time.Hour, "participations", "order-reports") // empty months are confirmed
		unknown := func() int64 {
			return sum(t, b, `SELECT count(*) FROM orders o LEFT JOIN order_region r USING (connection_id, order_id)
				WHERE o.connection_id = 'na' AND coalesce(r.region, '') = ''`)
		}
		missing := unknown()
		if missing < 10 {
			t.Fatalf("the state of only %d orders is not known", missing)
		}
		rows := func() map[string]string {
			return only(fingerprints(t, b), []string{"orders", "order_item", "document", "person", "coverage"})
		}
		before, asks := rows(), len(asked(s, 0, "createReport"))
		for _, at := range []struct {
			after       time.Duration
			asked       int
			least, most int64
		}{{6 * 24 * time.Hour, 0, missing, missing}, {8 * 24 * time.Hour, 1, 1, missing - 5}, {9 * 24 * time.Hour, 1, 1, missing - 5}, {16 * 24 * time.Hour, 2, 0, 0}} {
			later(t, b, s, first+at.after, "participations", "order-reports")
			if n := len(asked(s, 0, "createReport")) - asks; n != at.asked {
				t.Errorf("after %v %d more reports were asked for, want %d", at.after, n, at.asked)
			}
			if n := unknown(); n < at.least || n > at.most {
				t.Errorf("after %v the state of %d orders is not known, want %d to %d", at.after, n, at.least, at.most)
			}
			wantSame(t, "regions", rows(), before)
		}
		if n := sum(t, b, `SELECT count(*) FROM order_region WHERE length(country) <> 2 OR length(region) NOT IN (0, 2)`); n > 0 {
			t.Errorf("%d rows hold more than codes", n)
		}
	})
}

// A report that only tells where orders go is not worth a failed run, nor another
// request every hour: the next week's holds these days once more.
func TestRegionsThatAmazonFailsToMake(t *testing.T) {
	for _, tc := range []struct {
		fault spapifake.Fault
		asked int
	}{
		{spapifake.Fault{Operation: "getReport", Kind: spapifake.ReportFatal, Times: -1}, 3},
		{spapifake.Fault{Operation: "getReport", Kind: spapifake.ReportCancels, Times: -1}, 1},
		{spapifake.Fault{Operation: "downloadDocument", Kind: spapifake.ErrorSentence, Times: -1}, 1},
	} {
		t.Run(string(tc.fault.Kind), func(t *testing.T) {
			s := seller(t, spapifake.Config{Seed: 12, Orders: 120, Days: 30})
			b := newBook(t, s)
			const day = 24 * time.Hour
			later(t, b, s, -14*day, "participations", "order-reports")
			later(t, b, s, -14*day+2*time.Hour, "participations", "order-reports") // empty months are confirmed
			later(t, b, s, -day, "participations", "orders")
			week := func(after time.Duration, asks int) {
				t.Helper()
				before := len(asked(s, 0, "createReport"))
				later(t, b, s, after, "participations", "order-reports")
				if n := len(asked(s, 0, "createReport")) - before; n != asks {
					t.Errorf("at %v %d reports were asked for, want %d", after, n, asks)
				}
			}
			const known = `SELECT count(*) FROM order_region r WHERE r.region <> ''`
			before := sum(t, b, known)
			s.Inject(tc.fault)
			week(-6*day, tc.asked)
			week(-6*day+2*time.Hour, 0)
			if n := sum(t, b, known); n != before {
				t.Errorf("the state of %d orders is known, of %d before", n, before)
			}
			s.ClearFaults()
			week(2*day, 1)
			if n := sum(t, b, known); n <= before {
				t.Errorf("a week later the state of %d orders is known, of %d before", n, before)
			}
		})
	}
}

// While Amazon makes the report of a later week, the addresses of orders to ship
// come as ever: also when the program was started anew.
func TestRegionsHoldUpNobody(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 3, Orders: 60, Days: 60, SKUs: 6, ReportTime: 20 * time.Minute}, dir)
		defer v.close(t)
		v.cfg.Only = []string{"na"}
		resources("participations", "order-reports", "orders", "recipients")(&v.cfg)
		v.syncAll(t)
		if err := v.book.Close(); err != nil {
			t.Fatal(err)
		}
		v.open(t)
		v.shift.Add(int64(8 * 24 * time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var mu sync.Mutex
		var ended []string
		v.cfg.Report = func(e appsync.Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Phase == appsync.Done {
				ended = append(ended, e.Resource)
			}
			if e.Phase == appsync.Done && e.Resource == "order-reports" {
				cancel()
			}
		}
		if err := appsync.New(v.cfg).Serve(ctx, func(appsync.Result) {}); ctx.Err() == nil {
			t.Fatal(err)
		}
		if i := slices.Index(ended, "recipients"); i < 0 || i > slices.Index(ended, "order-reports") {
			t.Errorf("they ended in the order %v", ended)
		}
	})
}
