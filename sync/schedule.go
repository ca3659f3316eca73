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
