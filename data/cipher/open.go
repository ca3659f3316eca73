package cipher

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"
)

// Options says how to open. The zero value opens an existing file for reading
// and writing.
type Options struct {
	// Create makes the database if there is none, or if the file is empty.
	Create bool
	// ReadOnly opens without changing anything; Writer then fails.
	ReadOnly bool
	// Salt is the salt the caller remembers (see Salt), nil if none. It only
	// helps to tell a damaged salt from a wrong key; a new file gets it if it
	// is set.
	Salt []byte
	// OpenDamaged goes on although CheckWAL found damage, without the changes
	// that Damage names. The damaged log has been copied before.
	OpenDamaged bool
	// Readers is the size of the reader pool, 4 if zero.
	Readers int
	// CacheBytes is SQLite's page cache of each connection, 4 MiB if zero (the
	// writer's is four times that). Reading a page from it costs nothing.
	CacheBytes int64
	// SharedCacheBytes is the cache of decrypted pages behind all connections,
	// 64 MiB if zero, none if negative. Reading a page from it saves decryption.
	SharedCacheBytes int64
	// BusyTimeout is how long a connection waits for another one, 10 s if zero.
	BusyTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 4 << 20
	}
	if o.SharedCacheBytes == 0 {
		o.SharedCacheBytes = 64 << 20
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 10 * time.Second
	}
	return o
}

// DB is one open database. Its methods are safe for concurrent use.
type DB struct {
	book    *book
	options Options
	writer  *sql.DB
	reader  *sql.DB
	damage  *Damage

	gate   sync.RWMutex // see connector.gate
	work   sync.Mutex   // one of Compact, Rekey, Close at a time
	closed bool
}

// Open opens the database at path. On failure nothing on disk has changed,
// except that a damaged write-ahead log has been copied beside the file (then
// the error is a *Damage). Errors: see the variables of this package.
//
// One process at a time may have a file open; within the process a second
// Open of the same file is ErrInUse. Keeping other processes out is the
// caller's job.
func Open(ctx context.Context, path string, key Key, o Options) (*DB, error) {
	full, err := canonical(path)
	if err != nil {
		return nil, describe("open", path, err)
	}
	db, err := openAt(ctx, full, key, o.withDefaults())
	if err != nil {
		return nil, describe("open", path, err)
	}
	return db, nil
}

func openAt(ctx context.Context, path string, key Key, o Options) (_ *DB, err error) {
	b := registerBook(path, key, [SaltSize]byte{})
	if err := b.claimPath(); err != nil {
		b.forget()
		return nil, err
	}
	defer func() {
		if err != nil {
			b.forget()
		}
	}()
	if err := createIfAsked(ctx, path, key, o); err != nil {
		return nil, err
	}
	in, err := inspect(path, key, o.Salt)
	if err != nil {
		return nil, err
	}
	b.salt = in.salt
	b.cache = newPageCache(o.SharedCacheBytes)
	damage, err := checkBeside(path, key, in, o)
	if err != nil {
		return nil, err
	}
	if !o.ReadOnly {
		if err := checkWritable(path); err != nil {
			return nil, err
		}
		removeLeftovers(path)
	}
	db := newDB(b, o)
	db.damage = damage
	if !in.wal && !o.ReadOnly {
		// Another program's file in rollback mode. Changing the mode in place
		// would need a rollback journal; a copy needs none.
		if err := db.adopt(ctx); err != nil {
			return nil, err
		}
	}
	if err := db.connect(ctx); err != nil {
		db.writer.Close()
		db.reader.Close()
		return nil, err
	}
	return db, nil
}

// createIfAsked makes the file if there is none (or an empty one) and the
// options allow it.
func createIfAsked(ctx context.Context, path string, key Key, o Options) error {
	info, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return err
	}
	if !missing && info.Size() > 0 {
		return nil
	}
	if !o.Create || o.ReadOnly {
		if missing {
			return ErrMissing
		}
		return ErrEmpty
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return ErrTruncated // the log of a database that is gone: do not bury it
	}
	return create(ctx, path, key, o.Salt)
}

// checkBeside looks at what lies beside the file: another program's journal
// and the write-ahead log of an interrupted run.
func checkBeside(path string, key Key, in inspection, o Options) (*Damage, error) {
	if err := checkJournal(path); err != nil {
		return nil, err
	}
	log, err := walkWAL(path, key, in.salt)
	if err != nil {
		return nil, err
	}
	if log.damage != nil {
		if err := log.keepCopy(); err != nil {
			return nil, err
		}
		if !o.OpenDamaged {
			return nil, log.damage
		}
	}
	if !log.covers(in) {
		return nil, ErrTruncated
	}
	return log.damage, nil
}

