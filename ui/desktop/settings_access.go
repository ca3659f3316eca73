package desktop

import (
	"bytes"
	"context"
	"errors"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/go-text/typesetting/font"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// checkFont refuses a file that the window could not write with.
func checkFont(path string) error {
	res, err := readFont(path)
	if err != nil {
		return err
	}
	_, err = font.ParseTTF(bytes.NewReader(res.Content()))
	return err
}

// entry is a line of a list: what, a caption below it, an action at its right.
func settingsEntry(tone parts.Tone, what, below string, action fyne.CanvasObject) fyne.CanvasObject {
	text := container.NewVBox(parts.NewLabel(what, theme.TextBody, tone).Bold(), caption(below, parts.Muted), spacer(theme.Space1))
	if action == nil {
		return text
	}
	return container.NewBorder(nil, nil, nil, container.NewVBox(action), text)
}

func (s *settingsScreen) connectionCard() fyne.CanvasObject {
	t, loc := s.e.words.T, s.e.loc
	list := container.NewVBox()
	for _, c := range s.facts.connections {
		state := t("settings.connection.files")
		var action fyne.CanvasObject
		if c.Kind == store.KindAPI {
			state = t("settings.connection."+c.State, loc.Date(c.StateAt.Local()))
			if c.StateReason != "" {
				state += " " + c.StateReason
			}
			if c.State == store.StateActive {
				action = parts.NewButton(t("settings.disconnect"), parts.Text, func() { s.askDisconnect(c) })
			} else {
				action = parts.NewButton(t("settings.reconnect"), parts.Text, func() { s.e.show(route{Screen: "connect"}) })
			}
		}
		tone := parts.Normal
		if connectionTone(c.State) == parts.Loss {
			tone = parts.Loss
		}
		name := c.ID + " · " + c.Region
		if c.SellerID != "" {
			name += " · " + c.SellerID
		}
		list.Add(settingsEntry(tone, name, state, action))
	}
	if len(s.facts.connections) == 0 {
		list.Add(flushText(t("settings.connection.none"), parts.Muted))
	}
	list.Add(container.NewHBox(parts.NewButton(t("settings.connect"), parts.Quiet, func() { s.e.show(route{Screen: "connect"}) })))
	return parts.NewCard(t("settings.connections"), loc.Count(int64(len(s.facts.connections))), list)
}

func (s *settingsScreen) askDisconnect(c store.Connection) {
	t := s.e.words.T
	confirm(s.e, t("settings.disconnect.title", c.ID), t("settings.disconnect.text"), t("settings.disconnect"), parts.Danger, func() {
		s.change(t("settings.disconnect.done", c.ID), func(ctx context.Context) error { return s.e.s.Disconnect(ctx, c.ID) })
	})
}

func (s *settingsScreen) slotCard() fyne.CanvasObject {
	t := s.e.words.T
	list := container.NewVBox()
	for _, slot := range s.facts.slots {
		below := t("settings.slot.made", s.e.loc.Date(slot.Created.Local()))
		if slot.ID == s.facts.opened {
			below += " · " + t("settings.slot.this")
		}
		if slot.Kind == vault.KindRecovery && !slot.Confirmed {
			below += " · " + t("settings.slot.unconfirmed")
		}
		if !slot.Personal {
			below += " · " + t("settings.slot.nopeople")
		}
		if !slot.Connection {
			below += " · " + t("settings.slot.nosync")
		}
		var action fyne.CanvasObject
		if s.facts.full {
			action = parts.NewButton(t("settings.slot.remove"), parts.Text, func() { s.askRemove(slot) })
		}
		name := t("settings.slot." + string(slot.Kind))
		if slot.Label != "" && slot.Label != string(slot.Kind) {
			name += " · " + slot.Label
		}
		list.Add(settingsEntry(parts.Normal, name, below, action))
	}
	if !s.facts.full {
		list.Add(flushText(t("settings.slot.limited"), parts.Muted))
		return parts.NewCard(t("settings.slots"), "", list)
	}
	actions := container.New(&parts.Wrap{Gap: theme.Space2}, parts.NewButton(t("settings.slot.add"), parts.Quiet, s.askPassphrase),
		parts.NewButton(t("settings.slot.newcode"), parts.Quiet, s.askCode))
	if !s.e.s.Confirmed() {
		actions.Add(parts.NewButton(t("settings.slot.confirm"), parts.Quiet, s.askConfirm))
	}
	list.Add(actions)
	return parts.NewCard(t("settings.slots"), "", list)
}

// changeSlots changes the key file and notes it in the book.
func (s *settingsScreen) changeSlots(detail string, f func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := f(ctx); err != nil {
			return err
		}
		return s.e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.Audit("slot", detail) })
	}
}

