package archive

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrOmit reports an entry of ExportOptions.Omit that names nothing in the
// book: a misspelt name would let through what it was meant to hold back.
var ErrOmit = errors.New("nothing of that name to leave out")

// secretTables are never exported: sealed tokens and client secrets, and the
// balances of Amazon's rate limits, which mean nothing elsewhere.
var secretTables = []string{"connection_secret", "limit_bucket"}

// omission says what is left out by name.
type omission struct {
	names []string // "table" or "table.column", lower case
	used  map[string]bool
}

func newOmission(names []string) *omission {
	o := &omission{used: map[string]bool{}}
	for _, n := range names {
		o.names = append(o.names, strings.ToLower(n))
	}
	return o
}

func (o *omission) table(name string) bool {
	name = strings.ToLower(name)
	return o.hit(name) || slices.Contains(secretTables, name)
}

func (o *omission) column(table, name string) bool {
	return o.hit(strings.ToLower(table + "." + name))
}

func (o *omission) hit(name string) bool {
	if !slices.Contains(o.names, name) {
		return false
	}
	o.used[name] = true
	return true
}

// check returns ErrOmit when an entry was of no use in any database.
func (o *omission) check() error {
	for _, n := range o.names {
		if !o.used[n] {
			return fmt.Errorf("%w: %q (write table or table.column)", ErrOmit, n)
		}
	}
	return nil
}
