//go:build !unix

package theme

import "os"

// mapped returns a file's bytes.
func mapped(path string) ([]byte, error) { return os.ReadFile(path) }
