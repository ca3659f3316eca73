package appsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// recipients: Orders 2026-01-01 getOrder, 0.5/s burst 30, for seller-fulfilled
// orders that still have to be shipped. That is the only reason to ask for
// buyers and recipients; they go to personal.db and nowhere else. It runs after
// the orders are in.
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

func (recipients) Sync(ctx context.Context, s *Session) error {
	if s.Book.People() == nil {
		return nil // this way of opening the book does not open people
	}
	ids, err := s.Book.OrdersToShip(ctx, s.ID())
	if err != nil {
		return err
	}
	var mark recipientsMark
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	ids = mark.due(ids, s.Now)
	s.Expect(len(ids))
	for _, id := range ids {
		w, err := s.API.GetOrder(ctx, id, peopleData...)
		full := !errors.Is(err, spapi.ErrInvalid)
		if !full { // some accounts are answered 400 for the larger set
			w, err = s.API.GetOrder(ctx, id, peopleDataLess...)
		}
		if errors.Is(err, spapi.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("order %s: %w", id, err)
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
			return tx.SetBookmark(s.ID(), nameRecipients, mark, time.Time{})
		})
		if err == nil && told {
			err = s.Book.PutPeople(ctx, []store.Person{p})
		}
		if err != nil {
			return err
		}
	}
	return nil
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
