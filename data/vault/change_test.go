package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"countinghouse/data/vault"
)

var ctx = context.Background()

func TestCreateRefusals(t *testing.T) {
	vault.CheapKDF(t)
	pass := vault.NewSecret(goodPassphrase)
	recovery := vault.NewSlot{Kind: vault.KindRecovery, Recovery: newCode(t)}
	broken := newRing()
	broken.broken = true
	for name, c := range map[string]struct {
		slots []vault.NewSlot
		ring  vault.Keyring
		want  error
	}{
		"no slot":                      {nil, newRing(), vault.ErrLastSlot},
		"keychain alone":               {[]vault.NewSlot{{Kind: vault.KindKeychain}}, newRing(), vault.ErrLastSlot},
		"passphrase+keychain alone":    {[]vault.NewSlot{{Kind: vault.KindPassphraseKeychain, Passphrase: pass}}, newRing(), vault.ErrLastSlot},
		"only a limited recovery":      {[]vault.NewSlot{{Kind: vault.KindRecovery, Recovery: newCode(t), WithoutConnection: true}}, newRing(), vault.ErrLastSlot},
		"keychain without key store":   {[]vault.NewSlot{{Kind: vault.KindKeychain}, recovery}, nil, vault.ErrNoKeyStore},
		"keychain, key store locked":   {[]vault.NewSlot{{Kind: vault.KindKeychain}, recovery}, broken, vault.ErrNoKeyStore},
		"keychain, store that forgets": {[]vault.NewSlot{{Kind: vault.KindKeychain}, recovery}, forgetful{newRing()}, vault.ErrNoKeyStore},
		"short passphrase":             {[]vault.NewSlot{{Kind: vault.KindPassphrase, Passphrase: vault.NewSecret("short")}}, nil, vault.ErrWeakPassphrase},
		"the book's name":              {[]vault.NewSlot{{Kind: vault.KindPassphrase, Passphrase: vault.NewSecret("tea AND kettles")}}, nil, vault.ErrWeakPassphrase},
		"unknown kind":                 {[]vault.NewSlot{{Kind: "finger"}}, nil, vault.ErrInvalid},
		"recovery without code":        {[]vault.NewSlot{{Kind: vault.KindRecovery}}, nil, vault.ErrInvalid},
		"passphrase to a keychain":     {[]vault.NewSlot{{Kind: vault.KindKeychain, Passphrase: pass}}, newRing(), vault.ErrInvalid},
		"label with a line break":      {[]vault.NewSlot{{Kind: vault.KindRecovery, Recovery: newCode(t), Label: "a\nb"}}, nil, vault.ErrInvalid},
	} {
		dir := t.TempDir()
		v, err := vault.Create(ctx, filepath.Join(dir, "book.keys"), c.slots, options(c.ring))
		if !errors.Is(err, c.want) || v != nil {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s: left %v behind", name, left)
		}
		if ring, ok := c.ring.(*memoryRing); ok && secretItems(ring) != 0 {
			t.Errorf("%s: left %v in the key store", name, ring.ids())
		}
	}
}

// forgetful accepts everything and keeps nothing.
type forgetful struct{ *memoryRing }

func (forgetful) Set(context.Context, string, vault.Secret) error { return nil }

// secretItems counts the items but for the (empty) index.
func secretItems(r *memoryRing) int {
	n := 0
	for _, id := range r.ids() {
		if filepath.Base(id) != "index" {
			n++
		}
	}
	return n
}

func TestCreateNeverReplaces(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	before := read(t, b.path)
	_, err := vault.Create(ctx, b.path, []vault.NewSlot{{Kind: vault.KindRecovery, Recovery: newCode(t)}}, b.opts)
	if !errors.Is(err, vault.ErrExists) {
		t.Errorf("error %v, want ErrExists", err)
	}
	if !bytes.Equal(read(t, b.path), before) {
		t.Error("the file changed")
	}
}

