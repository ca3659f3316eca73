package spapi

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// The most urgent of those who wait is let through first, the first come where
// they are equally urgent; urgency may change while they wait; one that gives
// up loses nobody's turn.
func TestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q turn
		var mu sync.Mutex
		var got []string
		var late atomic.Int32
		late.Store(9)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := q.acquire(ctx); err != nil {
			t.Fatal(err)
		}
		gone, giveUp := context.WithCancel(ctx)
		for _, w := range []struct {
			name     string
			ctx      context.Context
			priority func() int
		}{
			{"third", ctx, func() int { return 2 }},
			{"fourth", ctx, func() int { return 2 }},
			{"gives up", gone, func() int { return -5 }},
			{"second", ctx, nil},
			{"raised", ctx, func() int { return int(late.Load()) }},
		} {
			c := w.ctx
			if w.priority != nil {
				c = WithPriority(c, w.priority)
			}
			go func() {
				if err := q.acquire(c); err != nil {
					if !errors.Is(err, context.Canceled) || w.name != "gives up" {
						t.Errorf("%s: %v", w.name, err)
					}
					return
				}
				mu.Lock()
				got = append(got, w.name)
				mu.Unlock()
				q.release()
			}()
			synctest.Wait()
		}
		giveUp()
		late.Store(-1)
		synctest.Wait()
		// The holder, of priority 0, lets the raised one and nobody else go first.
		if err := q.yield(ctx); err != nil {
			t.Fatal(err)
		}
		if want := []string{"raised"}; !slices.Equal(got, want) {
			t.Errorf("before the holder: %v, want %v", got, want)
		}
		q.release()
		synctest.Wait()
		if want := []string{"raised", "second", "third", "fourth"}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if err := q.acquire(ctx); err != nil { // nobody took it with him
			t.Fatal(err)
		}
	})
}
