package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// settlementDetail proves one settlement: its header against its rows, the rows
// by line, and those that found no twin.
type settlementDetail struct {
	e      *env
	text   settlementsText
	loads  loader
	opens  loader // originals
	view   *fyne.Container
	now    store.SettlementRow
	groups *parts.Table[settlementGroup]
	rows   *parts.Table[store.SettlementFact]
	open   *parts.Table[store.SettlementOpen]
	posts  *parts.Table[settlementPosting]
	inner  *fyne.Container
}

func newSettlementDetail(e *env, text settlementsText) *settlementDetail {
	d := &settlementDetail{e: e, text: text, loads: loader{env: e}, opens: loader{env: e}, view: container.NewStack()}
	d.clear()
	return d
}

func (d *settlementDetail) clear() {
	d.loads.stop()
	d.now = store.SettlementRow{}
	d.put(parts.NewCard("", "", parts.NewParagraph(d.e.words.T("settlements.pick"), parts.Muted)))
}

func (d *settlementDetail) put(o fyne.CanvasObject) {
	d.view.Objects = []fyne.CanvasObject{o}
	d.view.Refresh()
}

// show begins with another settlement. One that is shown already stays.
func (d *settlementDetail) show(r store.SettlementRow) {
	if r == d.now {
		return
	}
	d.now = r
	d.loads.run(func(ctx context.Context) (func(), error) {
		names, err := d.e.s.Book.SettlementNames(ctx, r.Connection, r.ID)
		if err != nil {
			return nil, err
		}
		groups, err := settlementGroups(names)
		if err != nil {
			return nil, err
		}
		return func() { d.shown(r, groups) }, nil
	}, func(err error) {
		d.put(screenProblem(d.e, d.e.words.T("settlements.error"), err, func() { d.now = store.SettlementRow{}; d.show(r) }))
	})
}

func (d *settlementDetail) shown(r store.SettlementRow, groups []settlementGroup) {
	t := d.e.words.T
	d.closeTables()
	d.inner = container.NewStack()
	head := container.NewVBox(d.proof(r), d.facts(r))
	all := []*parts.Chip{parts.NewChip("lines", t("settlements.bylines"), "", nil), parts.NewChip("check", t("settlements.check"), "", nil),
		parts.NewChip("books", t("settlements.books"), "", nil)}
	if r.Open > 0 {
		all = append(all, parts.NewChip("open", t("settlements.notwin"), d.e.loc.Count(r.Open), nil))
	}
	all[0].SetOn(true)
	chips := parts.NewFilterBar(true, func(on []string) {
		d.loads.stop() // a proof that is still read would come over what is chosen now
		switch on[0] {
		case "open":
			d.showRows(store.SettlementFilter{Connection: r.Connection, Settlement: r.ID, Open: true}, "", 0, nil)
		case "check":
			d.showCheck(r)
		case "books":
			d.showBooks(r)
		default:
			d.showGroups(r, groups)
		}
	}, all...)
	head.Add(container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space1), theme.Scaled(theme.Space1), 0, 0), chips))
	d.showGroups(r, groups)
	d.put(parts.NewCard(t("settlements.title", r.ID), r.Currency, parts.NewBorder(head, nil, nil, nil, d.inner)))
}

// proof sets the payout against the sum of its rows.
func (d *settlementDetail) proof(r store.SettlementRow) fyne.CanvasObject {
	t := d.e.words.T
	figure := func(caption string, minor int64) fyne.CanvasObject {
		cell := parts.MoneyCell(d.e.loc, books.Money{Minor: minor, Currency: r.Currency})
		return container.NewVBox(parts.NewLabel(cell.Text, theme.TextFigure, parts.Normal).Bold().Whole(), parts.NewLabel(caption, theme.TextCaption, parts.Muted).Whole())
	}
	sign, tone := "=", parts.Gain
	if settlementStateOf(r) == settlementDiffers {
		sign, tone = "≠", parts.Loss
	}
	mark := container.NewVBox(parts.NewLabel(sign, theme.TextFigure, tone).Bold().Whole())
	row := container.NewHBox(figure(t("settlements.payout"), r.TotalMinor), spacer(theme.Space3), mark, spacer(theme.Space3),
		figure(d.text.counted("settlements.sumof", r.Rows), r.RowsMinor))
	if settlementStateOf(r) == settlementDiffers {
		row.Add(layout.NewSpacer())
		row.Add(figure(t("settlements.difference"), settlementDifference(r).Minor))
	}
	return row
}

