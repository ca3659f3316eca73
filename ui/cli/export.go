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

// exportJSON is what export --json prints.
type exportJSON struct {
	File      string `json:"file"`
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"`
	Encrypted bool   `json:"encrypted"`
	People    bool   `json:"with_people"`
	Tables    int    `json:"tables"`
	Rows      int64  `json:"rows"`
	Documents int64  `json:"documents"`
}

func (v *exportVerb) Run(a *app) error {
	encrypted := strings.HasSuffix(v.Out, ".zip.age")
	switch {
	case !encrypted && !strings.HasSuffix(v.Out, ".zip"):
		return usage("--out %s: an archive's name ends in .zip, or .zip.age with a passphrase", v.Out)
	case !encrypted && v.ArchivePassphraseFile != "":
		return usage("an archive with a passphrase ends in .zip.age")
	}
	return a.with(func(s *session.Session) error {
		o := archive.ExportOptions{
			Out: v.Out, Overwrite: v.Overwrite, BookName: s.Name, BookID: s.Vault.BookID(), AppVersion: session.Version, Now: time.Now(),
			Progress: exportProgress(a),
		}
		if encrypted {
			pass, err := a.archivePassphrase(v.ArchivePassphraseFile)
			if err != nil {
				return err
			}
			o.Passphrase = func() (string, error) { return pass.Reveal(), nil }
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
		return a.say(exportJSON{sum.Path, sum.Bytes, sum.SHA256, sum.Encrypted, sum.People, sum.Tables, sum.Rows, sum.Documents},
			"Wrote and checked %s: %d rows of %d tables, %d documents, %d bytes.\nsha256 %s\n",
			sum.Path, sum.Rows, sum.Tables, sum.Documents, sum.Bytes, sum.SHA256)
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
	tell := percent(a.io.Err, time.Now)
	return func(e archive.Event) { tell(string(e.Phase), int64(e.Done), int64(e.Total)) }
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

// wipeJSON is what wipe --json prints.
type wipeJSON struct {
	Book     string   `json:"book"`
	BookID   string   `json:"book_id"`
	Files    int      `json:"files_removed"`
	Bytes    int64    `json:"bytes_removed"`
	KeyStore string   `json:"key_store"`
	Left     []string `json:"left"`
	Problems []string `json:"problems"`
	Complete bool     `json:"complete"`
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
		err = errors.Join(err, a.say(wipeJSON{
			receipt.BookName, receipt.BookID, receipt.Files, receipt.Bytes, receipt.KeyStore, receipt.Left, receipt.Problems, receipt.Complete,
		}, "%s", receipt))
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
