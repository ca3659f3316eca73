package spapifake_test

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

// The cost of goods, counted again from what the server tells: the cost list,
// the shipments of Finances, the replacement orders, and the reports of returns
// and of the inventory ledger.
func TestCostOfGoods(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 12, Orders: 2000, Speed: 50000})
	zones := []string{"America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"}
	rows, err := csv.NewReader(strings.NewReader(s.CostsCSV("all"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "sku,marketplace,valid_from,unit_cost,currency" {
		t.Fatalf("heading %s", got)
	}
	finer := false
	unitCost := func(shop, sku, day string) (best *big.Rat) {
		from := ""
		for _, r := range rows[1:] { // sku, marketplace, valid_from, unit_cost
			if r[0] == sku && r[1] == shop && r[2] <= day && r[2] >= from {
				from, best = r[2], rat(t, r[3])
				finer = finer || len(r[3])-strings.Index(r[3], ".") > 3
			}
		}
		return best
	}
	got, bare := map[string]int64{}, map[string]int64{}
	for i, conn := range spapifake.Connections() {
		loc, err := time.LoadLocation(zones[i])
		if err != nil {
			t.Fatal(err)
		}
		k, shop := connect(t, s, c, conn), s.Credentials(conn).MarketplaceID
		value := func(sku string, units int64, at time.Time) int64 { // below 0 when unknown
			v := unitCost(shop, sku, at.In(loc).Format("2006-01-02"))
			if v == nil {
				return -1
			}
			v = new(big.Rat).Mul(v, big.NewRat(units, 1))
			if conn != "FE" {
				v.Mul(v, big.NewRat(100, 1))
			}
			v.Add(v, big.NewRat(1, 2)) // half away from zero, the value is positive
			return new(big.Int).Div(v.Num(), v.Denom()).Int64()
		}
		consume := func(sku string, units int64, at time.Time) {
			month, v := at.In(loc).Format("2006-01"), value(sku, units, at)
			if v < 0 {
				bare[shop+" "+month+" "+sku] += units
				return
			}
			got[shop+" "+month] -= v
		}
		restore := func(m movedGoods, left time.Time) { // what the last units cost of those that left together
			all := max(value(m.sku, m.of, left), 0)
			upTo := func(n int64) int64 { return (2*all*n + m.of) / (2 * m.of) }
			got[shop+" "+m.at.In(loc).Format("2006-01")] += upTo(m.after+m.units) - upTo(m.after)
		}
		parcels := map[string]time.Time{}
		for _, x := range allTransactions(t, k, s) {
			if x.Type != "Shipment" || x.related("DEFERRED_TRANSACTION_ID") != "" {
				continue
			}
			for _, it := range x.Items {
				consume(it.Contexts[0].SKU, it.Contexts[0].Quantity, x.Posted)
				parcels[x.related("ORDER_ID")] = x.Posted
			}
		}
		replaced := 0
		for _, o := range allOrders(t, k, url.Values{"createdAfter": {s.DataFrom().Format(time.RFC3339)}, "includedData": {"FULFILLMENT"}}) {
			if len(o.Associated) > 0 && o.Fulfillment.FulfillmentStatus == "SHIPPED" {
				replaced++
				for _, it := range o.OrderItems {
					consume(it.Product.SellerSku, it.QuantityOrdered, o.LastUpdatedTime)
				}
			}
		}
		if replaced == 0 {
			t.Errorf("%s has no replacement order", conn)
		}
		for _, m := range goodsThatMoved(t, k, s, loc) {
			switch {
			case m.units < 0:
				consume(m.sku, -m.units, m.at)
			case m.order != "":
				restore(m, parcels[m.order])
			default:
				restore(m, m.lost)
			}
		}
	}
	n := 0
	for _, r := range s.Truth().Rows {
		if r.Line == "cogs" {
			if n++; got[r.Marketplace+" "+r.Month] != r.Minor {
				t.Errorf("%s %s: truth %d, counted %d", r.Marketplace, r.Month, r.Minor, got[r.Marketplace+" "+r.Month])
			}
		}
	}
	if n != len(got) || n < 50 {
		t.Errorf("%d months in the truth, %d counted", n, len(got))
	}
	for _, u := range s.Truth().Uncovered {
		if key := u.Marketplace + " " + u.Month + " " + u.SKU; bare[key] != u.Units {
			t.Errorf("uncovered %s: truth %d, counted %d", key, u.Units, bare[key])
		}
		delete(bare, u.Marketplace+" "+u.Month+" "+u.SKU)
	}
	if len(bare) > 0 || len(s.Truth().Uncovered) == 0 || !finer {
		t.Errorf("uncovered units not in the truth: %v; costs below a cent: %v", bare, finer)
	}
}

// By order and by SKU the truth is the same money.
func TestTruthViews(t *testing.T) {
	s := spapifake.New(spapifake.Config{Seed: 12, Orders: 800, Now: now})
	sum := func(r spapifake.Row) string { return r.Marketplace + r.Month + r.Line }
	want := map[string][2]int64{}
	for _, r := range s.Truth().Rows {
		want[sum(r)] = [2]int64{r.Minor, r.Units}
	}
	for name, list := range map[string][]spapifake.KeyedRow{"order": s.TruthByOrder(), "SKU": s.TruthBySKU()} {
		got, keys := map[string][2]int64{}, map[string]bool{}
		for _, r := range list {
			g := got[sum(r.Row)]
			got[sum(r.Row)] = [2]int64{g[0] + r.Minor, g[1] + r.Units}
			keys[r.Key] = true
		}
		for k, w := range want {
			if got[k] != w {
				t.Errorf("by %s, %s: %v, truth %v", name, k, got[k], w)
			}
		}
		if len(keys) < 100 {
			t.Errorf("by %s: only %d keys", name, len(keys))
		}
	}
}

// What the demo has to show is there at the default size, with every line of
// the statement.
func TestVariety(t *testing.T) {
	s := spapifake.New(spapifake.Config{Seed: 1, Now: now})
	lines := map[string]map[string]bool{}
	for _, r := range s.Truth().Rows {
		if lines[r.Marketplace] == nil {
			lines[r.Marketplace] = map[string]bool{}
		}
		lines[r.Marketplace][r.Line] = true
	}
	everywhere := strings.Fields(`sales.product sales.shipping sales.giftwrap promotion refund.product refund.shipping refund.promotion
		fee.referral fee.closing fee.refund_admin fee.subscription fee.coupon fee.other fba.fulfilment fba.inbound fba.storage fba.aged
		fba.removal fba.returns fba.other reimbursement advertising cogs postage unclassified tax.collected cash.payout`) // a reserve is back within the second
	extra := map[string][]string{"ATVPDKIKX0DER": {"tax.withheld", "cash.loan"}, "A1VC38T7YXB528": {"promotion.points"}, "A1PA6795UKMFR9": nil}
	for shop, more := range extra {
		for _, l := range append(more, everywhere...) {
			if !lines[shop][l] {
				t.Errorf("%s has nothing on %s", shop, l)
			}
		}
	}
	if lines["A1VC38T7YXB528"]["tax.withheld"] || lines["A1PA6795UKMFR9"]["tax.withheld"] {
		t.Error("tax is withheld outside the US")
	}
	total := 0
	for _, c := range s.Truth().Counts {
		total += c.Orders
		if c.Orders < 3000 || c.Settlements < 38 || c.Deferred == 0 || c.Transactions < c.Orders {
			t.Errorf("counts %+v", c)
		}
	}
	if total != 20000 {
		t.Errorf("%d orders", total)
	}
}

// Stock follows the sales.
func TestStock(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 13, Orders: 3000, Speed: 50000})
	for _, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			k, shop := connect(t, s, c, conn), s.Credentials(conn).MarketplaceID
			truth := map[string]spapifake.StockRow{}
			for _, r := range s.Stock(conn) {
				truth[r.SKU] = r
				if r.Received-r.Shipped+r.Returned-r.Lost != r.Fulfillable+r.Reserved || r.Fulfillable < 0 {
					t.Errorf("units do not add up: %+v", r)
				}
			}
			shipped := map[string]int64{}
			for _, x := range allTransactions(t, k, s) {
				if x.Type == "Shipment" && x.related("DEFERRED_TRANSACTION_ID") == "" {
					for _, it := range x.Items {
						if it.Contexts[0].Network == "AFN" {
							shipped[it.Contexts[0].SKU] += it.Contexts[0].Quantity
						}
					}
				}
			}
			for _, o := range allOrders(t, k, url.Values{"createdAfter": {s.DataFrom().Format(time.RFC3339)}, "includedData": {"FULFILLMENT"}}) {
				if len(o.Associated) > 0 && o.Fulfillment.FulfilledBy == "AMAZON" {
					for _, it := range o.OrderItems {
						shipped[it.Product.SellerSku] += it.Fulfillment.QuantityFulfilled
					}
				}
			}
			for sku, n := range shipped {
				if truth[sku].Shipped != n {
					t.Errorf("%s: %d units left, the sales say %d", sku, truth[sku].Shipped, n)
				}
			}
			n := 0
			for token, more := "", true; more; {
				var p struct {
					Payload struct {
						InventorySummaries []struct {
							SellerSku        string
							TotalQuantity    int64
							InventoryDetails *struct{ FulfillableQuantity int64 }
						}
					}
					Pagination *struct{ NextToken string }
				}
				q := url.Values{"granularityType": {"Marketplace"}, "granularityId": {shop}, "marketplaceIds": {shop}, "details": {"true"}}
				if token != "" {
					q.Set("nextToken", token)
				}
				k.get("/fba/inventory/v1/summaries", q, &p)
				for _, x := range p.Payload.InventorySummaries {
					if n++; x.InventoryDetails.FulfillableQuantity != truth[x.SellerSku].Fulfillable {
						t.Errorf("%s: %d fulfillable, truth %d", x.SellerSku, x.InventoryDetails.FulfillableQuantity, truth[x.SellerSku].Fulfillable)
					}
				}
				if more = p.Pagination != nil; more {
					token = p.Pagination.NextToken
				}
			}
			if n < 50 {
				t.Errorf("only %d SKUs at Amazon", n)
			}
		})
	}
}

