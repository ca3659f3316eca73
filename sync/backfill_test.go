package appsync

import (
	"slices"
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// What is asked for after the past: empty months once more, and the regions of the
// last days, also while a month stays open, and whatever the clock did.
func TestBackfillNext(t *testing.T) {
	const day = 24 * time.Hour
	ago := func(d time.Duration) time.Time { return planNow.Add(-d) }
	open := allOrders{From: ago(100 * day), To: ago(70 * day), Tries: 3}
	empty := func(at time.Time) allOrders {
		return allOrders{From: ago(70 * day), To: ago(40 * day), Report: "r", Tries: 1, Done: true, Empty: at}
	}
	asked := func(at time.Time) allOrders {
		w := empty(at)
		w.Done, w.Report = false, ""
		return w
	}
	read := allOrders{From: ago(40 * day), To: ago(10 * day), Report: "r", Tries: 1, Done: true, Regions: true}
	for _, c := range []struct {
		name    string
		b       backfill
		more    bool
		windows []allOrders   // left as they are, or asked for again
		regions time.Duration // how far back the new windows for regions go; 0: there are none
	}{
		{"nothing to do", backfill{Began: ago(day), Done: true, Windows: []allOrders{empty(ago(time.Minute))}}, false, []allOrders{empty(ago(time.Minute))}, 0},
		{"empty an hour ago", backfill{Began: ago(day), Done: true, Windows: []allOrders{empty(ago(time.Hour))}}, true, []allOrders{asked(ago(time.Hour))}, 0},
		{"empty, and another month stays open", backfill{Began: ago(day), Windows: []allOrders{open, empty(ago(2 * time.Hour))}}, true,
			[]allOrders{open, asked(ago(2 * time.Hour))}, 0},
		{"being asked for again", backfill{Began: ago(day), Windows: []allOrders{{Report: "second", Empty: ago(day)}}}, true,
			[]allOrders{{Report: "second", Empty: ago(day)}}, 0},
		{"empty in the future", backfill{Began: ago(day), Done: true, Windows: []allOrders{empty(ago(-day))}}, true, []allOrders{asked(ago(-day))}, 0},
		{"a week later", backfill{Began: ago(7 * day), Done: true}, true, nil, 21 * day},
		{"a week later, and a month stays open", backfill{Began: ago(30 * day), Regions: ago(8 * day), Windows: []allOrders{open, read}}, true, []allOrders{open}, 22 * day},
		{"a book not opened for three years", backfill{Began: ago(1100 * day), Done: true}, true, nil, DefaultLookBack},
		{"regions of the future", backfill{Began: ago(9 * day), Regions: ago(-300 * day), Done: true}, true, nil, 23 * day},
	} {
		t.Run(c.name, func(t *testing.T) {
			if more := c.b.next(planNow); more != c.more || c.b.Done == c.more {
				t.Errorf("there is more: %t, done: %t", more, c.b.Done)
			}
			var regions []allOrders
			for _, w := range c.b.Windows {
				if w.Regions {
					regions = append(regions, w)
				}
			}
			if left := c.b.Windows[:len(c.b.Windows)-len(regions)]; !slices.Equal(left, c.windows) {
				t.Errorf("windows %+v, want %+v", left, c.windows)
			}
			if c.regions == 0 {
				if len(regions) > 0 {
					t.Errorf("regions are asked for: %+v", regions)
				}
				return
			}
			if n := len(regions); n == 0 || !regions[n-1].From.Equal(ago(c.regions)) || !regions[0].To.Equal(settled(planNow)) {
				t.Errorf("regions %+v, want those of the last %v", regions, c.regions)
			}
			if c.b.next(planNow); len(c.b.Windows) != len(c.windows)+len(regions) {
				t.Error("they are asked for twice")
			}
		})
	}
}

// Those that need the past wait for it; once it is in, they do not wait for what
// is asked about it later.
func TestLaterOrderReportsHoldUpNobody(t *testing.T) {
	for _, c := range []struct {
		name  string
		fresh time.Time
		waits bool
	}{
		{"the past is not in", time.Time{}, true},
		{"the past is in", planNow.Add(-8 * 24 * time.Hour), false},
	} {
		for _, r := range []Resource{recipients{}, traffic{}} {
			t.Run(c.name+", "+r.Name(), func(t *testing.T) {
				a := &account{conn: store.Connection{State: store.StateActive}}
				past, s := &source{res: orderReports{}, account: a, fresh: c.fresh, running: true}, &source{res: r, account: a}
				a.sources = []*source{past, s}
				if s.may(planNow, false, false) == c.waits {
					t.Errorf("it waits in a long run: %t", !c.waits)
				}
				if s.may(planNow, false, true) {
					t.Error("a single run ends with what it would bring still missing")
				}
				f := planFacts(orderReports{}, r)
				f.known.states[sourceKey{"na", nameOrderReports}] = store.SyncState{
					OK: c.fresh, Bookmark: `{"began":"2026-01-01T00:00:00Z","windows":[{"from":"2025-12-01T00:00:00Z","to":"2025-12-31T00:00:00Z"}]}`,
				}
				f.known.states[sourceKey{"na", r.Name()}] = store.SyncState{OK: planNow.Add(-time.Hour)}
				l, _ := spapi.LimitOf(spapi.OpCreateReport)
				f.buckets[limitKey{"na", spapi.OpCreateReport}] = spapi.Bucket{}.Throttled(l, planNow, 10*time.Minute)
				if why := step(t, makePlan(f), r.Name()).Why; (why == WhyBehind) != c.waits {
					t.Errorf("by the plan it is %s", why)
				}
			})
		}
	}
}
