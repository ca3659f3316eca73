package desktop

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// ordersScreen lists orders, and shows one at the right.
type ordersScreen struct {
	*listPart[ordersRow]
	e      *env
	text   ordersText
	loads  loader // sums, counts, whether there is anything
	papers loader // what Amazon sent, recipients, notes
	view   store.OrdersView
	route  route // what another screen narrowed the list to

	shownOf  string // the view in the list
	summedOf string // the view whose counts and sums are shown

	page     *fyne.Container // one child: the state that is shown
	body     fyne.CanvasObject
	search   *parts.Entry
	who      *parts.FilterBar
	chips    *parts.FilterBar
	narrowed *fyne.Container
	sums     *fyne.Container
	empty    *fyne.Container

	open [2]string // connection and id of the order in the drawer
}

func newOrders(e *env) screen {
	return &ordersScreen{e: e, text: ordersText{e.loc, e.words, new(bool)}, loads: loader{env: e}, papers: loader{env: e}}
}

// ordersQuiet are the groups that are offered only where they hold something.
var ordersQuiet = []store.OrderGroup{store.OrdersLoss, store.OrdersNoCost, store.OrdersUnknown}

func (s *ordersScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	var chips []*parts.Chip
	for _, g := range store.OrderGroupList {
		word := "orders.chip.all"
		if g != store.AllOrders {
			word = "orders.chip." + string(g)
		}
		chips = append(chips, parts.NewChip(string(g), t(word), "", nil))
	}
	chips[0].SetOn(true)
	s.chips = parts.NewFilterBar(true, func(on []string) { s.view.Group = store.OrderGroup(on[0]); s.refill() }, chips...)
	who := []*parts.Chip{parts.NewChip("", t("orders.channel.all"), "", nil), parts.NewChip("AMAZON", t("orders.channel.fba"), "", nil),
		parts.NewChip("MERCHANT", t("orders.channel.own"), "", nil)}
	who[0].SetOn(true)
	s.who = parts.NewFilterBar(true, func(on []string) { s.view.FulfilledBy = on[0]; s.refill() }, who...)
	s.search = parts.NewEntry()
	s.search.SetPlaceHolder(t("orders.search"))
	s.search.OnChanged = func(text string) { s.view.Text = text; s.refill() }
	s.empty, s.narrowed = container.NewStack(), container.NewHBox()
	s.narrowed.Hide()
	s.sums = container.New(&parts.Wrap{Gap: theme.Space3})
	s.listPart = newListPart(s.e, listOptions[ordersRow]{
		Name: "orders", Columns: ordersColumns(s.text), Pinned: 2, Order: parts.Order{Column: "date", Desc: true},
		Empty: s.empty, Failed: s.failed, Show: func(r ordersRow) { s.show(r.Connection, r.ID) },
		Below:  container.New(layout.NewCustomPaddedLayout(0, 0, theme.Scaled(theme.Space2), theme.Scaled(theme.Space2)), s.sums),
		Filter: func() listFilter { return listFilter{string(s.view.Group), s.view.FulfilledBy, s.view.Text} },
		Apply:  s.narrowTo,
	})
	s.body = parts.NewBorder(s.bar(), nil, nil, nil, s.beside)
	s.page = container.NewStack(s.body)
	return s.page
}

// bar is the search, the chips and what can be done with the list.
func (s *ordersScreen) bar() fyne.CanvasObject {
	right, width := s.buttons()
	top := container.New(detailBarLayout{left: 270, right: width}, s.search, s.who, right)
	gap := theme.Scaled(theme.Space2)
	return container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0),
		parts.NewBorder(container.New(layout.NewCustomPaddedLayout(0, gap, 0, 0), top), nil, s.narrowed, nil, s.chips))
}

