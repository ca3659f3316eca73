//go:build !windows

package desktop

import (
	"fmt"
	"net/url"

	"fyne.io/fyne/v2"
)

// showFolder opens a folder in the desktop's file manager.
func showFolder(dir string) error {
	if err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: dir}); err != nil {
		return fmt.Errorf("open the folder %s: %w", dir, err)
	}
	return nil
}
