package spapi

// Listings Items 2021-08-01.
//
// searchListingsItems: 5/s, burst 5, up to 20 items a page (10 by default).
// All arguments are repeated with the pageToken.
// Surprises: at most 1000 items can be reached by one query, however many
// pages are asked for (Page.Total tells how many match; split by dates, or use
// the listings report); the seller id is part of the path.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"
)

const listingsPath = "/listings/2021-08-01/items/"

// ListingsReach is how many items one query can hand out.
const ListingsReach = 1000

// The datasets of a listing that a query may ask for.
var listingIncludes = []string{
	"summaries", "attributes", "issues", "offers", "fulfillmentAvailability",
	"procurement", "relationships", "productTypes",
}

// ListingsQuery asks for listings of one seller.
type ListingsQuery struct {
	SellerID                            string
	MarketplaceIDs                      []string
	Include                             []string // none: summaries
	Identifiers                         []string // up to 20, with IdentifiersType
	IdentifiersType                     string   // ASIN, EAN, FNSKU, SKU ...
	CreatedAfter, CreatedBefore         time.Time
	LastUpdatedAfter, LastUpdatedBefore time.Time
	WithStatus                          []string // BUYABLE, DISCOVERABLE
	SortBy                              string   // sku, createdDate, lastUpdatedDate
	SortOrder                           string   // ASC, DESC
	PageSize                            int      // 1..20, 0: 20
}

func (q ListingsQuery) params() (params, error) {
	const op = OpSearchListings
	if q.PageSize < 0 || q.PageSize > 20 {
		return nil, fail(op, ErrArgument, "a page has 1 to 20 items")
	}
	if q.PageSize == 0 {
		q.PageSize = 20
	}
	if (len(q.Identifiers) == 0) != (q.IdentifiersType == "") {
		return nil, fail(op, ErrArgument, "identifiers and their type go together")
	}
	err := errors.Join(
		checkList(op, "marketplaceIds", q.MarketplaceIDs, 1, 50),
		checkList(op, "identifiers", q.Identifiers, 0, 20),
		checkList(op, "withStatus", q.WithStatus, 0, 2),
		checkIncludes(op, q.Include, listingIncludes),
	)
	if err != nil {
		return nil, err
	}
	p := params{}
	p.list("marketplaceIds", q.MarketplaceIDs)
	p.list("includedData", q.Include)
	p.list("identifiers", q.Identifiers)
	p.text("identifiersType", q.IdentifiersType)
	p.time("createdAfter", q.CreatedAfter)
	p.time("createdBefore", q.CreatedBefore)
	p.time("lastUpdatedAfter", q.LastUpdatedAfter)
	p.time("lastUpdatedBefore", q.LastUpdatedBefore)
	p.list("withStatus", q.WithStatus)
	p.text("sortBy", q.SortBy)
	p.text("sortOrder", q.SortOrder)
	p.number("pageSize", q.PageSize)
	return p, nil
}

// listingList is the list of one seller, whose id is part of the path.
func listingList(seller string) (list[ListingItem], error) {
	id, err := segment(OpSearchListings, "seller id", seller)
	return list[ListingItem]{
		op: OpSearchListings, path: listingsPath + id, next: repeatAll("pageToken"), decode: decodeListings,
	}, err
}

func decodeListings(body []byte) (listAnswer, error) {
	var w struct {
		Total      Int                `json:"numberOfResults"`
		Items      *[]json.RawMessage `json:"items"`
		Pagination struct {
			NextToken string `json:"nextToken"`
		} `json:"pagination"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return listAnswer{}, err
	}
	if w.Items == nil {
		return listAnswer{}, errors.New("no list of items")
	}
	return listAnswer{items: *w.Items, token: w.Pagination.NextToken, total: int(w.Total)}, nil
}

// SearchListings lists listings page by page.
func (c *Client) SearchListings(ctx context.Context, q ListingsQuery) iter.Seq2[Page[ListingItem], error] {
	p, err := q.params()
	if err != nil {
		return broken[ListingItem](err)
	}
	l, err := listingList(q.SellerID)
	if err != nil {
		return broken[ListingItem](err)
	}
	at := first(OpSearchListings, p)
	at.subject = q.SellerID
	return l.pages(ctx, c, at)
}

// ResumeListings goes on at a stored place.
func (c *Client) ResumeListings(ctx context.Context, at Cursor) iter.Seq2[Page[ListingItem], error] {
	l, err := listingList(at.subject)
	if err == nil {
		err = l.resume(c, at)
	}
	if err != nil {
		return broken[ListingItem](err)
	}
	return l.pages(ctx, c, at)
}

// ListingItem is a SKU with what each marketplace shows of it.
type ListingItem struct {
	SKU                     string                `json:"sku"`
	Summaries               []ListingSummary      `json:"summaries"`
	Offers                  []ListingOffer        `json:"offers"`
	FulfillmentAvailability []ListingAvailability `json:"fulfillmentAvailability"`
	Issues                  []ListingIssue        `json:"issues"`
	Relationships           json.RawMessage       `json:"relationships"`
	Attributes              json.RawMessage       `json:"attributes"`

	Raw json.RawMessage `json:"-"` // the item as it came
}

// UnmarshalJSON keeps the item as it came beside the decoded form.
func (i *ListingItem) UnmarshalJSON(b []byte) error {
	type plain ListingItem
	if err := json.Unmarshal(b, (*plain)(i)); err != nil {
		return err
	}
	i.Raw = bytes.Clone(b)
	return nil
}

// ListingSummary is the listing in one marketplace.
type ListingSummary struct {
	MarketplaceID   string   `json:"marketplaceId"`
	ASIN            string   `json:"asin"`
	ProductType     string   `json:"productType"`
	ConditionType   string   `json:"conditionType"`
	Status          []string `json:"status"`
	FNSKU           string   `json:"fnSku"`
	ItemName        string   `json:"itemName"`
	CreatedDate     Time     `json:"createdDate"`
	LastUpdatedDate Time     `json:"lastUpdatedDate"`
	MainImage       *struct {
		Link   string `json:"link"`
		Height Int    `json:"height"` // pixels
		Width  Int    `json:"width"`  // pixels
	} `json:"mainImage"`
}

// ListingOffer is a price in one marketplace.
type ListingOffer struct {
	MarketplaceID string `json:"marketplaceId"`
	OfferType     string `json:"offerType"` // B2C, B2B
	Price         *Money `json:"price"`
	Points        *struct {
		PointsNumber *Int `json:"pointsNumber"`
	} `json:"points"`
}

// ListingAvailability is stock by channel; DEFAULT is the seller's own.
type ListingAvailability struct {
	FulfillmentChannelCode string `json:"fulfillmentChannelCode"`
	Quantity               *Int   `json:"quantity"`
}

// ListingIssue is something Amazon complains about.
type ListingIssue struct {
	Code           string   `json:"code"`
	Message        string   `json:"message"`
	Severity       string   `json:"severity"`
	AttributeNames []string `json:"attributeNames"`
	Categories     []string `json:"categories"`
	MarketplaceIDs []string `json:"marketplaceIds"`
}
