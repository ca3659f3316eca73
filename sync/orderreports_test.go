package appsync_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
)

// The first report is stored as soon as Amazon has made it, not after all were
// asked for: of 25, ten have to wait a minute each for their request.
func TestFirstReportAtOnce(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		cfg := tiny
		cfg.Days, cfg.ReportTime = 730, 20*time.Second
		v := newVirtual(t, cfg, dir)
		defer v.close(t)
		v.cfg.LookBack, v.cfg.Only = 730*24*time.Hour, []string{"na"}
		var mu sync.Mutex
		var first time.Time
		v.cfg.Report = func(e appsync.Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Resource == "order-reports" && e.Done > 0 && first.IsZero() {
				first = e.At
			}
		}
		began := v.now()
		if r, err := appsync.New(v.cfg).Once(t.Context()); err != nil || len(r.Failures) > 0 {
			t.Fatal(err, r.Failures)
		}
		var asked []time.Time
		for _, r := range v.seller.Requests() {
			if r.Operation == "createReport" {
				asked = append(asked, r.At)
			}
		}
		if took := first.Sub(began); took > time.Minute {
			t.Errorf("the first report was stored after %v", took)
		}
		if len(asked) < 25 || !asked[24].After(first.Add(5*time.Minute)) {
			t.Errorf("%d reports were asked for, the last %v after the first was stored", len(asked), asked[len(asked)-1].Sub(first))
		}
	})
}
