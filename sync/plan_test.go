package appsync

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

var planNow = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// aSource is a resource whose plan is set by the test.
type aSource struct {
	name  string
	stage int
	every time.Duration
	left  []Need
}

func (r aSource) Name() string                         { return r.name }
func (r aSource) Stage() int                           { return r.stage }
func (r aSource) Every() time.Duration                 { return r.every }
func (r aSource) Sync(context.Context, *Session) error { return nil }
func (r aSource) Left(Outlook) []Need                  { return r.left }

type aFollower struct {
	aSource
	after []string
}

func (r aFollower) After() []string { return r.after }

func planFacts(resources ...Resource) facts {
	return facts{
		now: planNow, lookBack: DefaultLookBack, resources: resources, marketplaces: map[string]int{"na": 1},
		connections: []store.Connection{{ID: "na", Kind: store.KindAPI, State: store.StateActive}},
		known:       known{map[sourceKey]store.SyncState{}, map[sourceKey]time.Time{}, map[sourceKey]int{}, map[sourceKey]map[string]int{}},
		buckets:     bucketsByOp{},
	}
}

func step(t *testing.T, p Plan, name string) Step {
	t.Helper()
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Resource == name })
	if i < 0 {
		t.Fatalf("no step %s", name)
	}
	return p.Steps[i]
}

// Reports queue up behind each other: 20 requests and 15 in the bucket leave 5
// to wait for, a minute each (59.88 s); another source's two come after them.
func TestPlanQueues(t *testing.T) {
	p := makePlan(planFacts(
		aSource{name: "first", stage: 1, left: []Need{{spapi.OpCreateReport, 20}}},
		aSource{name: "second", stage: 1, left: []Need{{spapi.OpCreateReport, 2}}},
		aSource{name: "quick", stage: 1, left: []Need{{spapi.OpTransactions, 3}}},
	))
	interval := spapi.Limit{Rate: 16_700, Burst: 15}.Interval()
	for _, c := range []struct {
		name string
		why  Why
		ends time.Duration
		wait *Wait
	}{
		{"first", WhyLimit, 5 * interval, &Wait{spapi.OpCreateReport, interval, 20, 0}},
		{"second", WhyLimit, 7 * interval, &Wait{spapi.OpCreateReport, interval, 2, 20}},
		{"quick", WhyNow, 0, nil},
	} {
		s := step(t, p, c.name)
		if s.Why != c.why || s.Ends.Sub(planNow) != c.ends || (s.Wait == nil) != (c.wait == nil) || s.Wait != nil && *s.Wait != *c.wait {
			t.Errorf("%s: %s, ends after %v, waits for %+v", c.name, s.Why, s.Ends.Sub(planNow), s.Wait)
		}
	}
	if want := planNow.Add(7 * interval); !p.Ends().Equal(want) {
		t.Errorf("ends %v, want %v", p.Ends(), want)
	}
}

// What was spent already, and a 429, make the plan longer.
func TestPlanKnowsTheBuckets(t *testing.T) {
	f := planFacts(aSource{name: "orders", stage: 1, left: []Need{{spapi.OpSearchOrders, 1}}})
	l, _ := spapi.LimitOf(spapi.OpSearchOrders)
	var b spapi.Bucket
	for range l.Burst {
		b, _ = b.Take(l, planNow.Add(-time.Minute))
	}
	f.buckets[limitKey{"na", spapi.OpSearchOrders}] = b
	if got, want := step(t, makePlan(f), "orders").Ends, planNow.Add(l.Interval()-time.Minute); !got.Equal(want) {
		t.Errorf("spent: ends %v, want %v", got, want)
	}
	f.buckets[limitKey{"na", spapi.OpSearchOrders}] = spapi.Bucket{}.Throttled(l, planNow, 10*time.Minute)
	if got, want := step(t, makePlan(f), "orders").Ends, planNow.Add(10*time.Minute); !got.Equal(want) {
		t.Errorf("throttled: ends %v, want %v", got, want)
	}
}

