package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// askCode makes a new recovery code. The old one opens the book until the new
// one is stored, and the new one is stored only after it was asked for.
func (s *settingsScreen) askCode() {
	t := s.e.words.T
	confirm(s.e, t("settings.slot.newcode"), t("settings.code.text"), t("settings.code.do"), parts.Primary, func() {
		s.acts.run(func(ctx context.Context) (func(), error) {
			code, err := vault.NewRecoveryCode()
			if err != nil {
				return nil, err
			}
			err = s.changeSlots("made a new recovery code", func(ctx context.Context) error {
				_, err := s.e.s.Vault.ReplaceRecovery(ctx, "recovery code", code)
				return err
			})(ctx)
			return func() { s.load(route{}); s.showCode(code) }, err
		}, func(err error) { s.e.notify(plainError(s.e.words, err)) })
	})
}

// showCode shows the new code, lets it be printed or saved, and has it typed
// back.
func (s *settingsScreen) showCode(code vault.RecoveryCode) {
	t := s.e.words.T
	text := widget.NewLabel(code.Reveal())
	text.TextStyle.Monospace, text.Selectable, text.Wrapping = true, true, fyne.TextWrapWord
	kept := newSentenceBox()
	keep := keepCode{e: s.e, book: s.e.s.Name, code: code, said: kept.say, later: func(work func(context.Context) func()) {
		s.acts.run(func(ctx context.Context) (func(), error) { return work(ctx), nil }, func(error) {})
	}}
	var m *modal
	next := parts.NewButton(t("settings.code.next"), parts.Primary, func() { m.hide(); text.SetText(""); code.Wipe(); s.askConfirm() })
	m = newModal(s.e, t("settings.code.title"), container.NewVBox(flushText(t("settings.code.keep"), parts.Normal), text, kept.box), fyne.NewSize(660, 360),
		append(keep.buttons(), next)...)
	m.fixed = true
	m.show()
}

// askConfirm has the recovery code typed back: proof that it was written down.
func (s *settingsScreen) askConfirm() {
	t := s.e.words.T
	typed := parts.NewLongEntry()
	typed.Wrapping = fyne.TextWrapBreak
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	try := func() {
		code, err := vault.ParseRecoveryCode(vault.NewSecret(typed.Text))
		if err != nil {
			problem.SetText(plainError(s.e.words, err), parts.Loss)
			return
		}
		s.acts.run(func(ctx context.Context) (func(), error) {
			err := s.changeSlots("confirmed the recovery code", func(ctx context.Context) error { return s.e.s.Vault.ConfirmRecovery(ctx, code) })(ctx)
			return func() { m.hide(); s.e.notify(t("settings.code.confirmed")); s.load(route{}) }, err
		}, func(err error) { problem.SetText(plainError(s.e.words, err), parts.Loss) })
	}
	m = newModal(s.e, t("settings.slot.confirm"), container.NewVBox(flushText(t("settings.code.type"), parts.Normal), typed, problem), fyne.NewSize(560, 340),
		parts.NewButton(t("settings.code.later"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("settings.code.check"), parts.Primary, try))
	m.show()
	s.e.window.Canvas().Focus(typed)
}
