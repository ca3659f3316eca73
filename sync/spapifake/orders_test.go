package spapifake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"

	"golang.org/x/text/encoding/japanese"
)

type price struct{ Amount, CurrencyCode string }

type orderJSON struct {
	OrderID         string
	CreatedTime     time.Time
	LastUpdatedTime time.Time
	SalesChannel    struct{ ChannelName, MarketplaceName string }
	Buyer           *struct{ BuyerName, BuyerEmail string }
	Recipient       *struct{ DeliveryAddress map[string]string }
	Proceeds        *struct{ GrandTotal price }
	Fulfillment     *struct{ FulfillmentStatus, FulfilledBy string }
	Programs        []string
	Associated      []struct{ OrderID, AssociationType string } `json:"associatedOrders"`
	OrderItems      []struct {
		OrderItemID     string
		QuantityOrdered int64
		Product         struct {
			SellerSku, Title string
			Price            *struct{ UnitPrice price }
		}
		Fulfillment *struct{ QuantityFulfilled, QuantityUnfulfilled int64 }
	}
	Packages []struct{ PackageReferenceID string }
}

type ordersPage struct {
	Orders                           []orderJSON
	Pagination                       *struct{ NextToken string }
	CreatedBefore, LastUpdatedBefore time.Time
}

func allOrders(t testing.TB, k *client, q url.Values) []orderJSON {
	t.Helper()
	var out []orderJSON
	for {
		var p ordersPage
		k.get("/orders/2026-01-01/orders", q, &p)
		out = append(out, p.Orders...)
		if p.Pagination == nil {
			return out
		}
		q.Set("paginationToken", p.Pagination.NextToken)
	}
}

// All orders come once by either way, and everything that can happen to an
// order happens.
func TestOrders(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 1600, Speed: 50000})
	truth := s.Truth()
	for i, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			k := connect(t, s, c, conn)
			since := s.DataFrom().AddDate(0, 0, -1).Format(time.RFC3339)
			all := "PROCEEDS,FULFILLMENT,PACKAGES,BUYER,RECIPIENT"
			byDate := allOrders(t, k, url.Values{"createdAfter": {since}, "includedData": {all}})
			byUpdate := allOrders(t, k, url.Values{"lastUpdatedAfter": {since}})
			seen, kinds := map[string]bool{}, map[string]int{}
			people := 0
			for _, o := range byDate {
				seen[o.OrderID] = true
				kinds[o.Fulfillment.FulfillmentStatus+" "+o.Fulfillment.FulfilledBy]++
				kinds[o.SalesChannel.ChannelName]++
				if len(o.Associated) > 0 {
					kinds["replacement"]++
				}
				if o.Fulfillment.FulfillmentStatus == "PENDING" && (o.Proceeds != nil || o.OrderItems[0].Product.Price != nil) {
					t.Errorf("pending order %s shows money", o.OrderID)
				}
				if o.Buyer != nil {
					people++
					if o.Fulfillment.FulfilledBy != "MERCHANT" || !strings.Contains("UNSHIPPED PARTIALLY_SHIPPED", o.Fulfillment.FulfillmentStatus) {
						t.Errorf("order %s tells its buyer", o.OrderID)
					}
				}
			}
			if len(seen) != truth.Counts[i].Orders || len(byDate) != len(seen) || len(byUpdate) != len(seen) {
				t.Errorf("%d orders by date, %d by update, %d different, truth %d", len(byDate), len(byUpdate), len(seen), truth.Counts[i].Orders)
			}
			for _, want := range []string{"PENDING AMAZON", "UNSHIPPED AMAZON", "UNSHIPPED MERCHANT", "PARTIALLY_SHIPPED MERCHANT", "SHIPPED AMAZON",
				"SHIPPED MERCHANT", "CANCELLED AMAZON", "NON_AMAZON", "replacement"} {
				if kinds[want] == 0 {
					t.Errorf("no order is %s: %v", want, kinds)
				}
			}
			if people != truth.Counts[i].OpenOrders || people == 0 {
				t.Errorf("%d buyers told, %d orders to ship", people, truth.Counts[i].OpenOrders)
			}
		})
	}
}

