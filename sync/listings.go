package appsync

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// listings: Listings Items 2021-08-01 searchListingsItems, 5/s burst 5, 20 a
// page, at most 1000 items per query: a larger catalogue is asked for in halves
// of its creation dates. It needs the seller id, which Amazon tells in the
// transactions only, so it runs after them.
type listings struct{}

func (listings) Name() string         { return nameListings }
func (listings) Stage() int           { return 2 }
func (listings) Every() time.Duration { return 6 * time.Hour }

// After: the transactions tell the seller id.
func (listings) After() []string { return []string{nameFinances} }

// ErrNoSeller reports that Amazon has not told the seller id yet.
var ErrNoSeller = errors.New("the seller id is not known yet; give it with connect --seller-id (Seller Central calls it the merchant token)")

// amazonBegan is before any listing was made.
var amazonBegan = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

func (listings) Sync(ctx context.Context, s *Session) error {
	if s.Conn.SellerID == "" {
		return ErrNoSeller
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	for _, m := range marketplaces {
		if err := listingsOf(ctx, s, m, time.Time{}, time.Time{}); err != nil {
			return fmt.Errorf("listings of %s: %w", m, err)
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameListings, map[string]string{}, s.Now)
	})
}

// listingsOf reads one marketplace, or the listings made in a span of it.
func listingsOf(ctx context.Context, s *Session, marketplace string, from, to time.Time) error {
	q := spapi.ListingsQuery{
		SellerID: s.Conn.SellerID, MarketplaceIDs: []string{marketplace}, PageSize: 20,
		Include: []string{"summaries", "offers", "fulfillmentAvailability"}, CreatedAfter: from, CreatedBefore: to,
	}
	for page, err := range s.API.SearchListings(ctx, q) {
		if err != nil {
			return err
		}
		if page.Number == 1 && page.Total > spapi.ListingsReach {
			return listingsHalves(ctx, s, marketplace, from, to)
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				if err := putListing(tx, s, marketplace, w); err != nil {
					return fmt.Errorf("listing %s: %w", w.SKU, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func listingsHalves(ctx context.Context, s *Session, marketplace string, from, to time.Time) error {
	if from.IsZero() {
		from, to = amazonBegan, s.Now.UTC().Truncate(time.Second)
	}
	half := from.Add(to.Sub(from) / 2).Truncate(time.Second)
	if !half.After(from) {
		return fmt.Errorf("more than %d listings were made in one second, which Amazon does not hand out", spapi.ListingsReach)
	}
	if err := listingsOf(ctx, s, marketplace, from, half); err != nil {
		return err
	}
	return listingsOf(ctx, s, marketplace, half, to)
}

func putListing(tx *store.Tx, s *Session, marketplace string, w spapi.ListingItem) error {
	l := store.Listing{Connection: s.ID(), Marketplace: marketplace, SKU: w.SKU}
	for _, sum := range w.Summaries {
		if sum.MarketplaceID != marketplace {
			continue
		}
		l.ASIN, l.FNSKU, l.Title, l.Condition = sum.ASIN, sum.FNSKU, sum.ItemName, sum.ConditionType
		l.Status, l.ProductType = strings.Join(sum.Status, ","), sum.ProductType
		l.Created, l.Updated = sum.CreatedDate.Time, sum.LastUpdatedDate.Time
		if sum.MainImage != nil {
			l.Image = sum.MainImage.Link
		}
	}
	for _, o := range w.Offers {
		if o.MarketplaceID != marketplace || (o.OfferType != "" && o.OfferType != "B2C") || o.Price == nil {
			continue
		}
		m, err := money(o.Price)
		if err != nil {
			return err
		}
		l.Currency, l.Price = m.Currency, &m.Minor
	}
	for _, a := range w.FulfillmentAvailability {
		if a.FulfillmentChannelCode == "DEFAULT" {
			l.OwnQuantity = optCount(a.Quantity)
		}
	}
	var err error
	if l.Document, err = tx.PutDocument("listing", w.Raw); err != nil {
		return err
	}
	return tx.PutListing(l)
}
