package archive

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// wiping is one run of a wipe, the first or a resumed one. Every step can be
// done again: what is gone already is what was wanted.
type wiping struct {
	root     *os.Root // the home folder; nothing outside is reached, links or not
	home     string
	marker   marker
	purge    Purger
	now      func() time.Time
	progress func(WipeEvent)

	keyStore string   // what the receipt says of the key store
	purgeErr error    // why it could not be purged
	problems []string // what else went wrong
	left     []string // what is still there of the book, from the search
	stray    []string // what has the book's id in its name elsewhere under home
}

func (w *wiping) close() { w.root.Close() }

func (w *wiping) tell(s WipeStep, path string) {
	if w.progress != nil {
		w.progress(WipeEvent{Step: s, Path: path})
	}
}

// problem notes, once, what the receipt has to say.
func (w *wiping) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, have := range w.problems {
		if have == text {
			return
		}
	}
	w.problems = append(w.problems, text)
}

// run does all steps after the marker.
func (w *wiping) run(ctx context.Context) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, fmt.Errorf("wipe: %w; the next start finishes it", err)
	}
	if err := w.remove(ctx, StepKeys); err != nil {
		return Receipt{}, err
	}
	w.purgeKeyStore(ctx)
	w.tell(StepKeyStore, "")
	for _, s := range []WipeStep{StepDatabases, StepBackups, StepLogs, StepOther, StepPreferences} {
		if err := w.remove(ctx, s); err != nil {
			return Receipt{}, err
		}
	}
	w.sweep()
	w.tell(StepFolder, "")
	w.search()
	w.tell(StepSearch, "")
	r := w.receipt()
	if err := w.writeReceipt(r); err != nil {
		w.problem("the receipt was not written: %v", err)
		r = w.receipt()
	}
	w.tell(StepReceipt, "")
	if len(w.left) > 0 {
		return r, fmt.Errorf("%w: %d files or folders are still there; close what uses them and start the program again", ErrPartial, len(w.left))
	}
	if err := w.root.Remove(w.marker.path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("remove the note of the wipe: %w", err)
	}
	w.tell(StepDone, "")
	if !r.Complete {
		return r, fmt.Errorf("%w: see the receipt", ErrPartial)
	}
	return r, nil
}

// remove removes the files of one step. A file that resists is left to the
// search; only ctx stops the step.
func (w *wiping) remove(ctx context.Context, s WipeStep) error {
	for _, it := range w.marker.Items {
		if it.Step != s {
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("wipe: %w; the next start finishes it", err)
		}
		if s == StepKeys && !it.Link {
			if err := w.overwrite(it.Path); err != nil {
				w.problem("%s was not overwritten before it was removed: %v", it.Path, err)
			}
			w.tell(s, it.Path)
		}
		if err := w.removeOne(it.Path); err != nil {
			w.problem("%s was not removed: %v", it.Path, err)
		}
		w.tell(s, it.Path)
	}
	if s == StepKeys {
		// The names must be gone from the disk before anything else goes.
		if err := syncFolder(filepath.Join(w.home, filepath.FromSlash(w.marker.book()))); err != nil {
			w.problem("the removal of the keys was not confirmed: %v", err)
		}
	}
	w.tell(s, "")
	return nil
}

// overwrite fills a file with random bytes and brings them to the disk.
func (w *wiping) overwrite(p string) error {
	info, err := w.root.Lstat(p)
	if errors.Is(err, fs.ErrNotExist) || err == nil && w.behindLink(p) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil // a pipe or a device in the place of a file is only removed
	}
	f, err := w.root.OpenFile(p, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrPermission) && w.root.Chmod(p, 0o600) == nil {
		f, err = w.root.OpenFile(p, os.O_WRONLY, 0)
	}
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, info.Size())
	return errors.Join(err, f.Sync(), f.Close())
}

// removeOne removes a file, or a link and not what it points to. Where a
// folder has lost its rights they are given back.
func (w *wiping) removeOne(p string) error {
	if w.behindLink(p) {
		return nil
	}
	err := w.root.Remove(p)
	if errors.Is(err, fs.ErrPermission) {
		if w.root.Chmod(path.Dir(p), 0o700) == nil {
			err = w.root.Remove(p)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// behindLink tells whether a folder on the way to p is a link by now: then the
// file that was listed is gone, and what has its name is not ours.
func (w *wiping) behindLink(p string) bool {
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if info, err := w.root.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// purgeKeyStore removes the items in the key store. A failure stops nothing:
// what the key store holds opens book.keys, and that is gone.
func (w *wiping) purgeKeyStore(ctx context.Context) {
	if w.purge == nil {
		w.keyStore = "not asked: this book used none"
		return
	}
	if w.purgeErr = w.purge(ctx, w.marker.BookID); w.purgeErr != nil {
		w.keyStore = "FAILED: " + oneLine(w.purgeErr.Error())
		return
	}
	w.keyStore = "items removed"
}

// sweep removes the folders, and with them files that came after the list was
// made.
func (w *wiping) sweep() {
	before := len(w.marker.Items)
	if err := w.inventory(); err != nil {
		w.problem("%v", err)
	}
	if len(w.marker.Items) > before {
		if err := w.save(); err != nil {
			w.problem("%v", err)
		}
	}
	for _, top := range append([]string{w.marker.book()}, w.marker.Preferences...) {
		if err := w.root.RemoveAll(top); err != nil {
			w.problem("%s was not removed: %v", top, err)
		}
	}
	if err := syncFolder(filepath.Join(w.home, "books")); err != nil {
		w.problem("the removal was not confirmed: %v", err)
	}
}

// search looks at all places again: the book's folder and preferences, and
// anything else under the home folder that has the book's id in its name,
// other books' folders apart.
func (w *wiping) search() {
	err := fs.WalkDir(w.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case w.marker.owns(p):
			w.left = append(w.left, p)
		case p == w.marker.path() || filepath.Join(w.home, filepath.FromSlash(p)) == w.marker.Receipt:
		case len(w.marker.BookID) >= 8 && strings.Contains(path.Base(p), w.marker.BookID):
			w.stray = append(w.stray, p)
		case d != nil && d.IsDir() && path.Dir(p) == "books":
			return fs.SkipDir // another book
		}
		if err != nil && d != nil && d.IsDir() {
			return fs.SkipDir // it cannot be read; when it is ours it is on the list
		}
		return nil
	})
	if err != nil {
		w.problem("the search was not finished: %v", err)
	}
}
