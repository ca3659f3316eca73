package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// settlementCheckRow is one comparison and how it came out.
type settlementCheckRow struct {
	Name   string
	Sides  string // both sides, or the one that is known; may be empty
	Result string
	Tone   parts.Tone
}

// checks are the comparisons that prove a settlement, in the order of
// `report settlement`.
func (t settlementsText) checks(c store.SettlementCheck) []settlementCheckRow {
	w := t.words.T
	money := func(minor int64) string {
		return t.loc.Statement(books.Money{Minor: minor, Currency: c.Currency})
	}
	compared := func(name string, one, other int64) settlementCheckRow {
		if one == other {
			return settlementCheckRow{name, money(one) + " = " + money(other), w("settlements.check.equal"), parts.Gain}
		}
		result := w("settlements.difference")
		if d, err := (books.Money{Minor: one, Currency: c.Currency}).Add(books.Money{Minor: -other, Currency: c.Currency}); err == nil {
			result = w("settlements.state.differs", t.loc.Change(d))
		}
		return settlementCheckRow{name, money(one) + " ≠ " + money(other), result, parts.Loss}
	}
	rows := []settlementCheckRow{compared(w("paper.settlement.header"), c.TotalMinor, c.RowsMinor)}
	if c.Paid.Transfer {
		rows = append(rows, compared(w("paper.settlement.transfer"), c.TotalMinor, c.Paid.Amount.Minor))
	} else {
		rows = append(rows, settlementCheckRow{w("paper.settlement.transfer"), money(c.TotalMinor), w("settlements.check.notransfer"), parts.Muted})
	}
	if c.Bank != nil {
		bank := compared(w("paper.settlement.bank"), c.TotalMinor, c.Bank.Amount.Minor)
		bank.Sides += " · " + w("settlements.check.booked", cashText{t.words, t.loc}.day(c.Bank.Day))
		rows = append(rows, bank)
	} else {
		rows = append(rows, settlementCheckRow{w("paper.settlement.bank"), money(c.TotalMinor), w("settlements.check.nobank"), parts.Muted})
	}
	if c.PreviousReserve != nil {
		rows = append(rows, compared(w("paper.settlement.reserve"), c.ReserveIn, *c.PreviousReserve))
	} else {
		rows = append(rows, settlementCheckRow{w("paper.settlement.reserve"), money(c.ReserveIn), w("settlements.check.noprevious"), parts.Muted})
	}
	kept := settlementCheckRow{w("settlements.check.kept"), money(c.ReserveOut), w("settlements.check.nonext"), parts.Muted}
	if c.Next != "" {
		kept.Result = w("settlements.check.next", c.Next)
	}
	rows = append(rows, kept)
	if c.Gap > 0 {
		rows = append(rows, settlementCheckRow{
			w("settlements.check.gap", c.Previous), t.counted("settlements.check.days", int64(c.Gap/(24*time.Hour))), w("settlements.check.missing"), parts.Loss,
		})
	}
	if c.Alone > 0 {
		rows = append(rows, settlementCheckRow{w("settlements.check.alone"), t.counted("settlements.nrows", c.Alone), w("settlements.check.only"), parts.Muted})
	}
	return rows
}

// side says where the money of an open difference stands alone.
func (t settlementsText) side(row bool) string {
	if row {
		return t.words.T("settlements.check.side.settlement")
	}
	return t.words.T("settlements.check.side.books")
}

// showCheck reads the proof of a settlement and shows it.
func (d *settlementDetail) showCheck(r store.SettlementRow) {
	d.closeTables()
	d.fill(parts.NewSkeleton(6))
	d.loads.run(func(ctx context.Context) (func(), error) {
		c, err := d.e.s.Book.CheckSettlement(ctx, r.Connection, r.ID)
		if err != nil {
			return nil, err
		}
		return func() { d.checked(c) }, nil
	}, func(err error) {
		d.fill(screenProblem(d.e, d.e.words.T("settlements.error"), err, func() { d.showCheck(r) }))
	})
}

