package spapifake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Server is the local Amazon. All methods are safe for concurrent use.
type Server struct {
	cfg      Config
	key      []byte // signs page tokens and document links; from the seed
	accounts []*account

	mu        sync.Mutex
	tokens    map[string]*accessToken
	revoked   map[string]bool
	issued    int64 // access tokens so far
	rotated   int   // how often the client secret was replaced
	requests  []Request
	served    int64 // requests so far, for request ids
	violation int
	faults    []*plannedFault
	buckets   map[string]*bucket
	reports   map[string]*report
	placed    map[string][]*order // by connection: bought since New
	reportIDs map[string]int64    // last report id by connection
	addresses Endpoints
	running   []*http.Server
	done      sync.WaitGroup
}

// Endpoints are base URLs without a trailing slash; empty before Start.
type Endpoints struct {
	NA, EU, FE string // the regional hosts of the API
	Login      string // the token endpoint is Login + "/auth/o2/token"
	Documents  string // where report documents are kept
}

// Region gives the base URL of a connection.
func (e Endpoints) Region(connection string) string {
	return map[string]string{"NA": e.NA, "EU": e.EU, "FE": e.FE}[connection]
}

// Credentials are what the owner of a connection would type in. They open
// nothing but this server.
type Credentials struct {
	ClientID, ClientSecret string
	RefreshToken           string
	SellerID               string
	MarketplaceID          string // the marketplace with sales
}

// New builds the demo seller. It takes about a second for 20,000 orders and
// starts nothing.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	seed := binary.BigEndian.AppendUint64([]byte("countinghouse demo seller "), uint64(cfg.Seed))
	sum := sha256.Sum256(seed)
	return &Server{
		cfg: cfg, key: sum[:], accounts: makeAccounts(cfg),
		tokens: map[string]*accessToken{}, revoked: map[string]bool{},
		buckets: map[string]*bucket{}, reports: map[string]*report{}, placed: map[string][]*order{},
		reportIDs: map[string]int64{"NA": 50_000_000_000, "EU": 60_000_000_000, "FE": 70_000_000_000},
	}
}

// Now is the end of the data, as Config said or New took it.
func (s *Server) Now() time.Time { return s.cfg.Now }

// DataFrom is the first instant of the history.
func (s *Server) DataFrom() time.Time { return s.cfg.dataStart() }

// sign gives a MAC over text under the server's key.
func (s *Server) sign(text string) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// hash gives a number that depends on the seed and text only: the server's
// choices that must not depend on the order of requests.
func (s *Server) hash(text string) uint64 { return binary.BigEndian.Uint64(s.sign(text)) }

func (s *Server) account(id string) *account {
	for _, a := range s.accounts {
		if a.id == id {
			return a
		}
	}
	return nil
}

// Credentials gives a connection's credentials, the zero value for an unknown
// one.
func (s *Server) Credentials(connection string) Credentials {
	a := s.account(connection)
	if a == nil {
		return Credentials{}
	}
	return Credentials{
		ClientID:     "amzn1.application-oa2-client.demo-" + hex.EncodeToString(s.sign("client id")[:16]),
		ClientSecret: s.clientSecret(),
		RefreshToken: a.refreshToken, SellerID: a.sellerID, MarketplaceID: a.m.ID,
	}
}

// Revoke withdraws a connection's authorisation, as a seller does in Seller
// Central: its refresh token answers invalid_grant, its access tokens 403.
func (s *Server) Revoke(connection string) { s.setRevoked(connection, true) }

// Restore gives a revoked authorisation back.
func (s *Server) Restore(connection string) { s.setRevoked(connection, false) }

func (s *Server) setRevoked(connection string, revoked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[connection] = revoked
}

// KnownPeople lists every invented buyer that the server would ever tell, so
// that tests can search files for them.
func (s *Server) KnownPeople() []Person {
	var list []Person
	for _, a := range s.accounts {
		list = append(list, a.people...)
	}
	return list
}

// KnownSecrets lists every secret that a client of this server may hold: the
// client secret, the refresh tokens and the access tokens given out (older than
// two hours they are forgotten), so that tests can search files for them.
func (s *Server) KnownSecrets() []string {
	list := s.clientSecrets()
	for _, a := range s.accounts {
		list = append(list, a.refreshToken)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.tokens {
		list = append(list, t)
	}
	slices.Sort(list)
	return list
}

// Handler serves one host without a listener: "NA", "EU", "FE", "login" or
// "documents". It panics on another name, which is a mistake in the caller.
func (s *Server) Handler(host string) http.Handler {
	switch host {
	case "login":
		return s.loginMux()
	case "documents":
		return http.HandlerFunc(s.serveDocument)
	}
	if a := s.account(host); a != nil {
		return s.regionMux(a)
	}
	panic("spapifake: no host " + host)
}

// hosts are the listeners in the order of their ports.
var hosts = []string{"NA", "EU", "FE", "login", "documents"}

// Start listens on five loopback ports and serves until Close. The address is
// "127.0.0.1:0" for free ports, or "127.0.0.1:P" for P to P+4.
func (s *Server) Start(address string) error {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("start demo seller at %q: %w", address, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port < 0 || port+len(hosts)-1 > 65535 {
		return fmt.Errorf("start demo seller at %q: port %q: want 0 to %d", address, portText, 65536-len(hosts))
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("start demo seller at %q: it serves this machine only: give a loopback address such as 127.0.0.1:0", address)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.running) > 0 {
		return errors.New("start demo seller: it is running already")
	}
	urls := make([]string, len(hosts))
	listeners := make([]net.Listener, 0, len(hosts))
	for i := range hosts {
		at := 0
		if port > 0 {
			at = port + i
		}
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(at)))
		if err != nil {
			for _, open := range listeners {
				open.Close()
			}
			return fmt.Errorf("start demo seller, %s host: %w", hosts[i], err)
		}
		listeners, urls[i] = append(listeners, l), "http://"+l.Addr().String()
	}
	s.addresses = Endpoints{urls[0], urls[1], urls[2], urls[3], urls[4]}
	for i, l := range listeners {
		srv := &http.Server{Handler: s.Handler(hosts[i]), ReadHeaderTimeout: 10 * time.Second}
		s.running = append(s.running, srv)
		s.done.Go(func() { _ = srv.Serve(l) }) // ends by Close, with ErrServerClosed
	}
	return nil
}

// Endpoints gives the addresses of a started server.
func (s *Server) Endpoints() Endpoints {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addresses
}

// Close stops the listeners, cuts open connections and waits until all of the
// server's goroutines have ended. A closed server may be started again.
func (s *Server) Close() error {
	s.mu.Lock()
	running := s.running
	s.running, s.addresses = nil, Endpoints{}
	s.mu.Unlock()
	var errs []error
	for _, srv := range running {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		if srv.Shutdown(ctx) != nil {
			errs = append(errs, srv.Close())
		}
		cancel()
	}
	s.done.Wait()
	return errors.Join(errs...)
}