// narrowTo narrows the list beside the header's choice, without reading it. A
// group that this version does not know is none.
func (s *ordersScreen) narrowTo(f listFilter) {
	if !slices.Contains(store.OrderGroupList, store.OrderGroup(f.Chip)) {
		f.Chip = ""
	}
	s.view.Group, s.view.FulfilledBy, s.view.Text = store.OrderGroup(f.Chip), f.Who, f.Text
	for _, c := range s.chips.Chips {
		c.SetOn(c.ID == f.Chip)
	}
	for _, c := range s.who.Chips {
		c.SetOn(c.ID == f.Who)
	}
	changed := s.search.OnChanged
	s.search.OnChanged = nil // it would fill the list twice
	s.search.SetText(f.Text)
	s.search.OnChanged = changed
}

// load implements screen.
func (s *ordersScreen) load(r route) { s.begin(func() { s.read(r) }) }

func (s *ordersScreen) read(r route) {
	f := s.e.filter()
	if came := r.SKU + r.From + r.To + r.Market + r.Order; came != "" && r != s.route {
		s.narrowTo(listFilter{Text: cmp.Or(r.Order, r.SKU)}) // what was narrowed before would hide what is asked for
	}
	s.route = r
	s.view.From, s.view.To, s.view.Marketplaces, s.view.Sold = f.From, f.To, f.Marketplaces, false
	if r.From != "" && r.To != "" {
		s.view.From, s.view.To, s.view.Sold = r.From, r.To, true
	}
	if r.Market != "" {
		s.view.Marketplaces = ordersMarkets(r.Market, f.Marketplaces)
	}
	s.narrowChip()
	s.fill(s.shownOf == ordersKey(s.view))
	switch {
	case r.Order != "":
		s.find(r.Order)
	case s.drawer.Visible():
		s.show(s.open[0], s.open[1])
	}
}

// ordersMarkets is the marketplace of a route, or those of a currency.
func ordersMarkets(market string, chosen []string) []string {
	var all []string
	for _, m := range markets.All() {
		if m.ID == market || m.Currency == market && (len(chosen) == 0 || slices.Contains(chosen, m.ID)) {
			all = append(all, m.ID)
		}
	}
	return all
}

// narrowChip says to which days and marketplace another screen narrowed the
// list; a press ends it.
func (s *ordersScreen) narrowChip() {
	s.narrowed.RemoveAll()
	var words []string
	if s.route.From != "" && s.route.To != "" {
		words = append(words, statementRange(s.e.loc, statementSpan{s.route.From, s.route.To}), s.e.words.T("orders.narrowed.sold"))
	}
	if s.route.Market != "" {
		name := s.route.Market
		if m, ok := markets.ByID(name); ok {
			name = m.Name
		}
		words = append(words, name)
	}
	if len(words) > 0 {
		chip := parts.NewChip("narrowed", strings.Join(words, " · ")+" ×", "", func() { s.e.show(route{Screen: "orders"}) })
		chip.SetOn(true)
		s.narrowed.Add(chip)
	}
	s.narrowed.Hidden = len(words) == 0
	s.narrowed.Refresh()
}

// ordersKey tells views apart.
func ordersKey(v store.OrdersView) string {
	text, _ := json.Marshal(v) // strings only
	return string(text)
}

// refill shows another choice of the same days.
func (s *ordersScreen) refill() {
	s.keep()
	s.fill(false)
}

// fill reads the list and its sums. again keeps the place in it.
func (s *ordersScreen) fill(again bool) {
	if again {
		s.table.Reload()
	} else {
		s.table.SetSource(&ordersSource{book: s.e.s.Book, view: s.view})
		s.table.SetTotals(map[string]parts.Cell{})
		s.sums.RemoveAll()
	}
	s.empty.Objects = []fyne.CanvasObject{s.nothing()}
	view := s.view
	s.shownOf = ordersKey(view)
	s.loads.run(func(ctx context.Context) (func(), error) {
		any, err := s.e.s.Book.HasOrders(ctx)
		if err != nil {
			return nil, err
		}
		groups, err := s.e.s.Book.OrderGroups(ctx, view)
		if err != nil {
			return nil, err
		}
		sums, err := s.e.s.Book.OrdersSums(ctx, view)
		if err != nil {
			return nil, err
		}
		return func() {
			s.summedOf = ordersKey(view)
			s.summed(any, groups, ordersTotalsOf(sums))
		}, nil
	}, s.failed)
}

