package spapifake_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"countinghouse/sync/spapifake"
)

// login gets an access token for FE through the handler, without a listener.
func login(t testing.TB, s *spapifake.Server) string {
	t.Helper()
	cr := s.Credentials("FE")
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {cr.RefreshToken}, "client_id": {cr.ClientID}, "client_secret": {cr.ClientSecret}}
	r := httptest.NewRequest(http.MethodPost, "/auth/o2/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler("login").ServeHTTP(w, r)
	var a struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Token == "" {
		t.Fatalf("login: %s", w.Body)
	}
	return a.Token
}

func serve(h http.Handler, target, token string) string {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("x-amz-access-token", token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		spapifake.New(spapifake.Config{Seed: 1, Now: now})
	}
}

func BenchmarkListTransactions(b *testing.B) {
	c := &clock{t: now}
	s := spapifake.New(spapifake.Config{Seed: 1, Now: now, Clock: c.now, Speed: 1e9})
	h, tok := s.Handler("FE"), login(b, s)
	n := 0
	for b.Loop() {
		n += len(serve(h, "/finances/2024-06-19/transactions?postedAfter=2026-09-05T00:00:00Z", tok))
	}
	b.SetBytes(int64(n / b.N))
}
