package appsync_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// asked lists the requests of an operation since the n-th request of all.
func asked(s *spapifake.Server, n int, operation string) (list []url.Values) {
	for _, r := range s.Requests()[n:] {
		if r.Operation == operation {
			q, _ := url.ParseQuery(r.Query)
			list = append(list, q)
		}
	}
	return list
}

// resources narrows an engine to some of its sources.
func resources(names ...string) func(*appsync.Config) {
	return func(c *appsync.Config) {
		for _, res := range appsync.All() {
			if slices.Contains(names, res.Name()) {
				c.Resources = append(c.Resources, res)
			}
		}
	}
}

func bookmark(t *testing.T, b *store.Book, resource string, v any) {
	t.Helper()
	if err := b.Bookmark(t.Context(), "na", resource, v); err != nil {
		t.Fatal(err)
	}
}

// The order reports were made by a run in which searchOrders got nowhere. A day
// later its first list begins where the reports end, not a day too late.
func TestOrdersBeginWhereTheReportsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		yesterday := now.Add(-24 * time.Hour)
		s.Inject(spapifake.Fault{Operation: "searchOrders", Kind: spapifake.ServerError, Times: -1})
		r := once(t, engineNA(b, s, resources("participations", "order-reports", "orders"), func(c *appsync.Config) {
			c.Now = func() time.Time { return yesterday }
		}))
		if got := failed(r); len(got) != 1 || !errors.Is(got["na orders"], spapi.ErrUnavailable) {
			t.Fatalf("failures %v", got)
		}
		s.ClearFaults()
		n := len(s.Requests())
		syncNA(t, b, s)
		list := asked(s, n, "searchOrders")
		if len(list) == 0 {
			t.Fatal("nothing was asked for")
		}
		after, err := time.Parse(time.RFC3339, list[0].Get("lastUpdatedAfter"))
		if err != nil || after.After(yesterday) {
			t.Errorf("the first list begins at %s (%v), the reports end before %s", after, err, yesterday)
		}
	})
}

// A second run reads two weeks again. Stopped in the first window of them, it
// has not gone back: neither the bookmark nor the time up to which data are
// complete.
func TestReadingAgainKeepsTheBookmark(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		until := func() (mark string, at time.Time) {
			var raw json.RawMessage
			bookmark(t, b, "finances", &raw)
			all, err := b.SyncStates(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, st := range all {
				if st.Connection == "na" && st.Resource == "finances" {
					at = st.Until
				}
			}
			return string(raw), at
		}
		mark, at := until()
		n := len(s.Requests())
		s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.BadInput, After: 1, Times: -1})
		if got := failed(once(t, engineNA(b, s))); len(got) != 1 {
			t.Fatalf("failures %v", got)
		}
		list := asked(s, n, "listTransactions")
		if from, err := time.Parse(time.RFC3339, list[0].Get("postedAfter")); err != nil || now.Sub(from) < 14*24*time.Hour {
			t.Errorf("read again from %s, %v", from, err)
		}
		if mark2, at2 := until(); mark2 != mark || !at2.Equal(at) {
			t.Errorf("bookmark %s until %s, it was %s until %s", mark2, at2, mark, at)
		}
	})
}

// Money that is still held back is asked for again however old it is.
func TestOpenDeferredMoneyIsReadAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		old := now.Add(-35 * 24 * time.Hour).Truncate(time.Second)
		write := func(tx *store.Tx) error {
			doc, err := tx.PutDocument("transaction", []byte("held back"))
			if err != nil {
				return err
			}
			_, err = tx.PutTransaction(store.FinancialTransaction{Connection: "na", ID: "held", Status: "DEFERRED", Posted: old, Document: doc}, nil)
			return err
		}
		if err := b.Write(t.Context(), write); err != nil {
			t.Fatal(err)
		}
		n := len(s.Requests())
		syncNA(t, b, s)
		list := asked(s, n, "listTransactions")
		if len(list) == 0 || list[0].Get("postedAfter") != old.Format(time.RFC3339) {
			t.Errorf("asked for %v, want it from %s", list, old)
		}
	})
}

