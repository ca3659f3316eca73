package appsync

import "time"

// Phase says what a resource is doing.
type Phase string

// The phases. Each resource of a run tells Started first, then Working after
// each page, and ends with exactly one of the others. Waiting stands apart: it
// carries NextCall, and as its Resource the operation of Amazon's that waits for
// its limit (or the resource itself, while Amazon makes a report).
const (
	Started Phase = "started"
	Working Phase = "working"
	Waiting Phase = "waiting"
	Done    Phase = "done"
	Failed  Phase = "failed"
	Resting Phase = "resting" // the role for it is missing; the others go on
	Stopped Phase = "stopped" // cancelled; the next run goes on from there
)

// Event is a step of a sync. Total is 0 while it is not known.
type Event struct {
	Connection string
	Resource   string
	Phase      Phase
	Done       int // rows stored in this run
	Total      int // rows expected, when known
	NextCall   time.Time
	Err        error
	At         time.Time
}
