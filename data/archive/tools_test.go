package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"countinghouse/data/archive"
)

func TestEncrypted(t *testing.T) {
	db := sampleBook(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	pass, err := age.NewScryptIdentity("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		o  archive.ExportOptions
		id age.Identity
	}{
		"passphrase":   {archive.ExportOptions{Passphrase: func() (string, error) { return "correct horse battery", nil }}, pass},
		"recipient":    {archive.ExportOptions{Recipients: []age.Recipient{id.Recipient()}}, id},
		"post-quantum": {archive.ExportOptions{Recipients: []age.Recipient{hybrid.Recipient()}}, hybrid},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Out = filepath.Join(t.TempDir(), "book.zip.age")
			c.o.BookName = "Cedar & Sons"
			sum, err := archive.Export(context.Background(), db, c.o)
			if err != nil || !sum.Encrypted {
				t.Fatalf("%+v, %v", sum, err)
			}
			data, err := os.ReadFile(c.o.Out)
			if err != nil || bytes.Contains(data, []byte("orders")) || bytes.Contains(data, []byte("PK")) && bytes.Contains(data, []byte("csv/")) {
				t.Errorf("something is in the clear, %v", err)
			}
			r, err := archive.Verify(context.Background(), c.o.Out, c.id)
			if err != nil || r.Book != "Cedar & Sons" || r.Tables["orders"] != int64(len(hardTexts)+3) || !r.Encrypted {
				t.Errorf("verify: %+v, %v", r, err)
			}
			other, err := age.GenerateX25519Identity()
			if err != nil {
				t.Fatal(err)
			}
			for _, ids := range [][]age.Identity{nil, {other}} {
				if _, err := archive.Verify(context.Background(), c.o.Out, ids...); !errors.Is(err, archive.ErrLocked) {
					t.Errorf("with the wrong key: %v", err)
				}
			}
		})
	}
	mixed := archive.ExportOptions{Out: filepath.Join(t.TempDir(), "m.zip.age"), Recipients: []age.Recipient{id.Recipient(), hybrid.Recipient()}}
	if _, err := archive.Export(context.Background(), db, mixed); err == nil {
		t.Error("recipients that weaken each other were taken")
	}
}

func TestStockTools(t *testing.T) {
	for _, tool := range []string{"unzip", "sha256sum"} {
		if _, err := runTool(tool, "--help"); errors.Is(err, exec.ErrNotFound) {
			t.Skipf("no %s here", tool)
		}
	}
	db := sampleBook(t)
	addDocument(t, db, "report", []byte("a\tb\n"))
	sum, _ := exportTo(t, db, archive.ExportOptions{BookName: "Cedar & Sons", AppVersion: "1.0"})
	dir := t.TempDir()
	if out, err := runTool("unzip", "-q", sum.Path, "-d", dir); err != nil {
		t.Fatalf("unzip: %v\n%s", err, out)
	}
	check := exec.Command("sha256sum", "--strict", "-c", "manifest-sha256.txt")
	check.Dir = dir
	out, err := check.CombinedOutput()
	if n := strings.Count(string(out), ": OK\n"); err != nil || n != sum.Files-1 {
		t.Errorf("sha256sum: %v, %d of %d\n%s", err, n, sum.Files-1, out)
	}
	if _, err := exec.LookPath("sqlite3"); err != nil {
		return
	}
	out, err = runTool("sqlite3", ":memory:", ".import --csv "+filepath.Join(dir, "csv/orders.csv")+" orders",
		"SELECT count(*), sum(CAST(total_minor AS INTEGER)) FROM orders WHERE connection_id = 'na'")
	var n, want int64
	if err := db.QueryRow(`SELECT count(*), sum(total_minor) FROM orders WHERE connection_id = 'na'`).Scan(&n, &want); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); err != nil || got != fmt.Sprintf("%d|%d", n, want) {
		t.Errorf("sqlite3 reads %q, want %d|%d (%v)", got, n, want, err)
	}
}

func runTool(name string, args ...string) ([]byte, error) {
	return exec.Command(name, args...).CombinedOutput()
}