// facts are the words below the proof.
func (d *settlementDetail) facts(r store.SettlementRow) fyne.CanvasObject {
	t := d.e.words.T
	word, tone := d.text.state(r)
	paid := t("settlements.notpaid")
	if !r.Deposit.IsZero() {
		paid = t("settlements.paidon", d.e.loc.Date(r.Deposit))
	}
	return container.NewVBox(parts.NewLabel(word, theme.TextBody, tone).Bold(),
		parts.NewLabel(accountLabel(r.Connection)+" · "+d.text.period(r)+" · "+paid, theme.TextCaption, parts.Muted), spacer(theme.Space1))
}

func (d *settlementDetail) showGroups(r store.SettlementRow, groups []settlementGroup) {
	d.closeTables()
	t, loc := d.e.words.T, d.e.loc
	columns := []parts.Column[settlementGroup]{
		{ID: "line", Title: t("settlements.column.line"), Width: 150, Grow: 1, Text: func(g settlementGroup) string { return d.text.line(g.Line) },
			Look: func(g settlementGroup) parts.Cell { return parts.Cell{Link: true} }},
		{ID: "rows", Title: t("settlements.column.rows"), Width: 64, Align: parts.Right, Text: func(g settlementGroup) string { return loc.Count(g.Rows) },
			Value: func(g settlementGroup) any { return g.Rows }, Compare: parts.By(func(g settlementGroup) int64 { return g.Rows })},
		{ID: "amount", Title: t("settlements.column.amount"), Width: 110, Align: parts.Right,
			Text: func(g settlementGroup) string {
				return loc.Statement(books.Money{Minor: g.Minor, Currency: r.Currency})
			},
			Look: func(g settlementGroup) parts.Cell {
				return parts.PostingCell(loc, books.Money{Minor: g.Minor, Currency: r.Currency})
			},
			Value:   func(g settlementGroup) any { return books.Money{Minor: g.Minor, Currency: r.Currency} },
			Compare: parts.By(func(g settlementGroup) int64 { return g.Minor })},
	}
	d.groups = parts.NewTable(d.e.ctx, columns, parts.Rows(groups, columns), parts.TableOptions[settlementGroup]{
		Post: d.e.post, Compact: true, OnOpen: func(g settlementGroup, _ string) {
			f := store.SettlementFilter{Connection: r.Connection, Settlement: r.ID, Names: g.Names}
			d.showRows(f, d.text.line(g.Line), g.Rows, func() { d.showGroups(r, groups) })
		},
	})
	d.groups.Select(-1)
	var count int64
	for _, g := range groups {
		count += g.Rows
	}
	d.groups.SetTotals(map[string]parts.Cell{
		"line": {Text: t("settlements.sum")}, "rows": {Text: loc.Count(count)}, "amount": parts.MoneyCell(loc, books.Money{Minor: r.RowsMinor, Currency: r.Currency}),
	})
	d.fill(d.groups)
}

func (d *settlementDetail) fill(o fyne.CanvasObject) {
	d.inner.Objects = []fyne.CanvasObject{o}
	d.inner.Refresh()
}

// showRows lists rows of the settlement; back, when not nil, returns to the
// lines.
func (d *settlementDetail) showRows(f store.SettlementFilter, line string, n int64, back func()) {
	d.closeTables()
	t := d.e.words.T
	source := settlementSource{d.e.s.Book, f}
	d.rows = parts.NewTable(d.e.ctx, d.rowColumns(f.Open), parts.Source[store.SettlementFact](source), parts.TableOptions[store.SettlementFact]{
		Post: d.e.post, Reading: &d.e.reading, Compact: true, OnOpen: func(r store.SettlementFact, _ string) { d.original(r) },
		OnError: func(err error) {
			d.fill(screenProblem(d.e, t("settlements.error"), err, func() { d.showRows(f, line, n, back) }))
		},
	})
	hint := parts.NewLabel(t("settlements.openhint"), theme.TextCaption, parts.Muted)
	if back == nil {
		d.fill(parts.NewBorder(nil, hint, nil, nil, d.rows))
		return
	}
	head := parts.NewBorder(nil, nil, parts.NewButton(t("settlements.back"), parts.Text, back), nil,
		parts.NewLabel(line+" · "+d.text.counted("settlements.nrows", n), theme.TextBody, parts.Normal).Bold())
	d.fill(parts.NewBorder(head, hint, nil, nil, d.rows))
}

