package cipher

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// KeySize is the length of a database key in bytes.
const KeySize = 32

// SaltSize is the length of the salt at the start of every file in bytes.
const SaltSize = 16

// Key is the raw AES-256 key of one database. It prints as "[key]" whatever
// the verb, so that it cannot slip into a log; take its bytes with k[:].
type Key [KeySize]byte

// NewKey returns a random key.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails: the runtime stops the process instead
	return k
}

// KeyFromBytes copies b, which must be KeySize bytes long.
func KeyFromBytes(b []byte) (Key, error) {
	var k Key
	if len(b) != KeySize {
		return k, fmt.Errorf("read key: %d bytes instead of %d", len(b), KeySize)
	}
	copy(k[:], b)
	return k, nil
}

// Zero overwrites the key. Copies made before are not reached.
func (k *Key) Zero() { clear(k[:]) }

// IsZero reports, in constant time, whether the key is all zeros, which is
// what a forgotten or dropped key looks like.
func (k Key) IsZero() bool {
	var zero Key
	return subtle.ConstantTimeCompare(k[:], zero[:]) == 1
}

// Equal compares in constant time.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare(k[:], other[:]) == 1
}

const redacted = "[key]"

// String returns a placeholder.
func (Key) String() string { return redacted }

// GoString returns a placeholder, for %#v.
func (Key) GoString() string { return redacted }

// Format writes a placeholder for every verb, %x and %d included.
func (Key) Format(s fmt.State, _ rune) { io.WriteString(s, redacted) }

// LogValue keeps slog handlers from looking inside.
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses: a key that reaches an encoder is a mistake.
func (Key) MarshalText() ([]byte, error) {
	return nil, errors.New("encode database key: keys are never encoded")
}

// MarshalJSON writes a placeholder, so that a struct that holds a key by
// accident can still be shown.
func (Key) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
