package desktop

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

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
			row := container.NewHBox()
			if slot.Kind == vault.KindPassphrase || slot.Kind == vault.KindPassphraseKeychain {
				row.Add(parts.NewButton(t("settings.slot.change"), parts.Text, func() { s.proved(func() { s.askChange(slot) }) }))
			}
			row.Add(parts.NewButton(t("settings.slot.remove"), parts.Text, func() { s.proved(func() { s.askRemove(slot) }) }))
			action = row
		}
		name := t("settings.slot." + string(slot.Kind))
		if slot.Label != "" && slot.Label != string(slot.Kind) {
			name += " · " + s.slotLabel(slot)
		}
		list.Add(settingsEntry(parts.Normal, name, below, action))
	}
	if !s.facts.full {
		list.Add(flushText(t("settings.slot.limited"), parts.Muted))
		return parts.NewCard(t("settings.slots"), "", list)
	}
	if s.facts.people && !s.has(vault.KindPassphraseKeychain) {
		list.Add(flushText(t("settings.slot.both.why"), parts.Normal))
		list.Add(container.NewHBox(parts.NewButton(t("settings.slot.both.do"), parts.Primary, func() { s.proved(s.askBoth) })))
		list.Add(spacer(theme.Space1))
	}
	var add *parts.Button
	add = parts.NewButton(t("settings.slot.add"), parts.Quiet, func() { s.askKind(add) })
	actions := container.New(&parts.Wrap{Gap: theme.Space2}, add,
		parts.NewButton(t("settings.slot.newcode"), parts.Quiet, func() { s.proved(s.askCode) }))
	if !s.e.s.Confirmed() {
		actions.Add(parts.NewButton(t("settings.slot.confirm"), parts.Quiet, s.askConfirm))
	}
	list.Add(actions)
	return parts.NewCard(t("settings.slots"), "", list)
}

// slotLabel is the owner's name for a way to unlock, or that of a demo book.
func (s *settingsScreen) slotLabel(slot vault.SlotInfo) string {
	if slot.Label == session.DemoLabel {
		return s.e.words.T("settings.slot.demo")
	}
	return slot.Label
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
	name := t("settings.slot."+string(slot.Kind)) + " · " + s.slotLabel(slot)
	confirm(s.e, t("settings.slot.remove.title"), t("settings.slot.remove.text", name), t("settings.slot.remove"), parts.Danger, func() {
		s.change(t("settings.slot.removed"), s.changeSlots("removed slot "+slot.ID, func(ctx context.Context) error { return s.e.s.Vault.RemoveSlot(ctx, slot.ID) }))
	})
}

// proved asks for the passphrase or the recovery code before the ways to open
// the book change: who finds an open window must not make it his own.
func (s *settingsScreen) proved(then func()) { askProof(s.e, s.e.words.T("settings.slot.proof"), then) }

func (s *settingsScreen) has(kind vault.Kind) bool {
	return slices.ContainsFunc(s.facts.slots, func(i vault.SlotInfo) bool { return i.Kind == kind })
}

// askKind asks which way to add.
func (s *settingsScreen) askKind(at *parts.Button) {
	t := s.e.words.T
	var items []*fyne.MenuItem
	for _, kind := range []vault.Kind{vault.KindPassphrase, vault.KindKeychain, vault.KindPassphraseKeychain} {
		if kind != vault.KindPassphrase && s.has(kind) {
			continue // this computer has one key store
		}
		items = append(items, fyne.NewMenuItem(t("settings.slot."+string(kind)), func() {
			s.proved(func() {
				if kind == vault.KindKeychain {
					s.addSlot(vault.NewSlot{Kind: kind, Label: t("settings.slot.here")}, nil)
					return
				}
				s.askPassphrase(kind)
			})
		}))
	}
	widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), s.e.window.Canvas(), fyne.NewPos(0, at.Size().Height), at)
}

// addSlot adds a way to open the book, and removes others once it is there.
func (s *settingsScreen) addSlot(n vault.NewSlot, instead []vault.SlotInfo) {
	s.change(s.e.words.T("settings.slot.added"), s.changeSlots("added a slot of kind "+string(n.Kind), func(ctx context.Context) error {
		defer n.Passphrase.Wipe()
		if _, err := s.e.s.Vault.AddSlot(ctx, n); err != nil {
			return err
		}
		for _, old := range instead {
			if err := s.e.s.Vault.RemoveSlot(ctx, old.ID); err != nil {
				return err
			}
		}
		return nil
	}))
}

// askPassphrase adds a way with a passphrase.
func (s *settingsScreen) askPassphrase(kind vault.Kind) {
	t := s.e.words.T
	s.askNew(t("settings.slot."+string(kind)), true, t("settings.slot.doadd"), func(label string, pass vault.Secret) {
		if label == "" {
			label = t("settings.slot.here")
		}
		s.addSlot(vault.NewSlot{Kind: kind, Label: label, Passphrase: pass}, nil)
	})
}

// askBoth makes passphrase and key store needed together, for a book that holds
// people: neither somebody at this computer nor somebody with the passphrase
// and a copy of the folder opens it alone.
func (s *settingsScreen) askBoth() {
	t := s.e.words.T
	s.askNew(t("settings.slot.both.do"), false, t("settings.slot.both.set"), func(_ string, pass vault.Secret) {
		var single []vault.SlotInfo
		for _, slot := range s.facts.slots {
			if slot.Kind == vault.KindKeychain || slot.Kind == vault.KindPassphrase {
				single = append(single, slot)
			}
		}
		s.addSlot(vault.NewSlot{Kind: vault.KindPassphraseKeychain, Label: t("settings.slot.here"), Passphrase: pass}, single)
	})
}

// askChange gives a way another passphrase.
func (s *settingsScreen) askChange(slot vault.SlotInfo) {
	t := s.e.words.T
	s.askNew(t("settings.slot.change.title"), false, t("settings.slot.change.do"), func(_ string, pass vault.Secret) {
		s.change(t("settings.slot.changed"), s.changeSlots("changed the passphrase of slot "+slot.ID, func(ctx context.Context) error {
			defer pass.Wipe()
			return s.e.s.Vault.ChangePassphrase(ctx, slot.ID, pass)
		}))
	})
}

// askNew asks for a new passphrase, twice, and with named for a name of it.
func (s *settingsScreen) askNew(title string, named bool, word string, then func(label string, pass vault.Secret)) {
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
			problem.SetText(plainError(s.e.words, err), parts.Loss)
			return
		}
		m.hide()
		then(strings.TrimSpace(label.Text), pass)
	}
	second.OnSubmitted = func(string) { add() }
	form := container.NewVBox(flushText(t("settings.slot.passrule"), parts.Muted))
	if named {
		form.Add(label)
	}
	for _, o := range []fyne.CanvasObject{first, second, problem} {
		form.Add(o)
	}
	m = newModal(s.e, title, form, fyne.NewSize(480, 340),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(word, parts.Primary, add))
	m.show()
	s.e.window.Canvas().Focus(first)
}
