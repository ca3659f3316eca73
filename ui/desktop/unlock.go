package desktop

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// begin shows the books there are: none, one, or a list. With auto, the only
// one is opened by this computer's key store where that can be.
func (d *Desktop) begin(auto bool) {
	d.window.SetTitle("Countinghouse")
	names, err := d.p.Place.Home.Books()
	switch {
	case err != nil:
		d.show(pageBooks, onPage(520, heading(d.words.T("unlock.title"), err.Error())))
	case d.p.Book != "" && auto:
		d.unlock(d.p.Book, auto)
	case len(names) == 0:
		d.showDoors()
	case len(names) == 1:
		d.unlock(names[0], auto)
	default:
		d.showBooks(names)
	}
}

// showBooks lets the user choose among several books.
func (d *Desktop) showBooks(names []string) {
	list := container.NewVBox()
	for _, name := range names {
		list.Add(parts.NewButton(name, parts.Quiet, func() { d.unlock(name, true) }))
	}
	d.show(pageBooks, onPage(420, heading(d.words.T("unlock.choose"), ""),
		parts.NewCard("", "", list), flushLeft(parts.NewButton(d.words.T("unlock.new_book"), parts.Text, d.showDoors))))
}

// unlockPage asks for what opens a book: the page before the frame, and the
// page that hides a locked frame.
type unlockPage struct {
	d        *Desktop
	name     string
	ways     unlockWays
	way      unlockWay
	accepted []func(*session.Place) // what the user said to open it nevertheless
	allow    func(*session.Place)   // what the button accept says
	last     vault.Unlock
	prompt   *parts.Label
	entry    *parts.Entry
	sentence *sentenceBox
	open     *parts.Button
	other    *parts.Button
	keychain *parts.Button
	accept   *parts.Button
	form     *fyne.Container
	leave    []fyne.Disableable // buttons that lead elsewhere; not while a book opens

	// try opens with a way of unlocking, off the UI goroutine. What it returns
	// runs on the UI goroutine when it went well.
	try func(ctx context.Context, by vault.Unlock, place session.Place) (func(), error)
}

// unlock shows the page that opens a book.
func (d *Desktop) unlock(name string, auto bool) *unlockPage {
	p := d.newUnlockPage(name, d.words.T("unlock.intro", name))
	early := d.early
	if early != nil && auto && early.name == name {
		d.early = nil
	} else {
		early = nil
	}
	p.try = func(ctx context.Context, by vault.Unlock, place session.Place) (func(), error) {
		var o opened
		var err error
		if e := early; e != nil { // the first try is the key store's
			early = nil
			<-e.done
			o, err = e.book, e.err
		} else {
			o, err = openBook(ctx, place, name, by)
		}
		if err != nil {
			return nil, err
		}
		d.unshown.Store(o.s)
		return func() { d.enter(o, nil) }, nil
	}
	if names, err := d.p.Place.Home.Books(); err == nil && len(names) > 1 {
		b := parts.NewButton(d.words.T("unlock.another_book"), parts.Text, func() { d.showBooks(names) })
		p.leave = append(p.leave, b)
		p.form.Add(flushLeft(b))
	}
	p.show(pageUnlock, auto)
	return p
}

// openBook opens a book and reads what the frame shows of it.
func openBook(ctx context.Context, place session.Place, name string, by vault.Unlock) (opened, error) {
	s, err := session.Open(ctx, place, name, by)
	if err != nil {
		return opened{}, err
	}
	return readOpened(ctx, s)
}

// tellDamage tells what a book was opened without. The user accepted it for one
// file; another may have been damaged too.
func tellDamage(e *env, damage []*cipher.Damage) {
	if len(damage) == 0 {
		return
	}
	list := container.NewVBox()
	for _, d := range damage {
		list.Add(flushText(e.words.T("unlock.opened_without", filepath.Base(d.Path), filepath.Base(d.Copy)), parts.Normal))
	}
	tell(e, e.words.T("unlock.changes_missing"), list, fyne.NewSize(560, 260))
}

