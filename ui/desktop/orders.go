package desktop

import (
	"context"
	"encoding/json"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// ordersTableSetting keeps what the user chose about the list's columns.
const ordersTableSetting = "orders.table"

// ordersScreen lists orders, and shows one at the right.
type ordersScreen struct {
	e      *env
	text   ordersText
	loads  loader // sums, counts, whether there is anything
	opens  loader // the order in the drawer
	papers loader // what Amazon sent, and recipients
	saves  loader // columns
	view   store.OrdersView

	restored bool   // the columns are as the user left them
	shownOf  string // the view in the list

	page    *fyne.Container // one child: the state that is shown
	body    fyne.CanvasObject
	search  *widget.Entry
	who     *parts.FilterBar
	chips   *parts.FilterBar
	table   *parts.Table[ordersRow]
	columns []parts.Column[ordersRow]
	sums    *fyne.Container
	drawer  *parts.Drawer
	beside  *fyne.Container
	empty   *fyne.Container

	open   [2]string // connection and id of the order in the drawer
	narrow []string  // columns hidden while the drawer is open
	quiet  bool      // changes of columns are the screen's own
}

func newOrders(e *env) screen {
	return &ordersScreen{e: e, text: ordersText{e.loc, e.words}, loads: loader{env: e}, opens: loader{env: e}, papers: loader{env: e}, saves: loader{env: e}}
}

// ordersGroups are the chips, in their order.
var ordersGroups = []struct {
	group store.OrderGroup
	word  string
}{
	{store.AllOrders, "orders.chip.all"}, {store.OrdersUnshipped, "orders.chip.toship"}, {store.OrdersPending, "orders.chip.pending"},
	{store.OrdersShipped, "orders.chip.shipped"}, {store.OrdersCancelled, "orders.chip.cancelled"}, {store.OrdersRefunded, "orders.chip.refunded"},
	{store.OrdersNoCost, "orders.chip.nocost"}, {store.OrdersUnknown, "orders.chip.unknown"},
}

func (s *ordersScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	chips := make([]*parts.Chip, len(ordersGroups))
	for i, g := range ordersGroups {
		chips[i] = parts.NewChip(string(g.group), t(g.word), "", nil)
	}
	chips[0].SetOn(true)
	s.chips = parts.NewFilterBar(true, func(on []string) { s.view.Group = store.OrderGroup(on[0]); s.refill() }, chips...)
	who := []*parts.Chip{parts.NewChip("", t("orders.channel.all"), "", nil), parts.NewChip("AMAZON", t("orders.channel.fba"), "", nil),
		parts.NewChip("MERCHANT", t("orders.channel.own"), "", nil)}
	who[0].SetOn(true)
	s.who = parts.NewFilterBar(true, func(on []string) { s.view.FulfilledBy = on[0]; s.refill() }, who...)
	s.search = widget.NewEntry()
	s.search.SetPlaceHolder(t("orders.search"))
	s.search.OnChanged = func(text string) { s.view.Text = text; s.refill() }

	s.empty = container.NewStack()
	s.columns = ordersColumns(s.text)
	s.table = parts.NewTable(s.e.ctx, s.columns, parts.Rows([]ordersRow(nil), s.columns), parts.TableOptions[ordersRow]{
		Post: s.e.post, Pinned: 2, Empty: s.empty, OnError: s.failed, OnState: s.keep,
		OnSelect: func(r ordersRow) {
			if s.drawer.Visible() {
				s.show(r.Connection, r.ID)
			}
		},
		OnOpen: func(r ordersRow, _ string) { s.show(r.Connection, r.ID) },
	})
	s.table.SetOrder(parts.Order{Column: "date", Desc: true})
	s.sums = container.New(&parts.Wrap{Gap: theme.Space3})
	s.drawer = parts.NewDrawer("", "", t("orders.close"), container.NewStack(), func() { s.escape() })
	s.drawer.Hide()
	sheet := parts.NewSheet(container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Scaled(theme.Space2), theme.Scaled(theme.Space2)), s.sums), nil, nil, s.table))
	s.beside = container.New(parts.Beside{}, sheet, s.drawer)
	s.body = container.NewBorder(s.bar(), nil, nil, nil, s.beside)
	s.page = container.NewStack(s.body)
	return s.page
}

// bar is the search, the chips and what can be done with the list.
func (s *ordersScreen) bar() fyne.CanvasObject {
	t := s.e.words.T
	var columns, export *parts.Button
	columns = parts.NewButton(t("orders.columns"), parts.Quiet, func() {
		widget.ShowPopUpAtRelativePosition(container.NewPadded(s.table.Chooser()), s.e.window.Canvas(), fyne.NewPos(0, columns.Size().Height), columns)
	})
	export = parts.NewButton(t("orders.export"), parts.Quiet, func() { detailExportMenu(s.e, export, "orders", s.table.Export) })
	right := container.New(&parts.Wrap{Gap: theme.Space2}, columns, export)
	top := container.New(detailBarLayout{left: 270, right: columns.MinSize().Width + export.MinSize().Width + theme.Scaled(theme.Space2)}, s.search, s.who, right)
	gap := theme.Scaled(theme.Space2)
	return container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, gap, 0, 0), top), nil, nil, nil, s.chips))
}

