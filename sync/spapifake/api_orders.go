package spapifake

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"time"
)

const (
	ordersTokenLife = 24 * time.Hour
	twoMinutes      = 2 * time.Minute
)

var includable = []string{"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"}

type searchAnswer struct {
	Orders            []*orderWire    `json:"orders"`
	Pagination        *paginationWire `json:"pagination,omitempty"`
	CreatedBefore     string          `json:"createdBefore,omitempty"`
	LastUpdatedBefore string          `json:"lastUpdatedBefore,omitempty"`
}

type paginationWire struct {
	NextToken string `json:"nextToken,omitempty"`
}

// orderSearch is a checked searchOrders query.
type orderSearch struct {
	byUpdate    bool
	from, until time.Time
	asked       time.Time // when the first page was asked for
	size        int
	at          pageToken // where the page begins
	include     []string
}

func (c *call) included() ([]string, error) {
	list := c.list("includedData")
	for _, v := range list {
		if !slices.Contains(includable, v) {
			return nil, fmt.Errorf("%s is not a valid value for includedData", v)
		}
	}
	return list, nil
}

// orderWindow reads the time arguments: exactly one kind, ending at least two
// minutes ago.
func (c *call) orderWindow(q *orderSearch) error {
	created, byCreated, err1 := c.when("createdAfter")
	updated, byUpdated, err2 := c.when("lastUpdatedAfter")
	before := "createdBefore"
	if byUpdated {
		before = "lastUpdatedBefore"
	}
	until, bounded, err3 := c.when(before)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return err
		}
	}
	if byCreated == byUpdated {
		return fmt.Errorf("exactly one of createdAfter and lastUpdatedAfter must be given")
	}
	if (byCreated && c.query.Has("lastUpdatedBefore")) || (byUpdated && c.query.Has("createdBefore")) {
		return fmt.Errorf("created and lastUpdated bounds cannot be mixed")
	}
	latest := q.asked.Add(-twoMinutes)
	if !bounded {
		until = latest
	}
	if until.After(latest) {
		return fmt.Errorf("%s must be at least two minutes before the time of the request", before)
	}
	q.byUpdate, q.from, q.until = byUpdated, created, until
	if byUpdated {
		q.from = updated
	}
	if q.from.After(q.until) {
		return fmt.Errorf("%s must not be earlier than the start", before)
	}
	return nil
}

func (c *call) searchOrders() (int, any) {
	q := orderSearch{asked: c.now}
	var err error
	if q.include, err = c.included(); err != nil {
		return invalid("%v", err)
	}
	if q.size, err = c.number("maxResultsPerPage", 100, 1, 100); err != nil {
		return invalid("%v", err)
	}
	args := c.arguments("maxResultsPerPage", "includedData", "paginationToken")
	if text := c.query.Get("paginationToken"); text != "" {
		t, err := c.unseal(text, args, ordersTokenLife)
		if err != nil {
			return invalid("paginationToken: %v; all other parameters must be repeated unchanged", err)
		}
		q.at = t
		q.asked = time.UnixMilli(t.Until).UTC() // the window of the first page
	}
	if err := c.orderWindow(&q); err != nil {
		return invalid("%v", err)
	}
	return http.StatusOK, c.orderPage(q, args)
}

func (c *call) orderPage(q orderSearch, args string) searchAnswer {
	list := c.matchingOrders(q)
	var out searchAnswer
	if q.byUpdate {
		out.LastUpdatedBefore = stamp(q.until)
	} else {
		out.CreatedBefore = stamp(q.until)
	}
	lo, hi := c.bounds(len(list), q.at.Offset, q.size)
	out.Orders = []*orderWire{}
	next := pageToken{Args: args, Offset: hi, Until: q.asked.UnixMilli()}
	for _, o := range pageRows(c, list, lo, hi, q.at, &next) {
		out.Orders = append(out.Orders, c.orderWire(o, q.include))
	}
	out.Pagination = pagination(c.nextToken("paginationToken", hi < len(list), next))
	return out
}

func (c *call) matchingOrders(q orderSearch) []*order {
	at := func(o *order) time.Time { return o.created }
	list := c.account.byCreated
	if q.byUpdate {
		at, list = func(o *order) time.Time { return o.updated }, c.account.byUpdated
	}
	list = append(list[:len(list):len(list)], c.placedOrders()...)
	lo := sort.Search(len(list), func(i int) bool { return !at(list[i]).Before(q.from) })
	hi := sort.Search(len(list), func(i int) bool { return !at(list[i]).Before(q.until) })
	states, by, shops := c.list("fulfillmentStatuses"), c.list("fulfilledBy"), c.list("marketplaceIds")
	var out []*order
	for _, o := range list[lo:max(lo, hi)] {
		if (len(states) == 0 || slices.Contains(states, statusNames[o.status].api)) &&
			(len(by) == 0 || slices.Contains(by, fulfilledBy(o))) &&
			(len(shops) == 0 || slices.Contains(shops, o.m.ID)) {
			out = append(out, o)
		}
	}
	return out
}

func fulfilledBy(o *order) string {
	if o.mfn {
		return "MERCHANT"
	}
	return "AMAZON"
}

func (c *call) getOrder() (int, any) {
	include, err := c.included()
	if err != nil {
		return invalid("%v", err)
	}
	o := c.account.orders[c.r.PathValue("orderId")]
	if placed := c.placedOrders(); o == nil {
		if i := slices.IndexFunc(placed, func(p *order) bool { return p.id == c.r.PathValue("orderId") }); i >= 0 {
			o = placed[i]
		}
	}
	if o == nil {
		return apiError(http.StatusNotFound, "NotFound", "The specified order was not found.", "")
	}
	return http.StatusOK, struct {
		Order *orderWire `json:"order"`
	}{c.orderWire(o, include)}
}

// stamp writes a time as Amazon's JSON does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
