package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
)

// ErrCredentialDate reports a day from which none of Amazon's times can run.
var ErrCredentialDate = errors.New("the day must be today or earlier, and not before Amazon's interface began in 2020")

// CheckCredentialDate tells whether a secret or consent can be of a day, in the
// user's own time zone.
func CheckCredentialDate(day, now time.Time) error {
	if day.After(now) || day.Year() < 2020 {
		return ErrCredentialDate
	}
	return nil
}

// SetCredentialDate keeps the day on which the client secret was made
// (store.SecretDate) or the seller authorised the application
// (store.ConsentDate), from which the time runs after which Amazon wants it
// renewed. Otherwise that is counted from when it was stored in the book.
func (s *Session) SetCredentialDate(ctx context.Context, id, kind string, day time.Time) error {
	if err := CheckCredentialDate(day, time.Now()); err != nil {
		return err
	}
	c, err := s.Book.Connection(ctx, id)
	if err != nil {
		return err
	}
	if c.Kind != store.KindAPI {
		return fmt.Errorf("connection %s is fed by files; it has no credentials to renew", id)
	}
	return s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetCredentialDate(id, kind, day); err != nil {
			return err
		}
		return tx.Audit("credential date", fmt.Sprintf("%s of connection %s is of %s", kind, id, day.Format(time.DateOnly)))
	})
}