// Each reason that keeps a source from being asked now.
func TestPlanReasons(t *testing.T) {
	first := aSource{name: "first", stage: 1, left: []Need{{spapi.OpCreateReport, 16}}}
	hourly := aSource{name: "hourly", stage: 1, every: time.Hour}
	later := aFollower{aSource{name: "later", stage: 2}, []string{"first"}}
	f := planFacts(aSource{name: "account"}, first, hourly, later)
	set := func(name string, next time.Time, fails int, ok time.Time) {
		k := sourceKey{"na", name}
		f.known.next[k], f.known.fails[k] = next, fails
		f.known.states[k] = store.SyncState{OK: ok}
	}
	set("account", planNow.Add(time.Minute), 0, planNow)
	set("hourly", planNow.Add(20*time.Minute), 0, planNow.Add(-40*time.Minute))
	p := makePlan(f)
	if s := step(t, p, "hourly"); s.Why != WhyFresh || !s.Begins.Equal(planNow.Add(20*time.Minute)) {
		t.Errorf("fresh: %+v", s)
	}
	l := step(t, p, "later")
	if l.Why != WhyBehind || !slices.Equal(l.Behind, []string{"first"}) || !l.Begins.Equal(step(t, p, "first").Ends) {
		t.Errorf("behind: %+v", l)
	}
	set("hourly", planNow.Add(9*time.Minute), 3, time.Time{})
	if s := step(t, makePlan(f), "hourly"); s.Why != WhyRetry || s.Failures != 3 {
		t.Errorf("retry: %+v", s)
	}
	set("hourly", planNow.Add(3*time.Hour), 0, planNow.Add(2*time.Hour)) // the clock was set back
	if s := step(t, makePlan(f), "hourly"); s.Why != WhyNow {
		t.Errorf("clock set back: %+v", s)
	}
	f.connections[0].State = store.StateRevoked
	p = makePlan(f)
	if s := step(t, p, "first"); s.Why != WhyStopped || !s.Begins.IsZero() {
		t.Errorf("revoked: %+v", s)
	}
	if s := step(t, p, "account"); s.Why == WhyStopped {
		t.Errorf("whether it lets us in again is not asked: %+v", s)
	}
	f.connections[0].State = store.StatePaused
	for _, s := range makePlan(f).Steps {
		if s.Why != WhyPaused || !s.Begins.IsZero() {
			t.Errorf("paused: %+v", s)
		}
	}
}

// The same facts give the same plan, in the order in which steps begin.
func TestPlanIsPure(t *testing.T) {
	f := planFacts(All()...)
	one, err := json.Marshal(makePlan(f))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if two, _ := json.Marshal(makePlan(f)); string(two) != string(one) {
			t.Fatal("two plans of the same facts")
		}
	}
	p := makePlan(f)
	if !slices.IsSortedFunc(p.Steps, func(a, b Step) int { return a.Begins.Compare(b.Begins) }) {
		t.Error("the steps are not in order")
	}
	// 18 months are 19 windows: four requests more than the burst.
	s := step(t, p, nameOrderReports)
	if l, _ := spapi.LimitOf(spapi.OpCreateReport); s.Why != WhyLimit || s.Ends.Sub(planNow) != 4*l.Interval() {
		t.Errorf("order reports of a new book: %s, %v", s.Why, s.Ends.Sub(planNow))
	}
}

// When a source is asked again after it failed, and how sources spare a limit
// that runs low.
func TestSchedule(t *testing.T) {
	often, daily := aSource{}, aSource{every: 24 * time.Hour}
	for _, c := range []struct {
		name  string
		r     Resource
		fails int
		role  bool
		want  time.Duration
	}{
		{"first failure", often, 1, false, 5 * time.Minute},
		{"an outage", often, 40, false, 10 * time.Minute},
		{"daily, first", daily, 1, false, 5 * time.Minute},
		{"daily, third", daily, 3, false, 20 * time.Minute},
		{"daily, at last", daily, 40, false, time.Hour},
		{"no role", often, 1, true, 6 * time.Hour},
	} {
		if got := retryAfter(c.r, c.fails, c.role); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	l, _ := spapi.LimitOf(spapi.OpSearchOrders)
	low := spapi.Bucket{}.Throttled(l, planNow, 0)
	buckets := bucketsByOp{limitKey{"na", spapi.OpSearchOrders}: low}
	if got := stretch("na", map[string]int{"searchOrders": 2}, bucketsByOp{}, planNow); got != 0 {
		t.Errorf("with a full bucket: %v", got)
	}
	// Two calls, one allowed in 178.57 s, at 70 %: 510 s.
	if got := stretch("na", map[string]int{"searchOrders": 2, "documentBytes": 9}, buckets, planNow).Round(time.Second); got != 510*time.Second {
		t.Errorf("with an empty bucket: %v", got)
	}
}
