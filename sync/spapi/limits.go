package spapi

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// LimitStore keeps one Bucket per connection and operation. Update reads it
// (the zero Bucket when there is none), gives it to change and stores the
// result, as one transaction that no other process can come between; it
// returns after the result is as safe as anything else in the book. change
// may be called again when the transaction has to be repeated.
type LimitStore interface {
	Update(ctx context.Context, connection string, op Op, change func(Bucket) Bucket) error
}

// MemoryLimits is a LimitStore that forgets with the process, for tests and
// tools. A book must not use it: after a restart it would spend anew what was
// already spent. Safe for concurrent use; the zero value is ready.
type MemoryLimits struct {
	mu sync.Mutex
	m  map[string]Bucket
}

// Update implements LimitStore.
func (s *MemoryLimits) Update(_ context.Context, connection string, op Op, change func(Bucket) Bucket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]Bucket{}
	}
	k := connection + "\x00" + string(op)
	s.m[k] = change(s.m[k])
	return nil
}

// pacer spends the budget of one connection. Callers of the same operation
// queue up, so that one wait is not slept through by many at once.
type pacer struct {
	cfg   *Config
	turns map[Op]*turn

	mu   sync.Mutex
	told map[Op]string // last rate header per operation, to skip repeats
}

func newPacer(cfg *Config) *pacer {
	p := &pacer{cfg: cfg, turns: map[Op]*turn{}, told: map[Op]string{}}
	for _, o := range operations {
		p.turns[o.Op] = &turn{}
	}
	return p
}

func (p *pacer) limit(op Op) (Limit, error) {
	o, err := operation(op)
	if err != nil {
		return Limit{}, err
	}
	o.Limit.Rate *= p.cfg.RateScale
	if o.Limit.Burst == 1 {
		o.Limit.Rate = alone(o.Limit.Rate)
	}
	return o.Limit, nil
}

// Two calls that leave with the right distance arrive with another: the line is
// now quicker, now slower, and the first has to be opened. Amazon's bucket is
// full until the first arrives, while ours earns from its debit on. Where the
// bucket holds several calls, up to this much earned time is kept back, which
// costs that much once; where it holds one, the calls keep more distance.
const slack = time.Second

func slackOf(l Limit) time.Duration {
	if l.Burst == 1 {
		return 0
	}
	return min(slack, l.Interval()/2)
}

// alone is the rate at which calls of a bucket of one are made.
func alone(rate int64) int64 {
	between := Limit{Rate: rate, Burst: 1}.Interval()
	between += max(between/50, min(slack, between/2))
	return int64(time.Second) * 1_000_000 / int64(between)
}

// take waits until one call of op is paid for. The debit is stored before it
// returns. ready is called before each try, for what must not come between the
// debit and the call. strikes is how many 429 answers came in a row before.
func (p *pacer) take(ctx context.Context, op Op, ready func() error) (strikes int, err error) {
	l, err := p.limit(op)
	if err != nil {
		return 0, err
	}
	t := p.turns[op]
	for err = t.acquire(ctx); err == nil; err = t.yield(ctx) {
		if err := ready(); err != nil {
			t.release()
			return 0, err
		}
		wait, strikes, err := p.try(ctx, op, l)
		if err == nil && wait > 0 {
			err = p.pause(ctx, op, wait)
		}
		if err != nil || wait == 0 {
			t.release()
			return strikes, err
		}
	}
	return 0, fmt.Errorf("wait for a turn of %s: %w", op, err)
}

// try debits one call, or says how long it will take.
func (p *pacer) try(ctx context.Context, op Op, l Limit) (wait time.Duration, strikes int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, 0, fmt.Errorf("wait for the budget of %s: %w", op, err)
	}
	err = p.cfg.Limits.Update(ctx, p.cfg.Connection, op, func(b Bucket) Bucket {
		now := p.cfg.Now()
		after, need := b.Take(l, now)
		keep, held := slackOf(b.limit(l)), b.NotBefore.After(now)
		if left := time.Duration(after.Credit); need == 0 && left < keep {
			after, need = b.refill(b.limit(l), now), keep-left
		} else if need > 0 && !held {
			need += keep
		}
		wait, strikes = need, b.Strikes
		return after
	})
	if err != nil {
		return 0, 0, fmt.Errorf("note what is left of Amazon's limit: %w", err)
	}
	return wait, strikes, nil
}

// pause sleeps and tells when the next call will be.
func (p *pacer) pause(ctx context.Context, op Op, d time.Duration) error {
	if p.cfg.OnWait != nil {
		p.cfg.OnWait(op, p.cfg.Now().Add(d))
	}
	if err := p.cfg.Sleep(ctx, d); err != nil {
		return fmt.Errorf("wait for the next call of %s: %w", op, err)
	}
	return nil
}

// throttled stores the consequence of a 429, so that a restart respects it.
func (p *pacer) throttled(ctx context.Context, op Op) error {
	l, err := p.limit(op)
	if err != nil {
		return err
	}
	random := p.cfg.Random()
	return p.update(ctx, op, func(b Bucket) Bucket {
		return b.Throttled(l, p.cfg.Now(), Backoff(b.Strikes, throttleBase, maxThrottleWait, random))
	})
}

// answered takes note of an answer that was no 429: the rate Amazon tells, and
// the end of a row of strikes.
func (p *pacer) answered(ctx context.Context, op Op, strikes int, header string) error {
	rate, ok := parseRate(header)
	p.mu.Lock()
	news := ok && p.told[op] != header
	if news {
		p.told[op] = header
	}
	p.mu.Unlock()
	if !news && strikes == 0 {
		return nil
	}
	l, err := p.limit(op)
	if err != nil {
		return err
	}
	return p.update(ctx, op, func(b Bucket) Bucket {
		if news && l.Burst == 1 {
			b = b.Corrected(l, alone(rate), p.cfg.Now())
		} else if news {
			b = b.Corrected(l, rate, p.cfg.Now())
		}
		if strikes > 0 {
			b = b.Succeeded()
		}
		return b
	})
}

// update stores what an answer taught, also when the caller has given up.
func (p *pacer) update(ctx context.Context, op Op, change func(Bucket) Bucket) error {
	err := p.cfg.Limits.Update(context.WithoutCancel(ctx), p.cfg.Connection, op, change)
	if err != nil {
		return fmt.Errorf("note what is left of Amazon's limit: %w", err)
	}
	return nil
}
