package vault

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// MinPassphrase is Amazon's minimum for those who hold its data, in
	// characters after normalisation.
	MinPassphrase = 12
	// maxPassphraseBytes keeps a pasted file from becoming a passphrase.
	maxPassphraseBytes = 1024
	// minDistinct refuses one key held down, and little else: length is what
	// makes a passphrase strong.
	minDistinct = 4
)

// CheckPassphrase says why p is no good for the book of that name, or nil: at
// least 12 characters and 4 different ones, printable, not the book's name.
// The errors match ErrWeakPassphrase and are sentences for the user.
func CheckPassphrase(p Secret, bookName string) error {
	normal, err := normalise(p)
	if err != nil {
		return err
	}
	defer clear(normal)
	distinct := map[rune]bool{}
	for _, r := range string(normal) {
		if unicode.IsControl(r) {
			return fmt.Errorf("%w: it has a line break or another invisible character", ErrWeakPassphrase)
		}
		distinct[unicode.ToLower(r)] = true
	}
	if n := utf8.RuneCount(normal); n < MinPassphrase {
		return fmt.Errorf("%w: it has %d characters, at least %d are needed", ErrWeakPassphrase, n, MinPassphrase)
	}
	if len(distinct) < minDistinct {
		return fmt.Errorf("%w: it repeats the same few characters", ErrWeakPassphrase)
	}
	if bookName != "" && foldName(string(normal)) == foldName(bookName) {
		return fmt.Errorf("%w: it is the name of the book", ErrWeakPassphrase)
	}
	return nil
}

// normalise gives the bytes that Argon2id sees. NFKC, because one and the same
// Japanese or accented text arrives in other code points from another keyboard,
// input method or operating system.
func normalise(p Secret) ([]byte, error) {
	raw := p.bytes()
	defer clear(raw)
	switch {
	case len(raw) == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrWeakPassphrase)
	case len(raw) > maxPassphraseBytes:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrWeakPassphrase, maxPassphraseBytes)
	case !utf8.Valid(raw):
		return nil, fmt.Errorf("%w: it is not text in UTF-8", ErrWeakPassphrase)
	}
	// Append into room of its own: norm may return raw itself, which is cleared.
	return norm.NFKC.Append(make([]byte, 0, 2*len(raw)), raw...), nil
}

func foldName(s string) string {
	return strings.TrimSpace(cases.Fold().String(norm.NFKC.String(s)))
}
