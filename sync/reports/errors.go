package reports

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Why a file is refused. Every *FileError wraps one of these.
var (
	ErrEmpty     = errors.New("the file is empty")
	ErrMarkup    = errors.New("the file is a web page")
	ErrBinary    = errors.New("the file is not text")
	ErrMessage   = errors.New("the file holds a message instead of a report")
	ErrKind      = errors.New("the file is no report that can be read here")
	ErrColumns   = errors.New("the columns are not those of the report")
	ErrCut       = errors.New("the file is cut or damaged")
	ErrChanged   = errors.New("the file has changed while it was read")
	ErrCharset   = errors.New("the charset is not told")
	ErrNumber    = errors.New("a number cannot be read")
	ErrDate      = errors.New("a date cannot be read")
	ErrAmbiguous = errors.New("a number or date has two readings")
	ErrCurrency  = errors.New("the currency is not told")
	ErrTotal     = errors.New("the amounts do not add up to the total")
	ErrTooLarge  = errors.New("the file is too large")
)

// FileError says why a file is refused, in one sentence a seller can act on.
type FileError struct {
	Name   string // as given to Open; for a member of an archive "archive.zip: member.txt"
	Line   int    // 1-based line of the text, 0 when the reason is not on a line
	Reason string
	Err    error // one of the sentinels above
}

// Error gives the sentence: "us.txt, line 17: amount \"12,3x\" is not a number".
func (e *FileError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s, line %d: %s", e.Name, e.Line, e.Reason)
	}
	return e.Name + ": " + e.Reason
}

// Unwrap gives the sentinel.
func (e *FileError) Unwrap() error { return e.Err }

// refuse makes a FileError without a name; Open adds it.
func refuse(err error, line int, format string, args ...any) *FileError {
	return &FileError{Line: line, Reason: fmt.Sprintf(format, args...), Err: err}
}

// quote shows a piece of the file in a message: short and printable.
func quote(b []byte) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || r == '\u00a0' {
			return r
		}
		return '?'
	}, string(b[:min(len(b), 400)]))
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "..."
	}
	return `"` + s + `"`
}
