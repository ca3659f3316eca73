package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	sealVersion = 1
	infoSeal    = "countinghouse/connection-secret/v1"
)

// Sealer encrypts the secrets of connections for storing in book.db, with
// XChaCha20-Poly1305 under a key from the connection key. Safe for concurrent
// use; it keeps working after the Vault's Close until its own Wipe.
type Sealer struct {
	bookID string
	key    Key
}

// Sealer returns ErrNoConnectionKey when the open slot may not sync.
func (v *Vault) Sealer() (*Sealer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil, ErrClosed
	}
	if v.in.keys.Connection.Absent() {
		return nil, ErrNoConnectionKey
	}
	raw := v.in.keys.Connection.Reveal()
	defer clear(raw[:])
	derived, err := hkdf.Key(sha256.New, raw[:], []byte(v.items.bookID), infoSeal, chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive sealing key: %w", err)
	}
	return &Sealer{bookID: v.items.bookID, key: Key{secret: NewSecretBytes(derived)}}, nil
}

// Seal encrypts one field of one connection. The result opens only in this
// book, for that connection and that field: a version byte, a nonce of 24
// bytes, the ciphertext. Sealing twice gives different bytes.
func (s *Sealer) Seal(connectionID, field string, secret Secret) ([]byte, error) {
	raw := s.key.Reveal()
	defer clear(raw[:])
	if s.key.Absent() {
		return nil, fmt.Errorf("seal %s of connection %s: %w", field, connectionID, ErrClosed)
	}
	aead, err := chacha20poly1305.NewX(raw[:])
	if err != nil {
		return nil, fmt.Errorf("seal %s of connection %s: %w", field, connectionID, err)
	}
	plain := secret.bytes()
	defer clear(plain)
	out := make([]byte, 1+chacha20poly1305.NonceSizeX, 1+chacha20poly1305.NonceSizeX+len(plain)+aead.Overhead())
	out[0] = sealVersion
	_, _ = rand.Read(out[1:]) // does not fail
	return aead.Seal(out, out[1:], plain, s.bound(connectionID, field)), nil
}

// Unseal returns ErrUnsealable for anything that Seal did not make here for the
// same connection and field.
func (s *Sealer) Unseal(connectionID, field string, sealed []byte) (Secret, error) {
	fail := func(err error) (Secret, error) {
		return Secret{}, fmt.Errorf("unseal %s of connection %s: %w", field, connectionID, err)
	}
	raw := s.key.Reveal()
	defer clear(raw[:])
	if s.key.Absent() {
		return fail(ErrClosed)
	}
	aead, err := chacha20poly1305.NewX(raw[:])
	if err != nil {
		return fail(err)
	}
	const head = 1 + chacha20poly1305.NonceSizeX
	if len(sealed) < head || sealed[0] != sealVersion {
		return fail(ErrUnsealable)
	}
	plain, err := aead.Open(nil, sealed[1:head], sealed[head:], s.bound(connectionID, field))
	if err != nil {
		return fail(ErrUnsealable)
	}
	return NewSecretBytes(plain), nil
}

// Wipe forgets the key.
func (s *Sealer) Wipe() { s.key.Wipe() }

// bound is the associated data: each part behind its length, so that no two
// names run into each other.
func (s *Sealer) bound(connectionID, field string) []byte {
	var out []byte
	for _, part := range []string{infoSeal, s.bookID, connectionID, field} {
		out = binary.BigEndian.AppendUint64(out, uint64(len(part)))
		out = append(out, part...)
	}
	return out
}
