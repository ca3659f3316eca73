package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/costfiles"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// FillDemo connects a demo book to the demo seller's local Amazon, enters the
// seller's unit costs and fetches everything. It goes the way of a real
// account; only the addresses differ. only names the sources to fetch; none: all.
func (s *Session) FillDemo(ctx context.Context, seller *spapifake.Server, report func(appsync.Event), only ...string) (appsync.Result, error) {
	rows, bad, err := costfiles.UnitCosts([]byte(seller.CompleteCostsCSV()), marketplaceID)
	if err != nil || len(bad) > 0 {
		return appsync.Result{}, errors.Join(err, fmt.Errorf("%d rows of the demo seller's cost list cannot be read", len(bad)))
	}
	if err := s.Book.Write(ctx, func(tx *store.Tx) error { return tx.PutCosts(rows) }); err != nil {
		return appsync.Result{}, err
	}
	e := seller.Endpoints()
	for _, region := range spapifake.Connections() {
		c := seller.Credentials(region)
		_, err := s.Connect(ctx, Connection{
			ID: strings.ToLower(region), Region: region, SellerID: c.SellerID, ClientID: vault.NewSecret(c.ClientID),
			ClientSecret: vault.NewSecret(c.ClientSecret), RefreshToken: vault.NewSecret(c.RefreshToken),
			Endpoint: e.Region(region), LoginEndpoint: e.Login,
		})
		if err != nil {
			return appsync.Result{}, fmt.Errorf("connect %s: %w", region, err)
		}
	}
	cfg := appsync.Config{Report: report}
	if len(only) > 0 {
		cfg.Resources = slices.DeleteFunc(appsync.All(), func(r appsync.Resource) bool { return !slices.Contains(only, r.Name()) })
	}
	result, err := s.engine(cfg).Once(ctx)
	if err != nil {
		return result, err
	}
	return result, s.enterPurchases(ctx)
}

func marketplaceID(text string) (string, bool) {
	m, ok := markets.ByID(text)
	return m.ID, ok
}
