package cipher_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

// compatAnswer mirrors what the program in compat prints.
type compatAnswer struct {
	CipherIntegrity []string
	Integrity       []string
	Tables          map[string]workload.Table
	Nanoseconds     map[string]int64
}

// compatDir holds the built program until the end of the tests.
var compatDir string

var buildCompat = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "compat")
	if err != nil {
		return "", err
	}
	compatDir = dir
	program := filepath.Join(dir, "compat.exe")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = "compat"
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out), err
	}
	return program, nil
})

// compat runs the independent SQLCipher over a file.
func compat(t testing.TB, key cipher.Key, verb, path string, numbers ...int) compatAnswer {
	t.Helper()
	if testing.Short() {
		t.Skip("builds another SQLCipher")
	}
	program, err := buildCompat()
	if err != nil {
		t.Fatalf("build compat: %v\n%s", err, program)
	}
	args := []string{verb, path}
	for _, n := range numbers {
		args = append(args, strconv.Itoa(n))
	}
	cmd := exec.Command(program, args...)
	cmd.Stdin = bytes.NewBufferString(hex.EncodeToString(key[:]) + "\n")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("compat %s: %v: %s", verb, err, stderr.String())
	}
	var a compatAnswer
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// wantSame checks that the independent SQLCipher finds the file sound and
// with the rows that we see.
func wantSame(t *testing.T, path string, key cipher.Key, want map[string]workload.Table) {
	t.Helper()
	got := compat(t, key, "check", path)
	if len(got.CipherIntegrity) != 0 {
		t.Errorf("cipher_integrity_check: %v", got.CipherIntegrity)
	}
	if diff := cmp.Diff([]string{"ok"}, got.Integrity); diff != "" {
		t.Errorf("integrity_check: %s", diff)
	}
	if diff := cmp.Diff(want, got.Tables); diff != "" {
		t.Errorf("rows (ours -, theirs +): %s", diff)
	}
}

func TestIndependentSQLCipherReadsOurs(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	fill(t, db, 3000)
	want, err := workload.Tables(ctx, db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	closeDB(t, db)
	noCompanions(t, path)
	wantSame(t, path, key, want)

	t.Run("and after a compaction", func(t *testing.T) {
		db := reopen(t, path, key)
		if err := db.Compact(ctx); err != nil {
			t.Fatal(err)
		}
		closeDB(t, db)
		wantSame(t, path, key, want)
	})
	t.Run("and under another key", func(t *testing.T) {
		db, other := reopen(t, path, key), cipher.NewKey()
		if err := db.Rekey(ctx, other); err != nil {
			t.Fatal(err)
		}
		closeDB(t, db)
		wantSame(t, path, other, want)
	})
}

func TestWeReadIndependentSQLCipher(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	theirs := compat(t, key, "write", path, 2000)
	before := hashFile(t, path)

	ro, err := cipher.Open(ctx, path, key, cipher.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := workload.Tables(ctx, ro.Reader())
	if err != nil {
		t.Fatal(err)
	}
	closeDB(t, ro)
	if diff := cmp.Diff(theirs.Tables, got); diff != "" {
		t.Fatalf("read-only (theirs -, ours +): %s", diff)
	}
	if hashFile(t, path) != before {
		t.Fatal("reading changed the file")
	}

	db := reopen(t, path, key)
	if got, err = workload.Tables(ctx, db.Reader()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(theirs.Tables, got); diff != "" {
		t.Fatalf("(theirs -, ours +): %s", diff)
	}
	var mode string
	if err := db.Writer().QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Fatalf("journal mode %q, %v", mode, err)
	}
	if err := workload.Scatter(ctx, db.Writer(), 0); err != nil {
		t.Fatal(err)
	}
	closeDB(t, db)
	wantSame(t, path, key, theirs.Tables)
}
