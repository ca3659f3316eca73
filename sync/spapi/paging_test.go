package spapi_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// A page token with everything that breaks when it is not encoded.
const token = "a+b/c==&d %41,é"

// collect reads a list to its end.
func collect[T any](pages iter.Seq2[spapi.Page[T], error]) (all []T, last []spapi.Page[T], err error) {
	for p, e := range pages {
		if e != nil {
			return all, last, e
		}
		all, last = append(all, p.Items...), append(last, p)
	}
	return all, last, nil
}

func queryWithout(u *url.URL, name string) url.Values {
	q := u.Query()
	q.Del(name)
	return q
}

// Pitfall 6: the page token is refused unless every argument is repeated.
func TestPitfall6_OrdersRepeatEveryArgument(t *testing.T) {
	var firstQuery url.Values
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		got := r.URL.Query().Get("paginationToken")
		rest := queryWithout(r.URL, "paginationToken")
		switch {
		case got == "":
			firstQuery = rest
			reply(w, 200, fmt.Sprintf(`{"orders":[{"orderId":"1"}],"pagination":{"nextToken":%q},"lastUpdatedBefore":"2026-11-21T11:00:00Z"}`, token))
		case got != token || rest.Encode() != firstQuery.Encode():
			reply(w, 400, amazonError("InvalidInput", "Invalid pagination token"))
		default:
			reply(w, 200, `{"orders":[{"orderId":"2"}],"lastUpdatedBefore":"2026-11-21T11:00:00Z"}`)
		}
	})
	r := newRig(t, a.server.URL)
	q := spapi.OrdersQuery{
		LastUpdatedAfter:  time.Date(2026, 11, 1, 9, 0, 0, 0, time.FixedZone("JST", 9*3600)),
		LastUpdatedBefore: r.clock.Now().Add(-time.Hour),
		MarketplaceIDs:    []string{"A1", "A2"}, PageSize: 50,
		Include: []string{spapi.IncludeProceeds, spapi.IncludeFulfillment},
	}
	orders, pages, err := collect(r.SearchOrders(t.Context(), q))
	if err != nil || len(orders) != 2 || orders[1].OrderID != "2" {
		t.Fatalf("got %v, %v", orders, err)
	}
	if want := time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC); !pages[1].UpTo.Equal(want) || !pages[1].Next.Done() || pages[1].Number != 2 {
		t.Fatalf("last page %+v", pages[1])
	}
	// Pitfall 11: times in UTC with Z, nothing that a plus sign could break.
	if raw := a.requests()[0].URL.RawQuery; !strings.Contains(raw, "lastUpdatedAfter=2026-11-01T00%3A00%3A00Z") || strings.Contains(raw, "+") {
		t.Fatalf("sent %s", raw)
	}

	// Stored, read back by another process, resumed: the same requests.
	stored := pages[0].Next.String()
	at, err := spapi.ParseCursor(stored)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := collect(newRig(t, a.server.URL).ResumeOrders(t.Context(), at))
	if err != nil || len(again) != 1 || again[0].OrderID != "2" {
		t.Fatalf("resumed to %v, %v", again, err)
	}
	// A day later Amazon has forgotten it; no call is wasted on it.
	late := newRig(t, a.server.URL, func(c *spapi.Config) { c.Now = func() time.Time { return r.clock.Now().Add(25 * time.Hour) } })
	before := len(a.requests())
	if _, _, err := collect(late.ResumeOrders(t.Context(), at)); !errors.Is(err, spapi.ErrPageExpired) || len(a.requests()) != before {
		t.Fatalf("a day later: %v", err)
	}
	if _, _, err := collect(r.ResumeTransactions(t.Context(), at)); !errors.Is(err, spapi.ErrArgument) {
		t.Fatalf("a place in orders taken for one in transactions: %v", err)
	}
}

