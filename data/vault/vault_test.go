package vault_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/data/vault"
)

const goodPassphrase = "correct horse battery staple"

// memoryRing is a key store in memory. broken makes every call fail as a
// missing one does.
type memoryRing struct {
	mu     sync.Mutex
	values map[string]vault.Secret
	broken bool
}

func newRing() *memoryRing { return &memoryRing{values: map[string]vault.Secret{}} }

func (r *memoryRing) Get(_ context.Context, id string) (vault.Secret, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		return vault.Secret{}, vault.ErrNoKeyStore
	}
	s, ok := r.values[id]
	if !ok {
		return vault.Secret{}, vault.ErrNotInKeyStore
	}
	return vault.NewSecret(s.Reveal()), nil
}

func (r *memoryRing) Set(_ context.Context, id string, s vault.Secret) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		return vault.ErrNoKeyStore
	}
	r.values[id] = vault.NewSecret(s.Reveal())
	return nil
}

func (r *memoryRing) Delete(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		return vault.ErrNoKeyStore
	}
	if _, ok := r.values[id]; !ok {
		return vault.ErrNotInKeyStore
	}
	delete(r.values, id)
	return nil
}

func (r *memoryRing) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for id := range r.values {
		ids = append(ids, id)
	}
	return ids
}

func newCode(t testing.TB) vault.RecoveryCode {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// book is a created book with one slot of every kind.
type book struct {
	path string
	ring *memoryRing
	code vault.RecoveryCode
	keys vault.KeySet
	opts vault.Options
}

func options(ring vault.Keyring) vault.Options {
	return vault.Options{Keyring: ring, KDFTarget: time.Nanosecond, BookName: "Tea and Kettles"}
}

func newBook(t testing.TB, slots ...vault.NewSlot) book {
	t.Helper()
	b := book{path: filepath.Join(t.TempDir(), "book.keys"), ring: newRing(), code: newCode(t)}
	b.opts = options(b.ring)
	if slots == nil {
		slots = []vault.NewSlot{
			{Kind: vault.KindKeychain, Label: "this computer"},
			{Kind: vault.KindPassphrase, Label: "owner", Passphrase: vault.NewSecret(goodPassphrase)},
			{Kind: vault.KindPassphraseKeychain, Label: "owner here", Passphrase: vault.NewSecret("both are needed 2")},
		}
	}
	slots = append(slots, vault.NewSlot{Kind: vault.KindRecovery, Label: "paper", Recovery: b.code})
	v, err := vault.Create(context.Background(), b.path, slots, b.opts)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	b.keys = v.Keys()
	v.Close()
	return b
}

func (b book) open(t testing.TB, by vault.Unlock) *vault.Vault {
	t.Helper()
	v, err := vault.Open(context.Background(), b.path, by, b.opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(v.Close)
	return v
}

func sameKeys(a, b vault.KeySet) bool {
	return a.Book.Equal(b.Book) && a.Personal.Equal(b.Personal) && a.Connection.Equal(b.Connection)
}

func (b book) byCode() vault.Unlock { return vault.ByRecoveryCode(b.code) }

func slotOf(t testing.TB, v *vault.Vault, kind vault.Kind) vault.SlotInfo {
	t.Helper()
	for _, s := range v.Slots() {
		if s.Kind == kind {
			return s
		}
	}
	t.Fatalf("no %s slot", kind)
	return vault.SlotInfo{}
}

func TestEveryKindOpensTheSameKeys(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	if b.keys.Book.Equal(b.keys.Personal) || b.keys.Book.Equal(b.keys.Connection) || b.keys.Book.Absent() {
		t.Fatal("the three keys are not three random keys")
	}
	for name, by := range map[string]vault.Unlock{
		"keychain":            vault.ByKeychain(),
		"passphrase":          vault.ByPassphrase(vault.NewSecret(goodPassphrase)),
		"passphrase+keychain": vault.ByPassphrase(vault.NewSecret("both are needed 2")),
		"recovery":            b.byCode(),
	} {
		v := b.open(t, by)
		if !sameKeys(v.Keys(), b.keys) {
			t.Errorf("%s: other keys", name)
		}
		if opened := v.OpenedBy(); string(slotByID(t, v, opened).Kind) != name {
			t.Errorf("%s: opened by a %s slot", name, slotByID(t, v, opened).Kind)
		}
		if !v.RollbackNoticed() {
			t.Errorf("%s: the key store does not know the file", name)
		}
		if err := v.Prove(context.Background(), by); err != nil {
			t.Errorf("%s: Prove: %v", name, err)
		}
	}
}

func slotByID(t testing.TB, v *vault.Vault, id string) vault.SlotInfo {
	t.Helper()
	for _, s := range v.Slots() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no slot %q", id)
	return vault.SlotInfo{}
}

func TestOpenFailures(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	empty := b.opts
	empty.Keyring = newRing() // another computer
	off := b.opts
	off.Keyring = nil
	onlyCode := newBook(t, []vault.NewSlot{}...)
	for name, c := range map[string]struct {
		path string
		by   vault.Unlock
		opts vault.Options
		want error
	}{
		"wrong passphrase":                   {b.path, vault.ByPassphrase(vault.NewSecret("correct horse battery stapl")), b.opts, vault.ErrWrongPassphrase},
		"empty passphrase":                   {b.path, vault.ByPassphrase(vault.Secret{}), b.opts, vault.ErrWrongPassphrase},
		"wrong passphrase, no key store":     {b.path, vault.ByPassphrase(vault.NewSecret("nothing like it at all")), off, vault.ErrWrongPassphrase},
		"another book's recovery code":       {b.path, vault.ByRecoveryCode(newCode(t)), b.opts, vault.ErrWrongRecoveryCode},
		"no recovery code":                   {b.path, vault.ByRecoveryCode(vault.RecoveryCode{}), b.opts, vault.ErrWrongRecoveryCode},
		"keychain on another computer":       {b.path, vault.ByKeychain(), empty, vault.ErrNotInKeyStore},
		"keychain without key store":         {b.path, vault.ByKeychain(), off, vault.ErrNoKeyStore},
		"both, without key store":            {b.path, vault.ByPassphrase(vault.NewSecret("both are needed 2")).WithSlot(thirdSlot(t, b)), off, vault.ErrNoKeyStore},
		"no unlock at all":                   {b.path, vault.Unlock{}, b.opts, vault.ErrNoSlot},
		"no such slot":                       {b.path, vault.ByKeychain().WithSlot("0123456789abcdef"), b.opts, vault.ErrNoSlot},
		"passphrase for a book without one":  {onlyCode.path, vault.ByPassphrase(vault.NewSecret(goodPassphrase)), onlyCode.opts, vault.ErrNoSlot},
		"missing file":                       {b.path + "x", b.byCode(), b.opts, vault.ErrNoFile},
		"missing file, as the fs package":    {b.path + "x", b.byCode(), b.opts, fs.ErrNotExist},
		"a folder in place of the file":      {filepath.Dir(b.path), b.byCode(), b.opts, vault.ErrForeign},
		"a device in place of the file":      {os.DevNull, b.byCode(), b.opts, vault.ErrForeign},
		"the right passphrase in other case": {b.path, vault.ByPassphrase(vault.NewSecret(strings.ToUpper(goodPassphrase))), b.opts, vault.ErrWrongPassphrase},
	} {
		v, err := vault.Open(context.Background(), c.path, c.by, c.opts)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
		if v != nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func thirdSlot(t testing.TB, b book) string {
	t.Helper()
	info, err := vault.ReadInfo(b.path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Slots[2].ID
}

func TestRecoveryOpensOnAMachineWithoutKeyStore(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	b.opts.Keyring = nil
	typed := strings.ToLower(strings.ReplaceAll(b.code.Reveal(), " ", "-"))
	code, err := vault.ParseRecoveryCode(vault.NewSecret(typed))
	if err != nil {
		t.Fatal(err)
	}
	v := b.open(t, vault.ByRecoveryCode(code))
	if !sameKeys(v.Keys(), b.keys) {
		t.Error("other keys")
	}
	if v.RollbackNoticed() {
		t.Error("claims to notice an old file without a key store")
	}
	// Everything can be changed from there, for example a forgotten passphrase.
	next := vault.NewSecret("a new one, not forgotten")
	if err := v.ChangePassphrase(context.Background(), slotOf(t, v, vault.KindPassphrase).ID, next); err != nil {
		t.Fatal(err)
	}
	if again := b.open(t, vault.ByPassphrase(next)); !sameKeys(again.Keys(), b.keys) {
		t.Error("other keys under the new passphrase")
	}
}

func TestTheFileIsPrivateAndHoldsNoSecret(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	info, err := os.Stat(b.path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	raw, err := os.ReadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	for i, form := range secretForms(b.keys, goodPassphrase, b.code.Reveal()) {
		if strings.Contains(strings.ToLower(string(raw)), strings.ToLower(form)) {
			t.Errorf("secret form %d is in the file in clear", i)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(b.path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%d files in the folder, want book.keys alone", len(entries))
	}
}
