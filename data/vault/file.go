package vault

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"filippo.io/age"
)

const (
	fileFormat  = "countinghouse-book-keys"
	fileVersion = 1
	idSize      = 16 // bytes of a book id; slot ids have half of it
	slotIDSize  = 8
	saltSize    = 32
	dbSaltSize  = 16 // SQLCipher's salt
	maxSlots    = 16
	maxSalts    = 8
	maxLabel    = 64 // characters

	infoMAC = "countinghouse/book.keys/v1/mac"
)

// file is book.keys, version 1: JSON with two spaces of indent, these fields in
// this order, a line break at the end. Byte fields are standard Base64. Any
// other spelling of the same content is refused, which keeps duplicate keys,
// unknown fields and other surprises of JSON out.
type file struct {
	// Format is "countinghouse-book-keys", Version is 1.
	Format  string `json:"format"`
	Version int    `json:"version"`
	// BookID is 16 random bytes in hex, made once.
	BookID string `json:"book_id"`
	// Generation is 1 at first and grows by one with every change.
	Generation uint64 `json:"generation"`
	// AuditHead is the SHA-256 of the newest audit entry that the store told,
	// in hex, or empty.
	AuditHead string `json:"audit_head"`
	// Salts has per database file the first 16 bytes of it, in hex. They are
	// not secret; they tell a flipped byte there from a wrong key.
	Salts map[string]string `json:"salts"`
	// Slots in the order in which they were added.
	Slots []slot `json:"slots"`
	// MAC is HMAC-SHA256 over this file with null for the MAC. Its key comes from
	// the book key by HKDF with the book id as salt.
	MAC []byte `json:"mac"`
}

// slot is one way to open the book.
type slot struct {
	// ID is 8 random bytes in hex.
	ID string `json:"id"`
	// Kind is keychain, passphrase, passphrase+keychain or recovery.
	Kind Kind `json:"kind"`
	// Label is the owner's name for it; Created is UTC, to the second.
	Label   string `json:"label"`
	Created string `json:"created"`
	// Confirmed: the recovery code was typed back after it was shown.
	Confirmed bool `json:"confirmed"`
	// Keys are the keys inside: "book", "personal", "connection".
	Keys []string `json:"keys"`
	// Argon2id has the cost of the two kinds with a passphrase.
	Argon2id *KDF `json:"argon2id,omitempty"`
	// Recipient is the age recipient of a recovery slot.
	Recipient string `json:"recipient,omitempty"`
	// Salt is 32 random bytes, for Argon2id and HKDF.
	Salt []byte `json:"salt"`
	// Check is 16 bytes from the KEK by HKDF: tells a wrong secret from a
	// changed wrap. It helps a guesser no more than the wrap does.
	Check []byte `json:"check"`
	// Wrapped is nonce and AES-256-GCM of the keys under the KEK.
	Wrapped []byte `json:"wrapped"`
	// Renewal is nonce and AES-256-GCM of the KEK under the renewal key.
	Renewal []byte `json:"renewal"`
}

// clone copies deeply enough for change: no byte slice is ever written to.
func (f *file) clone() *file {
	c := *f
	c.Salts = maps.Clone(f.Salts)
	c.Slots = slices.Clone(f.Slots)
	return &c
}

func (f *file) slot(id string) *slot {
	for i := range f.Slots {
		if f.Slots[i].ID == id {
			return &f.Slots[i]
		}
	}
	return nil
}

// encode is the one spelling of the file.
func (f *file) encode() ([]byte, error) {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode key file: %w", err)
	}
	return append(text, '\n'), nil
}

// sum is the MAC that the file should have under the book key.
func (f *file) sum(book Key) ([]byte, error) {
	raw := book.Reveal()
	defer clear(raw[:])
	macKey, err := hkdf.Key(sha256.New, raw[:], []byte(f.BookID), infoMAC, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive MAC key: %w", err)
	}
	defer clear(macKey)
	bare := *f
	bare.MAC = nil
	text, err := bare.encode()
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, macKey)
	h.Write(text)
	return h.Sum(nil), nil
}

