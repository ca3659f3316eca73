package cli

import (
	"errors"
	"fmt"
	"os"

	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

type createVerb struct {
	Name        string `arg:"" help:"Name of the new book."`
	Test        bool   `help:"Make a test book: it talks to servers on this computer only and takes no real credentials."`
	RecoveryOut string `help:"Write the recovery code into this new file instead of showing it." type:"path" placeholder:"FILE"`
}

func (v *createVerb) Run(a *app) error {
	p, err := a.place()
	if err != nil {
		return err
	}
	code, err := vault.NewRecoveryCode()
	if err != nil {
		return err
	}
	slots, err := a.newSlots(v.Name)
	if err != nil {
		return err
	}
	slots = append(slots, vault.NewSlot{Kind: vault.KindRecovery, Label: "recovery code", Recovery: code})
	class := session.Real
	if v.Test {
		class = session.Test
	}
	if v.RecoveryOut == "" && a.io.Ask == nil {
		return usage("without a terminal the recovery code goes into a file: give --recovery-out FILE")
	}
	if v.RecoveryOut != "" {
		if err := writeNew(v.RecoveryOut, code.Reveal()+"\n"); err != nil {
			return err
		}
	}
	s, err := session.Create(a.ctx, p, v.Name, class, slots)
	if errors.Is(err, vault.ErrNoKeyStore) {
		err = usage("this computer has no key store that answers: run create again with --no-keychain; the book then opens with a passphrase (--passphrase-file where there is no terminal)")
	}
	if err != nil {
		if v.RecoveryOut != "" {
			os.Remove(v.RecoveryOut)
		}
		return err
	}
	defer s.Close()
	if v.RecoveryOut == "" {
		fmt.Fprintf(a.io.Err, "\nRecovery code (it opens the book when everything else is lost; write it down, it is shown only now):\n\n    %s\n\n", code.Reveal())
	}
	return a.say(map[string]string{"book": v.Name, "class": string(class), "folder": s.Book.Dir, "recovery_code_file": v.RecoveryOut},
		"Made the book %q in %s.\n%s", v.Name, s.Book.Dir, v.next(class))
}

// next is what to do with a new book.
func (v *createVerb) next(class session.Class) string {
	text := ""
	if v.RecoveryOut != "" {
		text = "The recovery code is in " + v.RecoveryOut + ". Print it, then delete that file.\n"
	}
	if class == session.Real {
		text += "Next: countinghouse vault confirm-recovery (type the recovery code back once; nothing is fetched before)\n" +
			"Then: countinghouse connect --region NA (or EU, FE), and countinghouse sync --once\n"
	} else {
		text += "Next: countinghouse connect --region NA --endpoint URL --login-endpoint URL\n"
	}
	return text
}

// newSlots are the everyday ways to open a new book: the passphrase that the
// flags give, else the key store, else a passphrase asked for.
func (a *app) newSlots(name string) ([]vault.NewSlot, error) {
	pass, given, err := a.givenPassphrase()
	if err != nil {
		return nil, err
	}
	if !given && !a.g.NoKeychain {
		return []vault.NewSlot{{Kind: vault.KindKeychain, Label: "this computer"}}, nil
	}
	if !given {
		if pass, err = a.askNewPassphrase(name); err != nil {
			return nil, err
		}
	}
	if err := vault.CheckPassphrase(pass, name); err != nil {
		return nil, err
	}
	return []vault.NewSlot{{Kind: vault.KindPassphrase, Label: "passphrase", Passphrase: pass}}, nil
}

func (a *app) askNewPassphrase(name string) (vault.Secret, error) {
	if a.io.Ask == nil {
		return vault.Secret{}, usage("without the key store a passphrase is needed: give --passphrase-file or --passphrase-fd")
	}
	first, err := a.io.Ask("New passphrase for " + name + " (at least 12 characters): ")
	if err != nil {
		return first, err
	}
	again, err := a.io.Ask("Once more: ")
	if err != nil {
		return first, err
	}
	if !first.Equal(again) {
		return first, errors.New("the two passphrases differ; nothing was changed")
	}
	return first, nil
}

// writeNew writes a secret into a file that does not exist yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
