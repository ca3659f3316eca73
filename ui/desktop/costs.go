package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// Tabs of the screen of costs.
const (
	tabPurchases = "purchases"
	tabUnits     = "units"
	tabUncovered = "uncovered"
	tabExpenses  = "expenses"
	tabRates     = "rates"
	tabKits      = "kits"
	tabPostage   = "postage"
	tabGoods     = "goods"
)

// costsScreen shows what goods and everything else cost, and takes it in.
type costsScreen struct {
	e      *env
	text   costsText
	loads  loader // reading
	acts   loader // changing
	page   *fyne.Container
	tabs   *parts.FilterBar
	tiles  []*parts.Tile
	notice *fyne.Container
	body   *fyne.Container
	bar    *fyne.Container
	view   fyne.CanvasObject
	facts  costFacts
	tab    string
	given  route  // the tab and the product that were asked for
	closer func() // of the table that is shown
	views  tableViews
}

func newCosts(e *env) screen {
	return &costsScreen{e: e, text: costsText{e.loc, e.words}, loads: loader{env: e}, acts: loader{env: e}, tab: tabPurchases}
}

func (s *costsScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	var chips []*parts.Chip
	for _, tab := range []string{tabPurchases, tabUnits, tabKits, tabUncovered, tabGoods, tabPostage, tabExpenses, tabRates} {
		chips = append(chips, parts.NewChip(tab, t("costs.tab."+tab), "", nil))
	}
	s.tabs = parts.NewFilterBar(true, func(on []string) { s.choose(on[0]) }, chips...)
	chips[0].SetOn(true)
	row := container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1, 1, 1, 1}})
	for i := range 4 {
		tile := parts.NewTile(parts.TileData{Loading: true}, func() { s.pressed(i) })
		s.tiles = append(s.tiles, tile)
		row.Add(tile)
	}
	s.notice, s.body, s.bar = container.NewStack(), container.NewStack(), container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)))
	gap := func() fyne.CanvasObject { return spacer(theme.Space3) }
	head := container.New(&costsHead{tabs: s.tabs, changed: func() { s.e.post(func() { s.view.Refresh() }) }}, s.tabs, s.bar)
	s.view = parts.NewBorder(container.NewVBox(row, gap(), s.notice, head, spacer(theme.Space2)), nil, nil, nil, s.body)
	s.page = container.NewStack(parts.NewBorder(row, nil, nil, nil, parts.NewCard("", "", parts.NewSkeleton(12))))
	return s.page
}

// costsHead puts the buttons beside the tabs, at the right edge, or below them
// where the window is too narrow for both.
type costsHead struct {
	tabs    *parts.FilterBar
	below   bool
	changed func() // the rows around it must make room
}

func (h *costsHead) fits(bar fyne.CanvasObject, width float32) bool {
	gap := theme.Scaled(theme.Space2)
	need := bar.MinSize().Width + gap
	for _, c := range h.tabs.Chips {
		need += c.MinSize().Width + gap
	}
	return need <= width
}

// Layout implements fyne.Layout: o are the tabs and the buttons.
func (h *costsHead) Layout(o []fyne.CanvasObject, size fyne.Size) {
	bar := o[1].MinSize()
	if below := !h.fits(o[1], size.Width); below != h.below {
		h.below = below
		h.changed()
	}
	left, top := size.Width, float32(0)
	if h.below {
		o[0].Resize(fyne.NewSize(left, o[0].MinSize().Height)) // what wraps learns its width first
		top = o[0].MinSize().Height + theme.Scaled(theme.Space2)
	} else {
		left -= bar.Width + theme.Scaled(theme.Space2)
	}
	o[0].Resize(fyne.NewSize(left, o[0].MinSize().Height))
	o[0].Move(fyne.NewPos(0, 0))
	if !h.below {
		o[0].Move(fyne.NewPos(0, max(0, (bar.Height-o[0].MinSize().Height)/2)))
	}
	o[1].Resize(bar)
	o[1].Move(fyne.NewPos(size.Width-bar.Width, top))
}

// MinSize implements fyne.Layout.
func (h *costsHead) MinSize(o []fyne.CanvasObject) fyne.Size {
	tabs, bar := o[0].MinSize(), o[1].MinSize()
	height := max(tabs.Height, bar.Height)
	if h.below {
		height = tabs.Height + theme.Scaled(theme.Space2) + bar.Height
	}
	return fyne.NewSize(max(tabs.Width, bar.Width), height)
}