// opens reports which of the original ways still open the book, with its keys.
func (b book) opens(t testing.TB) map[string]bool {
	t.Helper()
	ok := map[string]bool{}
	for name, by := range map[string]vault.Unlock{
		"keychain": vault.ByKeychain(), "passphrase": vault.ByPassphrase(vault.NewSecret(goodPassphrase)),
		"both": vault.ByPassphrase(vault.NewSecret("both are needed 2")), "recovery": b.byCode(),
	} {
		v, err := vault.Open(ctx, b.path, by, b.opts)
		if err == nil {
			ok[name] = v.Keys().Book.Equal(b.keys.Book)
			v.Close()
		}
	}
	return ok
}

func TestChangesLeaveTheOtherSlotsOpen(t *testing.T) {
	vault.CheapKDF(t)
	next := vault.NewSecret("eine andere Passphrase")
	second := newCode(t)
	for name, c := range map[string]struct {
		do     func(v *vault.Vault) error
		closed []string     // ways that must not open any more
		opens  vault.Unlock // a way that must open now
	}{
		"add passphrase": {func(v *vault.Vault) error {
			_, err := v.AddSlot(ctx, vault.NewSlot{Kind: vault.KindPassphrase, Passphrase: next})
			return err
		}, nil, vault.ByPassphrase(next)},
		"add recovery": {func(v *vault.Vault) error {
			_, err := v.AddSlot(ctx, vault.NewSlot{Kind: vault.KindRecovery, Recovery: second})
			return err
		}, nil, vault.ByRecoveryCode(second)},
		"change passphrase": {func(v *vault.Vault) error {
			return v.ChangePassphrase(ctx, slotOf(t, v, vault.KindPassphrase).ID, next)
		}, []string{"passphrase"}, vault.ByPassphrase(next)},
		"change passphrase of both": {func(v *vault.Vault) error {
			return v.ChangePassphrase(ctx, slotOf(t, v, vault.KindPassphraseKeychain).ID, next)
		}, []string{"both"}, vault.ByPassphrase(next)},
		"remove keychain": {func(v *vault.Vault) error {
			return v.RemoveSlot(ctx, slotOf(t, v, vault.KindKeychain).ID)
		}, []string{"keychain"}, vault.Unlock{}},
		"remove passphrase": {func(v *vault.Vault) error {
			return v.RemoveSlot(ctx, slotOf(t, v, vault.KindPassphrase).ID)
		}, []string{"passphrase"}, vault.Unlock{}},
		"remove recovery while a passphrase stays": {func(v *vault.Vault) error {
			return v.RemoveSlot(ctx, slotOf(t, v, vault.KindRecovery).ID)
		}, []string{"recovery"}, vault.Unlock{}},
		"replace recovery": {func(v *vault.Vault) error {
			_, err := v.ReplaceRecovery(ctx, "new paper", second)
			return err
		}, []string{"recovery"}, vault.ByRecoveryCode(second)},
		"audit head": {func(v *vault.Vault) error { return v.SetAuditHead(ctx, [32]byte{7}) }, nil, vault.Unlock{}},
		"salts": {func(v *vault.Vault) error {
			return v.SetSalts(ctx, map[string]string{"book.db": "00112233445566778899aabbccddeeff"})
		}, nil, vault.Unlock{}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			v := b.open(t, b.byCode())
			if err := c.do(v); err != nil {
				t.Fatal(err)
			}
			if v.Generation() != 2 {
				t.Errorf("generation %d after one change, want 2", v.Generation())
			}
			want := map[string]bool{"keychain": true, "passphrase": true, "both": true, "recovery": true}
			for _, name := range c.closed {
				delete(want, name)
			}
			got := b.opens(t)
			for way := range map[string]bool{"keychain": true, "passphrase": true, "both": true, "recovery": true} {
				if got[way] != want[way] {
					t.Errorf("%s opens: %v, want %v", way, got[way], want[way])
				}
			}
			if again, err := vault.Open(ctx, b.path, c.opens, b.opts); !errors.Is(err, vault.ErrNoSlot) && (err != nil || !sameKeys(again.Keys(), b.keys)) {
				t.Errorf("the new way does not open the book: %v", err)
			}
		})
	}
}

