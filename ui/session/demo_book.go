package session

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"countinghouse/data/archive"
	"countinghouse/data/vault"
)

// DemoName is the name of the demo book in the window.
const DemoName = "Demo"

// DemoLabel marks the slots of a book that may be thrown away.
const DemoLabel = "demo book, throw-away key"

// ErrNotDemo reports that a book of the demo's name is somebody's own.
var ErrNotDemo = errors.New("is not a demo book")

// CreateDemo makes a demo book. It opens with given where that is set; else with
// the computer's key store, where there is one, and with a passphrase that is
// invented: there is nothing to guard. shown is that passphrase; stored tells
// whether the key store opens the book too.
func CreateDemo(ctx context.Context, p Place, name string, given vault.Secret) (s *Session, shown string, stored bool, err error) {
	pass := given
	if given.IsZero() {
		raw := make([]byte, 10)
		rand.Read(raw)
		shown = strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		pass = vault.NewSecret(shown)
	}
	slots := []vault.NewSlot{{Kind: vault.KindPassphrase, Label: DemoLabel, Passphrase: pass}}
	if given.IsZero() {
		s, err = Create(ctx, p, name, Demo, append(slots, vault.NewSlot{Kind: vault.KindKeychain, Label: DemoLabel}))
		if !errors.Is(err, vault.ErrNoKeyStore) {
			return s, shown, err == nil, err
		}
	}
	s, err = Create(ctx, p, name, Demo, slots)
	return s, shown, false, err
}

// DropDemo removes an earlier demo book of that name, if there is one. It
// refuses to touch any other book with ErrNotDemo, and one that is open.
func DropDemo(ctx context.Context, p Place, name string) error {
	info, err := vault.ReadInfo(keysPath(p.Home.BookDir(name)))
	if errors.Is(err, vault.ErrNoFile) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, slot := range info.Slots {
		if slot.Label != DemoLabel {
			return fmt.Errorf("the book %q %w; choose another name, or rename or wipe that book first", name, ErrNotDemo)
		}
	}
	release, err := Lock(p, name)
	if err != nil {
		return err
	}
	release()
	_, err = archive.Wipe(ctx, archive.Plan{
		Home: string(p.Home), Folder: name, BookID: info.BookID, BookName: name, TypedName: name, Purge: Purger(p.Keyring),
	})
	return err
}

// Purger removes a book's items from a key store, for a wipe. Where there is no
// key store nothing was ever put into it.
func Purger(ring vault.Keyring) archive.Purger {
	return func(ctx context.Context, bookID string) error {
		_, err := vault.Purge(ctx, ring, bookID, "")
		if errors.Is(err, vault.ErrNoKeyStore) {
			return nil
		}
		return err
	}
}
