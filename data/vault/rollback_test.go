package vault_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"countinghouse/data/vault"
)

func TestAnOldFilePutBackIsNoticed(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	old := read(t, b.path)
	v := b.open(t, b.byCode())
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	now := read(t, b.path)
	write(t, b.path, old)
	for name, by := range map[string]vault.Unlock{
		"recovery": b.byCode(), "keychain": vault.ByKeychain(), "passphrase": vault.ByPassphrase(vault.NewSecret(goodPassphrase)),
	} {
		if _, err := vault.Open(ctx, b.path, by, b.opts); !errors.Is(err, vault.ErrRolledBack) {
			t.Errorf("%s: %v, want ErrRolledBack", name, err)
		}
	}
	write(t, b.path, now)
	if got, ok := b.open(t, vault.ByKeychain()).AuditHead(); !ok || got != [32]byte{1} {
		t.Errorf("audit head %v %v", got, ok)
	}
	// Somebody who restored a backup himself says so, once.
	write(t, b.path, old)
	accept := b.opts
	accept.AcceptOlder = true
	if _, err := vault.Open(ctx, b.path, b.byCode(), accept); err != nil {
		t.Fatal(err)
	}
	if !b.open(t, b.byCode()).RollbackNoticed() {
		t.Error("the accepted file is not the known one")
	}
}

func TestAnotherFileOfTheSameGeneration(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	first := read(t, b.path)
	elsewhere := b
	elsewhere.opts.Keyring = nil // another computer with a copy
	if err := elsewhere.open(t, b.byCode()).SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	theirs := read(t, b.path)
	write(t, b.path, first)
	if err := b.open(t, b.byCode()).SetAuditHead(ctx, [32]byte{2}); err != nil {
		t.Fatal(err)
	}
	write(t, b.path, theirs)
	if _, err := vault.Open(ctx, b.path, b.byCode(), b.opts); !errors.Is(err, vault.ErrRolledBack) {
		t.Errorf("error %v, want ErrRolledBack", err)
	}
}

func TestWithoutKeyStoreAnOldFileIsNotNoticed(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	b.opts.Keyring = nil
	old := read(t, b.path)
	v := b.open(t, b.byCode())
	if v.RollbackNoticed() {
		t.Error("claims what it cannot do")
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	write(t, b.path, old)
	b.open(t, b.byCode()) // documented
}

func TestACrashBetweenFileAndKeyStoreIsNoRollback(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	b.open(t, b.byCode())
	before := maps.Clone(b.ring.values)
	if err := b.open(t, b.byCode()).SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	b.ring.values = before // the key store was not told any more
	v := b.open(t, vault.ByKeychain())
	if !v.RollbackNoticed() || v.Generation() != 2 {
		t.Errorf("noticed %v, generation %d", v.RollbackNoticed(), v.Generation())
	}
}

func TestKeyStoreThatFailsLaterLosesOnlyTheNotice(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	b.ring.broken = true
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatalf("a change that needs no key store: %v", err)
	}
	if v.RollbackNoticed() {
		t.Error("claims that the key store knows the new file")
	}
	b.open(t, b.byCode())
	b.ring.broken = false
	if !b.open(t, b.byCode()).RollbackNoticed() {
		t.Error("the key store is not told when it is back")
	}
}

func TestDamagedAnchorIsAnAlarmWithAWayOn(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	for _, id := range b.ring.ids() {
		if strings.HasSuffix(id, "/anchor") {
			b.ring.values[id] = vault.NewSecret("{}")
		}
	}
	if _, err := vault.Open(ctx, b.path, b.byCode(), b.opts); !errors.Is(err, vault.ErrRolledBack) {
		t.Errorf("error %v, want ErrRolledBack", err)
	}
	b.opts.AcceptOlder = true
	b.open(t, b.byCode())
	b.opts.AcceptOlder = false
	b.open(t, b.byCode())
}

func TestPurgeRemovesEverythingOfOneBook(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	if _, err := v.AddSlot(ctx, vault.NewSlot{Kind: vault.KindKeychain, Label: "second"}); err != nil {
		t.Fatal(err)
	}
	other := newBook(t)
	for id, s := range other.ring.values {
		b.ring.values[id] = s
	}
	others := len(other.ring.values)
	damage := func(t *testing.T) {
		t.Helper()
		for _, id := range b.ring.ids() {
			if strings.HasSuffix(id, v.BookID()+"/index") {
				b.ring.values[id] = vault.NewSecret("not a list")
			}
		}
	}
	damage(t)
	all := len(b.ring.values) - others
	deleted, err := vault.Purge(ctx, b.ring, v.BookID(), b.path)
	if err != nil {
		t.Fatal(err)
	}
	if len(deleted) != all || len(b.ring.values) != others {
		t.Errorf("deleted %d of %d items, %d left (%d are the other book's)", len(deleted), all, len(b.ring.values), others)
	}
	if again, err := vault.Purge(ctx, b.ring, v.BookID(), b.path); err != nil || len(again) != 0 {
		t.Errorf("again: %v %v", again, err)
	}
	// The index alone is enough, when the key file is gone already.
	if deleted, err := vault.Purge(ctx, b.ring, other.open(t, other.byCode()).BookID(), ""); err != nil || len(deleted) != others || len(b.ring.values) != 0 {
		t.Errorf("without key file: %d deleted, %d left, %v", len(deleted), len(b.ring.values), err)
	}
	if _, err := vault.Purge(ctx, b.ring, "../x", ""); !errors.Is(err, vault.ErrInvalid) {
		t.Errorf("a book id that is none: %v", err)
	}
	b.ring.broken = true
	if _, err := vault.Purge(ctx, b.ring, v.BookID(), ""); !errors.Is(err, vault.ErrNoKeyStore) {
		t.Errorf("no key store: %v", err)
	}
}

