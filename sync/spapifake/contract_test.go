package spapifake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/internal/openapi"
	"countinghouse/sync/spapifake"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// model loads one of Amazon's Swagger files, or skips where they are absent.
func model(t *testing.T, name, base string) routers.Router {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "spapi", "models", name))
	if os.IsNotExist(err) {
		t.Skip("Amazon's models are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	v3, err := openapi.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	v3.Servers = openapi3.Servers{{URL: base}}
	r, err := gorillamux.NewRouter(v3)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every answer, good and bad, is valid against Amazon's own model.
func TestContract(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 2, Orders: 1200, Speed: 5000})
	from, until := now.AddDate(0, 0, -60).Format("2006-01-02T15:04:05Z"), now.AddDate(0, 0, -1).Format("2006-01-02T15:04:05Z")
	every := "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
	for _, conn := range spapifake.Connections() {
		k := connect(t, s, c, conn)
		cr := s.Credentials(conn)
		shop := cr.MarketplaceID
		reports := listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}})
		parcel, order := parcelOf(t, k)
		invoice := invoiceOf(t, k, shop)
		query, document := queryOf(t, k, shop)
		tracked := 200
		if conn == "FE" {
			tracked = 404 // Amazon follows no parcels in Japan
		}
		for _, x := range []struct {
			name, file, method, path string
			q                        url.Values
			body                     any
			status                   int
		}{
			{"participations", "sellers.json", "GET", "/sellers/v1/marketplaceParticipations", nil, nil, 200},
			{"orders", "orders_2026-01-01.json", "GET", "/orders/2026-01-01/orders", url.Values{"createdAfter": {from}, "includedData": {every}}, nil, 200},
			{"orders by update", "orders_2026-01-01.json", "GET", "/orders/2026-01-01/orders", url.Values{"lastUpdatedAfter": {until}, "includedData": {every}}, nil, 200},
			{"bad order query", "orders_2026-01-01.json", "GET", "/orders/2026-01-01/orders", nil, nil, 400},
			{"order", "orders_2026-01-01.json", "GET", "/orders/2026-01-01/orders/" + order, url.Values{"includedData": {every}}, nil, 200},
			{"unknown order", "orders_2026-01-01.json", "GET", "/orders/2026-01-01/orders/111-0000000-0000000", nil, nil, 404},
			{"transactions", "finances_2024-06-19.json", "GET", "/finances/2024-06-19/transactions", url.Values{"postedAfter": {from}, "postedBefore": {until}}, nil, 200},
			{"bad transaction query", "finances_2024-06-19.json", "GET", "/finances/2024-06-19/transactions", nil, nil, 400},
			{"inventory", "fbaInventory.json", "GET", "/fba/inventory/v1/summaries", url.Values{"granularityType": {"Marketplace"}, "granularityId": {shop}, "marketplaceIds": {shop}, "details": {"true"}}, nil, 200},
			{"bad inventory query", "fbaInventory.json", "GET", "/fba/inventory/v1/summaries", url.Values{"granularityType": {"Marketplace"}, "granularityId": {shop}, "marketplaceIds": {shop}, "nextToken": {"x"}}, nil, 400},
			{"listings", "listingsItems_2021-08-01.json", "GET", "/listings/2021-08-01/items/" + cr.SellerID, url.Values{"marketplaceIds": {shop}, "pageSize": {"20"}, "includedData": {"summaries,offers,fulfillmentAvailability,productTypes"}}, nil, 200},
			{"foreign listings", "listingsItems_2021-08-01.json", "GET", "/listings/2021-08-01/items/A0", url.Values{"marketplaceIds": {shop}}, nil, 403},
			{"reports", "reports_2021-06-30.json", "GET", "/reports/2021-06-30/reports", url.Values{"reportTypes": {spapifake.SettlementReport}}, nil, 200},
			{"report", "reports_2021-06-30.json", "GET", "/reports/2021-06-30/reports/" + reports[0].ReportID, nil, nil, 200},
			{"document", "reports_2021-06-30.json", "GET", "/reports/2021-06-30/documents/" + reports[0].ReportDocumentID, nil, nil, 200},
			{"create report", "reports_2021-06-30.json", "POST", "/reports/2021-06-30/reports", nil, map[string]any{"reportType": spapifake.OrdersByDate, "marketplaceIds": []string{shop}, "dataStartTime": from}, 202},
			{"bad report", "reports_2021-06-30.json", "POST", "/reports/2021-06-30/reports", nil, map[string]any{"reportType": "GET_NOTHING", "marketplaceIds": []string{shop}}, 400},
			{"order metrics", "sales.json", "GET", "/sales/v1/orderMetrics", url.Values{"marketplaceIds": {shop}, "granularity": {"Day"}, "granularityTimeZone": {"UTC"}, "interval": {from[:10] + "T00:00:00+00:00--" + until[:10] + "T00:00:00+00:00"}}, nil, 200},
			{"tracking", "tracking_2026-01-30.json", "GET", "/tracking/2026-01-30/shipments/track", url.Values{"carrierTracking.trackingNumber": {parcel}}, nil, tracked},
			{"tracking of nothing", "tracking_2026-01-30.json", "GET", "/tracking/2026-01-30/shipments/track", nil, nil, 400},
			{"create query", "dataKiosk_2023-11-15.json", "POST", "/dataKiosk/2023-11-15/queries", nil, map[string]any{"query": economicsOf(shop)}, 202},
			{"bad query", "dataKiosk_2023-11-15.json", "POST", "/dataKiosk/2023-11-15/queries", nil, map[string]any{"query": "query{a}"}, 400},
			{"query", "dataKiosk_2023-11-15.json", "GET", "/dataKiosk/2023-11-15/queries/" + query, nil, nil, 200},
			{"unknown query", "dataKiosk_2023-11-15.json", "GET", "/dataKiosk/2023-11-15/queries/0", nil, nil, 404},
			{"document of a query", "dataKiosk_2023-11-15.json", "GET", "/dataKiosk/2023-11-15/documents/" + document, nil, nil, 200},
			{"account", "sellers.json", "GET", "/sellers/v1/account", nil, nil, 200},
			{"balances", "finances_2024-06-19.json", "GET", "/finances/2024-06-19/balances", nil, nil, 200},
			{"balances of a day", "finances_2024-06-19.json", "GET", "/finances/2024-06-19/balances", url.Values{"asOfDate": {from[:10]}, "balanceType": {"AVAILABLE"}}, nil, 200},
			{"summary", "finances_2024-06-19.json", "GET", "/finances/2024-06-19/summary", url.Values{"relatedIdentifierName": {"SETTLEMENT_ID"}, "relatedIdentifierValue": {reports[0].ReportID[1:]}}, nil, 200},
			{"event groups", "financesV0.json", "GET", "/finances/v0/financialEventGroups", url.Values{"MaxResultsPerPage": {"3"}, "FinancialEventGroupStartedAfter": {from}}, nil, 200},
			{"payouts", "transfers_2024-06-01.json", "GET", "/finances/transfers/2024-06-01/payouts", url.Values{"createdAfter": {from}}, nil, 200},
			{"expected payouts", "transfers_2024-06-01.json", "GET", "/finances/transfers/2024-06-01/payouts/expected", nil, nil, 200},
			{"invoices", "financesInvoices_2026-06-25.json", "GET", "/finances/invoices/2026-06-25/invoices", url.Values{"marketplaceId": {shop}}, nil, 200},
			{"invoice", "financesInvoices_2026-06-25.json", "GET", "/finances/invoices/2026-06-25/invoices/" + invoice, url.Values{"marketplaceId": {shop}}, nil, 200},
			{"unknown invoice", "financesInvoices_2026-06-25.json", "GET", "/finances/invoices/2026-06-25/invoices/1~2", url.Values{"marketplaceId": {shop}}, nil, 404},
			{"bad invoices", "financesInvoices_2026-06-25.json", "GET", "/finances/invoices/2026-06-25/invoices", nil, nil, 400},
			{"catalogue", "catalogItems_2022-04-01.json", "GET", "/catalog/2022-04-01/items", url.Values{"identifiers": {asins(t, k, cr)}, "identifiersType": {"ASIN"}, "marketplaceIds": {shop}, "includedData": {"dimensions,images,productTypes,relationships,salesRanks,summaries"}}, nil, 200},
			{"prices", "productPricing_2022-05-01.json", "POST", "/batches/products/pricing/2022-05-01/items/competitiveSummary", nil, map[string]any{"requests": pricesAsked(asins(t, k, cr), shop)}, 200},
			{"fees", "productFeesV0.json", "POST", "/products/fees/v0/feesEstimate", nil, []any{map[string]any{"IdType": "SellerSKU", "IdValue": "none", "FeesEstimateRequest": map[string]any{"MarketplaceId": shop, "Identifier": "1", "PriceToEstimateFees": map[string]any{"ListingPrice": map[string]any{"CurrencyCode": "EUR", "Amount": 10}}}}}, 200},
		} {
			t.Run(conn+" "+x.name, func(t *testing.T) {
				r := k.call(x.method, x.path, x.q, x.body)
				if r.status != x.status {
					t.Fatalf("status %d, want %d: %.300s", r.status, x.status, r.body)
				}
				valid(t, model(t, x.file, s.Endpoints().Region(conn)), s.Endpoints().Region(conn)+x.path+"?"+x.q.Encode(), x.method, r)
			})
		}
	}
}