func (s *costsScreen) load(r route) {
	if (r.View == tabGoods || r.View == tabUnits) && r != s.given { // a place that is loaded again keeps its tab
		s.tab = r.View
		s.given = r
	}
	day := s.e.now().UTC().Format(time.DateOnly)
	s.loads.run(func(ctx context.Context) (func(), error) {
		facts, err := readCosts(ctx, s.e.s.Book, day)
		if err != nil {
			return nil, err
		}
		return func() { s.facts = facts; s.shown() }, nil
	}, func(err error) {
		s.put(screenProblem(s.e, s.e.words.T("costs.error"), err, func() { s.load(route{}) }))
	})
}

func (s *costsScreen) put(o fyne.CanvasObject) {
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *costsScreen) shown() {
	for i, m := range books.Methods() {
		s.tiles[i].Set(s.methodTile(m))
	}
	s.tiles[3].Set(s.uncoveredTile())
	f := &s.facts
	counts := map[string]int{
		tabPurchases: len(f.purchases), tabUnits: len(f.units), tabUncovered: len(f.uncovered), tabExpenses: len(f.expenses), tabRates: len(f.rates),
		tabKits: len(f.kits), tabPostage: len(f.postage), tabGoods: len(f.goods),
	}
	for _, c := range s.tabs.Chips {
		c.SetCount(s.e.loc.Count(int64(counts[c.ID])))
	}
	s.notice.Objects = nil
	if len(f.uncovered) > 0 {
		s.notice.Objects = []fyne.CanvasObject{s.warning()}
	}
	s.put(s.view)
	s.choose(s.tab)
}

// methodTile is the stock at cost by one method; the one in use says so.
func (s *costsScreen) methodTile(m books.Method) parts.TileData {
	t, loc := s.e.words.T, s.e.loc
	data := parts.TileData{Title: t("costs.method." + string(m)), Figure: format.Unknown, Tone: parts.Hint, Tip: t("costs.method." + string(m) + ".tip")}
	asOf := t("costs.tile.asof", s.text.day(s.facts.day))
	data.Foot = asOf
	if m == s.facts.method {
		data.Foot = t("costs.method.used") + " · " + asOf
	}
	for _, v := range s.facts.values {
		if v.Method != m {
			continue
		}
		if len(v.Totals) > 0 {
			data.Figure, data.Tone, data.Unit = loc.Money(v.Totals[0]), parts.Normal, v.Totals[0].Currency
			for _, more := range v.Totals[1:] {
				data.Lines = append(data.Lines, "+ "+loc.MoneyWithCode(more))
			}
		}
		for _, c := range v.Cost {
			data.Lines = append(data.Lines, t("costs.tile.sold", loc.MoneyWithCode(c.Neg())))
		}
		if v.Unknown > 0 {
			data.Lines = append(data.Lines, counted(s.e, "costs.tile.unknown", v.Unknown))
		}
	}
	data.Lines = data.Lines[:min(len(data.Lines), 2)] // a foot stands below
	return data
}

func (s *costsScreen) uncoveredTile() parts.TileData {
	t := s.e.words.T
	var units int64
	skus := map[string]bool{}
	for _, u := range s.facts.uncovered {
		units += u.Units
		skus[u.SKU] = true
	}
	data := parts.TileData{Title: t("costs.tile.uncovered"), Figure: s.e.loc.Count(units), Tip: t("costs.tile.uncovered.tip")}
	if units > 0 {
		data.Tone = parts.Warn
		data.Lines = []string{counted(s.e, "costs.tile.skus", int64(len(skus)))}
	} else {
		data.Lines = []string{t("costs.tile.covered")}
	}
	return data
}

// warning tells of SKUs without a cost, over everything else, with what to do.
func (s *costsScreen) warning() fyne.CanvasObject {
	t := s.e.words.T
	line := parts.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(theme.Scaled(theme.Space2)),
		parts.NewButton(t("costs.uncovered.show"), parts.Quiet, func() { s.choose(tabUncovered) }),
		parts.NewButton(t("costs.purchase.add"), parts.Quiet, func() { s.askPurchase(s.nextUncovered()) })),
		container.NewStack(parts.NewLabel(s.text.summary(s.facts.uncovered), theme.TextBody, parts.Warn)))
	in := theme.Scaled(theme.Space2)
	return container.NewVBox(parts.NewSheet(container.New(layout.NewCustomPaddedLayout(in, in, in, in), line)), spacer(theme.Space3))
}

// nextUncovered begins a purchase of the SKU that lacks most.
func (s *costsScreen) nextUncovered() books.Purchase {
	u := s.facts.uncovered[0]
	return books.Purchase{SKU: u.SKU, Units: u.Units, Day: u.First, Currency: u.Currency}
}

