package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
)

// Names of the sealed secrets of a connection.
const (
	secretClientID = "client_id"
	secretClient   = "client_secret"
	secretRefresh  = "refresh_token"
)

// Connection is what connecting an Amazon account takes.
type Connection struct {
	ID, Region, SellerID    string
	ClientID                vault.Secret
	ClientSecret            vault.Secret
	RefreshToken            vault.Secret
	Endpoint, LoginEndpoint string // for test books only
}

// ErrTestBook reports that real credentials met a test book, or the other way.
var ErrTestBook = errors.New("a test or demo book talks to this computer only and takes no real credentials; make a real book for a real account")

// Connect checks the credentials with a real call and stores them sealed. The
// marketplaces that Amazon lists come back.
func (s *Session) Connect(ctx context.Context, c Connection) ([]store.MarketplaceRow, error) {
	if s.sealer == nil {
		return nil, vault.ErrNoConnectionKey
	}
	if err := s.checkClass(c); err != nil {
		return nil, err
	}
	var err error
	if c.ID, err = s.idFor(ctx, c); err != nil {
		return nil, err
	}
	row := store.Connection{
		ID: c.ID, Region: c.Region, Kind: store.KindAPI, SellerID: c.SellerID, Endpoint: c.Endpoint, LoginEndpoint: c.LoginEndpoint,
	}
	client, err := s.newClient(row, c.ClientID.Reveal(), c.ClientSecret, c.RefreshToken, nil)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	list, err := appsync.Participations(spapi.WithPurpose(ctx, "check of the credentials"), client)
	if err != nil {
		return nil, err
	}
	if err := client.CheckClock(); err != nil {
		return nil, err
	}
	sealed := store.Sealed{}
	for name, secret := range map[string]vault.Secret{
		secretClientID: c.ClientID, secretClient: c.ClientSecret, secretRefresh: c.RefreshToken,
	} {
		if sealed[name], err = s.sealer.Seal(c.ID, name, secret); err != nil {
			return nil, err
		}
	}
	return list, s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutConnection(row, sealed); err != nil {
			return err
		}
		if err := tx.PutMarketplaces(c.ID, list); err != nil {
			return err
		}
		return tx.Audit("connect", "connection "+c.ID+" in region "+c.Region)
	})
}

// idFor keeps files and API of one account together: an account that was fed by
// report files so far is the one that signs in now, or its money would count
// once for each. A name of the user's own choice is taken as it is.
func (s *Session) idFor(ctx context.Context, c Connection) (string, error) {
	all, err := s.Book.Connections(ctx)
	if err != nil || c.ID != strings.ToLower(c.Region) {
		return c.ID, err
	}
	files := ""
	for _, known := range all {
		switch {
		case known.ID == c.ID:
			return c.ID, nil
		case known.Region == c.Region && known.Kind == store.KindFiles && files == "":
			files = known.ID
		case known.Region == c.Region:
			return c.ID, nil // several: not for us to choose
		}
	}
	if files != "" {
		return files, nil
	}
	return c.ID, nil
}

// checkClass keeps test books and real accounts apart, before anything is sent.
func (s *Session) checkClass(c Connection) error {
	if s.Class == Real {
		if c.Endpoint != "" || c.LoginEndpoint != "" {
			return ErrTestBook
		}
		return nil
	}
	for _, text := range []string{c.Endpoint, c.LoginEndpoint} {
		u, err := url.Parse(text)
		if err != nil || !loopback(u.Hostname()) {
			return ErrTestBook
		}
	}
	if realID.MatchString(c.ClientID.Reveal()) && realSecret.MatchString(c.ClientSecret.Reveal()) {
		return ErrTestBook
	}
	return nil
}

// The forms of credentials that Amazon gives out. A test server has no use for
// them, so somebody pasted real ones into the wrong book.
var (
	realID     = regexp.MustCompile(`^amzn1\.application-oa2-client\.[0-9a-f]{32}$`)
	realSecret = regexp.MustCompile(`^amzn1\.oa2-cs\.v1\.[0-9a-f]{64}$`)
)

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Disconnected is the reason that a connection carries which the user ended.
const Disconnected = "disconnected here; connect it again to sync"

// Disconnect forgets a connection's secrets at once; its data stay.
func (s *Session) Disconnect(ctx context.Context, id string) error {
	if _, err := s.Book.Connection(ctx, id); err != nil {
		return err
	}
	return s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.RemoveSecrets(id); err != nil {
			return err
		}
		if err := tx.SetConnectionState(id, store.StateRevoked, Disconnected); err != nil {
			return err
		}
		return tx.Audit("disconnect", "connection "+id)
	})
}

// Engine makes the engine that syncs this book. only narrows it to some
// connections.
func (s *Session) Engine(report func(appsync.Event), only ...string) *appsync.Engine {
	return s.engine(appsync.Config{Report: report, Only: only})
}

func (s *Session) engine(cfg appsync.Config) *appsync.Engine {
	cfg.Book, cfg.Client, cfg.Notify = s.Book, s.client, s.Notify
	if s.Class == Demo {
		cfg.Sleep = soon
	}
	return appsync.New(cfg)
}

// soon waits for the demo seller's reports: it makes them in a fraction of the
// time that Amazon takes.
func soon(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(d/demoHurry, 100*time.Millisecond))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const demoHurry = 20

// client makes the client of a stored connection.
func (s *Session) client(ctx context.Context, c store.Connection, onWait func(spapi.Op, time.Time)) (*spapi.Client, error) {
	if s.sealer == nil {
		return nil, vault.ErrNoConnectionKey
	}
	sealed, err := s.Book.SealedSecrets(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 {
		return nil, fmt.Errorf("connection %s has no credentials in this book; connect it again", c.ID)
	}
	open := map[string]vault.Secret{}
	for _, name := range []string{secretClientID, secretClient, secretRefresh} {
		if open[name], err = s.sealer.Unseal(c.ID, name, sealed[name]); err != nil {
			return nil, err
		}
	}
	return s.newClient(c, open[secretClientID].Reveal(), open[secretClient], open[secretRefresh], onWait)
}

func (s *Session) newClient(c store.Connection, id string, secret, refresh vault.Secret, onWait func(spapi.Op, time.Time)) (*spapi.Client, error) {
	return spapi.New(spapi.Config{
		Connection: c.ID, Region: c.Region, Endpoint: c.Endpoint, LoginEndpoint: c.LoginEndpoint, TestBook: s.Class != Real,
		ClientID: id, ClientSecret: secret, RefreshToken: refresh, UserAgent: spapi.UserAgent(Version),
		Limits: appsync.Limits{Book: s.Book}, Calls: appsync.Calls{Book: s.Book}, OnWait: onWait,
	})
}