// Personal data comes only when asked for, and KnownPeople knows all of it.
func TestPeople(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	people := s.KnownPeople()
	if len(people) < 9 {
		t.Fatalf("%d people", len(people))
	}
	known := map[string]spapifake.Person{}
	for _, p := range people {
		known[p.Order] = p
	}
	k := connect(t, s, c, "NA")
	since := s.DataFrom().Format(time.RFC3339)
	for _, o := range allOrders(t, k, url.Values{"createdAfter": {since}, "includedData": {"BUYER,RECIPIENT"}}) {
		if o.Buyer == nil {
			continue
		}
		p := known[o.OrderID]
		if p.Name != o.Buyer.BuyerName || p.Email != o.Buyer.BuyerEmail || p.Line1 != o.Recipient.DeliveryAddress["addressLine1"] || p.Phone != o.Recipient.DeliveryAddress["phone"] {
			t.Errorf("order %s tells someone KnownPeople does not know", o.OrderID)
		}
		r := k.call(http.MethodGet, "/orders/2026-01-01/orders/"+o.OrderID, url.Values{"includedData": {"PROCEEDS,PACKAGES,FULFILLMENT"}}, nil)
		for _, secret := range []string{p.Name, p.Email, p.Line1, p.Phone} {
			if strings.Contains(string(r.body), secret) {
				t.Errorf("order %s tells %q unasked", o.OrderID, secret)
			}
		}
	}
}

// Nothing has changed in the future, however many orders a day has: what is
// placed later is the last in the list of changes.
func TestNoOrderChangesAfterTheEnd(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 3000, Days: 20, Speed: 5000})
	for _, conn := range spapifake.Connections() {
		k := connect(t, s, c, conn)
		id := s.Place(conn, now.Add(-5*time.Minute))
		r := k.call("GET", "/orders/2026-01-01/orders", url.Values{"lastUpdatedAfter": {now.Add(-9 * time.Minute).Format("2006-01-02T15:04:05Z")}}, nil)
		var list struct{ Orders []struct{ OrderID string } }
		if err := json.Unmarshal(r.body, &list); err != nil {
			t.Fatal(err)
		}
		if len(list.Orders) != 1 || list.Orders[0].OrderID != id {
			t.Errorf("%s: %.300s, want %s alone", conn, r.body, id)
		}
	}
}

// PITFALL 6: a page token is good only with all other arguments unchanged.
func TestOrderPaging(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	k := connect(t, s, c, "NA")
	base := url.Values{"createdAfter": {now.AddDate(0, -6, 0).Format(time.RFC3339)}, "marketplaceIds": {"ATVPDKIKX0DER"}, "maxResultsPerPage": {"7"}}
	var first ordersPage
	k.get("/orders/2026-01-01/orders", base, &first)
	token := first.Pagination.NextToken
	other := connect(t, s, c, "EU")
	for _, x := range []struct {
		name   string
		k      *client
		change map[string]string
		wait   time.Duration
		status int
	}{
		{"repeated", k, nil, 0, 200},
		{"other page size and data", k, map[string]string{"maxResultsPerPage": "9", "includedData": "PROCEEDS"}, 0, 200},
		{"other time", k, map[string]string{"createdAfter": now.AddDate(0, -5, 0).Format(time.RFC3339)}, 0, 400},
		{"marketplace left out", k, map[string]string{"marketplaceIds": ""}, 0, 400},
		{"one more argument", k, map[string]string{"fulfilledBy": "AMAZON"}, 0, 400},
		{"damaged token", k, map[string]string{"paginationToken": token[:len(token)-6] + "AAAA=="}, 0, 400},
		{"plus signs lost", k, map[string]string{"paginationToken": strings.ReplaceAll(token, "A", " ")}, 0, 400},
		{"other connection", other, nil, 0, 400},
		{"still good after 23 hours", k, nil, 23 * time.Hour, 200},
		{"expired after 24 hours", k, nil, 2 * time.Hour, 400},
	} {
		t.Run(x.name, func(t *testing.T) {
			c.add(x.wait)
			x.k.login()
			q := url.Values{"paginationToken": {token}}
			for n, v := range base {
				q[n] = v
			}
			for n, v := range x.change {
				if q.Set(n, v); v == "" {
					q.Del(n)
				}
			}
			r := x.k.call(http.MethodGet, "/orders/2026-01-01/orders", q, nil)
			if r.status != x.status {
				t.Fatalf("status %d, want %d: %s", r.status, x.status, r.body)
			}
			var p ordersPage
			if x.status == 200 && json.Unmarshal(r.body, &p) == nil && p.CreatedBefore != first.CreatedBefore {
				t.Errorf("the window moved between pages: %v, %v", first.CreatedBefore, p.CreatedBefore)
			}
		})
	}
}

