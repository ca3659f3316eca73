package desktop

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// door is one of the three ways to begin.
type door int

const (
	doorDemo door = iota
	doorFiles
	doorConnect
)

// showDoors is the first start: three doors.
func (d *Desktop) showDoors() {
	w := d.words
	doors := container.New(parts.Shares{Gap: theme.Space4},
		doorCard("demo", w.T("first.demo"), w.T("first.demo_text"), parts.NewButton(w.T("first.demo_do"), parts.Primary, d.startDemo)),
		doorCard("files", w.T("first.files"), w.T("first.files_text"), parts.NewButton(w.T("first.files_do"), parts.Quiet, func() { d.create(doorFiles, nil) })),
		doorCard("connect", w.T("first.connect"), w.T("first.connect_text"), parts.NewButton(w.T("first.connect_do"), parts.Quiet, func() { d.create(doorConnect, nil) })))
	objects := []fyne.CanvasObject{heading(w.T("first.title"), w.T("first.intro")), doors, tight(parts.NewParagraph(w.T("first.promise"), parts.Muted))}
	if names, err := d.p.Place.Home.Books(); err == nil && len(names) > 0 {
		objects = append(objects, flushLeft(parts.NewButton(w.T("first.back"), parts.Text, func() { d.begin(false) })))
	}
	d.show(pageDoors, onPage(980, objects...))
}

// doorCard is a way in: what it is for above, the button at the foot.
func doorCard(name, title, text string, button fyne.CanvasObject) fyne.CanvasObject {
	picture := canvas.NewImageFromResource(base.NewColoredResource(icon(name), base.ColorNamePrimary))
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(theme.Scaled(36)))
	head := container.NewVBox(container.NewHBox(picture, layout.NewSpacer()), gap(theme.Space2), parts.NewLabel(title, theme.TextSection, parts.Normal).Bold().Whole())
	body := parts.NewBorder(head, container.NewHBox(button, layout.NewSpacer()), nil, nil, tight(parts.NewParagraph(text, parts.Normal)))
	return parts.NewCard("", "", container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space2), theme.Scaled(theme.Space2), theme.Scaled(theme.Space1), theme.Scaled(theme.Space1)),
		container.NewStack(tall(190), body)))
}

// createPage makes a real book: its name, and how it opens.
type createPage struct {
	d        *Desktop
	door     door
	files    []string
	name     *parts.Entry
	way      *widget.RadioGroup
	pass     *parts.Entry
	again    *parts.Entry
	fields   fyne.CanvasObject
	sentence *sentenceBox
	make     *parts.Button
	back     *parts.Button
}

func (d *Desktop) create(through door, files []string) {
	w := d.words
	p := &createPage{d: d, door: through, files: files, sentence: newSentenceBox()}
	p.name = parts.NewEntry()
	p.name.SetText(w.T("first.book_name"))
	p.pass, p.again = secretEntry(""), secretEntry("")
	p.name.OnSubmitted = func(string) {
		if p.byPassphrase() {
			d.window.Canvas().Focus(p.pass)
			return
		}
		p.submit()
	}
	p.pass.OnSubmitted = func(string) { d.window.Canvas().Focus(p.again) }
	p.again.OnSubmitted = func(string) { p.submit() }
	p.fields = container.NewVBox(field(w.T("first.passphrase"), p.pass), field(w.T("first.again"), p.again),
		tight(parts.NewParagraph(w.T("first.passphrase_rule"), parts.Muted)))
	p.way = widget.NewRadioGroup([]string{w.T("first.by_key_store"), w.T("first.by_passphrase")}, func(string) { p.choose() })
	p.way.Required = true
	p.make = parts.NewButton(w.T("first.make"), parts.Primary, p.submit)
	p.back = parts.NewButton(w.T("first.back"), parts.Text, d.showDoors)
	form := container.NewVBox(field(w.T("first.name"), p.name), parts.NewLabel(w.T("first.unlock_how"), theme.TextBody, parts.Muted).Whole(),
		p.way, p.fields, p.sentence.box, buttons(p.make, p.back))
	p.way.SetSelected(p.way.Options[0])
	p.choose()
	d.show(pageCreate, onPage(560, heading(w.T("first.create"), w.T("first.create_text")), parts.NewCard("", "", form)))
	d.window.Canvas().Focus(p.name)
}

func (p *createPage) byPassphrase() bool { return p.way.Selected == p.way.Options[1] }

func (p *createPage) choose() { showIf(p.fields, p.byPassphrase()) }

func (p *createPage) submit() {
	w, name := p.d.words, p.name.Text
	slot := vault.NewSlot{Kind: vault.KindKeychain, Label: "this computer"}
	if err := store.CheckName(name); err != nil {
		p.sentence.say(w.T("first.bad_name"), parts.Loss)
		return
	}
	if p.byPassphrase() {
		pass := vault.NewSecret(p.pass.Text)
		switch {
		case p.pass.Text != p.again.Text:
			p.sentence.say(w.T("first.differ"), parts.Loss)
			return
		case vault.CheckPassphrase(pass, name) != nil:
			p.sentence.say(w.T("first.weak"), parts.Loss)
			return
		}
		slot = vault.NewSlot{Kind: vault.KindPassphrase, Label: "passphrase", Passphrase: pass}
	}
	p.enable(false)
	p.sentence.say(w.T("first.making"), parts.Muted)
	p.d.later(func(ctx context.Context) func() {
		o, code, err := createBook(ctx, p.d.p.Place, name, slot)
		if err == nil {
			p.d.unshown.Store(o.s)
		}
		return func() {
			p.enable(true)
			if err != nil {
				p.failed(err)
				return
			}
			p.pass.SetText("")
			p.again.SetText("")
			p.d.showRecovery(o, code, p.door, p.files)
		}
	})
}

func (p *createPage) failed(err error) {
	w := p.d.words
	if errors.Is(err, vault.ErrNoKeyStore) {
		p.way.SetSelected(p.way.Options[1])
		p.sentence.say(w.T("first.no_key_store"), parts.Loss)
		return
	}
	p.sentence.say(w.T("first.not_made", errorLine(err)), parts.Loss)
}

func (p *createPage) enable(on bool) {
	for _, o := range []fyne.Disableable{p.name, p.way, p.pass, p.again, p.make, p.back} {
		if on {
			o.Enable()
		} else {
			o.Disable()
		}
	}
}

// createBook makes a real book that opens with slot, and with the recovery code
// that comes back.
func createBook(ctx context.Context, place session.Place, name string, slot vault.NewSlot) (opened, vault.RecoveryCode, error) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		return opened{}, code, err
	}
	s, err := session.Create(ctx, place, name, session.Real, []vault.NewSlot{slot, {Kind: vault.KindRecovery, Label: "recovery code", Recovery: code}})
	if err != nil {
		return opened{}, code, err
	}
	o, err := readOpened(ctx, s)
	return o, code, err
}

// through goes on with what the door promised.
func (f *frame) through(d door, files []string) {
	switch {
	case d == doorConnect:
		f.show(route{Screen: "connect"})
	case d == doorFiles && len(files) > 0:
		f.preview(files)
	case d == doorFiles:
		f.chooseFiles()
	}
}
