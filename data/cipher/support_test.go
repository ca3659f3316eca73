package cipher_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

func bookPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "book #1, 50% ünï.db") // a name that needs escaping
}

func openNew(t testing.TB, path string, key cipher.Key) *cipher.DB {
	t.Helper()
	return open(t, path, key, cipher.Options{Create: true})
}

func reopen(t testing.TB, path string, key cipher.Key) *cipher.DB {
	t.Helper()
	return open(t, path, key, cipher.Options{})
}

func open(t testing.TB, path string, key cipher.Key, o cipher.Options) *cipher.DB {
	t.Helper()
	db, err := cipher.Open(context.Background(), path, key, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func closeDB(t testing.TB, db *cipher.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// fill makes the workload's tables with n rows each.
func fill(t testing.TB, db *cipher.DB, n int) {
	t.Helper()
	ctx := context.Background()
	sqlExec(t, db, workload.Schema)
	if err := workload.Scatter(ctx, db.Writer(), n); err != nil {
		t.Fatal(err)
	}
	if err := workload.Backfill(ctx, db.Writer(), n); err != nil {
		t.Fatal(err)
	}
}

func sqlExec(t testing.TB, db *cipher.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Writer().ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// noCompanions checks that the database is its file alone.
func noCompanions(t testing.TB, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("left beside the database: %s", e.Name())
		}
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// hashFile returns "absent" for a file that is not there.
func hashFile(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "absent"
	}
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
