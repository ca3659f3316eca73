package cipher

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// connector opens connections of one kind (writer or reader) to one book. All
// settings are made here, before the pool ever sees the connection.
type connector struct {
	book    *book
	gate    *sync.RWMutex // held for writing while the file is being replaced
	params  url.Values
	pragmas []string
	// reserve asks SQLite for SQLCipher's reserved bytes; only for a new file.
	reserve bool
	refuse  error // returned instead of a connection
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := registerVFS(); err != nil {
		return nil, err
	}
	if c.refuse != nil {
		return nil, c.refuse
	}
	if c.gate != nil {
		c.gate.RLock()
		defer c.gate.RUnlock()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	raw, err := (&sqlite3.SQLiteDriver{}).Open(fileURI(c.book, c.params))
	if err != nil {
		return nil, c.book.translate(err)
	}
	sc := raw.(*sqlite3.SQLiteConn)
	if err := c.prepare(ctx, sc); err != nil {
		sc.Close()
		return nil, c.book.translate(err)
	}
	return &conn{SQLiteConn: sc, book: c.book}, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

const fcntlReserveBytes = 38 // SQLITE_FCNTL_RESERVE_BYTES

func (c *connector) prepare(ctx context.Context, sc *sqlite3.SQLiteConn) error {
	if c.reserve {
		if err := sc.SetFileControlInt("main", fcntlReserveBytes, reserveSize); err != nil {
			return fmt.Errorf("reserve room for page MACs: %w", err)
		}
	}
	for _, p := range c.pragmas {
		if _, err := sc.ExecContext(ctx, "PRAGMA "+p, nil); err != nil {
			return fmt.Errorf("set %s: %w", p, err)
		}
	}
	return nil
}

// fileURI names a book for SQLite. It holds the number of the key in this
// process, never the key.
func fileURI(b *book, params url.Values) string {
	path := filepath.ToSlash(b.path)
	if filepath.VolumeName(b.path) != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path // file:///C:/...
	}
	q := url.Values{"vfs": {vfsName}, "book": {strconv.FormatUint(b.id, 10)}}
	for k, v := range params {
		q[k] = v
	}
	return "file://" + escapePath(path) + "?" + q.Encode()
}

// escapePath escapes all but what SQLite's URI parser takes literally.
func escapePath(path string) string {
	var s strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			strings.IndexByte("/-_.~:", c) >= 0:
			s.WriteByte(c)
		default:
			fmt.Fprintf(&s, "%%%02X", c)
		}
	}
	return s.String()
}

// conn says the driver's errors in this package's words. The embedded
// connection provides the rest (ping, reset, named values).
type conn struct {
	*sqlite3.SQLiteConn
	book *book
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query) // driver.Conn asks for it; database/sql uses the other
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.SQLiteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, c.book.translate(err)
	}
	return &stmt{SQLiteStmt: s.(*sqlite3.SQLiteStmt), book: c.book}, nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	r, err := c.SQLiteConn.ExecContext(ctx, query, args)
	return r, c.book.translate(err)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := c.SQLiteConn.QueryContext(ctx, query, args)
	return c.book.wrapRows(r, err)
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	t, err := c.SQLiteConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, c.book.translate(err)
	}
	return &tx{Tx: t, book: c.book}, nil
}

func (c *conn) Ping(ctx context.Context) error {
	return c.book.translate(c.SQLiteConn.Ping(ctx))
}

type stmt struct {
	*sqlite3.SQLiteStmt
	book *book
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	r, err := s.SQLiteStmt.ExecContext(ctx, args)
	return r, s.book.translate(err)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	r, err := s.SQLiteStmt.QueryContext(ctx, args)
	return s.book.wrapRows(r, err)
}

type tx struct {
	driver.Tx
	book *book
}

func (t *tx) Commit() error   { return t.book.translate(t.Tx.Commit()) }
func (t *tx) Rollback() error { return t.book.translate(t.Tx.Rollback()) }

type rows struct {
	*sqlite3.SQLiteRows
	book *book
}

func (b *book) wrapRows(r driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, b.translate(err)
	}
	sr, ok := r.(*sqlite3.SQLiteRows)
	if !ok {
		return r, nil
	}
	return &rows{SQLiteRows: sr, book: b}, nil
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.SQLiteRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return r.book.translate(err)
}

func (r *rows) Close() error { return r.book.translate(r.SQLiteRows.Close()) }
