package appsync_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// Every resource of every connection tells Started, then Working with rows that
// never become fewer, then its end; stages follow each other.
func TestProgress(t *testing.T) {
	s := seller(t, small)
	b := newBook(t, s)
	var w watch
	if r := once(t, engine(b, credentials(s), w.report)); len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
	type key struct{ connection, resource string }
	seen := map[key][]appsync.Event{}
	ended := map[string]int{} // connection to the highest stage that has ended
	stage := map[string]int{}
	for _, res := range appsync.All() {
		stage[res.Name()] = res.Stage()
	}
	for _, e := range w.events() {
		if e.Phase == appsync.Waiting {
			if e.NextCall.IsZero() {
				t.Errorf("%s waits for nothing", e.Resource)
			}
			continue
		}
		k := key{e.Connection, e.Resource}
		seen[k] = append(seen[k], e)
		if e.Phase == appsync.Started && stage[e.Resource] < ended[e.Connection] {
			t.Errorf("%s %s started after stage %d had ended", e.Connection, e.Resource, ended[e.Connection])
		}
		if e.Phase == appsync.Done {
			ended[e.Connection] = max(ended[e.Connection], stage[e.Resource])
		}
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
// Amazon's limits.
func TestLimitsSurviveRestarts(t *testing.T) {
	cfg := small
	cfg.Speed = 20
	s := seller(t, cfg)
	b := newBook(t, s)
	syncAll(t, b, s)
	dir := b.Dir
	for range 12 {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if b, err = store.Open(t.Context(), dir, testKeys); err != nil {
			t.Fatal(err)
		}
		b.Now = func() time.Time { return now }
		syncAll(t, b, s)
	}
	b.Close()
	if n := s.Violations(); n != 0 {
		t.Errorf("%d calls were over the limits", n)
	}
}

// Serve goes on after a failed run and leaves no goroutine when it ends.
func TestServe(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := spapifake.New(spapifake.Config{Seed: 5, Orders: 50, Days: 20, Now: now, Clock: clock, Speed: 100})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := emptyBook(t)
	fill(t, b, s)
	s.Revoke("NA")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var between atomic.Int32 // runs; the other sleeps are looks at reports
	cfg := engineConfig(b, credentials(s))
	cfg.Sleep = func(ctx context.Context, d time.Duration) error {
		if d == appsync.Interval {
			between.Add(1)
			s.Restore("NA")
		}
		return ctx.Err()
	}
	var failures []int
	err := appsync.New(cfg).Serve(ctx, func(r appsync.Result) {
		if failures = append(failures, len(r.Failures)); len(failures) == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || !slices.Equal(failures, []int{1, 0, 0}) {
		t.Errorf("%v, failures by run %v", err, failures)
	}
	if n := between.Load(); n != 3 {
		t.Errorf("slept %d times between three runs", n)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
