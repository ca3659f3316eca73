package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Kinds and states of a connection.
const (
	KindAPI   = "api"   // signed in to Amazon
	KindFiles = "files" // fed by report files only

	StateActive  = "active"
	StateRevoked = "revoked" // the seller took the authorisation back, or it expired
	StateSecret  = "secret"  // Amazon refuses the client id or secret
	StatePaused  = "paused"  // by the user; not asked until he resumes it
)

// Connection is one Amazon account in one region. Its secrets are sealed
// elsewhere and not part of this value.
type Connection struct {
	ID            string
	Region        string // NA, EU or FE
	Kind          string
	SellerID      string
	Endpoint      string
	LoginEndpoint string
	State         string
	StateReason   string
	StateAt       time.Time
	Created       time.Time
}

// Sealed holds a connection's secrets by name, each sealed under the
// connection key by data/vault.
type Sealed map[string][]byte

// PutConnection adds a connection or replaces its settings and secrets.
func (t *Tx) PutConnection(c Connection, secrets Sealed) error {
	_, err := t.exec(`INSERT INTO connection (id, region, kind, seller_id, endpoint, login_endpoint, state, state_at, created_at)
		VALUES (?,?,?,?,?,?,'active',?,?) ON CONFLICT DO UPDATE SET region = excluded.region, kind = excluded.kind,
		seller_id = CASE excluded.seller_id WHEN '' THEN seller_id ELSE excluded.seller_id END,
		endpoint = excluded.endpoint, login_endpoint = excluded.login_endpoint, state = 'active', state_reason = '', state_at = excluded.state_at`,
		c.ID, c.Region, c.Kind, c.SellerID, c.Endpoint, c.LoginEndpoint, t.now, t.now)
	if err != nil {
		return fmt.Errorf("store connection %s: %w", c.ID, err)
	}
	for name, sealed := range secrets {
		if _, err := t.exec(`INSERT INTO connection_secret (connection_id, name, sealed) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET sealed = excluded.sealed`, c.ID, name, sealed); err != nil {
			return fmt.Errorf("store the secrets of connection %s: %w", c.ID, err)
		}
	}
	if len(secrets) > 0 {
		return t.noteConnect(c.ID)
	}
	return nil
}

// SetConnectionState notes that a connection works, or why it does not. A
// paused one stays paused.
func (t *Tx) SetConnectionState(id, state, reason string) error {
	_, err := t.exec(`UPDATE connection SET state = ?, state_reason = ?, state_at = ? WHERE id = ? AND state <> 'paused' AND (state <> ? OR state_reason <> ?)`,
		state, reason, t.now, id, state, reason)
	return err
}

// SetSellerID keeps Amazon's merchant token once an answer told it.
func (t *Tx) SetSellerID(id, seller string) error {
	_, err := t.exec(`UPDATE connection SET seller_id = ? WHERE id = ? AND seller_id = ''`, seller, id)
	return err
}

// RemoveSecrets forgets a connection's sealed secrets at once.
func (t *Tx) RemoveSecrets(id string) error {
	_, err := t.exec(`DELETE FROM connection_secret WHERE connection_id = ?`, id)
	return err
}

// Connections lists the book's connections by id.
func (b *Book) Connections(ctx context.Context) ([]Connection, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT id, region, kind, seller_id, endpoint, login_endpoint, state, state_reason, state_at, created_at
		FROM connection ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read connections: %w", err)
	}
	var all []Connection
	err = eachRow(rows, func(r *sql.Rows) error {
		var c Connection
		var at, created int64
		err := r.Scan(&c.ID, &c.Region, &c.Kind, &c.SellerID, &c.Endpoint, &c.LoginEndpoint, &c.State, &c.StateReason, &at, &created)
		c.StateAt, c.Created = fromMillis(at), fromMillis(created)
		all = append(all, c)
		return err
	})
	return all, err
}

// Connection finds one connection; ErrNotFound when there is none of that id.
func (b *Book) Connection(ctx context.Context, id string) (Connection, error) {
	all, err := b.Connections(ctx)
	if err != nil {
		return Connection{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return Connection{}, fmt.Errorf("connection %s: %w", id, ErrNotFound)
}

// SealedSecrets reads a connection's sealed secrets.
func (b *Book) SealedSecrets(ctx context.Context, id string) (Sealed, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT name, sealed FROM connection_secret WHERE connection_id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("read the secrets of connection %s: %w", id, err)
	}
	s := Sealed{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var name string
		var sealed []byte
		err := r.Scan(&name, &sealed)
		s[name] = sealed
		return err
	})
	return s, err
}

// MarketplaceRow is a marketplace as a connection takes part in it.
type MarketplaceRow struct {
	ID, Name, Country, Currency, Domain string
	Participating                       bool
}

// PutMarketplaces adds to the list of a connection's marketplaces, or brings it
// up to date. Money of which Amazon names no marketplace is looked at again when
// the list changed: it belongs to the only one of its currency.
func (t *Tx) PutMarketplaces(connection string, list []MarketplaceRow) error {
	changed := false
	for _, m := range list {
		var n int
		if err := t.row(`SELECT count(*) FROM marketplace WHERE connection_id = ? AND id = ? AND currency = ? AND participating = ?`,
			[]any{connection, m.ID, m.Currency, flag(m.Participating)}, &n); err != nil {
			return fmt.Errorf("read marketplace %s: %w", m.ID, err)
		}
		changed = changed || n == 0
		if _, err := t.exec(`INSERT INTO marketplace (connection_id, id, name, country, currency, domain, participating)
			VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET name = excluded.name, country = excluded.country,
			currency = excluded.currency, domain = excluded.domain, participating = excluded.participating`,
			connection, m.ID, m.Name, m.Country, m.Currency, m.Domain, flag(m.Participating)); err != nil {
			return fmt.Errorf("store marketplace %s: %w", m.ID, err)
		}
	}
	if !changed {
		return nil
	}
	t.soleMarket = map[string]string{}
	return t.rows(`SELECT DISTINCT scope FROM fact WHERE connection_id = ? AND marketplace_id = ''`, []any{connection},
		func(r *sql.Rows) error {
			var scope string
			err := r.Scan(&scope)
			t.touch(connection, scope)
			return err
		})
}

// Marketplaces lists a connection's marketplaces, those it takes part in first.
func (b *Book) Marketplaces(ctx context.Context, connection string) ([]MarketplaceRow, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT id, name, country, currency, domain, participating FROM marketplace
		WHERE connection_id = ? ORDER BY participating DESC, id`, connection)
	if err != nil {
		return nil, fmt.Errorf("read marketplaces: %w", err)
	}
	var all []MarketplaceRow
	err = eachRow(rows, func(r *sql.Rows) error {
		var m MarketplaceRow
		err := r.Scan(&m.ID, &m.Name, &m.Country, &m.Currency, &m.Domain, &m.Participating)
		all = append(all, m)
		return err
	})
	return all, err
}

// Setting reads a setting of the book; empty when it was never set.
func (b *Book) Setting(ctx context.Context, key string) (string, error) {
	var v string
	err := b.Reader().QueryRowContext(ctx, `SELECT value FROM setting WHERE key = ?`, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// SetSetting keeps a setting of the book.
func (t *Tx) SetSetting(key, value string) error {
	_, err := t.exec(`INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, key, value)
	return err
}
