package appsync

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// DefaultLookBack is how far back a first sync goes: 18 months, the longest
// that Amazon's data protection policy lets order data be kept.
const DefaultLookBack = 548 * 24 * time.Hour

// Interval is how often the sources are asked that change by the minute. With
// the two minutes that Amazon holds an order back, one shows within eight.
const Interval = 5 * time.Minute

// Config is what an Engine needs.
type Config struct {
	Book *store.Book
	// Client makes the client of a connection. Its limits and calls are kept
	// by Limits and Calls of this package.
	Client func(context.Context, store.Connection, func(op spapi.Op, until time.Time)) (*spapi.Client, error)
	// Report is told of progress, by several goroutines at once; may be nil.
	Report func(Event)
	// Notify is told, once each, of what the seller has to act on; may be nil.
	Notify func(Notice)
	// Only narrows a run to these connections; empty means all.
	Only      []string
	Resources []Resource    // nil means All()
	LookBack  time.Duration // 0 means DefaultLookBack
	// Everything makes Once ask every source, also one that is still fresh.
	Everything bool
	Now        func() time.Time
	Sleep      func(context.Context, time.Duration) error // while Amazon makes a report
}

// Engine syncs the connections of one book. Its methods may be called from
// several goroutines; only one run goes on at a time.
type Engine struct {
	cfg  Config
	turn sync.Mutex // held by a run
	wake chan struct{}

	mu     sync.Mutex
	wants  map[string]bool      // resources that the user waits for
	opened map[string][]string  // orders that the user looks at, by connection
	looked map[string]time.Time // connection and order: when it was last asked for so
}

// New makes an engine; nothing runs before Once or Serve.
func New(cfg Config) *Engine {
	if cfg.Resources == nil {
		cfg.Resources = All()
	}
	if cfg.LookBack == 0 {
		cfg.LookBack = DefaultLookBack
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = wait
	}
	if cfg.Report == nil {
		cfg.Report = func(Event) {}
	}
	return &Engine{cfg: cfg, wake: make(chan struct{}, 1), wants: map[string]bool{}, opened: map[string][]string{}, looked: map[string]time.Time{}}
}

// Failure is a resource, or a whole connection (Resource empty), that could
// not be brought up to date.
type Failure struct {
	Connection, Resource string
	Err                  error
}

// Result is how a run ended.
type Result struct {
	Connections int // that were tried
	Failures    []Failure
}

// Once brings every connection up to date, side by side, and returns when all
// have ended: what changes by the minute is asked always, the other sources
// when they are due. A connection that fails leaves the others working, and a
// paused one is left out. The error is ctx's, or the book's own.
func (e *Engine) Once(ctx context.Context) (Result, error) {
	held := clients{}
	defer held.close()
	return e.run(ctx, held, func(r Resource) bool { return e.cfg.Everything || r.Stage() == 0 || every(r) <= Interval }, nil)
}

// Pending brings up to date what is due or wanted, and returns when that has
// ended. A connection that was stopped is asked whether it lets us in again.
func (e *Engine) Pending(ctx context.Context) (Result, error) {
	held := clients{}
	defer held.close()
	return e.run(ctx, held, nil, nil)
}

// Serve keeps the book up to date until ctx ends: it asks each source when it
// is due, and what Want names at once. After every run, and now and then in a
// long one, after is told how it went; one run's failures do not stop the next.
func (e *Engine) Serve(ctx context.Context, after func(Result)) error {
	held := clients{}
	defer held.close()
	for {
		r, err := e.run(ctx, held, func(Resource) bool { return false }, after)
		if err != nil {
			return err
		}
		least := restLeast
		if r.Connections == 0 {
			least = Interval // nothing could be asked just now
		} else {
			after(r)
		}
		if err := e.Rest(ctx, least); err != nil {
			return err
		}
	}
}

// Want says that the user looks at what these resources bring: they are asked
// next, before what else waits for the same limits. Without a name those are
// wanted that change within the hour. What was fetched minutes ago is fresh
// enough. It returns at once; while nothing runs it is kept for the next run.
func (e *Engine) Want(resources ...string) {
	e.mu.Lock()
	for _, r := range e.cfg.Resources {
		if len(resources) == 0 && every(r) <= time.Hour {
			e.wants[r.Name()] = true
		}
	}
	for _, name := range resources {
		e.wants[name] = true
	}
	e.mu.Unlock()
	e.nudge()
}

// WantOrder says that the user looks at an order: it is fetched next, by itself,
// unless it was a few minutes ago. Of many opened in a hurry the last ones are.
func (e *Engine) WantOrder(connection, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now, key := e.cfg.Now(), connection+" "+id
	if age := now.Sub(e.looked[key]); age >= 0 && age < openedFresh {
		return
	}
	if len(e.looked) > 1000 {
		clear(e.looked)
	}
	e.looked[key] = now
	list := slices.DeleteFunc(e.opened[connection], func(o string) bool { return o == id })
	list = append(list, id)
	e.opened[connection] = list[max(0, len(list)-openedMost):]
	e.nudge()
}

// openedMost is how many opened orders wait at the most: a run of them is within
// the burst that Amazon allows.
const openedMost = 10

// openedFresh is how long an order that was fetched for the user is fresh enough.
const openedFresh = 10 * time.Minute

func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// anyOpened tells whether orders wait that the user has opened.
func (e *Engine) anyOpened(connection string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.opened[connection]) > 0
}

// takeOpened hands them over.
func (e *Engine) takeOpened(connection string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.opened[connection]
	delete(e.opened, connection)
	return list
}

// wanted hands over what was wanted since it was asked last.
func (e *Engine) wanted() map[string]bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.wants
	e.wants = map[string]bool{}
	return w
}

// slice is the longest that the engine sleeps without looking at the clock: a
// timer stands still while a laptop sleeps, and the clock does not.
const slice = time.Minute

// restLeast keeps a book that cannot store when a source is asked again, as on
// a full disk, from being synced in a circle.
const restLeast = 10 * time.Second

// Rest sleeps until a source is due, but not less than least, or until one is
// wanted.
func (e *Engine) Rest(ctx context.Context, least time.Duration) error {
	asked := e.cfg.Now()
	for {
		next, err := e.NextDue(ctx)
		if err != nil {
			return err
		}
		now := e.cfg.Now()
		next = later(next, asked.Add(least))
		if !next.After(now) {
			return nil
		}
		t := time.NewTimer(min(next.Sub(now), slice))
		select {
		case <-e.wake:
			t.Stop()
			return nil
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
		if now := e.cfg.Now(); now.Before(asked) {
			asked = now // the clock was set back
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// noWay tells that Amazon cannot be reached at all. As the answer to the first
// call of a run it spares the others the same wait.
func noWay(err error) bool {
	switch spapi.ClassOf(err) {
	case spapi.ErrOffline, spapi.ErrDNS, spapi.ErrTLS, spapi.ErrRedirect, spapi.ErrMalformed: // the last two: a network that asks to sign in
		return true
	}
	return false
}

// stateOf tells which errors end a whole connection until the seller acts.
func stateOf(err error) string {
	switch {
	case errors.Is(err, spapi.ErrRevoked), errors.Is(err, spapi.ErrRegion):
		return store.StateRevoked
	case errors.Is(err, spapi.ErrClientID), errors.Is(err, spapi.ErrClientSecret):
		return store.StateSecret
	}
	return ""
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func compare(pairs ...string) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			if pairs[i] < pairs[i+1] {
				return -1
			}
			return 1
		}
	}
	return 0
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
