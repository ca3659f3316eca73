package spapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// attempts is the memory of one call's repetitions.
type attempts struct {
	client    *Client
	req       request
	stale     string // access token to replace before the next attempt
	refreshed int
	throttled int
	failed    int
}

// next decides after an attempt: again, or the call's result. What the answer
// taught about the budget is stored either way.
func (a *attempts) next(ctx context.Context, ans answer, err error, token string, strikes int) (again bool, _ error) {
	c, op := a.client, a.req.op
	var e *Error
	if err != nil && !errors.As(err, &e) {
		return false, err
	}
	if e != nil && e.Class == ErrThrottled {
		if err := c.pace.throttled(ctx, op); err != nil {
			return false, err
		}
		a.throttled++
		return a.throttled < maxThrottled, err
	}
	if ans.status != 0 {
		if err := c.pace.answered(ctx, op, strikes, ans.header.Get("x-amzn-RateLimit-Limit")); err != nil {
			return false, err
		}
	}
	if e == nil {
		return false, nil
	}
	switch e.Class {
	case ErrForbidden:
		return a.forbidden(ctx, ans, e, token)
	case ErrUnavailable, ErrOffline, ErrDNS:
		return a.failure(ctx, ans, err, e)
	case ErrMalformed:
		if a.req.safe && !looksLikePage(ans) { // perhaps cut by a line that ends without a length
			return a.failure(ctx, ans, err, e)
		}
	case ErrInvalid:
		if a.req.token && e.pageExpired() {
			e.Class = ErrPageExpired
		} else if tooFar(ans.skew) {
			e.Class = ErrClock
		}
	}
	return false, err
}

// failure repeats after a failing line or server, a bounded number of times,
// and only what does no harm when Amazon took it the first time already.
func (a *attempts) failure(ctx context.Context, ans answer, err error, e *Error) (bool, error) {
	var line *sentError
	notSent := errors.As(err, &line) && !line.sent && ans.status == 0
	if !a.req.safe && !notSent {
		return false, err
	}
	a.failed++
	bound := maxFailures
	if e.Class != ErrUnavailable {
		bound = maxOffline
	}
	if a.failed >= bound {
		return false, err
	}
	wait := Backoff(a.failed-1, failureBase, failureMax, a.client.cfg.Random())
	if err := a.client.pace.pause(ctx, a.req.op, wait); err != nil {
		return false, err
	}
	return true, nil
}

// maxRefreshed bounds the fresh tokens of one call whose token, as Amazon says,
// has expired: another call's answer may have ended the fresh one as well.
const maxRefreshed = 3

// forbidden handles 401 and 403: a fresh token once, then find out why.
func (a *attempts) forbidden(ctx context.Context, ans answer, e *Error, token string) (bool, error) {
	c, op := a.client, a.req.op
	c.mu.Lock()
	known := c.refused[op] == token
	c.mu.Unlock()
	if !known && (a.refreshed == 0 || a.refreshed < maxRefreshed && e.says("expired")) {
		a.refreshed++
		a.stale = token
		return true, nil
	}
	c.mu.Lock()
	c.refused[op] = token // the next call need not ask for yet another token
	c.mu.Unlock()
	if tooFar(ans.skew) {
		e.Class = ErrClock
		return false, e
	}
	class, err := c.whyForbidden(ctx, op, e)
	if err != nil {
		return false, err
	}
	e.Class = class
	return false, e
}

func tooFar(skew time.Duration) bool { return skew > maxSkew || skew < -maxSkew }

// probe is the last outcome of asking for the marketplaces, the one call that
// every application may make.
type probe struct {
	at    time.Time
	class *Class // nil: answered
}

// A probe's outcome is used again for this long; it has a tight limit.
const probeTTL = 10 * time.Minute

// whyForbidden tells a missing role from a wrong region or a withdrawn
// permission, by asking for something that needs no particular role. When
// there is no budget for that right now, it stays ErrForbidden.
func (c *Client) whyForbidden(ctx context.Context, op Op, e *Error) (*Class, error) {
	everything := ErrRegion
	if e.says("revoked") {
		everything = ErrRevoked
	}
	if op == OpParticipations {
		return everything, nil
	}
	select { // one probe serves all callers refused at the same time
	case c.probing <- struct{}{}:
		defer func() { <-c.probing }()
	case <-ctx.Done():
		return nil, fmt.Errorf("find out why %s is refused: %w", op, ctx.Err())
	}
	c.mu.Lock()
	p := c.probed
	c.mu.Unlock()
	if age := c.cfg.Now().Sub(p.at); p.at.IsZero() || age < 0 || age > probeTTL {
		var err error
		if p, err = c.probe(ctx); err != nil {
			return nil, err
		}
	}
	switch p.class {
	case nil:
		return ErrRole, nil
	case ErrForbidden:
		return everything, nil
	case ErrRevoked, ErrClientID, ErrClientSecret:
		return p.class, nil
	}
	return ErrForbidden, nil
}

// probe asks once, without waiting and without repetitions.
func (c *Client) probe(ctx context.Context) (probe, error) {
	p := probe{at: c.cfg.Now(), class: ErrUnavailable}
	l, err := c.pace.limit(OpParticipations)
	if err != nil {
		return probe{}, err
	}
	wait, strikes, err := c.pace.try(ctx, OpParticipations, l)
	if err != nil {
		return probe{}, err
	}
	if wait > 0 {
		return p, nil
	}
	token, err := c.tokens.get(ctx, "")
	if err == nil {
		var ans answer
		r := request{op: OpParticipations, path: participationsPath, safe: true}
		ans, err = c.exchange(ctx, c.api, c.build(r, token), r.check)
		var lost error
		if ans.status == http.StatusTooManyRequests {
			lost = c.pace.throttled(ctx, OpParticipations)
		} else if ans.status != 0 {
			lost = c.pace.answered(ctx, OpParticipations, strikes, ans.header.Get("x-amzn-RateLimit-Limit"))
		}
		if lost != nil {
			return probe{}, lost
		}
	}
	p.class = ClassOf(err)
	if err != nil && p.class == nil {
		return probe{}, err
	}
	var e *Error
	if errors.As(err, &e) && p.class == ErrForbidden && e.says("expired") {
		p.class = ErrUnavailable // a token that ended meanwhile says nothing about permissions
	}
	if p.class == nil || p.class == ErrForbidden {
		c.mu.Lock()
		c.probed = p
		c.mu.Unlock()
	}
	return p, nil
}
