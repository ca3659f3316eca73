package desktop

import (
	"errors"
	"path/filepath"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
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
	{vault.ErrNewerFormat, "unlock.newer"},
	{vault.ErrNoFile, "unlock.no_key_file"},
	{vault.ErrDamaged, "unlock.key_file_damaged"},
	{vault.ErrTampered, "unlock.key_file_damaged"},
	{vault.ErrForeign, "unlock.key_file_damaged"},
	{vault.ErrWeakened, "unlock.key_file_damaged"},
	{vault.ErrTooCostly, "unlock.key_file_damaged"},
	{vault.ErrOtherBook, "unlock.other_book"},
	{cipher.ErrWrongKey, "unlock.other_book"},
}

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
	for _, w := range unlockWords {
		if errors.Is(err, w.err) {
			return words.T(w.key)
		}
	}
	return words.T("unlock.failed", err.Error())
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
