package spapi

// Product Pricing 2022-05-01.
//
// getCompetitiveSummary: 0.033/s (one call in 30 s), burst 1, up to 20 ASINs a
// call. It changes nothing, though it is a POST, so it is repeated freely.
// Surprises: each entry has a status of its own inside HTTP 200; an offer names
// its seller, and whose it is has to be seen by that; points count against the
// price in Japan; promotions are not in the listing price.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

const (
	competitivePath = "/batches/products/pricing/2022-05-01/items/competitiveSummary"
	competitiveURI  = "/products/pricing/2022-05-01/items/competitiveSummary"
)

// CompetitiveBatch is how many ASINs one call may ask for.
const CompetitiveBatch = 20

// CompetitiveSummary is who sells a product for what.
type CompetitiveSummary struct {
	ASIN          string `json:"asin"`
	MarketplaceID string `json:"marketplaceId"`
	Featured      []struct {
		BuyingOption string  `json:"buyingOptionType"` // New
		Offers       []Offer `json:"segmentedFeaturedOffers"`
	} `json:"featuredBuyingOptions"`
	Lowest []struct {
		Input struct {
			Condition string `json:"itemCondition"`
			OfferType string `json:"offerType"`
		} `json:"lowestPricedOffersInput"`
		Offers []Offer `json:"offers"`
	} `json:"lowestPricedOffers"`
	References []struct {
		Name  string `json:"name"` // CompetitivePriceThreshold, CompetitivePrice, WasPrice
		Price *Money `json:"price"`
	} `json:"referencePrices"`
	Errors []struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

// Offer is one seller's offer.
type Offer struct {
	SellerID        string `json:"sellerId"`
	Condition       string `json:"condition"`
	FulfillmentType string `json:"fulfillmentType"` // AFN, MFN
	ListingPrice    *Money `json:"listingPrice"`
	Shipping        []struct {
		Type  string `json:"shippingOptionType"`
		Price *Money `json:"price"`
	} `json:"shippingOptions"`
	Points *struct {
		Number *Int `json:"pointsNumber"`
	} `json:"points"`
	Segments []struct {
		Membership string `json:"customerMembership"` // PRIME, NON_PRIME, DEFAULT
		Details    *struct {
			Weight Decimal `json:"glanceViewWeightPercentage"`
		} `json:"segmentDetails"`
	} `json:"featuredOfferSegments"`
}

// CompetitiveEntry is one entry of the batch: good when Status is 200.
type CompetitiveEntry struct {
	Status struct {
		Code   Int    `json:"statusCode"`
		Reason string `json:"reasonPhrase"`
	} `json:"status"`
	Body Kept[CompetitiveSummary] `json:"body"`
}

// CompetitiveSummaries asks for up to 20 ASINs of a marketplace. Entries come in
// the order of asins, as far as they came.
func (c *Client) CompetitiveSummaries(ctx context.Context, marketplace string, asins []string) ([]CompetitiveEntry, error) {
	const op = OpCompetitiveSummary
	err := errors.Join(checkList(op, "asin", asins, 1, CompetitiveBatch), checkList(op, "marketplaceId", []string{marketplace}, 1, 1))
	if err != nil {
		return nil, err
	}
	type input struct {
		Condition string `json:"itemCondition"`
		OfferType string `json:"offerType"`
	}
	type entry struct {
		ASIN    string   `json:"asin"`
		Market  string   `json:"marketplaceId"`
		Include []string `json:"includedData"`
		Lowest  []input  `json:"lowestPricedOffersInputs"`
		Method  string   `json:"method"`
		URI     string   `json:"uri"`
	}
	var batch struct {
		Requests []entry `json:"requests"`
	}
	for _, a := range asins {
		batch.Requests = append(batch.Requests, entry{a, marketplace, []string{"featuredBuyingOptions", "lowestPricedOffers", "referencePrices"},
			[]input{{"New", "Consumer"}}, "GET", competitiveURI})
	}
	body, err := json.Marshal(batch)
	if err != nil {
		return nil, fmt.Errorf("write the request for prices: %w", err)
	}
	var w struct {
		Responses *[]CompetitiveEntry `json:"responses"`
	}
	_, err = c.do(ctx, request{
		op: op, path: competitivePath, body: body, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Responses == nil {
				return errors.New("no responses")
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return *w.Responses, nil
}
