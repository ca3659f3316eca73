package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrWrongName reports that the name typed is not the name of the book.
var ErrWrongName = errors.New("the name typed is not the name of this book; nothing was removed")

// ErrNoBook reports that there is no such book to wipe.
var ErrNoBook = errors.New("there is no such book")

// ErrLink reports a book whose folder is a link to another place. What is
// behind a link is not ours to remove.
var ErrLink = errors.New("the folder of this book is a link; wipe it where it really is, then remove the link")

// ErrPartial reports a wipe that could not do everything. The receipt lists
// what remains; where files remain, Resume tries again.
var ErrPartial = errors.New("the wipe is not complete")

// Purger removes what the key store of the system holds for a book. It is
// called again when a wipe is resumed, so removing nothing is no error.
type Purger func(ctx context.Context, bookID string) error

// Plan says which book to wipe. The book must be closed.
type Plan struct {
	Home string // the folder that holds books/
	// Folder is the name of the book's folder within Home/books.
	Folder string
	BookID string // for the key store and the receipt
	// BookName is what the user calls the book, TypedName what he typed to
	// confirm. The wipe refuses unless they are the same, to the letter.
	BookName, TypedName string
	// Preferences are more files or folders of this book alone, as paths
	// relative to Home.
	Preferences []string
	Purge       Purger // nil where no key store was ever used
	// Receipt, when not empty, is where the receipt is written: an absolute
	// path outside the book to a file that does not exist.
	Receipt string
	// Now gives the time for the receipt; nil means time.Now.
	Now func() time.Time
	// Progress, when not nil, is told after each change on the disk.
	Progress func(WipeEvent)
}

// WipeStep is a part of a wipe.
type WipeStep string

// The steps, in their order. The keys go first: from then on everything else
// is noise, whatever happens.
const (
	StepMarker      WipeStep = "marker"      // note on the disk what is going to be done
	StepKeys        WipeStep = "keys"        // overwrite and remove the files of key slots
	StepKeyStore    WipeStep = "key store"   // remove the items in the system's key store
	StepDatabases   WipeStep = "databases"   // databases, -wal, -shm, -journal
	StepBackups     WipeStep = "backups"     // the folder backups
	StepLogs        WipeStep = "logs"        // the folder logs
	StepOther       WipeStep = "other files" // temporary files and whatever else is in the folder
	StepPreferences WipeStep = "preferences" // of this book
	StepFolder      WipeStep = "folder"      // the empty folder itself
	StepSearch      WipeStep = "search"      // look at all places again
	StepReceipt     WipeStep = "receipt"     // write the receipt
	StepDone        WipeStep = "done"        // remove the marker
)

// WipeEvent tells that a step removed something, or ended (Path is empty).
type WipeEvent struct {
	Step WipeStep
	Path string
}

// Wipe removes a book for good: its keys first, then everything encrypted with
// them. Before the first removal it notes what it is going to do, so that
// Resume can finish a wipe that was killed. It never follows a link out of the
// book's folder and touches no other book.
//
// It returns the receipt whenever something was removed, also beside
// ErrPartial. ctx is looked at between files; a wipe that it ends is finished
// by Resume. Other errors: ErrWrongName, ErrNoBook, ErrLink, ErrExists for the
// receipt.
func Wipe(ctx context.Context, p Plan) (Receipt, error) {
	if p.TypedName != p.BookName || p.BookName == "" {
		return Receipt{}, ErrWrongName
	}
	if err := p.check(); err != nil {
		return Receipt{}, err
	}
	w, err := p.begin()
	if err != nil {
		return Receipt{}, fmt.Errorf("prepare the wipe: %w", err)
	}
	defer w.close()
	return w.run(ctx)
}

// check refuses a plan that would reach beyond the book.
func (p *Plan) check() error {
	if !isFolderName(p.Folder) {
		return fmt.Errorf("%w: %q is no name of a folder", ErrNoBook, p.Folder)
	}
	for _, pref := range p.Preferences {
		if !isPreference(pref) {
			return fmt.Errorf("wipe: %q is not a path within the home folder", pref)
		}
	}
	books := filepath.Join(p.Home, "books")
	if info, err := os.Lstat(books); err == nil && info.Mode()&os.ModeSymlink != 0 {
		return fmt.Errorf("%w: %s", ErrLink, books)
	}
	book := filepath.Join(books, p.Folder)
	info, err := os.Lstat(book)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%w: %s", ErrNoBook, book)
	case err != nil:
		return fmt.Errorf("look at the book: %w", err)
	case info.Mode()&os.ModeSymlink != 0:
		return fmt.Errorf("%w: %s", ErrLink, book)
	case !info.IsDir():
		return fmt.Errorf("%w: %s is no folder", ErrNoBook, book)
	}
	return p.checkReceipt(book)
}

func (p *Plan) checkReceipt(book string) error {
	if p.Receipt == "" {
		return nil
	}
	if !filepath.IsAbs(p.Receipt) {
		return fmt.Errorf("write the receipt: give an absolute path, not %q", p.Receipt)
	}
	if _, err := os.Lstat(p.Receipt); err == nil {
		return fmt.Errorf("write the receipt: %w: %s", ErrExists, p.Receipt)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(p.Receipt))
	if err != nil {
		return fmt.Errorf("write the receipt: %w", err)
	}
	real, err := filepath.EvalSymlinks(book)
	if err != nil {
		return fmt.Errorf("look at the book: %w", err)
	}
	if rel, err := filepath.Rel(real, dir); err == nil && filepath.IsLocal(rel) {
		return fmt.Errorf("write the receipt: %s is within the book that is going to be wiped", p.Receipt)
	}
	return nil
}

// isFolderName tells whether s names one folder and nothing beyond it.
func isFolderName(s string) bool {
	return s != "." && filepath.IsLocal(s) && filepath.Base(s) == s && s[0] != '.'
}

// isPreference tells whether s is a path below the home folder that is not, and
// does not hold, the folder of the books.
func isPreference(s string) bool {
	if !filepath.IsLocal(s) {
		return false
	}
	first, _, _ := cutPath(filepath.Clean(s))
	return first != "books" && first != "."
}

func cutPath(s string) (first, rest string, ok bool) {
	for i := range len(s) {
		if os.IsPathSeparator(s[i]) {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
