package desktop

import (
	"context"
	"errors"
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

// showRecovery shows the recovery code once, and asks for it back.
func (d *Desktop) showRecovery(o opened, code vault.RecoveryCode, through door, files []string) {
	w := d.words
	shown := widget.NewLabel(code.Reveal())
	shown.TextStyle.Monospace, shown.TextStyle.Bold, shown.Wrapping, shown.Selectable = true, true, fyne.TextWrapWord, true
	kept, sentence := newSentenceBox(), newSentenceBox()
	typed := parts.NewEntry()
	typed.PlaceHolder = w.T("first.recovery_type")
	done := func() {
		shown.SetText("")
		typed.SetText("")
		code.Wipe()
		d.enter(o, func(f *frame) { f.through(through, files) })
	}
	check := func() {
		back, err := vault.ParseRecoveryCode(vault.NewSecret(typed.Text))
		if err != nil || !back.Equal(code) {
			sentence.say(w.T("unlock.recovery_typo"), parts.Loss)
			return
		}
		d.later(func(ctx context.Context) func() {
			err := confirmRecovery(ctx, o.s, back)
			return func() {
				if err != nil {
					sentence.say(errorLine(err), parts.Loss)
					return
				}
				done()
			}
		})
	}
	typed.OnSubmitted = func(string) { check() }
	e := d.bareEnv()
	keep := keepCode{e: e, book: o.s.Name, code: code, said: kept.say, later: d.later}
	row := []fyne.CanvasObject{parts.NewButton(w.T("first.recovery_check"), parts.Primary, check)}
	if through != doorConnect {
		row = append(row, parts.NewButton(w.T("first.later"), parts.Text, done))
	}
	d.show(pageRecovery, onPage(620, heading(w.T("first.recovery"), w.T("first.recovery_text")),
		parts.NewCard(w.T("first.recovery_keep"), "1", container.NewVBox(shown, kept.box, buttons(keep.buttons()...))),
		parts.NewCard(w.T("first.recovery_prove"), "2", container.NewVBox(field(w.T("first.recovery_back"), typed), sentence.box, buttons(row...)))))
	d.window.Canvas().Focus(typed)
}

// bareEnv is what a page without a book can give to what it opens above itself.
func (d *Desktop) bareEnv() *env {
	return &env{ctx: d.ctx, window: d.window, loc: d.loc, words: d.words, post: d.p.Post, now: d.p.Now, notify: func(string) {}}
}

func confirmRecovery(ctx context.Context, s *session.Session, code vault.RecoveryCode) error {
	if err := s.Vault.ConfirmRecovery(ctx, code); err != nil {
		return err
	}
	if err := s.Book.Write(ctx, func(tx *store.Tx) error { return tx.Audit("slot", "confirmed the recovery code") }); err != nil {
		return err
	}
	return s.SettleKeys(ctx)
}

// keepCode prints a recovery code or saves it in a file.
type keepCode struct {
	e     *env
	book  string
	code  vault.RecoveryCode
	said  func(sentence string, tone parts.Tone)
	later func(work func(ctx context.Context) func())
}

func (k keepCode) buttons() []fyne.CanvasObject {
	t := k.e.words.T
	return []fyne.CanvasObject{
		parts.NewButton(t("first.recovery_print"), parts.Quiet, k.print),
		parts.NewButton(t("first.recovery_save"), parts.Quiet, k.save),
	}
}

// page is what is printed or saved.
func (k keepCode) page() string {
	t := k.e.words.T
	return strings.Join([]string{"Countinghouse", "", t("first.page_book", k.book), t("first.page_made", k.e.loc.Date(k.e.now())), "", k.code.Reveal(), "", t("first.page_use"), ""}, "\n")
}

func (k keepCode) save() {
	t := k.e.words.T
	chooseFile(k.e, fileChoice{Title: t("first.recovery_save"), Save: "countinghouse-recovery-code.txt", Ends: []string{".txt"}, Word: t("privacy.save")}, func(path string) {
		switch err := writeNewFile(path, k.page()); {
		case errors.Is(err, archive.ErrExists):
			k.said(t("privacy.err.exists"), parts.Loss)
		case err != nil:
			k.said(errorLine(err), parts.Loss)
		default:
			k.said(t("first.recovery_saved", path), parts.Muted)
		}
	})
}

func (k keepCode) print() {
	t, page := k.e.words.T, k.page()
	k.said(t("first.printing"), parts.Muted)
	k.later(func(ctx context.Context) func() {
		err := printPage(ctx, page)
		return func() {
			switch {
			case errors.Is(err, errNoPrinter):
				k.said(t("first.no_printer"), parts.Loss)
			case err != nil:
				k.said(t("first.not_printed", errorLine(err)), parts.Loss)
			default:
				k.said(t("first.printed"), parts.Muted)
			}
		}
	})
}

var errNoPrinter = errors.New("this computer has no program to print with")

// printPage gives a page to the system's printer. It goes through a pipe: no
// file ever holds it.
func printPage(ctx context.Context, page string) error {
	c, err := printCommand(ctx, page)
	if err != nil {
		return errNoPrinter
	}
	var said strings.Builder
	c.Stderr = &said
	if err := c.Run(); err != nil {
		if text := strings.TrimSpace(said.String()); text != "" {
			return errors.New(text)
		}
		return err
	}
	return nil
}

// confirmCode asks for the recovery code back, before the first sync.
func (f *frame) confirmCode() {
	w := f.d.words
	typed := parts.NewEntry()
	typed.PlaceHolder = w.T("first.recovery_type")
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	try := func() {
		code, err := vault.ParseRecoveryCode(vault.NewSecret(typed.Text))
		if err != nil {
			problem.SetText(w.T("unlock.recovery_typo"), parts.Loss)
			return
		}
		f.read(func(ctx context.Context) func() {
			err := confirmRecovery(ctx, f.s, code)
			return func() {
				if err != nil {
					problem.SetText(unlockSentence(w, f.d.loc, err), parts.Loss)
					return
				}
				m.hide()
				f.notify(w.T("frame.code_right"))
				f.sync.start()
			}
		})
	}
	typed.OnSubmitted = func(string) { try() }
	m = newModal(f.env, w.T("frame.confirm_code"), container.NewVBox(flushText(w.T("first.recovery_back"), parts.Normal), typed, problem), fyne.NewSize(620, 260),
		parts.NewButton(w.T("frame.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(w.T("first.recovery_check"), parts.Primary, try))
	m.show()
	f.d.window.Canvas().Focus(typed)
}
