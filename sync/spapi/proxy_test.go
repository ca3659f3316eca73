package spapi_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

// The numeric address decides, whatever a name server says.
func TestNumericAddresses(t *testing.T) {
	tests := []struct {
		addr       string
		real, test bool // allowed for a real book, a test book
	}{
		{"52.94.225.1:443", true, false}, {"[2600:9000::1]:443", true, false}, {"10.0.0.1:443", true, false},
		{"127.0.0.1:443", false, true}, {"127.9.9.9:443", false, true}, {"[::1]:443", false, true}, {"[::ffff:127.0.0.1]:443", false, true},
		{"0.0.0.0:443", false, false}, {"[::]:443", false, false}, {"169.254.169.254:80", false, false}, {"[fe80::1]:443", false, false}, {"name:443", false, false},
	}
	for _, tt := range tests {
		for testBook, allowed := range map[bool]bool{false: tt.real, true: tt.test} {
			err := spapi.Control(testBook, tt.addr)
			if allowed != (err == nil) || err != nil && !errors.Is(err, spapi.ErrHost) {
				t.Errorf("%s, test book %v: %v", tt.addr, testBook, err)
			}
		}
	}
}

// tunnels is a proxy that leads every CONNECT to one server and lists what it
// was asked for.
type tunnels struct {
	mu    sync.Mutex
	asked []string
	wg    sync.WaitGroup
}

func (p *tunnels) serve(l net.Listener, target string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() {
			defer c.Close()
			in := bufio.NewReader(c)
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			p.mu.Lock()
			p.asked = append(p.asked, req.Method+" "+req.Host)
			p.mu.Unlock()
			s, err := net.Dial("tcp", target)
			if err != nil {
				return
			}
			defer s.Close()
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			p.wg.Go(func() { _, _ = io.Copy(s, in); _ = s.Close() })
			_, _ = io.Copy(c, s)
		})
	}
}

// A real book goes through the proxy of the environment, which may sit on this
// computer, and TLS stays end to end. The environment is read once per
// process, so the client runs in a process of its own.
func TestProxyOfTheEnvironment(t *testing.T) {
	if roots := os.Getenv("SPAPI_TEST_ROOTS"); roots != "" {
		proxyChild(t, roots)
		return
	}
	ca := newAuthority(t)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	a := newAmazon(t, noParticipations)
	s := serveTLS(t, a, &tls.Config{Certificates: []tls.Certificate{ca.issue(time.Now().Add(time.Hour), euHost, "api.amazon.com")}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tunnels{}
	p.wg.Go(func() { p.serve(l, s.Listener.Addr().String()) })
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfTheEnvironment$")
	cmd.Env = append(os.Environ(), "SPAPI_TEST_ROOTS="+roots, "HTTPS_PROXY=http://"+l.Addr().String(), "NO_PROXY=")
	out, err := cmd.CombinedOutput()
	_ = l.Close()
	p.wg.Wait()
	if err != nil {
		t.Fatalf("client behind a proxy: %v\n%s", err, out)
	}
	if want := []string{"CONNECT api.amazon.com:443", "CONNECT " + euHost + ":443"}; !slices.Equal(p.asked, want) {
		t.Fatalf("the proxy saw %v", p.asked)
	}
}

func proxyChild(t *testing.T, roots string) {
	b, err := os.ReadFile(roots)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		t.Fatal("no certificate")
	}
	r := newRig(t, "", func(c *spapi.Config) {
		c.TestBook, c.Endpoint, c.LoginEndpoint, c.RootCAs = false, "", "", pool
	})
	if _, err := r.MarketplaceParticipations(t.Context()); err != nil {
		t.Fatal(err)
	}
}
