package spapifake

import (
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// accessTokenLife is how long an access token lasts.
const accessTokenLife = time.Hour

type accessToken struct {
	account *account
	expires time.Time
}

func (s *Server) loginMux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/o2/token", s.serveToken)
	return mux
}

type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
}

type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// serveToken is Login with Amazon's token endpoint, refresh-token grant only.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, w: w, r: r, now: s.cfg.Clock().UTC(), op: &loginOperation}
	s.begin(c)
	defer s.end(c)
	if c.faultBefore() {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	kindOf, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err := r.ParseForm(); err != nil || kindOf != "application/x-www-form-urlencoded" {
		c.json(http.StatusBadRequest, tokenError{"invalid_request", "The request is missing a required parameter or is otherwise malformed."})
		return
	}
	status, body := s.grant(c)
	c.json(status, body)
}

func (s *Server) grant(c *call) (int, any) {
	f := c.r.PostForm
	if g := f.Get("grant_type"); g != "refresh_token" {
		return http.StatusBadRequest, tokenError{"unsupported_grant_type", "The authorization grant type is not supported by the authorization server."}
	}
	cred := s.Credentials("NA")
	if !same(f.Get("client_id"), cred.ClientID) || !same(f.Get("client_secret"), cred.ClientSecret) {
		return http.StatusUnauthorized, tokenError{"invalid_client", "Client authentication failed."}
	}
	var owner *account
	for _, a := range s.accounts {
		if same(f.Get("refresh_token"), a.refreshToken) {
			owner = a
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if owner == nil || s.revoked[owner.id] {
		return http.StatusBadRequest, tokenError{"invalid_grant", "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission."}
	}
	c.account = owner
	s.issued++
	text := "Atza|" + base64.RawURLEncoding.EncodeToString(append(s.sign("access 1 "+strconv.FormatInt(s.issued, 10)), s.sign("access 2 "+strconv.FormatInt(s.issued, 10))...))
	for old, t := range s.tokens {
		if c.now.Sub(t.expires) > accessTokenLife {
			delete(s.tokens, old)
		}
	}
	s.tokens[text] = &accessToken{owner, c.now.Add(accessTokenLife)}
	return http.StatusOK, tokenAnswer{text, owner.refreshToken, "bearer", int(accessTokenLife / time.Second)}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// authorise checks the access token of a call to a region; "" when it is good,
// else Amazon's details.
func (s *Server) authorise(c *call) string {
	text := c.r.Header.Get("x-amz-access-token")
	if text == "" {
		return "Access token is missing in the request header."
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[text]
	switch {
	case t == nil || s.revoked[t.account.id]:
		return "The access token you provided is revoked, malformed or invalid."
	case !c.now.Before(t.expires):
		return "The access token you provided has expired."
	case t.account != c.account:
		return "Access to this region is not granted by the access token."
	}
	return ""
}

// expireTokens ends all access tokens of an account.
func (s *Server) expireTokens(a *account, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		if t.account == a {
			t.expires = now
		}
	}
}
