package desktop

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/sync/spapifake"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// frame is an open book: the rail, the header, one screen at a time, and the
// status line. UI goroutine only.
type frame struct {
	d      *Desktop
	s      *session.Session
	env    *env
	cancel context.CancelFunc
	work   sync.WaitGroup // goroutines that use the book

	facts bookFacts
	prefs prefs

	content fyne.CanvasObject
	rail    *parts.Rail
	header  *header
	body    *fyne.Container
	line    *parts.StatusLine

	built   map[string]builtScreen
	current route
	history []route

	sync   *syncer
	jobs   []*job
	notice string            // a short word in the status line
	untold []string          // how work failed while the book was locked
	seller *spapifake.Server // the demo seller's local Amazon, while a demo runs
	locked bool
	wiping bool // the book is being destroyed by the screen that is shown
}

type builtScreen struct {
	screen  screen
	content fyne.CanvasObject
}

func newFrame(d *Desktop, o opened) *frame {
	f := &frame{d: d, s: o.s, facts: o.facts, prefs: o.prefs, built: map[string]builtScreen{}}
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.env = &env{
		ctx: ctx, s: o.s, window: d.window, loc: d.loc, words: d.words, post: d.p.Post, now: d.p.Now,
		filter: f.filter, show: f.show, notify: f.notify, busy: f.busy, reload: f.reload, halt: f.halt,
		hidden: func() bool { return f.locked },
		want:   func(sources []string) { f.sync.wantSources(sources) }, opened: func(connection, order string) { f.sync.wantOrder(connection, order) },
	}
	f.sync = newSyncer(f)
	f.build()
	if o.prefs.Width >= theme.MinWindowWidth && o.prefs.Height >= theme.MinWindowHeight {
		d.window.Resize(fyne.NewSize(o.prefs.Width, o.prefs.Height))
	}
	return f
}

func (f *frame) build() {
	w := f.d.words
	var items []parts.RailItem
	for _, s := range screens {
		if s.rail {
			items = append(items, parts.RailItem{ID: s.id, Word: w.T("frame." + s.id), Icon: icon(s.id)})
		}
	}
	f.rail = parts.NewRail("Countinghouse", icon("mark"), items,
		[]parts.RailItem{f.amountsItem(), {ID: "lock", Word: w.T("frame.lock"), Icon: icon("lock"), Keys: w.T("frame.lock_keys")}}, f.picked)
	f.rail.SetNarrow(f.prefs.Narrow)
	f.header = newHeader(f)
	f.line = parts.NewStatusLine(func() { f.show(route{Screen: "timeline"}) }, f.cancelWork)
	f.body = container.NewStack()
	padded := container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space4), theme.Scaled(theme.Space4),
		theme.Scaled(20), theme.Scaled(20)), f.body)
	f.content = container.New(parts.Frame{}, f.rail, f.header.content, padded, f.line)
	if theme.Scaled(1) > 1 { // larger letters than the smallest window has room for
		f.content = parts.NewRoom(f.content, fyne.NewSize(theme.MinWindowWidth, theme.MinWindowHeight))
	}
}

// begin shows the screen that was open last and starts to sync.
func (f *frame) begin() {
	f.showStatus()
	f.show(route{Screen: f.prefs.firstScreen()})
	f.sync.start()
}

func (f *frame) picked(id string) {
	switch id {
	case "lock":
		f.lock()
	case amountsID:
		f.toggleAmounts()
	default:
		f.show(route{Screen: id})
	}
}

func (f *frame) filter() filter {
	return filterOf(f.prefs.Period, f.prefs.Markets, f.d.p.Now(), f.facts)
}

// show goes to another place; see route for what it may be.
func (f *frame) show(r route) {
	switch {
	case f.locked:
		return
	case r.Screen == "closed": // a screen has closed the session, to wipe the book
		f.abandon()
		return
	case r.Screen == "look":
		f.redress()
		return
	case r.Screen == "import":
		f.chooseFiles()
		return
	case r.Line != "":
		r.Screen = "lines"
	}
	if f.open(r) && f.current != r {
		if f.current.Screen != "" {
			f.history = append(f.history, f.current)
			f.history = f.history[max(0, len(f.history)-50):]
		}
		f.current = r
	}
}

// open puts the screen of a route into the body and loads it.
func (f *frame) open(r route) bool {
	b, ok := f.built[r.Screen]
	if !ok {
		s := f.make(r.Screen)
		if s == nil {
			return false
		}
		b = builtScreen{s, s.build()}
		f.built[r.Screen] = b
	}
	if r.Screen != f.current.Screen {
		f.d.window.Canvas().Unfocus() // keys are for what is shown
		f.sync.want(r.Screen)
	}
	f.body.Objects = []fyne.CanvasObject{b.content}
	f.body.Refresh()
	if e, ok := screenOf(r.Screen); ok && e.rail {
		f.rail.SetCurrent(r.Screen)
		if f.prefs.Screen != r.Screen {
			f.prefs.Screen = r.Screen
			f.savePrefs()
		}
	}
	f.header.setTitle(f.d.words.T("frame." + r.Screen))
	b.screen.load(r)
	return true
}

