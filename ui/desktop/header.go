package desktop

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// header is the title and what narrows every screen.
type header struct {
	f       *frame
	content fyne.CanvasObject
	title   *parts.Label
	book    *dropDown
	markets *dropDown
	period  *dropDown
	search  *parts.Button
	sync    *parts.Button
	syncGap fyne.CanvasObject // before it: a hidden button leaves none
	row     *fyne.Container
}

func newHeader(f *frame) *header {
	w := f.d.words
	h := &header{f: f}
	h.title = parts.NewLabel("", theme.TextTitle, parts.Normal).Bold().Whole()
	h.book = newDropDown(f.s.Name, h.bookMenu)
	h.markets = newDropDown("", h.marketMenu)
	h.period = newDropDown("", h.periodMenu)
	h.search = parts.NewButton(w.T("frame.search_button"), parts.Quiet, f.openSearch)
	h.sync = parts.NewButton(w.T("frame.sync"), parts.Quiet, f.syncNow)
	h.syncGap = gap(theme.Space1)
	h.row = container.NewHBox(h.title, layout.NewSpacer(),
		h.book.content, gap(theme.Space1), h.markets.content, gap(theme.Space1), h.period.content, gap(theme.Space1), h.search, h.syncGap, h.sync)
	h.content = container.NewStack(newHeaderBack(), container.New(layout.NewCustomPaddedLayout(13, 13, theme.Scaled(20), theme.Scaled(20)), h.row))
	h.update()
	return h
}

// update sets the words of all choices.
func (h *header) update() {
	f := h.f
	h.markets.setText(marketsText(f.prefs.Markets, f.facts.Markets, f.d.words))
	h.period.setText(periodText(f.prefs.Period, f.d.p.Now(), f.facts, f.d.words, f.d.loc))
	showIf(h.markets.content, len(f.facts.Markets) > 0)
	showIf(h.sync, f.sync.able && f.facts.Connected)
	showIf(h.syncGap, h.sync.Visible())
	h.row.Refresh()
}

func (h *header) setTitle(title string) {
	h.title.SetText(title, parts.Normal)
	h.row.Refresh()
}

func (h *header) setSyncing(on bool) {
	if on == h.sync.Disabled() {
		return
	}
	if on {
		h.sync.Disable()
	} else {
		h.sync.Enable()
	}
}

