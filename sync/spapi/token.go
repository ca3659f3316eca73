package spapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tokens holds the access token of the connection. One caller at a time
// refreshes it; the others wait and use what it brought.
type tokens struct {
	client *Client
	url    string

	turn    chan struct{} // held while looking or refreshing; guards the rest
	access  string
	expires time.Time
	issued  time.Time
	denied  error // the credentials are no good: asking again is useless
}

const (
	tokenMargin   = time.Minute // a token is replaced this long before its end
	tokenDefault  = time.Hour   // what Amazon documents
	maxTokenBytes = 8 << 10
)

// get returns an access token, refreshing it when it is about to end or when
// it is the one the caller found stale.
func (t *tokens) get(ctx context.Context, stale string) (string, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("wait for sign-in: %w", ctx.Err())
	}
	if t.denied != nil {
		return "", t.denied
	}
	now := t.client.cfg.Now()
	if t.access != "" && t.access != stale && now.Before(t.expires) && !now.Before(t.issued) {
		return t.access, nil
	}
	err := t.refresh(ctx)
	switch ClassOf(err) {
	case ErrRevoked, ErrClientID, ErrClientSecret:
		t.denied = err
	}
	if err != nil {
		return "", err
	}
	return t.access, nil
}

// refresh asks Login with Amazon, repeating what may pass by itself.
func (t *tokens) refresh(ctx context.Context) error {
	c := t.client
	for failed := 0; ; {
		err := t.ask(ctx)
		bound := maxFailures
		switch ClassOf(err) {
		case ErrOffline, ErrDNS:
			bound = maxOffline
		case ErrThrottled, ErrUnavailable:
		default:
			return err
		}
		if failed++; failed >= bound {
			return err
		}
		base := failureBase
		if errors.Is(err, ErrThrottled) {
			base = throttleBase
		}
		if err := c.pace.pause(ctx, OpLogin, Backoff(failed-1, base, failureMax, c.cfg.Random())); err != nil {
			return err
		}
	}
}

// ask makes one request for a token.
func (t *tokens) ask(ctx context.Context) error {
	c := t.client
	u, err := url.Parse(t.url)
	if err != nil {
		return fail(OpLogin, ErrArgument, "the login address cannot be read")
	}
	out := outgoing{
		op: OpLogin, method: http.MethodPost, url: t.url, host: u.Host,
		header: map[string]string{"Accept": "application/json"},
		form: map[string]string{
			"grant_type":    "refresh_token",
			"refresh_token": c.cfg.RefreshToken.Reveal(),
			"client_id":     c.cfg.ClientID,
			"client_secret": c.cfg.ClientSecret.Reveal(),
		},
	}
	sent := c.cfg.Now()
	var got grant
	r := request{decoded: func(ans answer) (err error) {
		got, err = decodeGrant(ans.body)
		return err
	}}
	ans, err := c.exchange(ctx, c.api, out, r.check)
	if err != nil {
		return loginError(ans, err)
	}
	t.access, t.issued = got.token, sent
	t.expires = sent.Add(got.life - min(tokenMargin, got.life/4))
	return nil
}

// grant is a decoded token answer.
type grant struct {
	token string
	life  time.Duration
}

// decodeGrant never quotes the body: it holds the token.
func decodeGrant(body []byte) (grant, error) {
	var g struct {
		Access string `json:"access_token"`
		Type   string `json:"token_type"`
		// A number by the standard, a string from some servers.
		Expires json.RawMessage `json:"expires_in"`
	}
	if json.Unmarshal(body, &g) != nil || g.Access == "" || len(g.Access) > maxTokenBytes || !headerSafe(g.Access) {
		return grant{}, errors.New("no access token in the answer")
	}
	life := tokenDefault
	if s, err := strconv.ParseInt(strings.Trim(string(g.Expires), `"`), 10, 32); err == nil && s > 0 {
		life = min(time.Duration(s)*time.Second, 24*time.Hour)
	}
	return grant{token: g.Access, life: life}, nil
}

// headerSafe reports whether s can be a header value as it is.
func headerSafe(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// loginError maps LWA's error codes. An unknown one stays what its status says.
func loginError(ans answer, err error) error {
	var e *Error
	if !errors.As(err, &e) || ans.status == 0 {
		return err
	}
	switch e.Code {
	case "invalid_grant":
		e.Class = ErrRevoked
	case "invalid_client":
		e.Class = ErrClientSecret
		if e.says("client_id", "client id", "unknown client", "not found") {
			e.Class = ErrClientID
		}
	case "unauthorized_client":
		e.Class = ErrClientID
	default:
		if e.Class == ErrForbidden {
			e.Class = ErrClientSecret
		}
		if e.Class == ErrInvalid && tooFar(ans.skew) {
			e.Class = ErrClock
		}
	}
	return err
}
