//go:build unix

package theme

import (
	"fmt"
	"os"
	"syscall"
)

// mapped returns a file's bytes without reading them: a page comes into memory
// when it is first looked at, and what is written stays in this process. The
// file is replaced, never rewritten, by whoever updates the system's fonts. The
// bytes stay until the program ends.
func mapped(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() <= 0 || info.Size() > maxFont {
		return nil, fmt.Errorf("%s: %w", path, errFont)
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
}
