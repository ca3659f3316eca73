package desktop

import (
	"context"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/archive"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// exportChoice is what the owner asked to take with him.
type exportChoice struct {
	people     bool
	passphrase vault.Secret // empty: not encrypted
}

// askExport asks what goes into the archive, then where to.
func (s *privacyScreen) askExport() {
	t := s.e.words.T
	people, encrypt := parts.NewCheck(t("privacy.export.people"), nil), parts.NewCheck(t("privacy.export.encrypt"), nil)
	first, second := parts.NewSecretEntry(), parts.NewSecretEntry()
	first.SetPlaceHolder(t("privacy.export.pass"))
	second.SetPlaceHolder(t("privacy.export.again"))
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	secrets := container.NewVBox(first, second)
	secrets.Hide()
	encrypt.OnChanged = func(on bool) { shown(secrets, on) }
	if s.e.s.Book.People() == nil {
		people.Disable()
	}
	var m *modal
	next := func() {
		c := exportChoice{people: people.Checked}
		if encrypt.Checked {
			c.passphrase = vault.NewSecret(first.Text)
			if first.Text != second.Text {
				problem.SetText(t("privacy.pass.differ"), parts.Loss)
				return
			}
			if err := vault.CheckPassphrase(c.passphrase, s.e.s.Name); err != nil {
				problem.SetText(plainError(s.e.words, err), parts.Loss)
				return
			}
		}
		m.hide()
		if !c.people {
			s.chooseArchive(c)
			return
		}
		askProof(s.e, t("privacy.export.proof"), func() { s.chooseArchive(c) })
	}
	m = newModal(s.e, t("privacy.export.title"), container.NewVBox(flushText(t("privacy.export.what"), parts.Normal), people, encrypt, secrets, problem), fyne.NewSize(540, 380),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("privacy.next"), parts.Primary, next))
	m.show()
}

func shown(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
		return
	}
	o.Hide()
}

func (s *privacyScreen) chooseArchive(c exportChoice) {
	t := s.e.words.T
	end := ".zip"
	if !c.passphrase.IsZero() {
		end = ".zip.age"
	}
	chooseFile(s.e, fileChoice{Title: t("privacy.export.where"), Save: exportName(s.e.s.Name, s.e.now(), !c.passphrase.IsZero()), Ends: []string{end}, Word: t("privacy.export.do")},
		func(path string) {
			if !strings.HasSuffix(path, end) {
				path += end
			}
			if isFile(path) {
				confirm(s.e, t("privacy.replace"), t("privacy.replace.text", filepath.Base(path)), t("privacy.replace.do"), parts.Danger, func() { s.export(c, path, true) })
				return
			}
			s.export(c, path, false)
		})
}

// export writes and proves the archive, off the UI goroutine.
func (s *privacyScreen) export(c exportChoice, path string, replace bool) {
	e := s.e
	o := archive.ExportOptions{
		Out: path, Overwrite: replace, BookName: e.s.Name, BookID: e.s.Vault.BookID(), AppVersion: session.Version, Now: e.now(),
	}
	if !c.passphrase.IsZero() {
		o.Passphrase = func() (string, error) { return c.passphrase.Reveal(), nil }
	}
	detail := "archive without people"
	if c.people {
		o.People, detail = e.s.Book.People(), "archive with people"
	}
	e.busy(e.words.T("privacy.export.busy"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		defer c.passphrase.Wipe()
		o.Progress = func(ev archive.Event) { progress(ev.Done, ev.Total) }
		sum, err := archive.Export(ctx, e.s.Book.Reader(), o)
		if err == nil {
			err = e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.Audit("export", detail) })
		}
		if err != nil {
			e.post(func() { s.tellFailure(e.words.T("privacy.export.failed"), err) })
			return "", err
		}
		e.post(func() { s.tellExport(sum); s.e.reload() })
		return e.words.T("privacy.export.done", filepath.Base(sum.Path)), nil
	})
}

func (s *privacyScreen) tellExport(sum archive.Summary) {
	t, loc := s.e.words.T, s.e.loc
	yes := func(b bool) string {
		if b {
			return t("privacy.yes")
		}
		return t("privacy.no")
	}
	hash := widget.NewLabel(sum.SHA256)
	hash.Wrapping, hash.Selectable, hash.TextStyle.Monospace = fyne.TextWrapBreak, true, true
	body := container.NewVBox(flushText(sum.Path, parts.Normal), fact(t("privacy.export.rows"), loc.Count(sum.Rows)), fact(t("privacy.export.documents"), loc.Count(sum.Documents)),
		fact(t("privacy.export.size"), loc.Bytes(sum.Bytes)), fact(t("privacy.export.encrypted"), yes(sum.Encrypted)), fact(t("privacy.export.haspeople"), yes(sum.People)),
		parts.NewLabel("SHA-256", theme.TextBody, parts.Muted), hash)
	tell(s.e, t("privacy.export.proved"), body, fyne.NewSize(600, 440), parts.NewButton(t("privacy.openfolder"), parts.Primary, func() { openFolder(s.e, filepath.Dir(sum.Path)) }))
}

