package spapifake_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"

	"go.uber.org/goleak"
)

// Each fault does what it says, the set number of times, and leaves the data
// as it was.
func TestFaults(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000, FinancesPage: 30})
	k := connect(t, s, c, "NA")
	q := url.Values{"postedAfter": {now.AddDate(0, 0, -30).Format(time.RFC3339)}, "postedBefore": {now.AddDate(0, 0, -1).Format(time.RFC3339)}}
	ask := func() response {
		c.add(time.Second) // stay within the limit
		return k.call(http.MethodGet, "/finances/2024-06-19/transactions", q, nil)
	}
	var good struct {
		Payload struct{ NextToken string }
	}
	if err := json.Unmarshal(ask().body, &good); err != nil {
		t.Fatal(err)
	}
	q.Set("nextToken", good.Payload.NextToken)
	plain := ask().body
	has := func(part string) func(response) bool {
		return func(r response) bool { return strings.Contains(string(r.body), part) }
	}
	for _, x := range []struct {
		kind   spapifake.FaultKind
		status int
		shows  func(response) bool
	}{
		{spapifake.Throttle, 429, func(r response) bool { return r.header.Get("x-amzn-RateLimit-Limit") == "" }},
		{spapifake.ServerError, 500, has("InternalFailure")},
		{spapifake.Unavailable, 503, has("ServiceUnavailable")},
		{spapifake.ResetMidBody, 200, func(r response) bool { return r.err != nil && len(r.body) < len(plain) }},
		{spapifake.HTMLPage, 200, has("<html>")},
		{spapifake.CutJSON, 200, func(r response) bool { return r.err == nil && !json.Valid(r.body) }},
		{spapifake.MissingRole, 403, has("Unauthorized")},
		{spapifake.BadInput, 400, has("InvalidInput")},
		{spapifake.PageExpired, 400, has("Next token has expired")},
		{spapifake.RepeatedToken, 200, has(good.Payload.NextToken)},
		{spapifake.DuplicateRows, 200, func(r response) bool { return len(r.body) > len(plain) }},
		{spapifake.UnknownEnum, 200, has("HELD_BY_CUSTOMS_2027")},
		{spapifake.OddRateHeader, 200, func(r response) bool { return r.header.Get("x-amzn-RateLimit-Limit") == "string" }},
		{spapifake.WrongDate, 200, func(r response) bool {
			at, err := http.ParseTime(r.header.Get("Date"))
			return err == nil && at.Sub(c.now()).Round(time.Hour) == 50*time.Hour
		}},
		{spapifake.UnknownField, 200, has("quantumFlag")},
		{spapifake.SwappedNumbers, 200, has(`"currencyAmount":"`)},
		{spapifake.TokenExpired, 403, has("expired")},
	} {
		t.Run(string(x.kind), func(t *testing.T) {
			s.Inject(spapifake.Fault{Operation: "listTransactions", Connection: "NA", After: 1, Times: 2, Kind: x.kind})
			defer s.ClearFaults()
			defer k.login()
			same := func(when string) {
				if r := ask(); r.status != 200 || len(r.body) != len(plain) {
					t.Errorf("%s the fault: %d, %d bytes instead of %d", when, r.status, len(r.body), len(plain))
				}
			}
			same("before")
			for range 2 {
				if r := ask(); r.status != x.status || !x.shows(r) {
					t.Errorf("fault: %d %.120s %v", r.status, r.body, r.err)
				}
				k.login()
			}
			same("after")
		})
	}
	if n := s.Violations(); n != 0 {
		t.Errorf("%d violations counted", n)
	}
}

// Money that comes late, buyers that go blank: gaps that a second look fills.
func TestGaps(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 2000, Speed: 50000})
	k := connect(t, s, c, "NA")
	money := func() int {
		return len(transactions(t, k, url.Values{"postedAfter": {now.AddDate(0, 0, -2).Format(time.RFC3339)}}))
	}
	buyers := func() (n int) {
		for _, o := range allOrders(t, k, url.Values{"createdAfter": {now.AddDate(0, 0, -3).Format(time.RFC3339)}, "includedData": {"BUYER"}}) {
			if o.Buyer != nil {
				n++
			}
		}
		return n
	}
	whole, told := money(), buyers()
	s.Inject(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.LateFinances, Times: -1})
	s.Inject(spapifake.Fault{Operation: "searchOrders", Kind: spapifake.BlankBuyer, Times: -1})
	if late, blank := money(), buyers(); whole == 0 || late != 0 || told == 0 || blank != 0 {
		t.Errorf("money %d, late %d; buyers %d, blank %d", whole, late, told, blank)
	}
	s.ClearFaults()
	if money() != whole || buyers() != told {
		t.Error("the gaps stay")
	}
}