// Pitfall 7: getReports with a token takes no other parameter.
func TestPitfall7_ReportsTokenAlone(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		switch {
		case q.Has("nextToken") && (len(q) != 1 || q.Get("nextToken") != token):
			reply(w, 400, amazonError("InvalidInput", "nextToken must be alone"))
		case q.Has("nextToken"):
			reply(w, 200, `{"reports":[{"reportId":"2"}]}`)
		case !q.Has("reportTypes"):
			reply(w, 400, amazonError("InvalidInput", "reportTypes"))
		default:
			reply(w, 200, fmt.Sprintf(`{"reports":[{"reportId":"1"}],"nextToken":%q}`, token))
		}
	})
	r := newRig(t, a.server.URL)
	q := spapi.ReportsQuery{Types: []string{"GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"}, CreatedSince: r.clock.Now().AddDate(0, 0, -89)}
	reports, pages, err := collect(r.GetReports(t.Context(), q))
	if err != nil || len(reports) != 2 {
		t.Fatalf("got %v, %v", reports, err)
	}
	at, err := spapi.ParseCursor(pages[0].Next.String())
	if err != nil {
		t.Fatal(err)
	}
	if rest, _, err := collect(r.ResumeReports(t.Context(), at)); err != nil || len(rest) != 1 {
		t.Fatalf("resumed to %v, %v", rest, err)
	}
}

// Pitfall 5: the inventory token lives 30 seconds, is percent-encoded, and
// wants startDateTime again.
func TestPitfall5_Inventory(t *testing.T) {
	calls, expired := 0, 0
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("startDateTime") != "2026-11-01T00:00:00Z" || q.Get("granularityId") != "A1" || q.Get("marketplaceIds") != "A1" || q.Get("details") != "true" {
			reply(w, 400, amazonError("InvalidInput", "missing "+r.URL.RawQuery))
			return
		}
		if calls++; calls == 2 && expired == 0 {
			expired++
			reply(w, 400, amazonError("InvalidInput", "Next token has expired"))
			return
		}
		switch q.Get("nextToken") {
		case "":
			reply(w, 200, fmt.Sprintf(`{"payload":{"inventorySummaries":[{"sellerSku":"a"}]},"pagination":{"nextToken":%q}}`, token))
		case token:
			reply(w, 200, `{"payload":{"inventorySummaries":[{"sellerSku":"b","totalQuantity":0}]}}`)
		default:
			reply(w, 400, amazonError("InvalidInput", "token"))
		}
	})
	r := newRig(t, a.server.URL)
	got, err := r.InventorySummaries(t.Context(), spapi.InventoryQuery{MarketplaceID: "A1", ChangedSince: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(got) != 2 || got[0].SellerSKU != "a" || got[1].SellerSKU != "b" {
		t.Fatalf("got %+v, %v: after the expiry the list has to be read again from its start, once", got, err)
	}
	if got[0].TotalQuantity != nil || got[1].TotalQuantity == nil {
		t.Fatal("a quantity that was not sent is unknown, one that is 0 is not")
	}
	if expired != 1 || calls != 4 {
		t.Fatalf("%d calls", calls)
	}
}

func TestInventoryThatExpiresForeverEnds(t *testing.T) {
	n := 0
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; r.URL.Query().Has("nextToken") {
			reply(w, 400, amazonError("InvalidInput", "Next token has expired"))
			return
		}
		reply(w, 200, `{"payload":{"inventorySummaries":[]},"pagination":{"nextToken":"t"}}`)
	})
	r := newRig(t, a.server.URL)
	if _, err := r.InventorySummaries(t.Context(), spapi.InventoryQuery{MarketplaceID: "A"}); !errors.Is(err, spapi.ErrPageExpired) || n != 6 {
		t.Fatalf("got %v after %d calls", err, n)
	}
}