// asins are some of a connection's own, comma-separated.
func asins(t *testing.T, k *client, cr spapifake.Credentials) string {
	t.Helper()
	r := k.call("GET", "/listings/2021-08-01/items/"+cr.SellerID, url.Values{"marketplaceIds": {cr.MarketplaceID}, "pageSize": {"20"}, "includedData": {"summaries"}}, nil)
	var list struct {
		Items []struct{ Summaries []struct{ ASIN string } }
	}
	if err := json.Unmarshal(r.body, &list); err != nil || len(list.Items) == 0 {
		t.Fatalf("listings: %v %.200s", err, r.body)
	}
	var ids []string
	for _, it := range list.Items {
		ids = append(ids, it.Summaries[0].ASIN)
	}
	return strings.Join(ids, ",")
}

// parcelOf gives the number of a parcel, and its order.
func parcelOf(t *testing.T, k *client) (number, order string) {
	t.Helper()
	r := k.call("GET", "/orders/2026-01-01/orders", url.Values{"createdAfter": {now.AddDate(0, 0, -400).Format("2006-01-02T15:04:05Z")},
		"fulfilledBy": {"MERCHANT"}, "fulfillmentStatuses": {"SHIPPED"}, "includedData": {"PACKAGES"}}, nil)
	var list struct {
		Orders []struct {
			OrderID  string
			Packages []struct{ TrackingNumber string }
		}
	}
	if err := json.Unmarshal(r.body, &list); err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Orders {
		for _, p := range o.Packages {
			if p.TrackingNumber != "" {
				return p.TrackingNumber, o.OrderID
			}
		}
	}
	t.Fatalf("no parcel: %.300s", r.body)
	return "", ""
}

