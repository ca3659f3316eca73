package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// askDifference leads from what does not fit to what can be done about it.
func (s *cashScreen) askDifference(d cashDifference) {
	switch {
	case d.Line != nil:
		s.askLine(*d.Line)
	case d.Payout != nil:
		s.askPayout(*d.Payout)
	default:
		tell(s.e, d.What, flushText(d.Detail, parts.Normal), fyne.NewSize(480, 220))
	}
}

// askLine asks which payout a line of the bank is.
func (s *cashScreen) askLine(l store.BankLine) {
	s.works.run(func(ctx context.Context) (func(), error) {
		choices, err := s.e.s.Book.LinkChoices(ctx, l)
		return func() { s.showChoices(l, choices) }, err
	}, s.failed)
}

// bankFacts tells of a line of the bank as it came.
func (s *cashScreen) bankFacts(l store.BankLine) fyne.CanvasObject {
	t := s.e.words.T
	return container.NewVBox(
		fact(t("cash.link.booked"), s.text().day(l.Day)), fact(t("cash.column.amount"), s.e.loc.MoneyWithCode(l.Amount)),
		fact(t("cash.link.account"), l.Account), flushText(l.Text, parts.Muted))
}

func (s *cashScreen) showChoices(l store.BankLine, choices []store.Payout) {
	t, loc := s.e.words.T, s.e.loc
	columns := []parts.Column[store.Payout]{
		{ID: "day", Title: t("cash.column.day"), Width: dayWidth(loc) + 12, Text: func(p store.Payout) string { return s.text().day(p.Day) },
			Compare: parts.By(func(p store.Payout) string { return p.Day })},
		{ID: "account", Title: t("cash.column.account"), Width: 62, Text: func(p store.Payout) string { return accountLabel(p.Connection) }},
		{ID: "settlement", Title: t("cash.column.settlement"), Width: 118, Grow: 1, Mono: true, Text: func(p store.Payout) string { return p.Settlement }},
		{ID: "amount", Title: t("cash.column.amount"), Width: 100, Align: parts.Right, Text: func(p store.Payout) string { return loc.Statement(p.Amount) },
			Look: func(p store.Payout) parts.Cell { return parts.MoneyCell(loc, p.Amount) }, Compare: parts.By(func(p store.Payout) int64 { return p.Amount.Minor })},
		{ID: "difference", Title: t("cash.link.difference"), Width: 100, Align: parts.Right,
			Text: func(p store.Payout) string { return loc.Statement(apartFrom(l, p)) },
			Look: func(p store.Payout) parts.Cell {
				c := parts.MoneyCell(loc, apartFrom(l, p))
				if apartFrom(l, p).Minor == 0 {
					c.Tone = parts.Gain
				}
				return c
			}},
	}
	var m *modal
	link := func(to, said string) {
		m.hide()
		s.link(l, to, said)
	}
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(choices, columns), parts.TableOptions[store.Payout]{
		Post: s.e.post, Compact: true, Empty: parts.NewEmptyState(t("cash.link.none"), "", nil),
		OnOpen: func(p store.Payout, _ string) { link(p.Link(), t("cash.link.done")) },
	})
	body := parts.NewBorder(container.NewVBox(s.bankFacts(l), flushText(t("cash.link.ask"), parts.Normal)), nil, nil, nil, table)
	buttons := []fyne.CanvasObject{parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() })}
	if l.Link == store.NoPayout {
		buttons = append(buttons, parts.NewButton(t("cash.link.again"), parts.Quiet, func() { link("", t("cash.link.again.done")) }))
	} else {
		buttons = append(buttons, parts.NewButton(t("cash.link.nopayout"), parts.Quiet, func() { link(store.NoPayout, t("cash.link.nopayout.done")) }))
	}
	if len(choices) > 0 {
		buttons = append(buttons, parts.NewButton(t("cash.link.do"), parts.Primary, func() {
			if p, ok := table.Selected(); ok {
				link(p.Link(), t("cash.link.done"))
			}
		}))
	}
	m = newFullModal(s.e, t("cash.link.title"), body, fyne.NewSize(680, 480), buttons...)
	m.show()
	s.e.window.Canvas().Focus(table.Focus())
}