func (s *settingsScreen) askRemove(slot vault.SlotInfo) {
	t := s.e.words.T
	name := t("settings.slot."+string(slot.Kind)) + " · " + slot.Label
	confirm(s.e, t("settings.slot.remove.title"), t("settings.slot.remove.text", name), t("settings.slot.remove"), parts.Danger, func() {
		s.change(t("settings.slot.removed"), s.changeSlots("removed slot "+slot.ID, func(ctx context.Context) error { return s.e.s.Vault.RemoveSlot(ctx, slot.ID) }))
	})
}

// askPassphrase adds a passphrase that opens the book.
func (s *settingsScreen) askPassphrase() {
	t := s.e.words.T
	label, first, second := parts.NewEntry(), parts.NewSecretEntry(), parts.NewSecretEntry()
	label.SetPlaceHolder(t("settings.slot.label"))
	first.SetPlaceHolder(t("settings.slot.pass"))
	second.SetPlaceHolder(t("settings.slot.again"))
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	add := func() {
		pass := vault.NewSecret(first.Text)
		if first.Text != second.Text {
			problem.SetText(t("privacy.pass.differ"), parts.Loss)
			return
		}
		if err := vault.CheckPassphrase(pass, s.e.s.Name); err != nil {
			problem.SetText(plainError(s.e, err), parts.Loss)
			return
		}
		m.hide()
		n := vault.NewSlot{Kind: vault.KindPassphrase, Label: label.Text, Passphrase: pass}
		if n.Label == "" {
			n.Label = string(vault.KindPassphrase)
		}
		s.change(t("settings.slot.added"), s.changeSlots("added a slot of kind passphrase", func(ctx context.Context) error {
			defer pass.Wipe()
			_, err := s.e.s.Vault.AddSlot(ctx, n)
			return err
		}))
	}
	m = newModal(s.e, t("settings.slot.add"), container.NewVBox(flushText(t("settings.slot.passrule"), parts.Muted), label, first, second, problem), fyne.NewSize(480, 340),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("settings.slot.doadd"), parts.Primary, add))
	m.show()
	s.e.window.Canvas().Focus(label)
}

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
		}, func(err error) { s.e.notify(plainError(s.e, err)) })
	})
}

// showCode shows the new code, lets it be saved, and has it typed back.
func (s *settingsScreen) showCode(code vault.RecoveryCode) {
	t := s.e.words.T
	text := widget.NewLabel(code.Reveal())
	text.TextStyle.Monospace, text.Selectable, text.Wrapping = true, true, fyne.TextWrapWord
	kept := parts.NewLabel("", theme.TextCaption, parts.Muted)
	var m *modal
	save := parts.NewButton(t("settings.code.save"), parts.Quiet, func() {
		chooseFile(s.e, fileChoice{Title: t("settings.code.save"), Save: "countinghouse-recovery-code.txt", Ends: []string{".txt"}, Word: t("privacy.save")}, func(path string) {
			if err := writeNewFile(path, code.Reveal()+"\n"); err != nil {
				kept.SetText(plainError(s.e, err), parts.Loss)
				return
			}
			kept.SetText(path, parts.Gain)
		})
	})
	m = newModal(s.e, t("settings.code.title"), container.NewVBox(flushText(t("settings.code.keep"), parts.Normal), text, kept), fyne.NewSize(620, 360),
		save, parts.NewButton(t("settings.code.next"), parts.Primary, func() { m.hide(); text.SetText(""); code.Wipe(); s.askConfirm() }))
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
			problem.SetText(plainError(s.e, err), parts.Loss)
			return
		}
		s.acts.run(func(ctx context.Context) (func(), error) {
			err := s.changeSlots("confirmed the recovery code", func(ctx context.Context) error { return s.e.s.Vault.ConfirmRecovery(ctx, code) })(ctx)
			return func() { m.hide(); s.e.notify(t("settings.code.confirmed")); s.load(route{}) }, err
		}, func(err error) { problem.SetText(plainError(s.e, err), parts.Loss) })
	}
	m = newModal(s.e, t("settings.slot.confirm"), container.NewVBox(flushText(t("settings.code.type"), parts.Normal), typed, problem), fyne.NewSize(560, 340),
		parts.NewButton(t("settings.code.later"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("settings.code.check"), parts.Primary, try))
	m.show()
	s.e.window.Canvas().Focus(typed)
}

// openCostFile opens a cost list.
func openCostFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxCostFile {
		err = errors.New("the file is larger than any cost list")
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

const maxCostFile = 64 << 20
