package vault

import (
	"errors"
	"fmt"
	"time"
)

// What can go wrong with the key store.
var (
	// ErrNoKeyStore: none on this machine, locked, switched off, or silent.
	ErrNoKeyStore = errors.New("the key store of this computer is not available; use a passphrase or the recovery code")
	// ErrNotInKeyStore: the key store answers but has no such item.
	ErrNotInKeyStore = errors.New("the key store of this computer has no entry for this book; use a passphrase or the recovery code")
	// ErrTooLarge: the value would not fit the key store of every system.
	ErrTooLarge = errors.New("the value is too large for the key store")
)

// What can be wrong with the file. Each is wrapped with the file's path.
var (
	// ErrNoFile: there is no book.keys (also matches fs.ErrNotExist).
	ErrNoFile = errors.New("the key file is missing; restore book.keys from a backup")
	// ErrExists: Create never replaces a key file.
	ErrExists = errors.New("a key file is already there; open this book or choose another folder")
	// ErrForeign: a symbolic link, a folder or a device in place of the file,
	// or a file of another program.
	ErrForeign = errors.New("this is not a key file of Countinghouse; restore book.keys from a backup")
	// ErrDamaged: cut off, too large, malformed, or not in the one spelling.
	ErrDamaged = errors.New("the key file is damaged; restore book.keys from a backup")
	// ErrNewerFormat: written by a later version of the program.
	ErrNewerFormat = errors.New("the key file was written by a newer Countinghouse; update the program")
	// ErrTampered: the secret is right, but what it protects was changed: a
	// wrap, parameters, the generation, a slot of another book, the list.
	ErrTampered = errors.New("the key file was changed outside Countinghouse; restore book.keys from a backup")
	// ErrOtherBook: a valid key file, but not of the book that was asked for.
	ErrOtherBook = errors.New("this key file belongs to another book; restore the right book.keys from a backup")
	// ErrWeakened: Argon2id parameters below the minimum.
	ErrWeakened = errors.New("the key file asks for too weak a passphrase protection, so it was changed; restore book.keys from a backup")
	// ErrTooCostly: Argon2id parameters that could exhaust this machine.
	ErrTooCostly = errors.New("the key file asks for more memory or time than any of ours, so it was changed; restore book.keys from a backup")
	// ErrRolledBack: a valid file, older than the one last used here.
	ErrRolledBack = errors.New("an older key file was put back; if you restored a backup yourself, open it once as an older copy")
	// ErrConflict: the file changed since this Vault read it.
	ErrConflict = errors.New("the key file was changed by another program meanwhile; close the book and open it again")
)

// What can be wrong with a secret or a request.
var (
	// ErrWrongPassphrase also stands for Argon2id parameters or salt changed in
	// the file: the two cannot be told apart.
	ErrWrongPassphrase = errors.New("the passphrase is wrong")
	// ErrWrongKeychain: the item in the key store does not fit the slot.
	ErrWrongKeychain = errors.New("the entry in the key store does not fit this book; use a passphrase or the recovery code")
	// ErrWrongRecoveryCode: well formed, but of another book or replaced.
	ErrWrongRecoveryCode = errors.New("this recovery code belongs to another book or was replaced by a newer one")
	// ErrRecoveryTypo: the code's checksum does not fit.
	ErrRecoveryTypo = errors.New("the recovery code has a typing error")
	// ErrNoSlot: the book has no such slot, or none of that kind.
	ErrNoSlot = errors.New("this book cannot be opened that way; choose another way to unlock it")
	// ErrNotPermitted: the open slot does not hold all three keys.
	ErrNotPermitted = errors.New("this needs full access; unlock the book with a slot that has it")
	// ErrLastSlot: the change would leave no slot with all three keys that
	// opens without a key store.
	ErrLastSlot = errors.New("a book keeps at least one full passphrase or recovery code; add another one first")
	// ErrNoConnectionKey: the open slot may not sync.
	ErrNoConnectionKey = errors.New("this access does not include the connections to Amazon")
	// ErrNoRotation: there is no pending personal key to confirm.
	ErrNoRotation = errors.New("no change of the personal key is pending")
	// ErrUnsealable: damaged, of another connection, or of another book.
	ErrUnsealable = errors.New("a stored connection secret cannot be opened; reconnect this connection")
	// ErrWeakPassphrase: too short, too simple or the book's name.
	ErrWeakPassphrase = errors.New("choose another passphrase")
	// ErrInvalid: a value that the caller gave has the wrong form.
	ErrInvalid = errors.New("invalid value")
	// ErrClosed: the Vault was closed.
	ErrClosed = errors.New("the book is locked; unlock it first")
	// ErrTooManyTries matches every TriesError.
	ErrTooManyTries = errors.New("too many wrong passphrases")
)

// TriesError asks for patience after wrong passphrases. It is advisory: see the
// package comment.
type TriesError struct {
	Failures int
	// RetryAt is when the next try is taken, in UTC.
	RetryAt time.Time
}

// Error is one sentence for the user.
func (e *TriesError) Error() string {
	return fmt.Sprintf("%d wrong passphrases in a row; try again after %s", e.Failures, e.RetryAt.Format("15:04:05 UTC"))
}

// Is makes errors.Is(err, ErrTooManyTries) true.
func (e *TriesError) Is(target error) bool { return target == ErrTooManyTries }