func showIf(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// changed keeps the choices, and loads the screen with them.
func (h *header) changed() {
	h.update()
	h.f.savePrefs()
	h.f.reload()
}

func (h *header) bookMenu() {
	f, w := h.f, h.f.d.words
	var items []*fyne.MenuItem
	if names, err := f.d.p.Place.Home.Books(); err == nil {
		for _, name := range names {
			if name != f.s.Name {
				items = append(items, fyne.NewMenuItem(name, func() { f.d.leave(func() { f.d.unlock(name, true) }) }))
			}
		}
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	items = append(items, fyne.NewMenuItem(w.T("frame.import"), f.chooseFiles))
	if f.s.Class != session.Demo {
		items = append(items, fyne.NewMenuItem(w.T("frame.connect_menu"), func() { f.show(route{Screen: "connect"}) }))
	}
	if !f.s.Confirmed() && f.s.Class == session.Real {
		items = append(items, fyne.NewMenuItem(w.T("frame.confirm_code"), f.confirmCode))
	}
	items = append(items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(w.T("frame.new_book"), func() { f.d.leave(f.d.showDoors) }),
		fyne.NewMenuItem(w.T("frame.lock"), f.lock),
		fyne.NewMenuItem(w.T("frame.close_book"), func() { f.d.leave(func() { f.d.begin(false) }) }))
	h.book.open(fyne.NewMenu("", items...), f.d.window)
}

func (h *header) marketMenu() {
	f := h.f
	all := fyne.NewMenuItem(f.d.words.T("frame.all_marketplaces"), func() {
		f.prefs.Markets = nil
		h.changed()
	})
	all.Checked = len(f.prefs.Markets) == 0
	items := []*fyne.MenuItem{all, fyne.NewMenuItemSeparator()}
	for _, m := range f.facts.Markets {
		item := fyne.NewMenuItem(m.Country+"  "+m.Name+"  "+m.Currency, func() { h.toggleMarket(m.ID) })
		item.Checked = slices.Contains(f.prefs.Markets, m.ID)
		items = append(items, item)
	}
	h.markets.open(fyne.NewMenu("", items...), f.d.window)
}

func (h *header) toggleMarket(id string) {
	p := &h.f.prefs
	if i := slices.Index(p.Markets, id); i >= 0 {
		p.Markets = slices.Delete(slices.Clone(p.Markets), i, i+1)
	} else {
		p.Markets = append(slices.Clone(p.Markets), id)
	}
	if len(p.Markets) == len(h.f.facts.Markets) {
		p.Markets = nil
	}
	h.changed()
}

func (h *header) periodMenu() {
	f, w := h.f, h.f.d.words
	var items []*fyne.MenuItem
	for _, preset := range presets {
		item := fyne.NewMenuItem(w.T("frame.period."+preset), func() {
			f.prefs.Period.Preset = preset
			h.changed()
		})
		item.Checked = f.prefs.Period.Preset == preset
		items = append(items, item)
	}
	own := fyne.NewMenuItem(w.T("frame.period.custom"), h.askDays)
	own.Checked = f.prefs.Period.Preset == custom
	items = append(items, own, fyne.NewMenuItemSeparator())
	for _, c := range []struct{ id, key string }{
		{compareNone, "frame.compare.none"}, {compareBefore, "frame.compare.before"}, {compareYear, "frame.compare.year"},
	} {
		item := fyne.NewMenuItem(w.T(c.key), func() {
			f.prefs.Period.Compare = c.id
			h.changed()
		})
		item.Checked = f.prefs.Period.Compare == c.id
		items = append(items, item)
	}
	h.period.open(fyne.NewMenu("", items...), f.d.window)
}

// askDays asks for the first and last day.
func (h *header) askDays() {
	f, w := h.f, h.f.d.words
	from, to := f.prefs.Period.span(f.d.p.Now(), f.facts.First, f.facts.Last)
	first, last := parts.NewDateEntry(), parts.NewDateEntry()
	first.SetDate(&from)
	last.SetDate(&to)
	var m *modal
	m = newModal(f.env, w.T("frame.period.custom"), container.NewVBox(field(w.T("frame.from"), first), field(w.T("frame.to"), last)), fyne.NewSize(360, 300),
		parts.NewButton(w.T("frame.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(w.T("frame.apply"), parts.Primary, func() {
			if first.Date == nil || last.Date == nil {
				return
			}
			m.hide()
			h.setDays(*first.Date, *last.Date)
		}))
	m.show()
	f.d.window.Canvas().Focus(first)
}

func (h *header) setDays(a, z time.Time) {
	p := period{Preset: custom, From: dayOf(a), To: dayOf(z), Compare: h.f.prefs.Period.Compare}
	if p.From > p.To {
		p.From, p.To = p.To, p.From
	}
	h.f.prefs.Period = p
	h.changed()
}

// dropDown is a button that opens a menu below itself.
type dropDown struct {
	button  *parts.Button
	arrow   *canvas.Image
	content *fyne.Container
}

func newDropDown(text string, tapped func()) *dropDown {
	d := &dropDown{button: parts.NewButton("", parts.Quiet, tapped)}
	d.arrow = canvas.NewImageFromResource(base.NewColoredResource(icon("down"), base.ColorNamePlaceHolder))
	d.arrow.FillMode = canvas.ImageFillContain
	d.content = container.New(dropLayout{}, d.button, d.arrow)
	d.setText(text)
	return d
}

func (d *dropDown) setText(text string) {
	if r := []rune(text); len(r) > 34 {
		text = string(r[:33]) + "…"
	}
	d.button.SetText(text + "     ") // room for the arrow
}

func (d *dropDown) open(menu *fyne.Menu, w fyne.Window) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.button)
	widget.ShowPopUpMenuAtPosition(menu, w.Canvas(), at.AddXY(0, d.button.Size().Height+theme.Scaled(2)))
}

// dropLayout lays an arrow over the right end of a button.
type dropLayout struct{}

func (dropLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (dropLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(size)
	side := theme.Scaled(12)
	o[1].Resize(fyne.NewSquareSize(side))
	o[1].Move(fyne.NewPos(size.Width-side-theme.Scaled(10), (size.Height-side)/2))
}

// headerBack is the sheet behind the header with its hairline.
type headerBack struct{ widget.BaseWidget }

func newHeaderBack() *headerBack {
	b := &headerBack{}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *headerBack) CreateRenderer() fyne.WidgetRenderer {
	r := &headerBackView{sheet: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type headerBackView struct{ sheet, line *canvas.Rectangle }

func (v *headerBackView) Destroy()           {}
func (v *headerBackView) MinSize() fyne.Size { return fyne.NewSize(0, 0) }
func (v *headerBackView) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.sheet, v.line}
}

func (v *headerBackView) Layout(s fyne.Size) {
	v.sheet.Resize(s)
	v.line.Move(fyne.NewPos(0, s.Height-theme.Hairline))
	v.line.Resize(fyne.NewSize(s.Width, theme.Hairline))
}

func (v *headerBackView) Refresh() {
	v.sheet.FillColor, v.line.FillColor = theme.Now().Sheet, theme.Now().Line
	v.sheet.Refresh()
	v.line.Refresh()
}