func (d *Desktop) newUnlockPage(name, intro string) *unlockPage {
	w := d.words
	p := &unlockPage{d: d, name: name, sentence: newSentenceBox()}
	p.prompt = parts.NewLabel("", 13, parts.Muted).Whole()
	p.entry = secretEntry("")
	p.entry.OnSubmitted = func(string) { p.submit() }
	p.open = parts.NewButton(w.T("common.unlock"), parts.Primary, p.submit)
	p.other = parts.NewButton("", parts.Text, func() { p.ask(1 - p.way) })
	p.keychain = parts.NewButton(w.T("unlock.by_keychain"), parts.Text, func() { p.run(vault.ByKeychain()) })
	p.accept = parts.NewButton("", parts.Danger, func() {
		p.accepted = append(p.accepted, p.allow)
		p.run(p.last)
	})
	p.accept.Hide()
	p.form = container.NewVBox(heading(name, intro), p.prompt, p.entry, p.sentence.box, buttons(p.open, p.other, p.keychain), buttons(p.accept))
	return p
}

// show puts the page into the window and, with auto, tries the key store by
// itself.
func (p *unlockPage) show(id pageID, auto bool) {
	info, err := vault.ReadInfo(filepath.Join(p.d.p.Place.Home.BookDir(p.name), store.KeysFile))
	p.ways = waysOf(info.Slots)
	p.way = byPassphrase
	if !p.ways.passphrase && p.ways.recovery {
		p.way = byRecovery
	}
	p.ask(p.way)
	if !p.ways.keychain {
		p.keychain.Hide()
	}
	if !p.ways.passphrase || !p.ways.recovery {
		p.other.Hide()
	}
	p.d.show(id, onPage(520, parts.NewCard("", "", p.form)))
	switch {
	case err != nil:
		p.say(err)
	case auto && p.ways.keychain:
		p.run(vault.ByKeychain())
	default:
		p.d.window.Canvas().Focus(p.entry)
	}
}

// ask turns the page to one of the two things that can be typed.
func (p *unlockPage) ask(way unlockWay) {
	w := p.d.words
	p.way = way
	p.entry.SetText("")
	if way == byRecovery {
		p.prompt.SetText(w.T("unlock.recovery"), parts.Muted)
		p.other.SetText(w.T("unlock.use_passphrase"))
	} else {
		p.prompt.SetText(w.T("unlock.passphrase"), parts.Muted)
		p.other.SetText(w.T("unlock.use_recovery"))
	}
}

func (p *unlockPage) submit() {
	if p.entry.Text == "" {
		p.d.window.Canvas().Focus(p.entry)
		return
	}
	by, err := unlockWith(p.way, vault.NewSecret(p.entry.Text))
	if err != nil {
		p.say(err)
		return
	}
	p.run(by)
}

// run tries to open. Meanwhile nothing can be typed or pressed.
func (p *unlockPage) run(by vault.Unlock) {
	place := p.d.p.Place
	for _, accept := range p.accepted {
		accept(&place)
	}
	p.last = by
	p.enable(false)
	p.sentence.say(p.d.words.T("unlock.opening"), parts.Muted)
	p.d.later(func(ctx context.Context) func() {
		then, err := p.try(ctx, by, place)
		return func() {
			p.enable(true)
			if err != nil {
				p.say(err)
				return
			}
			p.entry.SetText("")
			then()
		}
	})
}

func (p *unlockPage) say(err error) {
	p.sentence.say(unlockSentence(p.d.words, p.d.loc, err), parts.Loss)
	word := ""
	if word, p.allow = unlockAccept(err); p.allow != nil {
		p.accept.SetText(p.d.words.T(word))
		p.accept.Show()
	} else {
		p.accept.Hide()
	}
	p.d.window.Canvas().Focus(p.entry)
	p.form.Refresh()
}

func (p *unlockPage) enable(on bool) {
	for _, w := range append([]fyne.Disableable{p.entry, p.open, p.other, p.keychain, p.accept}, p.leave...) {
		if on {
			w.Enable()
		} else {
			w.Disable()
		}
	}
}
