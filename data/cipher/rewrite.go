package cipher

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// switchPatience is how long Compact and Rekey wait for readers to finish
// once the new file is ready; after it they give up and change nothing.
const switchPatience = 30 * time.Second

// Compact rewrites the file without free pages. Readers go on until the new
// file is ready, writers wait; memory stays at the size of the page cache, and
// the disk needs room for a second copy. Killed at any moment, the database is
// either the old or the new file. ErrBusy if readers do not finish in time.
func (db *DB) Compact(ctx context.Context) error {
	if err := db.rewrite(ctx, nil); err != nil {
		return fmt.Errorf("compact %s: %w", db.book.path, err)
	}
	return nil
}

// Rekey rewrites the whole file under another key; the salt stays. Old copies
// of the file do not open with the new key, the new file not with the old.
// Killed at any moment, the file is wholly under one of the two, so the
// caller keeps both until Rekey has returned. Otherwise like Compact.
func (db *DB) Rekey(ctx context.Context, key Key) error {
	if err := db.rewrite(ctx, &key); err != nil {
		return fmt.Errorf("re-key %s: %w", db.book.path, err)
	}
	return nil
}

// rewrite copies the database into a new file, under key if it is not nil,
// and puts that in place.
func (db *DB) rewrite(ctx context.Context, key *Key) error {
	if db.options.ReadOnly {
		return ErrReadOnly
	}
	db.work.Lock()
	defer db.work.Unlock()
	if db.closed {
		return sql.ErrConnDone
	}
	writer, err := db.writer.Conn(ctx) // from here on nothing is written
	if err != nil {
		return err
	}
	defer writer.Close()
	making, err := db.copyAside(ctx, writer, key)
	if err != nil {
		return err
	}
	if err := db.switchTo(ctx, making, writer, key); err != nil {
		removeMaking(making)
		return err
	}
	return db.connect(ctx)
}

// copyAside writes the database as the connection sees it to a new file,
// ready to be put in place, and returns its path.
func (db *DB) copyAside(ctx context.Context, from *sql.Conn, key *Key) (path string, err error) {
	making := makingName(db.book.path)
	b := registerBook(making, db.book.key, db.book.salt)
	defer b.forget()
	if key != nil {
		b.rekey(*key)
	}
	defer func() {
		if err != nil {
			removeMaking(making)
		}
	}()
	if err := reserveFile(making); err != nil {
		return "", err
	}
	target := fileURI(b, map[string][]string{"mode": {"rw"}})
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", target); err != nil {
		return "", fmt.Errorf("copy pages: %w", err)
	}
	if err := makeWAL(ctx, b, false); err != nil {
		return "", err
	}
	info, err := os.Stat(db.book.path)
	if err != nil {
		return "", err
	}
	if err := os.Chmod(making, info.Mode().Perm()); err != nil {
		return "", err
	}
	return making, nil
}

// switchTo closes every connection and renames making over the database. New
// connections wait at the gate meanwhile. The log must be gone before, or
// SQLite would apply it to the wrong file.
func (db *DB) switchTo(ctx context.Context, making string, writer *sql.Conn, key *Key) error {
	readers, err := db.takeReaders(ctx)
	defer func() {
		for _, c := range readers {
			c.Close()
		}
	}()
	if err != nil {
		return err
	}
	if err := checkpoint(ctx, writer); err != nil {
		return err
	}
	db.gate.Lock()
	defer db.gate.Unlock()
	for _, c := range append(readers, writer) {
		if err := drop(c); err != nil {
			return err
		}
	}
	if fileHasBytes(db.book.path + "-wal") {
		return ErrBusy // somebody else has the file open
	}
	if err := putInPlace(making, db.book.path); err != nil {
		return err
	}
	if key != nil {
		db.book.rekey(*key)
	}
	return syncDir(filepath.Dir(db.book.path))
}

// takeReaders takes every connection that the reader pool may have, which
// waits for those in use.
func (db *DB) takeReaders(ctx context.Context) ([]*sql.Conn, error) {
	wait, cancel := context.WithTimeoutCause(ctx, switchPatience, ErrBusy)
	defer cancel()
	var taken []*sql.Conn
	for range db.options.Readers {
		c, err := db.reader.Conn(wait)
		if err != nil {
			if cause := context.Cause(wait); cause != nil {
				err = cause
			}
			return taken, err
		}
		taken = append(taken, c)
	}
	return taken, nil
}

// drop closes the SQLite connection behind c for good.
func drop(c *sql.Conn) error {
	err := c.Raw(func(any) error { return driver.ErrBadConn })
	if err != nil && !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}

// adopt gives a file in rollback mode write-ahead mode by copying it, before
// the first connection is used.
func (db *DB) adopt(ctx context.Context) error {
	c := &connector{book: db.book, params: map[string][]string{"mode": {"ro"}}}
	pool := sql.OpenDB(c)
	defer pool.Close()
	from, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	making, err := db.copyAside(ctx, from, nil)
	if err != nil {
		from.Close()
		return err
	}
	if err := drop(from); err != nil {
		removeMaking(making)
		return err
	}
	if err := putInPlace(making, db.book.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(db.book.path))
}
