package store_test

import (
	"maps"
	"testing"
	"time"

	"countinghouse/data/store"
)

// A run that a killed process left open is marked when the book is opened
// next; one that ended keeps its result.
func TestKilledRunsAreMarked(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error {
		if _, err := tx.StartRun("na", "orders"); err != nil {
			return err
		}
		id, err := tx.StartRun("na", "finances")
		if err != nil {
			return err
		}
		return tx.EndRun(id, 2, 20, "done")
	})
	dir := b.Dir
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := store.Open(t.Context(), dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	runs, err := b.LastRuns(t.Context())
	if err != nil || len(runs) != 2 {
		t.Fatal(runs, err)
	}
	if r := runs[0]; r.Resource != "finances" || r.Result != "done" || r.Ended.IsZero() {
		t.Errorf("a run that ended: %+v", r)
	}
	if r := runs[1]; r.Resource != "orders" || r.Result != "stopped" || !r.Ended.IsZero() {
		t.Errorf("a killed run: %+v", r)
	}
}

// The schedule of a source is replaced, but the calls of its last good run stay
// while it fails; old runs are forgotten, but the newest of each source.
func TestSchedule(t *testing.T) {
	b := newBook(t)
	good := store.Scheduled{Connection: "na", Resource: "orders", Next: now.Add(time.Hour), Calls: map[string]int{"searchOrders": 2}}
	bad := store.Scheduled{Connection: "na", Resource: "orders", Next: now.Add(time.Minute), Failures: 3}
	write(t, b, func(tx *store.Tx) error { return tx.SetSchedule(good) })
	write(t, b, func(tx *store.Tx) error { return tx.SetSchedule(bad) })
	list, err := b.Schedule(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if s := list[0]; !s.Next.Equal(bad.Next) || s.Failures != 3 || !maps.Equal(s.Calls, good.Calls) {
		t.Errorf("%+v", s)
	}
	for range 3 {
		write(t, b, func(tx *store.Tx) error { _, err := tx.StartRun("na", "orders"); return err })
	}
	write(t, b, func(tx *store.Tx) error { return tx.PruneRuns(now.Add(time.Second)) })
	if n := number(t, b, `SELECT count(*) FROM sync_run`); n != 1 {
		t.Errorf("%d runs are left, want the newest", n)
	}
}

// A paused connection stays paused whatever a run says of it.
func TestPausedConnection(t *testing.T) {
	b := newBook(t)
	state := func() string { return text(t, b, `SELECT state FROM connection WHERE id = 'na'`) }
	write(t, b, func(tx *store.Tx) error { return tx.PauseConnection("na", true) })
	for _, s := range []string{store.StateActive, store.StateRevoked} {
		write(t, b, func(tx *store.Tx) error { return tx.SetConnectionState("na", s, "") })
		if got := state(); got != store.StatePaused {
			t.Errorf("after %s it is %s", s, got)
		}
	}
	write(t, b, func(tx *store.Tx) error { return tx.PauseConnection("na", false) })
	if got := state(); got != store.StateActive {
		t.Errorf("resumed, it is %s", got)
	}
}
