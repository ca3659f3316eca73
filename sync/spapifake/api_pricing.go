package spapifake

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

type plainMoney struct {
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currencyCode"`
}

func (m *market) plain(minor int64) plainMoney { return plainMoney{m.number(minor).Amount, m.Currency} }

type competitiveEntry struct {
	Status struct {
		Code   int    `json:"statusCode"`
		Reason string `json:"reasonPhrase"`
	} `json:"status"`
	Body competitiveBody `json:"body"`
}

type competitiveBody struct {
	ASIN       string           `json:"asin"`
	Market     string           `json:"marketplaceId"`
	Featured   []map[string]any `json:"featuredBuyingOptions,omitempty"`
	Lowest     []map[string]any `json:"lowestPricedOffers,omitempty"`
	References []map[string]any `json:"referencePrices,omitempty"`
	Errors     []errorEntry     `json:"errors,omitempty"`
}

// competitiveSummary answers for up to 20 ASINs; one of which Amazon knows
// nothing fails by itself.
func (c *call) competitiveSummary() (int, any) {
	var spec struct {
		Requests []struct {
			ASIN    string   `json:"asin"`
			Market  string   `json:"marketplaceId"`
			Include []string `json:"includedData"`
		} `json:"requests"`
	}
	if json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, 1<<20)).Decode(&spec) != nil || len(spec.Requests) == 0 || len(spec.Requests) > 20 {
		return invalid("requests must hold 1 to 20 entries")
	}
	out := struct {
		Responses []competitiveEntry `json:"responses"`
	}{}
	for _, q := range spec.Requests {
		out.Responses = append(out.Responses, c.competitive(q.ASIN, q.Market, q.Include))
	}
	return http.StatusOK, out
}

// featured tells whose offer of a product is featured: ours, theirs or nobody's.
func featured(i int) string {
	switch {
	case i%9 == 8:
		return ""
	case i%6 == 4:
		return "theirs"
	}
	return "ours"
}

// unknownPrice is the product of whose offers Amazon tells nothing.
const unknownPrice = 13

func (c *call) competitive(asin, shop string, include []string) competitiveEntry {
	m := c.account.m
	e := competitiveEntry{Body: competitiveBody{ASIN: asin, Market: shop}}
	i := slices.IndexFunc(c.account.products, func(p *product) bool { return p.asin == asin })
	if i < 0 || i == unknownPrice || shop != m.ID {
		e.Status.Code, e.Status.Reason = http.StatusBadRequest, "Client Error"
		e.Body.Errors = []errorEntry{{"INVALID_INPUT", "The ASIN was not found in the marketplace.", ""}}
		return e
	}
	e.Status.Code, e.Status.Reason = http.StatusOK, "Success"
	p := c.account.products[i]
	price := p.priceAt(c.s.cfg.Now)
	ours, theirs := c.offer(p, c.account.sellerID, price), c.offer(p, "A2COMPETITOR0"+m.Country, rate(price, 9600+int64(i%9)*100))
	for _, what := range include {
		switch what {
		case "featuredBuyingOptions":
			top := ours
			if featured(i) == "theirs" {
				top = theirs
			}
			if featured(i) == "" {
				continue
			}
			shown := map[string]any{"featuredOfferSegments": []map[string]any{{"customerMembership": "PRIME", "segmentDetails": map[string]any{"glanceViewWeightPercentage": 82}}}}
			maps.Copy(shown, top)
			e.Body.Featured = []map[string]any{{"buyingOptionType": "New", "segmentedFeaturedOffers": []map[string]any{shown}}}
		case "lowestPricedOffers":
			e.Body.Lowest = []map[string]any{{"lowestPricedOffersInput": map[string]any{"itemCondition": "New", "offerType": "Consumer"}, "offers": []map[string]any{theirs, ours}}}
		case "referencePrices":
			e.Body.References = []map[string]any{{"name": "CompetitivePriceThreshold", "price": m.plain(rate(price, 10500))}, {"name": "WasPrice", "price": m.plain(rate(price, 11000))}}
		}
	}
	return e
}

func (c *call) offer(p *product, seller string, minor int64) map[string]any {
	network := "AFN"
	if !p.fba {
		network = "MFN"
	}
	o := map[string]any{"sellerId": seller, "condition": "New", "fulfillmentType": network, "listingPrice": c.account.m.plain(minor),
		"shippingOptions": []map[string]any{{"shippingOptionType": "DEFAULT", "price": c.account.m.plain(0)}}}
	if c.account.m.Country == "JP" {
		o["points"] = map[string]any{"pointsNumber": rate(minor, 100)}
	}
	return o
}
