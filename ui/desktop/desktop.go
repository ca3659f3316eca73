package desktop

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// DemoSeller says which seller the demo invents. Zero values are 20,000 orders
// of 548 days, seed 1, at 100 times Amazon's speed.
type DemoSeller struct {
	Orders, Days int
	Seed         int64
	Speed        float64
}

func (s DemoSeller) withDefaults() DemoSeller {
	if s.Orders == 0 {
		s.Orders = 20_000
	}
	if s.Days == 0 {
		s.Days = 548
	}
	if s.Seed == 0 {
		s.Seed = 1
	}
	if s.Speed == 0 {
		s.Speed = 100
	}
	return s
}

// Params are what the window needs from the program.
type Params struct {
	App   fyne.App
	Place session.Place
	// Post runs a function on the UI goroutine later and never waits: fyne.Do.
	Post     func(func())
	Language string // the system's, such as "de-AT"; a book's own choice comes first
	Book     string // the book to open; empty: the only one, or a list to choose from
	Demo     DemoSeller
	// StartDemo makes the demo book at once, as a click on its door does.
	StartDemo bool
	// Ahead begins to open the book that Start will show while the window is
	// being made, where the key store opens it.
	Ahead bool
	Now   func() time.Time // nil means time.Now
}

// Desktop is the window: one page at a time, which is the first start, a page
// to unlock a book, or the frame of an open book. All methods belong to the UI
// goroutine.
type Desktop struct {
	p      Params
	window fyne.Window
	words  *i18n.Words
	loc    *format.Locale

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup // goroutines of pages; a frame has its own

	early *earlyBook // nil unless a book is being opened ahead
	// unshown is the book that a page has opened and that is not in the frame
	// yet, nil if none: what would show it is dropped when the window ends.
	unshown atomic.Pointer[session.Session]
	frame   *frame // nil while no book is open
	hidden  bool   // amounts are dots, in every book until shown again
	page    pageID
	turn    int // counts pages: what belongs to an older one is dropped
}

// pageID names what the window shows.
type pageID string

const (
	pageDoors    pageID = "doors"
	pageBooks    pageID = "books"
	pageUnlock   pageID = "unlock"
	pageCreate   pageID = "create"
	pageRecovery pageID = "recovery"
	pageWorking  pageID = "working"
	pageFrame    pageID = "frame"
	pageLocked   pageID = "locked"
)

// New makes the window. Nothing is opened before Start, unless p.Ahead says so.
func New(p Params) *Desktop {
	if p.Now == nil {
		p.Now = time.Now
	}
	p.Demo = p.Demo.withDefaults()
	d := &Desktop{p: p}
	d.ctx, d.stop = context.WithCancel(context.Background())
	if p.Ahead {
		d.openAhead()
	}
	d.speak(p.Language)
	d.dress(look{})
	d.window = p.App.NewWindow("Countinghouse")
	d.window.SetPadded(false)
	d.window.SetIcon(icon("mark"))
	d.window.SetMaster()
	d.window.Resize(fyne.NewSize(1280, 800))
	d.window.SetCloseIntercept(d.Quit)
	d.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { d.dropped(files) })
	d.shortcuts()
	return d
}

// Window is the window, to be shown by the program.
func (d *Desktop) Window() fyne.Window { return d.window }

// Start shows the first page and begins to open a book.
func (d *Desktop) Start() {
	if d.p.StartDemo {
		d.startDemo()
		return
	}
	if d.early != nil {
		d.startEarly(d.early)
		return
	}
	d.begin(true)
}

// Quit closes the open book and then the window. What runs is stopped; all that
// was stored stays. A wipe is waited for: it takes seconds, and what it tells at
// its end is told only once.
func (d *Desktop) Quit() {
	if d.frame != nil && d.frame.wiping {
		return
	}
	d.leave(func() {
		d.stop()
		d.window.Close()
	})
}

// Close ends all goroutines of the window and closes the book that is still
// open, as after a signal. The window's loop has ended; what is posted from now
// on must be dropped.
func (d *Desktop) Close() {
	d.stop()
	if f := d.frame; f != nil {
		d.frame = nil
		f.cancel()
		f.closeScreens()
		f.end(context.WithoutCancel(f.env.ctx), !f.wiping, f.prefs)
	}
	d.work.Wait()
	if e := d.early; e != nil && e.err == nil {
		_ = e.book.s.Close() // nothing was written
	}
	if s := d.unshown.Swap(nil); s != nil {
		_ = s.Close() // the same
	}
}

// leave closes the open book, if any, and then calls next.
func (d *Desktop) leave(next func()) {
	f := d.frame
	if f == nil {
		next()
		return
	}
	d.frame = nil
	d.showWorking(d.words.T("frame.closing"))
	f.close(next)
}

// speak chooses the language of all pages from now on.
func (d *Desktop) speak(tag string) {
	if tag == "" {
		tag = d.p.Language
	}
	d.words, d.loc = i18n.For(tag), format.For(tag).Hide(d.hidden)
}

// dress sets the look of all pages from now on. A font that cannot be read is
// left out, and the error tells.
func (d *Desktop) dress(l look) error {
	o, err := l.options()
	if o.Regular == nil {
		o.Regular, o.Bold = theme.EastAsian(cmp.Or(l.Language, d.p.Language))
	}
	d.p.App.Settings().SetTheme(theme.New(o))
	return err
}

// later runs work on a goroutine, and what it returns on the UI goroutine,
// unless another page was shown meanwhile.
func (d *Desktop) later(work func(ctx context.Context) func()) {
	turn := d.turn
	d.work.Add(1)
	go func() {
		defer d.work.Done()
		then := work(d.ctx)
		d.p.Post(func() {
			if turn == d.turn && then != nil {
				then()
			}
		})
	}()
}

// show puts a page into the window.
func (d *Desktop) show(id pageID, content fyne.CanvasObject) {
	d.page = id
	d.turn++
	d.window.SetContent(content)
}

// opened is a book with what the frame shows of it at first.
type opened struct {
	s     *session.Session
	facts bookFacts
	prefs prefs
	look  look
	ahead *overviewAhead // nil unless the first screen is read ahead
}

// readOpened reads what the frame needs, off the UI goroutine.
func readOpened(ctx context.Context, s *session.Session) (opened, error) {
	facts, err := readFacts(ctx, s.Book)
	if err != nil {
		return opened{}, errors.Join(err, s.Close())
	}
	return opened{s: s, facts: facts, prefs: readPrefs(ctx, s.Book), look: readLook(ctx, s.Book)}, nil
}

// enter shows the frame of an open book. start, which may be nil, runs once the
// frame stands.
func (d *Desktop) enter(o opened, start func(*frame)) {
	d.speak(o.look.Language)
	fontErr := d.dress(o.look)
	f := newFrame(d, o)
	d.unshown.CompareAndSwap(o.s, nil)
	f.follow(o.ahead)
	d.frame = f
	d.window.SetTitle(o.s.Name + " - Countinghouse")
	d.show(pageFrame, f.content)
	f.begin()
	if fontErr != nil {
		f.env.notify(fontErr.Error())
	}
	tellDamage(f.env, o.s.Book.Damage())
	if start != nil {
		start(f)
	}
}
