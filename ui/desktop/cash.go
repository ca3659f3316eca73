package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// cashScreen shows the way of the money: what Amazon holds, what it paid, whether
// the bank got it, and what is due.
type cashScreen struct {
	*listPart[store.PaidOut]
	e        *env
	loads    loader
	works    loader // imports
	route    route
	currency string
	data     *cashData

	tiles      []*parts.Tile
	currencies *fyne.Container
	due        *fyne.Container
	dueTable   *parts.Table[store.Due]
	diffs      *fyne.Container
	diffTable  *parts.Table[cashDifference]
	diffNote   *parts.Label
	whole      *fyne.Container // all currencies in the book's, with its rates
	page       *fyne.Container
	view       fyne.CanvasObject
}

func newCash(e *env) screen {
	return &cashScreen{e: e, loads: loader{env: e}, works: loader{env: e}}
}

func (s *cashScreen) text() cashText { return cashText{s.e.words, s.e.loc} }

// build implements screen.
func (s *cashScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	row := container.New(parts.Shares{Gap: theme.Space3})
	for range 4 {
		tile := parts.NewTile(parts.TileData{Loading: true, Foot: " "}, nil)
		s.tiles = append(s.tiles, tile)
		row.Add(tile)
	}
	s.listPart = newListPart(s.e, listOptions[store.PaidOut]{
		Name: "cash", Columns: s.columns(), Failed: s.failed, Empty: parts.NewEmptyState(t("cash.nopayout"), "", nil), Paper: s.report,
		Open: s.askPayout,
	})
	s.currencies = container.NewHBox()
	s.due, s.diffs = container.NewStack(parts.NewSkeleton(6)), container.NewStack(parts.NewSkeleton(4))
	s.diffNote = parts.NewLabel("", theme.TextCaption, parts.Hint).Right()
	right, width := s.buttons()
	bank := parts.NewButton(t("cash.import"), parts.Quiet, s.askBank)
	width += bank.MinSize().Width + theme.Scaled(theme.Space3) + 1
	bar := container.New(detailBarLayout{right: width}, layout.NewSpacer(), s.currencies,
		parts.NewBorder(nil, nil, container.NewVBox(bank), nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Scaled(theme.Space2), 0), right)))
	side := container.New(cashSide{}, overviewCard(t("cash.calendar"), layout.NewSpacer(), s.due), overviewCard(t("cash.differences"), s.diffNote, s.diffs))
	lower := container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1.5, 1}}, s.beside, side)
	pad := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0), o)
	}
	s.whole = container.NewStack()
	s.view = parts.NewBorder(container.NewVBox(pad(bar), pad(row), s.whole), nil, nil, nil, lower)
	s.page = container.NewStack(s.view)
	return s.page
}

// cashSide puts the calendar above the differences, which get what they need at
// most.
type cashSide struct{}

// Layout implements fyne.Layout.
func (cashSide) Layout(o []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(theme.Space3)
	upper := (size.Height - gap) * 0.62
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(size.Width, upper))
	o[1].Move(fyne.NewPos(0, upper+gap))
	o[1].Resize(fyne.NewSize(size.Width, size.Height-upper-gap))
}

// MinSize implements fyne.Layout.
func (cashSide) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(240), theme.Scaled(220))
}

func (s *cashScreen) columns() []parts.Column[store.PaidOut] {
	t, loc := s.e.words.T, s.e.loc
	type row = store.PaidOut
	return []parts.Column[row]{
		{ID: "day", Title: t("cash.column.day"), Width: dayWidth(loc) + 12, Text: func(r row) string { return s.text().day(r.Day) },
			Value: func(r row) any { return r.Day }, Compare: parts.By(func(r row) string { return r.Day })},
		{ID: "account", Title: t("cash.column.account"), Width: 62, Spare: 1, Text: func(r row) string { return accountLabel(r.Connection) }, Compare: parts.By(func(r row) string { return accountLabel(r.Connection) })},
		{ID: "settlement", Title: t("cash.column.settlement"), Width: 118, Mono: true, Text: func(r row) string { return r.Settlement },
			Compare: parts.By(func(r row) string { return r.Settlement })},
		{ID: "amount", Title: t("cash.column.amount"), Width: 100, Align: parts.Right, Text: func(r row) string { return loc.Statement(r.Amount) },
			Look: func(r row) parts.Cell { return parts.MoneyCell(loc, r.Amount) }, Value: func(r row) any { return r.Amount },
			Compare: parts.By(func(r row) int64 { return r.Amount.Minor })},
		{ID: "bank", Title: t("cash.column.bank"), Width: 150, Grow: 1, Text: func(r row) string { word, _ := s.text().bank(r); return word },
			Look: func(r row) parts.Cell {
				word, tone := s.text().bank(r)
				if r.Bank != nil {
					word = r.Bank.Account + " · " + r.Bank.Text
				}
				return parts.Cell{Dot: tone, Tip: word, Link: true}
			}},
		{ID: "told", Title: t("cash.column.told"), Width: 130, Hidden: true, Text: func(r row) string { return s.text().told(r.Payout) }},
	}
}

// bank says whether the bank got a payout.
func (t cashText) bank(p store.PaidOut) (string, parts.Tone) {
	if p.Bank == nil {
		return t.w.T("cash.bank.none"), parts.Hint
	}
	return t.w.T("cash.bank.on", t.day(p.Bank.Day)), parts.Gain
}

// told says who tells of a payout.
func (t cashText) told(p store.Payout) string {
	switch {
	case p.Header && p.Transfer:
		return t.w.T("cash.told.both")
	case p.Header:
		return t.w.T("cash.told.settlement")
	}
	return t.w.T("cash.told.transfer")
}