// invoiceOf gives the id of an invoice.
func invoiceOf(t *testing.T, k *client, shop string) string {
	t.Helper()
	r := k.call("GET", "/finances/invoices/2026-06-25/invoices", url.Values{"marketplaceId": {shop}}, nil)
	var list struct {
		Invoices []struct{ InvoiceIdentifier string }
	}
	if err := json.Unmarshal(r.body, &list); err != nil || len(list.Invoices) == 0 {
		t.Fatalf("invoices: %v %.300s", err, r.body)
	}
	return list.Invoices[0].InvoiceIdentifier
}

func economicsOf(shop string) string {
	return fmt.Sprintf(`query{analytics_economics_2024_03_15{economics(startDate:"%s" endDate:"%s" marketplaceIds:["%s"] aggregateBy:{date:DAY productId:MSKU}){msku}}}`,
		now.AddDate(0, 0, -30).Format(time.DateOnly), now.AddDate(0, 0, -3).Format(time.DateOnly), shop)
}

// queryOf asks a query, waits until it is answered and gives both ids.
func queryOf(t *testing.T, k *client, shop string) (query, document string) {
	t.Helper()
	var asked struct{ QueryID string }
	r := k.call("POST", "/dataKiosk/2023-11-15/queries", nil, map[string]any{"query": economicsOf(shop)})
	if err := json.Unmarshal(r.body, &asked); err != nil || asked.QueryID == "" {
		t.Fatalf("query: %v %.300s", err, r.body)
	}
	for range 10 {
		var state struct{ ProcessingStatus, DataDocumentID string }
		r := k.call("GET", "/dataKiosk/2023-11-15/queries/"+asked.QueryID, nil, nil)
		if err := json.Unmarshal(r.body, &state); err != nil {
			t.Fatal(err)
		}
		if state.ProcessingStatus == "DONE" {
			return asked.QueryID, state.DataDocumentID
		}
	}
	t.Fatal("the query is not answered")
	return "", ""
}

func pricesAsked(asins, shop string) (list []any) {
	for asin := range strings.SplitSeq(asins, ",") {
		list = append(list, map[string]any{"asin": asin, "marketplaceId": shop, "method": "GET", "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
			"includedData": []string{"featuredBuyingOptions", "lowestPricedOffers", "referencePrices"}})
	}
	return list
}

func valid(t *testing.T, router routers.Router, address, method string, r response) {
	t.Helper()
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Fatal(err)
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 r.status, Header: r.header, Body: io.NopCloser(bytes.NewReader(r.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), in); err != nil {
		t.Errorf("%.600v", err)
	}
}
