package appsync

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// round is one run of the engine. One goroutine owns it and starts a goroutine
// for every source that is due; they tell it when they end. While a slow
// source goes on, the others are asked again as often as they are due.
type round struct {
	e        *Engine
	force    func(Resource) bool // nil: what is due or wanted, and stopped connections
	tell     func(Result)        // of a long run, now and then; may be nil
	told     time.Time
	accounts []*account
	clients  clients
	ends     chan ending
	running  int
}

// account is a connection in a round.
type account struct {
	conn     store.Connection
	client   *spapi.Client
	ctx      context.Context
	stop     context.CancelCauseFunc
	sources  []*source
	tried    bool
	refused  bool // Amazon let nothing through: its client is of no more use
	answers  bool // Amazon has let us in
	failures []Failure
	told     int // failures that were told already
}

// source is a resource of an account in a round.
type source struct {
	res     Resource
	account *account
	place   int          // in the list: the order in which sources are served
	urgent  atomic.Int32 // 1: the user waits for it
	next    time.Time    // not before; zero: at once
	fails   int          // runs that failed since the last good one
	fresh   time.Time    // end of its last good run; zero: never
	last    time.Time    // end of its last run
	forced  bool         // runs in this round whatever its time
	alone   bool         // goes first of all: an order that the user looks at
	running bool
	ended   bool // once in this round
}

type ending struct {
	source *source
	plan   store.Scheduled
	err    error
}

// run is one round over all connections.
func (e *Engine) run(ctx context.Context, held clients, force func(Resource) bool, tell func(Result)) (Result, error) {
	e.turn.Lock()
	defer e.turn.Unlock()
	r := &round{e: e, clients: held, force: force, tell: tell, told: e.cfg.Now(), ends: make(chan ending)}
	if err := r.open(ctx); err != nil {
		return Result{}, err
	}
	for {
		r.want()
		r.start()
		if r.running == 0 {
			break
		}
		r.wait(ctx)
	}
	return r.close(ctx)
}

// open reads what each connection has to do.
func (r *round) open(ctx context.Context) error {
	connections, err := r.e.connections(ctx)
	if err != nil {
		return err
	}
	known, err := readBook(ctx, r.e.cfg.Book)
	if err != nil {
		return err
	}
	for _, c := range connections {
		a := &account{conn: c}
		a.ctx, a.stop = context.WithCancelCause(ctx)
		for i, res := range r.e.cfg.Resources {
			s := &source{res: res, account: a, place: i}
			if r.force != nil {
				s.forced = r.force(res)
			} else {
				s.forced = res.Stage() == 0 && c.State != store.StateActive
			}
			k := sourceKey{c.ID, res.Name()}
			s.next, s.fails, s.fresh, s.last = known.next[k], known.fails[k], known.states[k].OK, known.last(k)
			a.sources = append(a.sources, s)
		}
		r.accounts = append(r.accounts, a)
	}
	return nil
}

// connections are those to be synced: signed in, and not paused.
func (e *Engine) connections(ctx context.Context) ([]store.Connection, error) {
	all, err := e.cfg.Book.Connections(ctx)
	return slices.DeleteFunc(all, func(c store.Connection) bool {
		return c.Kind != store.KindAPI || c.State == store.StatePaused || (len(e.cfg.Only) > 0 && !slices.Contains(e.cfg.Only, c.ID))
	}), err
}

// freshFor is how long what was fetched is good enough for a user who asks, so
// that clicking to and fro spends nothing.
// Amazon refuses a daily report that was asked for within four hours.
func freshFor(r Resource) time.Duration {
	if every(r) >= 24*time.Hour {
		return 4 * time.Hour
	}
	return min(max(every(r)/6, 2*time.Minute), 10*time.Minute)
}

// want puts what the user waits for first.
func (r *round) want() {
	wants, now := r.e.wanted(), r.e.cfg.Now()
	for _, a := range r.accounts {
		for _, s := range a.sources {
			if s.res.Name() == nameRecipients && !s.running && r.e.anyOpened(a.conn.ID) {
				s.urgent.Store(1)
				s.forced, s.alone = true, true
			}
			if !wants[s.res.Name()] {
				continue
			}
			s.urgent.Store(1)
			if age := now.Sub(s.fresh); !s.running && (age > freshFor(s.res) || age < 0) {
				s.forced = true
			}
		}
	}
}