func (f *frame) make(id string) screen {
	switch id {
	case "lines":
		return newLines(f.env, f.back)
	case "connect":
		return newConnect(f.env, f)
	}
	if e, ok := screenOf(id); ok {
		return e.make(f.env)
	}
	return nil
}

// back goes to the place before this one.
func (f *frame) back() {
	if len(f.history) == 0 {
		return
	}
	r := f.history[len(f.history)-1]
	f.history = f.history[:len(f.history)-1]
	if f.open(r) {
		f.current = r
	}
}

// escaper is a screen that closes something of its own on Esc.
type escaper interface{ escape() bool }

func (f *frame) escape() {
	if b, ok := f.built[f.current.Screen]; ok {
		if e, ok := b.screen.(escaper); ok && e.escape() {
			return
		}
	}
	if e, ok := screenOf(f.current.Screen); !ok || !e.rail {
		f.back()
	}
}

// reload loads the current screen again: the book changed, or the filter.
func (f *frame) reload() {
	if b, ok := f.built[f.current.Screen]; ok && !f.locked {
		b.screen.load(f.current)
	}
}

// refresh reads the book's facts again, and then the current screen.
func (f *frame) refresh() {
	f.read(func(ctx context.Context) func() {
		facts, err := readFacts(ctx, f.s.Book)
		return func() {
			if err != nil {
				f.notify(errorLine(err))
				return
			}
			f.facts = facts
			f.header.update()
			f.showStatus()
			f.reload()
		}
	})
}

// read runs work on a goroutine of this book, and what it returns on the UI
// goroutine while the book is open.
func (f *frame) read(work func(ctx context.Context) func()) {
	f.work.Add(1)
	f.env.reading.Add(1)
	go func() {
		defer f.work.Done()
		then := work(f.env.ctx)
		if f.env.ctx.Err() != nil {
			f.env.reading.Add(-1)
			return
		}
		f.env.post(func() {
			defer f.env.reading.Add(-1)
			if f.d.frame == f && then != nil {
				then()
			}
		})
	}()
}

func (f *frame) savePrefs() {
	if size := f.d.window.Canvas().Size(); size.Width > 0 {
		f.prefs.Width, f.prefs.Height = size.Width, size.Height
	}
	p := f.prefs
	f.read(func(ctx context.Context) func() {
		if err := savePrefs(ctx, f.s.Book, p); err != nil && !errors.Is(err, context.Canceled) {
			return func() { f.notify(errorLine(err)) }
		}
		return nil
	})
}

// redress reads the look again and builds the frame anew in it.
func (f *frame) redress() {
	f.read(func(ctx context.Context) func() {
		l := readLook(ctx, f.s.Book)
		return func() {
			if f.locked {
				return // the page that hides the book stays
			}
			f.d.speak(l.Language)
			fontErr := f.d.dress(l)
			f.env.loc, f.env.words = f.d.loc, f.d.words
			f.closeScreens()
			f.build()
			f.header.update()
			f.d.window.SetContent(f.content)
			f.showStatus()
			if f.open(f.current); fontErr != nil {
				f.notify(errorLine(fontErr))
			}
		}
	})
}

func (f *frame) closeScreens() {
	for id, b := range f.built {
		b.screen.close()
		delete(f.built, id)
	}
}

// close ends everything that uses the book, closes it, and calls next.
func (f *frame) close(next func()) {
	f.shutdown(true, next)
}

// halt ends the sync, the jobs and the other screens, before the screen that is
// shown closes the book itself and destroys it, which is last. Nothing else may
// write into the book's folder from then on.
func (f *frame) halt(last func()) {
	f.wiping = true
	f.cancel()
	for id, b := range f.built {
		if id != f.current.Screen {
			b.screen.close()
			delete(f.built, id)
		}
	}
	f.d.work.Go(func() {
		f.sync.wait()
		f.work.Wait()
		last()
	})
}

// abandon is close after a screen has closed the session itself.
func (f *frame) abandon() {
	f.d.frame = nil
	f.d.showWorking(f.d.words.T("frame.closing"))
	f.shutdown(false, func() { f.d.begin(false) })
}

func (f *frame) shutdown(session bool, next func()) {
	p, ctx := f.prefs, context.WithoutCancel(f.env.ctx)
	if size := f.d.window.Canvas().Size(); size.Width >= theme.MinWindowWidth {
		p.Width, p.Height = size.Width, size.Height
	}
	f.cancel()
	f.closeScreens()
	f.d.work.Add(1)
	go func() {
		defer f.d.work.Done()
		f.end(ctx, session, p)
		f.d.p.Post(next)
	}()
}

// end waits for what uses the book, and closes it. It runs on any goroutine,
// once the frame's context has ended and its screens are closed.
func (f *frame) end(ctx context.Context, session bool, p prefs) {
	f.sync.wait()
	f.work.Wait()
	if f.seller != nil {
		_ = f.seller.Close()
	}
	if session {
		// What fails here was stored before; the next opening tells.
		_ = savePrefs(ctx, f.s.Book, p)
		_ = f.s.SettleKeys(ctx)
		_ = f.s.Close()
	}
}
