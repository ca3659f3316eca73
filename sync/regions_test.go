package appsync_test

import (
	"testing"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// searchOrders does not tell where orders of Amazon's stock go: a week after the
// first sync the report of the last days does, one report a week; nothing else is
// taken from it, and of the address nothing but codes.
func TestRegionsOfLaterOrders(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 12, Orders: 400, Days: 90})
		b := newBook(t, s)
		first := -10 * 24 * time.Hour // what was bought since then comes by searchOrders
		syncNA(t, b, s, resources("participations", "order-reports", "orders"), func(c *appsync.Config) { c.Now = func() time.Time { return now.Add(first) } })
		later(t, b, s, first+2*time.Hour, "participations", "order-reports") // empty months are confirmed
		unknown := func() int64 {
			return sum(t, b, `SELECT count(*) FROM orders o LEFT JOIN order_region r USING (connection_id, order_id)
				WHERE o.connection_id = 'na' AND coalesce(r.region, '') = ''`)
		}
		missing := unknown()
		if missing < 10 {
			t.Fatalf("the state of only %d orders is not known", missing)
		}
		rows := func() map[string]string {
			return only(fingerprints(t, b), []string{"orders", "order_item", "document", "person", "coverage"})
		}
		before, asks := rows(), len(asked(s, 0, "createReport"))
		for _, at := range []struct {
			after       time.Duration
			asked       int
			least, most int64
		}{{6 * 24 * time.Hour, 0, missing, missing}, {8 * 24 * time.Hour, 1, 1, missing - 5}, {9 * 24 * time.Hour, 1, 1, missing - 5}, {16 * 24 * time.Hour, 2, 0, 0}} {
			later(t, b, s, first+at.after, "participations", "order-reports")
			if n := len(asked(s, 0, "createReport")) - asks; n != at.asked {
				t.Errorf("after %v %d more reports were asked for, want %d", at.after, n, at.asked)
			}
			if n := unknown(); n < at.least || n > at.most {
				t.Errorf("after %v the state of %d orders is not known, want %d to %d", at.after, n, at.least, at.most)
			}
			wantSame(t, "regions", rows(), before)
		}
		if n := sum(t, b, `SELECT count(*) FROM order_region WHERE length(country) <> 2 OR length(region) NOT IN (0, 2)`); n > 0 {
			t.Errorf("%d rows hold more than codes", n)
		}
	})
}