// pressed acts on a tile: a method is chosen, or the uncovered SKUs shown.
func (s *costsScreen) pressed(i int) {
	if i == 3 {
		s.choose(tabUncovered)
		return
	}
	m, t := books.Methods()[i], s.e.words.T
	if m == s.facts.method {
		return
	}
	name := t("costs.method." + string(m))
	confirm(s.e, t("costs.method.change"), t("costs.method.ask", name), t("costs.method.change"), parts.Primary, func() {
		s.e.busy(t("costs.method.busy"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
			err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error {
				tx.Because(worker(), "costing method "+string(m))
				return tx.SetCostMethod(m, func(done, total int) { progress(int64(done), int64(total)) })
			})
			if err != nil {
				return "", err
			}
			s.e.post(s.e.reload)
			return t("costs.method.done", name), nil
		})
	})
}

func (s *costsScreen) choose(tab string) {
	s.tab = tab
	for _, c := range s.tabs.Chips {
		c.SetOn(c.ID == tab)
	}
	if s.closer != nil {
		s.closer()
	}
	table, closer := s.table(tab)
	s.closer = closer
	s.body.Objects = []fyne.CanvasObject{parts.NewSheet(table)}
	s.bar.Objects = s.buttons(tab)
	if t, ok := table.(viewTable); ok {
		s.bar.Objects = append(s.views.attach(s.e, "costs-"+tab, t), s.bar.Objects...)
	}
	s.body.Refresh()
	s.bar.Refresh()
	s.page.Refresh()
}

func (s *costsScreen) buttons(tab string) []fyne.CanvasObject {
	t := s.e.words.T
	button := func(word string, w parts.Weight, f func()) fyne.CanvasObject { return parts.NewButton(t(word), w, f) }
	export := button("costs.export", parts.Quiet, func() { s.export(tab) })
	switch tab {
	case tabPurchases:
		return []fyne.CanvasObject{
			button("costs.template", parts.Quiet, s.template), button("costs.import", parts.Quiet, func() { s.askImport(tab) }), export,
			button("costs.purchase.add", parts.Primary, func() { s.askPurchase(books.Purchase{Currency: s.usualCurrency()}) }),
		}
	case tabUnits:
		return []fyne.CanvasObject{
			button("costs.import", parts.Quiet, func() { s.askImport(tab) }), export,
			button("costs.unit.add", parts.Primary, func() { s.askUnit(books.Cost{Currency: s.usualCurrency()}) }),
		}
	case tabKits:
		return []fyne.CanvasObject{button("costs.kit.add", parts.Primary, func() { s.askKit(kitRow{}) })}
	case tabGoods:
		return []fyne.CanvasObject{export, button("costs.goods.add", parts.Primary, s.askGoods)}
	case tabPostage:
		return []fyne.CanvasObject{
			button("costs.bill.import", parts.Quiet, func() { s.askImport(tab) }),
			button("costs.postage.add", parts.Primary, func() { s.askPostage(store.PostageRate{Currency: s.usualCurrency()}) }),
		}
	case tabExpenses:
		return []fyne.CanvasObject{
			button("costs.import", parts.Quiet, func() { s.askImport(tab) }), export,
			button("costs.expense.add", parts.Primary, func() {
				s.askExpense(books.Outlay{Amount: books.Money{Currency: s.usualCurrency()}, Repeat: books.Monthly})
			}),
		}
	case tabRates:
		return []fyne.CanvasObject{
			button("costs.currency.choose", parts.Quiet, s.askCurrency), button("costs.rate.fetch", parts.Quiet, s.askFetch), button("costs.rate.import", parts.Quiet, func() { s.askImport(tab) }),
			button("costs.rate.add", parts.Primary, s.askRate),
		}
	}
	return []fyne.CanvasObject{button("costs.purchase.add", parts.Primary, func() { s.askPurchase(books.Purchase{Currency: s.usualCurrency()}) })}
}

// usualCurrency is what a new entry begins with.
func (s *costsScreen) usualCurrency() string {
	if len(s.facts.purchases) > 0 {
		return s.facts.purchases[0].Currency
	}
	return s.facts.currency
}

// change does something to the book and shows the costs again.
func (s *costsScreen) change(said, cause string, f func(*store.Tx) error) {
	s.acts.run(func(ctx context.Context) (func(), error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error {
			tx.Because(worker(), cause)
			return f(tx)
		})
		return func() { s.e.notify(said); s.load(route{}) }, err
	}, s.refused)
}

func (s *costsScreen) close() {
	s.loads.close()
	s.acts.close()
	s.views.close()
	if s.closer != nil {
		s.closer()
		s.closer = nil
	}
}