// Amazon keeps reports for 90 days. A back-fill that was interrupted for longer
// asks for them again.
func TestForgottenReports(t *testing.T) {
	first := seller(t, small)
	want := newBook(t, first)
	syncNA(t, want, first)

	b := newBook(t, first)
	first.Inject(spapifake.Fault{Operation: "getReport", Kind: spapifake.BadInput, Times: -1})
	if got := failed(once(t, engineNA(b, first))); !errors.Is(got["na order-reports"], spapi.ErrInvalid) {
		t.Fatalf("failures %v", got)
	}
	second := seller(t, small) // knows the orders, not the reports
	putConnections(t, b, store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI, Endpoint: second.Endpoints().NA, LoginEndpoint: second.Endpoints().Login})
	second.Inject(spapifake.Fault{Operation: "createReport", Kind: spapifake.OddRateHeader}) // counts the requests
	syncNA(t, b, second)
	if n := len(asked(second, 0, "createReport")); n == 0 {
		t.Error("no report was asked for again")
	}
	wantSame(t, "asked for again", fingerprints(t, b), fingerprints(t, want))
}

// One settlement that is damaged for good holds up no other.
func TestDamagedSettlementHoldsUpNoOther(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		want := newBook(t, s)
		syncNA(t, want, s)
		n := sum(t, want, `SELECT count(*) FROM settlement WHERE connection_id = 'na'`)
		if n < 2 {
			t.Fatalf("only %d settlements", n)
		}
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "downloadDocument", Kind: spapifake.CutDocument})
		got := failed(once(t, engineNA(b, s, resources("participations", "settlement"))))
		if err := got["na settlement"]; len(got) != 1 || err == nil || !strings.Contains(err.Error(), "settlement report") {
			t.Errorf("failures %v", got)
		}
		if have := sum(t, b, `SELECT count(*) FROM settlement WHERE connection_id = 'na'`); have != n-1 {
			t.Errorf("%d settlements are in, want %d", have, n-1)
		}
		syncNA(t, b, s)
		wantSame(t, "mended", fingerprints(t, b), fingerprints(t, want))
	})
}

// Transactions without an id, which Amazon's model allows, are told apart by
// their text: equal ones are as many as there are, and reading them again adds
// none.
func TestTransactionsWithoutAnID(t *testing.T) {
	const one = `{"transactionType":"ServiceFee","postedDate":"2026-10-20T10:00:00Z","totalAmount":{"currencyAmount":-5.00,"currencyCode":"USD"}}`
	answer := `{"payload":{"transactions":[` + one + `,` + one + `,` + strings.Replace(one, "5.00", "6.00", 1) + `]}}`
	list := []modelOperation{
		{method: "GET", path: []string{"", "finances", "2024-06-19", "transactions"}, answers: []json.RawMessage{json.RawMessage(answer)}},
		{method: "GET", path: []string{"", "sellers", "v1", "marketplaceParticipations"}, answers: []json.RawMessage{json.RawMessage(
			`{"payload":[{"marketplace":{"id":"ATVPDKIKX0DER","name":"Amazon.com","countryCode":"US","defaultCurrencyCode":"USD",
			"defaultLanguageCode":"en_US","domainName":"www.amazon.com"},"participation":{"isParticipating":true,"hasSuspendedListings":false}}]}`)}},
	}
	s := httptest.NewServer(modelServer(list, 0))
	t.Cleanup(s.Close)
	b := emptyBook(t)
	putConnections(t, b, store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI, Endpoint: s.URL, LoginEndpoint: s.URL})
	cfg := engineConfig(b, map[string]spapifake.Credentials{"NA": {ClientID: "amzn1.application-oa2-client.model", ClientSecret: "model", RefreshToken: "Atzr|model"}})
	cfg.LookBack = 5 * 24 * time.Hour
	resources("participations", "finances")(&cfg)
	for range 2 {
		if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		if n, total := sum(t, b, `SELECT count(*) FROM financial_transaction`), sum(t, b, `SELECT sum(amount_minor) FROM money_line`); n != 3 || total != -16_00 {
			t.Errorf("%d transactions, money of %d", n, total)
		}
	}
}
