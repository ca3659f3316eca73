package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/ui/session"
)

type syncVerb struct {
	Once       bool     `help:"Stop when everything is up to date." xor:"until"`
	Watch      bool     `help:"Go on, each source when it is due, until stopped (the default)." xor:"until"`
	All        bool     `help:"With --once: ask every source, also what is still fresh."`
	Connection []string `help:"Only these connections." placeholder:"NAME"`
}

func (v *syncVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if s.Class == session.Real && !s.Confirmed() {
			return session.ErrNotConfirmed
		}
		if err := v.check(a, s); err != nil {
			return err
		}
		p := newProgress(a.io.Err)
		engine := s.Engine(p.show, v.Connection...)
		if v.All {
			for _, r := range appsync.All() {
				engine.Want(r.Name())
			}
		}
		if err := a.foretell(engine); err != nil {
			return err
		}
		if v.Once {
			r, err := engine.Once(a.ctx)
			p.end()
			if err != nil {
				return err
			}
			return errors.Join(a.printResult(r), a.ended(s, r))
		}
		err := engine.Serve(a.ctx, func(r appsync.Result) {
			p.end()
			if err := errors.Join(a.printResult(r), a.ended(s, r)); err != nil {
				fmt.Fprintln(a.io.Err, "countinghouse:", sentence(err))
			}
		})
		if a.ctx.Err() != nil { // the way to end it
			fmt.Fprintln(a.io.Err, "countinghouse:", sentence(context.Canceled))
			return nil
		}
		return err
	})
}

// foretell says of each account how long the sync takes at the least, where
// Amazon's limits make it wait.
func (a *app) foretell(e *appsync.Engine) error {
	plan, err := e.Plan(a.ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range plan.Steps {
		if seen[s.Connection] {
			continue
		}
		seen[s.Connection] = true
		if at, ok := longest(plan, s.Connection); ok {
			fmt.Fprintf(a.io.Err, "%-8s %s %s\n", at.Connection, at.Resource, stepSentence(at, plan.At))
		}
	}
	return nil
}

// check refuses names that no connection of the book has.
func (v *syncVerb) check(a *app, s *session.Session) error {
	all, err := s.Book.Connections(a.ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range all {
		if c.Kind == store.KindAPI {
			names = append(names, c.ID)
		}
	}
	for _, want := range v.Connection {
		if !slices.Contains(names, want) {
			return usage("the book %q has no connection %q (it has: %s)", s.Name, want, cmp.Or(strings.Join(names, ", "), "none"))
		}
	}
	return nil
}

// syncJSON is what sync --json prints after each run.
type syncJSON struct {
	Connections int           `json:"connections"`
	Failures    []failureJSON `json:"failures"`
}

type failureJSON struct {
	Connection string `json:"connection"`
	Resource   string `json:"resource"` // empty: the whole connection
	Error      string `json:"error"`
}

func (a *app) printResult(r appsync.Result) error {
	if !a.g.JSON {
		return nil
	}
	j := syncJSON{r.Connections, []failureJSON{}}
	for _, f := range r.Failures {
		j.Failures = append(j.Failures, failureJSON{f.Connection, f.Resource, sentence(f.Err)})
	}
	return writeJSON(a.io.Out, j)
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
	if _, err := appsync.RefreshRates(a.ctx, s.Book, appsync.RateSource{}); err != nil {
		fmt.Fprintln(a.io.Err, "countinghouse:", sentence(err)) // the sync itself went well
	}
	if r.Connections == 0 {
		return errors.New("no account is connected; connect one with connect")
	}
	if len(r.Failures) == 0 {
		return nil
	}
	whole := 0
	for _, f := range r.Failures {
		if f.Resource == "" {
			whole++
		}
	}
	for _, line := range failureLines(r.Failures) {
		fmt.Fprintln(a.io.Err, "countinghouse:", line)
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
	return withCode(exitPartial, fmt.Errorf("%d sources could not be brought up to date; the next sync takes them up again", len(r.Failures)))
}

// failureLines tells each failure once: where all sources of an account fail
// for one reason, as without a network, one line names them.
func failureLines(list []appsync.Failure) []string {
	type key struct {
		connection string
		class      *spapi.Class
	}
	sources := map[key][]string{}
	keyOf := func(f appsync.Failure) key {
		k := key{connection: f.Connection}
		errors.As(f.Err, &k.class)
		return k
	}
	for _, f := range list {
		sources[keyOf(f)] = append(sources[keyOf(f)], f.Resource)
	}
	var lines []string
	for _, f := range list {
		k := keyOf(f)
		same := sources[k]
		switch {
		case f.Resource == "":
			lines = append(lines, fmt.Sprintf("%s: %s", f.Connection, sentence(f.Err)))
		case k.class == nil || len(same) == 1:
			lines = append(lines, fmt.Sprintf("%s %s: %s", f.Connection, f.Resource, sentence(f.Err)))
		case same[0] == f.Resource:
			lines = append(lines, fmt.Sprintf("%s (%s): %s", f.Connection, strings.Join(same, ", "), k.class.Error()))
		}
	}
	return lines
}
