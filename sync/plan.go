package appsync

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// Why says why a step does not begin, or end, at once.
type Why string

// Reasons of a Step, the one that weighs most.
const (
	WhyNow     Why = "now"     // it is due and nothing holds it back
	WhyLimit   Why = "limit"   // due, but Amazon's limit lets its calls through one by one
	WhyBehind  Why = "behind"  // due, but what it needs is fetched first
	WhyFresh   Why = "fresh"   // what was fetched last is still fresh
	WhyRetry   Why = "retry"   // the last run failed; it is tried again later
	WhyPaused  Why = "paused"  // the user paused the connection
	WhyStopped Why = "stopped" // the seller has to act: sign in again, a new secret
)

// Plan says what will be fetched, in which order, and how long it takes at the
// least. It is a value; making one asks Amazon nothing.
type Plan struct {
	At    time.Time
	Steps []Step // in the order in which they begin; those that never do come last
}

// Step is the next run of one source.
type Step struct {
	Connection, Resource string
	Why                  Why
	Behind               []string  // WhyBehind: the sources it waits for
	Until                time.Time // the data that are in go until here; zero: not known
	Begins               time.Time // at the earliest; zero: not before somebody acts
	Ends                 time.Time // at the earliest; by Amazon's limits alone
	Calls                []Need    // that it makes at the least, as far as that is known
	Wait                 *Wait     // the limit that decides Ends; nil when none holds it up
	Failures             int       // runs that failed since the last good one
	Error                string    // the last run's sentence, empty when it ended well
}

// Wait is what a limit of Amazon's means for a step.
type Wait struct {
	Op    spapi.Op
	Every time.Duration // one call is allowed in this time
	Calls int           // that the step makes
	Ahead int           // that go first, of other steps
}

// Ends is when the last step that is due now ends at the earliest; At when
// none is.
func (p Plan) Ends() time.Time {
	end := p.At
	for _, s := range p.Steps {
		switch s.Why {
		case WhyNow, WhyLimit, WhyBehind:
			end = later(end, s.Ends)
		}
	}
	return end
}

// Of gives the steps of a connection.
func (p Plan) Of(connection string) []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Connection != connection })
}

// ReadPlan makes the plan of a book. resources nil means All(); lookBack 0
// means DefaultLookBack.
func ReadPlan(ctx context.Context, b *store.Book, resources []Resource, lookBack time.Duration, now time.Time) (Plan, error) {
	if resources == nil {
		resources = All()
	}
	if lookBack == 0 {
		lookBack = DefaultLookBack
	}
	f := facts{resources: resources, lookBack: lookBack, marketplaces: map[string]int{}, now: now}
	var err error
	if f.connections, err = b.Connections(ctx); err != nil {
		return Plan{}, err
	}
	f.connections = slices.DeleteFunc(f.connections, func(c store.Connection) bool { return c.Kind != store.KindAPI })
	for _, c := range f.connections {
		list, err := b.Marketplaces(ctx, c.ID)
		if err != nil {
			return Plan{}, err
		}
		for _, m := range list {
			if m.Participating {
				f.marketplaces[c.ID]++
			}
		}
	}
	if f.known, err = readBook(ctx, b); err != nil {
		return Plan{}, err
	}
	if f.buckets, err = readBuckets(ctx, b); err != nil {
		return Plan{}, err
	}
	return makePlan(f), nil
}

// Plan is the plan of the engine's book as of now.
func (e *Engine) Plan(ctx context.Context) (Plan, error) {
	return ReadPlan(ctx, e.cfg.Book, e.cfg.Resources, e.cfg.LookBack, e.cfg.Now())
}

// facts are all that a plan is made from.
type facts struct {
	now          time.Time
	lookBack     time.Duration
	resources    []Resource
	connections  []store.Connection
	marketplaces map[string]int
	known        known
	buckets      bucketsByOp
}

// makePlan is a pure function of facts.
func makePlan(f facts) Plan {
	p := Plan{At: f.now}
	for _, c := range f.connections {
		steps := f.begin(c)
		f.queue(c.ID, steps)
		p.Steps = append(p.Steps, steps...)
	}
	slices.SortStableFunc(p.Steps, func(a, b Step) int {
		if a.Begins.IsZero() != b.Begins.IsZero() {
			return cmp.Compare(flagOf(a.Begins.IsZero()), flagOf(b.Begins.IsZero()))
		}
		return a.Begins.Compare(b.Begins)
	})
	return p
}

