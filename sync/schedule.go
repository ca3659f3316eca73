package appsync

import (
	"time"

	"countinghouse/sync/spapi"
)

// What a Resource may tell the planner beside its work. Each is optional.

// Periodic is a Resource with a rhythm of its own. Every is how long what it
// fetched stays fresh; it is asked again after that time, and never sooner
// unless it failed or the user wants it. A Resource without it is asked every
// Interval. It must leave room: all sources together keep below 70 % of each
// of Amazon's limits.
type Periodic interface {
	Every() time.Duration
}

// Following is a Resource that needs what certain others bring. It starts when
// those that are due have ended, instead of waiting for every source of a
// lower stage.
type Following interface {
	After() []string // names of resources
}

// Planned is a Resource that can tell from its bookmark how many calls its next
// run will make at the least. Of one that cannot, the plan expects as many as
// its last run made.
type Planned interface {
	Left(o Outlook) []Need
}

// Need is a number of calls of one operation.
type Need struct {
	Op    spapi.Op
	Calls int
}

// Outlook is what a Resource's plan is made from. It holds no more than the
// book knows, so that a plan can be made without asking Amazon.
type Outlook struct {
	Now          time.Time
	LookBack     time.Duration
	Bookmark     string // JSON of the resource's own, empty before its first
	Marketplaces int    // that will be asked for, at least 1
}

// every is how often a resource is asked.
func every(r Resource) time.Duration {
	if p, ok := r.(Periodic); ok && p.Every() > Interval {
		return p.Every()
	}
	return Interval
}

// Failed sources are asked again after Interval, then after twice as long each
// time, up to retryMost or their own period. A role that is missing comes back
// only when the seller grants it.
const (
	retryMost = time.Hour
	roleRest  = 6 * time.Hour
)

func retryAfter(r Resource, failures int, role bool) time.Duration {
	if role {
		return max(every(r), roleRest)
	}
	most := min(max(every(r), 2*Interval), retryMost)
	return min(Interval<<min(failures-1, 10), most)
}

// dueAt tells whether a source is due that is to be asked at next and whose
// last run ended at last. A run that ended in the future says that the clock
// was set back since.
func dueAt(next, last, now time.Time) bool {
	return !next.After(now) || now.Before(last.Add(-slice))
}

// share is how much of each of Amazon's limits regular work may use, in
// hundredths. The rest is for what the user wants, and for other programs of
// the seller that use the same application.
const share = 70

// stretchMost is the longest that a source is held back to spare a limit.
const stretchMost = 24 * time.Hour

// stretch is the shortest period in which a run that makes these calls keeps
// within its share, or 0 while the limits have enough in hand. A first sync
// may use all that Amazon allows; this holds back what runs over and over.
func stretch(connection string, calls map[string]int, buckets bucketsByOp, now time.Time) time.Duration {
	var period time.Duration
	for op, n := range calls {
		l, known := spapi.LimitOf(spapi.Op(op))
		if !known {
			continue
		}
		b := buckets[limitKey{connection, spapi.Op(op)}]
		l = b.InForce(l)
		if b.Ready(l, now, int(l.Burst+1)/2) == 0 {
			continue // more than half of the burst is there
		}
		period = max(period, min(l.Interval()*time.Duration(n)*100/share, stretchMost))
	}
	return period
}
