package spapi

// Product Fees v0.
//
// getMyFeesEstimates: 0.5/s, burst 1, up to 20 entries a call, answered as a
// bare list in no promised order: each entry carries the identifier it was
// asked under. It changes nothing, though it is a POST, so it is repeated.
// Surprises: an entry fails by its Status inside HTTP 200 (ClientError,
// ServiceError); the error object is there, and empty, on success too; a fee
// may hold the fees it consists of, which are not to be added again; the time
// of the estimate comes in several forms and is not decoded; amounts are
// numbers that must be sent as numbers too.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

const feesPath = "/products/fees/v0/feesEstimate"

// FeesBatch is how many estimates one call may ask for.
const FeesBatch = 20

// FeesRequest asks for the fees on one unit of a SKU at a price.
type FeesRequest struct {
	ID            string // the caller's, unique in the batch
	MarketplaceID string
	SKU           string
	ByAmazon      bool // fulfilled by Amazon
	Price         Money
}

// FeesResult is what Amazon answered to one request.
type FeesResult struct {
	Status     string `json:"Status"` // Success, ClientError, ServiceError
	Identifier struct {
		ID string `json:"SellerInputIdentifier"`
	} `json:"FeesEstimateIdentifier"`
	Estimate *struct {
		Total *Money      `json:"TotalFeesEstimate"`
		Fees  []FeeDetail `json:"FeeDetailList"`
	} `json:"FeesEstimate"`
	Error *struct {
		Code    string `json:"Code"`
		Message string `json:"Message"`
	} `json:"Error"`
}

// FeeDetail is one fee, with those it consists of.
type FeeDetail struct {
	Type      string      `json:"FeeType"`
	Amount    *Money      `json:"FeeAmount"`
	Promotion *Money      `json:"FeePromotion"`
	Tax       *Money      `json:"TaxAmount"`
	Final     *Money      `json:"FinalFee"`
	Included  []FeeDetail `json:"IncludedFeeDetailList"`
}

type feesPrice struct {
	CurrencyCode string      `json:"CurrencyCode"`
	Amount       json.Number `json:"Amount"`
}

type feesRequest struct {
	Request struct {
		MarketplaceID string `json:"MarketplaceId"`
		ByAmazon      bool   `json:"IsAmazonFulfilled"`
		Price         struct {
			Listing feesPrice `json:"ListingPrice"`
		} `json:"PriceToEstimateFees"`
		ID string `json:"Identifier"`
	} `json:"FeesEstimateRequest"`
	IDType  string `json:"IdType"`
	IDValue string `json:"IdValue"`
}

// FeesEstimates asks for up to 20 estimates.
func (c *Client) FeesEstimates(ctx context.Context, list []FeesRequest) ([]Kept[FeesResult], error) {
	const op = OpFeesEstimates
	if len(list) == 0 || len(list) > FeesBatch {
		return nil, fail(op, ErrArgument, "a batch has 1 to %d estimates", FeesBatch)
	}
	batch := make([]feesRequest, len(list))
	for i, r := range list {
		if r.ID == "" || r.MarketplaceID == "" || r.SKU == "" || r.Price.Amount == "" || r.Price.CurrencyCode == "" {
			return nil, fail(op, ErrArgument, "an estimate needs identifier, marketplace, SKU and price")
		}
		w := &batch[i]
		w.Request.MarketplaceID, w.Request.ByAmazon, w.Request.ID = r.MarketplaceID, r.ByAmazon, r.ID
		w.Request.Price.Listing = feesPrice{r.Price.CurrencyCode, json.Number(r.Price.Amount)}
		w.IDType, w.IDValue = "SellerSKU", r.SKU
	}
	body, err := json.Marshal(batch)
	if err != nil {
		return nil, fmt.Errorf("write the request for fees: %w", err)
	}
	var got []Kept[FeesResult]
	_, err = c.do(ctx, request{
		op: op, path: feesPath, body: body, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &got); err != nil {
				return err
			}
			if got == nil {
				return errors.New("no list of estimates")
			}
			return nil
		},
	})
	return got, err
}