func flagOf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// begin makes a connection's steps, in the order of the resources, with the
// reason that the schedule gives.
func (f facts) begin(c store.Connection) []Step {
	var steps []Step
	for _, r := range f.resources {
		k := sourceKey{c.ID, r.Name()}
		state := f.known.states[k]
		s := Step{Connection: c.ID, Resource: r.Name(), Why: WhyNow, Until: state.Until, Failures: f.known.fails[k], Error: state.Error,
			Begins: f.now, Calls: f.calls(c, r)}
		next := f.known.next[k]
		switch {
		case c.State == store.StatePaused:
			s.Why, s.Begins = WhyPaused, time.Time{}
		case c.State != store.StateActive && r.Stage() > 0:
			s.Why, s.Begins = WhyStopped, time.Time{}
		case dueAt(next, f.known.last(k), f.now):
		case s.Failures > 0:
			s.Why, s.Begins = WhyRetry, next
		default:
			s.Why, s.Begins = WhyFresh, next
		}
		steps = append(steps, s)
	}
	return steps
}

// calls are those that a source's next run makes at the least.
func (f facts) calls(c store.Connection, r Resource) []Need {
	k := sourceKey{c.ID, r.Name()}
	if p, ok := r.(Planned); ok {
		return p.Left(Outlook{Now: f.now, LookBack: f.lookBack, Bookmark: f.known.states[k].Bookmark, Marketplaces: max(1, f.marketplaces[c.ID])})
	}
	var list []Need
	for op, n := range f.known.calls[k] {
		if _, limited := spapi.LimitOf(spapi.Op(op)); limited {
			list = append(list, Need{spapi.Op(op), n})
		}
	}
	slices.SortFunc(list, func(a, b Need) int { return cmp.Compare(a.Op, b.Op) })
	return list
}

// queue gives the steps that are due their places: each begins when what it
// follows has ended, and its calls queue up behind those of the steps before it.
func (f facts) queue(connection string, steps []Step) {
	ahead := map[spapi.Op]int{}
	for _, i := range f.order(steps) {
		s := &steps[i]
		if s.Begins.IsZero() {
			continue
		}
		if s.Why == WhyNow {
			f.follow(steps, i)
		}
		s.Ends = s.Begins
		for _, n := range s.Calls {
			f.pass(connection, s, n, ahead)
		}
	}
}

// order is that in which steps are served: those due now by stage and place,
// then the others by their time.
func (f facts) order(steps []Step) []int {
	list := make([]int, len(steps))
	for i := range list {
		list[i] = i
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Or(steps[a].Begins.Compare(steps[b].Begins), cmp.Compare(f.resources[a].Stage(), f.resources[b].Stage()))
	})
	return list
}

// follow puts a step behind those whose data it needs.
func (f facts) follow(steps []Step, i int) {
	r := f.resources[i]
	for j, d := range f.resources {
		due := steps[j].Why == WhyNow || steps[j].Why == WhyLimit || steps[j].Why == WhyBehind
		first := f.known.states[sourceKey{steps[j].Connection, d.Name()}].OK.IsZero()
		if i == j || !due || !follows(r, d, first) || !(named(r) || d.Stage() == 0 || first) {
			continue
		}
		if steps[j].Ends.After(f.now) || steps[j].Begins.After(f.now) {
			steps[i].Begins = later(steps[i].Begins, steps[j].Ends)
			steps[i].Why, steps[i].Behind = WhyBehind, append(steps[i].Behind, d.Name())
		}
	}
}

// pass lets a step's calls of one operation through its limit, after those that
// are ahead, and notes when the last of them ends.
func (f facts) pass(connection string, s *Step, n Need, ahead map[spapi.Op]int) {
	l, limited := spapi.LimitOf(n.Op)
	if !limited || n.Calls <= 0 {
		return
	}
	b := f.buckets[limitKey{connection, n.Op}]
	before := 0
	if s.Begins.Sub(f.now) < l.Interval()*time.Duration(ahead[n.Op]) { // else they are through by then
		before = ahead[n.Op]
	}
	wait := b.Ready(l, f.now, before+n.Calls)
	if done := f.now.Add(wait); wait > 0 && done.After(s.Ends) {
		s.Ends = done
		s.Wait = &Wait{Op: n.Op, Every: b.InForce(l).Interval(), Calls: n.Calls, Ahead: before}
		if s.Why == WhyNow {
			s.Why = WhyLimit
		}
	}
	ahead[n.Op] = before + n.Calls
}
