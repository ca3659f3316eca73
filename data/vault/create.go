package vault

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// NewSlot asks for a slot. A slot with all three keys is the usual one.
type NewSlot struct {
	Kind Kind
	// Label is the owner's name for it, at most 64 printable characters.
	Label string
	// Passphrase for the two kinds that have one; see CheckPassphrase.
	Passphrase Secret
	// Recovery is the code of a recovery slot, from NewRecoveryCode.
	Recovery RecoveryCode
	// WithoutPersonal leaves out the personal key, WithoutConnection the right
	// to sync. A slot that lacks one cannot change the key file.
	WithoutPersonal, WithoutConnection bool
}

func (n NewSlot) check(bookName string) error {
	if err := checkLabel(n.Label); err != nil {
		return err
	}
	switch {
	case !n.Kind.valid():
		return fmt.Errorf("slot kind: %w", ErrInvalid)
	case n.Recovery.IsZero() != (n.Kind != KindRecovery):
		return fmt.Errorf("recovery code: %w (a recovery slot needs one, no other has it)", ErrInvalid)
	case !n.Kind.usesPassphrase() && !n.Passphrase.IsZero():
		return fmt.Errorf("passphrase: %w (this kind of slot has none)", ErrInvalid)
	case n.Kind.usesPassphrase():
		return CheckPassphrase(n.Passphrase, bookName)
	}
	return nil
}

// made is a slot and its key, before it is in a file.
type made struct {
	slot slot
	kek  Key
}

// make derives the slot's key and puts the key store's part, if any, in place.
// The caller calls undo when the slot does not come into the file.
func (n NewSlot) make(ctx context.Context, it items, o Options) (m made, undo func(), err error) {
	undo = func() {}
	if err := n.check(o.BookName); err != nil {
		return made{}, undo, err
	}
	m.slot = slot{
		ID: randomHex(slotIDSize), Kind: n.Kind, Label: n.Label,
		Created:   o.Now().UTC().Format(time.RFC3339),
		Keys:      keyNames(!n.WithoutPersonal, !n.WithoutConnection),
		Salt:      randomSalt(),
		Recipient: n.Recovery.recipient,
	}
	if n.Kind.usesPassphrase() {
		kdf, err := calibrate(ctx, o.KDFTarget)
		if err != nil {
			return made{}, undo, err
		}
		m.slot.Argon2id = &kdf
	}
	if n.Kind.usesKeychain() {
		if err := it.setSlotSecret(ctx, m.slot.ID); err != nil {
			return made{}, undo, err
		}
		// A cancelled ctx must not keep what it stored.
		undo = func() { _ = it.delete(context.WithoutCancel(ctx), slotItem+m.slot.ID) }
	}
	by := Unlock{passphrase: n.Passphrase, code: n.Recovery}
	if m.kek, err = by.derive(ctx, &m.slot, it); err != nil {
		undo()
		return made{}, func() {}, err
	}
	return m, undo, nil
}

// setSlotSecret stores a random secret and reads it back: a book must not
// depend on a key store that forgets.
func (it items) setSlotSecret(ctx context.Context, slotID string) error {
	raw := randomKey()
	defer raw.Wipe()
	bytes := raw.secret.bytes()
	defer clear(bytes)
	value := NewSecret(base64.StdEncoding.EncodeToString(bytes))
	defer value.Wipe()
	if err := it.set(ctx, slotItem+slotID, value); err != nil {
		return err
	}
	got, err := it.get(ctx, slotItem+slotID)
	if errors.Is(err, ErrNotInKeyStore) || (err == nil && !got.Equal(value)) {
		return fmt.Errorf("%w (it did not keep what was stored)", ErrNoKeyStore)
	}
	return err
}

func randomSalt() []byte {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // does not fail
	return salt
}

// Create makes a new book's keys and the key file at path, whose folder must
// exist, and returns it open. At least one slot must hold all keys and open
// without a key store (ErrLastSlot): a passphrase or a recovery code. Without
// key store, slots that need it fail with ErrNoKeyStore and nothing is created.
// An existing file is never replaced (ErrExists).
func Create(ctx context.Context, path string, slots []NewSlot, o Options) (*Vault, error) {
	v, err := create(ctx, path, slots, o.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("create book keys: %w", err)
	}
	return v, nil
}

func create(ctx context.Context, path string, slots []NewSlot, o Options) (_ *Vault, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%s: %w", path, ErrExists)
		}
		return nil, err
	}
	d := draft{
		f:    &file{Format: fileFormat, Version: fileVersion, BookID: randomHex(idSize), Salts: map[string]string{}},
		in:   payload{keys: newKeySet()},
		keks: map[string]Key{},
	}
	defer d.wipeKEKs()
	it := items{ring: o.Keyring, bookID: d.f.BookID}
	placed := false
	for _, n := range slots {
		m, undo, err := n.make(ctx, it, o)
		if err != nil {
			return nil, err
		}
		defer func() {
			if !placed {
				undo()
			}
		}()
		d.add(m)
	}
	raw, err := d.finish()
	if err != nil {
		return nil, err
	}
	unlock := lockName("file " + path)
	defer unlock()
	if placed, err = writeFile(path, raw, true); err != nil {
		return nil, err
	}
	v := &Vault{path: path, opts: o, items: it, raw: raw, file: d.f, slotID: d.firstFull(), in: d.in}
	v.remember(context.WithoutCancel(ctx))
	return v, nil
}
