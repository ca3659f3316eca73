package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"countinghouse/data/archive"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

type exportVerb struct {
	Out                   string `help:"The archive to write: .zip, or .zip.age with a passphrase." required:"" type:"path" placeholder:"FILE"`
	WithPeople            bool   `help:"Also buyers and recipients; the book's passphrase or recovery code has to be given again."`
	ArchivePassphraseFile string `help:"File with the passphrase of a .zip.age archive." type:"path" placeholder:"FILE"`
	Overwrite             bool   `help:"Replace a file of that name."`
}

func (v *exportVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		o := archive.ExportOptions{
			Out: v.Out, Overwrite: v.Overwrite, BookName: s.Name, BookID: s.Vault.BookID(), AppVersion: session.Version, Now: time.Now(),
			Progress: exportProgress(a),
		}
		if strings.HasSuffix(v.Out, ".age") {
			pass, err := a.archivePassphrase(v.ArchivePassphraseFile)
			if err != nil {
				return err
			}
			o.Passphrase = func() (string, error) { return pass.Reveal(), nil }
		} else if v.ArchivePassphraseFile != "" {
			return usage("an encrypted archive ends in .zip.age")
		}
		if v.WithPeople {
			if err := a.prove(s); err != nil {
				return err
			}
			if o.People = s.Book.People(); o.People == nil {
				return store.ErrNoPeople
			}
		}
		sum, err := archive.Export(a.ctx, s.Book.Reader(), o)
		if err != nil {
			return err
		}
		detail := "archive without people"
		if sum.People {
			detail = "archive with people"
		}
		if err := s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.Audit("export", detail) }); err != nil {
			return err
		}
		if a.g.JSON {
			return writeJSON(a.io.Out, sum)
		}
		fmt.Fprintf(a.io.Out, "Wrote and checked %s: %d rows of %d tables, %d documents, %d bytes.\nsha256 %s\n",
			sum.Path, sum.Rows, sum.Tables, sum.Documents, sum.Bytes, sum.SHA256)
		return nil
	})
}

func (a *app) archivePassphrase(file string) (vault.Secret, error) {
	if file != "" {
		return secretFile(file, "archive's passphrase")
	}
	if a.io.Ask == nil {
		return vault.Secret{}, usage("give the archive's passphrase with --archive-passphrase-file")
	}
	return a.io.Ask("Passphrase for the archive: ")
}

func exportProgress(a *app) func(archive.Event) {
	var last time.Time
	return func(e archive.Event) {
		if now := time.Now(); now.Sub(last) > progressEvery && e.Total > 0 {
			last = now
			fmt.Fprintf(a.io.Err, "%-24s %d%%\n", e.Phase, e.Done*100/e.Total)
		}
	}
}

// prove asks for what opens the book once more, before people or keys leave it.
// The key store is no proof: whoever sits at the computer has it.
func (a *app) prove(s *session.Session) error {
	if a.g.RecoveryFile != "" {
		code, err := a.recoveryCode()
		if err != nil {
			return err
		}
		return withCode(exitLocked, s.Vault.Prove(a.ctx, vault.ByRecoveryCode(code)))
	}
	pass, given, err := a.givenPassphrase()
	if err != nil {
		return err
	}
	if !given {
		if a.io.Ask == nil {
			return usage("this needs proof: give --passphrase-file or --recovery-file")
		}
		if pass, err = a.io.Ask("Passphrase of the book, once more: "); err != nil {
			return err
		}
	}
	return withCode(exitLocked, s.Vault.Prove(a.ctx, vault.ByPassphrase(pass)))
}

type wipeVerb struct {
	Confirm string `help:"The book's name, typed to confirm." placeholder:"NAME"`
	Receipt string `help:"Write the receipt into this new file, outside the book." type:"path" placeholder:"FILE"`
}

func (v *wipeVerb) Run(a *app) error {
	p, err := a.place()
	if err != nil {
		return err
	}
	name, err := a.bookName(p)
	if err != nil {
		return err
	}
	if _, err := os.Stat(p.Home.BookDir(name)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no book called %q in %s", name, p.Home)
	}
	if v.Confirm == "" {
		if a.io.AskPlain == nil {
			return usage("to destroy the book %q give --confirm with its name", name)
		}
		fmt.Fprintf(a.io.Err, "This destroys the book %q for good: its keys first, then databases, backups and logs.\n"+
			"Archives and copies that you made elsewhere stay.\n", name)
		if v.Confirm, err = a.io.AskPlain("Type the book's name to go on: "); err != nil {
			return err
		}
	}
	release, err := session.Lock(p, name)
	if err != nil {
		return withCode(exitLocked, err)
	}
	release()
	receipt, err := archive.Wipe(a.ctx, wipePlan(p, name, v.Confirm, v.Receipt))
	if len(receipt.Items) > 0 || receipt.Complete {
		fmt.Fprint(a.io.Out, receipt.String())
	}
	return err
}

func wipePlan(p session.Place, name, typed, receipt string) archive.Plan {
	id := ""
	if info, err := vault.ReadInfo(filepath.Join(p.Home.BookDir(name), store.KeysFile)); err == nil {
		id = info.BookID
	}
	return archive.Plan{
		Home: string(p.Home), Folder: name, BookID: id, BookName: name, TypedName: typed, Purge: purger(p), Receipt: receipt,
	}
}
