package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/archive"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// wipePage is the calm page before a book is destroyed: what goes, what stays,
// and the name to type.
type wipePage struct {
	e       *env
	view    fyne.CanvasObject
	typed   *parts.Entry
	button  *parts.Button
	receipt *widget.Label
	purge   archive.Purger // replaced by tests
	done    chan struct{}  // closed when the wipe has ended
}

func newWipe(e *env, back func()) *wipePage {
	p := &wipePage{e: e, purge: session.Purger(vault.SystemKeyring(vault.KeyringOptions{})), done: make(chan struct{})}
	t := e.words.T
	files, bytes := bookFiles(e.s.Book.Dir)
	goes := container.NewVBox()
	for _, key := range []string{"wipe.goes.keys", "wipe.goes.keystore"} {
		goes.Add(bullet(t("privacy." + key)))
	}
	goes.Add(bullet(t("privacy.wipe.goes.files", e.loc.Count(int64(files)), e.loc.Bytes(bytes))))
	goes.Add(flushText(e.s.Book.Dir, parts.Muted))
	stays := container.NewVBox(bullet(t("privacy.wipe.stays.exports")), bullet(t("privacy.wipe.stays.copies")), bullet(t("privacy.wipe.stays.amazon")))

	p.typed = parts.NewEntry()
	p.typed.SetPlaceHolder(e.s.Name)
	p.button = parts.NewButton(t("privacy.wipe.do"), parts.Danger, p.wipe)
	p.button.Disable()
	p.typed.OnChanged = func(text string) {
		if text == e.s.Name {
			p.button.Enable()
		} else {
			p.button.Disable()
		}
	}
	ask := container.NewVBox(flushText(t("privacy.wipe.type", e.s.Name), parts.Normal), p.typed, spacer(theme.Space1),
		container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), p.button, parts.NewButton(t("privacy.wipe.not"), parts.Quiet, back)))
	lists := container.New(parts.Shares{Gap: theme.Space3}, parts.NewCard(t("privacy.wipe.goes"), "", goes), parts.NewCard(t("privacy.wipe.stays"), "", stays))
	p.view = scrollColumn(container.NewVBox(
		flushText(t("privacy.wipe.lead"), parts.Normal), spacer(theme.Space1), lists, spacer(theme.Space1),
		container.New(parts.Shares{Gap: theme.Space3}, parts.NewCard(t("privacy.wipe.title"), e.s.Name, ask), container.NewStack())))
	return p
}

// bullet is a sentence of a list.
func bullet(text string) fyne.CanvasObject { return flushText("• "+text, parts.Normal) }

// bookFiles counts the files that are going to be destroyed.
func bookFiles(dir string) (n int, bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	bytes, _ = folderSize(dir)
	return n, bytes
}

// wipe closes the book and destroys it. The window takes no other input until
// the receipt was read: the book is gone. The wipe is not part of the book's
// context, which ends with the book.
func (p *wipePage) wipe() {
	e := p.e
	t := e.words.T
	dir := e.s.Book.Dir
	plan := archive.Plan{
		Home: filepath.Dir(filepath.Dir(dir)), Folder: filepath.Base(dir), BookID: e.s.Vault.BookID(), BookName: e.s.Name, TypedName: p.typed.Text,
		Purge: p.purge, Now: e.now,
	}
	if plan.TypedName != plan.BookName {
		return
	}
	step := parts.NewLabel(t("privacy.wipe.closing"), theme.TextBody, parts.Muted)
	wait := newModal(e, t("privacy.wipe.busy"), container.NewVBox(step, widget.NewProgressBarInfinite()), fyne.NewSize(460, 200))
	wait.fixed = true
	wait.show()
	plan.Progress = func(ev archive.WipeEvent) {
		e.post(func() { step.SetText(ev.Path, parts.Muted) })
	}
	last := func() {
		defer close(p.done)
		// An error of closing must not keep the keys alive: the wipe goes on.
		closing := e.s.Close()
		receipt, err := archive.Wipe(context.WithoutCancel(e.ctx), plan)
		if err == nil {
			closing = nil
		}
		e.post(func() {
			wait.hide()
			e.show(route{Screen: "closed"}) // below the receipt: no screen may ask a book that is gone
			p.tell(receipt, errors.Join(err, closing))
		})
	}
	if e.halt == nil {
		go last()
		return
	}
	e.halt(last)
}

// tell shows the receipt and lets it be kept, above what the window shows
// without the book.
func (p *wipePage) tell(receipt archive.Receipt, err error) {
	e := p.e
	t := e.words.T
	title := t("privacy.wipe.done")
	body := container.NewVBox()
	if err != nil {
		title = t("privacy.wipe.notdone")
		body.Add(flushText(plainError(e.words, err), parts.Loss))
	}
	p.receipt = widget.NewLabel(receipt.String())
	p.receipt.TextStyle.Monospace, p.receipt.Selectable = true, true
	kept := parts.NewLabel("", theme.TextCaption, parts.Muted)
	if receipt.WipeID != "" {
		body.Add(p.receipt)
		body.Add(kept)
	}
	var m *modal
	save := parts.NewButton(t("privacy.wipe.save"), parts.Quiet, func() {
		chooseFile(e, fileChoice{Title: t("privacy.wipe.save"), Save: "countinghouse-receipt.txt", Ends: []string{".txt"}, Word: t("privacy.save")}, func(path string) {
			if err := writeNewFile(path, receipt.String()); err != nil {
				kept.SetText(plainError(e.words, err), parts.Loss)
				return
			}
			kept.SetText(t("privacy.wipe.saved", path), parts.Gain)
		})
	})
	shown(save, receipt.WipeID != "")
	m = newModal(e, title, body, fyne.NewSize(860, 600), save, parts.NewButton(t("privacy.wipe.end"), parts.Primary, func() { m.hide() }))
	m.show()
}

// writeNewFile writes a file that does not exist yet, readable by its owner
// only.
func writeNewFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return archive.ErrExists
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
