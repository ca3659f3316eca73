package spapi

// FBA Inventory v1.
//
// getInventorySummaries: 2/s, burst 2, about 50 entries a page, 18 months
// back when asked for changes. The page token lives 30 seconds, has to be
// percent-encoded, and wants every argument repeated, startDateTime above all.
// Surprises: without details=true the quantities are missing; changes of
// inbound quantities are not detected by startDateTime; it is a snapshot with
// no history; sums can differ from Seller Central.
//
// Because of the 30 seconds there is no page by page here: everything is
// fetched before the caller can touch a database.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"
)

const inventoryPath = "/fba/inventory/v1/summaries"

// How often a list that expired while it was read is begun again.
const inventoryRounds = 3

// InventoryQuery asks for the stock of one marketplace.
type InventoryQuery struct {
	MarketplaceID string
	ChangedSince  time.Time // zero: everything
	SellerSKUs    []string  // up to 50, none: all
}

func (q InventoryQuery) params(now time.Time) (params, error) {
	const op = OpInventory
	if err := checkList(op, "marketplaceIds", []string{q.MarketplaceID}, 1, 1); err != nil {
		return nil, err
	}
	if err := checkList(op, "sellerSkus", q.SellerSKUs, 0, 50); err != nil {
		return nil, err
	}
	if !q.ChangedSince.IsZero() && q.ChangedSince.Before(now.AddDate(0, -18, 0)) {
		return nil, fail(op, ErrArgument, "changes are known for 18 months only")
	}
	p := params{
		"granularityType": "Marketplace", "granularityId": q.MarketplaceID,
		"marketplaceIds": q.MarketplaceID, "details": "true",
	}
	p.list("sellerSkus", q.SellerSKUs)
	p.time("startDateTime", q.ChangedSince)
	return p, nil
}

// InventorySummary is the FBA stock of one SKU, in units. A nil quantity was
// not sent.
type InventorySummary struct {
	ASIN             string            `json:"asin"`
	FNSKU            string            `json:"fnSku"`
	SellerSKU        string            `json:"sellerSku"`
	Condition        string            `json:"condition"`
	InventoryDetails *InventoryDetails `json:"inventoryDetails"`
	LastUpdatedTime  Time              `json:"lastUpdatedTime"`
	ProductName      string            `json:"productName"`
	TotalQuantity    *Int              `json:"totalQuantity"`
	Stores           []string          `json:"stores"`

	Raw json.RawMessage `json:"-"` // the entry as it came
}

// UnmarshalJSON keeps the entry as it came beside the decoded form.
func (s *InventorySummary) UnmarshalJSON(b []byte) error {
	type plain InventorySummary
	if err := json.Unmarshal(b, (*plain)(s)); err != nil {
		return err
	}
	s.Raw = bytes.Clone(b)
	return nil
}

// InventoryDetails splits the total.
type InventoryDetails struct {
	FulfillableQuantity      *Int `json:"fulfillableQuantity"`
	InboundWorkingQuantity   *Int `json:"inboundWorkingQuantity"`
	InboundShippedQuantity   *Int `json:"inboundShippedQuantity"`
	InboundReceivingQuantity *Int `json:"inboundReceivingQuantity"`
	ReservedQuantity         *struct {
		Total                *Int `json:"totalReservedQuantity"`
		PendingCustomerOrder *Int `json:"pendingCustomerOrderQuantity"`
		PendingTransshipment *Int `json:"pendingTransshipmentQuantity"`
		FCProcessing         *Int `json:"fcProcessingQuantity"`
	} `json:"reservedQuantity"`
	ResearchingQuantity *struct {
		Total *Int `json:"totalResearchingQuantity"`
		Parts []struct {
			Name     string `json:"name"`
			Quantity *Int   `json:"quantity"`
		} `json:"researchingQuantityBreakdown"`
	} `json:"researchingQuantity"`
	UnfulfillableQuantity *struct {
		Total              *Int `json:"totalUnfulfillableQuantity"`
		CustomerDamaged    *Int `json:"customerDamagedQuantity"`
		WarehouseDamaged   *Int `json:"warehouseDamagedQuantity"`
		DistributorDamaged *Int `json:"distributorDamagedQuantity"`
		CarrierDamaged     *Int `json:"carrierDamagedQuantity"`
		Defective          *Int `json:"defectiveQuantity"`
		Expired            *Int `json:"expiredQuantity"`
	} `json:"unfulfillableQuantity"`
}

var inventoryList = list[InventorySummary]{op: OpInventory, path: inventoryPath, next: repeatAll("nextToken"), decode: decodeInventory}

func decodeInventory(body []byte) (listAnswer, error) {
	var w struct {
		Payload *struct {
			Summaries  []json.RawMessage `json:"inventorySummaries"`
			Pagination struct {
				NextToken string `json:"nextToken"`
			} `json:"pagination"`
		} `json:"payload"`
		Pagination struct {
			NextToken string `json:"nextToken"`
		} `json:"pagination"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return listAnswer{}, err
	}
	if w.Payload == nil {
		return listAnswer{}, errors.New("no payload")
	}
	token := w.Pagination.NextToken
	if token == "" {
		token = w.Payload.Pagination.NextToken // seen there in older answers
	}
	return listAnswer{items: w.Payload.Summaries, token: token}, nil
}

// InventorySummaries returns the whole list. When a page token expires while
// the budget or a failing line holds the list up, it begins again, a few times.
func (c *Client) InventorySummaries(ctx context.Context, q InventoryQuery) ([]InventorySummary, error) {
	p, err := q.params(c.cfg.Now())
	if err != nil {
		return nil, err
	}
	for round := 1; ; round++ {
		var all []InventorySummary
		var err error
		for page, e := range inventoryList.pages(ctx, c, first(OpInventory, p)) {
			if err = e; err == nil {
				all = append(all, page.Items...)
			}
		}
		if err == nil {
			return all, nil
		}
		if !errors.Is(err, ErrPageExpired) || round == inventoryRounds {
			return nil, err
		}
	}
}
