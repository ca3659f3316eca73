package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// inventoryScreen lists stock, and shows one SKU at the right.
type inventoryScreen struct {
	*listPart[inventoryRow]
	e      *env
	text   inventoryText
	loads  loader
	papers loader // what Amazon sent

	page   *fyne.Container
	body   fyne.CanvasObject
	tiles  [5]*parts.Tile
	search *parts.Entry
	chips  *parts.FilterBar

	data *inventoryData
	chip string
	open store.StockKey

	goods *goodsPart // Amazon's reports
	tabs  *parts.FilterBar
	both  *fyne.Container // the page of the part that is shown
	view  string
	given route // the last one that was gone to
}

// The parts of the screen. A route may also name a topic of the reports.
const (
	inventoryStockView   = "stock"
	inventoryReportsView = "reports"
)

func newInventory(e *env) screen {
	return &inventoryScreen{e: e, text: inventoryText{e.loc, e.words}, loads: loader{env: e}, papers: loader{env: e}, goods: newGoods(e),
		view: inventoryStockView}
}

// inventoryChips are the filters, in their order.
var inventoryChips = []struct {
	id, word string
	takes    func(inventoryRow) bool
}{
	{"", "inventory.chip.all", func(inventoryRow) bool { return true }},
	{"out", "inventory.chip.out", func(r inventoryRow) bool { return r.state() == inventoryOut }},
	{"low", "inventory.chip.low", func(r inventoryRow) bool { s := r.state(); return s == inventoryLow || s == inventoryOrderSoon }},
	{"excess", "inventory.chip.excess", func(r inventoryRow) bool { s := r.state(); return s == inventoryTooMuch || s == inventoryIdle }},
	{"inbound", "inventory.chip.inbound", func(r inventoryRow) bool { return r.Inbound > 0 }},
	{"nocost", "inventory.chip.nocost", func(r inventoryRow) bool { return r.Value == nil }},
}

func (s *inventoryScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	tiles := container.New(parts.Shares{Gap: theme.Space3})
	for i, chip := range []string{"", "nocost", "low", "out", "inbound"} {
		s.tiles[i] = parts.NewTile(parts.TileData{Loading: true}, func() { s.choose(chip) })
		tiles.Add(s.tiles[i])
	}
	chips := make([]*parts.Chip, len(inventoryChips))
	for i, c := range inventoryChips {
		chips[i] = parts.NewChip(c.id, t(c.word), "", nil)
	}
	chips[0].SetOn(true)
	s.chips = parts.NewFilterBar(true, func(on []string) { s.choose(on[0]) }, chips...)
	s.search = parts.NewEntry()
	s.search.SetPlaceHolder(t("inventory.search"))
	s.search.OnChanged = func(string) { s.keep(); s.fill() }
	s.listPart = newListPart(s.e, listOptions[inventoryRow]{
		Facts: func() [][2]string { return nil }, // stock is of now
		Name:  "inventory", Columns: inventoryColumns(s.text), Pinned: 1, Order: parts.Order{Column: "state"}, Failed: s.failed, Show: s.show,
		Empty:  parts.NewEmptyState(t("inventory.none"), t("inventory.none.all"), s.widen),
		Filter: func() listFilter { return listFilter{Chip: s.chip, Text: s.search.Text} },
		Apply:  s.narrowTo,
	})
	gap := theme.Scaled(theme.Space3)
	top := parts.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(gap, gap, 0, 0), s.bar()), nil, nil, tiles)
	s.body = parts.NewBorder(top, nil, nil, nil, s.beside)
	loading := parts.NewBorder(nil, nil, nil, nil, parts.NewCard("", "", parts.NewSkeleton(16)))
	s.page = container.NewStack(loading)
	stock := parts.NewChip(inventoryStockView, t("goods.switch.stock"), "", nil)
	stock.SetOn(true)
	s.tabs = parts.NewFilterBar(true, func(on []string) {
		s.turn(on[0])
		if on[0] == inventoryReportsView {
			s.goods.want()
		}
		s.read(route{})
	}, stock,
		parts.NewChip(inventoryReportsView, t("goods.switch.reports"), "", nil))
	reports := s.goods.build()
	reports.Hide()
	s.both = container.NewStack(s.page, reports)
	return parts.NewBorder(container.New(layout.NewCustomPaddedLayout(theme.Scaled(2), gap, 0, 0), s.tabs), nil, nil, nil, s.both)
}

// turn shows a part of the screen; view may be a topic of the reports. What it
// shows is read afterwards.
func (s *inventoryScreen) turn(view string) {
	if view != inventoryStockView && view != inventoryReportsView {
		s.goods.turn(store.ReportTopic(view))
		view = inventoryReportsView
	}
	s.view = view
	for _, c := range s.tabs.Chips {
		c.SetOn(c.ID == view)
	}
	showIf(s.page, view == inventoryStockView)
	showIf(s.goods.page, view == inventoryReportsView)
	s.both.Refresh()
}

// escape closes the drawer of the stock, and reports whether there was one.
func (s *inventoryScreen) escape() bool { return s.view == inventoryStockView && s.listPart.escape() }

func (s *inventoryScreen) bar() fyne.CanvasObject {
	right, width := s.buttons()
	return container.New(detailBarLayout{left: 170, right: width}, s.search, s.chips, right)
}

