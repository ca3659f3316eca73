package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	appsync "countinghouse/sync"
)

const (
	// progressEvery is the least time between two lines of one account.
	progressEvery = time.Second
	tellWaitFrom  = 5 * time.Second
)

// progress prints how far a sync is: for each account not more than one line a
// second, which names all that it works on. Failures are told at the end, with
// what to do.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	accounts map[string]*account
}

// account is what was told of one connection.
type account struct {
	printed time.Time
	working map[string]string // resource: how far it is
	done    []string          // since the last line
	waits   map[string]time.Time
}

func newProgress(w io.Writer) *progress {
	return &progress{w: w, accounts: map[string]*account{}}
}

// show takes one event; it is called by several goroutines at once.
func (p *progress) show(e appsync.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.accounts[e.Connection]
	if a == nil {
		a = &account{printed: e.At, working: map[string]string{}, waits: map[string]time.Time{}}
		p.accounts[e.Connection] = a
	}
	switch e.Phase {
	case appsync.Working:
		if e.Done == 0 {
			return
		}
		a.working[e.Resource] = fmt.Sprintf("%s %d", e.Resource, e.Done)
		if e.Total > e.Done {
			a.working[e.Resource] += fmt.Sprintf(" of %d", e.Total)
		}
	case appsync.Waiting:
		if e.NextCall.Sub(e.At) < tellWaitFrom || e.NextCall.Sub(a.waits[e.Resource]) < tellWaitFrom {
			return
		}
		a.waits[e.Resource] = e.NextCall
		p.line(e.Connection, fmt.Sprintf("%s waits for Amazon's limit until %s", e.Resource, e.NextCall.Local().Format(time.TimeOnly)))
		return // nothing else may happen for a while
	case appsync.Done:
		delete(a.working, e.Resource)
		a.done = append(a.done, fmt.Sprintf("%s %d", e.Resource, e.Done))
	case appsync.Resting:
		delete(a.working, e.Resource)
		p.line(e.Connection, e.Resource+" rests: "+sentence(e.Err))
		return
	default:
		delete(a.working, e.Resource)
		return
	}
	if e.At.Sub(a.printed) >= progressEvery {
		a.printed = e.At
		p.line(e.Connection, a.text())
	}
}

// end prints what ended since the last line of each account.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for name := range p.accounts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a := p.accounts[name]
		clear(a.working)
		if len(a.done) > 0 {
			p.line(name, a.text())
		}
	}
}

// text is all that an account does and did, and forgets what it did.
func (a *account) text() string {
	var parts []string
	for _, text := range a.working {
		parts = append(parts, text)
	}
	slices.Sort(parts)
	if len(a.done) > 0 {
		parts = append(parts, "done: "+strings.Join(a.done, ", "))
		a.done = nil
	}
	return strings.Join(parts, ", ")
}

func (p *progress) line(connection, text string) {
	fmt.Fprintf(p.w, "%-8s %s\n", connection, text)
}

// percent tells a long work as lines of "what 42 %", one a second at most.
func percent(w io.Writer, now func() time.Time) func(what string, done, total int64) {
	last := now()
	return func(what string, done, total int64) {
		if at := now(); total > 0 && at.Sub(last) >= progressEvery {
			last = at
			fmt.Fprintf(w, "%s %d %%\n", what, done*100/total)
		}
	}
}
