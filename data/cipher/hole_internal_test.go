package cipher

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// TestTheLockPageStaysAHole grows a database over 1 GiB. The page of SQLite's
// lock bytes is never written: Windows refuses that even to who holds the lock,
// and the checkpoint would fail there for ever.
func TestTheLockPageStaysAHole(t *testing.T) {
	ctx, path, key := context.Background(), filepath.Join(t.TempDir(), "book.db"), NewKey()
	db, err := Open(ctx, path, key, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(ctx, "CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB)"); err != nil {
		t.Fatal(err)
	}
	salt := db.Salt()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	growTo(t, path, key, salt, lockPage-1)

	if db, err = Open(ctx, path, key, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(ctx, "INSERT INTO t VALUES (1, randomblob(20000))"); err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pages := make([]byte, 2*PageSize)
	if _, err := f.ReadAt(pages, (lockPage-1)*PageSize); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pages[:PageSize], make([]byte, PageSize)) {
		t.Error("the page of the lock bytes was written")
	}
	if bytes.Equal(pages[PageSize:], make([]byte, PageSize)) {
		t.Error("the page after it was not written")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(ctx, path, key, Options{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var size int
	if err := db.Reader().QueryRowContext(ctx, "SELECT length(body) FROM t").Scan(&size); err != nil || size != 20000 {
		t.Errorf("%d bytes, %v", size, err)
	}
}

// growTo makes a closed database claim that many pages; those in between are
// holes of the file, which nobody reads.
func growTo(t *testing.T, path string, key Key, salt [SaltSize]byte, pages uint32) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	codec, err := newPageCodec(key, salt)
	if err != nil {
		t.Fatal(err)
	}
	page := make([]byte, PageSize)
	if _, err := f.ReadAt(page, 0); err != nil || !codec.decrypt(1, page, page) {
		t.Fatalf("page 1: %v", err)
	}
	binary.BigEndian.PutUint32(page[28:], pages)
	codec.encrypt(1, page, page)
	if _, err := f.WriteAt(page, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(int64(pages) * PageSize); err != nil {
		t.Fatal(err)
	}
}
