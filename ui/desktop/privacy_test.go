package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/archive"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

func TestTheExportIsProved(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	s := newPrivacy(e).(*privacyScreen)
	s.build()
	defer s.close()
	path := filepath.Join(t.TempDir(), exportName(`a/b:c`, e.now(), false))
	if !strings.HasPrefix(filepath.Base(path), "a-b-c ") {
		t.Errorf("name of the file: %s", path)
	}
	s.export(exportChoice{}, path, false)
	q.drain()
	report, err := archive.Verify(t.Context(), path)
	if err != nil || report.Tables["orders"] != 600 || report.Tables["person"] != 0 {
		t.Fatalf("%+v, %v", report.Tables["orders"], err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	s.export(exportChoice{}, path, false) // never over a file without asking
	if after, err := os.Stat(path); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Error("the file was replaced")
	}
	done, err := e.s.Book.AuditPage(t.Context(), false, 0, 1)
	if err != nil || done[0].Action != "export" {
		t.Errorf("not audited: %+v, %v", done, err)
	}
}

func TestTheBookIsChecked(t *testing.T) {
	var steps int64
	c, err := checkBook(t.Context(), demoSession(t).Book, func(done, total int64) { steps = done*10 + total })
	if err != nil || len(c.Problems) > 0 || c.Documents == 0 || c.Pages == 0 || c.Entries == 0 || steps != 55 {
		t.Errorf("%+v, %v, progress %d", c, err, steps)
	}
}

func TestAllPeopleAreErased(t *testing.T) {
	s := newEmptySession(t)
	later := time.Now().Add(1000 * time.Hour)
	if err := s.Book.PutPeople(t.Context(), []store.Person{{Connection: "eu", Order: "A", Name: "x", Fetched: time.Now(), Purge: later}}); err != nil {
		t.Fatal(err)
	}
	key := s.Vault.Keys().Personal
	e, q := newTestEnv(t, s, "en")
	p := newPrivacy(e).(*privacyScreen)
	p.build()
	defer p.close()
	p.load(route{})
	q.drain()
	if p.facts.People.Rows != 1 {
		t.Fatalf("people: %+v", p.facts.People)
	}
	p.askErase()
	press(t, e, "Erase")
	q.drain()
	if n, err := s.Book.StoredPeople(t.Context()); err != nil || n.Rows != 0 {
		t.Errorf("left: %+v, %v", n, err)
	}
	if s.Vault.Keys().Personal.Equal(key) {
		t.Error("personal.db has the key it had")
	}
}

func TestAWipeLeavesNothing(t *testing.T) {
	home := t.TempDir()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(home)}, "To go", session.Real, []vault.NewSlot{{Kind: vault.KindRecovery, Label: "x", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	e, q := newTestEnv(t, s, "en")
	var went []string
	e.show = func(r route) { went = append(went, r.Screen) }
	p := newWipe(e, func() {})
	purged := ""
	p.purge = func(_ context.Context, id string) error { purged = id; return nil }
	id := s.Vault.BookID()

	p.typed.SetText("To g")
	if !p.button.Disabled() {
		t.Error("the button works before the name is typed")
	}
	p.wipe()
	if _, err := os.Stat(s.Book.Dir); err != nil {
		t.Fatal("a wrong name wiped the book")
	}
	p.typed.SetText("To go")
	if p.button.Disabled() {
		t.Fatal("the button does not work")
	}
	dir := s.Book.Dir
	p.button.OnTapped()
	<-p.done
	q.drain()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if purged != id || len(went) != 1 || went[0] != "closed" {
		t.Errorf("purged %q of %q, went to %v", purged, id, went)
	}
	if !strings.Contains(p.receipt.Text, id) || !strings.Contains(p.receipt.Text, "complete; the places were searched again") {
		t.Errorf("receipt: %s", p.receipt.Text)
	}
	kept := filepath.Join(home, "receipt.txt")
	if err := writeNewFile(kept, p.receipt.Text); err != nil {
		t.Fatal(err)
	}
	if err := writeNewFile(kept, "other"); !errors.Is(err, archive.ErrExists) {
		t.Errorf("a receipt was written over: %v", err)
	}
}

func TestProofTakesBothSecrets(t *testing.T) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	for name, typed := range map[string]string{"as shown": code.Reveal(), "lower case without spaces": strings.ToLower(strings.ReplaceAll(code.Reveal(), " ", ""))} {
		if _, err := proofOf(typed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := proofOf("AGE-SECRET-KEY-1 QQQQ"); !errors.Is(err, vault.ErrRecoveryTypo) {
		t.Errorf("a short code: %v", err)
	}
	if _, err := proofOf("age is a number, friend"); err != nil {
		t.Errorf("a passphrase: %v", err)
	}
}

func TestTheKeysAreShownAfterProofOnly(t *testing.T) {
	home := t.TempDir()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(home)}, "Keys", session.Real, []vault.NewSlot{{Kind: vault.KindRecovery, Label: "x", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	e, q := newTestEnv(t, s, "en")
	p := newPrivacy(e).(*privacyScreen)
	p.build()
	defer p.close()
	other, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, typed string
		shown       bool
	}{{"another book's code", other.Reveal(), false}, {"the code", code.Reveal(), true}} {
		p.askKeys()
		typeInto(t, e, c.typed)
		press(t, e, "Next")
		q.drain()
		q.drain()
		if got := strings.Contains(textOn(e), "PRAGMA key"); got != c.shown {
			t.Errorf("%s: keys shown %v", c.name, got)
		}
		closeModals(e)
	}
}

func TestChoosingFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.csv", "A.CSV", "c.txt", ".hidden.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "z"), 0o700); err != nil {
		t.Fatal(err)
	}
	list, err := listFolder(dir, []string{".csv"})
	if err != nil || len(list) != 3 || list[0].Name != "z" || !list[0].Folder || list[1].Name != "A.CSV" || list[2].Name != "b.csv" {
		t.Errorf("%+v, %v", list, err)
	}
	if path, folder := resolvePath(dir, "z"); !folder || path != filepath.Join(dir, "z") {
		t.Errorf("a folder: %s %v", path, folder)
	}
	if path, folder := resolvePath(dir, "new.zip"); folder || path != filepath.Join(dir, "new.zip") {
		t.Errorf("a new file: %s %v", path, folder)
	}
	home, err := os.UserHomeDir()
	if err == nil {
		if path, _ := resolvePath(dir, "~/x"); path != filepath.Join(home, "x") {
			t.Errorf("the home folder: %s", path)
		}
	}
}

func TestFilesAreChosenInTheWindow(t *testing.T) {
	e, _ := newTestEnv(t, demoSession(t), "en")
	dir := t.TempDir()
	file := filepath.Join(dir, "costs.csv")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := ""
	chooseFile(e, fileChoice{Title: "t", Word: "Read"}, func(path string) { got = path })
	typeInto(t, e, filepath.Join(dir, "missing.csv"))
	press(t, e, "Read")
	if got != "" {
		t.Errorf("chose a file that is not there: %s", got)
	}
	typeInto(t, e, file)
	press(t, e, "Read")
	if got != file {
		t.Errorf("chose %q", got)
	}
}
