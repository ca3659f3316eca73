package desktop

import (
	"cmp"
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// costCard is the list of unit costs with its actions.
func (s *settingsScreen) costCard() (fyne.CanvasObject, *parts.Table[books.Cost]) {
	t, loc := s.e.words.T, s.e.loc
	every := t("settings.cost.every")
	by := func(key func(books.Cost) string) func(a, b books.Cost) int {
		return func(a, b books.Cost) int { return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.SKU, b.SKU)) }
	}
	from := func(c books.Cost) string {
		if c.From == "" {
			return t("settings.cost.beginning")
		}
		return c.From
	}
	columns := []parts.Column[books.Cost]{
		{ID: "sku", Title: "SKU", Width: 124, Grow: 1, Mono: true, Text: func(c books.Cost) string { return c.SKU }, Compare: by(func(c books.Cost) string { return c.SKU })},
		{ID: "market", Title: t("settings.cost.market"), Width: 98, Grow: 0.3, Text: func(c books.Cost) string { return marketplaceWord(c.Marketplace, every) },
			Compare: by(func(c books.Cost) string { return marketplaceWord(c.Marketplace, "") })},
		{ID: "from", Title: t("settings.cost.from"), Width: 92, Text: from, Compare: by(func(c books.Cost) string { return c.From })},
		{ID: "cost", Title: t("settings.cost.unit"), Width: 78, Align: parts.Right, Text: func(c books.Cost) string { return s.e.loc.Amount(c.Unit.String()) }, Value: func(c books.Cost) any { return c.Unit.String() }},
		{ID: "currency", Width: 48, Text: func(c books.Cost) string { return c.Currency }},
	}
	remove := parts.NewButton(t("settings.cost.remove"), parts.Quiet, nil)
	remove.Disable()
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(s.facts.costs, columns), parts.TableOptions[books.Cost]{
		Post: s.e.post, Pinned: 1, Compact: s.facts.look.Compact, OnSelect: func(books.Cost) { remove.Enable() },
		OnOpen: func(c books.Cost, _ string) { s.askCost(c) },
		Empty:  parts.NewEmptyState(t("settings.cost.none"), t("settings.cost.import"), s.askCostFile),
	})
	table.Select(-1)
	remove.OnTapped = func() {
		if c, ok := table.Selected(); ok {
			s.askDropCost(c)
		}
	}
	bar := container.New(&parts.Wrap{Gap: theme.Space2}, parts.NewButton(t("settings.cost.add"), parts.Quiet, func() { s.askCost(books.Cost{}) }), remove)
	if len(s.facts.costs) > 0 { // the empty state has the same button
		bar.Objects = append([]fyne.CanvasObject{parts.NewButton(t("settings.cost.import"), parts.Quiet, s.askCostFile)}, bar.Objects...)
	}
	body := parts.NewBorder(container.NewVBox(caption(t("settings.cost.text"), parts.Muted)), container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space2), 0, 0, 0), bar), nil, nil, table)
	return parts.NewCard(t("settings.costs"), loc.Count(int64(len(s.facts.costs))), body), table
}

func (s *settingsScreen) askCostFile() {
	t := s.e.words.T
	chooseFile(s.e, fileChoice{Title: t("settings.cost.file"), Ends: []string{".csv", ".txt", ".tsv", ".xlsx"}, Word: t("settings.cost.read")}, s.readCosts)
}

