package spapifake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

func TestReportStates(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	k := connect(t, s, c, "NA")
	r := k.call(http.MethodPost, "/reports/2021-06-30/reports", nil, map[string]any{"reportType": spapifake.OrdersByDate,
		"marketplaceIds": []string{"ATVPDKIKX0DER"}, "dataStartTime": now.AddDate(0, 0, -20).Format(time.RFC3339)})
	var made struct{ ReportID string }
	if err := json.Unmarshal(r.body, &made); err != nil || r.status != http.StatusAccepted {
		t.Fatalf("%d %s", r.status, r.body)
	}
	var states []string
	for len(states) == 0 || !strings.Contains("DONE CANCELLED FATAL", states[len(states)-1]) {
		var st struct{ ProcessingStatus, ReportDocumentID string }
		k.get("/reports/2021-06-30/reports/"+made.ReportID, nil, &st)
		if (st.ProcessingStatus == "DONE") != (st.ReportDocumentID != "") {
			t.Errorf("%s with document %q", st.ProcessingStatus, st.ReportDocumentID)
		}
		states = append(states, st.ProcessingStatus)
	}
	if n := len(states); n < 2 || states[n-1] != "DONE" || states[n-2] != "IN_PROGRESS" {
		t.Errorf("states %v", states)
	}
	if got := connect(t, s, c, "EU").call(http.MethodGet, "/reports/2021-06-30/reports/"+made.ReportID, nil, nil).status; got != http.StatusNotFound {
		t.Errorf("the report as seen by another connection: %d", got)
	}
	if state, _ := k.report(spapifake.OrdersByDate, now.AddDate(-5, 0, 0), now.AddDate(-5, 0, 20)); state != "CANCELLED" {
		t.Errorf("a report without data is %s", state)
	}
	state, doc := k.report(spapifake.OrdersByDate, now.AddDate(0, 0, -31), now)
	if b := string(k.download(doc)); state != "DONE" || strings.Contains(b, "\t") || !strings.Contains(b, "30 days") {
		t.Errorf("31 days: %s, %.80q", state, b)
	}
}

// PITFALLS 7 and 38.
func TestReportListRules(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	k := connect(t, s, c, "EU")
	var first struct {
		Reports   []reportEntry
		NextToken string
	}
	k.get("/reports/2021-06-30/reports", url.Values{"reportTypes": {spapifake.SettlementReport}, "pageSize": {"3"}}, &first)
	if len(first.Reports) != 3 || first.NextToken == "" {
		t.Fatalf("first page %+v", first)
	}
	since := func(d time.Duration) []string { return []string{c.now().Add(-d).Format(time.RFC3339)} }
	for _, x := range []struct {
		name   string
		q      url.Values
		status int
	}{
		{"token alone", url.Values{"nextToken": {first.NextToken}}, 200},
		{"token with page size", url.Values{"nextToken": {first.NextToken}, "pageSize": {"3"}}, 400},
		{"no type", url.Values{}, 400},
		{"89 days", url.Values{"reportTypes": {spapifake.SettlementReport}, "createdSince": since(89 * 24 * time.Hour)}, 200},
		{"exactly 90 days", url.Values{"reportTypes": {spapifake.SettlementReport}, "createdSince": since(90 * 24 * time.Hour)}, 400},
		{"page of 101", url.Values{"reportTypes": {spapifake.SettlementReport}, "pageSize": {"101"}}, 400},
	} {
		t.Run(x.name, func(t *testing.T) {
			if r := k.call(http.MethodGet, "/reports/2021-06-30/reports", x.q, nil); r.status != x.status {
				t.Errorf("status %d, want %d: %s", r.status, x.status, r.body)
			}
		})
	}
}

