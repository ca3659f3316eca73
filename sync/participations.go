package appsync

import (
	"context"
	"errors"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// participations: Sellers v1 getMarketplaceParticipations, 0.016/s burst 15,
// no pages. It is the first call of a run because it needs no special role:
// when it is refused with a fresh token, the permission is gone.
// Surprise: it lists pseudo-marketplaces; those we do not know are stored but
// never asked for.
type participations struct{}

func (participations) Name() string         { return nameParticipations }
func (participations) Stage() int           { return 0 }
func (participations) Every() time.Duration { return 6 * time.Hour }

func (participations) Sync(ctx context.Context, s *Session) error {
	list, err := Participations(ctx, s.API)
	if err != nil {
		return err
	}
	err = s.Page(ctx, len(list), func(tx *store.Tx) error {
		return tx.PutMarketplaces(s.ID(), list)
	})
	if err != nil {
		return err
	}
	return s.API.CheckClock() // before anything is asked for by dates
}

// Participations asks for the marketplaces of an account.
func Participations(ctx context.Context, api *spapi.Client) ([]store.MarketplaceRow, error) {
	got, err := api.MarketplaceParticipations(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]store.MarketplaceRow, 0, len(got))
	for _, p := range got {
		m := p.Marketplace
		list = append(list, store.MarketplaceRow{
			ID: m.ID, Name: m.Name, Country: m.CountryCode, Currency: m.DefaultCurrencyCode, Domain: m.DomainName,
			Participating: p.Participation.IsParticipating,
		})
	}
	return list, nil
}

// ErrNoMarketplace reports an account with nothing to ask for: its list of
// marketplaces could not be read yet, or names none that is known here.
var ErrNoMarketplace = errors.New("no marketplace of this account is known here yet; the next run asks for the list first")

// active lists the real marketplaces in which the connection sells, at least
// one. Nothing to ask for would look like nothing sold.
func active(ctx context.Context, s *Session) ([]string, error) {
	rows, err := s.Book.Marketplaces(ctx, s.ID())
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if _, known := markets.ByID(r.ID); known && r.Participating {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil, ErrNoMarketplace
	}
	return ids, nil
}
