package cli

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/ui/session"
)

type syncVerb struct {
	Once       bool     `help:"Stop when everything is up to date; without it, go on every five minutes."`
	Connection []string `help:"Only these connections." placeholder:"NAME"`
}

func (v *syncVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if s.Class == session.Real && !s.Confirmed() {
			return session.ErrNotConfirmed
		}
		p := newProgress(a.io.Err)
		engine := s.Engine(p.show, v.Connection...)
		if v.Once {
			r, err := engine.Once(a.ctx)
			if err != nil {
				return err
			}
			return a.ended(s, r)
		}
		return engine.Serve(a.ctx, func(r appsync.Result) {
			if err := a.ended(s, r); err != nil {
				fmt.Fprintln(a.io.Err, "countinghouse:", sentence(err))
			}
		})
	})
}

// ended purges what is due and turns a result into an error with its code.
func (a *app) ended(s *session.Session, r appsync.Result) error {
	if s.Book.People() != nil {
		if n, err := s.PurgePeople(a.ctx); err != nil {
			return fmt.Errorf("purge personal data: %w", err)
		} else if n > 0 {
			fmt.Fprintf(a.io.Err, "Deleted the personal data of %d orders whose time is over.\n", n)
		}
	}
	if r.Connections == 0 {
		return errors.New("no account is connected; connect one with connect")
	}
	if len(r.Failures) == 0 {
		return nil
	}
	whole := 0
	for _, f := range r.Failures {
		what := f.Connection
		if f.Resource != "" {
			what += " " + f.Resource
		} else {
			whole++
		}
		fmt.Fprintf(a.io.Err, "countinghouse: %s: %s\n", what, sentence(f.Err))
	}
	if whole == r.Connections {
		code := exitFailed
		for _, f := range r.Failures {
			if c := amazonCode(f.Err); c != exitFailed {
				code = c
			}
		}
		return withCode(code, errors.New("no connection could be brought up to date"))
	}
	return withCode(exitPartial, fmt.Errorf("%d of the sources could not be brought up to date; the others are", len(r.Failures)))
}

// progress prints how far a sync is, one line per step, and not more than one
// line a second for each source while it works.
type progress struct {
	mu   sync.Mutex
	w    io.Writer
	last map[string]time.Time
	wait map[string]time.Time
}

func newProgress(w io.Writer) *progress {
	return &progress{w: w, last: map[string]time.Time{}, wait: map[string]time.Time{}}
}

const (
	progressEvery = time.Second
	tellWaitFrom  = 5 * time.Second
)

func (p *progress) show(e appsync.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := e.Connection + " " + e.Resource
	line := func(format string, args ...any) {
		fmt.Fprintf(p.w, "%-24s "+format+"\n", append([]any{key}, args...)...)
	}
	switch e.Phase {
	case appsync.Started:
		p.last[key] = e.At
	case appsync.Working:
		if e.At.Sub(p.last[key]) < progressEvery || e.Done == 0 {
			return
		}
		p.last[key] = e.At
		if e.Total > e.Done {
			line("%d of %d", e.Done, e.Total)
		} else {
			line("%d so far", e.Done)
		}
	case appsync.Waiting:
		if e.NextCall.Sub(e.At) < tellWaitFrom || e.NextCall.Sub(p.wait[key]) < tellWaitFrom {
			return
		}
		p.wait[key] = e.NextCall
		line("waits for Amazon's limit until %s", e.NextCall.Local().Format(time.TimeOnly))
	case appsync.Done:
		line("done, %d stored", e.Done)
	case appsync.Resting:
		line("rests: %s", sentence(e.Err))
	case appsync.Failed:
		line("failed: %s", sentence(e.Err))
	case appsync.Stopped:
		line("stopped after %d; the next run goes on from there", e.Done)
	}
}