// listTransactions: all arguments again; empty pages with a next one are normal.
func TestTransactionsGoThroughEmptyPages(t *testing.T) {
	page := 0
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("postedAfter") != "2026-11-01T00:00:00Z" || q.Has("marketplaceId") {
			reply(w, 400, amazonError("InvalidInput", "arguments"))
			return
		}
		switch page++; page {
		case 1:
			reply(w, 200, `{"payload":{"nextToken":"2","transactions":[{"transactionId":"x","totalAmount":{"currencyCode":"USD","currencyAmount":-0.10}}]}}`)
		case 2, 3:
			reply(w, 200, fmt.Sprintf(`{"payload":{"nextToken":"%d","transactions":[]}}`, page+1))
		case 4:
			reply(w, 200, `{"payload":{"nextToken":null,"transactions":[{"transactionId":"y"}]}}`)
		}
	})
	r := newRig(t, a.server.URL)
	got, pages, err := collect(r.Transactions(t.Context(), spapi.TransactionsQuery{PostedAfter: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}))
	if err != nil || len(got) != 2 || len(pages) != 4 {
		t.Fatalf("got %d in %d pages, %v", len(got), len(pages), err)
	}
	if got[0].TotalAmount.Amount != "-0.10" {
		t.Fatalf("amount %q", got[0].TotalAmount.Amount)
	}
}

// Pitfall 3: a token that died is told apart from a wrong request.
func TestPitfall3_DeadTokenIsNotABadRequest(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("nextToken") {
			reply(w, 400, amazonError("InvalidInput", "Next token has expired"))
			return
		}
		reply(w, 200, `{"payload":{"nextToken":"2","transactions":[]}}`)
	})
	r := newRig(t, a.server.URL)
	_, _, err := collect(r.Transactions(t.Context(), spapi.TransactionsQuery{PostedAfter: t0.AddDate(0, 0, -7)}))
	if !errors.Is(err, spapi.ErrPageExpired) || errors.Is(err, spapi.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
}

// Pitfalls 12 and 30: lists that go round.
func TestPitfall12_LoopsEnd(t *testing.T) {
	tests := map[string]func(n int) string{
		"the same token": func(int) string { return `{"orders":[],"pagination":{"nextToken":"t"}}` },
		"the same page, new tokens": func(n int) string {
			return fmt.Sprintf(`{"orders":[{"orderId":"1"}],"pagination":{"nextToken":"%d"}}`, n)
		},
		"two pages in turn": func(n int) string {
			return fmt.Sprintf(`{"orders":[{"orderId":"%d"}],"pagination":{"nextToken":"%d"}}`, n%2, n)
		},
		"a ring of tokens": func(n int) string {
			return fmt.Sprintf(`{"orders":[{"orderId":"%d"}],"pagination":{"nextToken":"%d"}}`, n, n%3)
		},
		"empty for ever": func(n int) string { return fmt.Sprintf(`{"orders":[],"pagination":{"nextToken":"%d"}}`, n) },
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			n := 0
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
				n++
				reply(w, 200, body(n))
			})
			r := newRig(t, a.server.URL)
			_, _, err := collect(r.SearchOrders(t.Context(), spapi.OrdersQuery{CreatedAfter: t0.AddDate(0, 0, -7)}))
			if !errors.Is(err, spapi.ErrPaging) || n > 501 {
				t.Fatalf("got %v after %d calls", err, n)
			}
		})
	}
}

func TestListsHaveALastPage(t *testing.T) {
	n := 0
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		reply(w, 200, fmt.Sprintf(`{"orders":[{"orderId":"%d"}],"pagination":{"nextToken":"n%d"}}`, n, n))
	})
	r := newRig(t, a.server.URL)
	at, err := spapi.ParseCursor(fmt.Sprintf(`{"op":"searchOrders","token":"t","query":{},"issued":"2026-11-21T11:59:00Z","pages":%d}`, spapi.MaxPages-3))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := collect(r.ResumeOrders(t.Context(), at))
	if !errors.Is(err, spapi.ErrPaging) || len(got) != 2 || n != 3 {
		t.Fatalf("%d orders, %d calls, %v: the count of pages has to survive a restart", len(got), n, err)
	}
}

