package spapi_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// authority is a certificate authority of the test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{t, cert, key}
}

func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a server certificate for names, valid until end.
func (a *authority) issue(end time.Time, names ...string) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: end}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			tmpl.IPAddresses = append(tmpl.IPAddresses, ip)
		} else {
			tmpl.DNSNames = append(tmpl.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve starts a TLS server.
func serveTLS(t *testing.T, h http.Handler, conf *tls.Config) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = conf
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// trap is a listener that must not be connected to.
type trap struct {
	net.Listener
	connections atomic.Int32
}

func newTrap(t *testing.T, addr string) *trap {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skipf("cannot listen on %s: %v", addr, err)
	}
	tr := &trap{Listener: l}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			tr.connections.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return tr
}

const (
	euHost = "sellingpartnerapi-eu.amazon.com"
	s3Host = "tortuga-prod-eu.s3-eu-west-1.amazonaws.com"
)

// realBook is a client with Amazon's own addresses, whose names lead to a
// server of the test; it counts what it was asked to connect to.
func realBook(t *testing.T, a *amazon) (*rig, func() []string) {
	ca := newAuthority(t)
	s := serveTLS(t, a, &tls.Config{Certificates: []tls.Certificate{ca.issue(time.Now().Add(time.Hour), euHost, "api.amazon.com", s3Host)}})
	var dialled []string
	r := newRig(t, "", func(c *spapi.Config) {
		c.TestBook, c.Endpoint, c.LoginEndpoint, c.RootCAs = false, "", "", ca.pool()
		c.SetDial(func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialled = append(dialled, addr)
			return (&net.Dialer{}).DialContext(ctx, network, s.Listener.Addr().String())
		})
	})
	return r, func() []string { return dialled }
}

func TestRealBookTalksToItsTwoHosts(t *testing.T) {
	a := newAmazon(t, noParticipations)
	r, dialled := realBook(t, a)
	if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(dialled()); got != "[api.amazon.com:443 "+euHost+":443]" {
		t.Fatalf("connected to %s", got)
	}
	req := a.requests()[0]
	if req.TLS == nil || req.TLS.Version < tls.VersionTLS12 || req.Host != euHost {
		t.Fatalf("sent to %q with %+v", req.Host, req.TLS)
	}
	if req.Header.Get("Authorization") != "" || req.Header.Get("x-amz-date") != "20261121T120000Z" || req.UserAgent() != spapi.UserAgent("0.1") {
		t.Fatalf("headers %v", req.Header)
	}
	if len(req.TransferEncoding) != 0 || req.ContentLength != 0 {
		t.Fatal("a GET with a body")
	}
	for _, c := range r.ledger.all() {
		if c.Host != euHost && c.Host != "api.amazon.com" {
			t.Errorf("ledger names host %q", c.Host)
		}
	}
}

