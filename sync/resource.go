package appsync

import (
	"context"
	"fmt"
	"sync"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// Resource is one source of data at Amazon. Sync fetches what is new since its
// bookmark, stores it page by page, and returns when it is up to date.
type Resource interface {
	// Name is the key of its bookmark, its coverage and its progress.
	Name() string
	// Stage orders the resources of a connection in its first sync: those of
	// stage 0 end before those of stage 1 start; within a stage they run side by
	// side. Later each runs when it is due (see Periodic and Following).
	Stage() int
	Sync(ctx context.Context, s *Session) error
}

// Session is what a resource works with: one connection of one book. Its
// methods may be called from several goroutines of the resource.
type Session struct {
	Book     *store.Book
	API      *spapi.Client
	Conn     store.Connection
	Now      time.Time     // start of this run
	LookBack time.Duration // how far back a first sync goes, where Amazon offers it

	opened   []string // orders that the user looks at
	resource string
	report   func(Event)
	clock    func() time.Time
	sleep    func(context.Context, time.Duration) error

	mu    sync.Mutex
	pages int
	rows  int
	total int
}

// ID is the connection's id.
func (s *Session) ID() string { return s.Conn.ID }

// Expect tells how many rows this run will store, when that is known.
func (s *Session) Expect(total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total = total
}

// stored is how much the run stored so far.
func (s *Session) stored() (pages, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pages, s.rows
}

// Page stores one page in one transaction and reports progress. rows is how
// many rows f stored.
func (s *Session) Page(ctx context.Context, rows int, f func(*store.Tx) error) error {
	if err := s.Book.Write(ctx, f); err != nil {
		return fmt.Errorf("store %s: %w", s.resource, err)
	}
	s.mu.Lock()
	s.pages++
	s.rows += rows
	s.mu.Unlock()
	s.event(Working, nil)
	return nil
}

func (s *Session) event(p Phase, err error) {
	if s.report == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock() // so that a later event never tells of less
	total := s.total
	if total > 0 {
		total = max(total, s.rows) // Amazon may add some meanwhile
	}
	s.report(Event{Connection: s.Conn.ID, Resource: s.resource, Phase: p, Done: s.rows, Total: total, Err: err, At: s.clock()})
}

// Bookmark reads this resource's bookmark; ok is false before the first.
func (s *Session) Bookmark(ctx context.Context, v any) (ok bool, err error) {
	err = s.Book.Bookmark(ctx, s.Conn.ID, s.resource, v)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// Oldest is where a first sync starts.
func (s *Session) Oldest() time.Time { return s.Now.Add(-s.LookBack).UTC().Truncate(24 * time.Hour) }

// pause tells when it goes on, and waits until then.
func (s *Session) pause(ctx context.Context, d time.Duration) error {
	if s.report != nil {
		_, rows := s.stored()
		s.report(Event{Connection: s.Conn.ID, Resource: s.resource, Phase: Waiting, Done: rows, NextCall: s.clock().Add(d), At: s.clock()})
	}
	return s.sleep(ctx, d)
}

// waits is a pause that tells how much of it counts as waiting for Amazon: what was
// slept through with a closed lid does not.
func (s *Session) waits(ctx context.Context, d time.Duration) (time.Duration, error) {
	began := s.clock()
	err := s.pause(ctx, d)
	return min(max(s.clock().Sub(began), 0), 2*d), err
}
