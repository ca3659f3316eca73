package appsync_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// Every resource of every connection tells Started, then Working with rows that
// never become fewer, then its end; each starts after those it follows.
func TestProgress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		var w watch
		if r := once(t, engine(b, credentials(s), w.report)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		type key struct{ connection, resource string }
		seen := map[key][]appsync.Event{}
		ended := map[key]bool{}
		for _, e := range w.events() {
			if e.Phase == appsync.Waiting {
				if e.NextCall.IsZero() {
					t.Errorf("%s waits for nothing", e.Resource)
				}
				continue
			}
			k := key{e.Connection, e.Resource}
			seen[k] = append(seen[k], e)
			for _, before := range followed(e.Resource) {
				if e.Phase == appsync.Started && !ended[key{e.Connection, before}] {
					t.Errorf("%s %s started before %s had ended", e.Connection, e.Resource, before)
				}
			}
			ended[k] = e.Phase == appsync.Done
		}
		if len(seen) != 3*len(appsync.All()) {
			t.Errorf("%d resources told of themselves, want %d", len(seen), 3*len(appsync.All()))
		}
		for k, list := range seen {
			if list[0].Phase != appsync.Started || list[len(list)-1].Phase != appsync.Done {
				t.Errorf("%v: from %s to %s", k, list[0].Phase, list[len(list)-1].Phase)
			}
			for i, e := range list {
				if e.At.IsZero() || e.Err != nil || (e.Total != 0 && e.Total < e.Done) {
					t.Errorf("%v: %+v", k, e)
				}
				if i > 0 && i < len(list)-1 && (e.Phase != appsync.Working || e.Done < list[i-1].Done) {
					t.Errorf("%v: %s %d after %d", k, e.Phase, e.Done, list[i-1].Done)
				}
			}
		}
		states, err := b.SyncStates(t.Context())
		if err != nil || len(states) != len(seen) {
			t.Errorf("%d states, %v", len(states), err)
		}
		for _, st := range states {
			if st.Error != "" || st.OK.IsZero() {
				t.Errorf("%s %s: %+v", st.Connection, st.Resource, st)
			}
		}
	})
}

// followed lists what has to end before a resource starts.
func followed(name string) (list []string) {
	all := appsync.All()
	r := all[slices.IndexFunc(all, func(r appsync.Resource) bool { return r.Name() == name })]
	f, some := r.(appsync.Following)
	for _, d := range all {
		if d.Stage() < r.Stage() && (!some || d.Stage() == 0) {
			list = append(list, d.Name())
		}
	}
	if some {
		list = append(list, f.After()...)
	}
	return list
}

// The list of calls is what the server saw, call by call, and nothing left this
// computer.
func TestEveryCallIsRecorded(t *testing.T) {
	s := seller(t, small)
	b := newBook(t, s)
	s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.ServerError, Times: 2})
	s.Inject(spapifake.Fault{Operation: "searchOrders", Kind: spapifake.Throttle})
	s.Inject(spapifake.Fault{Operation: "getReports", Kind: spapifake.TokenExpired})
	syncAll(t, b, s)
	renamed := map[string]string{"getAccessToken": "login", "downloadDocument": "documentBytes"}
	type call struct {
		operation, method string
		status            int
	}
	want, got := map[call]int{}, map[call]int{}
	for _, r := range s.Requests() {
		op := r.Operation
		if n := renamed[op]; n != "" {
			op = n
		}
		want[call{op, r.Method, r.Status}]++
	}
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT operation, method, status, host, connection_id, purpose FROM api_call`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c call
		var host, connection, purpose string
		if err := rows.Scan(&c.operation, &c.method, &c.status, &host, &connection, &purpose); err != nil {
			t.Fatal(err)
		}
		got[c]++
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host != "127.0.0.1" || connection == "" || purpose == "" {
			t.Errorf("%s to %q for %q of %q", c.operation, host, purpose, connection)
		}
	}
	if err := rows.Err(); err != nil || len(got) < 10 || !maps.Equal(got, want) {
		t.Errorf("%v\nrecorded %v\nserved   %v", err, got, want)
	}
}

// What was spent stays spent: a program that is started again and again keeps
// Amazon's limits, to the nanosecond.
func TestLimitsSurviveRestarts(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 5, Orders: 60, Days: 20}, dir)
		v.cfg.Everything = true
		for range 12 {
			if r, err := appsync.New(v.cfg).Once(t.Context()); err != nil || len(r.Failures) > 0 {
				t.Fatal(err, r.Failures)
			}
			v.close(t)
			v.open(t)
		}
		v.close(t)
		checkLimits(t, v.seller)
		if n := v.seller.Violations(); n != 0 {
			t.Errorf("%d calls were over the limits", n)
		}
	})
}

// Serve goes on after a failed run, asks every five minutes, and leaves no
// goroutine when it ends.
func TestServe(t *testing.T) {
	warmUp(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 5, Orders: 50, Days: 20}, dir)
		defer v.close(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		v.seller.Revoke("NA")
		var failures []int
		err := appsync.New(v.cfg).Serve(ctx, func(r appsync.Result) {
			if failures = append(failures, len(r.Failures)); len(failures) == 1 {
				v.seller.Restore("NA")
			}
			if len(failures) == 6 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || !slices.Equal(failures, []int{1, 0, 0, 0, 0, 0}) {
			t.Errorf("%v, failures by run %v", err, failures)
		}
		if c := connection(t, v.book, "na"); c.State != store.StateActive {
			t.Errorf("given back, na is %s", c.State)
		}
		var polls []time.Time
		for _, r := range v.seller.Requests() {
			if r.Connection == "EU" && r.Operation == "searchOrders" {
				polls = append(polls, r.At)
			}
		}
		for i := 1; i < len(polls); i++ {
			if gap := polls[i].Sub(polls[i-1]); gap < appsync.Interval-time.Second || gap > appsync.Interval+30*time.Second {
				t.Errorf("EU was asked for orders %v after the time before", gap)
			}
		}
		if len(polls) < 6 {
			t.Errorf("EU was asked for orders %d times", len(polls))
		}
	})
}

// timed is a source of the test's own: it takes a while, and counts its runs.
type timed struct {
	name         string
	every, takes time.Duration
	runs         *atomic.Int32
}

func (r timed) Name() string         { return r.name }
func (r timed) Stage() int           { return 1 }
func (r timed) Every() time.Duration { return r.every }
func (r timed) Sync(context.Context, *appsync.Session) error {
	r.runs.Add(1)
	time.Sleep(r.takes)
	return nil
}

// A single run that takes hours asks again only what changes by the minute; the
// others would make it longer still.
func TestOnceOfManyHours(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := bareVirtual(t, dir, spapifake.Credentials{ClientID: "amzn1.application-oa2-client.x", ClientSecret: "secret", RefreshToken: "Atzr|x"}, http.NotFoundHandler())
		defer v.close(t)
		var slow, hourly, often atomic.Int32
		v.cfg.Resources = []appsync.Resource{
			timed{"slow", 24 * time.Hour, 3*time.Hour + time.Minute, &slow},
			timed{"hourly", time.Hour, 58 * time.Minute, &hourly},
			timed{"often", appsync.Interval, time.Second, &often},
		}
		began := v.now()
		v.syncAll(t)
		if slow.Load() != 1 || hourly.Load() != 1 || often.Load() < 30 {
			t.Errorf("runs: slow %d, hourly %d, often %d", slow.Load(), hourly.Load(), often.Load())
		}
		if took := v.now().Sub(began); took > 3*time.Hour+5*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}
