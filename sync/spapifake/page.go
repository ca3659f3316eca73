package spapifake

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
)

// pageToken is what a next-page token holds. It is signed and written in
// standard base64, whose "+", "/" and "=" break when a client forgets to
// percent-encode it.
type pageToken struct {
	Op      string `json:"o"`
	Account string `json:"a"`
	Args    string `json:"q"` // hash of the arguments to be repeated
	Offset  int    `json:"n"`
	Issued  int64  `json:"t"` // unix milliseconds
	Until   int64  `json:"u"` // time of the first page, as the operation counts it
	Blank   bool   `json:"e"` // an empty page was sent at this offset
	Query   string `json:"r"` // the whole query, where the token comes alone
	Request string `json:"i"` // the answer that gave it: no two tokens are the same
	Moved   int    `json:"m"` // 1 + offset of a row that has moved to the list's end, 0: none
}

var (
	errTokenInvalid = errors.New("the token is invalid for these arguments")
	errTokenExpired = errors.New("next token has expired")
)

// seal makes the token of the next page.
func (c *call) seal(t pageToken) string {
	t.Op, t.Account, t.Issued, t.Request = c.op.name, c.account.id, c.now.UnixMilli(), c.log.RequestID[:13]
	b, err := json.Marshal(t)
	if err != nil {
		panic("spapifake: page token: " + err.Error()) // strings and numbers always encode
	}
	return base64.StdEncoding.EncodeToString(append(c.s.sign(string(b))[:18], b...))
}

// unseal checks a token: its signature, operation, account, age and the
// arguments it belongs to.
func (c *call) unseal(text, args string, life time.Duration) (pageToken, error) {
	var t pageToken
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < 18 || !hmac.Equal(raw[:18], c.s.sign(string(raw[18:]))[:18]) || json.Unmarshal(raw[18:], &t) != nil {
		return t, errTokenInvalid
	}
	if t.Op != c.op.name || t.Account != c.account.id || t.Args != args {
		return t, errTokenInvalid
	}
	if c.now.Sub(time.UnixMilli(t.Issued)) > life {
		return t, errTokenExpired
	}
	return t, nil
}

// arguments hashes all query arguments but those named.
func (c *call) arguments(except ...string) string {
	rest := url.Values{}
	for k, v := range c.query {
		if !slices.Contains(except, k) {
			rest[k] = []string{strings.Join(v, ",")}
		}
	}
	return base64.RawStdEncoding.EncodeToString(c.s.sign(rest.Encode())[:12])
}

// tokenIn tells whether a query holds a page token, by any of its names.
func tokenIn(query string) bool {
	return strings.Contains(query, "nextToken=") || strings.Contains(query, "nextTokenForLineItems=") || strings.Contains(query, "paginationToken=") || strings.Contains(query, "pageToken=")
}

// bounds gives the rows lo to hi of a page out of n. Injected duplicates begin
// with the last row of the page before.
func (c *call) bounds(n, offset, size int) (lo, hi int) {
	if most := c.s.cfg.PageSize; most > 0 {
		size = min(size, most)
	}
	lo, hi = min(offset, n), min(offset+size, n)
	switch {
	case c.fault.Kind == DuplicateRows && lo > 0:
		lo--
	case c.fault.Kind == EmptyPage:
		hi = lo
	}
	return lo, hi
}

// nextToken gives the token of the page after this one, "" on the last page.
// param is the request's own token, which an injected fault repeats.
func (c *call) nextToken(param string, more bool, t pageToken) string {
	switch {
	case c.fault.Kind == RepeatedToken && c.query.Has(param):
		return c.query.Get(param)
	case more:
		return c.seal(t)
	}
	return ""
}

// pagination wraps a token as most answers do; nil on the last page.
func pagination(token string) *paginationWire {
	if token == "" {
		return nil
	}
	return &paginationWire{token}
}
