package cli

import (
	"context"
	"errors"
	"fmt"
)

// The exit codes. They are part of the interface: scripts rely on them.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitLocked  = 3 // the book could not be unlocked, or is open elsewhere
	exitNotAuth = 4 // Amazon refuses the authorisation
	exitPartial = 5 // some connections or resources failed, others are up to date
)

// exitError is an error that knows its exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func withCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code, err}
}

// codeOf finds the exit code of an error.
func codeOf(err error) int {
	var coded *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, context.Canceled):
		return exitFailed
	}
	return openCode(err)
}
