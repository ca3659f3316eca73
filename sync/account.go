package appsync

import (
	"context"
	"errors"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// sellerAccount: Sellers v1 getAccount, 0.016/s burst 15, no pages. The selling plan:
// without the professional one Amazon gives an application nothing.
// Surprise: the answer names the seller's contact person, who is not kept.
type sellerAccount struct{}

func (sellerAccount) Name() string         { return nameAccount }
func (sellerAccount) Stage() int           { return 3 }
func (sellerAccount) Every() time.Duration { return 24 * time.Hour }

func (sellerAccount) Sync(ctx context.Context, s *Session) error {
	w, err := s.API.Account(ctx)
	if err != nil {
		return err
	}
	return s.Page(ctx, 1, func(tx *store.Tx) error {
		a := store.Account{Connection: s.ID(), SellingPlan: w.SellingPlan, BusinessType: w.BusinessType, Seen: s.Now}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		return tx.SetBookmark(s.ID(), nameAccount, map[string]string{}, s.Now)
	})
}

// noteAccess keeps what a run taught about the roles that Amazon granted: a
// source that answered may be read, one refused for its role may not. Other
// failures teach nothing.
func noteAccess(tx *store.Tx, s *Session, err error) error {
	switch {
	case err == nil:
		return tx.SetAccess(s.ID(), s.resource, true, s.Now)
	case errors.Is(err, spapi.ErrRole):
		return tx.SetAccess(s.ID(), s.resource, false, s.Now)
	}
	return nil
}
