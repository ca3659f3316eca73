package spapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Transaction is one movement of money. Amounts are signed from the seller's
// side. Items and transaction breakdowns state the same money.
type Transaction struct {
	SellingPartnerMetadata struct {
		SellingPartnerID string `json:"sellingPartnerId"`
		AccountType      string `json:"accountType"`
		MarketplaceID    string `json:"marketplaceId"`
	} `json:"sellingPartnerMetadata"`
	RelatedIdentifiers []RelatedIdentifier `json:"relatedIdentifiers"`
	TransactionType    string              `json:"transactionType"`
	TransactionID      string              `json:"transactionId"`
	TransactionStatus  string              `json:"transactionStatus"`
	Description        string              `json:"description"`
	PostedDate         Time                `json:"postedDate"`
	TotalAmount        *Money              `json:"totalAmount"`
	MarketplaceDetails struct {
		MarketplaceID   string `json:"marketplaceId"`
		MarketplaceName string `json:"marketplaceName"`
	} `json:"marketplaceDetails"`
	Items      []TransactionItem `json:"items"`
	Contexts   Contexts          `json:"contexts"`
	Breakdowns Breakdowns        `json:"breakdowns"`

	Raw json.RawMessage `json:"-"` // the transaction as it came
}

// UnmarshalJSON keeps the transaction as it came beside the decoded form.
func (t *Transaction) UnmarshalJSON(b []byte) error {
	type plain Transaction
	if err := json.Unmarshal(b, (*plain)(t)); err != nil {
		return err
	}
	t.Raw = bytes.Clone(b)
	return nil
}

// RelatedIdentifier ties a transaction to an order, shipment, settlement or
// to its deferred or releasing counterpart.
type RelatedIdentifier struct {
	Name  string `json:"relatedIdentifierName"`
	Value string `json:"relatedIdentifierValue"`
}

// TransactionItem is one line of a transaction.
type TransactionItem struct {
	Description        string `json:"description"`
	RelatedIdentifiers []struct {
		Name  string `json:"itemRelatedIdentifierName"`
		Value string `json:"itemRelatedIdentifierValue"`
	} `json:"relatedIdentifiers"`
	TotalAmount *Money     `json:"totalAmount"`
	Breakdowns  Breakdowns `json:"breakdowns"`
	Contexts    Contexts   `json:"contexts"`
}

// Breakdown is a node of the tree of amounts; a parent is the sum of its
// children.
type Breakdown struct {
	Type       string     `json:"breakdownType"`
	Amount     *Money     `json:"breakdownAmount"`
	Breakdowns Breakdowns `json:"breakdowns"`
}

// Breakdowns is a list of nodes. Amazon's examples also wrap it in an object,
// or give a single node.
type Breakdowns []Breakdown

// UnmarshalJSON takes a list, an object with a list in it, one node, or null.
func (l *Breakdowns) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) == 0 || bytes.Equal(b, []byte("null")):
		*l = nil
		return nil
	case b[0] == '[':
		return json.Unmarshal(b, (*[]Breakdown)(l))
	case b[0] != '{':
		return fmt.Errorf("breakdowns are neither a list nor an object")
	}
	var one Breakdown
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	if one.Type == "" && one.Amount == nil {
		*l = one.Breakdowns
		return nil
	}
	*l = Breakdowns{one}
	return nil
}

// Context is additional information; Type says which fields are meant. A kind
// Amazon adds later keeps its Type, and its fields are in the Raw above.
type Context struct {
	Type string `json:"contextType"`

	// ProductContext
	ASIN               string `json:"asin"`
	SKU                string `json:"sku"`
	QuantityShipped    *Int   `json:"quantityShipped"`
	FulfillmentNetwork string `json:"fulfillmentNetwork"` // MFN, AFN

	// DeferredContext
	DeferralReason string `json:"deferralReason"` // B2B, DD7
	MaturityDate   Time   `json:"maturityDate"`

	// PaymentsContext
	PaymentType      string `json:"paymentType"`
	PaymentMethod    string `json:"paymentMethod"`
	PaymentReference string `json:"paymentReference"`
	PaymentDate      Time   `json:"paymentDate"`

	// AmazonPayContext, BusinessContext
	StoreName string `json:"storeName"`
	OrderType string `json:"orderType"`
	Channel   string `json:"channel"`

	// TimeRangeContext
	StartTime Time `json:"startTime"`
	EndTime   Time `json:"endTime"`
}

// Contexts is a list of contexts; a single one counts as a list.
type Contexts []Context

// UnmarshalJSON takes a list, one context, or null.
func (l *Contexts) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) > 0 && b[0] == '{' {
		var one Context
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*l = Contexts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]Context)(l))
}
