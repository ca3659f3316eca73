package vault

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// KeySize is the length of every key, in bytes.
const KeySize = 32

// Key is a 32-byte key that redacts itself like a Secret. The zero Key is
// absent. Copies share the bytes and are wiped together.
type Key struct {
	secret Secret
}

// NewKey keeps a copy of raw.
func NewKey(raw [KeySize]byte) Key {
	return Key{secret: NewSecretBytes(append([]byte(nil), raw[:]...))}
}

// randomKey draws a new key. crypto/rand does not fail: it ends the program.
func randomKey() Key {
	raw := make([]byte, KeySize)
	_, _ = rand.Read(raw)
	return Key{secret: NewSecretBytes(raw)}
}

// Reveal returns the key; all zeros when it is absent, so ask Absent first.
func (k Key) Reveal() (raw [KeySize]byte) {
	k.secret.use(func(b []byte) { copy(raw[:], b) })
	return raw
}

// Absent reports that there is no key: not part of this slot, or wiped.
func (k Key) Absent() bool { return k.secret.Len() != KeySize }

// Wipe overwrites the key and its copies.
func (k Key) Wipe() { k.secret.Wipe() }

// Equal compares in constant time; an absent key equals nothing.
func (k Key) Equal(other Key) bool {
	if k.Absent() || other.Absent() {
		return false
	}
	a, b := k.Reveal(), other.Reveal()
	defer clear(a[:])
	defer clear(b[:])
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// clone copies the bytes, so that wiping one leaves the other.
func (k Key) clone() Key {
	if k.Absent() {
		return Key{}
	}
	raw := k.Reveal()
	defer clear(raw[:])
	return NewKey(raw)
}

// Format answers every fmt verb with the redaction mark.
func (k Key) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, redacted) }

// String is the redaction mark.
func (k Key) String() string { return redacted }

// GoString is the redaction mark.
func (k Key) GoString() string { return redacted }

// MarshalText is the redaction mark.
func (k Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// GobEncode is the redaction mark.
func (k Key) GobEncode() ([]byte, error) { return []byte(redacted), nil }

// GobDecode refuses: gob never carries a key.
func (k *Key) GobDecode([]byte) error { return ErrRedacted }

// LogValue is the redaction mark.
func (k Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// KeySet is what an opened slot yields. Personal and Connection may be absent.
type KeySet struct {
	// Book is the raw SQLCipher key of book.db.
	Book Key
	// Personal is the raw SQLCipher key of personal.db.
	Personal Key
	// Connection seals refresh tokens and client secrets; see Sealer.
	Connection Key
}

func newKeySet() KeySet {
	return KeySet{Book: randomKey(), Personal: randomKey(), Connection: randomKey()}
}

// Wipe overwrites the keys of the set.
func (s KeySet) Wipe() {
	s.Book.Wipe()
	s.Personal.Wipe()
	s.Connection.Wipe()
}

func (s KeySet) clone() KeySet {
	return KeySet{Book: s.Book.clone(), Personal: s.Personal.clone(), Connection: s.Connection.clone()}
}
