package store_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
)

func span(from, to int) store.Interval {
	return store.Interval{From: now.Add(time.Duration(from) * time.Hour), To: now.Add(time.Duration(to) * time.Hour)}
}

// Spans that touch become one; others stay apart, whatever order they come in.
func TestCoverageJoins(t *testing.T) {
	for _, tc := range []struct {
		name      string
		add, want []store.Interval
	}{
		{"apart", []store.Interval{span(0, 1), span(2, 3)}, []store.Interval{span(0, 1), span(2, 3)}},
		{"touching", []store.Interval{span(0, 1), span(1, 3)}, []store.Interval{span(0, 3)}},
		{"overlapping", []store.Interval{span(1, 4), span(0, 2)}, []store.Interval{span(0, 4)}},
		{"within", []store.Interval{span(0, 9), span(2, 3)}, []store.Interval{span(0, 9)}},
		{"around", []store.Interval{span(2, 3), span(5, 6), span(0, 9)}, []store.Interval{span(0, 9)}},
		{"filling a gap", []store.Interval{span(0, 1), span(4, 5), span(1, 4)}, []store.Interval{span(0, 5)}},
		{"empty", []store.Interval{span(3, 3), span(4, 2)}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, backwards := range []bool{false, true} {
				b := newBook(t)
				add := slices.Clone(tc.add)
				if backwards {
					slices.Reverse(add)
				}
				for _, s := range add {
					write(t, b, func(tx *store.Tx) error { return tx.AddCoverage("na", "orders", s) })
				}
				all, err := b.Coverage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				var got []store.Interval
				for _, c := range all {
					got = append(got, c.Interval)
				}
				if !slices.Equal(got, tc.want) {
					t.Errorf("got %v, want %v", got, tc.want)
				}
			}
		})
	}
}