func TestPersonalKeyRotation(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	old := read(t, b.path)
	v := b.open(t, vault.ByKeychain())
	if err := v.ConfirmPersonalRotation(ctx, nil); !errors.Is(err, vault.ErrNoRotation) {
		t.Errorf("confirm without begin: %v", err)
	}
	next, err := v.BeginPersonalRotation(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if next.Absent() || next.Equal(b.keys.Personal) {
		t.Fatal("no new key")
	}
	v.Close() // a crash: every slot sees both keys
	for name, by := range map[string]vault.Unlock{"recovery": b.byCode(), "passphrase": vault.ByPassphrase(vault.NewSecret(goodPassphrase))} {
		v := b.open(t, by)
		if !v.Keys().Personal.Equal(b.keys.Personal) || !v.NextPersonal().Equal(next) {
			t.Errorf("%s: not both keys after a crash", name)
		}
	}
	v = b.open(t, b.byCode())
	if again, err := v.BeginPersonalRotation(ctx); err != nil || !again.Equal(next) {
		t.Errorf("beginning again is not the same rotation: %v", err)
	}
	if err := v.ConfirmPersonalRotation(ctx, map[string]string{"personal.db": strings.Repeat("ab", 16)}); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]vault.Unlock{"keychain": vault.ByKeychain(), "recovery": b.byCode(), "passphrase": vault.ByPassphrase(vault.NewSecret(goodPassphrase))} {
		v := b.open(t, by)
		keys := v.Keys()
		if !keys.Personal.Equal(next) || !v.NextPersonal().Absent() || !keys.Book.Equal(b.keys.Book) || !keys.Connection.Equal(b.keys.Connection) {
			t.Errorf("%s: not exactly the personal key changed", name)
		}
		if v.Salts()["personal.db"] != strings.Repeat("ab", 16) {
			t.Errorf("%s: salts %v", name, v.Salts())
		}
	}
	// Only an old copy of the key file still has the old key.
	write(t, b.path, old)
	b.opts.Keyring = nil
	if !b.open(t, b.byCode()).Keys().Personal.Equal(b.keys.Personal) {
		t.Error("the old file does not yield the old key")
	}
}

func TestAbandonedRotation(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	first, err := v.BeginPersonalRotation(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.AbandonPersonalRotation(ctx); err != nil {
		t.Fatal(err)
	}
	if err := v.AbandonPersonalRotation(ctx); !errors.Is(err, vault.ErrNoRotation) {
		t.Errorf("abandon twice: %v", err)
	}
	if !b.open(t, b.byCode()).NextPersonal().Absent() {
		t.Error("the next key is still there")
	}
	if second, err := v.BeginPersonalRotation(ctx); err != nil || second.Equal(first) {
		t.Errorf("an abandoned key came back: %v", err)
	}
}

func TestSalts(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	for name, salts := range map[string]map[string]string{
		"too short": {"book.db": "00"}, "not hex": {"book.db": strings.Repeat("zz", 16)}, "capitals": {"book.db": strings.Repeat("AB", 16)},
		"a path": {"../book.db": strings.Repeat("ab", 16)}, "no name": {"": strings.Repeat("ab", 16)},
	} {
		if err := v.SetSalts(ctx, salts); !errors.Is(err, vault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, salts := range []map[string]string{{"book.db": strings.Repeat("01", 16)}, {"personal.db": strings.Repeat("02", 16)}, {"book.db": strings.Repeat("01", 16)}} {
		if err := v.SetSalts(context.Background(), salts); err != nil {
			t.Fatal(err)
		}
	}
	if want := map[string]string{"book.db": strings.Repeat("01", 16), "personal.db": strings.Repeat("02", 16)}; !maps.Equal(b.open(t, b.byCode()).Salts(), want) {
		t.Errorf("salts %v", v.Salts())
	}
	if v.Generation() != 3 {
		t.Errorf("generation %d, want 3: noting the same salts again is no change", v.Generation())
	}
}
