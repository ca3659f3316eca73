package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// ResumeOptions is what Resume needs beside the home folder. Each may be nil,
// with the meaning it has in Plan.
type ResumeOptions struct {
	Purge    Purger
	Now      func() time.Time
	Progress func(WipeEvent)
}

// Resume finishes every wipe under home that was begun and not ended, and
// returns their receipts. It is called at each start, before any book is
// opened; without a wipe under way it does nothing. A note that cannot be
// read is an error that names it, and removes nothing.
func Resume(ctx context.Context, home string, o ResumeOptions) ([]Receipt, error) {
	root, err := os.OpenRoot(home)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for unfinished wipes: %w", err)
	}
	defer root.Close()
	if info, err := root.Lstat("books"); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, nil // Wipe refuses there
	}
	entries, err := fs.ReadDir(root.FS(), "books")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for unfinished wipes: %w", err)
	}
	var receipts []Receipt
	var errs []error
	for _, e := range entries {
		name := path.Join("books", e.Name())
		switch {
		case !strings.HasPrefix(e.Name(), markerPrefix) || e.IsDir():
		case strings.HasSuffix(e.Name(), markerSuffix+".tmp"):
			// The note was not finished, so nothing was removed by it.
			if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, fmt.Errorf("remove an unfinished note of a wipe: %w", err))
			}
		case strings.HasSuffix(e.Name(), markerSuffix):
			r, err := resumeOne(ctx, home, name, o)
			if r.WipeID != "" {
				receipts = append(receipts, r)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("finish the wipe noted in %s: %w", name, err))
			}
		}
	}
	return receipts, errors.Join(errs...)
}

func resumeOne(ctx context.Context, home, name string, o ResumeOptions) (Receipt, error) {
	root, err := os.OpenRoot(home)
	if err != nil {
		return Receipt{}, err
	}
	w := &wiping{root: root, home: home, purge: o.Purge, now: o.Now, progress: o.Progress}
	defer w.close()
	if w.now == nil {
		w.now = time.Now
	}
	if w.marker, err = readMarker(root, name); err != nil {
		return Receipt{}, err
	}
	if err := w.notALink(); err != nil {
		return Receipt{}, err
	}
	if err := w.inventory(); err != nil {
		w.problem("%v", err)
	}
	w.marker.Resumed++
	if err := w.save(); err != nil && !IsDiskFull(err) {
		return Receipt{}, err // on a full disk the wipe goes on: it makes room
	}
	w.tell(StepMarker, "")
	return w.run(ctx)
}

// notALink refuses a book's folder that was replaced by a link meanwhile.
func (w *wiping) notALink() error {
	info, err := w.root.Lstat(w.marker.book())
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return ErrLink
	}
	return nil
}
