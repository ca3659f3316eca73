package spapi

import (
	"context"
	"time"
)

// Wait is how long the next call of op has to wait for its limit, when nobody
// else calls before it: for work that can be put off.
func (c *Client) Wait(ctx context.Context, op Op) (wait time.Duration, err error) {
	l, err := c.pace.limit(op)
	if err != nil {
		return 0, err
	}
	err = c.cfg.Limits.Update(ctx, c.cfg.Connection, op, func(b Bucket) Bucket {
		wait = b.Ready(l, c.cfg.Now(), 1)
		return b
	})
	return wait, err
}
