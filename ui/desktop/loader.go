package desktop

import (
	"context"
	"errors"
	"sync"
)

// loader runs the queries of one screen, one at a time: a newer load cancels
// the older, whose result is dropped. UI goroutine only.
type loader struct {
	env     *env
	cancel  context.CancelFunc
	current int
	wg      sync.WaitGroup
}

// run calls work on a goroutine. What work returns is called on the UI
// goroutine, unless a newer load began meanwhile; failed gets the error.
func (l *loader) run(work func(ctx context.Context) (show func(), err error), failed func(error)) {
	l.stop()
	ctx, cancel := context.WithCancel(l.env.ctx)
	l.cancel = cancel
	l.current++
	mine := l.current
	l.wg.Add(1)
	l.env.reading.Add(1)
	go func() {
		defer l.wg.Done()
		show, err := work(ctx)
		if errors.Is(err, context.Canceled) {
			l.env.reading.Add(-1)
			return
		}
		l.env.post(func() {
			defer l.env.reading.Add(-1) // it is read once it is shown
			switch {
			case mine != l.current:
			case err != nil:
				failed(err)
			default:
				show()
			}
		})
	}()
}

func (l *loader) stop() {
	if l.cancel != nil {
		l.cancel()
	}
	l.current++
}

// close cancels and waits.
func (l *loader) close() {
	l.stop()
	l.wg.Wait()
}
