package appsync_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// A report that Amazon never makes: it is asked for three times in the first run,
// which says so, once in the next, and then at a growing pause; nobody is told
// twice, and what else there is comes in. Once Amazon makes it, all is there.
func TestReportsThatAreNeverMade(t *testing.T) {
	const never, hour = 0, time.Hour
	for _, tc := range []struct {
		resource, rows string
		reports        int      // of a run
		missing        []string // what is told to be missing
	}{
		{"order-reports", `SELECT count(*) FROM orders`, 3, []string{
			"order-reports orders 2026-10-02 2026-11-01", "order-reports orders 2026-09-02 2026-10-02", "order-reports orders 2026-09-02 2026-09-02"}},
		{"ledger", `SELECT count(*) FROM stock_move`, 1, []string{"ledger ledger 2026-09-02 2026-11-01"}},
		{"inventory-planning", `SELECT count(*) FROM stock_advice`, 2, []string{"inventory-planning inventory-planning 0001-01-01 0001-01-01"}},
	} {
		t.Run(tc.resource, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := seller(t, small)
				b := newBook(t, s)
				run := func(at time.Duration) (asks int, said string) {
					before := len(asked(s, 0, "createReport"))
					r := once(t, engineNA(b, s, resources("participations", tc.resource), func(c *appsync.Config) {
						c.LookBack, c.Now = 60*24*hour, func() time.Time { return now.Add(at) }
					}))
					for _, f := range r.Failures {
						said += f.Err.Error()
					}
					return len(asked(s, 0, "createReport")) - before, said
				}
				missing := func() (list []string) {
					all, err := appsync.Missing(t.Context(), b, "na")
					if err != nil {
						t.Error(err)
					}
					for _, m := range all {
						list = append(list, m.Resource+" "+m.Source+" "+m.From.Format(time.DateOnly)+" "+m.To.Format(time.DateOnly))
					}
					return list
				}
				until := `SELECT coalesce(max(until_at), 0) FROM sync_state WHERE resource = '` + tc.resource + `'`
				s.Inject(spapifake.Fault{Operation: "getReport", Kind: spapifake.ReportFatal, Times: -1})
				for _, step := range []struct {
					at    time.Duration
					tries int
					told  bool
				}{
					{0, 3, true}, {10 * time.Minute, 1, false}, {40 * time.Minute, never, false}, {80 * time.Minute, 1, false},
					{3 * hour, never, false}, {4 * hour, 1, false}, {7 * hour, never, false}, {9 * hour, 1, false},
				} {
					asks, said := run(step.at)
					if want := step.tries * tc.reports; asks != want || (said != "") != step.told {
						t.Errorf("after %v: asked %d times, want %d; it says %q", step.at, asks, want, said)
					}
					if got := missing(); !slices.Equal(got, tc.missing) {
						t.Errorf("after %v: missing are %q, want %q", step.at, got, tc.missing)
					}
					if sum(t, b, until) != 0 {
						t.Errorf("after %v it is said to be complete", step.at)
					}
				}
				s.ClearFaults()
				if asks, said := run(40 * hour); asks < 1 || said != "" {
					t.Errorf("mended: asked %d times, %q", asks, said)
				}
				if sum(t, b, until) == 0 {
					t.Error("mended: nothing is said to be complete")
				}
				want := newBook(t, s)
				syncNA(t, want, s, resources("participations", tc.resource), func(c *appsync.Config) { c.LookBack = 60 * 24 * hour })
				if got, all := sum(t, b, tc.rows), sum(t, want, tc.rows); got != all || all == 0 {
					t.Errorf("%d rows, want %d", got, all)
				}
				if got := missing(); len(got) != 0 {
					t.Errorf("mended: missing are %q", got)
				}
			})
		})
	}
}

