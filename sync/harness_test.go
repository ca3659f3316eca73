package appsync_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/cipher"
	"countinghouse/data/costfiles"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// now is the end of every invented history, so that runs can be compared.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// began is when this process's clock stood at now.
var began = time.Now()

// pace is how much faster the tests' clock runs, for the servers and for their
// clients alike, so that nobody waits as long as Amazon would make him.
const pace = 20

func clock() time.Time {
	if inside != nil {
		return time.Now().Add(inside.shift)
	}
	return now.Add(pace * time.Since(began))
}

func pause(ctx context.Context, d time.Duration) error {
	if inside == nil {
		d /= pace
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// seller starts an invented Amazon whose clock goes on from now.
func seller(t testing.TB, cfg spapifake.Config) *spapifake.Server {
	t.Helper()
	cfg.Now, cfg.Clock = now, clock
	if cfg.Speed == 0 {
		cfg.Speed = 100
	}
	s := spapifake.New(cfg)
	if inside != nil {
		if inside.line != nil {
			t.Fatal("one seller fits into a bubble")
		}
		inside.line = s.InMemory(10 * time.Millisecond)
		return s
	}
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var testKeys = store.Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()}

// newBook makes a book with the demo seller's three accounts and its costs.
func newBook(t testing.TB, s *spapifake.Server) *store.Book {
	t.Helper()
	b, err := store.Create(t.Context(), t.TempDir(), testKeys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	fill(t, b, s)
	return b
}

func fill(t testing.TB, b *store.Book, s *spapifake.Server) {
	t.Helper()
	putCosts(t, b, s)
	err := b.Write(t.Context(), func(tx *store.Tx) error {
		for _, region := range spapifake.Connections() {
			c := store.Connection{
				ID: strings.ToLower(region), Region: region, Kind: store.KindAPI, Endpoint: s.Endpoints().Region(region), LoginEndpoint: s.Endpoints().Login,
			}
			if err := tx.PutConnection(c, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// putCosts sets the book's clock and gives it what the seller's goods cost.
func putCosts(t testing.TB, b *store.Book, s *spapifake.Server) {
	t.Helper()
	b.Now = func() time.Time { return now }
	costs, bad, err := costfiles.UnitCosts([]byte(s.CostsCSV("all")), nil)
	if err != nil || len(bad) > 0 {
		t.Fatal(err, bad)
	}
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.PutCosts(costs) }); err != nil {
		t.Fatal(err)
	}
}

type secret string

func (s secret) Reveal() string { return string(s) }

// engineConfig is an engine that syncs b, with the clock of the invented
// history: every run starts at now.
func engineConfig(b *store.Book, s map[string]spapifake.Credentials) appsync.Config {
	return appsync.Config{
		Book: b, Everything: true, Now: func() time.Time { return now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			if inside != nil {
				return pause(ctx, d) // time has to pass, or nobody else in the bubble goes on
			}
			return ctx.Err()
		},
		Client: func(_ context.Context, c store.Connection, onWait func(spapi.Op, time.Time)) (*spapi.Client, error) {
			client, err := spapi.New(spapi.Config{
				Connection: c.ID, Region: c.Region, Endpoint: c.Endpoint, LoginEndpoint: c.LoginEndpoint, TestBook: true,
				ClientID: s[c.Region].ClientID, ClientSecret: secret(s[c.Region].ClientSecret), RefreshToken: secret(s[c.Region].RefreshToken),
				Now: clock, Sleep: pause,
				UserAgent: spapi.UserAgent("test"), Limits: appsync.Limits{Book: b}, Calls: appsync.Calls{Book: b}, OnWait: onWait,
			})
			if err == nil && inside != nil {
				err = client.Through(inside.line)
			}
			return client, err
		},
	}
}

func engine(b *store.Book, s map[string]spapifake.Credentials, report func(appsync.Event)) *appsync.Engine {
	cfg := engineConfig(b, s)
	cfg.Report = report
	return appsync.New(cfg)
}

func credentials(s *spapifake.Server) map[string]spapifake.Credentials {
	m := map[string]spapifake.Credentials{}
	for _, region := range spapifake.Connections() {
		m[region] = s.Credentials(region)
	}
	return m
}

// syncAll brings the book up to date and wants no failure.
func syncAll(t testing.TB, b *store.Book, s *spapifake.Server) {
	t.Helper()
	r, err := engine(b, credentials(s), nil).Once(t.Context())
	if err != nil || len(r.Failures) > 0 {
		t.Fatalf("sync: %v, %+v", err, r.Failures)
	}
}

// logical are the rows of a book as a reader sees them: no numbers that only
// this file uses, and no times at which something was fetched.
var logical = map[string]string{ // the others: digest_test.go
	"access":      `SELECT connection_id, resource, granted, since_at FROM access`,
	"connection":  `SELECT id, region, kind, seller_id FROM connection`,
	"import":      `SELECT sha256, kind, connection_id, row_count FROM import_file`,
	"marketplace": `SELECT * FROM marketplace`,
	"orders": `SELECT o.connection_id, order_id, marketplace_id, sales_channel, status, fulfilled_by, service_level, purchased_at, updated_at,
		order_day, currency, total_minor, business, replaces, ship_by_at, deliver_by_at, origin, d.sha256, doc_line
		FROM orders o LEFT JOIN document d ON d.id = document_id`,
	"order_item": `SELECT connection_id, order_id, sku, ordinal, order_item_id, asin, title, status, quantity, shipped, currency, price_minor,
		tax_minor, shipping_minor, shipping_tax_minor, giftwrap_minor, giftwrap_tax_minor, discount_minor, points, d.sha256, doc_line
		FROM order_item LEFT JOIN document d ON d.id = document_id`,
	"package": `SELECT * FROM package`,
	// An answer about fees repeats the number that it had in our question, and
	// one of metrics is as long as the days that a run had to ask for: their
	// rows are compared, their texts are not.
	"document": `SELECT sha256, kind, size FROM document WHERE kind NOT IN ('fees', 'order-metrics')`,
	"listing": `SELECT connection_id, marketplace_id, sku, asin, fnsku, title, condition, l.status, product_type, currency, price_minor,
		own_quantity, image, d.sha256 FROM listing l JOIN document d ON d.id = document_id`,
	"stock": `SELECT connection_id, marketplace_id, sku, condition, snapshot_day, fulfillable, inbound_working, inbound_shipped,
		inbound_receiving, reserved, researching, unfulfillable, total FROM stock_snapshot`,
	"transaction": `SELECT connection_id, transaction_id, type, status, posted_at, currency, total_minor, release_of, released_by, d.sha256
		FROM financial_transaction JOIN document d ON d.id = document_id`,
	"settlement": `SELECT connection_id, settlement_id, start_at, end_at, deposit_at, currency, total_minor, row_count, d.sha256
		FROM settlement JOIN document d ON d.id = document_id`,
	"fact": `SELECT connection_id, scope, n.source, n.type, n.path, posting, seq, account, order_id, item_id, sku, marketplace_id, note, currency,
		amount_minor, quantity, posted_at, settlement_id, state, release_of, d.sha256, doc_line
		FROM fact JOIN fact_name n ON n.id = name_id LEFT JOIN document d ON d.id = document_id`,
	"event": `SELECT connection_id, scope, key, type, order_id, item_id, sku, marketplace_id, account, currency, occurred_at, event_day,
		posted_at, quantity, uncovered, settlement_id, state, origin FROM event WHERE state <> 'estimated'`, // estimates stand until money takes their place
	"line": `SELECT e.connection_id, e.key, l.seq, line, l.path, l.currency, l.amount_minor, l.quantity, l.uncovered, l.origin, l.state,
		l.settlement_id, f.posting, f.seq FROM money_line l JOIN event e ON e.id = l.event_id LEFT JOIN fact f ON f.id = l.fact_id WHERE l.state <> 'estimated'`,
	"open":   `SELECT o.connection_id, o.scope, f.posting, f.seq, reason, line, o.amount_minor, counted FROM open_item o JOIN fact f ON f.id = fact_id`,
	"rollup": `SELECT * FROM rollup WHERE state <> 'estimated'`,
	// How far searchOrders reached is the server's clock, which goes on.
	"coverage": `SELECT * FROM coverage WHERE source <> 'orders'`,
}

// fingerprints hashes the sorted logical rows of each table.
func fingerprints(t testing.TB, b *store.Book) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, q := range logical {
		out[name] = fingerprint(t, b.Reader(), q)
	}
	others(t, b.Reader(), out)
	if b.People() != nil {
		out["person"] = fingerprint(t, b.People(), `SELECT connection_id, order_id, name, address, postal_code, buyer_email, purge_at FROM person`)
	}
	return out
}

// querier is a database or one connection to it.
type querier interface {
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
}

func fingerprint(t testing.TB, db querier, q string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var sum [sha256.Size]byte // of the hashes of the rows, in no order
	n := 0
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, c := range cells {
			fmt.Fprintf(&text, "%v\x00", *c.(*any))
		}
		h := sha256.Sum256([]byte(text.String()))
		carry := 0
		for i := range sum {
			carry += int(sum[i]) + int(h[i])
			sum[i] = byte(carry)
			carry >>= 8
		}
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows %s", n, hex.EncodeToString(sum[:8]))
}

func wantSame(t testing.TB, what string, got, want map[string]string) {
	t.Helper()
	for table, w := range want {
		if got[table] != w {
			t.Errorf("%s: %s is %s, want %s", what, table, got[table], w)
		}
	}
}

// statementKey is where an amount of the truth stands.
type statementKey struct{ marketplace, month, line, currency string }

// statement sums a book's daily sums by marketplace, month and line.
func statement(t testing.TB, b *store.Book) map[statementKey]int64 {
	t.Helper()
	rows, err := b.Rollups(t.Context(), "", "", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[statementKey]int64{}
	for _, r := range rows {
		if r.State == books.Estimated {
			continue // the truth knows what was paid
		}
		if _, known := markets.ByID(r.Marketplace); !known {
			t.Errorf("%s of %s stands in no marketplace (%q)", r.Line, r.Day, r.Marketplace)
		}
		out[statementKey{r.Marketplace, r.Day[:7], string(r.Line), r.Currency}] += r.Minor
	}
	for k, v := range out {
		if v == 0 {
			delete(out, k)
		}
	}
	return out
}