// fingerprint hashes the answers to a fixed walk through all operations.
func fingerprint(t *testing.T, seed int64) string {
	s, c := start(t, spapifake.Config{Seed: seed, Orders: 700, Speed: 50000})
	h := sha256.New()
	for _, conn := range spapifake.Connections() {
		k := connect(t, s, c, conn)
		shop, since := s.Credentials(conn).MarketplaceID, s.DataFrom().Format(time.RFC3339)
		inventory := url.Values{"granularityType": {"Marketplace"}, "granularityId": {shop}, "marketplaceIds": {shop}, "details": {"true"}}
		for _, r := range []response{
			k.call(http.MethodGet, "/sellers/v1/marketplaceParticipations", nil, nil),
			k.call(http.MethodGet, "/orders/2026-01-01/orders", url.Values{"createdAfter": {since}, "includedData": {"PROCEEDS,BUYER"}}, nil),
			k.call(http.MethodGet, "/fba/inventory/v1/summaries", inventory, nil),
			k.call(http.MethodGet, "/listings/2021-08-01/items/"+s.Credentials(conn).SellerID, url.Values{"marketplaceIds": {shop}, "includedData": {"summaries,offers"}}, nil),
			k.call(http.MethodGet, "/finances/2024-06-19/transactions", url.Values{"postedAfter": {now.AddDate(0, 0, -170).Format(time.RFC3339)}}, nil),
		} {
			if r.status != 200 {
				t.Fatalf("%s: %d %s", conn, r.status, r.body)
			}
			h.Write(r.body)
		}
		for _, e := range listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}}) {
			h.Write(k.download(e.ReportDocumentID))
		}
		_, doc := k.report(spapifake.OrdersByUpdate, now.AddDate(0, 0, -29), now.AddDate(0, 0, -1))
		h.Write(k.download(doc))
	}
	fmt.Fprintf(h, "%+v %+v %s", s.Truth(), s.TruthBySKU(), s.CostsCSV("all"))
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestDeterminism(t *testing.T) {
	a, b, other := fingerprint(t, 21), fingerprint(t, 21), fingerprint(t, 22)
	if a != b {
		t.Error("the same configuration gives different bytes")
	}
	if a == other {
		t.Error("another seed gives the same bytes")
	}
}
