package session

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
)

// Version is the application's version, shown to Amazon and in exports.
const Version = "0.1.0"

// Class says what a book is for. It is fixed when the book is made.
type Class string

// The classes of books. Test and demo books talk to this computer only and
// never take real credentials; a real book never talks to this computer.
const (
	Real Class = "real"
	Test Class = "test"
	Demo Class = "demo"
)

const classSetting = "class"

// Place is where books are and what may be used to open them.
type Place struct {
	Home    store.Home
	Keyring vault.Keyring
	// What is accepted leaves an entry in the book's audit log.
	AcceptOlder     bool // open although an older key file was put back
	AcceptOlderBook bool // open although an older book.db was put back
	// AcceptDamage opens although a log was changed after an interrupted run;
	// Book.Damage tells of which files.
	AcceptDamage bool
}

// Session is an open book.
type Session struct {
	Name  string
	Class Class
	Vault *vault.Vault
	Book  *store.Book

	// Notify is told of what the seller has to act on while this book is
	// synced; nil tells nobody. It is set before Engine.
	Notify func(appsync.Notice)

	sealer *vault.Sealer // nil when the slot may not call Amazon
}

// ErrNotConfirmed reports that the recovery code was never typed back.
var ErrNotConfirmed = errors.New("type the recovery code back once before the first sync: run vault confirm-recovery")

// ErrOlderBook reports that book.db is older than its key file.
// AcceptOlderBook opens it.
var ErrOlderBook = errors.New("an older book.db was put back: it lacks what was last noted in the key file; " +
	"put the newer file back, or open it once with --accept-older if you restored a backup yourself")

func (p Place) vaultOptions(name string) vault.Options {
	return vault.Options{Keyring: p.Keyring, BookName: name}
}

// openVault opens the key file; older tells that it is one that was put back,
// which AcceptOlder allows.
func (p Place) openVault(ctx context.Context, name string, by vault.Unlock) (v *vault.Vault, older bool, err error) {
	path, o := keysPath(p.Home.BookDir(name)), p.vaultOptions(name)
	v, err = vault.Open(ctx, path, by, o)
	if p.AcceptOlder && errors.Is(err, vault.ErrRolledBack) {
		o.AcceptOlder = true
		v, err = vault.Open(ctx, path, by, o)
		older = true
	}
	return v, older, err
}

func keysPath(dir string) string { return filepath.Join(dir, store.KeysFile) }

// Create makes a new book with the given ways to open it. When it fails, the
// folder is left without a book.
func Create(ctx context.Context, p Place, name string, class Class, slots []vault.NewSlot) (_ *Session, err error) {
	if err := store.CheckName(name); err != nil {
		return nil, err
	}
	dir := p.Home.BookDir(name)
	if _, err := os.Lstat(keysPath(dir)); err == nil {
		return nil, fmt.Errorf("there is a book called %q already; choose another name", name)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the book's folder: %w", err)
	}
	s := &Session{Name: name, Class: class}
	defer func() {
		if err != nil {
			s.Close()
			discard(p, dir)
		}
	}()
	if s.Vault, err = vault.Create(ctx, keysPath(dir), slots, p.vaultOptions(name)); err != nil {
		return nil, err
	}
	if s.Book, err = store.Create(ctx, dir, s.storeKeys(p)); err != nil {
		return nil, err
	}
	err = s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetSetting(classSetting, string(class)); err != nil {
			return err
		}
		return tx.Audit("create", "the book was made")
	})
	if err == nil {
		err = s.Vault.SetSalts(ctx, s.Book.Salts())
	}
	if err == nil {
		err = s.SettleKeys(ctx)
	}
	if err != nil {
		return nil, err
	}
	return s, s.unlockCalls()
}

// discard removes what a failed Create left: a book that never held anything.
func discard(p Place, dir string) {
	if info, err := vault.ReadInfo(keysPath(dir)); err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), vault.KeyringTimeout)
		defer cancel()
		vault.Purge(ctx, p.Keyring, info.BookID, keysPath(dir))
	}
	os.RemoveAll(dir)
}

// Open opens a book by one way of unlocking it.
func Open(ctx context.Context, p Place, name string, by vault.Unlock) (_ *Session, err error) {
	dir := p.Home.BookDir(name)
	if _, err := os.Stat(keysPath(dir)); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w called %q in %s; name another with --book, or make one with create", store.ErrNoBook, name, p.Home)
	}
	s := &Session{Name: name}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	var olderKeys bool
	if s.Vault, olderKeys, err = p.openVault(ctx, name, by); err != nil {
		return nil, err
	}
	if s.Book, err = store.Open(ctx, dir, s.storeKeys(p)); err != nil {
		return nil, err
	}
	if err := s.accept(ctx, p, olderKeys); err != nil {
		return nil, err
	}
	if err := s.endRotation(ctx); err != nil {
		return nil, err
	}
	class, err := s.Book.Setting(ctx, classSetting)
	if err != nil {
		return nil, err
	}
	s.Class = Class(class)
	return s, s.unlockCalls()
}

