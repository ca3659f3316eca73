package cli

import (
	"encoding/hex"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

type vaultVerb struct {
	Slots    vaultSlotsVerb    `cmd:"" help:"List the ways to open the book."`
	Add      vaultAddVerb      `cmd:"" help:"Add a way to open the book."`
	Pass     vaultPassVerb     `cmd:"" name:"passphrase" help:"Change the passphrase of a slot."`
	Remove   vaultRemoveVerb   `cmd:"" help:"Remove a way to open the book."`
	Recovery vaultRecoveryVerb `cmd:"" help:"Make a new recovery code; the old one opens the book no more."`
	Confirm  vaultConfirmVerb  `cmd:"" name:"confirm-recovery" help:"Type the recovery code back, to prove that it was written down."`
	Key      vaultKeyVerb      `cmd:"" help:"Show the SQLCipher keys, after proof, so that other programs can open the book."`
}

// audited runs a change of the slots and notes it in the book.
func (a *app) audited(action, detail string, f func(*session.Session) error) error {
	return a.with(func(s *session.Session) error {
		if err := f(s); err != nil {
			return err
		}
		return s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.Audit(action, detail) })
	})
}

type vaultSlotsVerb struct{}

func (v *vaultSlotsVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if a.g.JSON {
			return writeJSON(a.io.Out, slotsOf(s))
		}
		t := newSheet(left("slot"), left("kind"), left("label"), left("made"), left("people"), left("may sync"), left("note"))
		for _, slot := range s.Vault.Slots() {
			note := ""
			if slot.Kind == vault.KindRecovery && !slot.Confirmed {
				note = "not confirmed yet: vault confirm-recovery"
			}
			if slot.ID == s.Vault.OpenedBy() {
				note = "opened by this one"
			}
			t.add(slot.ID, string(slot.Kind), slot.Label, slot.Created.Format("2006-01-02"), yes(slot.Personal), yes(slot.Connection), note)
		}
		if err := t.write(a.io.Out, formatTable); err != nil {
			return err
		}
		if !s.Vault.RollbackNoticed() {
			fmt.Fprintln(a.io.Out, "\nWithout the computer's key store, an older copy of the key file put back here would not be noticed.")
		}
		return nil
	})
}

// slotJSON is one way to open the book, as vault slots --json tells it.
type slotJSON struct {
	ID        string    `json:"slot"`
	Kind      string    `json:"kind"`
	Label     string    `json:"label"`
	Created   time.Time `json:"created"`
	People    bool      `json:"people"`
	Sync      bool      `json:"may_sync"`
	Confirmed bool      `json:"confirmed"`
	OpenedBy  bool      `json:"opened_by"`
}

func slotsOf(s *session.Session) []slotJSON {
	var out []slotJSON
	for _, x := range s.Vault.Slots() {
		out = append(out, slotJSON{x.ID, string(x.Kind), x.Label, x.Created, x.Personal, x.Connection, x.Confirmed, x.ID == s.Vault.OpenedBy()})
	}
	return out
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

type vaultAddVerb struct {
	Kind          string `arg:"" help:"keychain, passphrase or passphrase+keychain." enum:"keychain,passphrase,passphrase+keychain"`
	Label         string `help:"Your name for it." placeholder:"TEXT"`
	NewFile       string `help:"File with the new passphrase." type:"path" placeholder:"FILE" name:"new-passphrase-file"`
	WithoutPeople bool   `help:"This way does not open personal data."`
	WithoutSync   bool   `help:"This way may not call Amazon."`
}

func (v *vaultAddVerb) Run(a *app) error {
	return a.audited("slot", "added a slot of kind "+v.Kind, func(s *session.Session) error {
		n := vault.NewSlot{Kind: vault.Kind(v.Kind), Label: v.Label, WithoutPersonal: v.WithoutPeople, WithoutConnection: v.WithoutSync}
		if n.Label == "" {
			n.Label = v.Kind
		}
		if n.Kind != vault.KindKeychain {
			var err error
			if n.Passphrase, err = a.newPassphrase(v.NewFile, s.Name); err != nil {
				return err
			}
		}
		info, err := s.Vault.AddSlot(a.ctx, n)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.io.Out, "Added slot %s (%s).\n", info.ID, info.Kind)
		return nil
	})
}

