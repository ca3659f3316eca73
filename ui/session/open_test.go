package session_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

// ring is a key store in memory.
type ring map[string]string

func (r ring) Get(_ context.Context, id string) (vault.Secret, error) {
	v, ok := r[id]
	if !ok {
		return vault.Secret{}, vault.ErrNotInKeyStore
	}
	return vault.NewSecret(v), nil
}

func (r ring) Set(_ context.Context, id string, v vault.Secret) error {
	r[id] = v.Reveal()
	return nil
}

func (r ring) Delete(_ context.Context, id string) error {
	delete(r, id)
	return nil
}

// files are the files of a book by their names.
type files map[string][]byte

func filesIn(t *testing.T, dir string) files {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := files{}
	for _, e := range entries {
		if out[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// history makes a book and tells its files at three moments, each noted in the
// key file: at first, later, and at the end, where both databases have a log.
func history(t *testing.T) (code vault.RecoveryCode, keys ring, first, later, end files) {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	keys = ring{}
	place := session.Place{Home: store.Home(t.TempDir()), Keyring: keys}
	s, err := session.Create(t.Context(), place, "Shop", session.Real, []vault.NewSlot{{Kind: vault.KindRecovery, Label: "paper", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	note := func() error {
		return s.Book.Write(t.Context(), func(tx *store.Tx) error { return tx.Audit("note", "something") })
	}
	var moments []files
	for range 3 {
		if err := errors.Join(note(), s.SettleKeys(t.Context()), s.Book.Checkpoint(t.Context())); err != nil {
			t.Fatal(err)
		}
		moments = append(moments, filesIn(t, s.Book.Dir))
	}
	people := []store.Person{{Connection: "na", Order: "1", Name: "Ada", Fetched: now, Purge: now.Add(time.Hour)}}
	if err := errors.Join(note(), s.Book.PutPeople(t.Context(), people)); err != nil {
		t.Fatal(err)
	}
	return code, maps.Clone(keys), moments[0], moments[1], filesIn(t, s.Book.Dir)
}

// damaged is a log whose last change is damaged.
func damaged(log []byte) []byte {
	log = slices.Clone(log)
	log[len(log)-100] ^= 1
	return log
}

// What is opened only because the user accepts it is opened for what he was told
// of and for nothing else, and the book says so for good.
func TestWhatIsAcceptedIsWrittenDown(t *testing.T) {
	code, keys, first, later, end := history(t)
	const (
		book, personal = store.BookFile, store.PersonalFile
		olderBook      = "an older copy of the book was opened"
		olderKeys      = "an older key file was opened"
		without        = "opened without what was damaged in the log of "
	)
	var damage *cipher.Damage
	for name, c := range map[string]struct {
		changed files
		refused []session.Place // opens that must fail, in turn
		why     error
		accept  session.Place
		entries []string
	}{
		"nothing to accept": {accept: session.Place{AcceptOlder: true, AcceptOlderBook: true, AcceptDamage: true}},
		"older book": {changed: files{book: later[book], book + "-wal": nil},
			refused: []session.Place{{}, {AcceptOlder: true}, {AcceptDamage: true}}, why: session.ErrOlderBook,
			accept: session.Place{AcceptOlderBook: true}, entries: []string{olderBook}},
		"older key file": {changed: files{store.KeysFile: later[store.KeysFile]},
			refused: []session.Place{{}, {AcceptOlderBook: true}, {AcceptDamage: true}}, why: vault.ErrRolledBack,
			accept: session.Place{AcceptOlder: true}, entries: []string{olderKeys}},
		"older key file and a book that is older still": {
			changed: files{store.KeysFile: later[store.KeysFile], book: first[book], book + "-wal": nil},
			refused: []session.Place{{AcceptOlder: true}}, why: session.ErrOlderBook,
			accept: session.Place{AcceptOlder: true, AcceptOlderBook: true}, entries: []string{olderKeys, olderBook}},
		"damaged log": {changed: files{book + "-wal": damaged(end[book+"-wal"])},
			refused: []session.Place{{}, {AcceptOlder: true, AcceptOlderBook: true}},
			accept:  session.Place{AcceptDamage: true}, entries: []string{without + book}},
		"two damaged logs": {changed: files{book + "-wal": damaged(end[book+"-wal"]), personal + "-wal": damaged(end[personal+"-wal"])},
			refused: []session.Place{{}},
			accept:  session.Place{AcceptDamage: true}, entries: []string{without + book, without + personal}},
	} {
		t.Run(name, func(t *testing.T) {
			home := store.Home(t.TempDir())
			dir := home.BookDir("Shop")
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			all := maps.Clone(end)
			maps.Copy(all, c.changed)
			for file, data := range all {
				if data == nil {
					continue
				}
				if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			ring := maps.Clone(keys)
			open := func(p session.Place) (*session.Session, error) {
				p.Home, p.Keyring = home, ring
				return session.Open(t.Context(), p, "Shop", vault.ByRecoveryCode(code))
			}
			for _, p := range c.refused {
				s, err := open(p)
				if err == nil {
					s.Close()
				}
				if c.why != nil && !errors.Is(err, c.why) || c.why == nil && !errors.As(err, &damage) {
					t.Fatalf("with %+v: %v", p, err)
				}
			}
			s, err := open(c.accept)
			if err != nil {
				t.Fatal(err)
			}
			if got := entries(t, s.Book); !slices.Equal(got, c.entries) {
				t.Errorf("the book says %q, want %q", got, c.entries)
			}
			if err := errors.Join(s.SettleKeys(t.Context()), s.Close()); err != nil {
				t.Fatal(err)
			}
			if s, err = open(session.Place{}); err != nil {
				t.Fatal("what was accepted is asked again:", err)
			}
			defer s.Close()
			if got := entries(t, s.Book); !slices.Equal(got, c.entries) {
				t.Errorf("later the book says %q, want %q", got, c.entries)
			}
		})
	}
}

// entries are what the audit log says of how the book was opened.
func entries(t *testing.T, b *store.Book) (out []string) {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT detail FROM audit_entry WHERE action = 'open' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var detail string
		if err := rows.Scan(&detail); err != nil {
			t.Fatal(err)
		}
		out = append(out, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
