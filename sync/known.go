package appsync

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

type sourceKey struct{ connection, resource string }

type limitKey struct {
	connection string
	op         spapi.Op
}

type bucketsByOp map[limitKey]spapi.Bucket

// known is what the book knows of the sources of its connections.
type known struct {
	states map[sourceKey]store.SyncState
	next   map[sourceKey]time.Time
	fails  map[sourceKey]int
	calls  map[sourceKey]map[string]int
}

// last is when a source's last run ended, well or not.
func (k known) last(of sourceKey) time.Time {
	return later(k.states[of].OK, k.states[of].ErrorAt)
}

func readBook(ctx context.Context, b *store.Book) (known, error) {
	k := known{map[sourceKey]store.SyncState{}, map[sourceKey]time.Time{}, map[sourceKey]int{}, map[sourceKey]map[string]int{}}
	states, err := b.SyncStates(ctx)
	if err != nil {
		return k, err
	}
	for _, s := range states {
		k.states[sourceKey{s.Connection, s.Resource}] = s
	}
	plan, err := b.Schedule(ctx)
	if err != nil {
		return k, err
	}
	for _, p := range plan {
		key := sourceKey{p.Connection, p.Resource}
		k.next[key], k.fails[key], k.calls[key] = p.Next, p.Failures, p.Calls
	}
	return k, nil
}

func readBuckets(ctx context.Context, b *store.Book) (bucketsByOp, error) {
	texts, err := b.Buckets(ctx)
	if err != nil {
		return nil, err
	}
	all := bucketsByOp{}
	for k, text := range texts {
		var bucket spapi.Bucket
		if err := json.Unmarshal([]byte(text), &bucket); err != nil {
			return nil, fmt.Errorf("read the stored limit of %s: %w", k.Operation, err)
		}
		all[limitKey{k.Connection, spapi.Op(k.Operation)}] = bucket
	}
	return all, nil
}

// NextDue is when the first source is to be asked; now when one is due, and an
// Interval away when nothing is connected.
func (e *Engine) NextDue(ctx context.Context) (time.Time, error) {
	now := e.cfg.Now()
	next := now.Add(Interval)
	connections, err := e.connections(ctx)
	if err != nil {
		return next, err
	}
	k, err := readBook(ctx, e.cfg.Book)
	if err != nil {
		return next, err
	}
	for _, c := range connections {
		for _, r := range e.cfg.Resources {
			key := sourceKey{c.ID, r.Name()}
			at := k.next[key]
			if c.State != store.StateActive && r.Stage() > 0 {
				continue // asked when the connection lets us in again
			}
			if dueAt(at, k.last(key), now) {
				return now, nil
			}
			if at.Before(next) {
				next = at
			}
		}
	}
	return next, nil
}