// start lets every source go that is due and has what it needs.
func (r *round) start() {
	now := r.e.cfg.Now()
	again := r.tell != nil || r.firstLeft(now)
	for _, a := range r.accounts {
		for _, s := range a.sources {
			if s.ended && (!again || r.tell == nil && s.keeps()) {
				continue
			}
			if s.due(now) && s.may(now, r.e.cfg.Everything, r.tell == nil) && r.ready(a) {
				s.running, s.forced = true, false
				r.running++
				go func() {
					plan, err := r.e.resource(a.ctx, s)
					r.ends <- ending{s, plan, err}
				}()
			}
		}
	}
}

// keeps tells whether what a source brought is good enough until a single run ends,
// however long others take: it ended well, does not change by the minute, and nobody
// waits for it.
func (s *source) keeps() bool { return s.fails == 0 && !s.forced && every(s.res) > Interval }

// firstLeft tells whether a source has still to end once. A single run goes on for
// no other: sources that Amazon keeps waiting for hours would have one of the quick
// ones due always.
func (r *round) firstLeft(now time.Time) bool {
	for _, a := range r.accounts {
		for _, s := range a.sources {
			if !s.ended && (s.running || s.due(now)) {
				return true
			}
		}
	}
	return false
}

// ready makes the account's client when it is needed first.
func (r *round) ready(a *account) bool {
	a.tried = true
	if a.client != nil {
		return true
	}
	id := a.conn.ID
	var err error
	a.client, err = r.clients.of(a.conn, func() (*spapi.Client, error) {
		return r.e.cfg.Client(a.ctx, a.conn, func(op spapi.Op, until time.Time) {
			r.e.cfg.Report(Event{Connection: id, Resource: string(op), Phase: Waiting, NextCall: until, At: r.e.cfg.Now()})
		})
	})
	if err != nil {
		a.failures = append(a.failures, Failure{id, "", errors.Join(err, r.postpone(a))})
		a.stop(err)
	}
	return err == nil
}

// postpone puts off what is due of an account that cannot be asked at all, as
// one without credentials.
func (r *round) postpone(a *account) error {
	now := r.e.cfg.Now()
	return r.e.cfg.Book.Write(context.WithoutCancel(a.ctx), func(tx *store.Tx) error {
		for _, s := range a.sources {
			if !s.due(now) {
				continue
			}
			s.fails++
			s.next = now.Add(retryAfter(s.res, s.fails, false))
			if err := tx.SetSchedule(store.Scheduled{Connection: a.conn.ID, Resource: s.res.Name(), Next: s.next, Failures: s.fails}); err != nil {
				return err
			}
		}
		return nil
	})
}

// due tells whether a source is to be asked now.
func (s *source) due(now time.Time) bool {
	return !s.running && s.account.ctx.Err() == nil && (s.forced || dueAt(s.next, s.last, now))
}

// may tells whether a source has what it needs: the sources that it follows
// have ended. Later runs wait for those only that it names itself. In a single run
// each is waited for once: one that Amazon keeps refusing is due again before the
// others had their turn.
func (s *source) may(now time.Time, everything, single bool) bool {
	a := s.account
	if a.conn.State != store.StateActive && !a.answers && s.res.Stage() > 0 && a.asksFirst() {
		return false // whether it lets us in again is asked first
	}
	for _, d := range a.sources {
		if d == s || !follows(s.res, d.res, single || d.fresh.IsZero()) || !d.running && !d.due(now) || single && d.ended ||
			s.alone && d.res.Stage() > 0 {
			continue
		}
		if named(s.res) || d.res.Stage() == 0 || everything || d.fresh.IsZero() && !d.ended {
			return false
		}
	}
	return true
}

// asksFirst tells whether there is a source that all others wait for.
func (a *account) asksFirst() bool {
	return slices.ContainsFunc(a.sources, func(s *source) bool { return s.res.Stage() == 0 })
}

func named(r Resource) bool { _, ok := r.(Following); return ok }

