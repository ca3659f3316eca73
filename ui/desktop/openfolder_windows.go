package desktop

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// showFolder opens a folder in Explorer. It gives the path itself: Windows reads
// the escapes of a file URL in the code page of old programs, so that a folder
// with an umlaut or a Japanese name would not be found by its URL.
func showFolder(dir string) error {
	path, err := windows.UTF16PtrFromString(dir)
	if err == nil {
		err = windows.ShellExecute(0, windows.StringToUTF16Ptr("open"), path, nil, nil, windows.SW_SHOWNORMAL)
	}
	if err != nil {
		return fmt.Errorf("open the folder %s: %w", dir, err)
	}
	return nil
}