// load implements screen.
func (s *inventoryScreen) load(r route) {
	if r != s.given { // a place that is loaded again keeps what was chosen there
		s.given = r
		switch {
		case r.View != "":
			s.turn(r.View)
		case r.SKU != "":
			s.turn(inventoryStockView)
		}
	}
	s.read(r)
}

func (s *inventoryScreen) read(r route) {
	if s.view == inventoryReportsView {
		s.goods.load()
		return
	}
	s.begin(func() { s.readStock(r) })
}

func (s *inventoryScreen) readStock(r route) {
	f, now := s.e.filter(), s.e.now()
	s.loads.run(func(ctx context.Context) (func(), error) {
		d, err := inventoryRead(ctx, s.e.s.Book, f.Marketplaces, now)
		if err != nil {
			return nil, err
		}
		sum, err := inventorySumOf(d.Rows)
		if err != nil {
			return nil, err
		}
		return func() { s.shown(d, sum, r) }, nil
	}, s.failed)
}

func (s *inventoryScreen) failed(err error) {
	s.put(screenProblem(s.e, s.e.words.T("inventory.error"), err, func() { s.load(route{}) }))
}

func (s *inventoryScreen) put(o fyne.CanvasObject) {
	if s.page.Objects[0] != o {
		s.page.Objects = []fyne.CanvasObject{o}
		s.page.Refresh()
	}
}

func (s *inventoryScreen) shown(d *inventoryData, sum inventorySum, r route) {
	t := s.e.words.T
	s.data = d
	if len(d.Rows) == 0 {
		s.put(parts.NewCard("", "", parts.NewEmptyState(t("inventory.empty"), t("inventory.connect"), func() { s.e.show(route{Screen: "connect"}) })))
		return
	}
	s.put(s.body)
	s.fillTiles(sum)
	if r.SKU != "" {
		s.widen()
	}
	s.fill()
	switch {
	case r.SKU != "":
		s.jump(r)
	case s.drawer.Visible():
		for _, row := range d.Rows {
			if row.Key() == s.open {
				s.show(row)
			}
		}
	}
}

// jump opens a SKU that another screen asked for.
func (s *inventoryScreen) jump(r route) {
	for _, row := range s.data.Rows {
		if row.SKU == r.SKU && (r.Market == "" || r.Market == row.Marketplace) {
			s.search.SetText(row.SKU)
			s.show(row)
			return
		}
	}
	s.e.notify(s.e.words.T("inventory.notfound", r.SKU))
}

// choose narrows the list to a chip.
func (s *inventoryScreen) choose(chip string) {
	s.narrowTo(listFilter{Chip: chip, Text: s.search.Text})
	s.keep()
	s.fill()
}

// narrowTo sets chip and search without filling the list.
func (s *inventoryScreen) narrowTo(f listFilter) {
	s.chip = ""
	for _, c := range s.chips.Chips {
		if c.ID == f.Chip {
			s.chip = f.Chip
		}
	}
	for _, c := range s.chips.Chips {
		c.SetOn(c.ID == s.chip)
	}
	changed := s.search.OnChanged
	s.search.OnChanged = nil
	s.search.SetText(f.Text)
	s.search.OnChanged = changed
}

func (s *inventoryScreen) widen() {
	s.narrowTo(listFilter{})
	s.keep()
	s.fill()
}

// fill shows the rows that the chip and the search leave, and their sums. Each chip
// counts what it would leave.
func (s *inventoryScreen) fill() {
	if s.data == nil {
		return
	}
	text := strings.ToLower(strings.TrimSpace(s.search.Text))
	var rows []inventoryRow
	for i, c := range inventoryChips {
		some, found := false, int64(0)
		for _, r := range s.data.Rows {
			if !c.takes(r) {
				continue
			}
			some = true
			if text != "" && !strings.Contains(strings.ToLower(r.SKU+"\n"+r.Title+"\n"+r.ASIN), text) {
				continue
			}
			found++
			if c.id == s.chip {
				rows = append(rows, r)
			}
		}
		chip := s.chips.Chips[i]
		chip.SetCount(s.e.loc.Count(found))
		showIf(chip, some || c.id != "nocost" || s.chip == c.id)
	}
	s.chips.Refresh()
	s.table.SetSource(parts.Rows(rows, s.o.Columns))
	s.table.SetTotals(s.text.totals(rows))
}

// putCost stores a cost and derives the profit of that SKU again.
func (s *inventoryScreen) putCost(c books.Cost) {
	t := s.e.words.T
	s.e.busy(t("inventory.cost.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error {
			if err := tx.PutCosts([]books.Cost{c}); err != nil {
				return err
			}
			return tx.Audit("cost", "unit cost of "+c.SKU)
		})
		if err != nil {
			return "", err
		}
		s.e.post(s.e.reload)
		return t("inventory.cost.done", c.SKU), nil
	})
}

// removeCost takes a cost out again.
func (s *inventoryScreen) removeCost(c books.Cost) {
	t := s.e.words.T
	s.e.busy(t("inventory.cost.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error {
			if err := tx.DeleteCost(c); err != nil {
				return err
			}
			return tx.Audit("cost", "unit cost of "+c.SKU+" removed")
		})
		if err != nil {
			return "", err
		}
		s.e.post(s.e.reload)
		return t("inventory.cost.removed", c.SKU), nil
	})
}

// close implements screen.
func (s *inventoryScreen) close() {
	s.loads.close()
	s.papers.close()
	s.goods.close()
	s.closeList()
}