// PITFALL 49: links last five minutes, are GET only and take no credentials.
func TestDocumentLinks(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	k := connect(t, s, c, "NA")
	list := listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}})
	var d struct{ URL string }
	k.get("/reports/2021-06-30/documents/"+list[0].ReportDocumentID, nil, &d)
	for _, x := range []struct {
		name, method, url, header string
		wait                      time.Duration
		status                    int
	}{
		{"as given", "GET", d.URL, "", 0, 200},
		{"again", "GET", d.URL, "", 4 * time.Minute, 200},
		{"access token", "GET", d.URL, "x-amz-access-token", 0, 403},
		{"date header", "GET", d.URL, "X-Amz-Date", 0, 403},
		{"authorization", "GET", d.URL, "Authorization", 0, 403},
		{"other method", "POST", d.URL, "", 0, 403},
		{"other document", "GET", strings.Replace(d.URL, "/NA/", "/EU/", 1), "", 0, 403},
		{"no signature", "GET", d.URL[:strings.Index(d.URL, "?")], "", 0, 403},
		{"after six minutes", "GET", d.URL, "", 2 * time.Minute, 403},
	} {
		t.Run(x.name, func(t *testing.T) {
			c.add(x.wait)
			req, err := http.NewRequest(x.method, x.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if x.header != "" {
				req.Header.Set(x.header, "x")
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != x.status {
				t.Errorf("status %d, want %d", resp.StatusCode, x.status)
			}
		})
	}
}

func TestInventoryAndListings(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 2500, Speed: 50000})
	k := connect(t, s, c, "EU")
	cr := s.Credentials("EU")
	shop := cr.MarketplaceID
	inventory := url.Values{"granularityType": {"Marketplace"}, "granularityId": {shop}, "marketplaceIds": {shop}}
	r := k.call(http.MethodGet, "/fba/inventory/v1/summaries", inventory, nil)
	if strings.Contains(string(r.body), "inventoryDetails") {
		t.Error("details come unasked")
	}
	var p struct {
		Pagination *struct{ NextToken string }
	}
	if err := json.Unmarshal(r.body, &p); err != nil || p.Pagination == nil {
		t.Fatalf("%v: %.200s", err, r.body)
	}
	inventory.Set("nextToken", p.Pagination.NextToken)
	c.add(29 * time.Second)
	if got := k.call(http.MethodGet, "/fba/inventory/v1/summaries", inventory, nil).status; got != 200 {
		t.Errorf("token of 29 s: %d", got)
	}
	c.add(2 * time.Second)
	if got := k.call(http.MethodGet, "/fba/inventory/v1/summaries", inventory, nil).status; got != 400 {
		t.Errorf("token of 31 s: %d", got)
	}

	q := url.Values{"marketplaceIds": {shop}, "pageSize": {"20"}, "includedData": {"summaries,fulfillmentAvailability"}}
	skus, both := map[string]string{}, 0
	for {
		var page struct {
			NumberOfResults int
			Pagination      *struct{ NextToken string }
			Items           []struct {
				SKU                     string
				Summaries               []struct{ ItemName string }
				FulfillmentAvailability []struct{ FulfillmentChannelCode string }
			}
		}
		k.get("/listings/2021-08-01/items/"+cr.SellerID, q, &page)
		for _, it := range page.Items {
			skus[it.SKU] = it.Summaries[0].ItemName
			if len(it.FulfillmentAvailability) == 2 {
				both++
			}
		}
		if page.Pagination == nil {
			if len(skus) != page.NumberOfResults || len(skus) < 50 {
				t.Errorf("%d SKUs, %d announced", len(skus), page.NumberOfResults)
			}
			break
		}
		q.Set("pageToken", page.Pagination.NextToken)
	}
	odd := ""
	for sku, title := range skus {
		odd += sku + title
	}
	if !strings.ContainsAny(odd, "äöüß") || !strings.Contains(odd, "/") || !strings.Contains(odd, "+50%") || both == 0 {
		t.Errorf("SKUs and titles are too tame; %d have both kinds of stock", both)
	}
	q.Set("pageSize", "21")
	c.add(time.Minute)
	if got := k.call(http.MethodGet, "/listings/2021-08-01/items/"+cr.SellerID, q, nil).status; got != 400 {
		t.Errorf("page of 21: %d", got)
	}
}
