package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// maxFile is far above any real key file: 16 slots need about 16 KiB.
const maxFile = 256 << 10

// locks serialise the writers of one file within this process.
var locks sync.Map // name -> *sync.Mutex

func lockName(name string) (unlock func()) {
	mu, _ := locks.LoadOrStore(name, new(sync.Mutex))
	mu.(*sync.Mutex).Lock()
	return mu.(*sync.Mutex).Unlock
}

// readFile reads a regular file up to maxFile bytes. It does not follow a
// symbolic link and does not open a pipe or a device.
func readFile(path string) ([]byte, error) {
	seen, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w (%w)", path, ErrNoFile, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	if !seen.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: %w", path, ErrForeign)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	opened, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	if !os.SameFile(seen, opened) { // exchanged between the two calls
		return nil, fmt.Errorf("read %s: %w", path, ErrForeign)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	if len(raw) > maxFile {
		return nil, fmt.Errorf("read %s: %w (larger than %d KiB)", path, ErrDamaged, maxFile>>10)
	}
	return raw, nil
}

// writeFile puts raw at path at once, or not at all: a temporary file in the
// same folder is written, synced and renamed, then the folder is synced. With
// create an existing file is never replaced. placed tells whether the new file
// is at path, which it can be although err is not nil.
func writeFile(path string, raw []byte, create bool) (placed bool, err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	defer func() {
		if rmErr := os.Remove(tmp.Name()); rmErr != nil && !errors.Is(rmErr, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("remove temporary key file: %w", rmErr))
		}
	}()
	_, err = tmp.Write(raw)
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	if err := place(tmp.Name(), path, create); err != nil {
		return false, err
	}
	return true, errors.Join(sweep(path), syncDir(dir))
}

// sweep removes temporary files that a kill left behind: each may be a key file
// that a removed passphrase still opens. The caller holds the path's lock.
func sweep(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("look for old temporary key files: %w", err)
	}
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), "."+filepath.Base(path)+".")
		number, isTmp := strings.CutSuffix(number, ".tmp")
		if !ok || !isTmp || strings.Trim(number, "0123456789") != "" {
			continue
		}
		err := os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove old temporary key file: %w", err)
		}
	}
	return nil
}

// place moves tmp to path.
func place(tmp, path string, create bool) error {
	if create {
		err := os.Link(tmp, path) // fails if path exists, whoever made it
		if err == nil {
			return nil
		}
		// A file system without hard links: look, then rename.
		if _, statErr := os.Lstat(path); errors.Is(err, fs.ErrExist) || statErr == nil {
			return fmt.Errorf("create %s: %w", path, ErrExists)
		}
	} else if seen, err := os.Lstat(path); err != nil || !seen.Mode().IsRegular() {
		return fmt.Errorf("replace %s: %w", path, ErrForeign)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}

// syncDir makes a rename durable. Windows has no such call and does it itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder of key file: %w", err)
	}
	defer d.Close() //nolint:errcheck // only synced
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync folder of key file: %w", err)
	}
	return nil
}
