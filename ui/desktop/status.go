package desktop

import (
	"context"
	"sync"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// throttle lets a goroutine change what the UI shows without flooding it: many
// changes become one call.
type throttle struct {
	mu      sync.Mutex
	pending []func()
	post    func(func())
	then    func()
}

func newThrottle(post func(func()), then func()) *throttle {
	return &throttle{post: post, then: then}
}

// do queues a change for the UI goroutine; the last of those that wait counts.
func (t *throttle) do(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending = append(t.pending, change)
	if len(t.pending) > 1 {
		return
	}
	time.AfterFunc(throttleEvery, func() { t.post(t.flush) })
}

// throttleEvery is how often the status line changes at most: each change paints
// the whole window, which costs where a processor has to paint.
const throttleEvery = 250 * time.Millisecond

func (t *throttle) flush() {
	t.mu.Lock()
	changes := t.pending
	t.pending = nil
	t.mu.Unlock()
	for _, c := range changes {
		c()
	}
	if len(changes) > 0 {
		t.then()
	}
}

// syncer keeps the book up to date: now, every few minutes, and when asked. It
// owns one goroutine, which ends with the book.
type syncer struct {
	f        *frame
	model    syncModel // UI goroutine
	throttle *throttle
	engine   *appsync.Engine
	done     chan struct{} // closed when the goroutine has ended
	shownAt  time.Time     // last reload while the first data come in
	first    bool          // the run fills an empty book

	mu   sync.Mutex
	stop context.CancelFunc // of the run that goes on
	turn sync.Mutex         // held by a run, and by pause

	// once is one run; the demo's first one is another.
	once func(ctx context.Context, report func(appsync.Event)) (appsync.Result, error)
	// able tells whether there is anything to sync with.
	able bool
}

func newSyncer(f *frame) *syncer {
	y := &syncer{f: f, able: f.s.Class != session.Demo}
	y.throttle = newThrottle(f.env.post, y.changed)
	f.s.Notify = y.notice
	y.engine = f.s.Engine(y.report)
	began := false
	y.once = func(ctx context.Context, _ func(appsync.Event)) (appsync.Result, error) {
		if began { // what was opened since must not ask for everything else again
			return y.engine.Pending(ctx)
		}
		began = true
		return y.engine.Once(ctx)
	}
	return y
}

// start begins to sync by itself, where the book can.
func (y *syncer) start() {
	if !y.able || y.done != nil || y.f.s.Class == session.Real && !y.f.s.Confirmed() {
		return
	}
	y.done = make(chan struct{})
	go y.loop(y.f.env.ctx)
}

// wait returns when the goroutine has ended, after the book's context has.
func (y *syncer) wait() {
	if y.done != nil {
		<-y.done
	}
}

func (y *syncer) loop(ctx context.Context) {
	defer close(y.done)
	for ctx.Err() == nil {
		y.rest(ctx, y.run(ctx))
	}
}

// report follows the run that goes on, from any goroutine.
func (y *syncer) report(e appsync.Event) { y.throttle.do(func() { y.model.event(e) }) }

// run is one run, and what belongs to its end; stopped tells that the user
// ended it.
func (y *syncer) run(parent context.Context) (stopped bool) {
	y.turn.Lock()
	defer y.turn.Unlock()
	ctx, stop := context.WithCancel(parent)
	defer stop()
	y.mu.Lock()
	y.stop = stop
	y.mu.Unlock()

	book := y.f.s.Book
	accounts := 0
	if all, err := book.Connections(ctx); err == nil {
		for _, c := range all {
			if c.Kind == "api" {
				accounts++
			}
		}
	}
	y.f.env.post(func() {
		y.first = y.f.facts.LastOK.IsZero()
		y.model.begin(max(accounts, 1), y.first && accounts > 0)
		y.model.began = y.f.d.p.Now()
		y.changed()
	})
	result, err := y.once(ctx, y.report)
	if ctx.Err() != nil && parent.Err() == nil {
		stopped, err = true, nil // the next run goes on
	}
	if err == nil && ctx.Err() == nil {
		if _, failed := appsync.RefreshRates(ctx, book, appsync.RateSource{}); failed != nil && ctx.Err() == nil {
			y.f.env.post(func() { y.f.notify(errorLine(failed)) }) // the sync itself went well
		}
	}
	if err == nil && book.People() != nil && ctx.Err() == nil {
		_, err = y.f.s.PurgePeople(ctx)
	}
	if parent.Err() == nil && err == nil {
		err = y.f.s.SettleKeys(parent)
	}
	if parent.Err() != nil {
		return stopped
	}
	at := y.f.d.p.Now()
	next := y.next(parent, at)
	y.f.env.post(func() {
		y.model.end(result, err, at, next)
		y.f.ranOnce()
	})
	return stopped
}

// ask syncs now, unless a run goes on.
func (y *syncer) ask() {
	if y.done == nil {
		y.start()
		return
	}
	y.engine.Want()
}

// cancelRun stops the run that goes on; the next one goes on from there.
func (y *syncer) cancelRun() {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.stop != nil {
		y.stop()
	}
}

// pause stops the run, does something while nothing syncs, and syncs again.
func (y *syncer) pause(do func()) {
	y.cancelRun()
	y.turn.Lock()
	do()
	y.turn.Unlock()
	if y.done != nil {
		y.engine.Want()
	}
}

// reloadEvery is how often the screen is loaded again while the first data of
// a book come in.
const reloadEvery = 10 * time.Second

// changed shows how far the run is.
func (y *syncer) changed() {
	f := y.f
	if f.d.frame != f || f.locked {
		return
	}
	f.title(y.model.fetching)
	f.showStatus()
	if now := f.d.p.Now(); y.model.running && y.first && now.Sub(y.shownAt) > reloadEvery {
		if !y.shownAt.IsZero() {
			f.refresh()
		}
		y.shownAt = now
	}
}

func (y *syncer) status() parts.Status {
	f := y.f
	if f.s.Class == session.Real && f.facts.Connected && y.done == nil && !f.s.Confirmed() {
		return parts.Status{Tone: parts.Warn, Sentence: f.d.words.T("frame.confirm_first"), Note: f.d.words.T("frame.private")}
	}
	return y.model.status(f.facts, f.d.p.Now(), f.d.words, f.d.loc)
}

// ranOnce shows what a run brought.
func (f *frame) ranOnce() {
	if f.d.frame != f {
		return
	}
	f.notice = ""
	f.title(false)
	if f.locked {
		return
	}
	f.refresh()
}

// title names the book, and the syncing, where other windows cover this one.
func (f *frame) title(syncing bool) {
	if f.d.frame != f {
		return
	}
	text := f.s.Name + " - Countinghouse"
	if syncing {
		text = f.s.Name + " - " + f.d.words.T("frame.syncing") + " - Countinghouse"
	}
	if f.d.window.Title() != text {
		f.d.window.SetTitle(text)
	}
}
