package vault

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
)

// redacted stands for a secret wherever it is printed or encoded.
const redacted = "[redacted]"

// ErrRedacted is returned for reading a secret from text that an earlier
// printing redacted: storing the mark in place of a token would lose the token.
var ErrRedacted = errors.New("this text is the mark of a redacted secret, not a secret")

// Secret holds a value that must not be printed: a token, a passphrase. Every
// fmt verb, JSON, text and gob encoding and slog show "[redacted]"; only Reveal
// tells. The value sits behind a closure, so that printers and differs that
// walk a struct by reflection cannot reach it either. Copies share the value
// and are wiped together. The zero Secret is empty. Safe for concurrent use.
type Secret struct {
	with func(use func(value *[]byte))
}

// NewSecret keeps value. Go cannot clear the string that was passed in; use
// NewSecretBytes where the caller can.
func NewSecret(value string) Secret { return NewSecretBytes([]byte(value)) }

// NewSecretBytes takes ownership of value: the caller must not use it again.
func NewSecretBytes(value []byte) Secret {
	var mu sync.Mutex
	return Secret{with: func(use func(*[]byte)) {
		mu.Lock()
		defer mu.Unlock()
		use(&value)
	}}
}

// Reveal returns the value. The result must not be logged or stored in clear.
func (s Secret) Reveal() string {
	var out string
	s.use(func(b []byte) { out = string(b) })
	return out
}

// Len is the length of the value in bytes.
func (s Secret) Len() int {
	n := 0
	s.use(func(b []byte) { n = len(b) })
	return n
}

// IsZero reports whether there is no value (never set, or wiped).
func (s Secret) IsZero() bool { return s.Len() == 0 }

// Wipe overwrites the value with zeros and empties this Secret and its copies.
func (s Secret) Wipe() {
	if s.with == nil {
		return
	}
	s.with(func(value *[]byte) {
		clear(*value)
		*value = nil
	})
}

// Equal compares two values in a time that depends on their lengths only.
func (s Secret) Equal(other Secret) bool {
	mine, theirs := s.bytes(), other.bytes()
	defer clear(mine)
	defer clear(theirs)
	return subtle.ConstantTimeCompare(mine, theirs) == 1
}

// bytes returns a copy of the value, for the caller to clear.
func (s Secret) bytes() []byte {
	var out []byte
	s.use(func(b []byte) { out = append(out, b...) })
	return out
}

func (s Secret) use(f func([]byte)) {
	if s.with != nil {
		s.with(func(value *[]byte) { f(*value) })
	}
}

// Format answers every fmt verb with the redaction mark.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, redacted) }

// String is the redaction mark.
func (s Secret) String() string { return redacted }

// GoString is the redaction mark.
func (s Secret) GoString() string { return redacted }

// MarshalText is the redaction mark; JSON and XML use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText reads a secret, so that an answer of the login server can be
// decoded straight into one. The redaction mark is refused with ErrRedacted.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == redacted {
		return ErrRedacted
	}
	*s = NewSecretBytes(append([]byte(nil), text...))
	return nil
}

// GobEncode is the redaction mark.
func (s Secret) GobEncode() ([]byte, error) { return []byte(redacted), nil }

// GobDecode refuses: gob never carries a secret.
func (s *Secret) GobDecode([]byte) error { return ErrRedacted }

// LogValue is the redaction mark.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
