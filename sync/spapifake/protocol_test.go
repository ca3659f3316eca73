package spapifake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

func TestLogin(t *testing.T) {
	s, c := start(t, spapifake.Config{Orders: 100, Speed: 50000})
	k := connect(t, s, c, "NA")
	for _, x := range []struct {
		name   string
		change map[string]string
		status int
		code   string
	}{
		{"wrong secret", map[string]string{"client_secret": "x"}, 401, "invalid_client"},
		{"wrong client", map[string]string{"client_id": "x"}, 401, "invalid_client"},
		{"foreign token", map[string]string{"refresh_token": "Atzr|x"}, 400, "invalid_grant"},
		{"other grant", map[string]string{"grant_type": "password"}, 400, "unsupported_grant_type"},
	} {
		t.Run(x.name, func(t *testing.T) {
			status, body := k.tokenCall(x.change)
			if status != x.status || !strings.Contains(string(body), `"error":"`+x.code+`"`) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	probe := func(k *client) int {
		return k.call(http.MethodGet, "/sellers/v1/marketplaceParticipations", nil, nil).status
	}
	eu := connect(t, s, c, "EU")
	if probe(k) != 200 || probe(eu) != 200 {
		t.Fatal("good tokens are refused")
	}
	wrong := *eu
	wrong.conn = "FE"
	if got := probe(&wrong); got != 403 {
		t.Errorf("a token of another region: %d", got)
	}
	c.add(3599 * time.Second)
	if got := probe(k); got != 200 {
		t.Errorf("token of 3599 s: %d", got)
	}
	c.add(2 * time.Second)
	if got := probe(k); got != 403 {
		t.Errorf("token of 3601 s: %d", got)
	}
	k.login()
	eu.login()
	s.Revoke("NA")
	if status, body := k.tokenCall(nil); status != 400 || !strings.Contains(string(body), "invalid_grant") {
		t.Errorf("revoked: %d %s", status, body)
	}
	if a, b := probe(k), probe(eu); a != 403 || b != 200 {
		t.Errorf("after revoking NA: NA %d, EU %d", a, b)
	}
	s.Restore("NA")
	if got := probe(k); got != 200 {
		t.Errorf("restored: %d", got)
	}
}

// Each operation gives its burst at once, then its rate, on the server's clock.
func TestLimits(t *testing.T) {
	s, c := start(t, spapifake.Config{Orders: 100})
	k := connect(t, s, c, "FE")
	q := url.Values{"postedAfter": {now.AddDate(0, 0, -3).Format(time.RFC3339)}, "postedBefore": {now.AddDate(0, 0, -2).Format(time.RFC3339)}}
	ask := func() response { return k.call(http.MethodGet, "/finances/2024-06-19/transactions", q, nil) }
	withHeader := 0
	for i := range 10 {
		r := ask()
		if r.status != 200 {
			t.Fatalf("call %d of the burst: %d", i+1, r.status)
		}
		if h := r.header.Get("x-amzn-RateLimit-Limit"); h != "" {
			if withHeader++; h != "0.5" {
				t.Errorf("rate header %q", h)
			}
		}
		if r.header.Get("x-amzn-RequestId") == "" {
			t.Error("no request id")
		}
	}
	if withHeader == 0 {
		t.Error("no answer has a rate header")
	}
	r := ask()
	if r.status != 429 || !strings.Contains(string(r.body), "QuotaExceeded") || r.header.Get("x-amzn-RateLimit-Limit") != "" || s.Violations() != 1 {
		t.Errorf("eleventh call: %d %s, %d violations", r.status, r.body, s.Violations())
	}
	c.add(1900 * time.Millisecond)
	if r := ask(); r.status != 429 {
		t.Errorf("after 1.9 s: %d", r.status)
	}
	c.add(100 * time.Millisecond)
	if r := ask(); r.status != 200 {
		t.Errorf("after 2 s: %d", r.status)
	}
	if r := ask(); r.status != 429 {
		t.Errorf("twice after 2 s: %d", r.status)
	}
	c.add(1000 * time.Hour) // does not earn more than the burst
	k.login()
	ok := 0
	for range 12 {
		if ask().status == 200 {
			ok++
		}
	}
	if ok != 10 || s.Violations() != 5 {
		t.Errorf("after a long rest %d calls passed, %d violations", ok, s.Violations())
	}
	if other := connect(t, s, c, "NA"); other.call(http.MethodGet, "/finances/2024-06-19/transactions", q, nil).status != 200 {
		t.Error("another connection shares the limit")
	}
	log := s.Requests()
	if n := len(log); log[n-1].Connection != "NA" || log[n-1].Operation != "listTransactions" || log[n-1].Status != 200 {
		t.Errorf("last request %+v", log[n-1])
	}
}

func TestFinancesRules(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 6, Orders: 1500, Speed: 50000, FinancesPage: 20})
	k := connect(t, s, c, "NA")
	window := url.Values{"postedAfter": {now.AddDate(0, 0, -90).Format(time.RFC3339)}, "postedBefore": {now.AddDate(0, 0, -1).Format(time.RFC3339)}}
	with := func(more url.Values) url.Values {
		q := url.Values{}
		for n, v := range window {
			q[n] = v
		}
		for n, v := range more {
			q[n] = v
		}
		return q
	}
	type page struct {
		Payload struct {
			NextToken    string
			Transactions []json.RawMessage
		}
	}
	var first page
	for first.Payload.NextToken == "" || len(first.Payload.Transactions) == 0 {
		k.get("/finances/2024-06-19/transactions", with(url.Values{"nextToken": {first.Payload.NextToken}}), &first)
	}
	if len(first.Payload.Transactions) != 20 {
		t.Errorf("page of %d", len(first.Payload.Transactions))
	}
	empty, pages := 0, 0
	for p := first; p.Payload.NextToken != ""; {
		q := with(url.Values{"nextToken": {p.Payload.NextToken}})
		p = page{}
		k.get("/finances/2024-06-19/transactions", q, &p)
		if pages++; len(p.Payload.Transactions) == 0 {
			empty++
		}
	}
	if empty == 0 {
		t.Errorf("none of %d pages is empty", pages)
	}
	status := func(q url.Values) int {
		return k.call(http.MethodGet, "/finances/2024-06-19/transactions", q, nil).status
	}
	token := first.Payload.NextToken
	if got := status(url.Values{"nextToken": {token}}); got != 400 {
		t.Errorf("token without its arguments: %d", got)
	}
	c.add(4 * time.Minute)
	if got := status(with(url.Values{"nextToken": {token}})); got != 200 {
		t.Errorf("token of 4 minutes: %d", got)
	}
	c.add(2 * time.Minute)
	if got := status(with(url.Values{"nextToken": {token}})); got != 400 {
		t.Errorf("token of 6 minutes: %d", got)
	}
	if n := len(transactions(t, k, url.Values{"postedAfter": {now.AddDate(0, 0, -181).Format(time.RFC3339)}})); n != 0 {
		t.Errorf("181 days give %d transactions, want none", n)
	}
	all, shop := transactions(t, k, with(nil)), transactions(t, k, with(url.Values{"marketplaceId": {"ATVPDKIKX0DER"}}))
	mfn := 0
	for _, x := range all {
		if len(x.Items) > 0 && slices.ContainsFunc(x.Items[0].Contexts, func(c financeContext) bool { return c.Network == "MFN" }) {
			mfn++
		}
	}
	if mfn == 0 || len(shop) > len(all)-mfn {
		t.Errorf("%d transactions, %d of them seller-fulfilled, %d with a marketplace id", len(all), mfn, len(shop))
	}
}

// Deferred sales: one is released after exactly 19 days, some are open at the
// end, and time releases them with links both ways.
func TestDeferred(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 8, Orders: 2500, Speed: 50000})
	k := connect(t, s, c, "EU")
	look := func() (open, nineteen int, b2b bool) {
		byID := map[string]transaction{}
		for _, x := range allTransactions(t, k, s) {
			byID[x.ID] = x
		}
		for _, x := range byID {
			switch {
			case x.Status == "DEFERRED":
				if open++; x.related("RELEASE_TRANSACTION_ID") != "" || len(x.Contexts) != 1 {
					t.Errorf("open deferral %s has a release, or no reason", x.ID)
				}
				b2b = b2b || x.Contexts[0].Reason == "B2B"
			case x.Status == "DEFERRED_RELEASED":
				rel := byID[x.related("RELEASE_TRANSACTION_ID")]
				if rel.Status != "RELEASED" || rel.related("DEFERRED_TRANSACTION_ID") != x.ID || rel.Total != x.Total || !rel.Posted.After(x.Posted) {
					t.Errorf("release of %s does not fit", x.ID)
				}
				if rel.Posted.Sub(x.Posted) == 19*24*time.Hour {
					nineteen++
				}
			}
		}
		return open, nineteen, b2b
	}
	open, nineteen, b2b := look()
	if open == 0 || nineteen == 0 || !b2b || open != s.Truth().Counts[1].Deferred {
		t.Errorf("%d open, truth %d, %d after 19 days, B2B %v", open, s.Truth().Counts[1].Deferred, nineteen, b2b)
	}
	c.add(32 * 24 * time.Hour)
	k.login()
	if open, _, _ := look(); open != 0 {
		t.Errorf("%d still open after 32 days", open)
	}
}
