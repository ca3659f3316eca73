package appsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// recipients: Orders 2026-01-01 getOrder, 0.5/s burst 30, for seller-fulfilled
// orders that still have to be shipped. That is the only reason to ask for
// buyers and recipients; they go to personal.db and nowhere else. It runs after
// the orders are in.
// An order that the user opens is fetched here too, without its people unless it
// is to be shipped.
// Surprise: without the restricted role the fields are missing, with no error;
// everything else works all the same.
type recipients struct{}

// peopleData is asked for orders that the seller still has to ship.
var peopleData = append([]string{spapi.IncludeBuyer, spapi.IncludeRecipient}, orderData...)

// peopleDataLess is for accounts that are answered 400 for the larger set.
var peopleDataLess = append([]string{spapi.IncludeBuyer, spapi.IncludeRecipient}, orderDataLess...)

func (recipients) Name() string { return nameRecipients }
func (recipients) Stage() int   { return 2 }

// After: they tell which orders are still to ship.
func (recipients) After() []string { return []string{nameOrders, nameOrderReports} }

func (r recipients) Sync(ctx context.Context, s *Session) error {
	var ids []string // whose people are asked for
	var mark recipientsMark
	if s.Book.People() != nil { // else this way of opening the book does not open people
		all, err := s.Book.OrdersToShip(ctx, s.ID())
		if err != nil {
			return err
		}
		if _, err := s.Bookmark(ctx, &mark); err != nil {
			return err
		}
		ids = mark.due(all, s.Now)
	}
	opened := slices.DeleteFunc(slices.Clone(s.opened), func(id string) bool { return slices.Contains(ids, id) })
	s.Expect(len(ids) + len(opened))
	for _, id := range opened {
		if err := r.one(ctx, s, id); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := r.withPeople(ctx, s, id, &mark); err != nil {
			return err
		}
	}
	return nil
}

// fetch asks for an order; some accounts are answered 400 for the larger set, and
// full tells that it came.
func (recipients) fetch(ctx context.Context, s *Session, id string, data, less []string) (w spapi.Order, full bool, err error) {
	w, err = s.API.GetOrder(ctx, id, data...)
	full = !errors.Is(err, spapi.ErrInvalid)
	if !full {
		w, err = s.API.GetOrder(ctx, id, less...)
	}
	if err != nil {
		err = fmt.Errorf("order %s: %w", id, err)
	}
	return w, full, err
}

// one fetches an order without its people. Amazon may no longer have it.
func (r recipients) one(ctx context.Context, s *Session, id string) error {
	w, full, err := r.fetch(ctx, s, id, orderData, orderDataLess)
	if notOffered(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Page(ctx, 1, func(tx *store.Tx) error { return putOrder(tx, s.ID(), w, full) })
}

// withPeople fetches an order that is to be shipped, and who gets it.
func (r recipients) withPeople(ctx context.Context, s *Session, id string, mark *recipientsMark) error {
	w, full, err := r.fetch(ctx, s, id, peopleData, peopleDataLess)
	if errors.Is(err, spapi.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p, told := toPerson(s, w)
	if !told {
		mark.Silent[id] = s.Now
	}
	// The order first: it is asked for again while its person is missing,
	// so a kill between the two files loses neither.
	err = s.Page(ctx, 1, func(tx *store.Tx) error {
		if err := putOrder(tx, s.ID(), w, full); err != nil {
			return err
		}
		return tx.SetBookmark(s.ID(), nameRecipients, *mark, time.Time{})
	})
	if err == nil && told {
		err = s.Book.PutPeople(ctx, []store.Person{p})
	}
	return err
}

// recipientsMark remembers the orders of which Amazon told nobody, so that an
// account without the role does not ask for all of them in every run.
type recipientsMark struct {
	Silent map[string]time.Time `json:"silent"` // order id to when it was asked for
}

// silentFor is how long an order of which nobody was told is left alone.
const silentFor = 6 * time.Hour

// due leaves out the orders that were asked for a short while ago, and forgets
// those that no longer have to be shipped.
func (m *recipientsMark) due(ids []string, now time.Time) []string {
	silent, due := map[string]time.Time{}, []string{}
	for _, id := range ids {
		if at, asked := m.Silent[id]; asked && now.Sub(at) < silentFor && !now.Before(at) {
			silent[id] = at
		} else {
			due = append(due, id)
		}
	}
	m.Silent = silent
	return due
}
