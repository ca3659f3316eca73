package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// draft is the next state of a key file.
type draft struct {
	f    *file
	in   payload
	keks map[string]Key // by slot id
}

func (d *draft) add(m made) {
	d.f.Slots = append(d.f.Slots, m.slot)
	d.keks[m.slot.ID] = m.kek
}

func (d *draft) wipeKEKs() {
	for _, k := range d.keks {
		k.Wipe()
	}
}

// firstFull is the slot that a creator holds.
func (d *draft) firstFull() string {
	for i := range d.f.Slots {
		if d.f.Slots[i].full() {
			return d.f.Slots[i].ID
		}
	}
	return ""
}

// finish counts the generation up, wraps every slot anew under a fresh renewal
// key, and returns the file's bytes, which it has read back as Open would.
func (d *draft) finish() ([]byte, error) {
	if len(d.f.Slots) > maxSlots {
		return nil, fmt.Errorf("%w (at most %d ways to open a book)", ErrInvalid, maxSlots)
	}
	if !d.keepsWayIn() {
		return nil, ErrLastSlot
	}
	d.f.Generation++
	d.in.renewal.Wipe()
	d.in.renewal = randomKey()
	for i := range d.f.Slots {
		s := &d.f.Slots[i]
		if err := s.wrap(d.f, d.keks[s.ID], d.in); err != nil {
			return nil, err
		}
	}
	var err error
	if d.f.MAC, err = d.f.sum(d.in.keys.Book); err != nil {
		return nil, err
	}
	raw, err := d.f.encode()
	if err != nil {
		return nil, err
	}
	if _, err := parseFile(raw); err != nil {
		return nil, fmt.Errorf("read back the new key file: %w", err)
	}
	return raw, nil
}

// keepsWayIn: a computer can be lost, and its key store with it. So one slot
// with all keys that needs no key store stays, whatever else there is.
func (d *draft) keepsWayIn() bool {
	for i := range d.f.Slots {
		if s := &d.f.Slots[i]; s.full() && !s.Kind.usesKeychain() {
			return true
		}
	}
	return false
}

// change edits the file and writes it as the next generation. One change runs
// at a time; v.mu is not held while the disk and the key store work, so that
// Keys and the like answer at once. edit must not call methods of v.
func (v *Vault) change(ctx context.Context, edit func(*draft) error) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	before, d, err := v.draft()
	if err != nil {
		return err
	}
	defer d.wipeKEKs()
	unlock := lockName("file " + v.path)
	defer unlock()
	raw, err := v.prepare(ctx, before, d, edit)
	if err != nil {
		d.in.wipe()
		return err
	}
	placed, err := writeFile(v.path, raw, false)
	if !placed {
		d.in.wipe()
		return err
	}
	v.adopt(d, raw)
	v.remember(context.WithoutCancel(ctx)) // the file is there, whoever gave up
	return err
}

// draft copies the present state, with every slot's key, for change.
func (v *Vault) draft() (before []byte, d *draft, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.permitted(); err != nil {
		return nil, nil, err
	}
	d = &draft{f: v.file.clone(), in: v.in.clone(), keks: map[string]Key{}}
	for i := range v.file.Slots {
		s := &v.file.Slots[i]
		kek, err := s.renewKEK(v.file, v.in.renewal)
		if err != nil {
			d.wipeKEKs()
			d.in.wipe()
			return nil, nil, err
		}
		d.keks[s.ID] = kek
	}
	return v.raw, d, nil
}

// prepare makes the bytes of the next file, if nobody else wrote it meanwhile.
func (v *Vault) prepare(ctx context.Context, before []byte, d *draft, edit func(*draft) error) ([]byte, error) {
	now, err := readFile(v.path)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(now, before) {
		return nil, fmt.Errorf("change %s: %w", v.path, ErrConflict)
	}
	if err := edit(d); err != nil {
		return nil, err
	}
	raw, err := d.finish()
	if err != nil {
		return nil, err
	}
	return raw, ctx.Err()
}

// adopt makes the draft the present state. What was dropped or closed while the
// file was written stays so.
func (v *Vault) adopt(d *draft, raw []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	dropped, closed := v.in.renewal.Absent(), v.closed
	v.in.wipe()
	v.raw, v.file, v.in = raw, d.f, d.in
	if dropped {
		v.dropPersonal()
	}
	if closed {
		v.in.wipe()
		v.in = payload{}
	}
}

// AddSlot adds a way to open the book. A passphrase takes about two seconds:
// one to measure and one to derive.
func (v *Vault) AddSlot(ctx context.Context, n NewSlot) (SlotInfo, error) {
	m, err := v.addSlot(ctx, n, func(*draft) {})
	if err != nil {
		return SlotInfo{}, fmt.Errorf("add slot: %w", err)
	}
	return m.slot.info(), nil
}

