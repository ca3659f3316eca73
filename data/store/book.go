package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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

// FileError tells which file of a book could not be opened, and why.
type FileError struct {
	File string // its name in the book's folder, such as BookFile
	Err  error
}

// Error is the name of the file and the cause.
func (e *FileError) Error() string { return fmt.Sprintf("open %s: %v", e.File, e.Err) }

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Keys opens the two databases of a book. Personal may be the zero key: the
// book then opens without people.
type Keys struct {
	Book     cipher.Key
	Personal cipher.Key
	Salts    map[string]string // file name to its salt in hex, where known: tells damage from a wrong key
	// NextPersonal is set while the personal key is being changed: personal.db
	// is under one of the two. Rekeyed tells which after opening.
	NextPersonal cipher.Key
	// AcceptDamage opens although the log of an interrupted run was changed
	// since; a copy of it is kept and Damage tells what may be missing.
	AcceptDamage bool
}

// Book is an open book. Its methods may be called from several goroutines.
type Book struct {
	Dir string
	Now func() time.Time // the clock; time.Now unless a test sets it before use

	db       *cipher.DB
	personal *cipher.DB // nil when opened without the personal key
	rekeyed  bool       // personal.db opened with NextPersonal
	closed   bool       // guarded by writing
	lock     *flock.Flock
	damage   []*cipher.Damage // what was left out at opening

	writing sync.Mutex // one Write at a time
	stmts   map[string]*sql.Stmt
	names   map[factName]int64
	rules   atomic.Pointer[books.Rules] // changed within a Write only
	costs   *books.Costs                // read once, nil after a change
	basis   *costBasis                  // the same
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
// it open, and with a FileError around those of data/cipher for a wrong key or a
// damaged file.
func Open(ctx context.Context, dir string, keys Keys) (*Book, error) {
	if _, err := os.Stat(filepath.Join(dir, BookFile)); errors.Is(err, os.ErrNotExist) {
		return nil, &FileError{BookFile, fmt.Errorf("%w in %s", ErrNoBook, dir)}
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
	if b.lock, err = lock(dir); err != nil {
		return nil, err
	}
	if b.db, err = b.openDatabase(ctx, BookFile, "migrations", keys.Book, keys, create); err != nil {
		return nil, err
	}
	if err = endKilledRuns(ctx, b.db.Writer()); err != nil {
		return nil, err
	}
	// A book from before the sums of orders has them made now.
	if err := b.Write(ctx, func(*Tx) error { return nil }); err != nil {
		return nil, err
	}
	if !keys.Personal.IsZero() {
		if err := b.openPersonal(ctx, keys, create); err != nil {
			return nil, err
		}
	}
	if err := b.loadRules(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

// lock keeps other processes out of the book's folder until it is unlocked, or
// until this process ends.
func lock(dir string) (*flock.Flock, error) {
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock the book: %w", err)
	case !ok:
		return nil, ErrInUse
	}
	return l, nil
}

// Lock holds the book in dir without opening it; release lets go. ErrInUse when
// another process has it open.
func Lock(dir string) (release func(), err error) {
	l, err := lock(dir)
	if err != nil {
		return nil, err
	}
	return func() { l.Unlock() }, nil
}

func (b *Book) openPersonal(ctx context.Context, keys Keys, create bool) (err error) {
	b.personal, err = b.openDatabase(ctx, PersonalFile, "personal", keys.Personal, keys, create)
	if err != nil && !keys.NextPersonal.IsZero() && (errors.Is(err, cipher.ErrWrongKey) || errors.Is(err, cipher.ErrSaltDamaged)) {
		b.personal, err = b.openDatabase(ctx, PersonalFile, "personal", keys.NextPersonal, keys, create)
		b.rekeyed = err == nil
	}
	return err
}

func (b *Book) openDatabase(ctx context.Context, file, steps string, key cipher.Key, keys Keys, create bool) (*cipher.DB, error) {
	o := cipher.Options{Create: create, OpenDamaged: keys.AcceptDamage}
	if file == PersonalFile { // a few hundred rows, seldom read
		o.CacheBytes, o.SharedCacheBytes, o.Readers = 1<<20, -1, 2
	}
	if salt, err := hex.DecodeString(keys.Salts[file]); err == nil && len(salt) == cipher.SaltSize {
		o.Salt = salt
	}
	db, err := cipher.Open(ctx, filepath.Join(b.Dir, file), key, o)
	if err != nil {
		return nil, &FileError{file, err}
	}
	if d := db.Damage(); d != nil {
		b.damage = append(b.damage, d)
	}
	if err := migrate(ctx, db.Writer(), steps, time.Now().UnixMilli()); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Salts tells the salts of the databases by file name, in hex, to be kept with
// the keys.
func (b *Book) Salts() map[string]string {
	salt := b.db.Salt()
	salts := map[string]string{BookFile: hex.EncodeToString(salt[:])}
	if b.personal != nil {
		salt = b.personal.Salt()
		salts[PersonalFile] = hex.EncodeToString(salt[:])
	}
	return salts
}

// Rekeyed tells that personal.db was found under the next personal key.
func (b *Book) Rekeyed() bool { return b.rekeyed }

// RekeyPersonal rewrites personal.db under another key.
func (b *Book) RekeyPersonal(ctx context.Context, key cipher.Key) error {
	if b.personal == nil {
		return ErrNoPeople
	}
	return b.personal.Rekey(ctx, key)
}

// Verify reads every page of the book's databases and checks it.
func (b *Book) Verify(ctx context.Context) (pages int, err error) {
	for _, db := range []*cipher.DB{b.db, b.personal} {
		if db == nil {
			continue
		}
		r, err := db.Verify(ctx)
		if err != nil {
			return pages, err
		}
		pages += int(r.Pages)
		if err := r.Err(db.Path()); err != nil {
			return pages, err
		}
	}
	return pages, nil
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

// Damage tells what was left out of which file when the book was opened with
// AcceptDamage; nothing when all was well.
func (b *Book) Damage() []*cipher.Damage { return b.damage }

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
	// The databases stay where they are: a query that comes too late gets an
	// error from a closed pool.
	if b.personal != nil && !b.closed {
		errs = append(errs, b.personal.Close())
	}
	if b.db != nil && !b.closed {
		errs = append(errs, b.db.Close())
	}
	b.closed = true
	if b.lock != nil {
		errs = append(errs, b.lock.Unlock())
		b.lock = nil
	}
	return errors.Join(errs...)
}
