package cipher_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/cipher"
)

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func TestRefusals(t *testing.T) {
	key := cipher.NewKey()
	template := bookPath(t)
	newLedger(t, template, key, 100)
	good := readFile(t, template)
	create := cipher.Options{Create: true}
	for _, tc := range []struct {
		name    string
		file    []byte // nil: no file
		beside  map[string][]byte
		key     cipher.Key
		options cipher.Options
		want    error
	}{
		{name: "no file", key: key, want: cipher.ErrMissing},
		{name: "no file is fs.ErrNotExist", key: key, want: fs.ErrNotExist},
		{name: "wrong key", file: good, key: cipher.NewKey(), want: cipher.ErrWrongKey},
		{name: "wrong key and create", file: good, key: cipher.NewKey(), options: create, want: cipher.ErrWrongKey},
		{name: "empty", file: []byte{}, key: key, want: cipher.ErrEmpty},
		{name: "empty, for reading", file: []byte{}, key: key, options: cipher.Options{ReadOnly: true, Create: true}, want: cipher.ErrEmpty},
		{name: "one byte", file: good[:1], key: key, options: create, want: cipher.ErrTruncated},
		{name: "half a page", file: good[:2000], key: key, options: create, want: cipher.ErrTruncated},
		{name: "the last page cut", file: good[:len(good)-1], key: key, options: create, want: cipher.ErrTruncated},
		{name: "half the pages", file: good[:len(good)/2/4096*4096], key: key, options: create, want: cipher.ErrTruncated},
		{name: "the first page alone", file: good[:4096], key: key, want: cipher.ErrTruncated},
		{name: "plain SQLite", file: append([]byte("SQLite format 3\x00"), random(8176)...), key: key, options: create, want: cipher.ErrForeign},
		{name: "a text", file: []byte(strings.Repeat("Dear seller, ", 900)), key: key, options: create, want: cipher.ErrForeign},
		{name: "a short text", file: []byte("hello\n"), key: key, options: create, want: cipher.ErrForeign},
		{name: "a zip", file: append([]byte("PK\x03\x04"), random(9000)...), key: key, want: cipher.ErrForeign},
		{name: "zeros", file: make([]byte, 3*4096), key: key, options: create, want: cipher.ErrForeign},
		{name: "noise", file: random(3 * 4096), key: key, options: create, want: cipher.ErrWrongKey},
		{name: "another program's journal", file: good, beside: map[string][]byte{"-journal": append([]byte("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"), random(600)...)}, key: key, want: cipher.ErrForeignChange},
		{name: "a log without its file", beside: map[string][]byte{"-wal": random(5000)}, key: key, options: create, want: cipher.ErrTruncated},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := bookPath(t)
			if tc.file != nil {
				writeFile(t, path, tc.file)
			}
			for suffix, b := range tc.beside {
				writeFile(t, path+suffix, b)
			}
			before := folder(t, filepath.Dir(path))
			db, err := cipher.Open(context.Background(), path, tc.key, tc.options)
			if err == nil {
				db.Close()
			}
			if !errors.Is(err, tc.want) {
				t.Fatalf("error is %v", err)
			}
			oneSentence(t, err, tc.key)
			if after := folder(t, filepath.Dir(path)); after != before {
				t.Fatalf("the folder changed from\n%s\nto\n%s", before, after)
			}
		})
	}
}

// folder describes every file below dir by name and content.
func folder(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for _, e := range entries {
		fmt.Fprintln(&s, e.Name(), hashFile(t, filepath.Join(dir, e.Name())))
	}
	return s.String()
}

func oneSentence(t *testing.T, err error, key cipher.Key) {
	t.Helper()
	s := err.Error()
	if strings.ContainsAny(s, "\n") || len(s) > 400 || strings.Contains(s, fmt.Sprintf("%x", key[:])) {
		t.Errorf("not one clear sentence: %s", s)
	}
	t.Log(s)
}