func TestEveryChangeRenewsEveryWrap(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	before := slotTexts(string(read(t, b.path)))
	if err := b.open(t, b.byCode()).SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	for i, after := range slotTexts(string(read(t, b.path))) {
		for _, name := range []string{"wrapped", "renewal"} {
			if field(after, name) == field(before[i], name) {
				t.Errorf("slot %d: %s is still the one of the generation before", i, name)
			}
		}
	}
}

func TestTheLastWayInStays(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t, vault.NewSlot{Kind: vault.KindKeychain}, vault.NewSlot{Kind: vault.KindPassphrase, Passphrase: vault.NewSecret(goodPassphrase), WithoutPersonal: true})
	v := b.open(t, b.byCode())
	recovery := slotOf(t, v, vault.KindRecovery).ID
	if err := v.RemoveSlot(ctx, recovery); !errors.Is(err, vault.ErrLastSlot) {
		t.Errorf("removing the only full slot that needs no key store: %v", err)
	}
	if err := v.RemoveSlot(ctx, "0000000000000000"); !errors.Is(err, vault.ErrNoSlot) {
		t.Errorf("removing a slot that is not there: %v", err)
	}
	if v.Generation() != 1 {
		t.Error("a refused change counted the generation up")
	}
	if err := v.RemoveSlot(ctx, slotOf(t, v, vault.KindKeychain).ID); err != nil {
		t.Fatal(err)
	}
	for _, id := range b.ring.ids() {
		if name := filepath.Base(id); name != "index" && name != "anchor" {
			t.Errorf("%s stayed in the key store", id)
		}
	}
}

func TestRemovedSlotIsNotInAnyFormInTheNewFile(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	id := slotOf(t, v, vault.KindPassphrase).ID
	if err := v.RemoveSlot(ctx, id); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(read(t, b.path), []byte(id)) {
		t.Error("the removed slot is still in the file")
	}
}

func TestLimitedSlots(t *testing.T) {
	vault.CheapKDF(t)
	for name, c := range map[string]struct{ noPersonal, noConnection bool }{
		"no people": {true, false}, "no sync": {false, true}, "figures only": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			pass := vault.NewSecret("the bookkeeper's own words")
			b := newBook(t, vault.NewSlot{Kind: vault.KindPassphrase, Label: "bookkeeper", Passphrase: pass, WithoutPersonal: c.noPersonal, WithoutConnection: c.noConnection})
			v := b.open(t, vault.ByPassphrase(pass))
			keys := v.Keys()
			if !keys.Book.Equal(b.keys.Book) || keys.Personal.Absent() != c.noPersonal || keys.Connection.Absent() != c.noConnection {
				t.Errorf("book %v, personal absent %v, connection absent %v", !keys.Book.Absent(), keys.Personal.Absent(), keys.Connection.Absent())
			}
			if _, err := v.Sealer(); errors.Is(err, vault.ErrNoConnectionKey) != c.noConnection {
				t.Errorf("Sealer: %v", err)
			}
			if v.Full() {
				t.Error("claims full access")
			}
			_, addErr := v.AddSlot(ctx, vault.NewSlot{Kind: vault.KindPassphrase, Passphrase: pass})
			_, rotateErr := v.BeginPersonalRotation(ctx)
			_, replaceErr := v.ReplaceRecovery(ctx, "", newCode(t))
			for what, err := range map[string]error{
				"AddSlot": addErr, "BeginPersonalRotation": rotateErr, "ReplaceRecovery": replaceErr,
				"RemoveSlot": v.RemoveSlot(ctx, v.OpenedBy()), "ChangePassphrase": v.ChangePassphrase(ctx, v.OpenedBy(), pass),
				"SetAuditHead": v.SetAuditHead(ctx, [32]byte{1}), "SetSalts": v.SetSalts(ctx, map[string]string{"book.db": "00112233445566778899aabbccddeeff"}),
			} {
				if !errors.Is(err, vault.ErrNotPermitted) {
					t.Errorf("%s: %v, want ErrNotPermitted", what, err)
				}
			}
			// After somebody else's rotation the slot has what it had, no more.
			owner := b.open(t, b.byCode())
			next, err := owner.BeginPersonalRotation(ctx)
			if err != nil {
				t.Fatal(err)
			}
			again := b.open(t, vault.ByPassphrase(pass))
			if again.NextPersonal().Absent() != c.noPersonal {
				t.Error("the pending key is where it should not be, or not where it should")
			}
			if err := owner.ConfirmPersonalRotation(ctx, nil); err != nil {
				t.Fatal(err)
			}
			if got := b.open(t, vault.ByPassphrase(pass)).Keys(); got.Personal.Equal(next) == c.noPersonal || got.Connection.Absent() != c.noConnection {
				t.Error("a rotation changed what the slot holds")
			}
		})
	}
}

