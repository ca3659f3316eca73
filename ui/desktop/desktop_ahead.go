package desktop

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"countinghouse/data/store"
	"countinghouse/data/vault"
)

// earlyBook is a book that is opened before somebody asks for it.
type earlyBook struct {
	name string
	done chan struct{} // closed when the two below are set
	book opened
	err  error
}

// openAhead begins to open the book that Start will show, where the key store
// opens it, while the window is still being made: neither needs the other, and
// both take a while.
func (d *Desktop) openAhead() {
	name := d.p.Book
	if names, err := d.p.Place.Home.Books(); err == nil && name == "" && len(names) == 1 {
		name = names[0]
	}
	info, err := vault.ReadInfo(filepath.Join(d.p.Place.Home.BookDir(name), store.KeysFile))
	if d.p.StartDemo || name == "" || err != nil || !waysOf(info.Slots).keychain {
		return
	}
	e := &earlyBook{name: name, done: make(chan struct{})}
	d.early = e
	d.work.Go(func() {
		o, err := openBook(d.ctx, d.p.Place, name, vault.ByKeychain())
		if err == nil {
			o.ahead = newOverviewAhead(d.ctx, o, d.p.Now())
		}
		e.book, e.err = o, err
		close(e.done)
		if o.ahead != nil {
			o.ahead.read(o.s.Book)
		}
	})
}

// earlyPatience is how long the window stays empty for a book that is being
// opened ahead. The page that asks for a passphrase takes as long to make and to
// paint as the book takes to open, and would go again at once.
const earlyPatience = 300 * time.Millisecond

// startEarly shows the book that is opened ahead as soon as it is open, or the
// page that unlocks it when that fails or takes long.
func (d *Desktop) startEarly(e *earlyBook) {
	if d.enterEarly(e) {
		return
	}
	d.later(func(ctx context.Context) func() {
		select {
		case <-e.done:
		case <-time.After(earlyPatience):
		case <-ctx.Done():
		}
		return func() {
			if !d.enterEarly(e) {
				d.begin(true)
			}
		}
	})
}

// enterEarly shows the book if it is open.
func (d *Desktop) enterEarly(e *earlyBook) bool {
	select {
	case <-e.done:
	default:
		return false
	}
	if e.err != nil || d.early != e {
		return false
	}
	d.early = nil
	d.enter(e.book, nil)
	return true
}

// overviewAhead is what the overview shows at first, read before the overview
// asks for it.
type overviewAhead struct {
	query  overviewQuery
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{} // closed when the two below are set
	data   overviewData
	err    error
}

// newOverviewAhead is nil when the book will show another screen first.
func newOverviewAhead(ctx context.Context, o opened, now time.Time) *overviewAhead {
	if o.prefs.firstScreen() != "overview" {
		return nil
	}
	a := &overviewAhead{query: overviewQueryOf(filterOf(o.prefs.Period, o.prefs.Markets, now, o.facts), "", now), done: make(chan struct{})}
	a.ctx, a.cancel = context.WithCancel(ctx)
	return a
}

func (a *overviewAhead) read(book *store.Book) {
	defer close(a.done)
	a.data, a.err = overviewLoad(a.ctx, book, a.query)
}

// load is overviewLoad, which takes what was read ahead if it was read for the
// same question. It may be nil.
func (a *overviewAhead) load(ctx context.Context, book *store.Book, q overviewQuery) (overviewData, error) {
	if a == nil || !a.answers(q) {
		return overviewLoad(ctx, book, q)
	}
	select {
	case <-a.done:
		return a.data, a.err
	case <-ctx.Done():
		return overviewData{}, ctx.Err()
	}
}

// answers tells whether a question is the one asked ahead. What is due or
// running out may be a minute older than the screen.
func (a *overviewAhead) answers(q overviewQuery) bool {
	return a.query.Span == q.Span && a.query.Currency == q.Currency && slices.Equal(a.query.Marketplaces, q.Marketplaces) &&
		q.Now.Sub(a.query.Now).Abs() < time.Minute
}

// follow ends the reading with a frame's context, and keeps the book open until
// it has ended.
func (f *frame) follow(a *overviewAhead) {
	if a == nil {
		return
	}
	f.env.ahead = a
	context.AfterFunc(f.env.ctx, a.cancel)
	f.work.Go(func() { <-a.done })
}
