package spapifake

import (
	"net/http"
	"slices"
	"time"
)

const (
	inventoryTokenLife = 30 * time.Second
	inventoryPage      = 50
)

type inventoryAnswer struct {
	Payload struct {
		Granularity map[string]string `json:"granularity"`
		Summaries   []summaryWire     `json:"inventorySummaries"`
	} `json:"payload"`
	Pagination *paginationWire `json:"pagination,omitempty"`
}

type summaryWire struct {
	ASIN      string       `json:"asin"`
	FNSKU     string       `json:"fnSku"`
	SKU       string       `json:"sellerSku"`
	Condition string       `json:"condition"`
	Details   *detailsWire `json:"inventoryDetails,omitempty"`
	Updated   string       `json:"lastUpdatedTime"`
	Title     string       `json:"productName"`
	Total     int64        `json:"totalQuantity"`
	Stores    []string     `json:"stores"`
}

type detailsWire struct {
	Fulfillable int64 `json:"fulfillableQuantity"`
	Working     int64 `json:"inboundWorkingQuantity"`
	Shipped     int64 `json:"inboundShippedQuantity"`
	Receiving   int64 `json:"inboundReceivingQuantity"`
	Reserved    struct {
		Total         int64 `json:"totalReservedQuantity"`
		Orders        int64 `json:"pendingCustomerOrderQuantity"`
		Transshipment int64 `json:"pendingTransshipmentQuantity"`
		Processing    int64 `json:"fcProcessingQuantity"`
	} `json:"reservedQuantity"`
	Researching struct {
		Total     int64 `json:"totalResearchingQuantity"`
		Breakdown []any `json:"researchingQuantityBreakdown"`
	} `json:"researchingQuantity"`
	Unfulfillable struct {
		Total       int64 `json:"totalUnfulfillableQuantity"`
		Customer    int64 `json:"customerDamagedQuantity"`
		Warehouse   int64 `json:"warehouseDamagedQuantity"`
		Distributor int64 `json:"distributorDamagedQuantity"`
		Carrier     int64 `json:"carrierDamagedQuantity"`
		Defective   int64 `json:"defectiveQuantity"`
		Expired     int64 `json:"expiredQuantity"`
	} `json:"unfulfillableQuantity"`
}

// inventory is getInventorySummaries. Without details=true the quantities by
// kind are missing, as at Amazon.
func (c *call) inventory() (int, any) {
	shop := c.query.Get("granularityId")
	if c.query.Get("granularityType") != "Marketplace" || shop == "" || !slices.Equal(c.list("marketplaceIds"), []string{shop}) {
		return invalid("granularityType must be Marketplace, granularityId and marketplaceIds the same single marketplace")
	}
	from, since, err := c.when("startDateTime")
	if err != nil {
		return invalid("%v", err)
	}
	if since && from.Before(c.now.AddDate(0, -18, 0)) {
		return invalid("startDateTime must not be more than 18 months ago")
	}
	skus := c.list("sellerSkus")
	if len(skus) > 50 {
		return invalid("sellerSkus holds at most 50")
	}
	args := c.arguments("nextToken")
	var at pageToken
	if text := c.query.Get("nextToken"); text != "" {
		if at, err = c.unseal(text, args, inventoryTokenLife); err != nil {
			return invalid("nextToken: %v", err)
		}
	}
	list := c.stocked(shop, skus)
	lo, hi := c.bounds(len(list), at.Offset, inventoryPage)
	var out inventoryAnswer
	out.Payload.Granularity = map[string]string{"granularityType": "Marketplace", "granularityId": shop}
	out.Payload.Summaries = []summaryWire{}
	next := pageToken{Args: args, Offset: hi}
	for _, p := range pageRows(c, list, lo, hi, at, &next) {
		out.Payload.Summaries = append(out.Payload.Summaries, c.summary(p, c.query.Get("details") == "true"))
	}
	out.Pagination = pagination(c.nextToken("nextToken", hi < len(list), next))
	return http.StatusOK, out
}

// stocked gives the products Amazon keeps for a marketplace, all or some.
func (c *call) stocked(shop string, skus []string) (list []*product) {
	for _, p := range c.account.products {
		if p.fba && shop == c.account.m.ID && (len(skus) == 0 || slices.Contains(skus, p.sku)) {
			list = append(list, p)
		}
	}
	return list
}

func (c *call) summary(p *product, details bool) summaryWire {
	row := p.stockRow()
	w := summaryWire{ASIN: p.asin, FNSKU: p.fnsku, SKU: p.sku, Condition: "NewItem", Updated: stamp(c.s.cfg.dataEnd()),
		Title: p.title, Total: row.TotalAtAmazon, Stores: []string{}}
	if !details {
		return w
	}
	d := &detailsWire{Fulfillable: row.Fulfillable, Shipped: p.stock.inbound, Receiving: p.stock.receiving}
	d.Reserved.Total, d.Reserved.Orders = row.Reserved, row.Reserved
	d.Researching.Breakdown = []any{}
	d.Unfulfillable.Total = row.Unfulfillable
	d.Unfulfillable.Warehouse = p.stock.damagedByFC
	d.Unfulfillable.Customer = row.Unfulfillable - p.stock.damagedByFC
	w.Details = d
	return w
}

func (p *product) stockRow() StockRow {
	s := p.stock
	r := StockRow{SKU: p.sku, Received: s.received, Shipped: s.shippedOut, Returned: s.returned, Lost: s.lost,
		Reserved: s.reserved, Unfulfillable: s.unfulfillable, Inbound: s.inbound + s.receiving, SellerFulfilled: s.own}
	r.Fulfillable = s.onHand - s.reserved
	r.TotalAtAmazon = s.onHand + s.unfulfillable + r.Inbound
	return r
}

// Stock gives the truth about every SKU of a connection at the end of the data.
func (s *Server) Stock(connection string) []StockRow {
	var out []StockRow
	if a := s.account(connection); a != nil {
		for _, p := range a.products {
			out = append(out, p.stockRow())
		}
	}
	return out
}