func (d *settlementDetail) rowColumns(reasons bool) []parts.Column[store.SettlementFact] {
	t, loc := d.e.words.T, d.e.loc
	type row = store.SettlementFact
	money := func(r row) books.Money { return books.Money{Minor: r.Minor, Currency: r.Currency} }
	columns := []parts.Column[row]{
		{ID: "posted", Title: t("settlements.column.posted"), Width: 64, Sortable: true, Text: func(r row) string { return loc.DayMonth(r.Posted) },
			Value: func(r row) any { return r.Posted }},
		{ID: "order", Title: t("settlements.column.order"), Width: 150, Mono: true, Sortable: true, Text: func(r row) string { return r.Order },
			Look: func(r row) parts.Cell { return parts.Cell{Link: true, Tip: r.SKU} }},
		{ID: "name", Title: t("settlements.column.name"), Width: 96, Grow: 1, Sortable: true, Text: func(r row) string { return r.Path },
			Look: func(r row) parts.Cell { return parts.Cell{Tip: r.Type + " · " + r.Path} }},
		{ID: "amount", Title: t("settlements.column.amount"), Width: 84, Align: parts.Right, Sortable: true, Text: func(r row) string { return loc.Statement(money(r)) },
			Look: func(r row) parts.Cell { return parts.PostingCell(loc, money(r)) }, Value: func(r row) any { return money(r) }},
	}
	if reasons {
		columns[2] = parts.Column[row]{ID: "reason", Title: t("settlements.column.reason"), Width: 96, Grow: 1,
			Text: func(r row) string { return d.text.reason(r.Reason) }, Look: func(r row) parts.Cell { return parts.Cell{Tip: d.text.reason(r.Reason) + " · " + r.Path} }}
	}
	return columns
}

// original shows the row as Amazon wrote it.
func (d *settlementDetail) original(r store.SettlementFact) {
	t := d.e.words.T
	d.opens.run(func(ctx context.Context) (func(), error) {
		doc, err := d.e.s.Book.Document(ctx, r.Document)
		if err != nil {
			return nil, err
		}
		fields, ok := originalFields(doc.Body, r.DocLine)
		return func() {
			if !ok {
				d.e.notify(t("settlements.nooriginal"))
				return
			}
			form := container.New(layout.NewFormLayout())
			for _, f := range fields {
				value := widget.NewLabel(f.Value)
				value.Wrapping, value.Selectable, value.TextStyle.Monospace = fyne.TextWrapBreak, true, true
				form.Add(parts.NewLabel(f.Name, theme.TextBody, parts.Muted).Whole())
				form.Add(value)
			}
			tell(d.e, t("settlements.original", d.e.loc.Count(r.Document), d.e.loc.Count(int64(r.DocLine))), form, fyne.NewSize(680, 520))
		}, nil
	}, func(err error) { d.e.notify(t("settlements.nooriginal")) })
}

func (d *settlementDetail) closeTables() {
	if d.groups != nil {
		d.groups.Close()
	}
	if d.rows != nil {
		d.rows.Close()
	}
	if d.open != nil {
		d.open.Close()
	}
	if d.posts != nil {
		d.posts.Close()
	}
	d.groups, d.rows, d.open, d.posts = nil, nil, nil, nil
}

func (d *settlementDetail) close() {
	d.loads.close()
	d.opens.close()
	d.closeTables()
}

// settlementSource pages the rows of a settlement.
type settlementSource struct {
	book   *store.Book
	filter store.SettlementFilter
}

func (s settlementSource) Count(ctx context.Context) (int, error) {
	return s.book.CountSettlementFacts(ctx, s.filter)
}

func (s settlementSource) Rows(ctx context.Context, order parts.Order, offset, limit int) ([]store.SettlementFact, error) {
	return s.book.SettlementFacts(ctx, s.filter, order.Column, order.Desc, offset, limit)
}