// nothing is shown in an empty list: what narrows it is one press away.
func (s *ordersScreen) nothing() fyne.CanvasObject {
	t := s.e.words.T
	if s.view.Group == store.AllOrders && s.view.Text == "" && s.view.FulfilledBy == "" {
		return parts.NewEmptyState(t("orders.none.days"), "", nil)
	}
	return parts.NewEmptyState(t("orders.none"), t("orders.none.all"), s.widen)
}

// widen drops everything that narrows the list but the header's choice.
func (s *ordersScreen) widen() {
	s.narrowTo(listFilter{})
	s.refill()
}

func (s *ordersScreen) summed(any bool, groups map[store.OrderGroup]int64, totals ordersTotals) {
	if !any {
		t := s.e.words.T
		s.put(parts.NewCard("", "", parts.NewEmptyState(t("orders.empty"), t("orders.import"), func() { s.e.show(route{Screen: "import"}) })))
		return
	}
	s.put(s.body)
	for _, c := range s.chips.Chips {
		g := store.OrderGroup(c.ID)
		c.SetCount(s.e.loc.Count(groups[g]))
		showIf(c, groups[g] > 0 || s.view.Group == g || !slices.Contains(ordersQuiet, g))
	}
	s.chips.Refresh()
	*s.text.zones = len(totals.ByCurrency) > 1
	s.table.SetTotals(s.text.totals(totals))
	s.sums.RemoveAll()
	if len(totals.ByCurrency) > 1 {
		for _, c := range totals.ByCurrency {
			s.sums.Add(parts.NewLabel(s.text.sentence(c), theme.TextBody, parts.Muted).Whole())
		}
	}
	s.body.Refresh()
}

func (s *ordersScreen) failed(err error) {
	s.put(screenProblem(s.e, s.e.words.T("orders.error"), err, func() { s.put(s.body); s.fill(false) }))
}

func (s *ordersScreen) put(o fyne.CanvasObject) {
	if s.page.Objects[0] != o {
		s.page.Objects = []fyne.CanvasObject{o}
		s.page.Refresh()
	}
}

// find opens an order of which only the id is known.
func (s *ordersScreen) find(id string) {
	s.opens.run(func(ctx context.Context) (func(), error) {
		connection, err := s.e.s.Book.FindOrder(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return func() { s.e.notify(s.e.words.T("orders.notfound", id)) }, nil
		}
		return func() { s.show(connection, id) }, err
	}, func(err error) { s.e.notify(err.Error()) })
}

// show opens the drawer on an order.
func (s *ordersScreen) show(connection, id string) {
	s.showDrawer(id)
	s.open = [2]string{connection, id}
	if s.e.opened != nil {
		s.e.opened(connection, id)
	}
	s.opens.run(func(ctx context.Context) (func(), error) {
		d, err := s.e.s.Book.OrderDetail(ctx, connection, id)
		if errors.Is(err, store.ErrNotFound) {
			return func() { s.escape() }, nil // erased since
		}
		if err != nil {
			return nil, err
		}
		people, err := s.e.s.Book.HasPeople(ctx, []store.OrderLine{d.OrderLine})
		if err != nil {
			return nil, err
		}
		_, noted, err := s.e.s.Book.Note(ctx, connection, id)
		if err != nil {
			return nil, err
		}
		return func() { s.fillDrawer(d, people[[2]string{connection, id}], noted) }, nil
	}, func(err error) {
		s.drawer.SetContent(id, "", screenProblem(s.e, s.e.words.T("orders.error"), err, func() { s.show(connection, id) }))
	})
}

// close implements screen.
func (s *ordersScreen) close() {
	s.loads.close()
	s.papers.close()
	s.closeList()
}