// parseFile reads and checks everything that can be checked without a key.
func parseFile(raw []byte) (*file, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fmt.Errorf("%w (not JSON)", ErrDamaged) // err could quote the file
	}
	if head.Format != fileFormat {
		return nil, ErrForeign
	}
	if head.Version > fileVersion {
		return nil, fmt.Errorf("%w (format %d)", ErrNewerFormat, head.Version)
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("%w (a field has the wrong form)", ErrDamaged)
	}
	canonical, err := f.encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(raw, canonical) {
		return nil, fmt.Errorf("%w (it was edited or cut)", ErrDamaged)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return &f, nil
}

func (f *file) check() error {
	bad := func(what string) error { return fmt.Errorf("%w (%s)", ErrDamaged, what) }
	switch {
	case f.Version != fileVersion:
		return bad("version")
	case !isHex(f.BookID, idSize):
		return bad("book id")
	case f.Generation == 0:
		return bad("generation")
	case f.AuditHead != "" && !isHex(f.AuditHead, sha256.Size):
		return bad("audit head")
	case len(f.MAC) != sha256.Size:
		return bad("mac")
	case len(f.Slots) == 0 || len(f.Slots) > maxSlots:
		return bad("number of slots")
	case checkSalts(f.Salts) != nil:
		return bad("salts")
	}
	seen := map[string]bool{}
	for i := range f.Slots {
		s := &f.Slots[i]
		if seen[s.ID] {
			return bad("two slots with one id")
		}
		seen[s.ID] = true
		if err := s.check(); err != nil {
			return fmt.Errorf("slot %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *slot) check() error {
	bad := func(what string) error { return fmt.Errorf("%w (%s)", ErrDamaged, what) }
	created, err := time.Parse(time.RFC3339, s.Created)
	switch {
	case !isHex(s.ID, slotIDSize):
		return bad("id")
	case !s.Kind.valid():
		return bad("kind")
	case checkLabel(s.Label) != nil:
		return bad("label")
	case err != nil || created.UTC().Format(time.RFC3339) != s.Created:
		return bad("created")
	case !slices.Equal(s.Keys, keyNames(s.has(namePersonal), s.has(nameConnection))):
		return bad("keys")
	case len(s.Salt) != saltSize || len(s.Check) != checkSize:
		return bad("salt or check")
	case len(s.Wrapped) != wrappedSize || len(s.Renewal) != renewalSize:
		return bad("wrap")
	case (s.Argon2id != nil) != s.Kind.usesPassphrase():
		return bad("argon2id")
	case (s.Recipient != "") != (s.Kind == KindRecovery):
		return bad("recipient")
	}
	if s.Recipient != "" {
		if r, err := age.ParseX25519Recipient(s.Recipient); err != nil || r.String() != s.Recipient {
			return bad("recipient")
		}
	}
	if s.Argon2id != nil {
		return s.Argon2id.check()
	}
	return nil
}

// checkSalts accepts plain file names with 16 bytes in hex.
func checkSalts(salts map[string]string) error {
	if len(salts) > maxSalts {
		return fmt.Errorf("salts: %w (more than %d)", ErrInvalid, maxSalts)
	}
	for name, salt := range salts {
		if name == "" || len(name) > maxLabel || strings.ContainsAny(name, `/\`) || checkLabel(name) != nil {
			return fmt.Errorf("salts: file name: %w", ErrInvalid)
		}
		if !isHex(salt, dbSaltSize) {
			return fmt.Errorf("salt of %s: %w", name, ErrInvalid)
		}
	}
	return nil
}

func checkLabel(label string) error {
	if !utf8.ValidString(label) || utf8.RuneCountInString(label) > maxLabel ||
		strings.ContainsFunc(label, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("label: %w (at most %d printable characters)", ErrInvalid, maxLabel)
	}
	return nil
}

// isHex accepts exactly size bytes in lower-case hex.
func isHex(s string, size int) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == size && s == hex.EncodeToString(raw)
}
