package spapi_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

func noParticipations(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{"payload":[]}`) }

func TestOneSignInForManyCallers(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r := newRig(t, a.server.URL)
	var wg sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wg.Go(func() { _, errs[i] = r.MarketplaceParticipations(t.Context()) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if n := a.count(); n != 1 {
		t.Fatalf("%d sign-ins for one token, want 1", n)
	}
}

func TestTokenIsReplacedBeforeItEnds(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r := newRig(t, a.server.URL)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {58 * time.Minute, 1}, {time.Minute + time.Second, 2}, {time.Minute, 2}} {
		r.clock.advance(step.after)
		if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := a.count(); n != step.want {
			t.Fatalf("after another %v: %d sign-ins, want %d", step.after, n, step.want)
		}
	}
}

func TestExpiredTokenIsRefreshedOnce(t *testing.T) {
	for _, status := range []int{401, 403} {
		a := newAmazon(t, noParticipations)
		a.deny = status
		r := newRig(t, a.server.URL)
		if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.expire()
		if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
			t.Fatalf("HTTP %d: %v", status, err)
		}
		if a.count() != 2 || len(a.requests()) != 3 {
			t.Fatalf("%d sign-ins and %d requests, want 2 and 3", a.count(), len(a.requests()))
		}
	}
}

func TestSignInErrors(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   *spapi.Class
		asked  int
	}{
		{"revoked", 400, `{"error":"invalid_grant","error_description":"The request has an invalid grant parameter : refresh_token"}`, spapi.ErrRevoked, 1},
		{"wrong secret", 401, `{"error":"invalid_client","error_description":"Client authentication failed"}`, spapi.ErrClientSecret, 1},
		{"unknown client", 401, `{"error":"invalid_client","error_description":"Unknown client_id"}`, spapi.ErrClientID, 1},
		{"other client", 400, `{"error":"unauthorized_client","error_description":"no"}`, spapi.ErrClientID, 1},
		{"malformed request", 400, `{"error":"invalid_request","error_description":"no"}`, spapi.ErrInvalid, 1},
		{"page instead of JSON", 200, `<html>Welcome to the hotel</html>`, spapi.ErrMalformed, 1},
		{"no token", 200, `{"token_type":"bearer"}`, spapi.ErrMalformed, 1},
		{"token with a line break", 200, `{"access_token":"a\r\nx: y"}`, spapi.ErrMalformed, 1},
		{"down", 503, `oops`, spapi.ErrUnavailable, 5},
		{"throttled", 429, ``, spapi.ErrThrottled, 5},
		{"redirect", 302, ``, spapi.ErrRedirect, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAmazon(t, noParticipations)
			a.login = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				reply(w, tt.status, tt.body)
			}
			r := newRig(t, a.server.URL)
			_, err := r.MarketplaceParticipations(t.Context())
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want class %s", err, tt.want.Name)
			}
			if a.count() != tt.asked {
				t.Fatalf("asked %d times, want %d", a.count(), tt.asked)
			}
			if len(a.requests()) != 0 {
				t.Fatal("called the interface without a token")
			}
		})
	}
}

func TestPitfall8_RevokedIsNotAskedAgain(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r := newRig(t, a.server.URL, func(c *spapi.Config) { c.RefreshToken = secret("Atzr|other") })
	for range 3 {
		if _, err := r.MarketplaceParticipations(t.Context()); !errors.Is(err, spapi.ErrRevoked) || !spapi.StopsConnection(err) {
			t.Fatalf("got %v, want revoked", err)
		}
	}
	if a.count() != 1 {
		t.Fatalf("asked %d times with a dead refresh token, want 1", a.count())
	}
}

func TestPitfall9_ForbiddenIsExplained(t *testing.T) {
	const participations = "/sellers/v1/marketplaceParticipations"
	tests := []struct {
		name    string
		probe   int
		message string
		want    *spapi.Class
		stops   bool
	}{
		{"role missing", 200, "Access to requested resource is denied.", spapi.ErrRole, false},
		{"wrong region", 403, "Access to requested resource is denied.", spapi.ErrRegion, true},
		{"revoked", 403, "The access token you provided is revoked, malformed or invalid.", spapi.ErrRevoked, true},
		{"probe fails", 500, "Access to requested resource is denied.", spapi.ErrForbidden, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == participations && tt.probe == 200 {
					noParticipations(w, r)
					return
				}
				status := 403
				if r.URL.Path == participations {
					status = tt.probe
				}
				reply(w, status, amazonError("Unauthorized", tt.message))
			})
			r := newRig(t, a.server.URL)
			for range 2 {
				_, err := r.GetReport(t.Context(), "1")
				if !errors.Is(err, tt.want) || spapi.StopsConnection(err) != tt.stops {
					t.Fatalf("got %v, want class %s, stops %v", err, tt.want.Name, tt.stops)
				}
			}
			if a.count() != 2 {
				t.Fatalf("%d sign-ins, want 2: a token refused after a fresh one is not worth a third", a.count())
			}
		})
	}
}

func TestCancelledWaitForSignIn(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r := newRig(t, a.server.URL)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.MarketplaceParticipations(ctx); !errors.Is(err, context.Canceled) || spapi.ClassOf(err) != nil {
		t.Fatalf("got %v, want the context's own error", err)
	}
	if a.count() != 0 {
		t.Fatal("signed in for a cancelled caller")
	}
}
