package appsync_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// coreResources are the sources of orders, stock and money.
var coreResources = []string{
	"participations", "order-reports", "orders", "inventory", "finances", "settlement", "listings", "recipients",
}

// pitfallWorld is one synced book of all three accounts, and the requests that
// it took. The tests that only look share it.
type pitfallWorld struct {
	s   *spapifake.Server
	b   *store.Book
	dir string
}

var shared struct {
	sync.Mutex
	*pitfallWorld
}

// synced gives the shared book, made at the first call. Nobody changes it.
func synced(t *testing.T) *pitfallWorld {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.pitfallWorld != nil {
		return shared.pitfallWorld
	}
	s := spapifake.New(spapifake.Config{Seed: 23, Orders: 400, Days: 100, FinancesPage: 60, Now: now, Clock: clock, Speed: 100})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "countinghouse-pitfalls")
	if err != nil {
		t.Fatal(err)
	}
	b, err := store.Create(t.Context(), dir, testKeys)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, b, s)
	cfg := engineConfig(b, credentials(s))
	cfg.LookBack = 120 * 24 * time.Hour
	resources(coreResources...)(&cfg)
	if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
	shared.pitfallWorld = &pitfallWorld{s, b, dir}
	return shared.pitfallWorld
}

// closeShared is called when all tests are done.
func closeShared() {
	if w := shared.pitfallWorld; w != nil {
		w.b.Close()
		w.s.Close()
		os.RemoveAll(w.dir)
	}
}

const usOnly = `{"payload":[{"marketplace":{"id":"ATVPDKIKX0DER","name":"Amazon.com","countryCode":"US","defaultCurrencyCode":"USD",
	"defaultLanguageCode":"en_US","domainName":"www.amazon.com"},"participation":{"isParticipating":true,"hasSuspendedListings":false}}]}`

// told is an Amazon that tells the given orders and nothing else.
type toldOrders struct {
	t      *testing.T
	b      *store.Book
	mu     sync.Mutex
	orders []string
	asked  []string // queries of searchOrders
}

func tellOrders(t *testing.T) *toldOrders {
	t.Helper()
	a := &toldOrders{t: t, b: emptyBook(t)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/token"):
			fmt.Fprint(w, `{"access_token":"Atza|told","token_type":"bearer","expires_in":3600}`)
		case strings.Contains(r.URL.Path, "/sellers/"):
			fmt.Fprint(w, usOnly)
		default:
			a.mu.Lock()
			a.asked = append(a.asked, r.URL.RawQuery)
			fmt.Fprintf(w, `{"orders":[%s]}`, strings.Join(a.orders, ","))
			a.mu.Unlock()
		}
	}))
	t.Cleanup(s.Close)
	putConnections(t, a.b, store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI, SellerID: "A1", Endpoint: s.URL, LoginEndpoint: s.URL})
	return a
}

// sync tells the orders in one more run.
func (a *toldOrders) sync(orders ...string) {
	a.t.Helper()
	a.mu.Lock()
	a.orders = orders
	a.mu.Unlock()
	cfg := engineConfig(a.b, map[string]spapifake.Credentials{"NA": {ClientID: "c", ClientSecret: "s", RefreshToken: "Atzr|r"}})
	resources("participations", "orders")(&cfg)
	if r := once(a.t, appsync.New(cfg)); len(r.Failures) > 0 {
		a.t.Fatal(r.Failures)
	}
}

// anOrder is the JSON of an order of one unit; more are further members of the
// order, item of its item.
func anOrder(id, status, created, more, item string) string {
	return fmt.Sprintf(`{"orderId":%q,"createdTime":%q,"lastUpdatedTime":%q,"salesChannel":{"channelName":"AMAZON",
		"marketplaceId":"ATVPDKIKX0DER","marketplaceName":"Amazon.com"},"fulfillment":{"fulfillmentStatus":%q,"fulfilledBy":"AMAZON"}%s,
		"orderItems":[{"orderItemId":"17","quantityOrdered":1,"product":{"asin":"B000000017","sellerSku":"LAMP"}%s}]}`,
		id, created, created, status, more, item)
}

// ordersFile writes an all-orders report of the columns that matter.
func ordersFile(rows ...[]string) []byte {
	lines := []string{strings.Join([]string{
		"amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel",
		"sku", "asin", "product-name", "item-status", "quantity", "currency", "item-price",
	}, "\t")}
	for _, r := range rows {
		lines = append(lines, strings.Join(r, "\t"))
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// times lists what an argument of an operation's requests was.
func times(t *testing.T, s *spapifake.Server, operation, argument string) (list []time.Time) {
	t.Helper()
	for _, q := range asked(s, 0, operation) {
		if v := q.Get(argument); v != "" {
			at, err := time.Parse("2006-01-02T15:04:05Z", v)
			if err != nil {
				t.Errorf("%s of %s is %q: not UTC with a Z", argument, operation, v)
			}
			list = append(list, at)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s was never asked with %s", operation, argument)
	}
	return slices.Clone(list)
}
