package spapifake

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

const listingsMax = 1000

type listingsAnswer struct {
	Count      int             `json:"numberOfResults"`
	Pagination *paginationWire `json:"pagination,omitempty"`
	Items      []listingWire   `json:"items"`
}

type listingWire struct {
	SKU          string              `json:"sku"`
	Summaries    []listingSummary    `json:"summaries,omitempty"`
	Offers       []offerWire         `json:"offers,omitempty"`
	Availability []availabilityWire  `json:"fulfillmentAvailability,omitempty"`
	ProductTypes []map[string]string `json:"productTypes,omitempty"`
	Issues       []any               `json:"issues,omitempty"`
}

type listingSummary struct {
	MarketplaceID string   `json:"marketplaceId"`
	ASIN          string   `json:"asin"`
	ProductType   string   `json:"productType"`
	Condition     string   `json:"conditionType"`
	Status        []string `json:"status"`
	FNSKU         string   `json:"fnSku,omitempty"`
	Name          string   `json:"itemName"`
	Created       string   `json:"createdDate"`
	Updated       string   `json:"lastUpdatedDate"`
}

type offerWire struct {
	MarketplaceID string     `json:"marketplaceId"`
	Type          string     `json:"offerType"`
	Price         moneyText  `json:"price"`
	Points        *pointWire `json:"points,omitempty"`
}

type pointWire struct {
	Number int64 `json:"pointsNumber"`
}

type availabilityWire struct {
	Channel  string `json:"fulfillmentChannelCode"`
	Quantity *int64 `json:"quantity,omitempty"`
}

var listingData = []string{"summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships", "productTypes"}

// listings is searchListingsItems, newest change first unless sortBy says
// otherwise.
func (c *call) listings() (int, any) {
	if c.r.PathValue("sellerId") != c.account.sellerID {
		return apiError(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", "")
	}
	shops := c.list("marketplaceIds")
	if len(shops) != 1 {
		return invalid("marketplaceIds must hold exactly one marketplace")
	}
	size, err := c.number("pageSize", 10, 1, 20)
	if err != nil {
		return invalid("%v", err)
	}
	include, err := c.listingData()
	if err != nil {
		return invalid("%v", err)
	}
	args := c.arguments("pageToken")
	var at pageToken
	if text := c.query.Get("pageToken"); text != "" {
		if at, err = c.unseal(text, args, time.Hour); err != nil {
			return invalid("pageToken: %v", err)
		}
	}
	list, err := c.matchingListings(shops[0])
	if err != nil {
		return invalid("%v", err)
	}
	out := listingsAnswer{Count: len(list), Items: []listingWire{}}
	list = list[:min(len(list), listingsMax)]
	lo, hi := c.bounds(len(list), at.Offset, size)
	next := pageToken{Args: args, Offset: hi}
	for _, p := range pageRows(c, list, lo, hi, at, &next) {
		out.Items = append(out.Items, c.listing(p, include))
	}
	out.Pagination = pagination(c.nextToken("pageToken", hi < len(list), next))
	return http.StatusOK, out
}

func (c *call) listingData() ([]string, error) {
	include := c.list("includedData")
	for _, v := range include {
		if !slices.Contains(listingData, v) {
			return nil, fmt.Errorf("%s is not a valid value for includedData", v)
		}
	}
	if len(include) == 0 {
		include = []string{"summaries"}
	}
	return include, nil
}

func (c *call) matchingListings(shop string) ([]*product, error) {
	ids := c.list("identifiers")
	after, _, err1 := c.when("createdAfter")
	before, bounded, err2 := c.when("createdBefore")
	if err1 != nil {
		return nil, err1
	}
	if err2 != nil {
		return nil, err2
	}
	if shop != c.account.m.ID {
		return nil, nil
	}
	var list []*product
	for _, p := range c.account.products {
		switch {
		case p.launch.After(c.s.cfg.dataEnd()) || p.launch.Before(after) || (bounded && p.launch.After(before)):
		case len(ids) > 0 && !slices.Contains(ids, p.sku) && !slices.Contains(ids, p.asin) && !slices.Contains(ids, p.fnsku):
		default:
			list = append(list, p)
		}
	}
	return list, nil
}

func (c *call) listing(p *product, include []string) listingWire {
	m := c.account.m
	w := listingWire{SKU: p.sku}
	last := p.launch
	if q := p.prices[len(p.prices)-1].from; q.After(last) {
		last = q
	}
	for _, what := range include {
		switch what {
		case "summaries":
			s := listingSummary{m.ID, p.asin, p.productType, "new_new", []string{"BUYABLE", "DISCOVERABLE"}, "", p.title, stamp(p.launch), stamp(last)}
			if p.fba {
				s.FNSKU = p.fnsku
			}
			w.Summaries = []listingSummary{s}
		case "offers":
			o := offerWire{m.ID, "B2C", m.text(p.priceAt(c.s.cfg.Now)), nil}
			if m.Country == "JP" {
				o.Points = &pointWire{rate(p.priceAt(c.s.cfg.Now), 100)}
			}
			w.Offers = []offerWire{o}
		case "fulfillmentAvailability":
			if p.fba {
				w.Availability = append(w.Availability, availabilityWire{"AMAZON_" + c.account.id, nil})
			}
			if p.mfn {
				w.Availability = append(w.Availability, availabilityWire{"DEFAULT", &p.stock.own})
			}
		case "productTypes":
			w.ProductTypes = []map[string]string{{"marketplaceId": m.ID, "productType": p.productType}}
		}
	}
	return w
}