// newPassphrase reads a new passphrase from a file or asks for it twice.
func (a *app) newPassphrase(file, book string) (vault.Secret, error) {
	if file != "" {
		return secretFile(file, "new passphrase")
	}
	if a.io.Ask == nil {
		return vault.Secret{}, usage("give the new passphrase with --new-passphrase-file")
	}
	return a.askNewPassphrase(book)
}

type vaultPassVerb struct {
	Slot    string `arg:"" help:"The slot, from vault slots."`
	NewFile string `help:"File with the new passphrase." type:"path" placeholder:"FILE" name:"new-passphrase-file"`
}

func (v *vaultPassVerb) Run(a *app) error {
	return a.audited("slot", "changed the passphrase of slot "+v.Slot, func(s *session.Session) error {
		next, err := a.newPassphrase(v.NewFile, s.Name)
		if err != nil {
			return err
		}
		if err := s.Vault.ChangePassphrase(a.ctx, v.Slot, next); err != nil {
			return slotError(s, v.Slot, err)
		}
		fmt.Fprintf(a.io.Out, "Slot %s has the new passphrase.\n", v.Slot)
		return nil
	})
}

// slotError tells a slot that is not there from other errors.
func slotError(s *session.Session, id string, err error) error {
	for _, slot := range s.Vault.Slots() {
		if slot.ID == id {
			return err
		}
	}
	return usage("this book has no slot %q; vault slots lists them", id)
}

type vaultRemoveVerb struct {
	Slot string `arg:"" help:"The slot, from vault slots."`
}

func (v *vaultRemoveVerb) Run(a *app) error {
	return a.audited("slot", "removed slot "+v.Slot, func(s *session.Session) error {
		if err := s.Vault.RemoveSlot(a.ctx, v.Slot); err != nil {
			return slotError(s, v.Slot, err)
		}
		fmt.Fprintf(a.io.Out, "Removed slot %s.\n", v.Slot)
		return nil
	})
}

type vaultRecoveryVerb struct {
	Out string `help:"Write the code into this new file instead of showing it." type:"path" placeholder:"FILE"`
}

func (v *vaultRecoveryVerb) Run(a *app) error {
	if v.Out == "" && a.io.Ask == nil {
		return usage("without a terminal the code goes into a file: give --out FILE")
	}
	return a.audited("slot", "made a new recovery code", func(s *session.Session) error {
		code, err := vault.NewRecoveryCode()
		if err != nil {
			return err
		}
		if v.Out != "" {
			if err := writeNew(v.Out, code.Reveal()+"\n"); err != nil {
				return err
			}
		}
		if _, err := s.Vault.ReplaceRecovery(a.ctx, "recovery code", code); err != nil {
			return err
		}
		if v.Out == "" {
			fmt.Fprintf(a.io.Err, "\nNew recovery code (write it down, it is shown only now):\n\n    %s\n\n", code.Reveal())
		}
		fmt.Fprintln(a.io.Out, "The old recovery code opens the book no more. Type the new one back once: vault confirm-recovery")
		return nil
	})
}

type vaultConfirmVerb struct {
	File string `help:"File with the recovery code." type:"path" placeholder:"FILE" name:"recovery-code-file"`
}

func (v *vaultConfirmVerb) Run(a *app) error {
	typed, err := a.secretFrom(v.File, "recovery code", "--recovery-code-file")
	if err != nil {
		return err
	}
	code, err := vault.ParseRecoveryCode(typed)
	if err != nil {
		return err
	}
	return a.audited("slot", "confirmed the recovery code", func(s *session.Session) error {
		if err := s.Vault.ConfirmRecovery(a.ctx, code); err != nil {
			return err
		}
		fmt.Fprintln(a.io.Out, "The recovery code is right. Keep it where the computer is not.")
		return nil
	})
}

type vaultKeyVerb struct{}

func (v *vaultKeyVerb) Run(a *app) error {
	return a.audited("key", "the SQLCipher keys were shown", func(s *session.Session) error {
		if err := a.prove(s); err != nil {
			return err
		}
		if err := s.Book.Checkpoint(a.ctx); err != nil {
			return err
		}
		set := s.Vault.Keys()
		defer set.Wipe()
		show := func(file string, k vault.Key) {
			if !k.Absent() {
				raw := k.Reveal()
				fmt.Fprintf(a.io.Out, "%s  PRAGMA key = \"x'%s'\";\n", file, hex.EncodeToString(raw[:]))
			}
		}
		show(store.BookFile, set.Book)
		show(store.PersonalFile, set.Personal)
		return nil
	})
}