func TestSecondOpenIsRefused(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	for _, p := range []string{path, link} {
		if _, err := cipher.Open(context.Background(), p, key, cipher.Options{}); !errors.Is(err, cipher.ErrInUse) {
			t.Fatalf("%s: %v", p, err)
		}
	}
	closeDB(t, db)
	closeDB(t, reopen(t, link, key))
}

func TestEmptyFileBecomesDatabaseOnlyWithCreate(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	writeFile(t, path, nil)
	db := open(t, path, key, cipher.Options{Create: true, Salt: []byte("0123456789abcdef")})
	sqlExec(t, db, ledger)
	closeDB(t, db)
	noCompanions(t, path)
	if !bytes.HasPrefix(readFile(t, path), []byte("0123456789abcdef")) {
		t.Fatal("not the salt that was asked for")
	}
}

func TestReadOnlyChangesNothing(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	newLedger(t, path, key, 100)
	before := folder(t, filepath.Dir(path))
	db := open(t, path, key, cipher.Options{ReadOnly: true})
	if rows, err := ledgerRows(db, ledgerQueries[1]); err != nil || len(rows) != 100 {
		t.Fatal(len(rows), err)
	}
	if _, err := db.Reader().ExecContext(ctx, "DELETE FROM ledger"); !errors.Is(err, cipher.ErrReadOnly) {
		t.Fatalf("writing through a reader: %v", err)
	}
	if _, err := db.Writer().ExecContext(ctx, "DELETE FROM ledger"); !errors.Is(err, cipher.ErrReadOnly) {
		t.Fatalf("writing through the writer: %v", err)
	}
	for name, do := range map[string]func(context.Context) error{"checkpoint": db.Checkpoint, "compact": db.Compact} {
		if err := do(ctx); !errors.Is(err, cipher.ErrReadOnly) {
			t.Fatalf("%s: %v", name, err)
		}
	}
	closeDB(t, db)
	if after := folder(t, filepath.Dir(path)); after != before {
		t.Fatalf("the folder changed from\n%s\nto\n%s", before, after)
	}
}

func TestReaderCannotWrite(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	sqlExec(t, db, ledger)
	for _, q := range []string{"INSERT INTO ledger VALUES (1, '')", "PRAGMA query_only = OFF; DELETE FROM ledger"} {
		if _, err := db.Reader().Exec(q); !errors.Is(err, cipher.ErrReadOnly) {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestUnregisteredFilesAreRefused(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	plain := filepath.Join(t.TempDir(), "plain.db")
	for _, target := range []string{plain, "file:" + plain + "?book=999", "file:" + plain + "?book=x"} {
		if _, err := db.Writer().Exec("ATTACH ? AS other", target); err == nil {
			t.Errorf("attached %s", target)
		}
		if _, err := db.Writer().Exec("VACUUM INTO ?", target); err == nil {
			t.Errorf("copied to %s", target)
		}
	}
	if hashFile(t, plain) != "absent" {
		t.Fatal("a file in clear was made")
	}
}

func TestSettingsOfEveryConnection(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	for _, tc := range []struct{ pragma, writer, reader string }{
		{"foreign_keys", "1", "1"}, {"journal_mode", "wal", "wal"}, {"query_only", "0", "1"},
		{"synchronous", "2", ""}, {"busy_timeout", "10000", "10000"}, {"trusted_schema", "0", "0"},
	} {
		var w, r string
		if err := db.Writer().QueryRow("PRAGMA " + tc.pragma).Scan(&w); err != nil || w != tc.writer {
			t.Errorf("writer %s = %s, %v", tc.pragma, w, err)
		}
		if err := db.Reader().QueryRow("PRAGMA " + tc.pragma).Scan(&r); err != nil || tc.reader != "" && r != tc.reader {
			t.Errorf("reader %s = %s, %v", tc.pragma, r, err)
		}
	}
}
