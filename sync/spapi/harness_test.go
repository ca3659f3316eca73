package spapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// secret is the smallest Secret.
type secret string

func (s secret) Reveal() string { return string(s) }

const (
	refreshToken = "Atzr|IwEBIJ-refresh-token-of-the-test-seller"
	clientSecret = "amzn1.oa2-cs.v1.the-secret-of-the-test"
)

// clock is a virtual one: sleeping moves it.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.slept...)
}

// ledger keeps the calls.
type ledger struct {
	mu    sync.Mutex
	calls []spapi.Call
	err   error
}

func (l *ledger) Record(_ context.Context, c spapi.Call) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
	return l.err
}

func (l *ledger) all() []spapi.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]spapi.Call(nil), l.calls...)
}

// amazon is a small server of the test: one handler for everything behind the
// login, and a login that hands out numbered tokens.
type amazon struct {
	t      *testing.T
	server *httptest.Server
	mu     sync.Mutex
	logins int
	valid  string // the token that is good
	deny   int    // status for a token that is not
	seen   []*http.Request
	login  http.HandlerFunc // replaces the normal login
	api    http.HandlerFunc
}

func newAmazon(t *testing.T, api http.HandlerFunc) *amazon {
	t.Helper()
	a := &amazon{t: t, api: api, deny: 403}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	return a
}

func (a *amazon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/auth/o2/token" {
		a.mu.Lock()
		a.logins++
		a.valid = fmt.Sprintf("Atza|access-token-%d", a.logins)
		token, login := a.valid, a.login
		a.mu.Unlock()
		if login != nil {
			login(w, r)
			return
		}
		if r.FormValue("refresh_token") != refreshToken || r.FormValue("client_secret") != clientSecret {
			reply(w, 400, `{"error":"invalid_grant","error_description":"bad"}`)
			return
		}
		reply(w, 200, fmt.Sprintf(`{"access_token":%q,"token_type":"bearer","expires_in":3600}`, token))
		return
	}
	a.mu.Lock()
	a.seen = append(a.seen, r.Clone(context.Background()))
	good := r.Header.Get("x-amz-access-token") == a.valid
	a.mu.Unlock()
	if !good && !strings.HasPrefix(r.URL.Path, "/storage/") {
		reply(w, a.deny, amazonError("Unauthorized", "Access to requested resource is denied."))
		return
	}
	a.api(w, r)
}

func (a *amazon) count() (logins int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.logins
}

func (a *amazon) requests() []*http.Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]*http.Request(nil), a.seen...)
}

// expire makes the current access token useless.
func (a *amazon) expire() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.valid = "none"
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("x-amzn-RequestId", "req-1")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func amazonError(code, message string) string {
	b, _ := json.Marshal(map[string]any{"errors": []any{map[string]string{"code": code, "message": message, "details": ""}}})
	return string(b)
}

// rig is a client with everything around it.
type rig struct {
	*spapi.Client
	clock  *clock
	ledger *ledger
	limits spapi.LimitStore
}

func config(url string) (spapi.Config, *clock, *ledger) {
	c, l := newClock(), &ledger{}
	return spapi.Config{
		Connection: "conn-1", Region: "EU", Endpoint: url, LoginEndpoint: url, TestBook: true,
		ClientID: "amzn1.application-oa2-client.test", ClientSecret: secret(clientSecret), RefreshToken: secret(refreshToken),
		UserAgent: spapi.UserAgent("0.1"), Limits: &spapi.MemoryLimits{}, Calls: l,
		Now: c.Now, Sleep: c.Sleep, Random: func() uint64 { return 0 },
	}, c, l
}

func newRig(t *testing.T, url string, change ...func(*spapi.Config)) *rig {
	t.Helper()
	cfg, c, l := config(url)
	for _, f := range change {
		f(&cfg)
	}
	client, err := spapi.New(cfg)
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	t.Cleanup(client.Close)
	return &rig{client, c, l, cfg.Limits}
}
