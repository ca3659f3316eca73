package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// anchor is what the key store remembers of the key file last used on this
// machine. It is written after the file: a crash in between leaves a file that
// is newer than the anchor, which is fine; an older one was put back.
type anchor struct {
	Generation uint64 `json:"generation"`
	MAC        []byte `json:"mac"`
	AuditHead  string `json:"audit_head"`
}

// startAnchor reads the anchor beside the key derivation. The result waits for
// it and must be called once; no anchor is nil.
func (it items) startAnchor(ctx context.Context) func() (*anchor, error) {
	type answer struct {
		anchor *anchor
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		a, err := it.readAnchor(ctx)
		done <- answer{a, err}
	}()
	return func() (*anchor, error) {
		got := <-done
		return got.anchor, got.err
	}
}

func (it items) readAnchor(ctx context.Context) (*anchor, error) {
	value, err := it.get(ctx, anchorItem)
	if errors.Is(err, ErrNotInKeyStore) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a anchor
	if err := json.Unmarshal([]byte(value.Reveal()), &a); err != nil || a.Generation == 0 {
		return nil, fmt.Errorf("%w (what the key store remembers is damaged)", ErrRolledBack)
	}
	return &a, nil
}

// compare refuses a file that is not the known one or a later one, and tells
// the key store which file it is now. Without a key store nothing is compared.
func (v *Vault) compare(ctx context.Context, known *anchor, anchorErr error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if anchorErr != nil && !errors.Is(anchorErr, ErrRolledBack) {
		return nil
	}
	err := anchorErr
	if err == nil && known != nil {
		err = known.allows(v.file)
	}
	if err != nil && !v.opts.AcceptOlder {
		return err
	}
	if err == nil && known != nil && known.Generation == v.file.Generation {
		v.noticed = true
		return nil
	}
	unlock := lockName("file " + v.path)
	defer unlock()
	if now, err := readFile(v.path); err == nil && bytes.Equal(now, v.raw) {
		v.remember(ctx)
	}
	return nil
}

// allows gives ErrRolledBack for a file that is older than the anchor, or
// another one of the same generation.
func (a *anchor) allows(f *file) error {
	if f.Generation < a.Generation {
		return fmt.Errorf("%w (generation %d, last used here was %d)", ErrRolledBack, f.Generation, a.Generation)
	}
	if f.Generation == a.Generation && (!bytes.Equal(f.MAC, a.MAC) || f.AuditHead != a.AuditHead) {
		return fmt.Errorf("%w (another file of generation %d)", ErrRolledBack, f.Generation)
	}
	return nil
}

// remember writes the anchor for the present file. A key store that does not
// answer is no error of the change that was made: RollbackNoticed tells.
func (v *Vault) remember(ctx context.Context) {
	v.mu.Lock()
	a := anchor{Generation: v.file.Generation, MAC: v.file.MAC, AuditHead: v.file.AuditHead}
	v.mu.Unlock()
	text, err := json.Marshal(a)
	if err == nil {
		err = v.items.set(ctx, anchorItem, NewSecretBytes(text))
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.noticed = err == nil
}