func TestStoppingEarlyCostsNothing(t *testing.T) {
	n := 0
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		reply(w, 200, fmt.Sprintf(`{"orders":[{"orderId":"%d"}],"pagination":{"nextToken":"%d"}}`, n, n))
	})
	r := newRig(t, a.server.URL)
	for p, err := range r.SearchOrders(t.Context(), spapi.OrdersQuery{CreatedAfter: t0.AddDate(0, 0, -7)}) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Number == 2 {
			break
		}
	}
	if n != 2 {
		t.Fatalf("%d calls for two pages", n)
	}
}

// Pitfall 10: identifiers in paths are encoded completely, once.
func TestPitfall10_PathsAreEncoded(t *testing.T) {
	for _, id := range []string{"plain", "a b", "a/b", "a+b", "50%", "%2F", "ä#?&=", "カメラ", "..a", "a;b,c", "x\\y"} {
		a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
			raw := r.URL.EscapedPath()
			if i := strings.IndexByte(r.RequestURI, '?'); i < 0 || r.RequestURI[:i] != raw {
				t.Errorf("%q: sent %q, read as %q", id, r.RequestURI, raw)
			}
			parts := strings.Split(raw, "/")
			if len(parts) != 5 {
				t.Errorf("%q: %d segments in %s", id, len(parts), raw)
			}
			if got, err := url.PathUnescape(parts[4]); err != nil || got != id {
				t.Errorf("%q arrives as %q", id, got)
			}
			reply(w, 200, `{"numberOfResults":0,"items":[]}`)
		})
		r := newRig(t, a.server.URL)
		_, _, err := collect(r.SearchListings(t.Context(), spapi.ListingsQuery{SellerID: id, MarketplaceIDs: []string{"A"}}))
		if err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	r := newRig(t, "http://127.0.0.1:1")
	for _, id := range []string{"", ".", ".."} {
		if _, err := r.GetOrder(t.Context(), id); !errors.Is(err, spapi.ErrArgument) {
			t.Errorf("%q: got %v", id, err)
		}
	}
}

func TestListingsRememberTheSeller(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/S1") || r.URL.Query().Get("marketplaceIds") != "A" {
			reply(w, 400, amazonError("InvalidInput", "arguments"))
			return
		}
		if r.URL.Query().Has("pageToken") {
			reply(w, 200, `{"numberOfResults":2,"items":[{"sku":"b"}]}`)
			return
		}
		reply(w, 200, `{"numberOfResults":2,"items":[{"sku":"a"}],"pagination":{"nextToken":"n"}}`)
	})
	r := newRig(t, a.server.URL)
	_, pages, err := collect(r.SearchListings(t.Context(), spapi.ListingsQuery{SellerID: "S1", MarketplaceIDs: []string{"A"}}))
	if err != nil || len(pages) != 2 || pages[0].Total != 2 {
		t.Fatalf("got %+v, %v", pages, err)
	}
	at, err := spapi.ParseCursor(pages[0].Next.String())
	if err != nil {
		t.Fatal(err)
	}
	if rest, _, err := collect(r.ResumeListings(t.Context(), at)); err != nil || len(rest) != 1 {
		t.Fatalf("resumed to %v, %v", rest, err)
	}
}

func last[T any](pages iter.Seq2[spapi.Page[T], error]) error {
	_, _, err := collect(pages)
	return err
}

func TestCursorText(t *testing.T) {
	for _, s := range []string{"x", "{}", `{"op":"searchOrders"}`, `{"op":"nothing","token":"t"}`, `{"op":"searchOrders","token":"t","pages":-1}`} {
		if _, err := spapi.ParseCursor(s); !errors.Is(err, spapi.ErrArgument) {
			t.Errorf("%s: got %v", s, err)
		}
	}
	if c, err := spapi.ParseCursor(""); err != nil || !c.Done() || c.String() != "" {
		t.Errorf("the end of a list: %v, %v", c, err)
	}
}
