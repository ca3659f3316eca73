package desktop

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/archive"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// refused says why something could not be done, and what to do.
func (s *costsScreen) refused(err error) {
	t := s.e.words.T
	text := plainError(s.e.words, err)
	var rate *store.NoRateError
	switch {
	case errors.As(err, &rate):
		text = t("costs.err.rate", rate.From, rate.To, s.text.day(rate.Day))
	case errors.Is(err, store.ErrKit):
		text = t("costs.err.kitparts")
	case errors.Is(err, store.ErrKitPurchase):
		text = t("costs.err.kit")
	case errors.Is(err, costfiles.ErrFile):
		text = t("costs.err.file")
	case errors.Is(err, errGoodsPlace):
		text = t("costs.err.place")
	case errors.Is(err, errInvoiceSize):
		text = t("costs.err.size")
	case errors.Is(err, archive.ErrExists):
		text = t("costs.err.exists")
	}
	tell(s.e, t("costs.refused"), container.NewVBox(flushText(text, parts.Normal), caption(err.Error(), parts.Muted)), fyne.NewSize(520, 280))
}

// askImport chooses a list, shows what is in it, and stores it on a second word.
func (s *costsScreen) askImport(tab string) {
	t := s.e.words.T
	ends := []string{".csv", ".xlsx", ".txt", ".tsv"}
	if tab == tabRates {
		ends = []string{".csv", ".zip"}
	}
	if tab == tabUnits {
		chooseFile(s.e, fileChoice{Title: t("settings.cost.file"), Ends: []string{".csv", ".txt", ".tsv", ".xlsx"}, Word: t("settings.cost.read")}, s.readUnits)
		return
	}
	chooseFile(s.e, fileChoice{Title: t("costs.import"), Ends: ends, Word: t("costs.import.look")}, func(path string) {
		s.acts.run(func(context.Context) (func(), error) {
			in, err := readCostList(tab, path, s.text)
			return func() { s.preview(path, in) }, err
		}, s.refused)
	})
}

// preview shows the rows of a list, or those that cannot be read.
func (s *costsScreen) preview(path string, in costImport) {
	t := s.e.words.T
	size := fyne.NewSize(680, 480)
	high := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.NewGridWrap(fyne.NewSize(theme.Scaled(630), theme.Scaled(300)), o)
	}
	if len(in.bad) > 0 {
		table := problemTable(s.e, in.bad)
		tell(s.e, counted(s.e, "costs.import.bad", int64(len(in.bad))), container.NewVBox(flushText(t("settings.cost.nothing"), parts.Normal), high(table)), size)
		return
	}
	columns := []parts.Column[string]{{ID: "row", Title: filepath.Base(path), Width: 300, Grow: 1, Text: func(r string) string { return r }}}
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(in.lines, columns), parts.TableOptions[string]{Post: s.e.post, Compact: true})
	var m *modal
	m = newModal(s.e, counted(s.e, "costs.import.rows", int64(len(in.lines))), container.NewVBox(flushText(t("costs.import.text"), parts.Muted), high(table)), size,
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(t("costs.import.store"), parts.Primary, func() {
			m.hide()
			s.change(t("costs.import.done", in.cause), "list "+in.cause, in.store)
		}))
	m.show()
}

// problemTable lists the cells of a list that cannot be used, by line.
func problemTable(e *env, bad []costfiles.Problem) *parts.Table[costfiles.Problem] {
	t, loc := e.words.T, e.loc
	columns := []parts.Column[costfiles.Problem]{
		{ID: "line", Title: t("settings.cost.line"), Width: 64, Align: parts.Right, Text: func(p costfiles.Problem) string { return loc.Count(int64(p.Line)) }, Compare: parts.By(func(p costfiles.Problem) int { return p.Line })},
		{ID: "column", Title: t("costs.problem"), Width: 130, Text: func(p costfiles.Problem) string { return p.Column }},
		{ID: "value", Title: t("costs.problem.cell"), Width: 130, Text: func(p costfiles.Problem) string { return p.Value }},
		{ID: "reason", Title: t("settings.cost.reason"), Width: 220, Grow: 1, Text: costsText{words: e.words, loc: loc}.problem},
	}
	return parts.NewTable(e.ctx, columns, parts.Rows(bad, columns), parts.TableOptions[costfiles.Problem]{Post: e.post, Compact: true})
}

// readUnits stores a list of unit costs, or shows which of its rows cannot be
// read.
func (s *costsScreen) readUnits(path string) {
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

// export writes the list of a tab so that it can be changed and read again.
func (s *costsScreen) export(tab string) {
	l, ok := s.facts.list(tab)
	if ok {
		s.save(l)
	}
}

// template writes an empty list of purchases.
func (s *costsScreen) template() {
	s.save(costList{name: "purchases-template", columns: costfiles.PurchaseColumns()})
}

func (s *costsScreen) save(l costList) {
	t := s.e.words.T
	chooseFile(s.e, fileChoice{Title: t("costs.export"), Save: l.name + ".xlsx", Ends: []string{".xlsx", ".csv"}, Word: t("list.export.save")}, func(path string) {
		if filepath.Ext(path) == "" {
			path += ".xlsx"
		}
		s.acts.run(func(context.Context) (func(), error) {
			err := l.write(path)
			return func() { s.e.notify(t("list.export.done", s.e.loc.Count(int64(len(l.rows))), filepath.Base(path))) }, err
		}, s.refused)
	})
}
