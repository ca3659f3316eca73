package spapifake

import (
	"math"
	"strconv"
	"time"
)

// operation is one call of the API with Amazon's limit: rate per second and
// burst, per connection.
type operation struct {
	name    string
	pattern string // method and path
	rate    float64
	burst   float64
	handle  func(*call) (int, any)
}

var loginOperation = operation{name: "getAccessToken"}
var documentOperation = operation{name: "downloadDocument"}

// operations are the calls the demo seller answers. Rates: FACTS as of 2026.
var operations = []*operation{
	{"getMarketplaceParticipations", "GET /sellers/v1/marketplaceParticipations", 0.016, 15, (*call).participations},
	{"searchOrders", "GET /orders/2026-01-01/orders", 0.0056, 20, (*call).searchOrders},
	{"getOrder", "GET /orders/2026-01-01/orders/{orderId}", 0.5, 30, (*call).getOrder},
	{"createReport", "POST /reports/2021-06-30/reports", 0.0167, 15, (*call).createReport},
	{"getReports", "GET /reports/2021-06-30/reports", 0.0222, 10, (*call).getReports},
	{"getReport", "GET /reports/2021-06-30/reports/{reportId}", 2, 15, (*call).getReport},
	{"getReportDocument", "GET /reports/2021-06-30/documents/{documentId}", 0.0167, 15, (*call).getReportDocument},
	{"getInventorySummaries", "GET /fba/inventory/v1/summaries", 2, 2, (*call).inventory},
	{"searchListingsItems", "GET /listings/2021-08-01/items/{sellerId}", 5, 5, (*call).listings},
	{"listTransactions", "GET /finances/2024-06-19/transactions", 0.5, 10, (*call).transactions},
	{"getAccount", "GET /sellers/v1/account", 0.016, 15, (*call).getAccount},
	{"listBalances", "GET /finances/2024-06-19/balances", 0.5, 10, (*call).balances},
	{"listSummary", "GET /finances/2024-06-19/summary", 0.5, 10, (*call).summaries},
	{"listFinancialEventGroups", "GET /finances/v0/financialEventGroups", 0.5, 30, (*call).eventGroups},
	{"listPayouts", "GET /finances/transfers/2024-06-01/payouts", 0.5, 10, (*call).payouts},
	{"listExpectedPayouts", "GET /finances/transfers/2024-06-01/payouts/expected", 0.5, 10, (*call).expectedPayouts},
	{"getInvoiceHeaders", "GET /finances/invoices/2026-06-25/invoices", 0.2, 5, (*call).invoices},             // Amazon tells no limit
	{"getInvoice", "GET /finances/invoices/2026-06-25/invoices/{invoiceIdentifier}", 0.2, 5, (*call).invoice}, // nor here
	{"createQuery", "POST /dataKiosk/2023-11-15/queries", 0.0167, 15, (*call).createQuery},
	{"getQuery", "GET /dataKiosk/2023-11-15/queries/{queryId}", 2, 15, (*call).getQuery},
	{"getDocument", "GET /dataKiosk/2023-11-15/documents/{documentId}", 0.0167, 15, (*call).getDocument},
	{"getOrderMetrics", "GET /sales/v1/orderMetrics", 0.5, 15, (*call).orderMetrics},
	{"getShipmentTracking", "GET /tracking/2026-01-30/shipments/track", 0.2, 5, (*call).tracking}, // Amazon tells no limit
	{"searchCatalogItems", "GET /catalog/2022-04-01/items", 2, 2, (*call).catalogItems},
	{"getCompetitiveSummary", "POST /batches/products/pricing/2022-05-01/items/competitiveSummary", 0.033, 1, (*call).competitiveSummary},
	{"getMyFeesEstimates", "POST /products/fees/v0/feesEstimate", 0.5, 1, (*call).feesEstimates},
}

// Limit is an operation's token bucket as the server keeps it, Speed included.
type Limit struct {
	Operation string
	Rate      float64 // requests per second
	Burst     float64
}

// Limits lists the limits in force per connection.
func (s *Server) Limits() []Limit {
	var list []Limit
	for _, o := range operations {
		list = append(list, Limit{o.name, o.rate * s.cfg.Speed, o.burst})
	}
	return list
}

// bucket holds the permits left; it starts full.
type bucket struct {
	level float64
	at    time.Time
}

// grace is how much earlier than the limit a request may come: clocks of two
// machines and the way over the network are never exact to the millisecond.
const grace = 20 * time.Millisecond

// take removes one permit, false when there is none.
func (b *bucket) take(now time.Time, rate, burst float64) bool {
	if d := now.Sub(b.at); d > 0 {
		b.level = math.Min(burst, b.level+d.Seconds()*rate)
		b.at = now
	}
	if b.level < 1-math.Min(0.5, grace.Seconds()*rate)-1e-9 {
		return false
	}
	b.level--
	return true
}

// throttled tells whether the call exceeds its limit, and counts it.
func (s *Server) throttled(c *call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := c.account.id + " " + c.op.name
	b := s.buckets[key]
	if b == nil {
		b = &bucket{c.op.burst, c.now}
		s.buckets[key] = b
	}
	if b.take(c.now, c.op.rate*s.cfg.Speed, c.op.burst) {
		return false
	}
	s.violation++
	return true
}

// rateHeader writes a rate as Amazon does.
func rateHeader(rate float64) string { return strconv.FormatFloat(rate, 'f', -1, 64) }