// storeKeys hands the keys that this slot holds to the databases.
func (s *Session) storeKeys(p Place) store.Keys {
	set := s.Vault.Keys()
	defer set.Wipe()
	k := store.Keys{Book: cipher.Key(set.Book.Reveal()), Salts: s.Vault.Salts(), AcceptDamage: p.AcceptDamage}
	if !set.Personal.Absent() {
		k.Personal = cipher.Key(set.Personal.Reveal())
	}
	if next := s.Vault.NextPersonal(); !next.Absent() {
		k.NextPersonal = cipher.Key(next.Reveal())
		next.Wipe()
	}
	return k
}

func (s *Session) unlockCalls() error {
	sealer, err := s.Vault.Sealer()
	if errors.Is(err, vault.ErrNoConnectionKey) {
		return nil
	}
	s.sealer = sealer
	return err
}

// accept refuses a book.db that was put back, unless the user accepts it, and
// writes down what he accepted. What of it is done by now, such as the damaged
// end of a log that is gone, is written down even of a book that is refused.
func (s *Session) accept(ctx context.Context, p Place, olderKeys bool) error {
	older := s.checkAudit(ctx)
	if older != nil && !errors.Is(older, ErrOlderBook) {
		return older
	}
	damage := s.Book.Damage()
	olderBook := older != nil && p.AcceptOlderBook
	if !olderKeys && !olderBook && len(damage) == 0 {
		return older
	}
	err := s.Book.Write(ctx, func(tx *store.Tx) error {
		var errs []error
		if olderKeys {
			errs = append(errs, tx.Audit("open", "an older key file was opened"))
		}
		if olderBook {
			errs = append(errs, tx.Audit("open", "an older copy of the book was opened"))
		}
		for _, d := range damage {
			errs = append(errs, tx.Audit("open", fmt.Sprintf("opened without what was damaged in the log of %s", filepath.Base(d.Path))))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		return fmt.Errorf("write down what was accepted: %w", err)
	}
	if olderBook {
		return nil
	}
	return older
}

// checkAudit notices a database that was put back: the chain of audit entries
// must hold the newest head that the key file knows.
func (s *Session) checkAudit(ctx context.Context) error {
	head, ok := s.Vault.AuditHead()
	if !ok {
		return nil
	}
	known, err := s.Book.HasAudit(ctx, hex.EncodeToString(head[:]))
	if err != nil {
		return err
	}
	if !known {
		return ErrOlderBook
	}
	return nil
}

// SettleKeys notes in the key file which state of the databases is the newest:
// the audit head, and the salts by which damage is told from a wrong key. It
// is called before Close after anything was written.
func (s *Session) SettleKeys(ctx context.Context) error {
	if !s.Vault.Full() {
		return nil
	}
	head, err := s.Book.AuditHead(ctx)
	if err != nil || head == "" {
		return err
	}
	raw, err := hex.DecodeString(head)
	if err != nil || len(raw) != 32 {
		return fmt.Errorf("audit head %q is no hash", head)
	}
	if known, ok := s.Vault.AuditHead(); ok && known == [32]byte(raw) {
		return nil
	}
	return s.Vault.SetAuditHead(ctx, [32]byte(raw))
}

// Close ends all use of the book; databases first, then the keys.
func (s *Session) Close() error {
	var err error
	if s.Book != nil {
		err = s.Book.Close()
	}
	if s.sealer != nil {
		s.sealer.Wipe()
	}
	if s.Vault != nil {
		s.Vault.Close()
	}
	return err
}

// Confirmed reports whether some recovery code of the book was typed back.
func (s *Session) Confirmed() bool {
	for _, slot := range s.Vault.Slots() {
		if slot.Kind == vault.KindRecovery && slot.Confirmed {
			return true
		}
	}
	return false
}

// PurgePeople deletes the people whose time is over and gives personal.db a new
// key, so that older copies of it open with no key that still exists. It
// returns how many were deleted.
func (s *Session) PurgePeople(ctx context.Context) (int64, error) {
	n, err := s.Book.PurgePeople(ctx)
	if err != nil || n == 0 || !s.Vault.Full() {
		return n, err
	}
	next, err := s.Vault.BeginPersonalRotation(ctx)
	if err != nil {
		return n, err
	}
	defer next.Wipe()
	if err := s.Book.RekeyPersonal(ctx, cipher.Key(next.Reveal())); err != nil {
		return n, err
	}
	if err := s.Vault.ConfirmPersonalRotation(ctx, s.Book.Salts()); err != nil {
		return n, err
	}
	return n, s.Book.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit("purge", fmt.Sprintf("personal data of %d orders; personal.db has a new key", n))
	})
}

// endRotation ends a change of the personal key that was interrupted: the file
// is wholly under one of the two keys, and opening it told which.
func (s *Session) endRotation(ctx context.Context) error {
	next := s.Vault.NextPersonal()
	if next.Absent() || !s.Vault.Full() {
		return nil
	}
	next.Wipe()
	if s.Book.Rekeyed() {
		return s.Vault.ConfirmPersonalRotation(ctx, s.Book.Salts())
	}
	return s.Vault.AbandonPersonalRotation(ctx)
}

// Lock makes sure that no other process has the book open, without opening it,
// and returns the function that lets go again.
func Lock(p Place, name string) (release func(), err error) {
	return store.Lock(p.Home.BookDir(name))
}