// load implements screen.
func (s *cashScreen) load(r route) {
	s.route = r
	s.begin(s.read)
}

func (s *cashScreen) read() {
	f := s.e.filter()
	q := cashQuery{Span: statementSpan{f.From, f.To}, Currency: s.currency, Now: s.e.now()}
	s.loads.run(func(ctx context.Context) (func(), error) {
		d, err := cashLoad(ctx, s.e.s.Book, q)
		if err != nil {
			return nil, err
		}
		return func() { s.shown(&d) }, nil
	}, s.failed)
}

func (s *cashScreen) failed(err error) {
	s.put(screenProblem(s.e, s.e.words.T("cash.error"), err, func() { s.load(s.route) }))
}

func (s *cashScreen) put(o fyne.CanvasObject) {
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *cashScreen) shown(d *cashData) {
	t := s.e.words.T
	s.data = d
	if len(d.Currencies) == 0 {
		s.put(parts.NewCard("", "", parts.NewEmptyState(t("cash.empty"), t("cash.empty.action"), func() { s.e.show(route{Screen: "connect"}) })))
		return
	}
	s.currency = d.Query.Currency
	s.currencies.RemoveAll()
	if len(d.Currencies) > 1 {
		s.currencies.Add(currencyBar(d.Currencies, s.currency, func(c string) {
			s.currency = c
			s.load(s.route)
		}))
	}
	for i, tile := range s.text().tiles(d) {
		s.tiles[i].Set(tile)
	}
	s.fillWhole()
	s.table.SetSource(parts.Rows(d.Paid, s.o.Columns))
	if sum, _, ok := d.paidOut(); ok && len(d.Paid) > 0 {
		s.table.SetTotals(map[string]parts.Cell{"day": {Text: t("cash.sum")}, "amount": parts.MoneyCell(s.e.loc, sum)})
	} else {
		s.table.SetTotals(nil)
	}
	s.fillDue()
	s.fillDifferences()
	s.put(s.view)
}

func (s *cashScreen) fillDue() {
	t, loc := s.e.words.T, s.e.loc
	if s.dueTable != nil {
		s.dueTable.Close()
		s.dueTable = nil
	}
	if len(s.data.Due) == 0 {
		s.fill(s.due, parts.NewParagraph(t("cash.nodue"), parts.Muted))
		return
	}
	columns := []parts.Column[store.Due]{
		{ID: "day", Title: t("cash.column.due"), Width: dayWidth(loc), Text: func(d store.Due) string { return s.text().day(d.Day) }},
		{ID: "what", Title: t("cash.column.what"), Width: 90, Grow: 1, Text: func(d store.Due) string { return t("cash.due." + string(d.Kind)) },
			Look: func(d store.Due) parts.Cell {
				return parts.Cell{Bold: d.Kind == store.DuePayout, Tip: accountLabel(d.Connection)}
			}},
		{ID: "count", Spare: 1, Title: t("cash.column.count"), Width: 44, Align: parts.Right, Text: func(d store.Due) string {
			if d.Kind == store.DuePayout {
				return ""
			}
			return loc.Count(int64(d.Count))
		}},
		{ID: "amount", Title: t("cash.column.amount"), Width: 92, Align: parts.Right, Text: func(d store.Due) string { return loc.Statement(d.Amount) },
			Look: func(d store.Due) parts.Cell {
				c := parts.MoneyCell(loc, d.Amount)
				c.Bold = d.Kind == store.DuePayout
				return c
			}},
	}
	s.dueTable = parts.NewTable(s.e.ctx, columns, parts.Rows(s.data.Due, columns), parts.TableOptions[store.Due]{Post: s.e.post, Compact: true})
	s.dueTable.Select(-1)
	s.fill(s.due, s.dueTable)
}

func (s *cashScreen) fillDifferences() {
	t, loc := s.e.words.T, s.e.loc
	if s.diffTable != nil {
		s.diffTable.Close()
		s.diffTable = nil
	}
	all := s.text().differences(s.data)
	s.diffNote.SetText("", parts.Hint)
	if len(all) == 0 {
		s.fill(s.diffs, parts.NewParagraph(t("cash.nodiff"), parts.Muted))
		return
	}
	s.diffNote.SetText(loc.Count(int64(len(all))), parts.Hint)
	columns := []parts.Column[cashDifference]{
		{ID: "what", Title: t("cash.column.difference"), Width: 160, Grow: 1, Text: func(d cashDifference) string { return d.What },
			Look: func(d cashDifference) parts.Cell {
				return parts.Cell{Dot: d.Tone, Tip: d.Detail, Link: d.Line != nil || d.Payout != nil}
			}},
		{ID: "amount", Title: t("cash.column.amount"), Width: 92, Align: parts.Right, Text: func(d cashDifference) string { return loc.Statement(*d.Amount) },
			Look: func(d cashDifference) parts.Cell { return parts.MoneyCell(loc, *d.Amount) }},
	}
	s.diffTable = parts.NewTable(s.e.ctx, columns, parts.Rows(all, columns), parts.TableOptions[cashDifference]{
		Post: s.e.post, Compact: true, OnOpen: func(d cashDifference, _ string) { s.askDifference(d) },
	})
	s.diffTable.Select(-1)
	s.fill(s.diffs, s.diffTable)
}

func (s *cashScreen) fill(at *fyne.Container, o fyne.CanvasObject) {
	at.Objects = []fyne.CanvasObject{o}
	at.Refresh()
}

// close implements screen.
func (s *cashScreen) close() {
	s.loads.close()
	s.works.close()
	if s.dueTable != nil {
		s.dueTable.Close()
	}
	if s.diffTable != nil {
		s.diffTable.Close()
	}
	if s.listPart != nil {
		s.closeList()
	}
}
