package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// profitChoices are the drop-downs at the right of the note: what the part that is
// shown is cut into, and where its money stands.
type profitChoices struct {
	row, views                   *fyne.Container
	periods, breakdown, tax, day *dropDown
	close                        *parts.Button
}

func (p *profitScreen) buildChoices() fyne.CanvasObject {
	c := &p.choices
	c.periods = newDropDown("", p.periodsMenu)
	c.breakdown = newDropDown("", p.breakdownMenu)
	c.tax = newDropDown("", p.taxMenu)
	c.day = newDropDown("", p.basisMenu)
	c.close = parts.NewButton(p.env.words.T("profit.close"), parts.Primary, p.askClose)
	c.views = container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)))
	c.row = container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)), c.views, c.periods.content, c.breakdown.content, c.tax.content, c.day.content, c.close)
	return c.row
}

// arrange shows the choices and pictures of the part that is shown.
func (p *profitScreen) arrange() {
	w, c := p.env.words, &p.choices
	c.periods.setText(w.T("profit.by_" + p.periods))
	c.breakdown.setText(w.T("profit.by_" + p.by))
	c.tax.setText(w.T("profit.tax_" + p.taxOf))
	c.day.setText(w.T("profit.basis_" + string(p.basis)))
	statement, groups, figures := p.view == profitStatementView, p.view == profitGroupsView, p.view == profitFiguresView
	showIf(c.periods.content, statement || figures)
	showIf(c.breakdown.content, groups)
	showIf(c.tax.content, p.view == profitTaxView)
	showIf(c.day.content, statement || groups || figures)
	showIf(c.close, p.view == profitMonthsView)
	for i, on := range []bool{statement || groups, statement || groups, p.view == profitBridgeView, figures || p.view == profitMonthsView} {
		showIf(p.body.Objects[i+1], on)
	}
	p.line.Refresh()
}

// showViews offers columns and saved views of a table whose columns are the same
// for all periods.
func (p *profitScreen) showViews() {
	of := map[string]string{profitGroupsView: p.by, profitTaxView: p.taxOf, profitChangesView: "all"}[p.view]
	p.choices.views.Objects = nil
	if table, ok := p.table.(viewTable); ok && of != "" {
		p.choices.views.Objects = p.views.attach(p.env, "profit-"+p.view+"-"+of, table)
	}
	showIf(p.choices.views, len(p.choices.views.Objects) > 0)
	p.line.Refresh()
}

// tab follows the chips of the parts.
func (p *profitScreen) tab(on []string) {
	if len(on) == 1 && on[0] != p.view {
		p.turn(on[0])
		p.again()
	}
}

// turn chooses a part without reading.
func (p *profitScreen) turn(view string) {
	p.view = view
	for _, c := range p.tabs.Chips {
		c.SetOn(c.ID == view)
	}
	p.arrange()
}

// again reads what the choices ask for.
func (p *profitScreen) again() { p.read(p.data) }

func (p *profitScreen) setPeriods(by string) {
	p.periods = by
	p.again()
}

func (p *profitScreen) setBreakdown(by string) {
	p.by = by
	p.again()
}

func (p *profitScreen) setBasis(basis store.Basis) {
	p.basis = basis
	p.again()
}

// choiceMenu opens a menu of which one item is chosen.
func (p *profitScreen) choiceMenu(of *dropDown, prefix, now string, ids []string, chosen func(string), more ...*fyne.MenuItem) {
	var items []*fyne.MenuItem
	for _, id := range ids {
		item := fyne.NewMenuItem(p.env.words.T(prefix+id), func() { chosen(id) })
		item.Checked = id == now
		items = append(items, item)
	}
	if len(more) > 0 {
		items = append(append(items, fyne.NewMenuItemSeparator()), more...)
	}
	of.open(fyne.NewMenu("", items...), p.env.window)
}

func (p *profitScreen) periodsMenu() {
	all := []string{statementDays, statementWeeks, statementMonths, statementQuarters, statementYears, statementWhole}
	p.choiceMenu(p.choices.periods, "profit.by_", p.periods, all, p.setPeriods, fyne.NewMenuItem(p.env.words.T("profit.other_days"), p.askDays))
}

func (p *profitScreen) breakdownMenu() {
	all := []string{profitByProduct, profitByMarket, string(store.ByParent), string(store.ByBrand), string(store.ByTag), string(store.ByOrder)}
	p.choiceMenu(p.choices.breakdown, "profit.by_", p.by, all, p.setBreakdown)
}

func (p *profitScreen) basisMenu() {
	all := []string{string(store.ByPosting), string(store.ByOrderDay)}
	p.choiceMenu(p.choices.day, "profit.basis_", string(p.basis), all, func(id string) { p.setBasis(store.Basis(id)) },
		fyne.NewMenuItem(p.env.words.T("profit.dates_ask"), p.askDates))
}

// askDays asks for days of one's own; a chip beside the note ends them.
func (p *profitScreen) askDays() {
	w, span := p.env.words, p.query().Span
	from, to := statementDay(span.From), statementDay(span.To)
	first, last := parts.NewDateEntry(), parts.NewDateEntry()
	first.SetDate(&from)
	last.SetDate(&to)
	var m *modal
	m = newModal(p.env, w.T("profit.other_days"), container.NewVBox(field(w.T("frame.from"), first), field(w.T("frame.to"), last)), fyne.NewSize(360, 300),
		parts.NewButton(w.T("frame.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(w.T("frame.apply"), parts.Primary, func() {
			if first.Date == nil || last.Date == nil {
				return
			}
			m.hide()
			p.showDays(dayOf(*first.Date), dayOf(*last.Date))
		}))
	p.modal = m
	m.show()
	p.env.window.Canvas().Focus(first)
}