// follows tells whether r waits for d. first: d has not ended well yet, or all that
// is due has to be in when the run ends. Once the past is in, nobody waits for what
// is asked about it later.
func follows(r, d Resource, first bool) bool {
	if d.Name() == nameOrderReports && !first {
		return false
	}
	if f, ok := r.(Following); ok {
		return d.Stage() == 0 && r.Stage() > 0 || slices.Contains(f.After(), d.Name())
	}
	return d.Stage() < r.Stage()
}

// wait returns when there is something to do: a source has ended, is due, or
// is wanted.
func (r *round) wait(ctx context.Context) {
	now := r.e.cfg.Now()
	pause := slice
	for _, a := range r.accounts {
		for _, s := range a.sources {
			if d := s.next.Sub(now); !s.running && a.ctx.Err() == nil && d > 0 {
				pause = min(pause, d)
			}
		}
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	wake := r.e.wake
	if ctx.Err() != nil {
		wake = nil
	}
	select {
	case end := <-r.ends:
		r.ended(ctx, end)
	case <-wake:
	case <-t.C:
	}
	if now := r.e.cfg.Now(); r.tell != nil && now.Sub(r.told) > 2*Interval {
		r.told = now
		if news := r.result(); len(news.Failures) > 0 {
			r.tell(news)
		}
	}
}

// ended takes note of the end of a source. What the seller has to mend
// (permission, secret) stops the connection at once.
func (r *round) ended(ctx context.Context, end ending) {
	s, a := end.source, end.source.account
	r.running--
	s.running, s.ended, s.alone = false, true, false
	s.urgent.Store(0)
	s.next, s.fails, s.last = end.plan.Next, end.plan.Failures, r.e.cfg.Now()
	if now := r.e.cfg.Now(); end.err != nil && !s.next.After(now) {
		s.next = now.Add(Interval) // it could not be noted, as on a full disk
	}
	err, name := end.err, s.res.Name()
	switch {
	case err == nil:
		s.fresh = r.e.cfg.Now()
		if name == nameParticipations {
			a.answers = true
			a.conn.State = store.StateActive
			r.note(ctx, a, store.StateActive, "")
		}
		return
	case errors.Is(err, context.Canceled):
		return
	case errors.Is(err, errPaused):
		a.stop(err)
		return
	}
	if spapi.StopsConnection(err) || s.res.Stage() == 0 && noWay(err) {
		a.stop(err)
		name = ""
		a.answers, a.refused = false, true
		if state := stateOf(err); state != "" {
			r.note(ctx, a, state, err.Error())
		}
	}
	if !slices.ContainsFunc(a.failures, func(f Failure) bool { return f.Resource == name }) {
		a.failures = append(a.failures, Failure{a.conn.ID, name, err})
	}
}

// note keeps on the connection whether it works. A connection that was stopped
// and now answers again is active again; one that nobody reached stays what it
// was.
func (r *round) note(ctx context.Context, a *account, state, reason string) {
	err := r.e.cfg.Book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return tx.SetConnectionState(a.conn.ID, state, reason)
	})
	if err != nil {
		a.failures = append(a.failures, Failure{a.conn.ID, "", err})
	}
}

// result tells what failed since it was asked last.
func (r *round) result() Result {
	var out Result
	for _, a := range r.accounts {
		if a.tried {
			out.Connections++
		}
		out.Failures = append(out.Failures, a.failures[a.told:]...)
		a.told = len(a.failures)
	}
	slices.SortFunc(out.Failures, func(a, b Failure) int { return compare(a.Connection, b.Connection, a.Resource, b.Resource) })
	return out
}

// close ends the round; all its goroutines have ended.
func (r *round) close(ctx context.Context) (Result, error) {
	for _, a := range r.accounts {
		worked := slices.ContainsFunc(a.sources, func(s *source) bool { return s.ended })
		if worked && len(a.failures) == 0 && ctx.Err() == nil && context.Cause(a.ctx) == nil {
			r.note(ctx, a, store.StateActive, "")
		}
		a.stop(nil)
		if a.refused {
			r.clients.drop(a.conn.ID)
		}
	}
	if ctx.Err() != nil {
		return r.result(), ctx.Err()
	}
	return r.result(), r.e.tell(ctx)
}
