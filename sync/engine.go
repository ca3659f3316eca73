package appsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// DefaultLookBack is how far back a first sync goes: 18 months, the longest
// that Amazon's data protection policy lets order data be kept.
const DefaultLookBack = 548 * 24 * time.Hour

// Interval is the time between two runs of Serve: a new order shows within it.
const Interval = 5 * time.Minute

// Config is what an Engine needs.
type Config struct {
	Book *store.Book
	// Client makes the client of a connection. Its limits and calls are kept
	// by Limits and Calls of this package.
	Client func(context.Context, store.Connection, func(op spapi.Op, until time.Time)) (*spapi.Client, error)
	// Report is told of progress, by several goroutines at once; may be nil.
	Report func(Event)
	// Only narrows a run to these connections; empty means all.
	Only      []string
	Resources []Resource    // nil means All()
	LookBack  time.Duration // 0 means DefaultLookBack
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // between runs, and while Amazon makes a report
}

// Engine syncs the connections of one book.
type Engine struct {
	cfg Config
	mu  sync.Mutex // one run at a time
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
	return &Engine{cfg: cfg}
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

// Serve syncs now and then every Interval until ctx ends. One run's failures
// do not stop the next.
func (e *Engine) Serve(ctx context.Context, after func(Result)) error {
	for {
		r, err := e.Once(ctx)
		if err != nil {
			return err
		}
		after(r)
		if err := e.cfg.Sleep(ctx, Interval); err != nil {
			return err
		}
	}
}

// Once brings every connection up to date, side by side, and returns when all
// have ended. A connection that fails leaves the others working. The error is
// ctx's, or the book's own.
func (e *Engine) Once(ctx context.Context) (Result, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all, err := e.cfg.Book.Connections(ctx)
	if err != nil {
		return Result{}, err
	}
	var r Result
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, c := range all {
		if c.Kind != store.KindAPI || (len(e.cfg.Only) > 0 && !slices.Contains(e.cfg.Only, c.ID)) {
			continue
		}
		r.Connections++
		wg.Add(1)
		go func() {
			defer wg.Done()
			failures := e.connection(ctx, c)
			mu.Lock()
			defer mu.Unlock()
			r.Failures = append(r.Failures, failures...)
		}()
	}
	wg.Wait()
	slices.SortFunc(r.Failures, func(a, b Failure) int { return compare(a.Connection, b.Connection, a.Resource, b.Resource) })
	return r, ctx.Err()
}

// connection runs the resources of one connection, stage by stage. What the
// seller has to mend (permission, secret) stops it at once.
func (e *Engine) connection(ctx context.Context, c store.Connection) []Failure {
	client, err := e.cfg.Client(ctx, c, func(op spapi.Op, until time.Time) {
		e.cfg.Report(Event{Connection: c.ID, Resource: string(op), Phase: Waiting, NextCall: until, At: e.cfg.Now()})
	})
	if err != nil {
		return []Failure{{c.ID, "", err}}
	}
	defer client.Close()
	caller := ctx
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	var mu sync.Mutex
	var failures []Failure
	answers := false // Amazon has let us in
	ended := func(res Resource, err error) {
		mu.Lock()
		defer mu.Unlock()
		name := res.Name()
		if err == nil || errors.Is(err, context.Canceled) {
			answers = answers || (err == nil && name == nameParticipations)
			return
		}
		if spapi.StopsConnection(err) || res.Stage() == 0 && noWay(err) {
			stop(err)
			name = ""
		}
		if !slices.ContainsFunc(failures, func(f Failure) bool { return f.Resource == name }) {
			failures = append(failures, Failure{c.ID, name, err})
		}
	}
	for _, stage := range stages(e.cfg.Resources) {
		var wg sync.WaitGroup
		for _, res := range stage {
			wg.Add(1)
			go func() {
				defer wg.Done()
				ended(res, e.resource(ctx, c, client, res))
			}()
		}
		wg.Wait()
		if ctx.Err() != nil {
			break
		}
	}
	answers = answers || len(failures) == 0 && caller.Err() == nil
	return append(failures, e.noteState(context.WithoutCancel(ctx), c, failures, answers)...)
}

// noteState keeps on the connection whether it works. A connection that was
// stopped and now answers again is active again; one that nobody reached stays
// what it was.
func (e *Engine) noteState(ctx context.Context, c store.Connection, failures []Failure, answers bool) []Failure {
	state, reason := "", ""
	if answers {
		state = store.StateActive
	}
	for _, f := range failures {
		if s := stateOf(f.Err); f.Resource == "" && s != "" {
			state, reason = s, f.Err.Error()
		}
	}
	if state == "" {
		return nil
	}
	err := e.cfg.Book.Write(ctx, func(tx *store.Tx) error { return tx.SetConnectionState(c.ID, state, reason) })
	if err != nil {
		return []Failure{{c.ID, "", err}}
	}
	return nil
}

// resource runs one resource and notes how it went.
func (e *Engine) resource(ctx context.Context, c store.Connection, client *spapi.Client, res Resource) error {
	s := &Session{
		Book: e.cfg.Book, API: client, Conn: c, Now: e.cfg.Now(), LookBack: e.cfg.LookBack,
		resource: res.Name(), report: e.cfg.Report, clock: e.cfg.Now, sleep: e.cfg.Sleep,
	}
	if fresh, err := e.cfg.Book.Connection(ctx, c.ID); err == nil {
		s.Conn = fresh // a stage before may have learnt the seller id
	}
	var run int64
	err := e.cfg.Book.Write(ctx, func(tx *store.Tx) (err error) {
		run, err = tx.StartRun(c.ID, res.Name())
		return err
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", res.Name(), err)
	}
	s.event(Started, nil)
	err = res.Sync(spapi.WithPurpose(ctx, res.Name()), s)

	phase, result, sentence := Done, "done", ""
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		phase, result, sentence = Stopped, "stopped", "stopped; the next run goes on from here"
	case errors.Is(err, spapi.ErrRole):
		phase, result, sentence = Resting, "failed", err.Error()
	default:
		phase, result, sentence = Failed, "failed", err.Error()
	}
	noted := e.cfg.Book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.EndRun(run, s.pages, s.rows, result); err != nil {
			return err
		}
		return tx.SetSyncResult(c.ID, res.Name(), sentence)
	})
	s.event(phase, err)
	return errors.Join(err, noted)
}

// noWay tells that Amazon cannot be reached at all. As the answer to the first
// call of a run it spares the others the same wait.
func noWay(err error) bool {
	switch spapi.ClassOf(err) {
	case spapi.ErrOffline, spapi.ErrDNS, spapi.ErrTLS:
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

func stages(all []Resource) [][]Resource {
	byStage := map[int][]Resource{}
	var order []int
	for _, r := range all {
		if byStage[r.Stage()] == nil {
			order = append(order, r.Stage())
		}
		byStage[r.Stage()] = append(byStage[r.Stage()], r)
	}
	slices.Sort(order)
	var out [][]Resource
	for _, n := range order {
		out = append(out, byStage[n])
	}
	return out
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