func TestAddressesABookMayUse(t *testing.T) {
	const eu = "https://" + euHost
	tests := []struct {
		name, region, endpoint, login string
		testBook                      bool
		want                          *spapi.Class // nil: allowed
	}{
		{"defaults", "EU", "", "", false, nil},
		{"its own host", "EU", eu + "/", "https://api.amazon.com/auth/o2/token", false, nil},
		{"host of another region", "NA", eu, "", false, spapi.ErrHost},
		{"plain http", "EU", "http://" + euHost, "", false, spapi.ErrHost},
		{"a port", "EU", eu + ":8443", "", false, spapi.ErrHost},
		{"a path", "EU", eu + "/x", "", false, spapi.ErrHost},
		{"a user", "EU", "https://x@" + euHost, "", false, spapi.ErrHost},
		{"suffix trick", "EU", eu + ".example.com", "", false, spapi.ErrHost},
		{"real book, loopback", "EU", "http://127.0.0.1:1", "", false, spapi.ErrHost},
		{"real book, loopback login", "EU", "", "http://localhost:1", false, spapi.ErrHost},
		{"test book, loopback", "EU", "http://127.0.0.1:1", "http://[::1]:1/auth/o2/token", true, nil},
		{"test book without addresses", "EU", "", "", true, spapi.ErrHost},
		{"test book, real host", "EU", eu, "http://127.0.0.1:1", true, spapi.ErrHost},
		{"test book, real login", "EU", "http://127.0.0.1:1", "https://api.amazon.com", true, spapi.ErrHost},
		{"test book, another machine", "EU", "http://192.168.1.10", "http://127.0.0.1", true, spapi.ErrHost},
		{"test book, loopback in the name only", "EU", "http://127.0.0.1.example.com", "http://127.0.0.1", true, spapi.ErrHost},
		{"test book, other scheme", "EU", "ftp://127.0.0.1", "http://127.0.0.1", true, spapi.ErrHost},
		{"unknown region", "XX", "", "", false, spapi.ErrArgument},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg, _, _ := config("")
			cfg.Region, cfg.Endpoint, cfg.LoginEndpoint, cfg.TestBook = tt.region, tt.endpoint, tt.login, tt.testBook
			_, err := spapi.New(cfg)
			if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestConfigIsChecked(t *testing.T) {
	tests := map[string]func(*spapi.Config){
		"no connection": func(c *spapi.Config) { c.Connection = "" },
		"no client":     func(c *spapi.Config) { c.ClientID = "" },
		"no secret":     func(c *spapi.Config) { c.ClientSecret = nil },
		"no token":      func(c *spapi.Config) { c.RefreshToken = nil },
		"no agent":      func(c *spapi.Config) { c.UserAgent = "" },
		"two lines":     func(c *spapi.Config) { c.UserAgent = "a\r\nb" },
		"no limits":     func(c *spapi.Config) { c.Limits = nil },
		"no ledger":     func(c *spapi.Config) { c.Calls = nil },
		"fast and real": func(c *spapi.Config) { c.TestBook, c.Endpoint, c.LoginEndpoint, c.RateScale = false, "", "", 2 },
	}
	for name, change := range tests {
		cfg, _, _ := config("http://127.0.0.1:1")
		change(&cfg)
		if _, err := spapi.New(cfg); !errors.Is(err, spapi.ErrArgument) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := newTrap(t, "127.0.0.1:0")
	for _, status := range []int{301, 302, 303, 307, 308} {
		a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+elsewhere.Addr().String()+"/", status)
		})
		r := newRig(t, a.server.URL)
		if _, err := r.MarketplaceParticipations(t.Context()); !errors.Is(err, spapi.ErrRedirect) {
			t.Fatalf("HTTP %d: got %v", status, err)
		}
	}
	if n := elsewhere.connections.Load(); n != 0 {
		t.Fatalf("followed %d times", n)
	}
}

// documentAt makes the server hand out one link.
func documentAt(link string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, fmt.Sprintf(`{"reportDocumentId":"d","url":%q}`, link))
	}
}

func TestLinksOutsideStorageAreRefusedBeforeConnecting(t *testing.T) {
	bait := newTrap(t, "127.0.0.1:0")
	port := bait.Addr().String()
	for _, link := range []string{
		"http://" + port + "/x", "https://" + port + "/x", "https://localhost/x", "https://example.com/x",
		"http://" + s3Host + "/x", "https://" + s3Host + ".example.com/x", "https://amazonaws.com/x",
		"https://" + s3Host + ":8443/x", "https://user:pw@" + s3Host + "/x", "https://evilamazonaws.com/x",
		"file:///etc/passwd", "/relative", "https://" + euHost + "/x", "https:// bad", "",
	} {
		a := newAmazon(t, documentAt(link))
		r, dialled := realBook(t, a)
		_, err := r.Download(t.Context(), "d", io.Discard, 0)
		if !errors.Is(err, spapi.ErrHost) && !(link == "" && errors.Is(err, spapi.ErrMalformed)) {
			t.Errorf("%s: got %v", link, err)
		}
		if n := len(dialled()); n != 2 {
			t.Errorf("%s: connected %v", link, dialled())
		}
		for _, c := range r.ledger.all() {
			if c.Op == spapi.OpDocument {
				t.Errorf("%s: recorded a call that never left: %+v", link, c)
			}
		}
	}
	if n := bait.connections.Load(); n != 0 {
		t.Fatalf("%d connections", n)
	}
}

