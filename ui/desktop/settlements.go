package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// settlementsScreen lists what Amazon paid out, and proves each payout by its
// rows.
type settlementsScreen struct {
	*listPart[store.SettlementRow]
	e      *env
	text   settlementsText
	loads  loader
	page   *fyne.Container // one child: the state that is shown
	chips  *parts.FilterBar
	note   *parts.Label
	whole  *fyne.Container // what the rows paid in the book's currency, with its rates
	detail *settlementDetail
	view   fyne.CanvasObject
	sets   settlementSets
	chip   string
}

func newSettlements(e *env) screen {
	return &settlementsScreen{e: e, text: settlementsText{e.loc, e.words}, loads: loader{env: e}, chip: "period"}
}

func (s *settlementsScreen) build() fyne.CanvasObject {
	t := s.e.words.T
	s.note = parts.NewLabel("", theme.TextCaption, parts.Muted).Whole()
	var chips []*parts.Chip
	for _, id := range settlementChips {
		chips = append(chips, parts.NewChip(id, t("settlements.chip."+id), "", nil))
	}
	s.chips = parts.NewFilterBar(true, func(on []string) { s.choose(on[0]) }, chips...)
	s.chips.Chips[0].SetOn(true)
	s.detail = newSettlementDetail(s.e, s.text)
	s.listPart = newListPart(s.e, listOptions[store.SettlementRow]{
		Facts: s.facts,
		Name:  "settlements", Columns: s.columns(), Pinned: 1, Failed: s.failed, Select: s.detail.show, Paper: s.report,
		Empty:  parts.NewEmptyState(t("settlements.none"), t("settlements.showall"), func() { s.switchTo("all") }),
		Filter: func() listFilter { return listFilter{Chip: s.chip} },
		Apply:  s.narrowTo,
	})
	right, width := s.buttons()
	top := container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0),
		container.New(detailBarLayout{left: 0, right: width}, layout.NewSpacer(), parts.NewBorder(nil, nil, nil, s.note, s.chips), right))
	body := container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1.24, 1}}, s.beside, s.detail.view)
	s.whole = container.NewStack()
	s.view = parts.NewBorder(container.NewVBox(top, s.whole), nil, nil, nil, body)
	s.page = container.NewStack(parts.NewCard("", "", parts.NewSkeleton(12)))
	return s.page
}

func (s *settlementsScreen) columns() []parts.Column[store.SettlementRow] {
	t, loc := s.e.words.T, s.e.loc
	money := func(id, title string, minor func(store.SettlementRow) int64) parts.Column[store.SettlementRow] {
		value := func(r store.SettlementRow) books.Money { return books.Money{Minor: minor(r), Currency: r.Currency} }
		return parts.Column[store.SettlementRow]{
			ID: id, Title: title, Width: 88, Align: parts.Right, Text: func(r store.SettlementRow) string { return loc.Statement(value(r)) },
			Look:    func(r store.SettlementRow) parts.Cell { return parts.MoneyCell(loc, value(r)) },
			Value:   func(r store.SettlementRow) any { return value(r) },
			Compare: parts.By(minor),
		}
	}
	rows := money("rows", t("settlements.column.sum"), func(r store.SettlementRow) int64 { return r.RowsMinor })
	rows.Hidden = true
	return []parts.Column[store.SettlementRow]{
		{ID: "period", Title: t("settlements.column.period"), Width: rangeWidth(loc), Grow: 0.2, Text: s.text.period, Compare: parts.By(func(r store.SettlementRow) int64 { return r.End.Unix() })},
		{ID: "connection", Title: t("settlements.column.account"), Width: 62, Text: func(r store.SettlementRow) string { return accountLabel(r.Connection) },
			Compare: parts.By(func(r store.SettlementRow) string { return r.Connection })},
		{ID: "paid", Title: t("settlements.column.paid"), Width: dayWidth(loc), Text: func(r store.SettlementRow) string { return loc.Date(r.Deposit) },
			Look: func(r store.SettlementRow) parts.Cell {
				if r.Deposit.IsZero() {
					return parts.UnknownCell(t("settlements.notpaid"))
				}
				return parts.Cell{}
			}, Compare: parts.By(func(r store.SettlementRow) int64 { return r.Deposit.Unix() })},
		money("payout", t("settlements.column.payout"), func(r store.SettlementRow) int64 { return r.TotalMinor }),
		{ID: "currency", Title: "", Name: t("list.currency"), Width: 44, Text: func(r store.SettlementRow) string { return r.Currency }},
		rows,
		{ID: "state", Title: t("settlements.column.state"), Width: 104, Grow: 1,
			Text: func(r store.SettlementRow) string { word, _ := s.text.state(r); return word },
			Look: func(r store.SettlementRow) parts.Cell {
				word, tone := s.text.state(r)
				return parts.Cell{Dot: tone, Tip: word}
			},
			Compare: parts.By(func(r store.SettlementRow) settlementState { return settlementStateOf(r) })},
		{ID: "id", Title: t("settlements.column.id"), Width: 120, Mono: true, Hidden: true, Text: func(r store.SettlementRow) string { return r.ID }},
	}
}

