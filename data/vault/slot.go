package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Kind is how a slot is opened.
type Kind string

// The kinds of slots.
const (
	// KindKeychain: whoever is logged in to this computer.
	KindKeychain Kind = "keychain"
	// KindPassphrase: whoever knows it, on any computer.
	KindPassphrase Kind = "passphrase"
	// KindPassphraseKeychain: whoever knows it, on this computer only.
	KindPassphraseKeychain Kind = "passphrase+keychain"
	// KindRecovery: whoever holds the code, on any computer.
	KindRecovery Kind = "recovery"
)

func (k Kind) valid() bool {
	return k == KindKeychain || k == KindRecovery || k.usesPassphrase()
}

func (k Kind) usesPassphrase() bool { return k == KindPassphrase || k == KindPassphraseKeychain }

func (k Kind) usesKeychain() bool { return k == KindKeychain || k == KindPassphraseKeychain }

const (
	nameBook       = "book"
	namePersonal   = "personal"
	nameConnection = "connection"

	checkSize   = 16
	nonceSize   = 12
	tagSize     = 16
	payloadSize = 1 + 5*KeySize
	wrappedSize = nonceSize + payloadSize + tagSize
	renewalSize = nonceSize + KeySize + tagSize

	infoKEK   = "countinghouse/book.keys/v1/kek/" // + kind
	infoCheck = "countinghouse/book.keys/v1/check"
	infoWrap  = "countinghouse/book.keys/v1/wrap"

	purposeWrap    = "wrap"
	purposeRenewal = "renewal"
)

func keyNames(personal, connection bool) []string {
	names := []string{nameBook}
	if personal {
		names = append(names, namePersonal)
	}
	if connection {
		names = append(names, nameConnection)
	}
	return names
}

func (s *slot) has(name string) bool { return slices.Contains(s.Keys, name) }

// full slots hold all keys and so the renewal key.
func (s *slot) full() bool { return s.has(namePersonal) && s.has(nameConnection) }

// payload is what a slot wraps.
type payload struct {
	keys KeySet
	// next is the personal key of a rotation that is not confirmed yet.
	next Key
	// renewal opens every slot's Renewal field; only full slots hold it.
	renewal Key
}

// parts are the keys in the order of the wrapped bytes.
func (p *payload) parts() []*Key {
	return []*Key{&p.keys.Book, &p.keys.Personal, &p.next, &p.keys.Connection, &p.renewal}
}

// limit leaves the keys that the slot may hold.
func (p payload) limit(s *slot) payload {
	if !s.has(namePersonal) {
		p.keys.Personal, p.next = Key{}, Key{}
	}
	if !s.has(nameConnection) {
		p.keys.Connection = Key{}
	}
	if !s.full() {
		p.renewal = Key{}
	}
	return p
}

func (p *payload) clone() payload {
	return payload{keys: p.keys.clone(), next: p.next.clone(), renewal: p.renewal.clone()}
}

func (p *payload) wipe() {
	for _, k := range p.parts() {
		k.Wipe()
	}
}

// encode: a byte with one bit per part that is there, then 32 bytes for each.
func (p *payload) encode() []byte {
	out := make([]byte, 1, payloadSize)
	for i, k := range p.parts() {
		if !k.Absent() {
			out[0] |= 1 << i
		}
		raw := k.Reveal()
		out = append(out, raw[:]...)
		clear(raw[:])
	}
	return out
}

func decodePayload(raw []byte) payload {
	var p payload
	for i, k := range p.parts() {
		if raw[0]&(1<<i) != 0 {
			*k = NewKey([KeySize]byte(raw[1+i*KeySize:]))
		}
	}
	return p
}

// kek derives the slot's key from what its owner has or knows: the Argon2id
// output, the key store's secret, both in this order, or the recovery code.
func (s *slot) kek(secrets ...[]byte) (Key, error) {
	var ikm []byte
	for _, b := range secrets {
		ikm = append(ikm, b...)
	}
	defer clear(ikm)
	raw, err := hkdf.Key(sha256.New, ikm, s.Salt, infoKEK+string(s.Kind), KeySize)
	if err != nil {
		return Key{}, fmt.Errorf("derive slot key: %w", err)
	}
	return Key{secret: NewSecretBytes(raw)}, nil
}

