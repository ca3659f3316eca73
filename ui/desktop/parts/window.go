package parts

import (
	"context"
	"sync"
	"sync/atomic"
)

const (
	pageRows = 128 // rows asked for at a time
	maxPages = 24  // kept: about 3,000 rows, whatever the table's length
)

// window holds the pages of a Source that are or were last on screen, and
// loads what is missing. All methods but the loader's body belong to the UI
// goroutine.
type window[R any] struct {
	ctx     context.Context // ends with the screen
	post    func(func())
	changed func()      // pages or count are new
	failed  func(error) // a load went wrong; shown rows stay

	source     Source[R]
	order      Order
	count      int
	known      bool // count is
	pages      map[int]page[R]
	generation int  // of source, order and reload; older answers are dropped
	broken     bool // the last load failed; scrolling does not hammer the source

	first, last int // rows wanted
	loading     int // page being loaded, or one of the two below
	cancel      context.CancelFunc
	closed      bool
	wait        sync.WaitGroup
	reading     *atomic.Int32 // one more while a load is under way; nil: nobody asks
}

const (
	idle     = -1
	counting = -2
)

type page[R any] struct {
	rows       []R
	generation int
}

func newWindow[R any](ctx context.Context, post func(func()), changed func(), failed func(error)) *window[R] {
	return &window[R]{ctx: ctx, post: post, changed: changed, failed: failed, loading: idle, pages: map[int]page[R]{}}
}

// reset starts over with a source and an order. With keep, the rows shown
// stay until new ones come: it is the same list, asked again.
func (w *window[R]) reset(source Source[R], order Order, keep bool) {
	w.stop()
	w.source, w.order, w.broken = source, order, false
	w.generation++
	if !keep {
		w.pages, w.known, w.count = map[int]page[R]{}, false, 0
	}
	w.load(counting)
}

// row returns a row, or false while it is not loaded.
func (w *window[R]) row(i int) (row R, ok bool) {
	p := w.pages[i/pageRows]
	if i < 0 || i%pageRows >= len(p.rows) {
		return row, false
	}
	return p.rows[i%pageRows], true
}

// want says which rows are on screen now.
func (w *window[R]) want(first, last int) {
	w.first, w.last = max(first, 0), last
	w.next()
}

// next loads the first missing page on screen, if any. A load of a page that
// has left the screen is given up.
func (w *window[R]) next() {
	if !w.known || w.closed || w.broken || w.source == nil {
		return
	}
	for n := w.first / pageRows; n <= min(w.last, w.count-1)/pageRows && w.count > 0; n++ {
		if p, ok := w.pages[n]; ok && p.generation == w.generation {
			continue
		}
		if w.loading == n || w.loading == counting {
			return
		}
		w.stop()
		w.load(n)
		return
	}
}

func (w *window[R]) stop() {
	if w.cancel != nil {
		w.cancel()
		w.cancel = nil
	}
	w.loading = idle
}

// load asks the source for a page, or for the count.
func (w *window[R]) load(what int) {
	if w.closed || w.source == nil {
		return
	}
	ask, generation := w.ask(what), w.generation
	if _, ok := w.source.(immediate); ok {
		w.loading = what
		ask(w.ctx)()
		return
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.loading, w.cancel = what, cancel
	w.underWay(1)
	w.wait.Go(func() {
		done := ask(ctx)
		if ctx.Err() != nil {
			w.underWay(-1)
			return
		}
		w.post(func() {
			defer w.underWay(-1) // it is read once it is shown
			cancel()
			if generation == w.generation && w.loading == what {
				done()
			}
		})
	})
}

func (w *window[R]) underWay(n int32) {
	if w.reading != nil {
		w.reading.Add(n)
	}
}

// ask returns the part of a load that runs elsewhere; what it returns in turn
// runs on the UI goroutine. It copies all it needs now.
func (w *window[R]) ask(what int) func(context.Context) func() {
	source, order, generation := w.source, w.order, w.generation
	if what == counting {
		return func(ctx context.Context) func() {
			n, err := source.Count(ctx)
			return func() { w.counted(n, err) }
		}
	}
	return func(ctx context.Context) func() {
		rows, err := source.Rows(ctx, order, what*pageRows, pageRows)
		return func() { w.loaded(what, page[R]{rows, generation}, err) }
	}
}

func (w *window[R]) counted(n int, err error) {
	w.loading, w.cancel = idle, nil
	if err != nil {
		w.broken = true
		w.failed(err)
		return
	}
	w.count, w.known = max(n, 0), true
	w.changed()
	w.next()
}

func (w *window[R]) loaded(n int, p page[R], err error) {
	w.loading, w.cancel = idle, nil
	if err != nil {
		w.broken = true
		w.failed(err)
		return
	}
	w.pages[n] = p
	w.evict(n)
	w.changed()
	w.next()
}

// evict drops the pages farthest from page n.
func (w *window[R]) evict(n int) {
	for len(w.pages) > maxPages {
		far, distance := n, -1
		for i := range w.pages {
			if d := max(i-n, n-i); d > distance {
				far, distance = i, d
			}
		}
		delete(w.pages, far)
	}
}

// close ends the loader and waits for it. post must not wait for the caller.
func (w *window[R]) close() {
	w.closed = true
	w.stop()
	w.wait.Wait()
}
