package spapifake

import (
	"encoding/json"
	"strings"
	"time"
)

type moneyNumber struct {
	Amount   json.Number `json:"currencyAmount"`
	Currency string      `json:"currencyCode"`
}

func (m *market) number(minor int64) moneyNumber {
	return moneyNumber{json.Number(decimal(minor, m.Digits)), m.Currency}
}

type transactionWire struct {
	Partner struct {
		SellerID      string `json:"sellingPartnerId"`
		AccountType   string `json:"accountType"`
		MarketplaceID string `json:"marketplaceId"`
	} `json:"sellingPartnerMetadata"`
	Related     []relatedWire     `json:"relatedIdentifiers"`
	Type        string            `json:"transactionType"`
	ID          string            `json:"transactionId"`
	Status      string            `json:"transactionStatus,omitempty"`
	Description string            `json:"description"`
	Posted      string            `json:"postedDate"`
	Total       moneyNumber       `json:"totalAmount"`
	Marketplace map[string]string `json:"marketplaceDetails"`
	Items       []financeItem     `json:"items"`
	Contexts    []contextWire     `json:"contexts"`
	Breakdowns  []*breakdownWire  `json:"breakdowns"`
}

type relatedWire struct {
	Name  string `json:"relatedIdentifierName"`
	Value string `json:"relatedIdentifierValue"`
}

type financeItem struct {
	Description string            `json:"description"`
	Related     []itemRelatedWire `json:"relatedIdentifiers"`
	Total       moneyNumber       `json:"totalAmount"`
	Breakdowns  []*breakdownWire  `json:"breakdowns,omitempty"`
	Contexts    []contextWire     `json:"contexts"`
}

type itemRelatedWire struct {
	Name  string `json:"itemRelatedIdentifierName"`
	Value string `json:"itemRelatedIdentifierValue"`
}

type contextWire struct {
	Type     string `json:"contextType"`
	ASIN     string `json:"asin,omitempty"`
	SKU      string `json:"sku,omitempty"`
	Quantity int    `json:"quantityShipped,omitempty"`
	Network  string `json:"fulfillmentNetwork,omitempty"`
	Reason   string `json:"deferralReason,omitempty"`
	Maturity string `json:"maturityDate,omitempty"`
}

type breakdownWire struct {
	Type       string           `json:"breakdownType"`
	Amount     moneyNumber      `json:"breakdownAmount"`
	Breakdowns []*breakdownWire `json:"breakdowns,omitempty"`
	minor      int64
}

// transactionWire writes a transaction as it is known at a time.
func (a *account) transactionWire(t *txn, at time.Time) transactionWire {
	m := t.m
	w := transactionWire{Type: typeNames[t.typ].finances, ID: t.id, Description: t.desc, Posted: stamp(t.posted), Total: m.number(t.total()),
		Marketplace: map[string]string{"marketplaceId": m.ID, "marketplaceName": m.Name}, Items: []financeItem{}, Contexts: []contextWire{}}
	w.Partner.SellerID, w.Partner.AccountType, w.Partner.MarketplaceID = a.sellerID, "Standard Orders", m.ID
	if t.offAmazon {
		w.Marketplace["marketplaceName"] = m.offAmazon
	}
	if t.typ != tTransfer { // Amazon leaves the state out here
		w.Status = t.status(at)
	}
	w.Related = t.related(at)
	if t.reason != "" && t.deferred == nil {
		w.Contexts = append(w.Contexts, contextWire{Type: "DeferredContext", Reason: t.reason, Maturity: stamp(t.maturity)})
	}
	for _, it := range t.items {
		f := financeItemWire(t, it, it.leaves.sum())
		f.Breakdowns = breakdownTree(m, it.leaves, "")
		w.Items = append(w.Items, f)
	}
	if t.bareItem != nil {
		w.Items = append(w.Items, financeItemWire(t, t.bareItem, t.total()))
	}
	w.Breakdowns = t.tree()
	return w
}

func (t *txn) related(at time.Time) []relatedWire {
	list := []relatedWire{}
	add := func(name, value string) {
		if value != "" {
			list = append(list, relatedWire{name, value})
		}
	}
	add("ORDER_ID", t.order)
	add("SHIPMENT_ID", t.shipment)
	if typeNames[t.typ].refund {
		add("REFUND_ID", t.adjust)
	}
	if t.group != nil {
		add("FINANCIAL_EVENT_GROUP_ID", t.group.group)
		if !t.group.open {
			add("SETTLEMENT_ID", t.group.id)
		}
	}
	if t.isDeferred() && t.release.posted.Before(at) {
		add("RELEASE_TRANSACTION_ID", t.release.id)
	}
	if t.deferred != nil {
		add("DEFERRED_TRANSACTION_ID", t.deferred.id)
	}
	return list
}

func financeItemWire(t *txn, it *txItem, total int64) financeItem {
	f := financeItem{Description: it.p.title, Total: t.m.number(total), Related: []itemRelatedWire{}}
	if it.code != "" {
		f.Related = append(f.Related, itemRelatedWire{"ORDER_ADJUSTMENT_ITEM_ID", it.code})
	}
	network := "AFN"
	if t.mfn {
		network = "MFN"
	}
	f.Contexts = []contextWire{{Type: "ProductContext", ASIN: it.p.asin, SKU: it.p.sku, Quantity: it.qty, Network: network}}
	return f
}

// tree is the transaction's own tree over all its money: fees under Expenses,
// all else under Sales, as Amazon groups them.
func (t *txn) tree() []*breakdownWire {
	var sales, expenses leaves
	divide := func(l leaves) {
		for _, x := range l {
			if strings.HasPrefix(names[x.k].Path, "AmazonFees/") || t.typ == tAds {
				expenses = append(expenses, x)
			} else {
				sales = append(sales, x)
			}
		}
	}
	divide(t.leaves)
	for _, it := range t.items {
		divide(it.leaves)
	}
	prefix := ""
	if typeNames[t.typ].refund {
		prefix = "Refunded "
	}
	var out []*breakdownWire
	if len(sales) > 0 {
		out = append(out, breakdownTree(t.m, sales, prefix+"Sales")...)
	} else { // the empty node that Amazon puts beside pure fees
		out = append(out, &breakdownWire{Type: "Sales", Amount: t.m.number(0)})
	}
	if len(expenses) > 0 {
		out = append(out, breakdownTree(t.m, expenses, prefix+"Expenses")...)
	}
	return out
}

// breakdownTree hangs leaves into a tree by their paths, equal names merged;
// every parent is the sum of its children. root, when given, goes on top.
func breakdownTree(m *market, l leaves, root string) []*breakdownWire {
	top := &breakdownWire{}
	for _, x := range l {
		path := names[x.k].Path
		if root != "" {
			path = root + "/" + path
		}
		at := top
		for name := range strings.SplitSeq(path, "/") {
			at = at.child(name)
			at.minor += x.amt
		}
	}
	top.price(m)
	return top.Breakdowns
}

func (b *breakdownWire) child(name string) *breakdownWire {
	for _, c := range b.Breakdowns {
		if c.Type == name {
			return c
		}
	}
	c := &breakdownWire{Type: name}
	b.Breakdowns = append(b.Breakdowns, c)
	return c
}

func (b *breakdownWire) price(m *market) {
	b.Amount = m.number(b.minor)
	for _, c := range b.Breakdowns {
		c.price(m)
	}
}
