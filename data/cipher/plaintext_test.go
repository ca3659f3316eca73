package cipher_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

// canary is in every row, index entry, temporary row and sort key of the
// child that exposes everything.
const canary = "canary-7f3a91.buyer@example.com"

// exposeEverything brings the database into the state that leaves most on
// disk: committed rows, an open change that was spilled to the log, a statement
// journal, a temporary table and a sort that do not fit in memory. Then it
// waits to be killed.
func exposeEverything(ctx context.Context, path string, key cipher.Key) error {
	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true, CacheBytes: 64 << 10})
	if err != nil {
		return err
	}
	script := workload.Schema + `
		CREATE TABLE secrets (n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, note TEXT);
		WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
		INSERT INTO secrets SELECT n, n || '` + canary + `', hex(randomblob(8)) || '` + canary + `' FROM c;`
	if _, err := db.Writer().ExecContext(ctx, script); err != nil {
		return err
	}
	if err := workload.Backfill(ctx, db.Writer(), 3000); err != nil {
		return err
	}
	sorted, err := db.Reader().QueryContext(ctx,
		"SELECT note || zeroblob(200) || body FROM secrets ORDER BY note || body || hex(randomblob(200))")
	if err != nil {
		return err
	}
	defer sorted.Close()
	if !sorted.Next() {
		return fmt.Errorf("nothing sorted: %w", sorted.Err())
	}
	tx, err := db.Writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range []string{
		"CREATE TEMP TABLE scratch AS SELECT body, note || hex(randomblob(100)) AS note FROM secrets",
		"CREATE INDEX temp.scratch_note ON scratch (note)",
		"SAVEPOINT half",
		"UPDATE secrets SET body = 'changed ' || body, note = note || note",
		"SAVEPOINT most",
		"UPDATE secrets SET body = body || n",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	say("1")
	select {}
}

// telltales are what must not be in any file.
func telltales(key cipher.Key) [][]byte {
	out := [][]byte{key[:], []byte(hex.EncodeToString(key[:])), []byte(strings.ToUpper(hex.EncodeToString(key[:])))}
	for _, s := range []string{canary, "CREATE TABLE", "Stainless steel bottle", "SKU-0", "SQLite format 3"} {
		out = append(out, []byte(s))
	}
	return out
}

// leaks names the telltale found in b, if any.
func leaks(b []byte, tales [][]byte) string {
	for _, t := range tales {
		if bytes.Contains(b, t) {
			return fmt.Sprintf("%.12q", t)
		}
	}
	return ""
}

// searchFiles looks through every file below the folders and returns how many
// bytes it has seen.
func searchFiles(t *testing.T, tales [][]byte, when string, dirs ...string) int {
	t.Helper()
	seen := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			b := readFile(t, path)
			seen += len(b)
			if s := leaks(b, tales); s != "" {
				t.Errorf("%s: %s holds %s in clear", when, filepath.Base(path), s)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

// searchOpenFiles looks through the files that a process has open, deleted
// ones included, and returns the bytes of the deleted ones.
func searchOpenFiles(t *testing.T, tales [][]byte, pid int) (deleted int) {
	t.Helper()
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(links) == 0 {
		t.Fatalf("no open files of process %d: %v", pid, err)
	}
	for _, link := range links {
		target, err := os.Readlink(link)
		info, serr := os.Stat(link)
		if err != nil || serr != nil || !strings.HasPrefix(target, "/") || !info.Mode().IsRegular() {
			continue // pipes and the like
		}
		b := readFile(t, link)
		if strings.HasSuffix(target, "(deleted)") {
			deleted += len(b)
		}
		if s := leaks(b, tales); s != "" {
			t.Errorf("open file %s holds %s in clear", target, s)
		}
	}
	return deleted
}

func TestNoPlaintextOnDisk(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	home, temp := filepath.Dir(path), t.TempDir()
	tales := telltales(key)
	if leaks([]byte("... "+canary+" ..."), tales) == "" {
		t.Fatal("the search finds nothing")
	}
	c := startChild(t, "expose", path, key, "SQLITE_TMPDIR="+temp, "TMPDIR="+temp)
	c.next(t)
	if n := searchFiles(t, tales, "while open", home, temp); n < 4<<20 {
		t.Fatalf("only %d bytes on disk while open", n)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if len(readFile(t, path+suffix)) == 0 {
			t.Fatalf("no %s while open", suffix)
		}
	}
	if runtime.GOOS == "linux" {
		if n := searchOpenFiles(t, tales, c.cmd.Process.Pid); n < 1<<20 {
			t.Fatalf("only %d bytes in temporary files: the sort did not spill", n)
		}
	}
	c.kill()
	searchFiles(t, tales, "after the kill", home, temp)

	db := reopen(t, path, key)
	searchFiles(t, tales, "after recovery", home, temp)
	if err := db.Compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	closeDB(t, db)
	searchFiles(t, tales, "after closing", home, temp)
	noCompanions(t, path)
}
