package appsync_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
)

// authority signs certificates for the servers of the tests.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	var der []byte
	der, a.key = a.sign(template, template, nil)
	var err error
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

// sign makes a key and a certificate for it; by is nil for the authority's own.
func (a *authority) sign(template, parent *x509.Certificate, by *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if by == nil {
		by = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		a.t.Fatal(err)
	}
	return der, key
}

func (a *authority) issue(until time.Time, names ...string) tls.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: until, DNSNames: names}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		}
	}
	der, key := a.sign(template, a.cert, a.key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// The servers of overTLS.
func goodTLS(a, _ *authority) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.issue(time.Now().Add(time.Hour), "127.0.0.1")}}
}

func selfSigned(_, stranger *authority) *tls.Config { return goodTLS(stranger, nil) }

func otherName(a, _ *authority) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.issue(time.Now().Add(time.Hour), "sellingpartnerapi-na.amazon.com.example")}}
}

func outOfDate(a, _ *authority) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.issue(time.Now().Add(-time.Hour), "127.0.0.1")}}
}

func oldProtocol(a, _ *authority) *tls.Config {
	c := goodTLS(a, nil)
	c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	return c
}

// overTLS puts the demo seller behind a TLS server with the given certificate
// and protocol; the client trusts the first authority only.
func overTLS(conf func(trusted, stranger *authority) *tls.Config) func(*faultRun) {
	return func(r *faultRun) {
		trusted, stranger := newAuthority(r.t), newAuthority(r.t)
		serve := func(host string) string {
			s := httptest.NewUnstartedServer(r.s.Handler(host))
			s.TLS = conf(trusted, stranger)
			s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tried
			s.StartTLS()
			r.t.Cleanup(s.Close)
			return s.URL
		}
		api, login := serve("NA"), serve("login")
		pool := x509.NewCertPool()
		pool.AddCert(trusted.cert)
		r.client = func(c *spapi.Config) { c.Endpoint, c.LoginEndpoint, c.RootCAs = api, login, pool }
	}
}

// networkGone stops every server after so many stored pages, and starts them
// again at other addresses, as another network would.
func networkGone(pages int) func(*faultRun) {
	return func(r *faultRun) {
		stop := func() {
			if err := r.s.Close(); err != nil {
				r.t.Error(err)
			}
		}
		var mu sync.Mutex
		seen := 0
		r.engine = func(c *appsync.Config) {
			c.Report = func(e appsync.Event) {
				mu.Lock()
				defer mu.Unlock()
				if e.Phase == appsync.Working {
					if seen++; seen == pages {
						stop()
					}
				}
			}
		}
		if pages == 0 {
			stop()
		}
		r.mend = func() {
			if err := r.s.Start("127.0.0.1:0"); err != nil {
				r.t.Fatal(err)
			}
			err := r.b.Write(r.t.Context(), func(tx *store.Tx) error {
				at := r.s.Endpoints()
				return tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI, Endpoint: at.NA, LoginEndpoint: at.Login}, nil)
			})
			if err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

// wantNoNetwork: every source that was not done says the same thing.
func (r *faultRun) wantNoNetwork(result appsync.Result) {
	want := map[string]string{}
	for _, f := range result.Failures {
		want[f.Resource] = sentenceOf(spapi.ErrOffline)
		if spapi.ClassOf(f.Err) == spapi.ErrUnavailable {
			want[f.Resource] = sentenceOf(spapi.ErrUnavailable) // cut off in the middle of an answer
		}
	}
	if len(want) == 0 {
		r.t.Error("nobody noticed")
	}
	r.wantReads(result, want)
}

// noSuchName lets the program ask for Amazon's real names, at a name server
// that knows none. Nothing can leave this computer: no name, no address.
func noSuchName(r *faultRun) {
	asked := nameServer(r.t)
	r.client = func(c *spapi.Config) { c.Endpoint, c.LoginEndpoint, c.TestBook = "", "", false }
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", asked)
	}}
	r.t.Cleanup(func() { net.DefaultResolver = before })
	r.mend = func() { net.DefaultResolver = before }
}

// nameServer answers every question with "no such name".
func nameServer(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if n < 12 {
				continue
			}
			end := 12 // of the question: the name, then type and class
			for end < n && b[end] != 0 {
				end += int(b[end]) + 1
			}
			end = min(end+5, n)
			answer := append([]byte{b[0], b[1], 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0}, b[12:end]...)
			_, _ = c.WriteTo(answer, from)
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().String()
}

// wantPatience: nothing is said, or that the reports which were asked for
// yesterday are still awaited.
func (r *faultRun) wantPatience(result appsync.Result) {
	want := map[string]string{}
	for _, f := range result.Failures {
		if f.Resource == "order-reports" {
			want[f.Resource] = "of the order reports; the next run goes on from here"
		}
	}
	r.wantReads(result, want)
}

// asleep lets a day pass after so many stored pages: every page token, access
// token and link of the run is dead when it goes on.
func asleep(pages int, d time.Duration) func(*faultRun) {
	return func(r *faultRun) {
		var mu sync.Mutex
		seen := 0
		r.engine = func(c *appsync.Config) {
			c.Now = func() time.Time { // the same clock, but for the seconds
				return now.Add(r.clock.Now().Sub(now).Truncate(d))
			}
			c.Report = func(e appsync.Event) {
				mu.Lock()
				defer mu.Unlock()
				if e.Phase == appsync.Working {
					if seen++; seen == pages {
						r.clock.on(d)
					}
				}
			}
		}
	}
}