func expand(kek Key, info string, size int) ([]byte, error) {
	raw := kek.Reveal()
	defer clear(raw[:])
	out, err := hkdf.Expand(sha256.New, raw[:], info, size)
	if err != nil {
		return nil, fmt.Errorf("derive from slot key: %w", err)
	}
	return out, nil
}

// fits reports whether kek is the slot's key.
func (s *slot) fits(kek Key) bool {
	check, err := expand(kek, infoCheck, checkSize)
	return err == nil && hmac.Equal(check, s.Check)
}

// wrap fills Check, Wrapped and Renewal; everything else must be final.
func (s *slot) wrap(f *file, kek Key, p payload) error {
	check, err := expand(kek, infoCheck, checkSize)
	if err != nil {
		return err
	}
	s.Check = check
	wrapKey, err := expand(kek, infoWrap, KeySize)
	if err != nil {
		return err
	}
	defer clear(wrapKey)
	plain := p.limit(s)
	text := plain.encode()
	defer clear(text)
	bound, err := s.bound(f, purposeWrap)
	if err != nil {
		return err
	}
	if s.Wrapped, err = gcmSeal(wrapKey, text, bound); err != nil {
		return err
	}
	if bound, err = s.bound(f, purposeRenewal); err != nil {
		return err
	}
	renewal, kekRaw := p.renewal.Reveal(), kek.Reveal()
	defer clear(renewal[:])
	defer clear(kekRaw[:])
	s.Renewal, err = gcmSeal(renewal[:], kekRaw[:], bound)
	return err
}

// unwrap opens the slot with its key; a failure means that the file was changed.
func (s *slot) unwrap(f *file, kek Key) (payload, error) {
	wrapKey, err := expand(kek, infoWrap, KeySize)
	if err != nil {
		return payload{}, err
	}
	defer clear(wrapKey)
	bound, err := s.bound(f, purposeWrap)
	if err != nil {
		return payload{}, err
	}
	text, err := gcmOpen(wrapKey, s.Wrapped, bound)
	if err != nil {
		return payload{}, fmt.Errorf("slot %s: %w", s.ID, ErrTampered)
	}
	defer clear(text)
	return decodePayload(text), nil
}

// renewKEK gets the slot's key by the renewal key, without its owner.
func (s *slot) renewKEK(f *file, renewal Key) (Key, error) {
	raw := renewal.Reveal()
	defer clear(raw[:])
	bound, err := s.bound(f, purposeRenewal)
	if err != nil {
		return Key{}, err
	}
	kek, err := gcmOpen(raw[:], s.Renewal, bound)
	if err != nil {
		return Key{}, fmt.Errorf("slot %s: %w", s.ID, ErrTampered)
	}
	return Key{secret: NewSecretBytes(kek)}, nil
}

// bound is the associated data of a wrap: format, version, book, generation,
// purpose ("wrap" or "renewal") and the slot as in the file with null for the
// two wraps, in JSON without spaces.
func (s *slot) bound(f *file, purpose string) ([]byte, error) {
	bare := *s
	bare.Wrapped, bare.Renewal = nil, nil
	text, err := json.Marshal(struct {
		Format     string `json:"format"`
		Version    int    `json:"version"`
		BookID     string `json:"book_id"`
		Generation uint64 `json:"generation"`
		Purpose    string `json:"purpose"`
		Slot       slot   `json:"slot"`
	}{f.Format, f.Version, f.BookID, f.Generation, purpose, bare})
	if err != nil {
		return nil, fmt.Errorf("encode slot: %w", err)
	}
	return text, nil
}

func gcmSeal(key, plain, bound []byte) ([]byte, error) {
	aead, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+tagSize)
	_, _ = rand.Read(nonce) // does not fail
	return aead.Seal(nonce, nonce, plain, bound), nil
}

func gcmOpen(key, sealed, bound []byte) ([]byte, error) {
	aead, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], bound)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("set up AES: %w", err)
	}
	return cipher.NewGCM(block)
}

// randomHex is size random bytes in hex.
func randomHex(size int) string {
	raw := make([]byte, size)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}