// readCosts stores a cost list, or shows which of its rows cannot be read.
func (s *settingsScreen) readCosts(path string) {
	s.acts.run(func(ctx context.Context) (func(), error) {
		f, err := openCostFile(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		n, err := importCosts(ctx, s.e.s.Book, f)
		return func() { s.e.notify(counted(s.e, "settings.cost.stored", int64(n))); s.load(route{}) }, err
	}, func(err error) { tellCostFile(s.e, err) })
}

// tellCostFile says why a cost list was not read.
func tellCostFile(e *env, err error) {
	t := e.words.T
	var rows errCostRows
	if errors.As(err, &rows) {
		tellCostRows(e, rows)
		return
	}
	text := plainError(e, err)
	if errors.Is(err, costfiles.ErrFile) {
		text = t("settings.cost.notalist")
	}
	tell(e, t("settings.cost.failed"), container.NewVBox(flushText(text, parts.Normal), caption(err.Error(), parts.Muted)), fyne.NewSize(520, 280))
}

// tellCostRows lists the rows that cannot be read, by line.
func tellCostRows(e *env, rows errCostRows) {
	table := problemTable(e, rows)
	high := container.NewGridWrap(fyne.NewSize(theme.Scaled(560), theme.Scaled(260)), table)
	tell(e, counted(e, "settings.cost.bad", int64(len(rows))), container.NewVBox(flushText(e.words.T("settings.cost.nothing"), parts.Normal), high), fyne.NewSize(600, 440))
}

// askCost adds a unit cost, or changes the one that was opened.
func (s *settingsScreen) askCost(c books.Cost) {
	t := s.e.words.T
	sku, market, from, amount, currency := parts.NewEntry(), parts.NewEntry(), parts.NewEntry(), parts.NewEntry(), parts.NewEntry()
	market.SetPlaceHolder(t("settings.cost.every"))
	from.SetPlaceHolder("2026-01-01")
	amount.SetPlaceHolder("3.25")
	currency.SetPlaceHolder("EUR")
	if c.SKU != "" {
		sku.SetText(c.SKU)
		from.SetText(c.From)
		amount.SetText(s.e.loc.Amount(c.Unit.String()))
		currency.SetText(c.Currency)
		if c.Marketplace != "" {
			market.SetText(marketplaceWord(c.Marketplace, ""))
		}
	}
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	keep := func() {
		cost, err := typedCost(sku.Text, market.Text, from.Text, amount.Text, currency.Text)
		if err != nil {
			problem.SetText(costProblem(s.e, err), parts.Loss)
			return
		}
		m.hide()
		s.change(t("settings.cost.kept", cost.SKU), func(ctx context.Context) error { return putCost(ctx, s.e.s.Book, cost) })
	}
	form := container.New(layout.NewFormLayout())
	for _, f := range []struct {
		word  string
		entry *parts.Entry
	}{{"SKU", sku}, {t("settings.cost.market"), market}, {t("settings.cost.from"), from}, {t("settings.cost.unit"), amount}, {t("settings.cost.currency"), currency}} {
		f.entry.OnSubmitted = func(string) { keep() }
		form.Add(container.NewCenter(parts.NewLabel(f.word, theme.TextBody, parts.Muted).Whole()))
		form.Add(f.entry)
	}
	m = newModal(s.e, t("settings.cost.add"), container.NewVBox(form, problem), fyne.NewSize(460, 400),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("privacy.save"), parts.Primary, keep))
	m.show()
	s.e.window.Canvas().Focus(sku)
}

// costProblem is what is wrong with a typed cost.
func costProblem(e *env, err error) string {
	for _, p := range []struct {
		err error
		key string
	}{
		{errCostSKU, "settings.cost.err.sku"}, {errCostMarket, "settings.cost.err.market"}, {errCostDay, "settings.cost.err.day"},
		{errCostAmount, "settings.cost.err.amount"}, {errCostCurrency, "settings.cost.err.currency"},
	} {
		if errors.Is(err, p.err) {
			return e.words.T(p.key)
		}
	}
	return plainError(e, err)
}

func (s *settingsScreen) askDropCost(c books.Cost) {
	t := s.e.words.T
	confirm(s.e, t("settings.cost.remove"), t("settings.cost.drop", c.SKU, s.e.loc.Amount(c.Unit.String()), c.Currency), t("settings.cost.remove"), parts.Danger, func() {
		s.change(t("settings.cost.dropped", c.SKU), func(ctx context.Context) error { return dropCost(ctx, s.e.s.Book, c) })
	})
}
