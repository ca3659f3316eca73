package appsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"countinghouse/data/markets"
	"countinghouse/sync/reports"
)

var (
	// ErrFolder reports a folder in the place of a file: a link to one inside of
	// another folder, which is not followed.
	ErrFolder = errors.New("a folder in the place of a file")

	// ErrNoFile reports a pipe, a socket or a device.
	ErrNoFile = errors.New("no file")
)

// pathError says in one sentence why a path is not read.
type pathError struct {
	says string
	err  error // ErrFolder or ErrNoFile
}

func (e *pathError) Error() string { return e.says }
func (e *pathError) Unwrap() error { return e.err }

// FilesIn lists the files that paths name, folders with all that is in them, in
// order of their names and each once. Hidden files are left out of folders. What
// cannot be looked into is in the list too: its own error tells, and the rest is
// read all the same.
func FilesIn(paths []string) []string {
	var list []string
	seen := map[string]bool{}
	add := func(p string) {
		if !seen[p] {
			seen[p] = true
			list = append(list, p)
		}
	}
	for _, path := range paths {
		if entry, err := os.Lstat(path); err == nil && entry.Mode()&fs.ModeSymlink != 0 && isFolder(path) {
			if real, err := filepath.EvalSymlinks(path); err == nil {
				path = real // a link that was named is meant; those inside of folders may lead round in circles
			}
		}
		_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error { // its errors are in the list
			switch {
			case err != nil:
				add(p)
				return nil // of a folder whose list fails in the middle, the part that was told is walked
			case p != path && strings.HasPrefix(d.Name(), ".") && d.IsDir():
				return fs.SkipDir
			case p != path && strings.HasPrefix(d.Name(), "."), d.IsDir():
				return nil
			}
			add(p)
			return nil
		})
	}
	return list
}

// isFolder tells whether a path leads to a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// openReport opens a file for reading. Pipes and devices are refused before they are
// opened: one without a writer would be waited for without end.
func openReport(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the file: %w", err)
	}
	switch {
	case info.IsDir():
		if entry, err := os.Lstat(path); err == nil && entry.Mode()&fs.ModeSymlink != 0 {
			return nil, nil, &pathError{path + " is a link to a folder; name that folder itself", ErrFolder}
		}
		if _, err := os.ReadDir(path); err != nil {
			return nil, nil, fmt.Errorf("look into the folder: %w", err)
		}
		return nil, nil, &pathError{path + " is a folder; name the files in it", ErrFolder}
	case neverEnds(info.Mode()):
		return nil, nil, &pathError{path + " is a pipe or a device; save the report to a file and import that", ErrNoFile}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the file: %w", err)
	}
	if info, err = f.Stat(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the file: %w", err), f.Close())
	}
	return f, info, nil
}

// neverEnds tells what is no file. What a folder of the cloud shows in the place of a
// file that it fetches when it is read is irregular on Windows, and a file.
func neverEnds(mode fs.FileMode) bool {
	return mode&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice|fs.ModeCharDevice) != 0
}

// japanese tells whether a file can only be of a Japanese account: a letter that may
// be Japanese or Western is Japanese there.
func (im *importer) japanese(ctx context.Context) (bool, error) {
	if m, ok := markets.ByID(im.options.Marketplace); ok {
		return m.Country == "JP", nil
	}
	known, err := im.book.Connections(ctx)
	if err != nil {
		return false, err
	}
	found := false
	for _, c := range known {
		if im.options.Connection != "" && c.ID != im.options.Connection {
			continue
		}
		rows, err := im.book.Marketplaces(ctx, c.ID)
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			m, ok := markets.ByID(r.ID)
			if ok && r.Participating && m.Country != "JP" {
				return false, nil
			}
			found = found || ok && r.Participating
		}
	}
	return found, nil
}

// interruptible is a file that is read no further once ctx has ended: a large one,
// or a small one that unpacks to gigabytes, keeps nobody waiting.
type interruptible struct {
	ctx  context.Context
	file io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (r interruptible) ReadAt(p []byte, off int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.file.ReadAt(p, off)
}

// unchanged refuses a file that somebody wrote to while it was read: what was
// proved and what was stored might be two reports.
func unchanged(f *os.File, was fs.FileInfo) error {
	now, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at the file again: %w", err)
	}
	if now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
		return &reports.FileError{Name: filepath.Base(f.Name()), Reason: "the file has changed while it was read; import it again", Err: reports.ErrChanged}
	}
	return nil
}