// KnownSecrets holds what this client was given.
func TestKnownSecrets(t *testing.T) {
	s, c := start(t, spapifake.Config{Orders: 50, Speed: 50000})
	k := connect(t, s, c, "EU")
	list := strings.Join(s.KnownSecrets(), "\n")
	cr := s.Credentials("EU")
	for _, secret := range []string{k.token, cr.RefreshToken, cr.ClientSecret} {
		if !strings.Contains(list, secret) {
			t.Error("a secret is not listed")
		}
	}
	for _, r := range s.Requests() {
		if strings.Contains(list, r.Query) && r.Query != "" {
			t.Error("the log holds a secret")
		}
	}
}

func TestDocumentFaults(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 4, Orders: 600, Speed: 50000})
	k := connect(t, s, c, "NA")
	var link, plain, zipped string
	for _, e := range listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}}) {
		var d struct{ URL, CompressionAlgorithm string }
		k.get("/reports/2021-06-30/documents/"+e.ReportDocumentID, nil, &d)
		if link = d.URL; d.CompressionAlgorithm == "GZIP" {
			zipped = link
		} else {
			plain = link
		}
	}
	if plain == "" || zipped == "" {
		t.Fatal("want both compressed and plain documents")
	}
	fetch := func(url string) (int, []byte) {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, b
	}
	_, whole := fetch(plain)
	fault := func(kind spapifake.FaultKind, url string) (int, []byte) {
		s.Inject(spapifake.Fault{Operation: "downloadDocument", Kind: kind})
		return fetch(url)
	}
	if status, b := fault(spapifake.LinkExpired, plain); status != 403 || !bytes.Contains(b, []byte("expired")) {
		t.Errorf("expired link: %d %s", status, b)
	}
	if _, b := fault(spapifake.CutDocument, plain); len(b) >= len(whole) || !bytes.HasPrefix(whole, b) {
		t.Errorf("cut document: %d of %d bytes", len(b), len(whole))
	}
	if _, b := fault(spapifake.UnknownColumn, plain); !bytes.HasPrefix(b, []byte(settlementHeading+"\tnew-column-2027")) {
		t.Errorf("unknown column: %.80q", b)
	}
	_, b := fault(spapifake.DamagedGzip, zipped)
	if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
		if _, err = io.ReadAll(z); err == nil {
			t.Error("the damaged gzip reads well")
		}
	}
	if _, again := fetch(plain); !bytes.Equal(again, whole) {
		t.Error("the document is not the same after the faults")
	}
	for kind, want := range map[spapifake.FaultKind]string{spapifake.ReportCancels: "CANCELLED", spapifake.ReportFatal: "FATAL"} {
		s.Inject(spapifake.Fault{Operation: "getReport", Kind: kind})
		state, doc := k.report(spapifake.OrdersByDate, now.AddDate(0, 0, -20), now.AddDate(0, 0, -1))
		if state != want || (kind == spapifake.ReportFatal && !bytes.Contains(k.download(doc), []byte("could not be generated"))) {
			t.Errorf("%s: state %s, document %q", kind, state, doc)
		}
		if state, _ := k.report(spapifake.OrdersByDate, now.AddDate(0, 0, -20), now.AddDate(0, 0, -1)); state != "DONE" {
			t.Errorf("after %s: %s", kind, state)
		}
	}
}

// Start refuses addresses that other machines could reach, and can be repeated.
func TestStart(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := spapifake.New(spapifake.Config{Orders: 50, Now: now})
	for _, address := range []string{"0.0.0.0:0", "example.com:80", "127.0.0.1", "127.0.0.1:65533", "127.0.0.1:x"} {
		if err := s.Start(address); err == nil {
			t.Errorf("start at %s: no error", address)
			s.Close()
		}
	}
	for range 2 {
		if err := s.Start("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		if err := s.Start("127.0.0.1:0"); err == nil {
			t.Error("a running server starts again")
		}
		at := s.Endpoints().Login
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := http.Get(at); err == nil {
			t.Error("a closed server answers")
		}
	}
}
