package spapi_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

func TestRequestsThatCannotBeMade(t *testing.T) {
	r := newRig(t, "http://127.0.0.1:1") // nobody there: nothing may be sent
	now, ctx := r.clock.Now(), t.Context()
	week := now.AddDate(0, 0, -7)
	tests := map[string]func() error{
		"orders without lower bound": func() error { return last(r.SearchOrders(ctx, spapi.OrdersQuery{})) },
		"orders with both": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, LastUpdatedAfter: week}))
		},
		"orders mixed bounds": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, LastUpdatedBefore: now.Add(-time.Hour)}))
		},
		"orders until now": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, CreatedBefore: now.Add(-time.Minute)}))
		},
		"orders backwards": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, CreatedBefore: week.Add(-time.Hour)}))
		},
		"orders page of 101": func() error { return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, PageSize: 101})) },
		"orders dataset": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, Include: []string{"SHOE_SIZE"}}))
		},
		"orders 51 marketplaces": func() error {
			return last(r.SearchOrders(ctx, spapi.OrdersQuery{CreatedAfter: week, MarketplaceIDs: strings.Split(strings.Repeat("A,", 50)+"A", ",")}))
		},
		"comma in a value": func() error {
			_, err := r.InventorySummaries(ctx, spapi.InventoryQuery{MarketplaceID: "A", SellerSKUs: []string{"a,b"}})
			return err
		},
		"inventory of 19 months ago": func() error {
			_, err := r.InventorySummaries(ctx, spapi.InventoryQuery{MarketplaceID: "A", ChangedSince: now.AddDate(0, -19, 0)})
			return err
		},
		"inventory without marketplace": func() error {
			_, err := r.InventorySummaries(ctx, spapi.InventoryQuery{})
			return err
		},
		"transactions without bound": func() error { return last(r.Transactions(ctx, spapi.TransactionsQuery{})) },
		"transactions of 181 days": func() error {
			return last(r.Transactions(ctx, spapi.TransactionsQuery{PostedAfter: now.AddDate(0, 0, -181)}))
		},
		"transactions of half an identifier": func() error {
			return last(r.Transactions(ctx, spapi.TransactionsQuery{PostedAfter: week, RelatedName: "ORDER_ID"}))
		},
		"reports without type": func() error { return last(r.GetReports(ctx, spapi.ReportsQuery{})) },
		"reports since exactly 90 days (pitfall 38)": func() error {
			return last(r.GetReports(ctx, spapi.ReportsQuery{Types: []string{"A"}, CreatedSince: now.Add(-90 * 24 * time.Hour)}))
		},
		"report without marketplace":   func() error { _, err := r.CreateReport(ctx, spapi.ReportRequest{Type: "A"}); return err },
		"listings without marketplace": func() error { return last(r.SearchListings(ctx, spapi.ListingsQuery{SellerID: "S"})) },
		"listings page of 21": func() error {
			return last(r.SearchListings(ctx, spapi.ListingsQuery{SellerID: "S", MarketplaceIDs: []string{"A"}, PageSize: 21}))
		},
	}
	for name, f := range tests {
		if err := f(); !errors.Is(err, spapi.ErrArgument) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(r.ledger.all()); n != 0 {
		t.Fatalf("%d calls", n)
	}
}

func TestPurposeAndLedger(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r := newRig(t, a.server.URL)
	ctx := spapi.WithPurpose(t.Context(), "orders\nback-fill")
	if _, err := r.MarketplaceParticipations(ctx); err != nil {
		t.Fatal(err)
	}
	calls := r.ledger.all()
	if len(calls) != 2 || calls[0].Op != spapi.OpLogin || calls[0].Method != "POST" || calls[0].BytesOut == 0 {
		t.Fatalf("ledger %+v", calls)
	}
	c := calls[1]
	if c.Op != spapi.OpParticipations || c.Purpose != "orders back-fill" || c.Status != 200 || c.BytesIn != int64(len(`{"payload":[]}`)) ||
		c.Connection != "conn-1" || c.RequestID != "req-1" || c.Class != "" || !c.At.Equal(r.clock.Now()) {
		t.Fatalf("call %+v", c)
	}
	r.ledger.err = errors.New("disk full")
	if _, err := r.MarketplaceParticipations(ctx); !errors.Is(err, r.ledger.err) {
		t.Fatalf("an unrecorded call passed: %v", err)
	}
}

// The access token is all that a request shows: nothing is signed with keys of
// the cloud, which Amazon gave up, and no request has an Authorization header.
func TestPitfall56_NothingIsSigned(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{}`) })
	r := newRig(t, a.server.URL)
	_ = everyRequest(t.Context(), r) // what is answered does not matter
	seen := a.requests()
	if len(seen) < 8 {
		t.Fatalf("%d requests", len(seen))
	}
	for _, q := range seen {
		if q.Header.Get("Authorization") != "" || q.Header.Get("x-amz-security-token") != "" || q.Header.Get("x-amz-access-token") == "" {
			t.Errorf("%s has the headers %v", q.URL.Path, slices.Collect(maps.Keys(q.Header)))
		}
	}
}
