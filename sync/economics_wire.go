package appsync

import (
	"errors"
	"fmt"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// economicsWire is a line of the answer.
type economicsWire struct {
	From        string `json:"startDate"`
	To          string `json:"endDate"`
	Marketplace string `json:"marketplaceId"`
	SKU         string `json:"msku"`
	FNSKU       string `json:"fnsku"`
	ASIN        string `json:"childAsin"`
	Parent      string `json:"parentAsin"`
	Sales       struct {
		Ordered  *spapi.Money `json:"orderedProductSales"`
		Net      *spapi.Money `json:"netProductSales"`
		Refunded *spapi.Money `json:"refundedProductSales"`
		Units    int64        `json:"unitsOrdered"`
		Returned int64        `json:"unitsRefunded"`
		NetUnits int64        `json:"netUnitsSold"`
	} `json:"sales"`
	Fees []struct {
		Name    string `json:"feeTypeName"`
		Charges []struct {
			Detail     *economicsDetail `json:"aggregatedDetail"`
			Components []struct {
				Name   string           `json:"name"`
				Detail *economicsDetail `json:"aggregatedDetail"`
			} `json:"components"`
		} `json:"charges"`
	} `json:"fees"`
	Ads []struct {
		Name   string           `json:"adTypeName"`
		Charge *economicsDetail `json:"charge"`
	} `json:"ads"`
	Cost *struct {
		Goods *spapi.Money `json:"costOfGoodsSold"`
		Other *spapi.Money `json:"miscellaneousCost"`
	} `json:"cost"`
	Proceeds struct {
		Total *spapi.Money `json:"total"`
	} `json:"netProceeds"`
}

type economicsDetail struct {
	Amount    *spapi.Money  `json:"amount"`
	Promotion *spapi.Money  `json:"promotionAmount"`
	Tax       *spapi.Money  `json:"taxAmount"`
	Total     *spapi.Money  `json:"totalAmount"`
	Quantity  spapi.Decimal `json:"quantity"`
}

func (w economicsWire) row() (store.Economics, error) {
	v := store.Economics{
		Marketplace: w.Marketplace, From: w.From, To: w.To, SKU: w.SKU, ASIN: w.ASIN, ParentASIN: w.Parent, FNSKU: w.FNSKU,
		Units: w.Sales.Units, Refunded: w.Sales.Returned, Net: w.Sales.NetUnits,
	}
	if v.Marketplace == "" || len(v.From) != len("2026-01-02") || len(v.To) != len(v.From) || v.SKU == "" && v.ASIN == "" {
		return v, errors.New("its days, marketplace or product is missing")
	}
	var errs [4]error
	var c [4]string
	v.Ordered, c[0], errs[0] = nearMinor(w.Sales.Ordered)
	v.NetSales, c[1], errs[1] = nearMinor(w.Sales.Net)
	v.RefundedSales, c[2], errs[2] = nearMinor(w.Sales.Refunded)
	v.Proceeds, c[3], errs[3] = nearMinor(w.Proceeds.Total)
	if err := errors.Join(errs[:]...); err != nil {
		return v, err
	}
	v.Currency = firstOf(c[:]...)
	for _, f := range w.Fees {
		for _, charge := range f.Charges {
			if err := addPart(&v, "fee", f.Name, "", charge.Detail); err != nil {
				return v, err
			}
			for _, part := range charge.Components {
				if err := addPart(&v, "fee", part.Name, f.Name, part.Detail); err != nil {
					return v, err
				}
			}
		}
	}
	return v, w.rest(&v)
}

// rest adds advertising and the seller's own costs.
func (w economicsWire) rest(v *store.Economics) error {
	for _, ad := range w.Ads {
		if err := addPart(v, "ad", ad.Name, "", ad.Charge); err != nil {
			return err
		}
	}
	if w.Cost == nil {
		return nil
	}
	if err := addPart(v, "cost", "Cost of goods sold", "", &economicsDetail{Total: w.Cost.Goods}); err != nil {
		return err
	}
	return addPart(v, "cost", "Miscellaneous cost", "", &economicsDetail{Total: w.Cost.Other})
}

// addPart adds what a fee, kind of advertising or cost amounts to; one that is
// not told adds nothing.
func addPart(v *store.Economics, kind, name, partOf string, d *economicsDetail) error {
	if d == nil || d.Total == nil || d.Total.Amount == "" {
		return nil
	}
	p := store.EconomicsPart{Kind: kind, Name: name, PartOf: partOf, Quantity: string(d.Quantity)}
	total, currency, err := nearMinor(d.Total)
	var errs [3]error
	p.Amount, _, errs[0] = nearMinor(d.Amount)
	p.Promotion, _, errs[1] = nearMinor(d.Promotion)
	p.Tax, _, errs[2] = nearMinor(d.Tax)
	if err := errors.Join(append(errs[:], err)...); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.Total, p.Currency = *total, currency
	v.Currency = firstOf(v.Currency, currency)
	v.Parts = append(v.Parts, p)
	return nil
}