// showDays narrows the screen to days, both included, whatever their order.
func (p *profitScreen) showDays(from, to string) {
	r := p.route
	r.Screen, r.View, r.From, r.To = "profit", "", min(from, to), max(from, to)
	p.env.show(r)
}

// noteText is the line under the chips.
func (p *profitScreen) noteText() string {
	w, d := p.env.words, p.data
	switch p.view {
	case profitBridgeView, profitTaxView:
		span := d.Query.Span
		if p.view == profitBridgeView {
			span = d.BridgeSpan
		}
		text := w.T("profit.note_"+p.view, statementRange(p.env.loc, span))
		if d.Query.SKU != "" {
			text += " " + w.T("profit.note_all")
		}
		return text
	case profitChangesView:
		return p.changesNote()
	case profitMonthsView:
		return w.T("profit.note_months")
	}
	note := profitNote(w, p.env.loc, d)
	if p.basis == store.ByOrderDay {
		note += " · " + w.T("profit.by_order_date")
	}
	return note
}

// currencyChips lets one of several currencies be chosen; they are never added.
func (p *profitScreen) currencyChips() {
	p.currencies.RemoveAll()
	if len(p.data.Currencies) > 1 {
		p.currencies.Add(currencyBar(p.data.Currencies, p.currency, func(c string) {
			p.currency = c
			p.load(p.route)
		}))
	}
	p.top.Refresh() // the chips' room is the row's to give
}

// currencyBar is a chip for each currency, one of them on.
func currencyBar(all []string, now string, chosen func(string)) *fyne.Container {
	var chips []*parts.Chip
	for _, c := range all {
		chip := parts.NewChip(c, c, "", nil)
		chip.SetOn(c == now)
		chips = append(chips, chip)
	}
	return chipRow(chips, chosen)
}

// chipRow is a row of chips of which exactly one is on, as wide as they are.
func chipRow(chips []*parts.Chip, chosen func(id string)) *fyne.Container {
	parts.NewFilterBar(true, func(on []string) {
		if len(on) == 1 {
			chosen(on[0])
		}
	}, chips...)
	row := container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)))
	for _, c := range chips {
		row.Add(c)
	}
	return row
}

// narrowChips says what of the header's filter is narrowed further; a press
// ends all of it.
func (p *profitScreen) narrowChips() {
	p.narrowed.RemoveAll()
	add := func(text string) {
		chip := parts.NewChip("narrowed", text+" ×", "", func() { p.env.show(route{Screen: "profit"}) })
		chip.SetOn(true)
		p.narrowed.Add(chip)
	}
	if p.route.From != "" && p.route.To != "" {
		add(statementRange(p.env.loc, statementSpan{p.route.From, p.route.To}))
	}
	if p.route.SKU != "" {
		add(p.route.SKU)
	}
	if m, ok := markets.ByID(p.route.Market); ok {
		add(m.Name)
	}
	p.narrowed.Hidden = len(p.narrowed.Objects) == 0
	p.narrowed.Refresh()
}

// profitLayout puts what is not hidden beside the table, or below it where the
// table needs the width.
//
// need is the width of the table and high the height of its rows, in unscaled
// units; a table whose rows are few (high is not 0) leaves the rest of the height.
type profitLayout struct{ need, high float32 }

const profitSide = 328 // units; narrower a bridge cannot be read

// Layout implements fyne.Layout: the table, then up to two others.
func (l *profitLayout) Layout(all []fyne.CanvasObject, s fyne.Size) {
	var o []fyne.CanvasObject
	for _, each := range all {
		if each.Visible() {
			o = append(o, each)
		}
	}
	gap := theme.Scaled(theme.Space3)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	if len(o) == 1 {
		place(o[0], 0, 0, s.Width, s.Height)
		return
	}
	if l.beside(s.Width) {
		side := min(s.Width-theme.Scaled(l.need)-gap, max(s.Width*0.36, theme.Scaled(profitSide)))
		high := (s.Height - gap*float32(len(o)-2)) / float32(len(o)-1)
		place(o[0], 0, 0, s.Width-side-gap, s.Height)
		for i, each := range o[1:] {
			place(each, s.Width-side, float32(i)*(high+gap), side, high)
		}
		return
	}
	below := min(max(s.Height*0.34, theme.Scaled(190)), theme.Scaled(300))
	if l.high > 0 {
		below = max(s.Height-gap-theme.Scaled(l.high), theme.Scaled(190))
	}
	share := (s.Width - gap*float32(len(o)-2)) / float32(len(o)-1)
	place(o[0], 0, 0, s.Width, s.Height-below-gap)
	for i, each := range o[1:] {
		place(each, float32(i)*(share+gap), s.Height-below, share, below)
	}
}

// beside tells whether the charts have room beside the table; they may have in a
// window that has no size yet.
func (l *profitLayout) beside(width float32) bool {
	return width == 0 || theme.Scaled(l.need)+theme.Scaled(theme.Space3)+theme.Scaled(profitSide) <= width
}

// MinSize implements fyne.Layout.
func (l *profitLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(520), theme.Scaled(360))
}
