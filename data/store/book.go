package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"countinghouse/data/books"
	"countinghouse/data/cipher"
)

// Names of the files in a book's folder.
const (
	BookFile     = "book.db"
	PersonalFile = "personal.db"
	KeysFile     = "book.keys"
	lockFile     = "book.lock"
)

// ErrInUse reports that another process has the book open.
var ErrInUse = errors.New("this book is open in another window or command; close it there first")

// Keys opens the two databases of a book. Personal may be the zero key: the
// book then opens without people.
type Keys struct {
	Book     cipher.Key
	Personal cipher.Key
	Salts    map[string]string // file name to its salt in hex, where known: tells damage from a wrong key
}

// Book is an open book. Its methods may be called from several goroutines.
type Book struct {
	Dir string
	Now func() time.Time // the clock; time.Now unless a test sets it before use

	db       *cipher.DB
	personal *cipher.DB // nil when opened without the personal key
	lock     *flock.Flock
	damage   []string // sentences about what was found damaged at opening

	writing sync.Mutex // one Write at a time
	stmts   map[string]*sql.Stmt
	names   map[factName]int64
	rules   *books.Rules
	costs   *costList // unit costs, read once and again after a change
}

// Create makes a new book in dir: both databases with their tables. The folder
// must hold no databases yet.
func Create(ctx context.Context, dir string, keys Keys) (*Book, error) {
	for _, f := range []string{BookFile, PersonalFile} {
		if _, err := os.Lstat(filepath.Join(dir, f)); err == nil {
			return nil, fmt.Errorf("%s already holds a book; choose another name", dir)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the book's folder: %w", err)
	}
	return open(ctx, dir, keys, true)
}

// Open opens the book in dir. It fails with ErrInUse when another process has
// it open, and with the errors of data/cipher for a wrong key or a damaged file.
func Open(ctx context.Context, dir string, keys Keys) (*Book, error) {
	if _, err := os.Stat(filepath.Join(dir, BookFile)); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoBook, dir)
	}
	return open(ctx, dir, keys, false)
}

func open(ctx context.Context, dir string, keys Keys, create bool) (_ *Book, err error) {
	b := &Book{Dir: dir, Now: time.Now, stmts: map[string]*sql.Stmt{}, names: map[factName]int64{}}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	b.lock = flock.New(filepath.Join(dir, lockFile))
	if ok, err := b.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("lock the book: %w", err)
	} else if !ok {
		b.lock = nil
		return nil, ErrInUse
	}
	if b.db, err = b.openDatabase(ctx, BookFile, "migrations", keys.Book, create); err != nil {
		return nil, err
	}
	if keys.Personal != (cipher.Key{}) {
		if b.personal, err = b.openDatabase(ctx, PersonalFile, "personal", keys.Personal, create); err != nil {
			return nil, err
		}
	}
	if b.rules, err = b.loadRules(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Book) openDatabase(ctx context.Context, file, steps string, key cipher.Key, create bool) (*cipher.DB, error) {
	db, err := cipher.Open(ctx, filepath.Join(b.Dir, file), key, cipher.Options{Create: create})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	if err := migrate(ctx, db.Writer(), steps, time.Now().UnixMilli()); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Reader is the pool of read-only connections to book.db.
func (b *Book) Reader() *sql.DB { return b.db.Reader() }

// People is the pool of read-only connections to personal.db, nil when the
// book was opened without the personal key.
func (b *Book) People() *sql.DB {
	if b.personal == nil {
		return nil
	}
	return b.personal.Reader()
}

// Damage tells what was found damaged when the book was opened, one sentence
// each; nothing when all was well.
func (b *Book) Damage() []string { return b.damage }

// Checkpoint writes everything into the database files, so that they are
// complete SQLCipher databases by themselves.
func (b *Book) Checkpoint(ctx context.Context) error {
	err := b.db.Checkpoint(ctx)
	if b.personal != nil {
		err = errors.Join(err, b.personal.Checkpoint(ctx))
	}
	return err
}

// Close ends all use of the book and leaves plain SQLCipher files behind.
func (b *Book) Close() error {
	b.writing.Lock()
	defer b.writing.Unlock()
	var errs []error
	for _, s := range b.stmts {
		errs = append(errs, s.Close())
	}
	b.stmts = map[string]*sql.Stmt{}
	if b.personal != nil {
		errs = append(errs, b.personal.Close())
		b.personal = nil
	}
	if b.db != nil {
		errs = append(errs, b.db.Close())
		b.db = nil
	}
	if b.lock != nil {
		errs = append(errs, b.lock.Unlock())
		b.lock = nil
	}
	return errors.Join(errs...)
}
