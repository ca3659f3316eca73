package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Unlock is how somebody opens a book. The zero value opens nothing.
type Unlock struct {
	kinds      []Kind
	passphrase Secret
	code       RecoveryCode
	slotID     string
}

// ByKeychain uses the secret in this computer's key store.
func ByKeychain() Unlock { return Unlock{kinds: []Kind{KindKeychain}} }

// ByPassphrase tries the passphrase on the slots of both kinds that have one;
// for passphrase+keychain this computer's key store is asked for its part.
func ByPassphrase(p Secret) Unlock {
	return Unlock{kinds: []Kind{KindPassphrase, KindPassphraseKeychain}, passphrase: p}
}

// ByRecoveryCode uses the code; it needs no key store.
func ByRecoveryCode(c RecoveryCode) Unlock {
	return Unlock{kinds: []Kind{KindRecovery}, code: c}
}

// WithSlot tries only the slot of that id.
func (u Unlock) WithSlot(id string) Unlock {
	u.slotID = id
	return u
}

func (u Unlock) suits(s *slot, kind Kind) bool {
	return s.Kind == kind && (u.slotID == "" || u.slotID == s.ID)
}

// Open unlocks the key file at path. Every passphrase slot that is tried takes
// about a second. Errors to expect: the ones of the file, ErrNoSlot,
// ErrWrongPassphrase, ErrTooManyTries, ErrWrongRecoveryCode, ErrWrongKeychain,
// ErrNoKeyStore, ErrNotInKeyStore, ErrTampered, ErrRolledBack.
func Open(ctx context.Context, path string, by Unlock, o Options) (*Vault, error) {
	o = o.withDefaults()
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open book: %w", err)
	}
	const tries = 3
	for try := 1; ; try++ {
		v, raw, err := open(ctx, path, by, o)
		if err == nil {
			return v, nil
		}
		// Another Vault may have written between our look at the file and our
		// look at the key store.
		if now, readErr := readFile(path); errors.Is(err, ErrRolledBack) && try < tries && readErr == nil && !bytes.Equal(now, raw) {
			continue
		}
		return nil, fmt.Errorf("open book: %w", err)
	}
}

func open(ctx context.Context, path string, by Unlock, o Options) (*Vault, []byte, error) {
	raw, f, err := load(path)
	if err != nil {
		return nil, nil, err
	}
	if o.BookID != "" && o.BookID != f.BookID {
		return nil, raw, fmt.Errorf("read %s: %w", path, ErrOtherBook)
	}
	it := items{ring: o.Keyring, bookID: f.BookID}
	anchorCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	waitAnchor := it.startAnchor(anchorCtx)
	s, kek, err := by.guarded(ctx, f, it, path, o.Now)
	if err != nil {
		cancel() // no need to wait for a slow key store
	}
	known, anchorErr := waitAnchor()
	if err != nil {
		return nil, raw, err
	}
	defer kek.Wipe()
	in, err := s.unwrap(f, kek)
	if err != nil {
		return nil, raw, err
	}
	v := &Vault{path: path, opts: o, items: it, raw: raw, file: f, slotID: s.ID, in: in}
	if err := v.verify(); err != nil {
		v.Close()
		return nil, raw, err
	}
	if err := v.compare(ctx, known, anchorErr); err != nil {
		v.Close()
		return nil, raw, err
	}
	return v, raw, nil
}

// verify checks the MAC over the whole file.
func (v *Vault) verify() error {
	sum, err := v.file.sum(v.in.keys.Book)
	if err != nil {
		return err
	}
	if !hmac.Equal(sum, v.file.MAC) {
		return fmt.Errorf("read %s: %w", v.path, ErrTampered)
	}
	return nil
}

// guarded is find with the advisory delay after failed passphrases.
func (u Unlock) guarded(ctx context.Context, f *file, it items, path string, now func() time.Time) (*slot, Key, error) {
	if u.passphrase.IsZero() {
		return u.find(ctx, f, it)
	}
	counter := tries{path: path + triesSuffix, now: now}
	if err := counter.allow(); err != nil {
		return nil, Key{}, err
	}
	s, kek, err := u.find(ctx, f, it)
	switch {
	case err == nil:
		counter.succeeded()
	case errors.Is(err, ErrWrongPassphrase):
		counter.failed()
	}
	return s, kek, err
}

// find returns the first suitable slot that the secret fits, with its key.
func (u Unlock) find(ctx context.Context, f *file, it items) (*slot, Key, error) {
	var failure error
	for _, kind := range u.kinds {
		for i := range f.Slots {
			s := &f.Slots[i]
			if !u.suits(s, kind) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, Key{}, err
			}
			kek, err := u.try(ctx, s, it)
			if err == nil {
				return s, kek, nil
			}
			// That a slot of another computer has no item here says less than
			// that the passphrase did not fit.
			if failure == nil || !isKeyStoreFailure(err) {
				failure = err
			}
		}
	}
	if failure == nil {
		failure = ErrNoSlot
	}
	return nil, Key{}, failure
}

func isKeyStoreFailure(err error) bool {
	return errors.Is(err, ErrNoKeyStore) || errors.Is(err, ErrNotInKeyStore)
}

// try derives the slot's key and checks that it fits.
func (u Unlock) try(ctx context.Context, s *slot, it items) (Key, error) {
	if s.Kind == KindRecovery && s.Recipient != u.code.recipient {
		return Key{}, ErrWrongRecoveryCode
	}
	kek, err := u.derive(ctx, s, it)
	if err != nil {
		return Key{}, err
	}
	if s.fits(kek) {
		return kek, nil
	}
	kek.Wipe()
	switch s.Kind {
	case KindRecovery: // the recipient is right, so the salt or check is not
		return Key{}, fmt.Errorf("slot %s: %w", s.ID, ErrTampered)
	case KindKeychain:
		return Key{}, ErrWrongKeychain
	}
	return Key{}, ErrWrongPassphrase
}

func (u Unlock) derive(ctx context.Context, s *slot, it items) (Key, error) {
	var fromStore []byte
	if s.Kind.usesKeychain() {
		var err error
		if fromStore, err = it.slotSecret(ctx, s.ID); err != nil {
			return Key{}, err
		}
		defer clear(fromStore)
	}
	switch s.Kind {
	case KindKeychain:
		return s.kek(fromStore)
	case KindRecovery:
		text := u.code.text.bytes()
		defer clear(text)
		return s.kek(text)
	}
	normal, err := normalise(u.passphrase)
	if err != nil { // empty, too long, not text: no slot was ever made with it
		return Key{}, ErrWrongPassphrase
	}
	defer clear(normal)
	stretched := s.Argon2id.derive(normal, s.Salt)
	defer clear(stretched)
	return s.kek(stretched, fromStore)
}

// slotSecret reads the key store's part of a slot: 32 bytes in Base64.
func (it items) slotSecret(ctx context.Context, slotID string) ([]byte, error) {
	value, err := it.get(ctx, slotItem+slotID)
	if err != nil {
		return nil, err
	}
	defer value.Wipe()
	raw, err := base64.StdEncoding.DecodeString(value.Reveal())
	if err != nil || len(raw) != KeySize {
		return nil, ErrWrongKeychain
	}
	return raw, nil
}