// addSlot makes a slot and adds it in one change, after edit.
func (v *Vault) addSlot(ctx context.Context, n NewSlot, edit func(*draft)) (made, error) {
	if err := v.mayChange(); err != nil {
		return made{}, err
	}
	m, undo, err := n.make(ctx, v.items, v.opts)
	if err != nil {
		return made{}, err
	}
	err = v.change(ctx, func(d *draft) error {
		edit(d)
		d.add(m)
		return nil
	})
	if err != nil && !v.knows(m.slot.ID) {
		undo()
		m.kek.Wipe()
		return made{}, err
	}
	return m, err
}

// mayChange refuses early, before a second of derivation.
func (v *Vault) mayChange() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.permitted()
}

func (v *Vault) knows(slotID string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.file.slot(slotID) != nil
}

// RemoveSlot removes a way to open the book, and its item in the key store of
// this computer. ErrLastSlot keeps one full passphrase or recovery code. What
// somebody copied before stays open to him: see the package comment.
func (v *Vault) RemoveSlot(ctx context.Context, id string) error {
	var removed slot
	err := v.change(ctx, func(d *draft) error {
		s := d.f.slot(id)
		if s == nil {
			return ErrNoSlot
		}
		removed = *s
		d.drop(func(s *slot) bool { return s.ID == id })
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove slot: %w", err)
	}
	if removed.Kind.usesKeychain() {
		// On another computer, or with the key store locked, the item stays
		// listed there for Purge; it opens nothing any more.
		_ = v.items.delete(context.WithoutCancel(ctx), slotItem+id)
	}
	return nil
}

func (d *draft) drop(which func(*slot) bool) {
	kept := d.f.Slots[:0:0]
	for i := range d.f.Slots {
		if !which(&d.f.Slots[i]) {
			kept = append(kept, d.f.Slots[i])
		}
	}
	d.f.Slots = kept
}

// ChangePassphrase gives a slot another passphrase, newly calibrated. It does
// not ask for the present one, so that a book opened with its recovery code can
// get a new one; ask with Prove where it should be asked. For passphrase+
// keychain the key store must have its part of the slot.
func (v *Vault) ChangePassphrase(ctx context.Context, slotID string, next Secret) error {
	if err := v.changePassphrase(ctx, slotID, next); err != nil {
		return fmt.Errorf("change passphrase: %w", err)
	}
	return nil
}

func (v *Vault) changePassphrase(ctx context.Context, slotID string, next Secret) error {
	if err := v.mayChange(); err != nil {
		return err
	}
	if err := CheckPassphrase(next, v.opts.BookName); err != nil {
		return err
	}
	v.mu.Lock()
	known := v.file.slot(slotID)
	v.mu.Unlock()
	if known == nil || !known.Kind.usesPassphrase() {
		return ErrNoSlot
	}
	kdf, err := calibrate(ctx, v.opts.KDFTarget)
	if err != nil {
		return err
	}
	fresh := *known
	fresh.Salt, fresh.Argon2id = randomSalt(), &kdf
	kek, err := Unlock{passphrase: next}.derive(ctx, &fresh, v.items)
	if err != nil {
		return err
	}
	defer kek.Wipe()
	return v.change(ctx, func(d *draft) error {
		s := d.f.slot(slotID)
		if s == nil {
			return ErrNoSlot
		}
		s.Salt, s.Argon2id = fresh.Salt, fresh.Argon2id
		d.keks[slotID].Wipe()
		d.keks[slotID] = kek
		return nil
	})
}

// ReplaceRecovery makes code the only recovery code of the book, unconfirmed.
// The former ones no longer open this file.
func (v *Vault) ReplaceRecovery(ctx context.Context, label string, code RecoveryCode) (SlotInfo, error) {
	m, err := v.addSlot(ctx, NewSlot{Kind: KindRecovery, Label: label, Recovery: code}, func(d *draft) {
		d.drop(func(s *slot) bool { return s.Kind == KindRecovery })
	})
	if err != nil {
		return SlotInfo{}, fmt.Errorf("replace recovery code: %w", err)
	}
	return m.slot.info(), nil
}

// ConfirmRecovery notes that the owner typed the code back, so it was written
// down. It returns ErrWrongRecoveryCode when the code is not of this book.
func (v *Vault) ConfirmRecovery(ctx context.Context, code RecoveryCode) error {
	err := v.change(ctx, func(d *draft) error {
		for i := range d.f.Slots {
			if s := &d.f.Slots[i]; s.Kind == KindRecovery && s.Recipient == code.recipient {
				if s.Confirmed {
					return errNothingToDo
				}
				s.Confirmed = true
				return nil
			}
		}
		return ErrWrongRecoveryCode
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return fmt.Errorf("confirm recovery code: %w", err)
	}
	return nil
}

// errNothingToDo ends a change that would change nothing.
var errNothingToDo = errors.New("nothing to change")