// apartFrom is how much more the bank got than Amazon told.
func apartFrom(l store.BankLine, p store.Payout) books.Money {
	return books.Money{Minor: l.Amount.Minor - p.Amount.Minor, Currency: l.Amount.Currency}
}

// askPayout shows a payout with its line of the bank, which can be taken off it;
// one without a line gets one of those that are no payout's.
func (s *cashScreen) askPayout(p store.PaidOut) {
	t := s.e.words.T
	if p.Bank != nil {
		l := *p.Bank
		how := t("cash.link.found")
		off := store.NoPayout // it would be found again
		if l.Link != "" {
			how, off = t("cash.link.byhand"), ""
		}
		var m *modal
		m = newModal(s.e, s.payoutTitle(p), container.NewVBox(s.bankFacts(l), flushText(how, parts.Muted)), fyne.NewSize(520, 320),
			parts.NewButton(t("cash.link.off"), parts.Danger, func() { m.hide(); s.link(l, off, t("cash.link.off.done")) }),
			parts.NewButton(t("privacy.close"), parts.Quiet, func() { m.hide() }))
		m.show()
		return
	}
	s.works.run(func(ctx context.Context) (func(), error) {
		lines, err := s.e.s.Book.LineChoices(ctx, p.Payout)
		return func() { s.showLines(p, lines) }, err
	}, s.failed)
}

func (s *cashScreen) payoutTitle(p store.PaidOut) string {
	return s.e.words.T("cash.link.payout", s.text().day(p.Day), s.e.loc.MoneyWithCode(p.Amount))
}

func (s *cashScreen) showLines(p store.PaidOut, lines []store.BankLine) {
	t, loc := s.e.words.T, s.e.loc
	columns := []parts.Column[store.BankLine]{
		{ID: "day", Title: t("cash.link.booked"), Width: dayWidth(loc) + 12, Text: func(l store.BankLine) string { return s.text().day(l.Day) }},
		{ID: "account", Title: t("cash.link.account"), Width: 84, Text: func(l store.BankLine) string { return l.Account }},
		{ID: "text", Title: t("cash.import.text"), Width: 160, Grow: 1, Text: func(l store.BankLine) string { return l.Text }},
		{ID: "amount", Title: t("cash.column.amount"), Width: 100, Align: parts.Right, Text: func(l store.BankLine) string { return loc.Statement(l.Amount) },
			Look: func(l store.BankLine) parts.Cell { return parts.MoneyCell(loc, l.Amount) }},
	}
	var m *modal
	link := func(l store.BankLine) { m.hide(); s.link(l, p.Link(), t("cash.link.done")) }
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(lines, columns), parts.TableOptions[store.BankLine]{
		Post: s.e.post, Compact: true, OnOpen: func(l store.BankLine, _ string) { link(l) }, Empty: parts.NewEmptyState(t("cash.link.nolines"), "", nil),
	})
	buttons := []fyne.CanvasObject{parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() })}
	if len(lines) > 0 {
		buttons = append(buttons, parts.NewButton(t("cash.link.do"), parts.Primary, func() {
			if l, ok := table.Selected(); ok {
				link(l)
			}
		}))
	}
	m = newFullModal(s.e, s.payoutTitle(p), parts.NewBorder(container.NewVBox(flushText(t("cash.link.which"), parts.Normal), spacer(theme.Space1)), nil, nil, nil, table),
		fyne.NewSize(680, 400), buttons...)
	m.show()
	s.e.window.Canvas().Focus(table.Focus())
}

// link stores the seller's word about a line of the bank.
func (s *cashScreen) link(l store.BankLine, to, said string) {
	s.works.run(func(ctx context.Context) (func(), error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error {
			if err := tx.LinkBankLine(l, to); err != nil {
				return err
			}
			return tx.Audit("cash", "said what the bank's line of "+l.Day+" is")
		})
		return func() {
			s.e.notify(said)
			s.load(s.route)
		}, err
	}, func(err error) { s.e.notify(errorLine(err)) })
}
