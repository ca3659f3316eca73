package spapifake_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

// now is the end of the data in all tests.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// clock is a hand-moved clock.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// client talks to one connection over a socket.
type client struct {
	t     testing.TB
	s     *spapifake.Server
	clock *clock
	conn  string
	token string
}

func start(t testing.TB, cfg spapifake.Config) (*spapifake.Server, *clock) {
	t.Helper()
	c := &clock{t: now}
	cfg.Now, cfg.Clock = now, c.now
	s := spapifake.New(cfg)
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, c
}

func connect(t testing.TB, s *spapifake.Server, c *clock, conn string) *client {
	t.Helper()
	k := &client{t: t, s: s, clock: c, conn: conn}
	k.login()
	return k
}

func (k *client) login() {
	k.t.Helper()
	status, body := k.tokenCall(nil)
	if status != http.StatusOK {
		k.t.Fatalf("login: %d %s", status, body)
	}
	var a struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
		Type    string `json:"token_type"`
	}
	if err := json.Unmarshal(body, &a); err != nil || a.Expires != 3600 || a.Type != "bearer" || !strings.HasPrefix(a.Token, "Atza|") {
		k.t.Fatalf("login answer %s: %v", body, err)
	}
	k.token = a.Token
}

// tokenCall posts the refresh-token grant, with some fields replaced.
func (k *client) tokenCall(change map[string]string) (int, []byte) {
	k.t.Helper()
	cr := k.s.Credentials(k.conn)
	f := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {cr.RefreshToken}, "client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}}
	for n, v := range change {
		f.Set(n, v)
	}
	resp, err := http.PostForm(k.s.Endpoints().Login+"/auth/o2/token", f)
	if err != nil {
		k.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return resp.StatusCode, b
}

type response struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// call sends one request as it is, without retries.
func (k *client) call(method, path string, q url.Values, body any) response {
	k.t.Helper()
	var rd io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			k.t.Fatal(err)
		}
		rd = bytes.NewReader(b)
	}
	u := k.s.Endpoints().Region(k.conn) + path
	if len(q) > 0 {
		u += "?" + q.Encode()
	}
	req, err := http.NewRequest(method, u, rd)
	if err != nil {
		k.t.Fatal(err)
	}
	req.Header.Set("x-amz-access-token", k.token)
	req.Header.Set("User-Agent", "Test/1.0 (Language=Go)")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return response{err: err}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header, b, err}
}

// get waits out limits on the hand-moved clock and fails the test on any other
// trouble.
func (k *client) get(path string, q url.Values, out any) {
	k.t.Helper()
	for range 400 {
		r := k.call(http.MethodGet, path, q, nil)
		if r.status == http.StatusTooManyRequests {
			k.clock.add(2 * time.Second)
			continue
		}
		if r.err != nil || r.status != http.StatusOK {
			k.t.Fatalf("GET %s?%s: %d %s %v", path, q.Encode(), r.status, r.body, r.err)
		}
		d := json.NewDecoder(bytes.NewReader(r.body))
		d.UseNumber()
		if err := d.Decode(out); err != nil {
			k.t.Fatalf("GET %s: %v", path, err)
		}
		return
	}
	k.t.Fatalf("GET %s: throttled for ever", path)
}

// download fetches a report document by its id.
func (k *client) download(id string) []byte {
	k.t.Helper()
	var d struct{ URL, CompressionAlgorithm string }
	k.get("/reports/2021-06-30/documents/"+url.PathEscape(id), nil, &d)
	resp, err := http.Get(d.URL)
	if err != nil {
		k.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		k.t.Fatalf("document: %s", resp.Status)
	}
	var rd io.Reader = resp.Body
	if d.CompressionAlgorithm == "GZIP" {
		z, err := gzip.NewReader(resp.Body)
		if err != nil {
			k.t.Fatal(err)
		}
		rd = z
	}
	b, err := io.ReadAll(rd)
	if err != nil {
		k.t.Fatal(err)
	}
	return b
}

// report creates a report, looks until it is done and gives its final state
// and document id.
func (k *client) report(typ string, from, to time.Time) (state, document string) {
	k.t.Helper()
	r := response{status: http.StatusTooManyRequests}
	for r.status == http.StatusTooManyRequests {
		k.clock.add(2 * time.Second)
		r = k.call(http.MethodPost, "/reports/2021-06-30/reports", nil, map[string]any{"reportType": typ,
			"marketplaceIds": []string{k.s.Credentials(k.conn).MarketplaceID}, "dataStartTime": from.Format(time.RFC3339), "dataEndTime": to.Format(time.RFC3339)})
	}
	if r.status != http.StatusAccepted {
		k.t.Fatalf("create report: %d %s", r.status, r.body)
	}
	var made struct{ ReportID string }
	if err := json.Unmarshal(r.body, &made); err != nil {
		k.t.Fatal(err)
	}
	for range 20 {
		var st struct{ ProcessingStatus, ReportDocumentID string }
		k.get("/reports/2021-06-30/reports/"+made.ReportID, nil, &st)
		if st.ProcessingStatus != "IN_QUEUE" && st.ProcessingStatus != "IN_PROGRESS" {
			return st.ProcessingStatus, st.ReportDocumentID
		}
	}
	k.t.Fatal("the report is never done")
	return "", ""
}
