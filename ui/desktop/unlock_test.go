package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

const shopPass = "a passphrase of my shop"

// shopBook is a real book that a passphrase opens; change is done to it before
// it is closed.
func shopBook(t *testing.T, place session.Place, change func(s *session.Session)) {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Create(t.Context(), place, "Shop", session.Real, []vault.NewSlot{
		{Kind: vault.KindPassphrase, Label: "mine", Passphrase: vault.NewSecret(shopPass)}, {Kind: vault.KindRecovery, Label: "paper", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	change(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// shown is the page as the helpers of screens see one.
func (v *drive) shown() *env { return &env{window: v.window, words: v.words} }

// A book.db that was restored from a backup opens from the window, once the user
// says that it was he who restored it.
func TestARestoredBookIsOpened(t *testing.T) {
	home := t.TempDir()
	place := session.Place{Home: store.Home(home)}
	var restore func() error
	shopBook(t, place, func(s *session.Session) {
		book := filepath.Join(s.Book.Dir, store.BookFile)
		if err := s.Book.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		backup, err := os.ReadFile(book)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Book.Write(t.Context(), func(tx *store.Tx) error { return tx.Audit("note", "later") }); err != nil {
			t.Fatal(err)
		}
		if err := s.SettleKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		restore = func() error { return os.WriteFile(book, backup, 0o600) }
	})
	if err := restore(); err != nil {
		t.Fatal(err)
	}
	v := newDrive(t, home)
	t.Cleanup(v.Close)
	v.Start()
	v.typed(shopPass)
	v.until("the reason", func() bool { return strings.Contains(textOn(v.shown()), v.words.T("unlock.older_book")) })
	press(t, v.shown(), v.words.T("unlock.accept_older"))
	v.until("the frame", func() bool { return v.page == pageFrame })
}

// A book of a newer version is told as one, and nothing offers to open it.
func TestANewerBookStaysClosed(t *testing.T) {
	home := t.TempDir()
	place := session.Place{Home: store.Home(home)}
	var key cipher.Key
	shopBook(t, place, func(s *session.Session) {
		set := s.Vault.Keys()
		defer set.Wipe()
		key = cipher.Key(set.Book.Reveal())
	})
	db, err := cipher.Open(t.Context(), filepath.Join(place.Home.BookDir("Shop"), store.BookFile), key, cipher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(context.Background(), `INSERT INTO migration VALUES ('9999_of_a_newer_version.sql', 'x', 0)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	v := newDrive(t, home)
	t.Cleanup(v.Close)
	v.Start()
	v.typed(shopPass)
	v.until("the reason", func() bool { return strings.Contains(textOn(v.shown()), v.words.T("unlock.newer")) })
	if text := textOn(v.shown()); strings.Contains(text, v.words.T("unlock.accept_older")) || strings.Contains(text, v.words.T("unlock.accept_damage")) {
		t.Errorf("a newer book is offered to be opened nevertheless: %s", text)
	}
}

// What the user may accept is only what he was told of.
func TestUnlockAccept(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		want session.Place
	}{
		"older key file":             {vault.ErrRolledBack, session.Place{AcceptOlder: true}},
		"older book":                 {session.ErrOlderBook, session.Place{AcceptOlderBook: true}},
		"damaged log":                {&cipher.Damage{Path: "book.db", Copy: "book.db-wal-damaged"}, session.Place{AcceptDamage: true}},
		"damaged log without a copy": {&cipher.Damage{Path: "book.db"}, session.Place{}},
		"wrong passphrase":           {vault.ErrWrongPassphrase, session.Place{}},
		"newer":                      {store.ErrNewer, session.Place{}},
	} {
		var got session.Place
		if _, accept := unlockAccept(row.err); accept != nil {
			accept(&got)
		}
		if got != row.want {
			t.Errorf("%s: accepts %+v, want %+v", name, got, row.want)
		}
	}
}

// A damaged file is told by its name, in every language.
func TestADamagedFileIsNamed(t *testing.T) {
	home := t.TempDir()
	place := session.Place{Home: store.Home(home)}
	shopBook(t, place, func(*session.Session) {})
	if err := os.Truncate(filepath.Join(place.Home.BookDir("Shop"), store.PersonalFile), 5000); err != nil {
		t.Fatal(err)
	}
	_, err := session.Open(t.Context(), place, "Shop", vault.ByPassphrase(vault.NewSecret(shopPass)))
	if !errors.Is(err, cipher.ErrTruncated) {
		t.Fatal("not refused as cut off:", err)
	}
	_, gone := store.Open(t.Context(), t.TempDir(), store.Keys{})
	for _, language := range []string{"en", "de", "ja", "zh-Hans"} {
		words, loc := i18n.For(language), format.For(language)
		for file, err := range map[string]error{store.PersonalFile: err, store.BookFile: gone, store.KeysFile: store.ErrNoBook} {
			if got := unlockSentence(words, loc, err); got != words.T(fileDamaged, file) || !strings.Contains(got, file) {
				t.Errorf("%s: %q does not name %s", language, got, file)
			}
		}
	}
}

// damagedLogs is a home with a book whose two logs lost their last change.
func damagedLogs(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	now, left := time.Now(), map[string][]byte{}
	shopBook(t, session.Place{Home: store.Home(home)}, func(s *session.Session) {
		if err := errors.Join(s.Book.Checkpoint(t.Context()),
			s.Book.Write(t.Context(), func(tx *store.Tx) error { return tx.Audit("note", "later") }),
			s.Book.PutPeople(t.Context(), []store.Person{{Connection: "na", Order: "1", Fetched: now, Purge: now.Add(time.Hour)}})); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{store.BookFile, store.PersonalFile} {
			for _, path := range []string{filepath.Join(s.Book.Dir, file), filepath.Join(s.Book.Dir, file+"-wal")} {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasSuffix(path, "-wal") {
					data[len(data)-100] ^= 1
				}
				left[path] = data
			}
		}
	})
	for path, data := range left {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// A book that is opened without what is damaged says so of every file, also of
// the one that nobody was asked about.
func TestABookWithDamagedLogsSaysSo(t *testing.T) {
	v := newDrive(t, damagedLogs(t))
	t.Cleanup(v.Close)
	v.Start()
	v.typed(shopPass)
	v.until("the reason", func() bool { return strings.Contains(textOn(v.shown()), store.BookFile+"-wal") })
	press(t, v.shown(), v.words.T("unlock.accept_damage"))
	v.until("the frame", func() bool { return v.page == pageFrame })
	for _, file := range []string{store.BookFile, store.PersonalFile} {
		if want := strings.Split(v.words.T("unlock.opened_without", file, "|"), "|")[0]; !strings.Contains(textOn(v.shown()), want) {
			t.Errorf("the window says %q, nothing of %s", textOn(v.shown()), file)
		}
	}
	if rows, err := v.frame.s.Book.AuditPage(t.Context(), false, 0, 10); err != nil || len(rows) < 2 || rows[0].Action != "open" || rows[1].Action != "open" {
		t.Errorf("the book says %+v, %v", rows, err)
	}
}

// A book that opens while the window ends is closed with it.
func TestABookOpenedTooLateIsClosed(t *testing.T) {
	home := t.TempDir()
	place := session.Place{Home: store.Home(home)}
	shopBook(t, place, func(*session.Session) {})
	v := newDrive(t, home)
	v.Start()
	v.typed(shopPass)
	show := <-v.calls // the loop has ended: nobody runs it
	if show == nil || v.unshown.Load() == nil {
		t.Fatal("the book was not opened")
	}
	v.Close()
	release, err := session.Lock(place, "Shop")
	if err != nil {
		t.Fatal("the book is still held:", err)
	}
	release()
}

// Enter leads through the form of a new book, and makes it.
func TestEnterLeadsThroughANewBook(t *testing.T) {
	v := newDrive(t, t.TempDir())
	t.Cleanup(v.Close)
	v.Start()
	v.create(doorFiles, nil)
	c := v.window.Canvas()
	enter := func() {
		t.Helper()
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	var ways []fyne.CanvasObject
	eachOn(v.shown(), func(o fyne.CanvasObject) {
		if r, ok := o.(interface{ SetSelected(string) }); ok {
			r.SetSelected(v.words.T("first.by_passphrase"))
			ways = append(ways, o)
		}
	})
	if len(ways) == 0 {
		t.Fatal("there is no choice of ways")
	}
	enter() // from the name
	for range 2 {
		test.Type(c.Focused(), shopPass)
		enter()
	}
	v.until("the recovery code", func() bool { return v.page == pageRecovery })
}
