package spapifake

import (
	"encoding/json"
	"net/http"
	"slices"
)

type feeAsked struct {
	Request struct {
		Market   string          `json:"MarketplaceId"`
		ByAmazon bool            `json:"IsAmazonFulfilled"`
		Price    json.RawMessage `json:"PriceToEstimateFees"`
		ID       string          `json:"Identifier"`
	} `json:"FeesEstimateRequest"`
	IDType  string `json:"IdType"`
	IDValue string `json:"IdValue"`
}

type feeAnswer struct {
	Status     string         `json:"Status"`
	Identifier map[string]any `json:"FeesEstimateIdentifier"`
	Estimate   map[string]any `json:"FeesEstimate,omitempty"`
	Error      map[string]any `json:"Error"`
}

// feesEstimates is getMyFeesEstimates by SKU. The fees are those that the
// ledger charges for one unit at that price.
func (c *call) feesEstimates() (int, any) {
	var asked []feeAsked
	if json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, 1<<20)).Decode(&asked) != nil || len(asked) == 0 || len(asked) > 20 {
		return invalid("the request must hold 1 to 20 entries")
	}
	out := []feeAnswer{}
	for _, q := range asked {
		out = append(out, c.feesEstimate(q))
	}
	slices.Reverse(out) // the order is nobody's promise
	return http.StatusOK, out
}

func (c *call) feesEstimate(q feeAsked) feeAnswer {
	a := feeAnswer{Status: "Success", Error: map[string]any{"Type": "", "Code": "", "Message": "", "Detail": []any{}}}
	a.Identifier = map[string]any{"MarketplaceId": q.Request.Market, "IdType": q.IDType, "IdValue": q.IDValue, "SellerId": c.account.sellerID,
		"SellerInputIdentifier": q.Request.ID, "IsAmazonFulfilled": q.Request.ByAmazon, "PriceToEstimateFees": q.Request.Price}
	m := c.account.m
	i := slices.IndexFunc(c.account.products, func(p *product) bool { return p.sku == q.IDValue })
	var price struct {
		Listing struct {
			Currency string      `json:"CurrencyCode"`
			Amount   json.Number `json:"Amount"`
		} `json:"ListingPrice"`
	}
	err := json.Unmarshal(q.Request.Price, &price)
	minor, ok := parseMinor(string(price.Listing.Amount), m.Digits)
	if err != nil || !ok || i < 0 || i == unknownPrice || q.IDType != "SellerSKU" || q.Request.Market != m.ID || price.Listing.Currency != m.Currency {
		a.Status = "ClientError"
		a.Error = map[string]any{"Type": "Sender", "Code": "InvalidParameterValue", "Message": "There is no offer of this SKU.", "Detail": []any{}}
		return a
	}
	a.Estimate = c.estimate(c.account.products[i], minor, q.Request.ByAmazon)
	return a
}

func (c *call) estimate(p *product, price int64, byAmazon bool) map[string]any {
	m := c.account.m
	var total int64
	list := []map[string]any{}
	fee := func(name string, amount int64, parts ...map[string]any) map[string]any {
		tax := rate(amount, m.feeTax)
		f := map[string]any{"FeeType": name, "FeeAmount": m.capital(amount), "FeePromotion": m.capital(0), "FinalFee": m.capital(amount + tax)}
		if m.feeTax > 0 {
			f["TaxAmount"] = m.capital(tax)
		}
		if len(parts) > 0 {
			f["IncludedFeeDetailList"] = parts
		}
		return f
	}
	add := func(name string, amount int64, parts ...map[string]any) {
		total += amount + rate(amount, m.feeTax)
		list = append(list, fee(name, amount, parts...))
	}
	add("ReferralFee", max(rate(price, categories[p.category].bp), m.price(30)))
	closing := int64(0)
	if categories[p.category].closing {
		closing = m.price(180)
	}
	add("VariableClosingFee", closing)
	if byAmazon {
		amount := m.price(tiers[p.tier].fee)
		add("FBAFees", amount, fee("FBAPickAndPack", amount))
	}
	return map[string]any{"TimeOfFeesEstimation": stamp(c.s.cfg.Now), "TotalFeesEstimate": m.capital(total), "FeeDetailList": list}
}

// parseMinor reads a plain decimal of at most that many digits.
func parseMinor(s string, digits int) (int64, bool) {
	var v int64
	seen := -1
	for _, d := range s {
		switch {
		case d == '.' && seen < 0:
			seen = 0
		case d >= '0' && d <= '9' && v < 1e15:
			v = v*10 + int64(d-'0')
			if seen >= 0 {
				seen++
			}
		default:
			return 0, false
		}
	}
	for seen = max(seen, 0); seen < digits; seen++ {
		v *= 10
	}
	return v, seen == digits && s != ""
}
