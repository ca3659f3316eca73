package appsync

import (
	"context"
	"errors"
	"fmt"

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

func (recipients) Name() string { return nameRecipients }
func (recipients) Stage() int   { return 2 }

func (recipients) Sync(ctx context.Context, s *Session) error {
	if s.Book.People() == nil {
		return nil // this way of opening the book does not open people
	}
	ids, err := s.Book.OrdersToShip(ctx, s.ID())
	if err != nil {
		return err
	}
	s.Expect(len(ids))
	for _, id := range ids {
		w, err := s.API.GetOrder(ctx, id, peopleData...)
		if errors.Is(err, spapi.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("order %s: %w", id, err)
		}
		if p, ok := toPerson(s, w); ok {
			if err := s.Book.PutPeople(ctx, []store.Person{p}); err != nil {
				return err
			}
		}
		err = s.Page(ctx, 1, func(tx *store.Tx) error { return putOrder(tx, s.ID(), w) })
		if err != nil {
			return err
		}
	}
	return nil
}