func TestOrderArguments(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 200, Speed: 50000})
	k := connect(t, s, c, "FE")
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02T15:04:05Z") }
	for _, x := range []struct {
		name   string
		q      url.Values
		status int
	}{
		{"no time", url.Values{}, 400},
		{"both times", url.Values{"createdAfter": {at(-time.Hour)}, "lastUpdatedAfter": {at(-time.Hour)}}, 400},
		{"mixed bounds", url.Values{"createdAfter": {at(-time.Hour)}, "lastUpdatedBefore": {at(-time.Hour)}}, 400},
		{"one minute ago", url.Values{"createdAfter": {at(-time.Hour)}, "createdBefore": {at(-time.Minute)}}, 400},
		{"two minutes ago", url.Values{"createdAfter": {at(-time.Hour)}, "createdBefore": {at(-2 * time.Minute)}}, 200},
		{"plus sign lost on the way", url.Values{"createdAfter": {"2026-10-01T00:00:00 09:00"}}, 400},
		{"page of 101", url.Values{"createdAfter": {at(-time.Hour)}, "maxResultsPerPage": {"101"}}, 400},
		{"unknown data", url.Values{"createdAfter": {at(-time.Hour)}, "includedData": {"SECRETS"}}, 400},
		{"other shop", url.Values{"createdAfter": {at(-time.Hour)}, "marketplaceIds": {"A19VAU5U5O7RUS"}}, 200},
	} {
		t.Run(x.name, func(t *testing.T) {
			if r := k.call(http.MethodGet, "/orders/2026-01-01/orders", x.q, nil); r.status != x.status {
				t.Errorf("status %d, want %d: %s", r.status, x.status, r.body)
			}
		})
	}
}

// The all-orders report holds the orders of the Orders API, in each market's
// charset and clock.
func TestAllOrdersReport(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 9, Orders: 1600, Days: 200, Speed: 50000})
	from, to := now.AddDate(0, 0, -40), now.AddDate(0, 0, -11)
	for _, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			k := connect(t, s, c, conn)
			state, doc := k.report(spapifake.OrdersByDate, from, to)
			if state != "DONE" {
				t.Fatalf("state %s", state)
			}
			b := k.download(doc)
			if conn == "FE" {
				var err error
				if b, err = japanese.ShiftJIS.NewDecoder().Bytes(b); err != nil {
					t.Fatal(err)
				}
			}
			_, rows := table(t, b)
			want := map[string]string{}
			n := 0
			q := url.Values{"createdAfter": {from.Format(time.RFC3339)}, "createdBefore": {to.Format(time.RFC3339)}, "includedData": {"FULFILLMENT"}}
			for _, o := range allOrders(t, k, q) {
				for _, it := range o.OrderItems {
					want[o.OrderID+" "+it.Product.SellerSku] = it.Product.Title + o.LastUpdatedTime.UTC().String()
					n++
				}
			}
			if len(rows) != n || n == 0 {
				t.Errorf("%d rows in the report, %d items in the API", len(rows), n)
			}
			for _, r := range rows {
				at, err := time.Parse(time.RFC3339, r["last-updated-date"])
				if err != nil {
					t.Fatal(err)
				}
				if conn == "FE" && !strings.HasSuffix(r["purchase-date"], "+09:00") {
					t.Errorf("purchase date %s", r["purchase-date"])
				}
				if got := r["product-name"] + at.UTC().String(); want[r["amazon-order-id"]+" "+r["sku"]] != got {
					t.Errorf("order %s %s: report %q, API %q", r["amazon-order-id"], r["sku"], got, want[r["amazon-order-id"]+" "+r["sku"]])
				}
			}
		})
	}
}
