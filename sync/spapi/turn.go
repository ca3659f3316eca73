package spapi

import (
	"context"
	"slices"
	"sync"
)

type priorityKey struct{}

// WithPriority says which of several callers that wait for the same limit is
// served first: the one with the smaller number, in the order of their coming
// where it is equal. It is asked for each time a call becomes free, so it may
// change while a caller waits. Without it a caller has 0.
func WithPriority(ctx context.Context, priority func() int) context.Context {
	return context.WithValue(ctx, priorityKey{}, priority)
}

func priority(ctx context.Context) int {
	if p, ok := ctx.Value(priorityKey{}).(func() int); ok {
		return p()
	}
	return 0
}

// turn lets the callers of one operation through one at a time, the most
// urgent first. The zero value is free.
type turn struct {
	mu      sync.Mutex
	held    bool
	waiting []*waiter // in the order of their coming
}

type waiter struct {
	ctx   context.Context
	ready chan struct{} // closed when the turn is handed over
}

// acquire waits for the turn, or returns ctx's error without it.
func (t *turn) acquire(ctx context.Context) error {
	t.mu.Lock()
	if !t.held {
		t.held = true
		t.mu.Unlock()
		return nil
	}
	return t.wait(ctx, len(t.waiting))
}

// wait queues up at a place; the caller holds mu, which is released.
func (t *turn) wait(ctx context.Context, place int) error {
	w := &waiter{ctx: ctx, ready: make(chan struct{})}
	t.waiting = slices.Insert(t.waiting, place, w)
	t.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.waiting {
		if t.waiting[i] == w {
			t.waiting = slices.Delete(t.waiting, i, i+1)
			return ctx.Err()
		}
	}
	t.handOver() // it became ours in this moment
	return ctx.Err()
}

// release gives the turn to the most urgent of those who wait.
func (t *turn) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.handOver()
}

func (t *turn) handOver() {
	i := t.first()
	if i < 0 {
		t.held = false
		return
	}
	w := t.waiting[i]
	t.waiting = slices.Delete(t.waiting, i, i+1)
	close(w.ready)
}

// first is the place of the most urgent waiter, -1 when nobody waits.
func (t *turn) first() int {
	best, least := -1, 0
	for i, w := range t.waiting {
		if p := priority(w.ctx); best < 0 || p < least {
			best, least = i, p
		}
	}
	return best
}

// yield lets a more urgent caller go first, and waits for the turn again,
// before those who came later. On an error the turn is not held.
func (t *turn) yield(ctx context.Context) error {
	t.mu.Lock()
	if i := t.first(); i < 0 || priority(t.waiting[i].ctx) >= priority(ctx) {
		t.mu.Unlock()
		return nil
	}
	t.handOver()
	return t.wait(ctx, 0)
}
