package vault

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
)

// A new personal key takes three steps, because the file of keys and the
// database cannot change in one moment:
//
//  1. BeginPersonalRotation writes the next key beside the current one,
//  2. the caller re-keys personal.db,
//  3. ConfirmPersonalRotation makes the next key the current one.
//
// After a crash NextPersonal is there: the caller tries the current key on the
// database. If it opens, step 2 has not happened (repeat it, or abandon); if
// the next key opens, only step 3 is missing.

// BeginPersonalRotation returns the next personal key. It is in the key file
// when this returns. A rotation that is already pending is continued with its
// key, so repeating after a crash is right.
func (v *Vault) BeginPersonalRotation(ctx context.Context) (Key, error) {
	err := v.change(ctx, func(d *draft) error {
		if !d.in.next.Absent() {
			return errNothingToDo
		}
		d.in.next = randomKey()
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return Key{}, fmt.Errorf("begin change of personal key: %w", err)
	}
	return v.NextPersonal(), nil
}

// NextPersonal returns a copy of the key of a pending rotation, or an absent one.
func (v *Vault) NextPersonal() Key {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in.next.clone()
}

// ConfirmPersonalRotation makes the next key the personal key and forgets the
// former one: no slot of the new file holds it. salts replaces the entries of
// these files in the same write (a re-keyed file has a new salt); nil keeps all.
func (v *Vault) ConfirmPersonalRotation(ctx context.Context, salts map[string]string) error {
	err := v.change(ctx, func(d *draft) error {
		if d.in.next.Absent() {
			return ErrNoRotation
		}
		d.in.keys.Personal.Wipe()
		d.in.keys.Personal, d.in.next = d.in.next, Key{}
		return d.setSalts(salts)
	})
	if err != nil {
		return fmt.Errorf("confirm change of personal key: %w", err)
	}
	return nil
}

// AbandonPersonalRotation forgets the next key. Only for a database that was
// not re-keyed.
func (v *Vault) AbandonPersonalRotation(ctx context.Context) error {
	err := v.change(ctx, func(d *draft) error {
		if d.in.next.Absent() {
			return ErrNoRotation
		}
		d.in.next.Wipe()
		d.in.next = Key{}
		return nil
	})
	if err != nil {
		return fmt.Errorf("abandon change of personal key: %w", err)
	}
	return nil
}

// SetSalts notes the salts of databases (file name to the first 16 bytes of the
// file in hex) beside the ones of other files.
func (v *Vault) SetSalts(ctx context.Context, salts map[string]string) error {
	err := v.change(ctx, func(d *draft) error {
		before := maps.Clone(d.f.Salts)
		if err := d.setSalts(salts); err != nil {
			return err
		}
		if maps.Equal(before, d.f.Salts) {
			return errNothingToDo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return fmt.Errorf("note database salts: %w", err)
	}
	return nil
}

func (d *draft) setSalts(salts map[string]string) error {
	maps.Copy(d.f.Salts, salts)
	return checkSalts(d.f.Salts)
}

// SetAuditHead notes the hash of the newest audit entry, after the entry was
// committed, in the key file and in the key store. A slot that may not change
// the file gets ErrNotPermitted; its entries are covered by the next head that
// a full slot sets.
func (v *Vault) SetAuditHead(ctx context.Context, head [32]byte) error {
	text := hex.EncodeToString(head[:])
	err := v.change(ctx, func(d *draft) error {
		if d.f.AuditHead == text {
			return errNothingToDo
		}
		d.f.AuditHead = text
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return fmt.Errorf("note audit head: %w", err)
	}
	return nil
}
