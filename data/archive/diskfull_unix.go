//go:build !windows

package archive

import (
	"errors"
	"syscall"
)

// IsDiskFull tells whether err means that a disk, or a user's share of it, has
// no room left.
func IsDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
