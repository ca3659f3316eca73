package appsync_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// Somebody is told of what he has to mend, once, and of nothing else: not of a
// sync that went well, nor of one that fails for an hour.
func TestNotices(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, tiny, dir)
		defer v.close(t)
		var told []string
		var mu sync.Mutex
		v.cfg.Notify = func(n appsync.Notice) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, n.Connection+" "+string(n.Kind))
			wantPlain(t, v.seller, n.Connection+" "+n.Reason)
		}
		heard := func(what string, want ...string) {
			t.Helper()
			mu.Lock()
			defer mu.Unlock()
			slices.Sort(told)
			if !slices.Equal(told, want) {
				t.Errorf("%s: told %v, want %v", what, told, want)
			}
			told = nil
		}
		serve := func(d time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			_ = appsync.New(v.cfg).Serve(ctx, func(appsync.Result) {})
		}
		serve(time.Hour)
		heard("all is well")
		v.seller.Inject(spapifake.Fault{Operation: "searchOrders", Connection: "FE", Kind: spapifake.ServerError, Times: -1})
		v.seller.Revoke("EU")
		serve(time.Hour)
		heard("one is revoked, one fails for an hour", "eu revoked")
		v.shift.Add(int64(23 * time.Hour))
		serve(time.Hour)
		heard("one fails for a day", "fe failing")
		v.seller.Restore("EU")
		v.seller.ClearFaults()
		serve(2 * time.Hour)
		heard("mended")
		if c := connection(t, v.book, "eu"); c.State != store.StateActive {
			t.Errorf("given back, eu is %s", c.State)
		}
		v.seller.Revoke("EU")
		serve(2 * time.Hour)
		serve(time.Hour)
		heard("revoked again", "eu revoked")
		err := v.book.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SetCredentialDate("na", store.SecretDate, v.local().Add(10*24*time.Hour-store.SecretLasts))
		})
		if err != nil {
			t.Fatal(err)
		}
		serve(time.Hour)
		heard("a secret ends in ten days", "na secret-expires")
		list, err := appsync.Notices(t.Context(), v.book, v.local())
		if err != nil || len(list) != 2 || !strings.Contains(list[0].Reason, "authorise") {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// What the user opens is fetched next, before what else waits for the limit,
// and not twice for two clicks. A paused account is left alone.
func TestWant(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, tiny, dir)
		defer v.close(t)
		var w runs
		v.cfg.Report = w.report
		ctx, cancel := context.WithCancel(t.Context())
		e := appsync.New(v.cfg)
		var served sync.WaitGroup
		served.Go(func() { _ = e.Serve(ctx, func(appsync.Result) {}) })
		v.waitFor(t, 3*time.Hour, func() bool { return len(w.missing(names())) == 0 })
		runs := w.count("na inventory")
		v.waitFor(t, time.Hour, func() bool { return w.count("na inventory") > runs })
		time.Sleep(15 * time.Minute) // neither fresh nor due

		before := w.count("na inventory")
		e.Want("inventory")
		e.Want("inventory")
		time.Sleep(10 * time.Second)
		if n := w.count("na inventory") - before; n != 1 {
			t.Errorf("the stock was fetched %d times within ten seconds after it was wanted", n)
		}
		e.Want("inventory")
		time.Sleep(10 * time.Second)
		if n := w.count("na inventory") - before; n != 1 {
			t.Errorf("fetched again although it was fresh: %d times", n)
		}

		pause := func(on bool) {
			t.Helper()
			err := v.book.Write(t.Context(), func(tx *store.Tx) error { return tx.PauseConnection("fe", on) })
			if err != nil {
				t.Fatal(err)
			}
		}
		pause(true)
		time.Sleep(time.Minute)
		asked, others := w.count("fe orders"), w.count("na orders")
		time.Sleep(time.Hour)
		if n := w.count("fe orders") - asked; n != 0 {
			t.Errorf("a paused account was asked %d times", n)
		}
		if n := w.count("na orders") - others; n < 11 {
			t.Errorf("the others were asked %d times in an hour", n)
		}
		if c := connection(t, v.book, "fe"); c.State != store.StatePaused {
			t.Errorf("fe is %s", c.State)
		}
		pause(false)
		time.Sleep(7 * time.Minute)
		if n := w.count("fe orders") - asked; n == 0 {
			t.Error("resumed, and not asked within seven minutes")
		}
		cancel()
		served.Wait()
	})
}

// An order that the user opens is fetched next, once, without its people: also in
// the middle of a first sync.
func TestWantOrder(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 3, Orders: 120, Days: 60, SKUs: 6, ReportTime: 20 * time.Minute}, dir)
		defer v.close(t)
		line := &watched{next: v.line}
		v.line = line
		resources("participations", "order-reports", "orders", "recipients")(&v.cfg)
		ctx, cancel := context.WithCancel(t.Context())
		e := appsync.New(v.cfg)
		var served sync.WaitGroup
		served.Go(func() { _ = e.Serve(ctx, func(appsync.Result) {}) })
		asked := func(id string) (people, plain int) {
			line.mu.Lock()
			defer line.mu.Unlock()
			for _, s := range line.seen {
				if !strings.HasSuffix(s.url.Path, "/orders/"+id) {
					continue
				}
				if strings.Contains(s.url.RawQuery, "RECIPIENT") {
					people++
				} else {
					plain++
				}
			}
			return people, plain
		}
		stored := func(id string) int64 {
			return sum(t, v.book, `SELECT count(*) FROM orders WHERE connection_id = 'na' AND order_id = ? AND origin = 'api'`, id)
		}
		want := func(id string) {
			t.Helper()
			e.WantOrder("na", id)
			time.Sleep(15 * time.Second)
			if people, plain := asked(id); people != 0 || plain != 1 || stored(id) != 1 {
				t.Errorf("order %s: asked for %d times, with people %d times, %d in the book", id, plain, people, stored(id))
			}
		}
		time.Sleep(time.Minute) // Amazon is making the reports
		first := v.seller.Place("NA", now.AddDate(0, 0, -30))
		want(first)
		time.Sleep(time.Hour)
		second := v.seller.Place("NA", now.AddDate(0, 0, -40))
		want(second)
		e.WantOrder("na", "111-0000000-0000000") // Amazon has none
		time.Sleep(15 * time.Second)
		if c := connection(t, v.book, "na"); c.State != store.StateActive {
			t.Errorf("na is %s: %s", c.State, c.StateReason)
		}
		if n := sum(t, v.book, `SELECT count(*) FROM sync_state WHERE resource = 'recipients' AND connection_id = 'na' AND error <> ''`); n != 0 {
			t.Error("an order that Amazon does not have is a failure")
		}
		cancel()
		served.Wait()

		// The window runs what is pending: one order opened is one call.
		calls := func(f func()) int {
			before := len(v.seller.Requests())
			f()
			if r, err := e.Pending(t.Context()); err != nil || len(r.Failures) > 0 {
				t.Errorf("%v %v", r.Failures, err)
			}
			return len(v.seller.Requests()) - before
		}
		time.Sleep(11 * time.Minute)
		calls(func() {}) // what was due
		if n := calls(func() {}); n != 0 {
			t.Errorf("%d calls with nothing due or wanted", n)
		}
		open := func() { e.WantOrder("na", second) }
		if n := calls(open); n < 1 || n > 2 {
			t.Errorf("%d calls for an order that was opened", n) // and one to sign in
		}
		if n := calls(open); n != 0 {
			t.Errorf("%d calls for an order that was opened again", n)
		}
	})
}