func (s *settlementsScreen) load(route) { s.begin(s.read) }

func (s *settlementsScreen) read() {
	f := s.e.filter()
	s.loads.run(func(ctx context.Context) (func(), error) {
		var rows []store.SettlementRow
		err := s.e.s.Book.Settlements(ctx, func(r store.SettlementRow) error { rows = append(rows, r); return nil })
		if err != nil {
			return nil, err
		}
		states, err := s.e.s.Book.SyncStates(ctx)
		if err != nil {
			return nil, err
		}
		sets := settlementSetsOf(rows, f)
		if err := sets.convert(ctx, s.e.s.Book); err != nil {
			return nil, err
		}
		return func() { s.shown(sets, states) }, nil
	}, s.failed)
}

func (s *settlementsScreen) failed(err error) {
	s.put(screenProblem(s.e, s.e.words.T("settlements.error"), err, func() { s.load(route{}) }))
}

func (s *settlementsScreen) put(o fyne.CanvasObject) {
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *settlementsScreen) shown(sets settlementSets, states []store.SyncState) {
	s.sets = sets
	if len(sets.all) == 0 {
		s.put(parts.NewCard("", "", parts.NewEmptyState(s.e.words.T("settlements.empty"), s.e.words.T("settlements.import"), func() { s.e.show(route{Screen: "import"}) })))
		return
	}
	for _, c := range s.chips.Chips {
		c.SetCount(s.e.loc.Count(int64(len(sets.of(c.ID)))))
	}
	s.note.SetText(s.sentence(states), parts.Muted)
	s.put(s.view)
	s.choose(s.chip)
}

// sentence says how old the list is and what the chosen settlements paid.
func (s *settlementsScreen) sentence(states []store.SyncState) string {
	out := ""
	for _, st := range states {
		if st.Resource == "settlement" && !st.OK.IsZero() {
			out = s.e.words.T("settlements.age", s.e.loc.Ago(st.OK, s.e.now()))
			break
		}
	}
	return out
}

func (s *settlementsScreen) switchTo(chip string) {
	s.narrowTo(listFilter{Chip: chip})
	s.choose(chip)
}

// narrowTo sets the chip without filling the list.
func (s *settlementsScreen) narrowTo(f listFilter) {
	s.chip = s.chips.Chips[0].ID
	for _, c := range s.chips.Chips {
		if c.ID == f.Chip {
			s.chip = f.Chip
		}
	}
	for _, c := range s.chips.Chips {
		c.SetOn(c.ID == s.chip)
	}
}

func (s *settlementsScreen) choose(chip string) {
	s.chip = chip
	s.keep()
	rows := s.sets.of(chip)
	s.table.SetSource(parts.Rows(rows, s.o.Columns))
	s.table.SetTotals(s.totals(rows))
	s.fillWhole(s.sets.whole[chip])
	if len(rows) == 0 {
		s.detail.clear()
		return
	}
	s.table.Select(0)
	if r, ok := s.table.Selected(); ok {
		s.detail.show(r) // the table is silent about a row that was chosen before
	}
}

// fillWhole shows what the rows paid in the book's currency.
func (s *settlementsScreen) fillWhole(total *store.BookTotal) {
	s.whole.RemoveAll()
	if total != nil {
		text := cashText{s.text.words, s.text.loc}
		word, short := text.missing(*total)
		tone := parts.Warn
		if !short {
			word, tone = text.w.T("settlements.whole", total.Total.Currency, text.l.Money(total.Total)), parts.Normal
		}
		s.whole.Add(text.bookLine(word, tone, *total))
	}
	s.whole.Refresh()
}

// facts are what the list is of: only one chip narrows it to the header's days.
func (s *settlementsScreen) facts() [][2]string {
	f, t := s.e.filter(), s.e.words.T
	list := [][2]string{{t("paper.shown"), t("settlements.chip." + s.chip)}}
	if s.chip == settlementChips[0] {
		list = append(list, [2]string{t("paper.period"), statementRange(s.e.loc, statementSpan{f.From, f.To})})
	}
	return list
}

// totals are shown where they have one currency; currencies are never added.
func (s *settlementsScreen) totals(rows []store.SettlementRow) map[string]parts.Cell {
	if len(rows) == 0 {
		return nil
	}
	out := map[string]parts.Cell{"period": {Text: s.text.counted("settlements.count", int64(len(rows)))}}
	if sums := settlementPayouts(rows); len(sums) == 1 {
		out["payout"], out["currency"] = parts.MoneyCell(s.e.loc, sums[0]), parts.Cell{Text: sums[0].Currency}
	}
	return out
}

func (s *settlementsScreen) close() {
	s.loads.close()
	if s.detail != nil {
		s.detail.close()
		s.closeList()
	}
}
