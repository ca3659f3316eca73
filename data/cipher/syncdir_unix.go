//go:build !windows

package cipher

import (
	"fmt"
	"os"
)

// syncDir makes a rename in dir survive a power cut.
func syncDir(dir string) error {
	if err := syncPath(dir, os.O_RDONLY); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