// One report of several is not made: only that one is asked for again before a day
// has passed, and the data are complete up to when the others were asked for.
func TestNeverMadeIsOneOfSeveral(t *testing.T) {
	const hour = time.Hour
	for _, tc := range []struct {
		resource, bad string // what Amazon's report says of itself
		first, daily  int    // reports
	}{
		{"ledger", `"dataStartTime":"2026-01`, 2, 1},
		{"inventory-planning", `"marketplaceIds":["ATVPDKIKX0DER"]`, 2, 2},
	} {
		t.Run(tc.resource, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				cfg := small
				cfg.Days = 280
				s := seller(t, cfg)
				b := newBook(t, s)
				failing := true
				inside.line = &bent{next: inside.line, bend: interfaceText(func(text string) string {
					if failing && strings.Contains(text, tc.bad) {
						return strings.Replace(text, `"processingStatus":"DONE"`, `"processingStatus":"FATAL"`, 1)
					}
					return text
				})}
				for _, step := range []struct {
					at    time.Duration
					asked int
					until time.Duration // from now on; -1: not told
					says  bool
				}{{0, tc.first + 2, -1, true}, {10 * time.Minute, 1, -1, false}, {80 * time.Minute, 1, 0, false}, {24 * hour, tc.daily, 24 * hour, false}} {
					failing = step.until < 0
					before := len(asked(s, 0, "createReport"))
					r := once(t, engineNA(b, s, resources("participations", tc.resource), func(c *appsync.Config) {
						c.LookBack, c.Now = 300*24*hour, func() time.Time { return now.Add(step.at) }
					}))
					if n := len(asked(s, 0, "createReport")) - before; n != step.asked || (len(r.Failures) > 0) != step.says {
						t.Errorf("after %v: asked %d times, want %d; it says %v", step.at, n, step.asked, r.Failures)
					}
					want := int64(0)
					if step.until >= 0 {
						want = now.Add(step.until).UnixMilli()
					}
					if got := sum(t, b, `SELECT coalesce(max(until_at), 0) FROM sync_state WHERE resource = '`+tc.resource+`'`); got != want {
						t.Errorf("after %v: complete up to %v, want %v", step.at, time.UnixMilli(got).UTC(), time.UnixMilli(want).UTC())
					}
				}
			})
		})
	}
}

// A month is either to be confirmed as empty or missing, whatever Amazon said of it
// before.
func TestMissingIsNotToBeConfirmed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		for _, step := range []struct {
			at                   time.Duration
			kind                 spapifake.FaultKind
			unconfirmed, missing int
		}{
			{0, spapifake.ReportFatal, 0, 3}, {10 * time.Minute, spapifake.ReportCancels, 3, 0}, {2 * time.Hour, spapifake.ReportFatal, 0, 3},
			{3 * time.Hour, spapifake.ReportCancels, 0, 0},
		} {
			s.ClearFaults()
			s.Inject(spapifake.Fault{Operation: "getReport", Kind: step.kind, Times: -1})
			once(t, engineNA(b, s, resources("participations", "order-reports"), func(c *appsync.Config) {
				c.LookBack, c.Now = 60*24*time.Hour, func() time.Time { return now.Add(step.at) }
			}))
			empty, err := appsync.Unconfirmed(t.Context(), b, "na")
			if err != nil || len(empty) != step.unconfirmed {
				t.Errorf("after %v: to be confirmed %v, %v", step.at, empty, err)
			}
			missing, err := appsync.Missing(t.Context(), b, "na")
			if err != nil || len(missing) != step.missing {
				t.Errorf("after %v: missing %v, %v", step.at, missing, err)
			}
		}
	})
}

// The lid is closed for a night while Amazon makes reports: that is no waiting, and
// the run that goes on in the morning brings them.
func TestLidClosedWhileReportsAreMade(t *testing.T) {
	warmUp(t)
	for _, resource := range []string{"order-reports", "ledger"} {
		t.Run(resource, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				v := newVirtual(t, spapifake.Config{Seed: 9, Orders: 60, Days: 40, SKUs: 6}, dir)
				defer v.close(t)
				resources("participations", resource)(&v.cfg)
				v.cfg.Only, v.cfg.Everything, v.cfg.LookBack = []string{"na"}, true, 60*24*time.Hour
				made := v.now().Add(9*time.Hour + 10*time.Minute)
				v.line = &bent{next: v.line, bend: interfaceText(func(text string) string {
					if v.now().Before(made) {
						return strings.Replace(text, `"processingStatus":"DONE"`, `"processingStatus":"IN_PROGRESS"`, 1)
					}
					return text
				})}
				go func() {
					time.Sleep(time.Minute)
					v.shift.Add(int64(9 * time.Hour)) // timers stand still
				}()
				r := once(t, appsync.New(v.cfg))
				if len(r.Failures) > 0 {
					t.Error(r.Failures)
				}
				if n := sum(t, v.book, `SELECT count(*) FROM coverage`); n == 0 {
					t.Error("nothing is covered")
				}
			})
		})
	}
}
