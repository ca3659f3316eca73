package appsync

import (
	"context"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// balances: Finances 2024-06-19 listBalances, 0.5/s burst 10, 500 a page. What
// Amazon says it holds now, beside which the books' own balance is shown; the
// last look of a day is kept. A past day could be asked for too; ours is known
// from the postings.
// Surprises: a tree of parts, some without an amount; Amazon's own last update
// may be hours old.
type balances struct{}

func (balances) Name() string         { return nameBalances }
func (balances) Stage() int           { return 3 }
func (balances) Every() time.Duration { return time.Hour }

func (balances) Sync(ctx context.Context, s *Session) error {
	for page, err := range s.API.Balances(ctx, spapi.BalancesQuery{}) {
		if err != nil {
			return err
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				if err := putBalance(tx, s, w); err != nil {
					return err
				}
			}
			if !page.Next.Done() {
				return nil
			}
			return tx.SetBookmark(s.ID(), nameBalances, map[string]string{}, s.Now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func putBalance(tx *store.Tx, s *Session, w spapi.Kept[spapi.Balance]) error {
	doc, err := tx.PutDocument("balance", w.Raw)
	if err != nil {
		return err
	}
	base := store.Balance{
		Connection: s.ID(), Marketplace: w.Value.Partner.MarketplaceID, Account: w.Value.Partner.AccountType, Taken: s.Now,
		Updated: w.Value.LastUpdated.Time, Document: doc,
	}
	return eachBalance(w.Value, "", func(path string, b spapi.Balance) error {
		m, err := money(b.Amount)
		if err != nil {
			return fmt.Errorf("balance %s: %w", path, err)
		}
		base.Path, base.Currency, base.Minor = path, m.Currency, m.Minor
		return tx.PutBalance(base)
	})
}

// eachBalance walks a balance and its parts, those without an amount left out.
func eachBalance(b spapi.Balance, above string, f func(string, spapi.Balance) error) error {
	path := b.Type
	if above != "" {
		path = above + "/" + b.Type
	}
	if b.Amount != nil && b.Amount.Amount != "" {
		if err := f(path, b); err != nil {
			return err
		}
	}
	for _, part := range b.Parts {
		if err := eachBalance(part, path, f); err != nil {
			return err
		}
	}
	return nil
}