func (d *settlementDetail) checked(c store.SettlementCheck) {
	t, loc := d.e.words.T, d.e.loc
	d.closeTables()
	box := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space1)))
	inset := container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Scaled(theme.Space3)), box) // the scroll bar's room
	line := func(name, note string, tone parts.Tone, below string) {
		box.Add(parts.NewBorder(nil, nil, parts.NewLabel(name, theme.TextBody, parts.Normal).Bold().Whole(), nil,
			parts.NewLabel(below, theme.TextBody, parts.Normal).Right()))
		box.Add(parts.NewParagraph(note, tone))
	}
	for _, k := range d.text.checks(c) {
		line(k.Name, k.Result, k.Tone, k.Sides)
	}
	if len(c.OpenSum) == 0 {
		d.fill(parts.NewScroll(inset))
		return
	}
	box.Add(parts.NewLabel(t("paper.settlement.open"), theme.TextTitle, parts.Normal).Bold())
	for _, o := range c.OpenSum {
		line(t("cash.open."+string(o.Reason)), t("cash.do."+string(o.Reason)), parts.Muted,
			d.text.side(o.Row)+" · "+d.text.counted("settlements.nrows", o.Count)+" · "+loc.Statement(books.Money{Minor: o.Minor, Currency: c.Currency}))
	}
	box.Add(container.NewHBox(parts.NewButton(t("settlements.showall"), parts.Quiet, func() { d.showOpen(c) })))
	d.fill(parts.NewScroll(inset))
}

// showOpen lists the open differences one by one.
func (d *settlementDetail) showOpen(c store.SettlementCheck) {
	d.closeTables()
	t := d.e.words.T
	columns := d.openColumns()
	d.open = parts.NewTable(d.e.ctx, columns, parts.Rows(c.Open, columns), parts.TableOptions[store.SettlementOpen]{
		Post: d.e.post, Compact: true,
		OnOpen: func(o store.SettlementOpen, _ string) {
			d.original(store.SettlementFact{Document: o.Document, DocLine: o.DocLine})
		},
	})
	d.open.Select(-1)
	head := parts.NewBorder(nil, nil, parts.NewButton(t("settlements.check"), parts.Text, func() { d.checked(c) }), nil,
		parts.NewLabel(t("paper.settlement.open"), theme.TextBody, parts.Normal).Bold())
	d.fill(parts.NewBorder(head, parts.NewLabel(t("settlements.openhint"), theme.TextCaption, parts.Muted), nil, nil, d.open))
}

func (d *settlementDetail) openColumns() []parts.Column[store.SettlementOpen] {
	t, loc := d.e.words.T, d.e.loc
	type row = store.SettlementOpen
	return []parts.Column[row]{
		{ID: "reason", Title: t("settlements.column.reason"), Width: 110, Grow: 1, Text: func(o row) string { return t("cash.open." + string(o.Reason)) },
			Look: func(o row) parts.Cell {
				return parts.Cell{Tip: d.text.side(o.Row) + " · " + t("cash.do."+string(o.Reason))}
			}},
		{ID: "side", Title: t("settlements.check.side"), Width: 92, Hidden: true, Text: func(o row) string { return d.text.side(o.Row) },
			Look: func(o row) parts.Cell { return parts.Cell{Tip: o.Path} }},
		{ID: "posted", Title: t("settlements.column.posted"), Width: 64, Text: func(o row) string { return loc.DayMonth(o.Posted) },
			Value: func(o row) any { return o.Posted }},
		{ID: "order", Title: t("settlements.column.order"), Width: 150, Mono: true, Text: func(o row) string { return o.Order },
			Look: func(o row) parts.Cell { return parts.Cell{Link: o.Document > 0, Tip: o.SKU} }},
		{ID: "amount", Title: t("settlements.column.amount"), Width: 90, Align: parts.Right, Text: func(o row) string { return loc.Statement(o.Amount) },
			Look: func(o row) parts.Cell { return parts.MoneyCell(loc, o.Amount) }, Value: func(o row) any { return o.Amount }},
	}
}