func TestConfirmRecovery(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	if err := v.ConfirmRecovery(ctx, newCode(t)); !errors.Is(err, vault.ErrWrongRecoveryCode) {
		t.Errorf("another code: %v", err)
	}
	for range 2 { // again is no change
		if err := v.ConfirmRecovery(ctx, b.code); err != nil {
			t.Fatal(err)
		}
	}
	if s := slotOf(t, b.open(t, vault.ByKeychain()), vault.KindRecovery); !s.Confirmed || s.Recipient != b.code.Recipient() {
		t.Errorf("slot %+v", s)
	}
	if v.Generation() != 2 {
		t.Errorf("generation %d, want 2", v.Generation())
	}
	if _, err := v.ReplaceRecovery(ctx, "", newCode(t)); err != nil {
		t.Fatal(err)
	}
	if slotOf(t, v, vault.KindRecovery).Confirmed {
		t.Error("a code that nobody typed back counts as confirmed")
	}
}

func TestOneVaultManyGoroutines(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := v.SetAuditHead(ctx, [32]byte{byte(i + 1)}); err != nil {
				t.Errorf("change %d: %v", i, err)
			}
			if !v.Keys().Book.Equal(b.keys.Book) {
				t.Error("other keys meanwhile")
			}
		})
	}
	wg.Wait()
	if got := b.open(t, vault.ByKeychain()); got.Generation() != 21 || !sameKeys(got.Keys(), b.keys) {
		t.Errorf("generation %d, want 21", got.Generation())
	}
}

func TestManyVaultsOneFile(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	const writers = 12
	var vaults []*vault.Vault
	for range writers {
		vaults = append(vaults, b.open(t, b.byCode()))
	}
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i, v := range vaults {
		wg.Go(func() { errs[i] = v.SetAuditHead(ctx, [32]byte{byte(i + 1)}) })
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, vault.ErrConflict):
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if won != 1 {
		t.Errorf("%d of the writers of one generation succeeded, want 1", won)
	}
	if got := b.open(t, b.byCode()).Generation(); got != 2 {
		t.Errorf("generation %d, want 2", got)
	}
}

func TestAFailedWriteLeavesTheOldState(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	raw := read(t, b.path)
	if err := os.Remove(b.path); err != nil {
		t.Fatal(err)
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); !errors.Is(err, vault.ErrNoFile) {
		t.Errorf("change of a file that is gone: %v", err)
	}
	write(t, b.path, raw)
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Errorf("after the file came back: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := v.SetAuditHead(cancelled, [32]byte{2}); !errors.Is(err, context.Canceled) || v.Generation() != 2 {
		t.Errorf("cancelled change: %v, generation %d", err, v.Generation())
	}
}
