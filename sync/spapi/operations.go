package spapi

import (
	"fmt"
	"time"
)

// Op names an operation as Amazon's models do. It is the key of a stored limit
// and of the call log, so the texts never change.
type Op string

// The operations this client can call.
const (
	OpLogin             Op = "login"         // LWA, refresh token for access token
	OpDocument          Op = "documentBytes" // GET of a presigned link
	OpParticipations    Op = "getMarketplaceParticipations"
	OpSearchOrders      Op = "searchOrders"
	OpGetOrder          Op = "getOrder"
	OpCreateReport      Op = "createReport"
	OpGetReport         Op = "getReport"
	OpGetReports        Op = "getReports"
	OpGetReportDocument Op = "getReportDocument"
	OpInventory         Op = "getInventorySummaries"
	OpSearchListings    Op = "searchListingsItems"
	OpTransactions      Op = "listTransactions"

	OpAccount            Op = "getAccount"
	OpBalances           Op = "listBalances"
	OpSummary            Op = "listSummary"
	OpEventGroups        Op = "listFinancialEventGroups"
	OpPayouts            Op = "listPayouts"
	OpExpectedPayouts    Op = "listExpectedPayouts"
	OpInvoices           Op = "getInvoiceHeaders"
	OpInvoice            Op = "getInvoice"
	OpCatalog            Op = "searchCatalogItems"
	OpCompetitiveSummary Op = "getCompetitiveSummary"
	OpFeesEstimates      Op = "getMyFeesEstimates"
	OpCreateQuery        Op = "createQuery"
	OpGetQuery           Op = "getQuery"
	OpGetDocument        Op = "getDocument"
	OpOrderMetrics       Op = "getOrderMetrics"
	OpTracking           Op = "getShipmentTracking"
)

// Operation is one row of the table of limits.
type Operation struct {
	Op       Op
	API      string        // API and version
	Limit    Limit         // documented default
	PageSize int           // largest page, 0: no pages
	TokenTTL time.Duration // how long a page token lives, 0: not known
	LookBack time.Duration // how far back Amazon answers, 0: no such bound
}

const day = 24 * time.Hour

// unstated is the limit of operations of which Amazon's models tell none: slow
// enough for any that Amazon is likely to have. Its header corrects it.
var unstated = Limit{200_000, 5}

// Rates and bursts as in Amazon's models; the rest from its documentation.
var operations = []Operation{
	{Op: OpParticipations, API: "sellers v1", Limit: Limit{16_000, 15}},
	{Op: OpSearchOrders, API: "orders 2026-01-01", Limit: Limit{5_600, 20}, PageSize: 100, TokenTTL: day, LookBack: 2 * 365 * day},
	{Op: OpGetOrder, API: "orders 2026-01-01", Limit: Limit{500_000, 30}, LookBack: 2 * 365 * day},
	{Op: OpCreateReport, API: "reports 2021-06-30", Limit: Limit{16_700, 15}},
	{Op: OpGetReport, API: "reports 2021-06-30", Limit: Limit{2_000_000, 15}, LookBack: 90 * day},
	{Op: OpGetReports, API: "reports 2021-06-30", Limit: Limit{22_200, 10}, PageSize: 100, LookBack: 90 * day},
	{Op: OpGetReportDocument, API: "reports 2021-06-30", Limit: Limit{16_700, 15}, LookBack: 90 * day},
	{Op: OpInventory, API: "fbaInventory v1", Limit: Limit{2_000_000, 2}, PageSize: 50, TokenTTL: 30 * time.Second, LookBack: 18 * 30 * day},
	{Op: OpSearchListings, API: "listingsItems 2021-08-01", Limit: Limit{5_000_000, 5}, PageSize: 20},
	{Op: OpTransactions, API: "finances 2024-06-19", Limit: Limit{500_000, 10}, PageSize: 500},

	{Op: OpAccount, API: "sellers v1", Limit: Limit{16_000, 15}},
	{Op: OpBalances, API: "finances 2024-06-19", Limit: Limit{500_000, 10}, PageSize: 500},
	{Op: OpSummary, API: "finances 2024-06-19", Limit: Limit{500_000, 10}},
	{Op: OpEventGroups, API: "finances v0", Limit: Limit{500_000, 30}, PageSize: 100, LookBack: 2 * 365 * day},
	{Op: OpPayouts, API: "transfers 2024-06-01", Limit: Limit{500_000, 10}},
	{Op: OpExpectedPayouts, API: "transfers 2024-06-01", Limit: Limit{500_000, 10}},
	{Op: OpInvoices, API: "financesInvoices 2026-06-25", Limit: unstated, PageSize: 100},
	{Op: OpInvoice, API: "financesInvoices 2026-06-25", Limit: unstated, PageSize: 600},
	{Op: OpCatalog, API: "catalogItems 2022-04-01", Limit: Limit{2_000_000, 2}, PageSize: 20},
	{Op: OpCompetitiveSummary, API: "productPricing 2022-05-01", Limit: Limit{33_000, 1}, PageSize: 20},
	{Op: OpFeesEstimates, API: "productFees v0", Limit: Limit{500_000, 1}, PageSize: 20},
	{Op: OpCreateQuery, API: "dataKiosk 2023-11-15", Limit: Limit{16_700, 15}},
	{Op: OpGetQuery, API: "dataKiosk 2023-11-15", Limit: Limit{2_000_000, 15}},
	{Op: OpGetDocument, API: "dataKiosk 2023-11-15", Limit: Limit{16_700, 15}},
	{Op: OpOrderMetrics, API: "sales v1", Limit: Limit{500_000, 15}, LookBack: 2 * 365 * day},
	{Op: OpTracking, API: "tracking 2026-01-30", Limit: unstated},
}

// Operations returns the table of limits.
func Operations() []Operation { return append([]Operation(nil), operations...) }

func operation(op Op) (Operation, error) {
	for _, o := range operations {
		if o.Op == op {
			return o, nil
		}
	}
	return Operation{}, fmt.Errorf("%w: unknown operation %q", ErrArgument, op)
}
