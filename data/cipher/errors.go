package cipher

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// What can be wrong with a file, one sentence each with what to do. They are
// wrapped with the path; compare with errors.Is. A failed Open has changed
// nothing.
var (
	// ErrMissing also is fs.ErrNotExist.
	ErrMissing       error = &sentence{"there is no database here; check the folder, or create the book first", fs.ErrNotExist}
	ErrExists        error = &sentence{"there is something in this place already; choose another folder, nothing was overwritten", fs.ErrExist}
	ErrWrongKey            = errors.New("the key does not open this file; use the passphrase or recovery code that belongs to it, nothing was changed")
	ErrSaltDamaged         = errors.New("the first 16 bytes of the file (its salt) are damaged while the key is right; restore the salt or a backup, nothing was changed")
	ErrEmpty               = errors.New("the file is empty; restore a backup in its place, nothing was changed")
	ErrTruncated           = errors.New("the file has been cut off; restore a backup in its place, nothing was changed")
	ErrForeign             = errors.New("the file is not an encrypted database but something else; choose the right file, nothing was changed")
	ErrForeignChange       = errors.New("another program was interrupted while it changed this file (a -journal file lies beside it); open it once with that program, nothing was changed")
	ErrReadOnly            = errors.New("the file or its folder cannot be written; make both writable, or open the book for reading only")
	ErrDiskFull            = errors.New("the disk is full; free some space and try again, everything stored so far is safe")
	ErrInUse               = errors.New("the database is already open; close the other window or command first")
	ErrBusy                = errors.New("the database is busy with other work; try again when it is done")
	ErrIncompatible        = errors.New("the file is encrypted with settings other than SQLCipher 4's defaults; convert it with an SQLCipher tool first")
)

// sentence is an error of this package that also is one of the standard
// library's.
type sentence struct {
	text string
	is   error
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.is }

// PageError says that a page does not carry its MAC: it was changed, or the
// disk returned something else than was written.
type PageError struct {
	Path  string // the database file
	Page  uint32 // from 1; 0 if the log does not tell
	Frame uint32 // from 1 if the page was read from the write-ahead log, else 0
}

// Error is one sentence for the user.
func (e *PageError) Error() string {
	where := ""
	if e.Frame != 0 {
		where = fmt.Sprintf(" (entry %d of its write-ahead log)", e.Frame)
	}
	return fmt.Sprintf("page %d%s of %s is damaged; restore a backup, nothing was read from it", e.Page, where, e.Path)
}

// opError is an error of the driver said as one of ours; both are found by
// errors.Is and errors.As.
type opError struct{ kind, cause error }

func (e *opError) Error() string   { return e.kind.Error() }
func (e *opError) Unwrap() []error { return []error{e.kind, e.cause} }

// SQLite's extended result for a page that the VFS found damaged.
const ioErrData = sqlite3.ErrNoExtended(10 | 32<<8)

// translate turns a driver error into the package's words where there are
// any; everything else (constraints, syntax, io.EOF) passes unchanged.
func (b *book) translate(err error) error {
	var se sqlite3.Error
	if err == nil || !errors.As(err, &se) {
		return err
	}
	switch se.Code {
	case sqlite3.ErrError:
		// Preparing hides a page it could not read behind "no such table".
		if fault := b.fault.Swap(nil); fault != nil {
			return &opError{fault, err}
		}
	case sqlite3.ErrIoErr:
		if se.ExtendedCode == ioErrData {
			if fault := b.fault.Load(); fault != nil {
				return &opError{fault, err}
			}
		}
		if isFull(se.SystemErrno) {
			return &opError{ErrDiskFull, err}
		}
	case sqlite3.ErrFull:
		return &opError{ErrDiskFull, err}
	case sqlite3.ErrReadonly:
		return &opError{ErrReadOnly, err}
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return &opError{ErrBusy, err}
	case sqlite3.ErrCantOpen:
		if isDenied(se.SystemErrno) {
			return &opError{ErrReadOnly, err}
		}
	}
	return err
}

func isDenied(e error) bool {
	return errors.Is(e, fs.ErrPermission) || errors.Is(e, syscall.EROFS)
}

func isFull(e error) bool {
	return errors.Is(e, syscall.ENOSPC) || errors.Is(e, syscall.EFBIG) || errors.Is(e, syscall.EDQUOT)
}