func TestTestBookRefusesOtherMachines(t *testing.T) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	own := ""
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			own = n.IP.String()
		}
	}
	if own == "" {
		t.Skip("this machine has no address but loopback")
	}
	bait := newTrap(t, net.JoinHostPort(own, "0"))
	a := newAmazon(t, documentAt("http://"+bait.Addr().String()+"/x"))
	r := newRig(t, a.server.URL)
	if _, err := r.Download(t.Context(), "d", io.Discard, 0); !errors.Is(err, spapi.ErrHost) {
		t.Fatalf("got %v", err)
	}
	if n := bait.connections.Load(); n != 0 {
		t.Fatalf("%d connections", n)
	}
}

func TestTLS(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	good := time.Now().Add(time.Hour)
	tests := []struct {
		name string
		conf *tls.Config
		want *spapi.Class
	}{
		{"TLS 1.2", &tls.Config{Certificates: []tls.Certificate{ca.issue(good, "127.0.0.1")}, MaxVersion: tls.VersionTLS12}, nil},
		{"TLS 1.3", &tls.Config{Certificates: []tls.Certificate{ca.issue(good, "127.0.0.1")}, MinVersion: tls.VersionTLS13}, nil},
		{"TLS 1.1", &tls.Config{Certificates: []tls.Certificate{ca.issue(good, "127.0.0.1")}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, spapi.ErrTLS},
		{"unknown authority", &tls.Config{Certificates: []tls.Certificate{other.issue(good, "127.0.0.1")}}, spapi.ErrTLS},
		{"another name", &tls.Config{Certificates: []tls.Certificate{ca.issue(good, "example.com")}}, spapi.ErrTLS},
		{"expired", &tls.Config{Certificates: []tls.Certificate{ca.issue(time.Now().Add(-time.Hour), "127.0.0.1")}}, spapi.ErrTLS},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAmazon(t, noParticipations)
			s := serveTLS(t, a, tt.conf)
			r := newRig(t, s.URL, func(c *spapi.Config) { c.RootCAs = ca.pool() })
			_, err := r.MarketplaceParticipations(t.Context())
			if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if tt.want != nil && (a.count() != 0 || len(r.ledger.all()) != 1) {
				t.Fatalf("a secret was sent (%d), or %d attempts", a.count(), len(r.ledger.all()))
			}
		})
	}
	t.Run("no TLS at all", func(t *testing.T) {
		a := newAmazon(t, noParticipations)
		r := newRig(t, strings.Replace(a.server.URL, "http", "https", 1))
		if _, err := r.MarketplaceParticipations(t.Context()); !errors.Is(err, spapi.ErrTLS) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestNoWayToAmazon(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + closed.Addr().String()
	_ = closed.Close()
	tests := []struct {
		name string
		dial error // nil: the real thing against a closed port
		want *spapi.Class
	}{
		{"nobody listens", nil, spapi.ErrOffline},
		{"no such name", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: euHost, IsNotFound: true}}, spapi.ErrDNS},
		{"no name server", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", Name: euHost, IsTemporary: true}}, spapi.ErrOffline},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, url, func(c *spapi.Config) {
				if tt.dial != nil {
					c.SetDial(func(context.Context, string, string) (net.Conn, error) { return nil, tt.dial })
				}
			})
			_, err := r.MarketplaceParticipations(t.Context())
			if !errors.Is(err, tt.want) || !spapi.Temporary(err) {
				t.Fatalf("got %v, want class %s", err, tt.want.Name)
			}
			if n := len(r.ledger.all()); n != 3 {
				t.Fatalf("%d attempts, want 3", n)
			}
		})
	}
}
