package desktop

import (
	"errors"
	"path/filepath"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// unlockWords are the sentences of what can go wrong when a book is opened.
var unlockWords = []struct {
	err error
	key string
}{
	{vault.ErrWrongPassphrase, "unlock.wrong_passphrase"},
	{vault.ErrRecoveryTypo, "unlock.recovery_typo"},
	{vault.ErrWrongRecoveryCode, "unlock.wrong_recovery"},
	{vault.ErrNotInKeyStore, "unlock.not_in_key_store"},
	{vault.ErrWrongKeychain, "unlock.wrong_keychain"},
	{vault.ErrNoKeyStore, "unlock.no_key_store"},
	{vault.ErrNoSlot, "unlock.no_slot"},
	{store.ErrInUse, "unlock.in_use"},
	{cipher.ErrInUse, "unlock.in_use"},
	{vault.ErrRolledBack, "unlock.older"},
	{session.ErrOlderBook, "unlock.older_book"},
	{vault.ErrNewerFormat, "unlock.newer"},
	{store.ErrNewer, "unlock.newer"},
	{vault.ErrNoFile, "unlock.no_key_file"},
	{vault.ErrDamaged, "unlock.key_file_damaged"},
	{vault.ErrTampered, "unlock.key_file_damaged"},
	{vault.ErrForeign, "unlock.key_file_damaged"},
	{vault.ErrWeakened, "unlock.key_file_damaged"},
	{vault.ErrTooCostly, "unlock.key_file_damaged"},
	{vault.ErrOtherBook, "unlock.other_book"},
	{cipher.ErrWrongKey, "unlock.other_book"},
	{cipher.ErrDiskFull, "frame.disk_full"},
	{cipher.ErrReadOnly, "unlock.read_only"},
	{store.ErrNoBook, fileDamaged},
	{cipher.ErrMissing, fileDamaged},
	{cipher.ErrEmpty, fileDamaged},
	{cipher.ErrTruncated, fileDamaged},
	{cipher.ErrForeign, fileDamaged},
	{cipher.ErrSaltDamaged, fileDamaged},
}

// fileDamaged is the one of unlockWords that names the file.
const fileDamaged = "unlock.file_damaged"

// unlockSentence tells in the reader's language why a book stayed closed. What
// has no sentence of its own is told as it is.
func unlockSentence(words *i18n.Words, loc *format.Locale, err error) string {
	var tries *vault.TriesError
	if errors.As(err, &tries) {
		return words.T("unlock.too_many_tries", loc.Clock(tries.RetryAt.Local()))
	}
	var page *cipher.PageError
	if errors.As(err, &page) && page.Page > 0 {
		return words.T("unlock.book_damaged", filepath.Base(page.Path), page.Page)
	}
	var log *cipher.Damage
	if errors.As(err, &log) {
		return words.T("unlock.log_damaged", log.Copy)
	}
	for _, w := range unlockWords {
		switch {
		case !errors.Is(err, w.err):
		case w.key == fileDamaged:
			return words.T(w.key, unlockFile(err))
		default:
			return words.T(w.key)
		}
	}
	return words.T("unlock.failed", err.Error())
}

// unlockFile is the name of the file of a book that could not be opened: one of
// the databases, or else the key file, which comes first.
func unlockFile(err error) string {
	var file *store.FileError
	if errors.As(err, &file) {
		return file.File
	}
	return store.KeysFile
}

// unlockAccept is what the user may say to open a book nevertheless: the word of
// its button, and what it changes. Nil when nothing helps.
func unlockAccept(err error) (word string, accept func(*session.Place)) {
	var log *cipher.Damage
	switch {
	case errors.As(err, &log) && log.Copy != "":
		return "unlock.accept_damage", func(p *session.Place) { p.AcceptDamage = true }
	case errors.Is(err, vault.ErrRolledBack):
		return "unlock.accept_older", func(p *session.Place) { p.AcceptOlder = true }
	case errors.Is(err, session.ErrOlderBook):
		return "unlock.accept_older", func(p *session.Place) { p.AcceptOlderBook = true }
	}
	return "", nil
}

// unlockWays are the ways to open a book that its key file names.
type unlockWays struct {
	keychain, passphrase, recovery bool
}

func waysOf(slots []vault.SlotInfo) (w unlockWays) {
	for _, s := range slots {
		switch s.Kind {
		case vault.KindKeychain:
			w.keychain = true
		case vault.KindPassphrase, vault.KindPassphraseKeychain:
			w.passphrase = true
		case vault.KindRecovery:
			w.recovery = true
		}
	}
	return w
}

// unlockWay is how the page asks just now.
type unlockWay int

const (
	byPassphrase unlockWay = iota
	byRecovery
)

// unlockWith turns what was typed into a way of opening.
func unlockWith(way unlockWay, typed vault.Secret) (vault.Unlock, error) {
	if way == byPassphrase {
		return vault.ByPassphrase(typed), nil
	}
	code, err := vault.ParseRecoveryCode(typed)
	return vault.ByRecoveryCode(code), err
}
