package spapi

import (
	"fmt"
	"net/http"
	"time"
)

// Ready is how long it takes at the least until n further calls were made, the
// last of them included, when nobody else calls: zero when the bucket holds
// them already.
func (b Bucket) Ready(l Limit, now time.Time, n int) time.Duration {
	if n <= 0 {
		return 0
	}
	l = b.limit(l)
	b = b.refill(l, now)
	wait := time.Duration(max(0, int64(n)*int64(l.Interval())-b.Credit))
	if !b.NotBefore.IsZero() {
		wait = max(wait, min(b.NotBefore.Sub(now), maxThrottleWait))
	}
	return wait
}

// InForce is the limit with the rate that Amazon told, where it told one.
func (b Bucket) InForce(l Limit) Limit { return b.limit(l) }

// LimitOf is the documented limit of an operation; ok is false for one that
// has none, as the download of a document.
func LimitOf(op Op) (l Limit, ok bool) {
	o, err := operation(op)
	return o.Limit, err == nil
}

// Through leads the calls of a test book's client to next instead of the
// network, for simulations that have none. Addresses are checked all the same.
// It must be called before the first call.
func (c *Client) Through(next http.RoundTripper) error {
	if !c.cfg.TestBook {
		return fmt.Errorf("%w: only a test book works without the network", ErrArgument)
	}
	c.api.guard.next, c.storage.guard.next = next, next
	return nil
}
