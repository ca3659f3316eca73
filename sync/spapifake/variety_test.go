package spapifake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapifake"

	"golang.org/x/text/encoding/japanese"
)

// The remarkable things of the trade, found in what the server tells.
func TestStories(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 15, Orders: 2500, Speed: 50000})
	for _, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			found := map[string]int{}
			byOrder := map[string][]transaction{}
			for _, x := range allTransactions(t, connect(t, s, c, conn), s) {
				found[x.Type]++
				if strings.HasPrefix(x.related("ORDER_ID"), "S01-") {
					found["multi-channel"]++
				}
				walk(t, "", x.Breakdowns, func(p string, m int64) {
					for _, leaf := range []string{"NewMysteryFee2026", "QuietHoursSurcharge", "GoodwillPrincipal", "RestockingDeductionPrincipal", "FBAReversedReimbursement", "GiftwrapChargeback", "ShippingHB"} {
						if strings.Contains(p, leaf) {
							found[leaf]++
						}
					}
				})
				if id := x.related("ORDER_ID"); id != "" && x.related("DEFERRED_TRANSACTION_ID") == "" {
					byOrder[id] = append(byOrder[id], x)
				}
			}
			for _, list := range byOrder {
				stories(t, list, found)
			}
			for _, want := range []string{"Shipment", "Refund", "Chargeback", "GuaranteeClaim", "ServiceFee", "ProductAdsPayment", "FBAInventoryReimbursement",
				"Adjustment", "Transfer", "multi-channel", "NewMysteryFee2026", "QuietHoursSurcharge", "GoodwillPrincipal", "RestockingDeductionPrincipal",
				"GiftwrapChargeback", "ShippingHB", "two equal parcels", "two equal parcels of a day", "two equal refunds", "refund before sale",
				"refund after 90 days", "shipping refunded alone", "same SKU twice"} {
				if found[want] == 0 {
					t.Errorf("no %s", want)
				}
			}
		})
	}
}

// stories finds out what happened to one order from its transactions.
func stories(t *testing.T, list []transaction, found map[string]int) {
	t.Helper()
	var sales, refunds []transaction
	for _, x := range list {
		switch x.Type {
		case "Shipment":
			sales = append(sales, x)
		case "Refund":
			refunds = append(refunds, x)
		}
	}
	if len(sales) == 2 && sales[0].Total == sales[1].Total {
		found["two equal parcels"]++
		if sales[1].Posted.Sub(sales[0].Posted) < time.Hour {
			found["two equal parcels of a day"]++
		}
	}
	if len(refunds) == 2 && refunds[0].Total == refunds[1].Total {
		found["two equal refunds"]++
	}
	for _, r := range refunds {
		if len(sales) > 0 && r.Posted.Before(sales[0].Posted) {
			found["refund before sale"]++
		}
		if len(sales) > 0 && r.Posted.Sub(sales[0].Posted) > 90*24*time.Hour {
			found["refund after 90 days"]++
		}
		alone := true
		walk(t, "", r.Breakdowns, func(p string, m int64) { alone = alone && strings.Contains(p, "Shipping") })
		if alone {
			found["shipping refunded alone"]++
		}
	}
	for _, x := range sales {
		seen := map[string]bool{}
		for _, it := range x.Items {
			if seen[it.Contexts[0].SKU] {
				found["same SKU twice"]++
			}
			seen[it.Contexts[0].SKU] = true
		}
	}
}

// Any size works: no orders in a market, a single day, ten years, one product.
func TestSizes(t *testing.T) {
	for _, x := range []struct{ orders, days, skus int }{{1, 1, 0}, {3, 2, 0}, {7, 13, 1}, {10, 15, 0}, {60, 30, 3}, {300, 40, 29}, {500, 3650, 0}, {300, 400, 5}} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			s := spapifake.New(spapifake.Config{Seed: 3, Orders: x.orders, Days: x.days, SKUs: x.skus, Now: now})
			n := 0
			for _, c := range s.Truth().Counts {
				n += c.Orders
			}
			if n != x.orders {
				t.Errorf("%d orders", n)
			}
			for _, conn := range spapifake.Connections() {
				for _, r := range s.Stock(conn) {
					if r.Fulfillable < 0 || r.Received-r.Shipped+r.Returned-r.Lost != r.Fulfillable+r.Reserved {
						t.Errorf("stock %+v", r)
					}
				}
			}
		})
	}
}

// Every Japanese title and SKU can be written in CP932.
func TestJapaneseCharset(t *testing.T) {
	for seed := range int64(20) {
		s := spapifake.New(spapifake.Config{Seed: seed, Orders: 10, Days: 2, Now: now})
		h := s.Handler("FE")
		tok := login(t, s)
		q := url.Values{"marketplaceIds": {"A1VC38T7YXB528"}, "pageSize": {"20"}}
		for page := 0; page < 5; page++ {
			w := serve(h, "/listings/2021-08-01/items/"+s.Credentials("FE").SellerID+"?"+q.Encode(), tok)
			var p struct {
				Pagination struct{ NextToken string }
			}
			if err := json.Unmarshal([]byte(w), &p); err != nil {
				t.Fatalf("%v: %.200s", err, w)
			}
			if _, err := japanese.ShiftJIS.NewEncoder().String(w); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if q.Set("pageToken", p.Pagination.NextToken); p.Pagination.NextToken == "" {
				break
			}
		}
	}
}

// Many clients at once: every answer is right and nothing is lost from the log.
func TestConcurrent(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 16, Orders: 600, Speed: 1e6})
	var wg sync.WaitGroup
	for i := range 12 {
		k := connect(t, s, c, spapifake.Connections()[i%3])
		wg.Go(func() {
			for range 20 {
				c.add(time.Second)
				for _, path := range []string{"/sellers/v1/marketplaceParticipations", "/finances/2024-06-19/transactions?postedAfter=2026-10-20T00:00:00Z",
					"/orders/2026-01-01/orders?createdAfter=2026-10-20T00:00:00Z", "/reports/2021-06-30/reports?reportTypes=" + spapifake.SettlementReport} {
					if r := k.call(http.MethodGet, path, nil, nil); r.status != 200 && r.status != 429 {
						t.Errorf("%s: %d %v", path, r.status, r.err)
					}
				}
				k.call(http.MethodPost, "/reports/2021-06-30/reports", nil, map[string]any{"reportType": spapifake.OrdersByDate, "marketplaceIds": []string{"x"}})
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil { // a request is logged when its handler ends, which may be after its answer
		t.Error(err)
	}
	if n := len(s.Requests()); n != 12+12*20*5 {
		t.Errorf("%d requests in the log", n)
	}
}
