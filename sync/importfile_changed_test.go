package appsync

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countinghouse/sync/reports"
)

// A file that somebody writes to while it is read is two reports.
func TestFileThatChangesWhileItIsImported(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"longer": func(path string) error {
			return errors.Join(os.WriteFile(path, []byte("report and more"), 0o600), os.Chtimes(path, time.Unix(100, 0), time.Unix(100, 0)))
		},
		"other bytes": func(path string) error { return os.WriteFile(path, []byte("rePort"), 0o600) },
		"left alone":  func(string) error { return nil },
	} {
		path := filepath.Join(t.TempDir(), "r.txt")
		if err := errors.Join(os.WriteFile(path, []byte("report"), 0o600), os.Chtimes(path, time.Unix(100, 0), time.Unix(100, 0))); err != nil {
			t.Fatal(err)
		}
		f, info, err := openReport(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		if err := unchanged(f, info); (err == nil) != (name == "left alone") || (err != nil && !errors.Is(err, reports.ErrChanged)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever ends an import does not wait for the end of a large file.
func TestImportEndsInTheMiddleOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.txt")
	if err := os.WriteFile(path, []byte("report"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, _, err := openReport(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r := interruptible{ctx, f}
	if n, err := r.ReadAt(make([]byte, 3), 0); n != 3 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	cancel()
	if _, err := reports.Open("r.txt", r, 6, reports.Hint{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// Files of OneDrive and Dropbox are irregular on Windows, and are read like others.
func TestWhatIsReadAsAFile(t *testing.T) {
	for _, tc := range []struct {
		name string
		mode fs.FileMode
		want bool
	}{
		{"a file", 0o600, true},
		{"a file of the cloud", fs.ModeIrregular | 0o666, true},
		{"a pipe", fs.ModeNamedPipe | 0o600, false},
		{"a socket", fs.ModeSocket | 0o600, false},
		{"a disk", fs.ModeDevice | 0o600, false},
		{"a terminal", fs.ModeDevice | fs.ModeCharDevice | 0o600, false},
	} {
		if got := !neverEnds(tc.mode); got != tc.want {
			t.Errorf("%s is read: %v", tc.name, got)
		}
	}
}
