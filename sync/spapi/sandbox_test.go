package spapi_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// A server generated from Amazon's models, with the rules of its static
// sandbox: it answers the exact example requests and nothing else.
func TestPitfall54_AgainstTheModelsSandbox(t *testing.T) {
	ops, _ := readModels(t)
	a := sandbox(t, ops)
	r := newRig(t, a.server.URL)
	ctx := t.Context()
	eight := []string{"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES"}

	t.Run("participations", func(t *testing.T) {
		got, err := r.MarketplaceParticipations(ctx)
		if err != nil || len(got) != 1 || got[0].Marketplace.ID != "ATVPDKIKX0DER" || !got[0].Participation.IsParticipating {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
	t.Run("orders in Japan", func(t *testing.T) {
		got, err := firstPage(r.SearchOrders(ctx, spapi.OrdersQuery{
			CreatedAfter: time.Date(2024, 12, 25, 0, 0, 0, 0, time.UTC), MarketplaceIDs: []string{"A1VC38T7YXB528"}, Include: eight,
		}))
		if err != nil || len(got) != 1 || got[0].Proceeds.GrandTotal.Amount != "19940" || got[0].Proceeds.GrandTotal.CurrencyCode != "JPY" {
			t.Fatalf("got %+v, %v", got, err)
		}
		if p := got[0].OrderItems[0].Expense.PointsCost.PointsGranted; *p.PointsNumber != 60 || p.PointsMonetaryValue.Amount != "60" {
			t.Fatalf("points %+v", p)
		}
	})
	t.Run("orders, a next page", func(t *testing.T) {
		at, err := spapi.ParseCursor(`{"op":"searchOrders","query":{"createdAfter":"2024-12-23T00:00:00Z","marketplaceIds":"A1F83G8C2ARO7P","includedData":"BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES"},"token":"9ZhB4RmVyc2lvbiAxLjAgb2YgdGhl","issued":"2026-11-21T11:00:00Z"}`)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := collect(r.ResumeOrders(ctx, at))
		if err != nil || len(got) != 1 || got[0].Proceeds.GrandTotal.Amount != "34.99" {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
	t.Run("one order", func(t *testing.T) {
		got, err := r.GetOrder(ctx, "171-9876543-2109876", eight...)
		if err != nil || got.OrderItems[0].Fulfillment.Packing.GiftOption.GiftWrapLevel != "STANDARD" || len(got.Raw) == 0 {
			t.Fatalf("got %+v, %v", got, err)
		}
		if _, err := r.GetOrder(ctx, "TEST_CASE_400"); !errors.Is(err, spapi.ErrInvalid) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("reports", func(t *testing.T) {
		id, err := r.CreateReport(ctx, spapi.ReportRequest{
			Type: "GET_MERCHANT_LISTINGS_ALL_DATA", Start: time.Date(2024, 3, 10, 20, 11, 24, 0, time.UTC), MarketplaceIDs: []string{"A1PA6795UKMFR9", "ATVPDKIKX0DER"},
		})
		if err != nil || id != "ID323" {
			t.Fatalf("got %q, %v", id, err)
		}
		if got, err := r.GetReport(ctx, id); err != nil || got.ProcessingStatus != spapi.ReportInProgress {
			t.Fatalf("got %+v, %v", got, err)
		}
		if _, err := r.GetReport(ctx, "badReportId1"); !errors.Is(err, spapi.ErrInvalid) {
			t.Fatalf("got %v", err)
		}
		got, err := firstPage(r.GetReports(ctx, spapi.ReportsQuery{
			Types: []string{"FEE_DISCOUNTS_REPORT", "GET_AFN_INVENTORY_DATA"}, Statuses: []string{"IN_QUEUE", "IN_PROGRESS"},
		}))
		if err != nil || len(got) != 1 || got[0].ReportID != "ReportId1" {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
	t.Run("a document's link leads away from this computer", func(t *testing.T) {
		var w bytes.Buffer
		if _, err := r.Download(ctx, "0356cf79-b8b0-4226-b4b9-0ee058ea5760", &w, 0); !errors.Is(err, spapi.ErrHost) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("listings", func(t *testing.T) {
		got, err := firstPage(r.SearchListings(ctx, spapi.ListingsQuery{
			SellerID: "S", MarketplaceIDs: []string{"ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"}, Identifiers: []string{"GM-ZDPI-9B4E", "HW-ZDPI-9B4E", "TC-ZDPI-9B4E"},
			IdentifiersType: "SKU", Include: []string{"summaries", "offers", "fulfillmentAvailability", "issues"}, PageSize: 1,
		}))
		if err != nil || len(got) != 1 || got[0].Offers[1].Price.Amount != "130.00" || *got[0].FulfillmentAvailability[0].Quantity != 100 {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
	t.Run("transactions", func(t *testing.T) {
		at, err := spapi.ParseCursor(`{"op":"listTransactions","query":{"postedAfter":"2023-03-07T00:00:00Z"},"token":"jehgri34yo7jr9e8f984tr9i4o","issued":"2026-11-21T11:59:00Z"}`)
		if err != nil {
			t.Fatal(err)
		}
		got, err := firstPage(r.ResumeTransactions(ctx, at))
		if err != nil || len(got) != 1 || got[0].TotalAmount.Amount != "10" || got[0].RelatedIdentifiers[1].Value != "8129762527551" {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
}
