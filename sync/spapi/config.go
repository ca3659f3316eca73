package spapi

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"strings"
	"time"
)

// Secret is text that must not be shown. Reveal is called when a request is
// built and the result kept no longer than that.
type Secret interface{ Reveal() string }

// Config describes one connection: one seller account in one region.
type Config struct {
	Connection string // our id of the connection, key of its limits and calls
	Region     string // NA, EU or FE

	// Addresses, empty for Amazon's own. Only a test book may set others, and
	// only on loopback. LoginEndpoint is the token URL; without a path
	// /auth/o2/token is added.
	Endpoint      string
	LoginEndpoint string
	TestBook      bool

	ClientID     string
	ClientSecret Secret
	RefreshToken Secret
	UserAgent    string // see UserAgent

	Limits LimitStore // required: budgets that survive a restart
	Calls  CallLog    // required: where every call is recorded

	// RateScale multiplies the documented rates, for a test book whose server
	// runs faster than Amazon. 0 and 1 mean Amazon's own.
	RateScale int64

	// Timeout bounds one call, from sending to the last byte of its answer; a
	// document may take longer as long as bytes come. 0 means two minutes.
	Timeout time.Duration

	// OnWait tells that op waits for its budget or after a failure, until when.
	// It must be quick and may be called by several goroutines at once.
	OnWait func(op Op, until time.Time)

	Now    func() time.Time                                 // nil: time.Now
	Sleep  func(ctx context.Context, d time.Duration) error // nil: a timer; must end with ctx
	Random func() uint64                                    // nil: crypto/rand; for jitter only

	RootCAs *x509.CertPool // nil: the system's

	wall func() time.Time // the machine's own clock, compared with Amazon's
	dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// UserAgent is the form Amazon asks for, which must name the application.
func UserAgent(version string) string {
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	if i := strings.IndexByte(goVersion, ' '); i >= 0 {
		goVersion = goVersion[:i]
	}
	return fmt.Sprintf("Countinghouse/%s (Language=Go/%s; Platform=%s)", version, goVersion, runtime.GOOS)
}

// regionHosts are the only hosts a real connection of the region talks to,
// beside the login host and the presigned links of its own answers.
var regionHosts = map[string]string{
	"NA": "sellingpartnerapi-na.amazon.com",
	"EU": "sellingpartnerapi-eu.amazon.com",
	"FE": "sellingpartnerapi-fe.amazon.com",
}

const (
	loginHost    = "api.amazon.com"
	loginPath    = "/auth/o2/token"
	maxUserAgent = 500
	// A page of a list is half a megabyte at most.
	defaultTimeout = 2 * time.Minute
	maxScale       = 1_000_000
)

// check fills the defaults in and refuses what cannot work.
func (c *Config) check() (endpoint, login *url.URL, err error) {
	host, known := regionHosts[c.Region]
	switch {
	case !known:
		return nil, nil, fmt.Errorf("%w: region %q is none of NA, EU, FE", ErrArgument, plain(c.Region))
	case c.Connection == "":
		return nil, nil, fmt.Errorf("%w: a connection needs an id", ErrArgument)
	case c.ClientID == "" || c.ClientSecret == nil || c.RefreshToken == nil:
		return nil, nil, fmt.Errorf("%w: client id, client secret and refresh token are all needed", ErrArgument)
	case c.UserAgent == "" || len(c.UserAgent) > maxUserAgent || !headerSafe(strings.ReplaceAll(c.UserAgent, " ", "")):
		return nil, nil, fmt.Errorf("%w: the user agent must be one line of 1 to %d bytes", ErrArgument, maxUserAgent)
	case c.Limits == nil || c.Calls == nil:
		return nil, nil, fmt.Errorf("%w: a store for limits and one for calls are needed", ErrArgument)
	case c.Timeout < 0:
		return nil, nil, fmt.Errorf("%w: a call cannot take less than no time", ErrArgument)
	case c.RateScale < 0 || c.RateScale > maxScale || (c.RateScale > 1 && !c.TestBook):
		return nil, nil, fmt.Errorf("%w: only a test book may run faster than Amazon allows", ErrArgument)
	}
	c.defaults(host)
	if endpoint, err = c.address(c.Endpoint, host); err != nil {
		return nil, nil, fmt.Errorf("endpoint: %w", err)
	}
	if login, err = c.address(c.LoginEndpoint, loginHost); err != nil {
		return nil, nil, fmt.Errorf("login endpoint: %w", err)
	}
	if login.Path == "" {
		login.Path = loginPath
	}
	return endpoint, login, nil
}

func (c *Config) defaults(host string) {
	if c.Endpoint == "" {
		c.Endpoint = "https://" + host
	}
	if c.LoginEndpoint == "" {
		c.LoginEndpoint = "https://" + loginHost + loginPath
	}
	if c.RateScale == 0 {
		c.RateScale = 1
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Random == nil {
		c.Random = cryptoRandom
	}
	if c.wall == nil {
		c.wall = time.Now
	}
}

// address parses one of the two endpoints and applies the rule of the book:
// a real one takes exactly Amazon's host, a test book loopback only.
func (c *Config) address(text, host string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%w: not a plain address", ErrHost)
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	if c.TestBook {
		if !loopbackURL(u) {
			return nil, fmt.Errorf("%w: a test book talks to this computer only (localhost, 127.0.0.1 or [::1])", ErrHost)
		}
		return u, nil
	}
	if u.Scheme != "https" || u.Host != host {
		return nil, fmt.Errorf("%w: the only address here is https://%s", ErrHost, host)
	}
	if u.Path != "" && (host != loginHost || u.Path != loginPath) {
		return nil, fmt.Errorf("%w: the address has a path that Amazon does not use", ErrHost)
	}
	return u, nil
}

// loopbackURL reports whether u names this computer literally. That the name
// localhost really leads to it is checked again when the connection is made.
func loopbackURL(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := u.Hostname()
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