func newDB(b *book, o Options) *DB {
	db := &DB{book: b, options: o}
	db.writer = sql.OpenDB(db.connector(true))
	db.writer.SetMaxOpenConns(1)
	db.reader = sql.OpenDB(db.connector(false))
	db.reader.SetMaxOpenConns(o.Readers)
	db.reader.SetMaxIdleConns(o.Readers)
	return db
}

// connector describes the writer or a reader of db.
func (db *DB) connector(write bool) *connector {
	o := db.options
	c := &connector{book: db.book, gate: &db.gate}
	c.params = map[string][]string{
		"_busy_timeout": {strconv.FormatInt(o.BusyTimeout.Milliseconds(), 10)},
		"_foreign_keys": {"1"},
		"mode":          {"ro"},
	}
	c.pragmas = []string{"trusted_schema = OFF"}
	cache := o.CacheBytes
	if write {
		cache *= 4 // what does not fit is spilled to the log and read back
	} else {
		c.pragmas = append(c.pragmas, "query_only = ON")
	}
	c.pragmas = append(c.pragmas, "cache_size = -"+strconv.FormatInt(cache>>10, 10))
	switch {
	case o.ReadOnly:
		if write {
			c.refuse = ErrReadOnly
		}
		if !fileHasBytes(db.book.path + "-wal") {
			// Nothing to recover, so neither a log nor an index is needed and
			// the folder may be read-only too.
			c.params.Set("immutable", "1")
		}
	case write:
		c.params.Set("mode", "rw")
		c.params.Set("_txlock", "immediate")
		// FULL: a commit that was reported is on the disk, power cut included.
		c.pragmas = append(c.pragmas, "synchronous = FULL",
			"journal_size_limit = "+strconv.Itoa(walKeepBytes))
	}
	return c
}

// walKeepBytes is the size a write-ahead log shrinks to after a checkpoint.
const walKeepBytes = 16 << 20

func fileHasBytes(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// connect opens the first connections, which recovers after a crash, and
// reads the schema, so that what is wrong shows now.
func (db *DB) connect(ctx context.Context) error {
	pools := []*sql.DB{db.writer, db.reader}
	if db.options.ReadOnly {
		pools = pools[1:]
	}
	for _, pool := range pools {
		var n int
		if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
			return fmt.Errorf("read schema: %w", err)
		}
	}
	return nil
}

// Writer returns the pool of the one connection that may write. Its
// transactions begin IMMEDIATE.
func (db *DB) Writer() *sql.DB { return db.writer }

// Reader returns the pool of read-only connections.
func (db *DB) Reader() *sql.DB { return db.reader }

// Path returns the absolute path of the file.
func (db *DB) Path() string { return db.book.path }

// Salt returns the salt of the file, to be remembered with its key.
func (db *DB) Salt() [SaltSize]byte { return db.book.salt }

// Damage returns what was left out when the file was opened with OpenDamaged,
// nil if nothing.
func (db *DB) Damage() *Damage { return db.damage }

// Checkpoint moves everything from the write-ahead log into the file and
// empties the log; the file then is a standard SQLCipher database. It waits
// for readers up to the busy timeout, then returns ErrBusy.
func (db *DB) Checkpoint(ctx context.Context) error {
	if db.options.ReadOnly {
		return fmt.Errorf("checkpoint %s: %w", db.book.path, ErrReadOnly)
	}
	c, err := db.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("checkpoint %s: %w", db.book.path, err)
	}
	defer c.Close()
	if err := checkpoint(ctx, c); err != nil {
		return fmt.Errorf("checkpoint %s: %w", db.book.path, err)
	}
	return nil
}

func checkpoint(ctx context.Context, c *sql.Conn) error {
	var busy, frames, moved int
	if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return ErrBusy
	}
	return nil
}

// Close ends all connections, moves the log into the file and forgets the
// key. If a caller still holds a connection or rows, everything committed is
// safe but the log stays until they are released, and Close says ErrBusy.
func (db *DB) Close() error {
	db.work.Lock()
	defer db.work.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	defer db.book.forget()
	err := db.reader.Close()
	err = errors.Join(err, db.writer.Close()) // the last one checkpoints and removes the log
	if err == nil && !db.options.ReadOnly && fileHasBytes(db.book.path+"-wal") {
		err = ErrBusy
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", db.book.path, err)
	}
	return nil
}
