package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Home is the folder that holds everything of ours on this machine.
type Home string

// ErrNoBook reports that the home folder holds no book of that name.
var ErrNoBook = errors.New("no such book")

// DefaultHome is the operating system's usual place for an application's data:
// $XDG_DATA_HOME or ~/.local/share on Linux, ~/Library/Application Support on
// macOS, %LocalAppData% on Windows.
func DefaultHome() (Home, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the home folder: %w; name one with --home", err)
	}
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return Home(filepath.Join(dir, "Countinghouse")), nil
		}
		return Home(filepath.Join(home, "AppData", "Local", "Countinghouse")), nil
	case "darwin":
		return Home(filepath.Join(home, "Library", "Application Support", "Countinghouse")), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return Home(filepath.Join(dir, "countinghouse")), nil
	}
	return Home(filepath.Join(home, ".local", "share", "countinghouse")), nil
}

// BookDir is the folder of the book of that name, whether it exists or not.
func (h Home) BookDir(name string) string { return filepath.Join(string(h), "books", name) }

// Books lists the names of the books in this home, sorted.
func (h Home) Books() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(string(h), "books"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the books: %w", err)
	}
	var names []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(h.BookDir(e.Name()), KeysFile)); e.IsDir() && err == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// CheckName says whether a book may be called so: it becomes a folder's name
// on three operating systems.
func CheckName(name string) error {
	bad := func(why string) error {
		return fmt.Errorf("%q cannot be a book's name: %s", name, why)
	}
	switch {
	case name == "" || utf8.RuneCountInString(name) > 60:
		return bad("use 1 to 60 characters")
	case !utf8.ValidString(name):
		return bad("it is not text")
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.TrimSpace(name) != name:
		return bad("it must not start or end with a dot or a blank")
	case strings.ContainsAny(name, `/\:*?"<>|`) || strings.ContainsFunc(name, unicode.IsControl):
		return bad(`leave out / \ : * ? " < > | and control characters`)
	}
	switch strings.ToUpper(strings.SplitN(name, ".", 2)[0]) {
	case "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
		"LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9":
		return bad("Windows keeps that word for itself")
	}
	return nil
}
