package spapi

// Orders 2026-01-01.
//
// searchOrders: 0.0056/s (one call per 179 s), burst 20, up to 100 orders a
// page, two years back (JP, AU, SG since 2016). Exactly one of createdAfter
// and lastUpdatedAfter. The page token lives 24 hours and is refused unless
// every other argument is the same as for the first page, so the query
// travels inside the Cursor. The last page has no pagination object.
//
// getOrder: 0.5/s, burst 30.
//
// Surprises: pending orders have no prices; a role that is missing leaves
// fields out without an error; some accounts get 400 for certain sets of
// Include (ErrInvalid: try a smaller set); upper bounds must lie two minutes
// in the past. No restricted data token is needed.

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"
)

const ordersPath = "/orders/2026-01-01/orders"

// The datasets of an order that a query may ask for.
const (
	IncludeBuyer             = "BUYER"
	IncludeRecipient         = "RECIPIENT"
	IncludeProceeds          = "PROCEEDS"
	IncludeExpense           = "EXPENSE"
	IncludePromotion         = "PROMOTION"
	IncludeCancellation      = "CANCELLATION"
	IncludeFulfillment       = "FULFILLMENT"
	IncludePackages          = "PACKAGES"
	IncludeTax               = "TAX"
	IncludePayment           = "PAYMENT"
	IncludeFulfillmentOrders = "FULFILLMENT_ORDERS"
)

var orderIncludes = []string{
	IncludeBuyer, IncludeRecipient, IncludeProceeds, IncludeExpense, IncludePromotion,
	IncludeCancellation, IncludeFulfillment, IncludePackages, IncludeTax, IncludePayment,
	IncludeFulfillmentOrders,
}

// OrdersQuery asks for orders. Times are sent to the second.
type OrdersQuery struct {
	CreatedAfter, CreatedBefore         time.Time
	LastUpdatedAfter, LastUpdatedBefore time.Time
	MarketplaceIDs                      []string // up to 50
	FulfillmentStatuses                 []string
	FulfilledBy                         []string // MERCHANT, AMAZON
	PageSize                            int      // 1..100, 0: Amazon's 100
	Include                             []string
}

// SettleTime is how far in the past an upper bound has to lie.
const SettleTime = 2 * time.Minute

func (q OrdersQuery) params(now time.Time) (params, error) {
	const op = OpSearchOrders
	if q.CreatedAfter.IsZero() == q.LastUpdatedAfter.IsZero() {
		return nil, fail(op, ErrArgument, "exactly one of created-after and updated-after is needed")
	}
	after, before := q.CreatedAfter, q.CreatedBefore
	if after.IsZero() {
		after, before = q.LastUpdatedAfter, q.LastUpdatedBefore
	}
	if q.CreatedAfter.IsZero() && !q.CreatedBefore.IsZero() || q.LastUpdatedAfter.IsZero() && !q.LastUpdatedBefore.IsZero() {
		return nil, fail(op, ErrArgument, "the upper bound must be of the same kind as the lower one")
	}
	if err := checkWindow(op, after, before, now); err != nil {
		return nil, err
	}
	if q.PageSize < 0 || q.PageSize > 100 {
		return nil, fail(op, ErrArgument, "a page has 1 to 100 orders")
	}
	err := errors.Join(
		checkList(op, "marketplaceIds", q.MarketplaceIDs, 0, 50),
		checkList(op, "fulfillmentStatuses", q.FulfillmentStatuses, 0, 50),
		checkList(op, "fulfilledBy", q.FulfilledBy, 0, 2),
		checkIncludes(op, q.Include, orderIncludes),
	)
	if err != nil {
		return nil, err
	}
	p := params{}
	p.time("createdAfter", q.CreatedAfter)
	p.time("createdBefore", q.CreatedBefore)
	p.time("lastUpdatedAfter", q.LastUpdatedAfter)
	p.time("lastUpdatedBefore", q.LastUpdatedBefore)
	p.list("marketplaceIds", q.MarketplaceIDs)
	p.list("fulfillmentStatuses", q.FulfillmentStatuses)
	p.list("fulfilledBy", q.FulfilledBy)
	p.list("includedData", q.Include)
	p.number("maxResultsPerPage", q.PageSize)
	return p, nil
}

// checkWindow refuses windows that Amazon refuses or answers emptily.
func checkWindow(op Op, after, before, now time.Time) error {
	if before.IsZero() {
		return nil
	}
	if !before.After(after) {
		return fail(op, ErrArgument, "the window ends before it begins")
	}
	if before.After(now.Add(-SettleTime)) {
		return fail(op, ErrArgument, "the window must end at least two minutes in the past")
	}
	return nil
}

func checkIncludes(op Op, v, known []string) error {
	for _, s := range v {
		if !slices.Contains(known, s) {
			return fail(op, ErrArgument, "there is no dataset %q", s)
		}
	}
	return nil
}

var orderList = list[Order]{op: OpSearchOrders, path: ordersPath, next: repeatAll("paginationToken"), decode: decodeOrders}

func decodeOrders(body []byte) (listAnswer, error) {
	var w struct {
		Orders     *[]json.RawMessage `json:"orders"`
		Pagination struct {
			NextToken string `json:"nextToken"`
		} `json:"pagination"`
		LastUpdatedBefore Time `json:"lastUpdatedBefore"`
		CreatedBefore     Time `json:"createdBefore"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return listAnswer{}, err
	}
	if w.Orders == nil {
		return listAnswer{}, errors.New("no list of orders")
	}
	upTo := w.LastUpdatedBefore.Time
	if upTo.IsZero() {
		upTo = w.CreatedBefore.Time
	}
	return listAnswer{items: *w.Orders, token: w.Pagination.NextToken, upTo: upTo}, nil
}

// SearchOrders lists orders page by page.
func (c *Client) SearchOrders(ctx context.Context, q OrdersQuery) iter.Seq2[Page[Order], error] {
	p, err := q.params(c.cfg.Now())
	if err != nil {
		return broken[Order](err)
	}
	return orderList.pages(ctx, c, first(OpSearchOrders, p))
}

// ResumeOrders goes on at a stored place. ErrPageExpired: start the window anew.
func (c *Client) ResumeOrders(ctx context.Context, at Cursor) iter.Seq2[Page[Order], error] {
	if err := orderList.resume(c, at); err != nil {
		return broken[Order](err)
	}
	return orderList.pages(ctx, c, at)
}

// GetOrder returns one order with the datasets of include.
func (c *Client) GetOrder(ctx context.Context, orderID string, include ...string) (Order, error) {
	id, err := segment(OpGetOrder, "order id", orderID)
	if err == nil {
		err = checkIncludes(OpGetOrder, include, orderIncludes)
	}
	if err != nil {
		return Order{}, err
	}
	p := params{}
	p.list("includedData", include)
	var w struct {
		Order *Order `json:"order"`
	}
	_, err = c.do(ctx, request{
		op: OpGetOrder, path: ordersPath + "/" + id, params: p, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Order == nil {
				return errors.New("no order")
			}
			return nil
		},
	})
	if err != nil {
		return Order{}, err
	}
	return *w.Order, nil
}
