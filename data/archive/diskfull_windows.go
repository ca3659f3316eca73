package archive

import (
	"errors"
	"syscall"
)

// IsDiskFull tells whether err means that a disk has no room left:
// ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
func IsDiskFull(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112))
}
