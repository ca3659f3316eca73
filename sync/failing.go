package appsync

import "time"

// failing is a report that Amazon keeps failing to make. The run in which it does
// so first tells the seller, and the next asks for it once more. From then on it
// is asked for once at a time, at a growing pause, and nobody is told again: its
// days stay uncovered, and status names them.
type failing struct {
	Fails int       `json:"fails,omitempty"` // runs in which Amazon did not make it
	Again time.Time `json:"again,omitzero"`  // not asked for before then
	over  bool      // this run is done with it; not stored
}

const (
	failingFirst = time.Hour
	failingMost  = 24 * time.Hour
)

// failed takes note of a run without it and tells whether that was the first.
func (f *failing) failed(now time.Time) (first bool) {
	f.over = true
	if f.Fails++; f.Fails == 1 {
		return true
	}
	f.Again = now.Add(min(failingFirst<<min(f.Fails-2, 10), failingMost)).UTC()
	return false
}

// rests tells whether it is not to be asked for yet; a clock that was set back
// does not make that longer.
func (f failing) rests(now time.Time) bool {
	d := f.Again.Sub(now)
	return f.over || d > 0 && d <= failingMost
}