// tamper changes a closed book behind the store's back.
func tamper(t *testing.T, b *store.Book, file, statement string) *store.Book {
	t.Helper()
	dir := b.Dir
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	tamperClosed(t, dir, file, statement)
	b, err := store.Open(t.Context(), dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func tamperClosed(t *testing.T, dir, file, statement string) {
	t.Helper()
	key := keys.Book
	if file == store.PersonalFile {
		key = keys.Personal
	}
	db, err := cipher.Open(t.Context(), filepath.Join(dir, file), key, cipher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(t.Context(), `PRAGMA foreign_keys = OFF`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDocuments(t *testing.T) {
	b := newBook(t)
	var first, again, other int64
	write(t, b, func(tx *store.Tx) (err error) {
		if first, err = tx.PutDocument("order", []byte(`{"a":1}`)); err != nil {
			return err
		}
		if again, err = tx.PutDocument("order", []byte(`{"a":1}`)); err != nil {
			return err
		}
		other, err = tx.PutDocument("order", nil)
		return err
	})
	if first != again || first == other {
		t.Errorf("numbers %d, %d, %d", first, again, other)
	}
	d, err := b.Document(t.Context(), first)
	if err != nil || string(d.Body) != `{"a":1}` || d.Kind != "order" {
		t.Errorf("document %+v, %v", d, err)
	}
	if _, err := b.Document(t.Context(), 999); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a document that is not there: %v", err)
	}
	b = tamper(t, b, store.BookFile, `UPDATE document SET body = (SELECT body FROM document WHERE size = 0) WHERE size > 0`)
	if _, err := b.Document(t.Context(), first); err == nil || !strings.Contains(err.Error(), "not what was stored") {
		t.Errorf("a changed document: %v", err)
	}
	var bad []int64
	if n, err := b.VerifyDocuments(t.Context(), func(id int64, _ error) { bad = append(bad, id) }); err != nil || n != 2 || !slices.Equal(bad, []int64{first}) {
		t.Errorf("%d documents, %v bad, %v", n, bad, err)
	}
}

// Every way to change the chain of audit entries is noticed, but for cutting
// its end off: that is what the head kept with the keys is for.
func TestAuditChain(t *testing.T) {
	filled := func() *store.Book {
		b := newBook(t)
		for _, what := range []string{"create", "connect", "import", "export"} {
			write(t, b, func(tx *store.Tx) error { return tx.Audit(what, "a \"detail\"\nof two lines") })
		}
		return b
	}
	whole := filled()
	if n, err := whole.VerifyAudit(t.Context()); err != nil || n != 4 {
		t.Fatalf("%d entries, %v", n, err)
	}
	for name, statement := range map[string]string{
		"changed":     `UPDATE audit_entry SET detail = 'nothing' WHERE id = 2`,
		"another day": `UPDATE audit_entry SET at = at + 1 WHERE id = 3`,
		"removed":     `DELETE FROM audit_entry WHERE id = 2`,
		"first gone":  `DELETE FROM audit_entry WHERE id = 1`,
		"slipped in":  `INSERT INTO audit_entry SELECT 9, at, action, detail, hash FROM audit_entry WHERE id = 4`,
		"swapped":     `UPDATE audit_entry SET id = 100 WHERE id = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := tamper(t, filled(), store.BookFile, statement).VerifyAudit(t.Context()); err == nil || !strings.Contains(err.Error(), "audit entry") {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("end cut off", func(t *testing.T) {
		b := filled()
		head, err := b.AuditHead(t.Context())
		if err != nil || head == "" {
			t.Fatal(head, err)
		}
		b = tamper(t, b, store.BookFile, `DELETE FROM audit_entry WHERE id = 4`)
		if there, err := b.HasAudit(t.Context(), head); err != nil || there {
			t.Errorf("the head is there: %t, %v", there, err)
		}
	})
}

const lockEnv = "COUNTINGHOUSE_TEST_LOCK"

func TestMain(m *testing.M) {
	if dir := os.Getenv(lockEnv); dir != "" { // the other process: 10 means that the book is in use
		release, err := store.Lock(dir)
		switch {
		case errors.Is(err, store.ErrInUse):
			os.Exit(10)
		case err != nil:
			os.Exit(1)
		}
		release()
		os.Exit(0)
	}
	if dir := os.Getenv(rebuildEnv); dir != "" {
		rebuildUntilKilled(dir)
	}
	os.Exit(m.Run())
}

func TestOneProcessAtATime(t *testing.T) {
	b := newBook(t)
	other := func() int {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), lockEnv+"="+b.Dir)
		_ = cmd.Run() // its exit code tells
		return cmd.ProcessState.ExitCode()
	}
	if code := other(); code != 10 {
		t.Errorf("while it is open: %d", code)
	}
	if _, err := store.Open(t.Context(), b.Dir, keys); !errors.Is(err, store.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if code := other(); code != 0 {
		t.Errorf("after it was closed: %d", code)
	}
	if err := b.Write(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("a closed book is written to")
	}
}

func TestMigrations(t *testing.T) {
	for _, tc := range []struct {
		name, statement string
		err             error
		says            string
	}{
		{"newer", `INSERT INTO migration VALUES ('9999_later.sql', 'x', 0)`, store.ErrNewer, "newer version"},
		{"edited step", `UPDATE migration SET sha256 = 'x'`, nil, "differs"},
		{"step over a row that points nowhere", `INSERT INTO coverage VALUES ('nobody', 'orders', 1, 2);
			DROP TABLE saved_view; DROP TABLE order_note; DELETE FROM migration WHERE name = '0006_views.sql'`, nil, "points to a missing row"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBook(t)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			tamperClosed(t, b.Dir, store.BookFile, tc.statement)
			again, err := store.Open(t.Context(), b.Dir, keys)
			if err == nil {
				again.Close()
			}
			if err == nil || (tc.err != nil && !errors.Is(err, tc.err)) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error %v, want %q", err, tc.says)
			}
		})
	}
	// Reading the whole of a book at every opening would take seconds: verify
	// finds such a row, and so does the next change of the tables.
	t.Run("row that points nowhere", func(t *testing.T) {
		b := newBook(t)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		tamperClosed(t, b.Dir, store.BookFile, `INSERT INTO coverage VALUES ('nobody', 'orders', 1, 2)`)
		again, err := store.Open(t.Context(), b.Dir, keys)
		if err != nil {
			t.Fatal(err)
		}
		err = again.CheckForeignKeys(t.Context())
		if closed := again.Close(); closed != nil {
			t.Error(closed)
		}
		if err == nil || !strings.Contains(err.Error(), "points to a missing row") {
			t.Error("verify says", err)
		}
	})
	t.Run("no book", func(t *testing.T) {
		if _, err := store.Open(t.Context(), t.TempDir(), keys); !errors.Is(err, store.ErrNoBook) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("made twice", func(t *testing.T) {
		if _, err := store.Create(t.Context(), newBook(t).Dir, keys); err == nil {
			t.Error("a book is made over another")
		}
	})
}

func TestSettings(t *testing.T) {
	b := newBook(t)
	for _, want := range []string{"", "one", "two", ""} {
		if want != "" {
			write(t, b, func(tx *store.Tx) error { return tx.SetSetting("theme", want) })
			if got, err := b.Setting(t.Context(), "theme"); err != nil || got != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		}
		if got, err := b.Setting(t.Context(), "never set"); err != nil || got != "" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestPeople(t *testing.T) {
	b := newBook(t)
	p := store.Person{Connection: "na", Order: "1", Name: "Ada", Address: "Street 1", Fetched: now, Purge: now.Add(time.Hour)}
	blank := p
	blank.Name, blank.Address, blank.Phone = "", "", "+1"
	gone := p
	gone.Order, gone.Purge = "2", now
	for _, list := range [][]store.Person{{p, gone}, {blank}} {
		if err := b.PutPeople(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	var name, phone string
	err := b.People().QueryRowContext(t.Context(), `SELECT name, phone FROM person WHERE order_id = '1'`).Scan(&name, &phone)
	if err != nil || name != "Ada" || phone != "+1" {
		t.Errorf("%q %q, %v: a blank must not overwrite", name, phone, err)
	}
	if n, err := b.PurgePeople(t.Context()); err != nil || n != 1 {
		t.Errorf("%d purged, %v", n, err)
	}
	dir := b.Dir
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	without, err := store.Open(t.Context(), dir, store.Keys{Book: keys.Book})
	if err != nil {
		t.Fatal(err)
	}
	defer without.Close()
	if err := without.PutPeople(t.Context(), []store.Person{p}); !errors.Is(err, store.ErrNoPeople) || without.People() != nil {
		t.Errorf("without the personal key: %v", err)
	}
}
