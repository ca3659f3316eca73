package spapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// guard is the innermost part of the pipe: it decides where a connection may
// go. It looks twice, at the request's address before anything happens and at
// the numeric address when the socket is made, so that neither a name server
// nor a proxy setting can lead a request elsewhere.
type guard struct {
	testBook bool
	hosts    map[string]bool // host[:port] as in the URL
	proxies  sync.Map        // host:port of proxies the environment names
	dialer   func(ctx context.Context, network, addr string) (net.Conn, error)
	next     http.RoundTripper
}

// Storage behind the presigned links. Amazon's own examples show S3 and
// CloudFront; China's regions have their own suffix.
var storageSuffixes = []string{".amazonaws.com", ".amazonaws.com.cn", ".cloudfront.net"}

// linkKey carries the one address a document request may go to.
type linkKey struct{}

const (
	dialTimeout = 15 * time.Second
	idleTimeout = 30 * time.Second // shorter than servers keep a line, so that it is seldom stale
)

func newGuard(cfg *Config, storage bool, hosts ...string) *guard {
	g := &guard{testBook: cfg.TestBook, hosts: map[string]bool{}}
	for _, h := range hosts {
		g.hosts[h] = true
	}
	g.dialer = cfg.dial
	t := &http.Transport{
		Proxy:                  g.proxy,
		DialContext:            g.dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  cfg.Timeout / 2,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     storage, // a document's bytes as they are
	}
	g.next = t
	return g
}

// RoundTrip refuses what is not on the list before it connects.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if link, ok := req.Context().Value(linkKey{}).(string); ok {
		if err := g.checkLink(req, link); err != nil {
			return nil, err
		}
	} else if !g.hosts[req.URL.Host] || !g.scheme(req.URL) {
		return nil, fmt.Errorf("%w: %s", ErrHost, plain(req.URL.Host))
	}
	if req.Body == nil {
		req = req.Clone(req.Context())
		req.Body = once{}
	}
	return g.next.RoundTrip(req)
}

// once is an empty body that cannot be read twice. net/http repeats a GET of
// its own accord when a kept line turns out to be dead; such a repetition
// would be neither paid for nor recorded. A body without GetBody forbids it,
// and an empty one adds nothing to what is sent.
type once struct{}

func (once) Read([]byte) (int, error) { return 0, io.EOF }
func (once) Close() error             { return nil }

// checkLink holds a document request to the rule of presigned links: GET,
// exactly the link of this answer, known storage, nothing that signs.
func (g *guard) checkLink(req *http.Request, link string) error {
	if req.Method != http.MethodGet || req.URL.String() != link || !g.storage(req.URL) {
		return fmt.Errorf("%w: not a storage link of Amazon's answer", ErrLink)
	}
	for name := range req.Header {
		n := strings.ToLower(name)
		if n == "authorization" || n == "cookie" || strings.HasPrefix(n, "x-amz") {
			return fmt.Errorf("%w: a storage link takes no header %s", ErrHost, n)
		}
	}
	return nil
}

// scheme allows plain HTTP to this computer for a test book, else TLS only.
func (g *guard) scheme(u *url.URL) bool {
	return u.Scheme == "https" || (g.testBook && u.Scheme == "http")
}

// storage reports whether u may hold a document.
func (g *guard) storage(u *url.URL) bool {
	if g.testBook {
		return loopbackURL(u) && u.User == nil
	}
	if u.Scheme != "https" || u.User != nil || (u.Port() != "" && u.Port() != "443") {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, suffix := range storageSuffixes {
		if strings.HasSuffix(host, suffix) && len(host) > len(suffix) {
			return true
		}
	}
	return false
}

// proxy follows the environment for a real book and remembers what it names,
// so that the dialer can tell a proxy from a host it was not asked for.
func (g *guard) proxy(req *http.Request) (*url.URL, error) {
	if g.testBook {
		return nil, nil
	}
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, fmt.Errorf("%w: the proxy setting of the environment is not an address", ErrOffline)
	}
	if u != nil {
		port := u.Port()
		if port == "" {
			port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
		}
		if port == "" {
			port = "80"
		}
		g.proxies.Store(net.JoinHostPort(u.Hostname(), port), true)
	}
	return u, nil
}

func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if g.dialer != nil {
		return g.dialer(ctx, network, addr)
	}
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	if _, viaProxy := g.proxies.Load(addr); !viaProxy {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, addr)
}

// control sees the numeric address just before the socket connects.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: not a numeric address", ErrHost)
	}
	ip := ap.Addr().Unmap()
	local := ip.IsLoopback() || ip.IsUnspecified()
	if g.testBook && !ip.IsLoopback() {
		return fmt.Errorf("%w: a test book talks to this computer only", ErrHost)
	}
	if !g.testBook && (local || ip.IsLinkLocalUnicast() || ip.IsMulticast()) {
		return fmt.Errorf("%w: Amazon's name leads to this computer or its own network", ErrHost)
	}
	return nil
}

// client is an HTTP client that never follows a redirect and keeps no cookies.
func (g *guard) client() *http.Client {
	return &http.Client{
		Transport:     g,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (g *guard) close() {
	if t, ok := g.next.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// reason takes an error of the transport apart. The address that *url.Error
// carries is dropped, because it may hold page tokens or a signature.
func reason(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}
