package archive

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
)

// ErrExists reports that a file of the wanted name is there already.
var ErrExists = errors.New("a file of that name exists already; choose another name")

// ErrDiskFull reports that the disk of the archive has no room left.
var ErrDiskFull = errors.New("the disk is full; free some space or choose another place")

// ErrName reports a name that does not fit what is to be written.
var ErrName = errors.New("the name of the archive does not fit")

// target is the file that an archive is written to: a temporary one beside the
// wanted name, renamed when all is proved.
type target struct {
	out       string
	overwrite bool
	file      *os.File
	buf       *bufio.Writer
	cipher    io.WriteCloser // nil for a plain zip
	fileKey   *capturedKey   // nil for a plain zip
}

// checkName refuses names that would mislead: a plain zip called .age, an
// encrypted one that looks plain.
func checkName(out string, encrypted bool) error {
	isAge := strings.HasSuffix(strings.ToLower(out), ".age")
	switch {
	case out == "":
		return fmt.Errorf("%w: give the file to write", ErrName)
	case encrypted && !isAge:
		return fmt.Errorf("%w: an encrypted archive ends in .zip.age, not %q", ErrName, filepath.Base(out))
	case !encrypted && isAge:
		return fmt.Errorf("%w: %q ends in .age, so give a passphrase or a recipient", ErrName, filepath.Base(out))
	}
	return nil
}

func newTarget(out string, overwrite bool, recipients []age.Recipient) (*target, error) {
	t := &target{out: out, overwrite: overwrite}
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	removeStale(filepath.Dir(out), time.Now())
	f, err := os.CreateTemp(filepath.Dir(out), temporaryName) // made with mode 0600
	if err != nil {
		return nil, diskError(fmt.Errorf("create a file in %s: %w", filepath.Dir(out), err))
	}
	t.file = f
	t.buf = bufio.NewWriterSize(f, 256<<10)
	if len(recipients) == 0 {
		return t, nil
	}
	t.fileKey = &capturedKey{}
	t.cipher, err = age.Encrypt(t.buf, t.fileKey.watch(recipients)...)
	if err != nil {
		t.abandon()
		return nil, diskError(fmt.Errorf("encrypt: %w", err))
	}
	return t, nil
}

// temporaryName is the pattern of the file an export is written to.
const temporaryName = ".countinghouse-export-*"

// staleAfter is how long a temporary file must have been left alone to be what
// a killed export left behind; a running one writes all the time.
const staleAfter = time.Hour

// removeStale removes what killed exports left in a folder: whole books may be
// in the clear there, under a name nobody sees.
func removeStale(dir string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // creating the file tells why
	}
	for _, e := range entries {
		if ours, _ := filepath.Match(temporaryName, e.Name()); !ours || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > staleAfter {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// mayWrite refuses a name that is taken. A folder or a device is never
// replaced, asked or not.
func (t *target) mayWrite() error {
	info, err := os.Lstat(t.out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %w", t.out, err)
	case !t.overwrite || !info.Mode().IsRegular():
		return fmt.Errorf("%w: %s", ErrExists, t.out)
	}
	return nil
}

func (t *target) Write(p []byte) (int, error) {
	if t.cipher != nil {
		return t.cipher.Write(p)
	}
	return t.buf.Write(p)
}

// finish brings everything to the disk itself and closes the file.
func (t *target) finish() error {
	if t.cipher != nil {
		if err := t.cipher.Close(); err != nil {
			return fmt.Errorf("end the encryption: %w", err)
		}
	}
	if err := t.buf.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", t.out, err)
	}
	if err := t.file.Sync(); err != nil {
		return fmt.Errorf("flush %s: %w", t.out, err)
	}
	if err := t.file.Close(); err != nil {
		return fmt.Errorf("close %s: %w", t.out, err)
	}
	return nil
}

// publish gives the file its name. A link is made where the disk can, since it
// fails when the name was taken meanwhile; where it cannot (FAT, some network
// disks) the name is looked at once more before renaming.
func (t *target) publish() error {
	tmp := t.file.Name()
	if !t.overwrite {
		switch err := os.Link(tmp, t.out); {
		case err == nil:
			if err := os.Remove(tmp); err != nil {
				return fmt.Errorf("remove the temporary name of %s: %w", t.out, err)
			}
			return syncFolder(filepath.Dir(t.out))
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%w: %s", ErrExists, t.out)
		}
	}
	if err := t.mayWrite(); err != nil {
		return err
	}
	if err := os.Rename(tmp, t.out); err != nil {
		return fmt.Errorf("name %s: %w", t.out, err)
	}
	return syncFolder(filepath.Dir(t.out))
}

// abandon removes the temporary file. It does no harm after publish.
func (t *target) abandon() {
	t.file.Close()
	os.Remove(t.file.Name())
}

// syncFolder brings the names in a folder to the disk, where the system can.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil // not readable: the names reach the disk in their own time
	}
	defer d.Close()
	if err := d.Sync(); err != nil && IsDiskFull(err) {
		return fmt.Errorf("flush %s: %w", dir, err)
	}
	return nil // Windows and some network disks cannot sync a folder
}

// diskError puts one clear sentence before what the system says of a full disk.
func diskError(err error) error {
	if IsDiskFull(err) {
		return fmt.Errorf("%w (%w)", ErrDiskFull, err)
	}
	return err
}
