package cipher_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"countinghouse/data/cipher"
)

func init() {
	roles["full"] = fillDisk
	roles["big"] = buildBig
}

// fillDisk works under a limit on the size of files, which is how a full disk
// looks to the program, and says each commit, then the error.
func fillDisk(ctx context.Context, path string, key cipher.Key) error {
	signal.Ignore(syscall.SIGXFSZ)
	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true})
	if err != nil {
		return err
	}
	if _, err := db.Writer().ExecContext(ctx, ledger); err != nil {
		return err
	}
	limit := unix.Rlimit{Cur: 3 << 20, Max: 3 << 20}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for {
		last, err := writeSome(ctx, db)
		if err == nil {
			say("%d", last)
			continue
		}
		say("full %v: %v", errors.Is(err, cipher.ErrDiskFull), err)
		var n int
		if err := db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM ledger").Scan(&n); err != nil {
			return fmt.Errorf("reading on a full disk: %w", err)
		}
		say("rows %d", n)
		select {}
	}
}

func TestFullDisk(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	c := startChild(t, "full", path, key)
	last := 0
	for {
		line := c.next(t)
		if n, err := strconv.Atoi(line); err == nil {
			last = n
			continue
		}
		t.Log(line)
		if !strings.HasPrefix(line, "full true: the disk is full") {
			t.Fatalf("after row %d the child says %q", last, line)
		}
		break
	}
	if got := c.next(t); last == 0 || got != fmt.Sprintf("rows %d", last) {
		t.Fatalf("%d rows were acknowledged, the child says %q", last, got)
	}
	c.kill()
	checkLedger(t, path, key, last)
}

// readOnlyFolder makes a folder that even root cannot write, with the files in
// it, or skips.
func readOnlyFolder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	lock := func() error { return os.Chmod(dir, 0o555) }
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	if os.Geteuid() == 0 { // root ignores modes
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
			t.Skipf("root, and no mount: %v", err)
		}
		t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
		lock = func() error { return unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, "") }
	}
	for name, b := range files {
		writeFile(t, filepath.Join(dir, name), b)
	}
	if err := lock(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReadOnlyFolder(t *testing.T) {
	ctx := context.Background()
	source, key := bookPath(t), cipher.NewKey()
	newLedger(t, source, key, 100)
	dir := readOnlyFolder(t, map[string][]byte{"book.db": readFile(t, source)})
	path := filepath.Join(dir, "book.db")
	before := folder(t, dir)
	for name, try := range map[string]func() error{
		"open": func() error {
			db, err := cipher.Open(ctx, path, key, cipher.Options{})
			if err == nil {
				db.Close()
			}
			return err
		},
		"create": func() error {
			_, err := cipher.Open(ctx, filepath.Join(dir, "new.db"), key, cipher.Options{Create: true})
			return err
		},
	} {
		err := try()
		if !errors.Is(err, cipher.ErrReadOnly) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		oneSentence(t, err, key)
	}
	db := open(t, path, key, cipher.Options{ReadOnly: true})
	if rows, err := ledgerRows(db, ledgerQueries[0]); err != nil || len(rows) != 100 {
		t.Errorf("reading: %d rows, %v", len(rows), err)
	}
	closeDB(t, db)
	if report, err := cipher.Verify(ctx, path, key); err != nil || report.Err(path) != nil {
		t.Errorf("%+v, %v", report, err)
	}
	if after := folder(t, dir); after != before {
		t.Errorf("the folder changed from\n%s\nto\n%s", before, after)
	}
}

// buildBig makes a database of more than 100 MB, reads, checkpoints, compacts
// and re-keys it, and says the size and the most memory it ever had.
func buildBig(ctx context.Context, path string, key cipher.Key) error {
	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true})
	if err != nil {
		return err
	}
	script := `CREATE TABLE big (n INTEGER PRIMARY KEY, body BLOB NOT NULL); CREATE INDEX big_body ON big (substr(body, 1, 40));
		WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 120000)
		INSERT INTO big SELECT n, randomblob(900) FROM c`
	if _, err := db.Writer().ExecContext(ctx, script); err != nil {
		return err
	}
	var n int
	if err := db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM (SELECT body FROM big ORDER BY substr(body, 3))").Scan(&n); err != nil {
		return err
	}
	for name, do := range map[string]func() error{
		"checkpoint": func() error { return db.Checkpoint(ctx) },
		"compact":    func() error { return db.Compact(ctx) },
		"re-key":     func() error { return db.Rekey(ctx, key) },
	} {
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := db.Close(); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	peak, err := peakMemory()
	if err != nil {
		return err
	}
	say("%d", info.Size())
	say("%d", peak)
	return nil
}

// peakMemory is the process's largest resident size in bytes, C included.
func peakMemory() (int64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmHWM in /proc/self/status")
}

func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("writes 100 MB several times, and measures memory")
	}
	path, key := bookPath(t), cipher.NewKey()
	c := startChild(t, "big", path, key)
	size, err1 := strconv.ParseInt(c.next(t), 10, 64)
	peak, err2 := strconv.ParseInt(c.next(t), 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	t.Logf("file %d MiB, most memory %d MiB", size>>20, peak>>20)
	if size < 100<<20 {
		t.Fatalf("the file has only %d bytes", size)
	}
	// 64 MiB shared cache, 16 + 4 MiB of SQLite's, the Go runtime and slack.
	if peak > 160<<20 {
		t.Fatalf("%d MiB of memory for a file of %d MiB", peak>>20, size>>20)
	}
}
