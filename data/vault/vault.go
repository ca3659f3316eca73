package vault

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Options of Open and Create.
type Options struct {
	// Keyring is the key store; nil means that there is none.
	Keyring Keyring
	// BookID is the book that Open expects; another one is ErrOtherBook. Empty
	// accepts any. Where the caller keeps the id elsewhere, for example in its
	// database or index, this notices a folder's key file exchanged for the
	// valid file of another book. Create ignores it.
	BookID string
	// BookName is refused as a passphrase.
	BookName string
	// KDFTarget is how long a new passphrase slot takes to open on this
	// machine; 0 means KDFTarget (1 s). The minimum cost holds whatever it is.
	KDFTarget time.Duration
	// AcceptOlder opens a key file older than the one last used here, and makes
	// it the one to compare with: for somebody who restored a backup himself.
	AcceptOlder bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Keyring == nil {
		o.Keyring = offKeyring{}
	}
	if o.KDFTarget <= 0 {
		o.KDFTarget = KDFTarget
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Vault is an opened key file. Safe for concurrent use. Changes are atomic: an
// error of a change leaves the old file, or (when only making it durable
// failed) the complete new one.
type Vault struct {
	path  string
	opts  Options
	items items

	changing sync.Mutex // held by the one change that runs; taken before mu

	mu      sync.Mutex
	raw     []byte // the file as this Vault knows it
	file    *file
	slotID  string // the slot that was opened
	in      payload
	noticed bool
	closed  bool
}

// SlotInfo describes a slot; nothing in it is secret.
type SlotInfo struct {
	ID      string
	Kind    Kind
	Label   string
	Created time.Time // UTC, to the second
	// Confirmed: a recovery code that was typed back.
	Confirmed bool
	// Personal and Connection tell which keys are inside beside the book key.
	Personal, Connection bool
	// Recipient is the age recipient of a recovery slot, else empty.
	Recipient string
	// KDF is the cost of a passphrase; zero for the other kinds.
	KDF KDF
}

// Info is what a key file says without being unlocked. Nothing vouches for it.
type Info struct {
	BookID     string
	Generation uint64
	Slots      []SlotInfo
}

// ReadInfo reads the key file at path without unlocking it. It refuses the same
// malformed files as Open.
func ReadInfo(path string) (Info, error) {
	_, f, err := load(path)
	if err != nil {
		return Info{}, err
	}
	return Info{BookID: f.BookID, Generation: f.Generation, Slots: f.infos()}, nil
}

func load(path string) ([]byte, *file, error) {
	raw, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	f, err := parseFile(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	return raw, f, nil
}

func (f *file) infos() []SlotInfo {
	infos := make([]SlotInfo, len(f.Slots))
	for i := range f.Slots {
		infos[i] = f.Slots[i].info()
	}
	return infos
}

func (s *slot) info() SlotInfo {
	created, _ := time.Parse(time.RFC3339, s.Created) // checked when read
	info := SlotInfo{
		ID: s.ID, Kind: s.Kind, Label: s.Label, Created: created, Confirmed: s.Confirmed,
		Personal: s.has(namePersonal), Connection: s.has(nameConnection), Recipient: s.Recipient,
	}
	if s.Argon2id != nil {
		info.KDF = *s.Argon2id
	}
	return info
}

// BookID is the random id of the book, 32 hex digits.
func (v *Vault) BookID() string { return v.items.bookID }

// Path is where the key file is.
func (v *Vault) Path() string { return v.path }

// Generation counts the changes of the key file, from 1.
func (v *Vault) Generation() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file.Generation
}

// Slots lists the slots in the order in which they were added.
func (v *Vault) Slots() []SlotInfo {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file.infos()
}

// OpenedBy is the id of the slot that opened this Vault.
func (v *Vault) OpenedBy() string { return v.slotID }

// Keys returns copies of the keys that the open slot holds; after Close, none.
// The caller wipes them and asks Absent before Reveal.
func (v *Vault) Keys() KeySet {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in.keys.clone()
}

// Salts returns the database salts, file name to 32 hex digits.
func (v *Vault) Salts() map[string]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.file.Salts)
}

// AuditHead returns the newest audit head that the store told; ok is false when
// it never told one. The store's chain must contain it: otherwise the database
// was put back. It may be longer, as telling comes after writing.
func (v *Vault) AuditHead() (head [32]byte, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	raw, err := hex.DecodeString(v.file.AuditHead)
	if err != nil || len(raw) != len(head) {
		return head, false
	}
	return [32]byte(raw), true
}

// RollbackNoticed reports whether the key store knows the present file, so that
// an older one put back later will be noticed on this machine.
func (v *Vault) RollbackNoticed() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.noticed
}

// Full reports whether this Vault can change the key file: its slot holds all
// three keys and the personal key was not dropped.
func (v *Vault) Full() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.permitted() == nil
}

// permitted needs v.mu.
func (v *Vault) permitted() error {
	if v.closed {
		return ErrClosed
	}
	if v.in.renewal.Absent() {
		return ErrNotPermitted
	}
	return nil
}

// DropPersonal forgets the personal key, and with it what could bring it back
// or change the file, while syncing goes on. Open again to get them.
func (v *Vault) DropPersonal() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dropPersonal()
}

// dropPersonal needs v.mu.
func (v *Vault) dropPersonal() {
	for _, k := range []*Key{&v.in.keys.Personal, &v.in.next, &v.in.renewal} {
		k.Wipe()
		*k = Key{}
	}
}

// Close wipes all keys of this Vault. It can be called more than once.
func (v *Vault) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.in.wipe()
	v.in = payload{}
	v.closed = true
}

// Prove checks a secret against the key file without opening anything: before
// the key is shown, people are exported, a passphrase is changed.
func (v *Vault) Prove(ctx context.Context, by Unlock) error {
	v.mu.Lock()
	f, closed := v.file, v.closed
	v.mu.Unlock()
	if closed {
		return fmt.Errorf("prove access: %w", ErrClosed)
	}
	_, kek, err := by.guarded(ctx, f, v.items, v.path, v.opts.Now)
	if err != nil {
		return fmt.Errorf("prove access: %w", err)
	}
	kek.Wipe()
	return nil
}
