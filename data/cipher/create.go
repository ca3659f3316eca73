package cipher

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Files being made have this in their name, followed by random letters. They
// become the database by one rename, so that an interrupted creation,
// compaction or re-keying leaves nothing but a leftover.
const makingMark = ".making-"

func makingName(path string) string { return path + makingMark + rand.Text() }

// removeLeftovers deletes what interrupted makings left. It is best effort:
// a leftover is encrypted and only takes room.
func removeLeftovers(path string) {
	dir, base := filepath.Split(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), base+makingMark) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// removeMaking deletes an unfinished file and its companions.
func removeMaking(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + suffix)
	}
}

// create makes an empty database at path, where nothing or an empty file is.
func create(ctx context.Context, path string, key Key, salt []byte) (err error) {
	var s [SaltSize]byte
	rand.Read(s[:])
	if len(salt) == SaltSize {
		copy(s[:], salt)
	}
	making := makingName(path)
	defer func() {
		if err != nil {
			removeMaking(making)
		}
	}()
	if err := reserveFile(making); err != nil {
		return err
	}
	b := registerBook(making, key, s)
	defer b.forget()
	if err := makeWAL(ctx, b, true); err != nil {
		return err
	}
	if err := putInPlace(making, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// reserveFile makes an empty file that only its owner may read; SQLite fills
// it later. It also says why nothing can be written here, which SQLite cannot.
func reserveFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make new file: %w", err)
	}
	return f.Close()
}

// makeWAL opens the file being made and gives it write-ahead mode, which is
// its first write if it is fresh. A rollback journal is used here, and is
// never needed again: an interrupted making is thrown away.
func makeWAL(ctx context.Context, b *book, fresh bool) error {
	c := &connector{book: b, reserve: fresh, params: map[string][]string{"mode": {"rw"}}}
	pool := sql.OpenDB(c)
	pool.SetMaxOpenConns(1)
	var mode string
	err := pool.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	if err == nil && mode != "wal" {
		err = fmt.Errorf("journal mode stays %q", mode)
	}
	if err != nil {
		pool.Close()
		return fmt.Errorf("set write-ahead mode: %w", err)
	}
	if err := pool.Close(); err != nil {
		return fmt.Errorf("close new file: %w", err)
	}
	if fileHasBytes(b.path + "-wal") {
		return fmt.Errorf("close new file: its log was not emptied")
	}
	return nil
}

// putInPlace makes the finished file durable and renames it to its name. The
// rename itself is durable after syncDir.
func putInPlace(from, to string) error {
	if err := syncPath(from, os.O_RDWR); err != nil {
		return fmt.Errorf("sync new file: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("put new file in place: %w", err)
	}
	return nil
}

func syncPath(path string, flag int) error {
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
