package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// searchBox finds orders and SKUs while one types.
type searchBox struct {
	f       *frame
	popup   *widget.PopUp
	entry   *searchEntry
	results *fyne.Container
	load    loader
	found   []store.Found
}

const searchLimit = 8 // of orders, and of SKUs

// openSearch opens the search over the window.
func (f *frame) openSearch() {
	if f.locked {
		return
	}
	w := f.d.words
	b := &searchBox{f: f, results: container.NewVBox(), load: loader{env: f.env}}
	b.entry = newSearchEntry(b.close)
	b.entry.PlaceHolder = w.T("frame.search")
	b.entry.OnChanged = b.find
	b.entry.OnSubmitted = func(string) {
		if len(b.found) > 0 {
			b.pick(b.found[0])
		}
	}
	width := theme.Scaled(520)
	box := container.NewVBox(b.entry, b.results)
	b.popup = widget.NewModalPopUp(box, f.d.window.Canvas())
	b.popup.Resize(fyne.NewSize(width, b.popup.MinSize().Height))
	b.popup.Show()
	f.d.window.Canvas().Focus(b.entry)
}

func (b *searchBox) close() {
	b.load.stop()
	b.popup.Hide()
}

func (b *searchBox) find(text string) {
	book := b.f.s.Book
	b.load.run(func(ctx context.Context) (func(), error) {
		found, err := book.Search(ctx, text, searchLimit)
		return func() { b.show(text, found) }, err
	}, func(err error) {
		b.results.Objects = []fyne.CanvasObject{parts.NewParagraph(errorLine(err), parts.Loss)}
		b.results.Refresh()
	})
}

func (b *searchBox) show(text string, found []store.Found) {
	b.found = found
	b.results.Objects = nil
	for _, f := range found {
		b.results.Add(b.hit(f))
	}
	if len(found) == 0 && text != "" {
		b.results.Add(parts.NewParagraph(b.f.d.words.T("frame.nothing_found"), parts.Muted))
	}
	b.popup.Resize(fyne.NewSize(theme.Scaled(520), b.popup.MinSize().Height))
}

func (b *searchBox) describe(f store.Found) (kind, name, note string) {
	if f.Order != "" {
		day, err := time.Parse(time.DateOnly, f.Day)
		if err == nil {
			note = b.f.d.loc.Date(day)
		}
		return b.f.d.words.T("frame.orders"), f.Order, note
	}
	return b.f.d.words.T("frame.inventory"), f.SKU, f.Title
}

func (b *searchBox) pick(f store.Found) {
	b.close()
	if f.Order != "" {
		b.f.show(route{Screen: "orders", Order: f.Order})
		return
	}
	b.f.show(route{Screen: "inventory", SKU: f.SKU})
}

// hit is one line of the results.
func (b *searchBox) hit(f store.Found) fyne.CanvasObject {
	kind, name, note := b.describe(f)
	return parts.NewBorder(nil, nil, parts.NewButton(name, parts.Text, func() { b.pick(f) }),
		parts.NewLabel(kind, theme.TextCaption, parts.Hint).Whole(), parts.NewLabel(note, theme.TextCaption, parts.Muted))
}

// searchEntry closes its box on Esc.
type searchEntry struct {
	parts.Entry
	escape func()
}

func newSearchEntry(escape func()) *searchEntry {
	e := &searchEntry{escape: escape}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *searchEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		e.escape()
		return
	}
	e.Entry.TypedKey(k)
}

// shortcuts sets the keys of the window. They work while a book is open and
// not locked.
func (d *Desktop) shortcuts() {
	c := d.window.Canvas()
	hide := func(key fyne.KeyName, do func(f *frame)) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
			if f := d.frame; f != nil && !f.locked && f.env.ctx.Err() == nil {
				do(f)
			}
		})
	}
	// What lies above the window comes first: nothing else changes below it.
	add := func(key fyne.KeyName, do func(f *frame)) {
		hide(key, func(f *frame) {
			if c.Overlays().Top() == nil {
				do(f)
			}
		})
	}
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		add(key, func(f *frame) {
			if on := railScreens(); i < len(on) {
				f.show(route{Screen: on[i]})
			}
		})
	}
	for _, key := range []fyne.KeyName{fyne.KeyK, fyne.KeyF} { // the second is what other programs have
		add(key, (*frame).openSearch)
	}
	add(fyne.KeyR, (*frame).syncNow)
	hide(fyne.KeyL, (*frame).lock)
	add(fyne.KeyB, (*frame).toggleRail)
	hide(fyne.KeyH, (*frame).toggleAmounts)
	c.SetOnTypedKey(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape && escapeModal(c) || d.frame == nil || d.frame.locked {
			return
		}
		switch k.Name {
		case fyne.KeyF5:
			d.frame.reload()
		case fyne.KeyEscape:
			d.frame.escape()
		}
	})
}

func railScreens() (ids []string) {
	for _, s := range screens {
		if s.rail {
			ids = append(ids, s.id)
		}
	}
	return ids
}

// syncNow syncs at once.
func (f *frame) syncNow() {
	if f.s.Class == "real" && !f.s.Confirmed() {
		f.confirmCode()
		return
	}
	if f.sync.able {
		f.sync.ask()
	}
}

// toggleRail shows the rail with or without words.
func (f *frame) toggleRail() {
	f.prefs.Narrow = !f.prefs.Narrow
	f.rail.SetNarrow(f.prefs.Narrow)
	f.content.Refresh()
	f.savePrefs()
}
