package appsync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// prices: Product Pricing 2022-05-01 getCompetitiveSummary, 0.033/s burst 1, 20
// ASINs a call: who has the featured offer, the cheapest offers, and the prices
// that Amazon compares with. The own products come in turn, the one that was not
// looked at for the longest time first, so that one call in 30 seconds is
// enough for all of them; the last look of a day is kept.
// Surprises: entries fail one by one inside HTTP 200; whether an offer is ours
// is seen by the seller id, which may not be known yet.
type prices struct{}

const (
	// pricesFresh is how long a look is good for, where the limit allows it.
	pricesFresh = 4 * time.Hour
	// pricesCall is what one call costs at the limit when two thirds of it are
	// used; with very many products a look has to be good for longer.
	pricesCall = 45 * time.Second
	// pricesRun is how many products one run looks at; the next goes on.
	pricesRun = 200
)

func (prices) Name() string { return namePrices }
func (prices) Stage() int   { return 3 }

func (prices) Sync(ctx context.Context, s *Session) error {
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	products := 0
	for _, m := range marketplaces {
		n, err := s.Book.OwnASINs(ctx, s.ID(), m)
		if err != nil {
			return err
		}
		products += n
	}
	fresh := max(pricesFresh, time.Duration((products+spapi.CompetitiveBatch-1)/spapi.CompetitiveBatch)*pricesCall)
	left := pricesRun
	for _, m := range marketplaces {
		due, err := s.Book.PricesDue(ctx, s.ID(), m, s.Now.Add(-fresh), left)
		if err != nil {
			return err
		}
		left -= len(due)
		for asins := range slices.Chunk(due, spapi.CompetitiveBatch) {
			if err := pricesBatch(ctx, s, m, asins); err != nil {
				return fmt.Errorf("prices of %s: %w", m, err)
			}
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), namePrices, map[string]string{}, s.Now.Add(-fresh))
	})
}

func pricesBatch(ctx context.Context, s *Session, marketplace string, asins []string) error {
	list, err := s.API.CompetitiveSummaries(ctx, marketplace, asins)
	if err != nil {
		return err
	}
	return s.Page(ctx, len(asins), func(tx *store.Tx) error {
		for i, asin := range asins {
			p := store.PriceLook{Connection: s.ID(), Marketplace: marketplace, ASIN: asin, Taken: s.Now, Error: "no answer"}
			at := slices.IndexFunc(list, func(e spapi.CompetitiveEntry) bool { return e.Body.Value.ASIN == asin })
			if at < 0 && i < len(list) && list[i].Body.Value.ASIN == "" { // a failed entry need not name it
				at = i
			}
			if at >= 0 {
				if err := toPriceLook(s.Conn.SellerID, list[at], &p); err != nil {
					return fmt.Errorf("%s: %w", asin, err)
				}
				if raw := list[at].Body.Raw; raw != nil {
					var err error
					if p.Document, err = tx.PutDocument("price", raw); err != nil {
						return err
					}
				}
			}
			if err := tx.PutPriceLook(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func toPriceLook(seller string, e spapi.CompetitiveEntry, p *store.PriceLook) error {
	w := e.Body.Value
	p.Error = ""
	if e.Status.Code != 200 {
		p.Error = firstOf(e.Status.Reason, fmt.Sprint("status ", e.Status.Code))
		if len(w.Errors) > 0 {
			p.Error = firstOf(w.Errors[0].Message, w.Errors[0].Code, p.Error)
		}
		return nil
	}
	for _, f := range w.Featured {
		for _, o := range f.Offers {
			offer, err := toOffer("featured", seller, o)
			if err != nil {
				return err
			}
			if p.Offers = append(p.Offers, offer); seller != "" {
				ours := offer.Ours || p.FeaturedOurs != nil && *p.FeaturedOurs
				p.FeaturedOurs = &ours
			}
		}
	}
	for _, l := range w.Lowest {
		for _, o := range l.Offers {
			offer, err := toOffer("lowest", seller, o)
			if err != nil {
				return err
			}
			offer.Condition = firstOf(offer.Condition, l.Input.Condition)
			p.Offers = append(p.Offers, offer)
		}
	}
	for _, r := range w.References {
		m, err := money(r.Price)
		if err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		p.References = append(p.References, store.ReferencePrice{Name: r.Name, Currency: m.Currency, Price: m.Minor})
	}
	return nil
}

var fulfilment = map[string]string{"AFN": "AMAZON", "MFN": "MERCHANT"}

func toOffer(kind, seller string, w spapi.Offer) (o store.PriceOffer, err error) {
	price, err := money(w.ListingPrice)
	if err != nil {
		return o, fmt.Errorf("%s offer: %w", kind, err)
	}
	o = store.PriceOffer{
		Kind: kind, Seller: w.SellerID, Ours: seller != "" && w.SellerID == seller, Condition: w.Condition,
		FulfilledBy: firstOf(fulfilment[w.FulfillmentType], w.FulfillmentType), Currency: price.Currency, Price: price.Minor,
	}
	for _, ship := range w.Shipping {
		if o.Shipping == nil || ship.Type == "DEFAULT" {
			if o.Shipping, err = optMinor(ship.Price); err != nil {
				return o, fmt.Errorf("shipping of a %s offer: %w", kind, err)
			}
		}
	}
	if w.Points != nil {
		o.Points = optCount(w.Points.Number)
	}
	var segments []string
	for _, g := range w.Segments {
		text := g.Membership
		if g.Details != nil && g.Details.Weight != "" {
			text += " " + string(g.Details.Weight) + " %"
		}
		segments = append(segments, text)
	}
	o.Segment = strings.Join(segments, ", ")
	return o, nil
}
