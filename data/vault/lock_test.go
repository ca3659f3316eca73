package vault_test

import (
	"context"
	"errors"
	"testing"

	"countinghouse/data/vault"
)

func TestDropPersonalKeepsSyncing(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	v := b.open(t, b.byCode())
	held := v.Keys()
	v.DropPersonal()
	keys := v.Keys()
	if !keys.Personal.Absent() || keys.Book.Absent() || keys.Connection.Absent() {
		t.Error("not exactly the personal key was dropped")
	}
	if held.Personal.Absent() {
		t.Error("a copy that the caller owns was wiped")
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); !errors.Is(err, vault.ErrNotPermitted) {
		t.Errorf("a change without the renewal key: %v", err)
	}
	v.Close()
	v.Close()
	if !v.Keys().Book.Absent() {
		t.Error("keys after Close")
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); !errors.Is(err, vault.ErrClosed) {
		t.Errorf("a change after Close: %v", err)
	}
	if err := v.Prove(ctx, b.byCode()); !errors.Is(err, vault.ErrClosed) {
		t.Errorf("Prove after Close: %v", err)
	}
}

// askedContext calls hook when somebody asks whether it is cancelled, which a
// change does last before it writes.
type askedContext struct {
	context.Context
	hook func()
}

func (c askedContext) Err() error {
	c.hook()
	return nil
}

// TestLockedWhileWriting: a change that was under way completes, but does not
// bring back what was dropped meanwhile.
func TestLockedWhileWriting(t *testing.T) {
	vault.CheapKDF(t)
	for name, c := range map[string]struct {
		hook func(v *vault.Vault)
		book bool // the book key is still there
	}{"dropped": {(*vault.Vault).DropPersonal, true}, "closed": {(*vault.Vault).Close, false}} {
		b := newBook(t)
		v := b.open(t, b.byCode())
		asked := askedContext{ctx, func() { c.hook(v) }}
		if err := v.SetAuditHead(asked, [32]byte{1}); err != nil {
			t.Fatal(err)
		}
		keys := v.Keys()
		if !keys.Personal.Absent() || v.Full() || keys.Book.Absent() == c.book {
			t.Errorf("%s: a key came back", name)
		}
		if again := b.open(t, b.byCode()); again.Generation() != 2 || !sameKeys(again.Keys(), b.keys) {
			t.Errorf("%s: generation %d", name, again.Generation())
		}
	}
}
