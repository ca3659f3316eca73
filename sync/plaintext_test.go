package appsync_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
)

// telltales are values that must not be in any file in clear.
type telltales map[string][]byte // what it is to its bytes

func (ts telltales) text(what, value string) {
	if len(value) < 6 {
		return // may come by chance
	}
	ts[what+" "+value] = []byte(value)
	wide := utf16.Encode([]rune(value))
	little, big := make([]byte, 0, 2*len(wide)), make([]byte, 0, 2*len(wide))
	for _, c := range wide {
		little = append(little, byte(c), byte(c>>8))
		big = append(big, byte(c>>8), byte(c))
	}
	ts[what+" in UTF-16LE "+value], ts[what+" in UTF-16BE "+value] = little, big
}

func (ts telltales) key(what string, raw []byte) {
	ts[what] = raw
	ts[what+" in hex"] = []byte(hex.EncodeToString(raw))
	ts[what+" in upper hex"] = []byte(strings.ToUpper(hex.EncodeToString(raw)))
}

// within names the telltales found in b.
func (ts telltales) within(b []byte) (found []string) {
	for what, value := range ts {
		if bytes.Contains(b, value) {
			found = append(found, what)
		}
	}
	return found
}

// telltalesOf collects what a synced book and its seller know.
func telltalesOf(t *testing.T, b *store.Book, s *spapifake.Server) telltales {
	t.Helper()
	ts := telltales{}
	for what, q := range map[string]string{
		"order id":    `SELECT order_id FROM orders ORDER BY updated_at DESC LIMIT 40`,
		"old order":   `SELECT order_id FROM orders ORDER BY updated_at LIMIT 20`,
		"SKU":         `SELECT DISTINCT sku FROM order_item LIMIT 30`,
		"ASIN":        `SELECT DISTINCT asin FROM order_item LIMIT 30`,
		"title":       `SELECT DISTINCT title FROM order_item LIMIT 40`,
		"settlement":  `SELECT settlement_id FROM settlement LIMIT 10`,
		"transaction": `SELECT transaction_id FROM financial_transaction LIMIT 20`,
		"seller":      `SELECT seller_id FROM connection`,
		"schema":      `SELECT substr(sql, 1, 40) FROM sqlite_schema WHERE sql IS NOT NULL LIMIT 10`,
	} {
		rows, err := b.Reader().QueryContext(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var v string
			if err := rows.Scan(&v); err != nil {
				t.Fatal(err)
			}
			ts.text(what, v)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	for i, p := range s.KnownPeople() {
		for _, v := range p.Secrets() {
			if i < 20 {
				ts.text("person", v)
			}
		}
	}
	for _, v := range s.KnownSecrets() {
		ts.text("secret", v)
	}
	ts.key("key of the book", testKeys.Book[:])
	ts.key("key of people", testKeys.Personal[:])
	if len(ts) < 500 {
		t.Fatalf("only %d values to look for", len(ts))
	}
	return ts
}

// search looks through every file below the folders.
func (ts telltales) search(t *testing.T, when string, dirs ...string) (files []string, size int64) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files, size = append(files, filepath.Base(path)), size+int64(len(b))
			for _, what := range ts.within(b) {
				t.Errorf("%s: %s holds the %.40q", when, filepath.Base(path), what)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files, size
}

// No file of a book, its log, shared memory and temporary files included, shows
// a name, an id, a title or a key: while it is open after a sync, after a kill
// in the middle of one, and after it was closed.
func TestNoPlaintextInAnyFile(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "SQLITE_TMPDIR"} {
		t.Setenv(name, temp)
	}
	s := seller(t, spapifake.Config{Seed: 9, Orders: 400, Days: 90})
	open := newBook(t, s)
	syncAll(t, open, s)
	ts := telltalesOf(t, open, s)
	sample := []byte("..." + s.KnownPeople()[0].Name + "...")
	if len(ts.within(sample)) == 0 {
		t.Fatal("the search finds nothing")
	}

	files, size := ts.search(t, "open", open.Dir, temp)
	for _, want := range []string{"book.db-wal", "book.db-shm", "personal.db-wal"} {
		if !contains(files, want) {
			t.Errorf("no %s while the book is open: %v", want, files)
		}
	}
	if size < 1<<20 {
		t.Errorf("only %d bytes were searched", size)
	}

	killed := killedMidSync(t, s, 25)
	for _, k := range s.KnownSecrets() { // the tokens of the child too
		ts.text("secret", k)
	}
	if files, size = ts.search(t, "after a kill", killed, temp); !contains(files, "book.db-wal") || size < 64<<10 {
		t.Errorf("after the kill: %v, %d bytes", files, size)
	}
	again, err := store.Open(t.Context(), killed, testKeys)
	if err != nil {
		t.Fatal(err)
	}
	ts.search(t, "after recovery", killed, temp)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	dir := open.Dir
	if err := open.Close(); err != nil {
		t.Fatal(err)
	}
	if files, _ = ts.search(t, "closed", dir, killed, temp); contains(files, "book.db-wal") {
		t.Errorf("a closed book leaves %v", files)
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// killedMidSync makes a book, syncs it in another process, kills that after so
// many pages, and gives the folder.
func killedMidSync(t *testing.T, s *spapifake.Server, pages int) string {
	t.Helper()
	b, err := store.Create(t.Context(), t.TempDir(), testKeys)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, b, s)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if err := json.NewEncoder(in).Encode(childOf(b.Dir, s)); err != nil {
		t.Fatal(err)
	}
	in.Close()
	stop := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer stop.Stop()
	lines := bufio.NewScanner(out)
	for range pages {
		if !lines.Scan() {
			t.Fatal(fmt.Errorf("the child ended early: %w", cmd.Wait()))
		}
	}
	if err := cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	return b.Dir
}
