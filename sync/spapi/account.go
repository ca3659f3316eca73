package spapi

// Sellers v1, the account itself.
//
// getAccount: 0.016/s, burst 15; no pages. Surprise: the answer names the
// seller's contact person with address; neither is decoded.

import (
	"context"
	"encoding/json"
	"errors"
)

const accountPath = "/sellers/v1/account"

// Account is what kind of account the seller has.
type Account struct {
	BusinessType string `json:"businessType"`
	SellingPlan  string `json:"sellingPlan"` // PROFESSIONAL, INDIVIDUAL
}

// Account asks for the account.
func (c *Client) Account(ctx context.Context) (Account, error) {
	var w struct {
		Payload *Account `json:"payload"`
	}
	_, err := c.do(ctx, request{
		op: OpAccount, path: accountPath, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Payload == nil {
				return errors.New("no payload")
			}
			return nil
		},
	})
	if err != nil {
		return Account{}, err
	}
	return *w.Payload, nil
}