// load implements screen.
func (s *ordersScreen) load(r route) {
	f := s.e.filter()
	view := s.view
	view.From, view.To, view.Marketplaces = f.From, f.To, f.Marketplaces
	if r.SKU != "" && r.SKU != s.search.Text {
		view.Text = r.SKU
		changed := s.search.OnChanged
		s.search.OnChanged = nil // it would fill the list twice
		s.search.SetText(r.SKU)
		s.search.OnChanged = changed
	}
	s.view = view
	s.fill(s.shownOf == ordersKey(view))
	switch {
	case r.Order != "":
		s.find(r.Order)
	case s.drawer.Visible():
		s.show(s.open[0], s.open[1])
	}
}

// ordersKey tells views apart.
func ordersKey(v store.OrdersView) string {
	text, _ := json.Marshal(v) // strings only
	return string(text)
}

// refill shows another choice of the same days.
func (s *ordersScreen) refill() { s.fill(false) }

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
	view, first := s.view, !s.restored
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
		compact, columns := readLook(ctx, s.e.s.Book).Compact, ""
		if first {
			if columns, err = s.e.s.Book.Setting(ctx, ordersTableSetting); err != nil {
				return nil, err
			}
		}
		return func() {
			s.restore(columns)
			s.summed(any, groups, ordersTotalsOf(sums), compact)
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
	s.view.Group, s.view.Text, s.view.FulfilledBy = store.AllOrders, "", ""
	for _, bar := range []*parts.FilterBar{s.chips, s.who} {
		for i, c := range bar.Chips {
			c.SetOn(i == 0)
		}
	}
	if s.search.Text != "" {
		s.search.SetText("") // fills the list
		return
	}
	s.refill()
}

func (s *ordersScreen) summed(any bool, groups map[store.OrderGroup]int64, totals ordersTotals, compact bool) {
	if !any {
		t := s.e.words.T
		s.put(parts.NewEmptyState(t("orders.empty"), t("orders.import"), func() { s.e.show(route{Screen: "import"}) }))
		return
	}
	s.put(s.body)
	if compact != s.table.State().Compact {
		s.quiet = true
		s.table.SetCompact(compact)
		s.quiet = false
	}
	for _, c := range s.chips.Chips {
		c.SetCount(s.e.loc.Count(groups[store.OrderGroup(c.ID)]))
	}
	s.chips.Refresh()
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
	s.put(detailProblem(s.e, s.e.words.T("orders.error"), err, func() { s.put(s.body); s.fill(false) }))
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
	if !s.drawer.Visible() {
		s.drawer.SetContent(id, "", parts.NewSkeleton(12))
		s.drawer.Show()
		s.squeeze(true)
		s.beside.Refresh()
	}
	s.open = [2]string{connection, id}
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
		return func() { s.fillDrawer(d, people[[2]string{connection, id}]) }, nil
	}, func(err error) {
		s.drawer.SetContent(id, "", detailProblem(s.e, s.e.words.T("orders.error"), err, func() { s.show(connection, id) }))
	})
}

// escape closes the drawer, and reports whether there was one.
func (s *ordersScreen) escape() bool {
	if !s.drawer.Visible() {
		return false
	}
	s.opens.stop()
	s.drawer.Hide()
	s.squeeze(false)
	s.beside.Refresh()
	if c := s.e.window.Canvas(); c != nil {
		c.Focus(s.table.Focus())
	}
	return true
}

// squeeze hides what the drawer tells anyway while it takes its room.
func (s *ordersScreen) squeeze(on bool) {
	s.quiet = true
	defer func() { s.quiet = false }()
	if !on {
		for _, id := range s.narrow {
			s.table.Toggle(id)
		}
		s.narrow = nil
		return
	}
	if s.page.Size().Width >= theme.Scaled(1400) {
		return
	}
	s.narrow = detailHide(s.table, s.columns, "marketplace", "currency", "fees", "margin", "sku", "channel", "buyer")
}

// keep stores what the user chose about columns with the book.
func (s *ordersScreen) keep(state parts.TableState) {
	if s.quiet || s.drawer.Visible() {
		return
	}
	text, err := json.Marshal(state)
	if err != nil {
		return
	}
	s.saves.run(func(ctx context.Context) (func(), error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(ordersTableSetting, string(text)) })
		return func() {}, err
	}, func(err error) { s.e.notify(err.Error()) })
}

// restore gives the list the columns and order it had. What cannot be read is
// left: it is a convenience.
func (s *ordersScreen) restore(text string) {
	s.restored = true
	var state parts.TableState
	if text != "" && json.Unmarshal([]byte(text), &state) == nil {
		s.table.Restore(state)
	}
}

// close implements screen.
func (s *ordersScreen) close() {
	s.loads.close()
	s.opens.close()
	s.papers.close()
	s.saves.close()
	s.table.Close()
}
