package appsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// errPaused ends the work on a connection that was paused meanwhile.
var errPaused = errors.New("the connection is paused")

// keepRuns is how long the list of runs goes back.
const keepRuns = 14 * 24 * time.Hour

// pruneStep is how many old calls leave the list at a time.
const pruneStep = 2000

// resource runs one source, notes how it went, and says when it is asked again.
func (e *Engine) resource(ctx context.Context, src *source) (store.Scheduled, error) {
	a, res := src.account, src.res
	plan := store.Scheduled{Connection: a.conn.ID, Resource: res.Name(), Next: src.next, Failures: src.fails}
	s := &Session{
		Book: e.cfg.Book, API: a.client, Conn: a.conn, Now: e.cfg.Now(), LookBack: e.cfg.LookBack,
		resource: res.Name(), report: e.cfg.Report, clock: e.cfg.Now, sleep: e.cfg.Sleep,
	}
	if res.Name() == nameRecipients {
		s.opened = e.takeOpened(a.conn.ID)
	}
	fresh, err := e.cfg.Book.Connection(ctx, a.conn.ID)
	if err == nil {
		s.Conn = fresh // a source before may have learnt the seller id
		if fresh.State == store.StatePaused {
			return plan, errPaused
		}
	}
	calls, err := e.cfg.Book.LastCall(context.WithoutCancel(ctx))
	if err != nil {
		return plan, err
	}
	var run int64
	err = e.cfg.Book.Write(ctx, func(tx *store.Tx) (err error) {
		run, err = tx.StartRun(a.conn.ID, res.Name())
		return err
	})
	if err != nil {
		return plan, fmt.Errorf("start %s: %w", res.Name(), err)
	}
	s.event(Started, nil)
	urgent := spapi.WithPriority(ctx, func() int { return src.place - len(e.cfg.Resources)*int(src.urgent.Load()) })
	err = res.Sync(spapi.WithPurpose(urgent, res.Name()), s)
	phase, noted := e.note(context.WithoutCancel(ctx), s, run, calls, &plan, res, err)
	s.event(phase, err)
	if err == nil || errors.Is(err, context.Canceled) {
		err = errors.Join(err, noted) // else what went wrong first has been said
	}
	return plan, err
}

// note stores how a run ended, in one transaction with when it is asked again.
func (e *Engine) note(ctx context.Context, s *Session, run, calls int64, plan *store.Scheduled, res Resource, err error) (Phase, error) {
	phase, result, sentence := Done, "done", ""
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		phase, result, sentence = Stopped, "stopped", "stopped; the next run goes on from here"
	case errors.Is(err, spapi.ErrRole):
		phase, result, sentence = Resting, "failed", err.Error()
	default:
		phase, result, sentence = Failed, "failed", err.Error()
	}
	if phase != Stopped {
		if err := e.reschedule(ctx, s, calls, plan, res, err); err != nil {
			return phase, err
		}
	}
	pages, rows := s.stored()
	return phase, e.cfg.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndRun(run, pages, rows, result); err != nil {
			return err
		}
		if phase != Stopped {
			if err := tx.SetSchedule(*plan); err != nil {
				return err
			}
		}
		if run%64 == 0 { // now and then
			if err := tx.PruneRuns(e.cfg.Now().Add(-keepRuns)); err != nil {
				return err
			}
			if _, err := tx.PruneCalls(pruneStep); err != nil {
				return err
			}
		}
		if err := noteAccess(tx, s, err); err != nil {
			return err
		}
		return tx.SetSyncResult(s.ID(), res.Name(), sentence)
	})
}

// reschedule decides when a source whose run has ended is asked again.
func (e *Engine) reschedule(ctx context.Context, s *Session, after int64, plan *store.Scheduled, res Resource, failed error) error {
	now := e.cfg.Now()
	if failed != nil {
		plan.Failures++
		plan.Next = now.Add(retryAfter(res, plan.Failures, errors.Is(failed, spapi.ErrRole)))
		return nil
	}
	calls, err := e.cfg.Book.CallsSince(ctx, s.ID(), res.Name(), after)
	if err != nil {
		return err
	}
	buckets, err := readBuckets(ctx, e.cfg.Book)
	if err != nil {
		return err
	}
	period := max(every(res), stretch(s.ID(), calls, buckets, now))
	plan.Failures, plan.Calls = 0, calls
	plan.Next = later(s.Now.Add(period), now)
	return nil
}
