package spapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"countinghouse/sync/spapi"
)

// unstated are the operations of which Amazon's models tell no limit.
var unstated = []spapi.Op{spapi.OpInvoices, spapi.OpInvoice, spapi.OpTracking}

// everyOtherRequest goes on with everyRequest: money, products and analysis.
func everyOtherRequest(ctx context.Context, r *rig, two func(error) error) (errs []error) {
	now := r.clock.Now()
	week, hour := now.AddDate(0, 0, -7), now.Add(-time.Hour)
	markets := []string{"ATVPDKIKX0DER", "A1F83G8C2ARO7P"}
	price := spapi.Money{Amount: "19.90", CurrencyCode: "EUR"}
	errs = []error{
		two(last(r.Balances(ctx, spapi.BalancesQuery{}))),
		two(last(r.Balances(ctx, spapi.BalancesQuery{MarketplaceIDs: markets, Type: "TOTAL", AsOf: week}))),
		two(last(r.Summaries(ctx, spapi.SummaryQuery{Settlement: "11888387941"}))),
		two(last(r.Summaries(ctx, spapi.SummaryQuery{MarketplaceIDs: markets, Start: week, End: hour}))),
		two(last(r.EventGroups(ctx, spapi.EventGroupsQuery{}))),
		two(last(r.EventGroups(ctx, spapi.EventGroupsQuery{StartedAfter: week, StartedBefore: hour, PageSize: 1}))),
		two(last(r.Payouts(ctx, spapi.PayoutsQuery{}))),
		two(last(r.Payouts(ctx, spapi.PayoutsQuery{MarketplaceIDs: spapi.PayoutMarketplaces, CreatedAfter: week, CreatedBefore: hour}))),
		two(last(r.ExpectedPayouts(ctx))),
		two(last(r.ExpectedPayouts(ctx, markets...))),
		two(last(r.Invoices(ctx, spapi.InvoicesQuery{MarketplaceID: markets[0]}))),
		two(last(r.Invoices(ctx, spapi.InvoicesQuery{MarketplaceID: markets[0], IssuedAfter: week, IssuedBefore: now, ModifiedAfter: week}))),
		two(last(r.InvoiceLines(ctx, markets[0], "INV-202505001~ABCDEF"))),
		two(last(r.InvoiceLines(ctx, markets[0], "1/2 +50%"))),
	}
	add := func(err error) { errs = append(errs, err) }
	_, err := r.Account(ctx)
	add(err)
	_, err = r.CatalogItems(ctx, markets[0], []string{"B000000001", "B000000002"})
	add(err)
	_, err = r.CompetitiveSummaries(ctx, markets[0], []string{"B000000001", "B000000002"})
	add(err)
	_, err = r.FeesEstimates(ctx, []spapi.FeesRequest{
		{ID: "1", MarketplaceID: markets[1], SKU: "A/B 1 +50%", ByAmazon: true, Price: price}, {ID: "2", MarketplaceID: markets[1], SKU: "猫", Price: price}})
	add(err)
	_, err = r.CreateQuery(ctx, `query{a}`, "")
	add(err)
	_, err = r.CreateQuery(ctx, `query{a}`, "more+/=")
	add(err)
	_, err = r.GetQuery(ctx, "1/2")
	add(err)
	if _, err = r.DownloadQuery(ctx, "amzn1.tortuga.x/y", io.Discard, 0); !errors.Is(err, spapi.ErrOffline) {
		add(fmt.Errorf("download of a query's document: %w", err))
	}
	_, err = r.OrderMetrics(ctx, spapi.OrderMetricsQuery{MarketplaceID: markets[0], From: week, To: hour, Zone: time.FixedZone("UTC", 0)})
	add(err)
	_, err = r.ShipmentTracking(ctx, "1Z999", "")
	add(err)
	_, err = r.ShipmentTracking(ctx, "1Z 999/+", "YAMATO")
	add(err)
	return errs
}

// callOther goes on with callOperation.
func callOther(ctx context.Context, r *rig, op spapi.Op) (any, error) {
	week := r.clock.Now().AddDate(0, 0, -7)
	switch op {
	case spapi.OpAccount:
		return r.Account(ctx)
	case spapi.OpBalances:
		return firstPage(r.Balances(ctx, spapi.BalancesQuery{}))
	case spapi.OpSummary:
		return firstPage(r.Summaries(ctx, spapi.SummaryQuery{Settlement: "1"}))
	case spapi.OpEventGroups:
		return firstPage(r.EventGroups(ctx, spapi.EventGroupsQuery{}))
	case spapi.OpPayouts:
		return firstPage(r.Payouts(ctx, spapi.PayoutsQuery{}))
	case spapi.OpExpectedPayouts:
		return firstPage(r.ExpectedPayouts(ctx))
	case spapi.OpInvoices:
		return firstPage(r.Invoices(ctx, spapi.InvoicesQuery{MarketplaceID: "A"}))
	case spapi.OpInvoice:
		return firstPage(r.InvoiceLines(ctx, "A", "1"))
	case spapi.OpCatalog:
		return r.CatalogItems(ctx, "A", []string{"B"})
	case spapi.OpCompetitiveSummary:
		return r.CompetitiveSummaries(ctx, "A", []string{"B"})
	case spapi.OpFeesEstimates:
		return r.FeesEstimates(ctx, []spapi.FeesRequest{{ID: "1", MarketplaceID: "A", SKU: "S", Price: spapi.Money{Amount: "1", CurrencyCode: "EUR"}}})
	case spapi.OpCreateQuery:
		return r.CreateQuery(ctx, "query{a}", "")
	case spapi.OpGetQuery:
		return r.GetQuery(ctx, "1")
	case spapi.OpGetDocument:
		return r.DownloadQuery(ctx, "1", io.Discard, 0)
	case spapi.OpOrderMetrics:
		return r.OrderMetrics(ctx, spapi.OrderMetricsQuery{MarketplaceID: "A", From: week, To: week.AddDate(0, 0, 1), Zone: time.UTC})
	case spapi.OpTracking:
		return r.ShipmentTracking(ctx, "1", "")
	}
	return nil, fmt.Errorf("no such operation")
}
