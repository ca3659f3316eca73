package appsync

// All is the list of sources, in the order in which they are shown. A new one
// is one file and one line here.
func All() []Resource {
	return append([]Resource{
		participations{},
		orderReports{},
		orders{},
		inventory{},
		finances{},
		settlements{},
		listings{},
		recipients{},
		sellerAccount{},
		balances{},
		eventGroups{},
		payouts{},
		feeInvoices{},
		summaries{},
		tracking{},
		catalog{},
		feeEstimates{},
		prices{},
		traffic{},
		orderMetrics{},
		economics{},
	}, requestedReports()...)
}

// Names are the keys of bookmarks, coverage and progress. Those of money equal
// the sources in data/books, which asks whether a finer source covers a day.
const (
	nameParticipations = "participations"
	nameOrderReports   = "order-reports"
	nameOrders         = "orders"
	nameInventory      = "inventory"
	nameFinances       = "finances"
	nameSettlements    = "settlement"
	nameListings       = "listings"
	nameRecipients     = "recipients"
	nameAccount        = "account"
	nameBalances       = "balances"
	nameEventGroups    = "event-groups"
	namePayouts        = "payouts"
	nameFeeInvoices    = "fee-invoices"
	nameSummaries      = "summaries"
	nameTracking       = "tracking"
	nameCatalog        = "catalog"
	nameFeeEstimates   = "fee-estimates"
	namePrices         = "prices"
	nameTraffic        = "traffic"
	nameEconomics      = "economics"
	nameOrderMetrics   = "order-metrics"
)