// openFolder shows a folder in the desktop's file manager.
func openFolder(e *env, dir string) {
	if err := showFolder(dir); err != nil {
		e.notify(e.words.T("privacy.nofolder", dir))
	}
}

func (s *privacyScreen) tellFailure(title string, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	tell(s.e, title, flushText(plainError(s.e.words, err), parts.Normal), fyne.NewSize(520, 260))
}

// askErase deletes all people at once and gives their file a new key.
func (s *privacyScreen) askErase() {
	e := s.e
	t := e.words.T
	confirm(e, t("privacy.erase.title"), t("privacy.erase.text", e.loc.Count(s.facts.People.Rows)), t("privacy.erase.do"), parts.Danger, func() {
		e.busy(t("privacy.erase.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
			err := e.s.Book.ExpirePeople(ctx)
			var n int64
			if err == nil {
				n, err = e.s.PurgePeople(ctx)
			}
			if err != nil {
				e.post(func() { s.tellFailure(t("privacy.erase.failed"), err) })
				return "", err
			}
			e.post(e.reload)
			return counted(e, "privacy.erase.done", n), nil
		})
	})
}

func (s *privacyScreen) verify() {
	e := s.e
	t := e.words.T
	e.busy(t("privacy.verify.busy"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		c, err := checkBook(ctx, e.s.Book, progress)
		if err != nil {
			e.post(func() { s.tellFailure(t("privacy.verify.failed"), err) })
			return "", err
		}
		e.post(func() { s.tellCheck(c) })
		if len(c.Problems) > 0 {
			return t("privacy.verify.bad"), nil
		}
		return t("privacy.verify.good"), nil
	})
}

func (s *privacyScreen) tellCheck(c bookCheck) {
	t, loc := s.e.words.T, s.e.loc
	body := container.NewVBox(fact(t("privacy.verify.pages"), loc.Count(int64(c.Pages))), fact(t("privacy.verify.documents"), loc.Count(int64(c.Documents))),
		fact(t("privacy.verify.entries"), loc.Count(int64(c.Entries))))
	title := t("privacy.verify.good")
	if len(c.Problems) > 0 {
		title = t("privacy.verify.bad")
		body.Add(flushText(t("privacy.verify.what"), parts.Normal))
	} else {
		body.Add(flushText(t("privacy.verify.text"), parts.Muted))
	}
	for _, p := range c.Problems {
		body.Add(flushText(p, parts.Loss))
	}
	tell(s.e, title, body, fyne.NewSize(520, 320))
}

func (s *privacyScreen) askRebuild() {
	e := s.e
	t := e.words.T
	confirm(e, t("privacy.rebuild"), t("privacy.rebuild.text"), t("privacy.rebuild.do"), parts.Primary, func() {
		e.busy(t("privacy.rebuild.busy"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
			err := e.s.Book.Rebuild(ctx, func(done, total int) { progress(int64(done), int64(total)) })
			if err == nil {
				err = e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.Audit("rebuild", "the books were derived again") })
			}
			if err != nil {
				e.post(func() { s.tellFailure(t("privacy.rebuild.failed"), err) })
				return "", err
			}
			e.post(e.reload)
			return t("privacy.rebuild.done"), nil
		})
	})
}

// askKeys shows the keys of the databases after proof, so that the owner can
// read his data with other programs.
func (s *privacyScreen) askKeys() {
	e := s.e
	t := e.words.T
	askProof(e, t("privacy.keys.proof"), func() {
		s.loads.run(func(ctx context.Context) (func(), error) {
			if err := e.s.Book.Checkpoint(ctx); err != nil {
				return nil, err
			}
			return s.showKeys, e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.Audit("key", "the SQLCipher keys were shown") })
		}, func(err error) { s.tellFailure(t("privacy.keys"), err) })
	})
}

func (s *privacyScreen) showKeys() {
	set := s.e.s.Vault.Keys()
	defer set.Wipe()
	body := container.NewVBox(flushText(s.e.words.T("privacy.keys.text"), parts.Muted))
	for _, k := range []struct {
		file string
		key  vault.Key
	}{{store.BookFile, set.Book}, {store.PersonalFile, set.Personal}} {
		if k.key.Absent() {
			continue
		}
		raw := k.key.Reveal()
		line := widget.NewLabel("PRAGMA key = \"x'" + hex.EncodeToString(raw[:]) + "'\";")
		clear(raw[:])
		line.Wrapping, line.Selectable, line.TextStyle.Monospace = fyne.TextWrapBreak, true, true
		body.Add(parts.NewLabel(filepath.Join(s.e.s.Book.Dir, k.file), theme.TextBody, parts.Normal).Bold())
		body.Add(line)
	}
	tell(s.e, s.e.words.T("privacy.keys"), body, fyne.NewSize(680, 400))
}
