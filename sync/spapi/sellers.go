package spapi

// Sellers v1.
//
// getMarketplaceParticipations: 0.016/s, burst 15; no pages. Needs no
// particular role, which makes it the probe for a withdrawn permission.
// Surprises: pseudo-marketplaces ("SI ...", invoicing ones) appear beside the
// real ones; the seller id is not in the answer; neither is a time zone; one
// of Amazon's own examples is a bare array without the payload around it.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
)

const participationsPath = "/sellers/v1/marketplaceParticipations"

// Participation is the seller's presence in one marketplace.
type Participation struct {
	Marketplace struct {
		ID                  string `json:"id"`
		Name                string `json:"name"`
		CountryCode         string `json:"countryCode"`
		DefaultCurrencyCode string `json:"defaultCurrencyCode"`
		DefaultLanguageCode string `json:"defaultLanguageCode"`
		DomainName          string `json:"domainName"`
	} `json:"marketplace"`
	Participation struct {
		IsParticipating      bool `json:"isParticipating"`
		HasSuspendedListings bool `json:"hasSuspendedListings"`
	} `json:"participation"`
	StoreName string          `json:"storeName"`
	Raw       json.RawMessage `json:"-"` // the entry as it came
}

// UnmarshalJSON keeps the entry beside the decoded form.
func (p *Participation) UnmarshalJSON(b []byte) error {
	type plain Participation
	if err := json.Unmarshal(b, (*plain)(p)); err != nil {
		return err
	}
	p.Raw = bytes.Clone(b)
	return nil
}

// MarketplaceParticipations returns the marketplaces of the account, including
// those it does not take part in.
func (c *Client) MarketplaceParticipations(ctx context.Context) ([]Participation, error) {
	var got []Participation
	_, err := c.do(ctx, request{
		op: OpParticipations, path: participationsPath, safe: true,
		decoded: func(ans answer) (err error) {
			got, err = decodeParticipations(ans.body)
			return err
		},
	})
	return got, err
}

func decodeParticipations(body []byte) ([]Participation, error) {
	var raw []json.RawMessage
	if json.Unmarshal(body, &raw) != nil {
		var w struct {
			Payload *[]json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(body, &w); err != nil {
			return nil, err
		}
		if w.Payload == nil {
			return nil, errors.New("no payload")
		}
		raw = *w.Payload
	}
	return decodeItems[Participation](raw)
}
