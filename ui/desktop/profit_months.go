package desktop

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// profitMonth is a month of the book, closed or open.
type profitMonth struct {
	Month  string // YYYY-MM
	Over   bool   // it can be closed
	Closed bool
	store.MonthClosed
	books.Statement
}

// months lists the months of the book, the latest first, in the currency shown.
func (d *profitData) months(ctx context.Context, book *store.Book) ([]profitMonth, error) {
	first, last, err := book.Span(ctx)
	if err != nil || first == "" {
		return nil, err
	}
	closed, err := book.MonthsClosed(ctx, d.Query.Currency)
	if err != nil {
		return nil, err
	}
	rows, err := book.MonthSums(ctx, store.SumFilter{Currency: d.Query.Currency})
	if err != nil {
		return nil, err
	}
	var out []profitMonth
	for day := statementStart(statementMonths, statementDay(first)); !day.After(statementDay(last)); day = day.AddDate(0, 1, 0) {
		next := day.AddDate(0, 1, 0)
		m := profitMonth{Month: dayOf(day)[:7], Over: d.Query.Today >= dayOf(next)}
		for _, c := range closed {
			if c.Month == m.Month {
				m.Closed, m.MonthClosed = true, c
			}
			m.Closed = m.Closed || c.Month > m.Month // a close freezes all before
		}
		if m.Statement, err = statementOf(rows, d.coverage, statementSpan{dayOf(day), dayOf(next.AddDate(0, 0, -1))}, d.Query.Currency); err != nil {
			return nil, err
		}
		out = append([]profitMonth{m}, out...)
	}
	return out, nil
}

// monthState is whether a month is closed.
func (p *profitScreen) monthState(m profitMonth) (string, parts.Tone) {
	w := p.env.words
	switch {
	case m.Closed && m.At.IsZero():
		return w.T("profit.month_before"), parts.Muted
	case m.Closed && m.By != "":
		return w.T("profit.month_closed_by", p.env.loc.Date(m.At), m.By), parts.Normal
	case m.Closed:
		return w.T("profit.month_closed", p.env.loc.Date(m.At)), parts.Normal
	case m.Over:
		return w.T("profit.month_open"), parts.Accent
	}
	return w.T("profit.month_running"), parts.Muted
}

// monthsTable lists the months; beside it stands what came after the close of the
// one that is chosen.
func (p *profitScreen) monthsTable() profitTable {
	w, l, c := p.env.words, p.env.loc, p.data.Query.Currency
	month := func(m profitMonth) string { return l.Month(statementDay(m.Month + "-01")) }
	columns := []parts.Column[profitMonth]{
		{ID: "month", Title: w.T("profit.change_month"), Width: 110, Text: month, Compare: parts.By(func(m profitMonth) string { return m.Month })},
		{ID: "state", Title: w.T("profit.state"), Width: 190, Grow: 1, Text: func(m profitMonth) string { t, _ := p.monthState(m); return t },
			Look: func(m profitMonth) parts.Cell {
				text, tone := p.monthState(m)
				dot := parts.Gain
				if !m.Closed {
					dot = parts.Hint
				}
				return parts.Cell{Text: text, Tone: tone, Dot: dot}
			}},
		{ID: "net_profit", Title: w.T("profit.row.net_profit"), Unit: c, Width: 128, Align: parts.Right, Text: func(m profitMonth) string { return figureText(l, m.NetProfit) },
			Look: func(m profitMonth) parts.Cell {
				return figureCell(l, m.NetProfit, statementWhy(w, l, m.Statement, p.data.Covered), false)
			},
			Value: func(m profitMonth) any { return figureValue(m.NetProfit) }, Compare: func(a, b profitMonth) int { return profitCompare(a.NetProfit, b.NetProfit) }},
		{ID: "settled", Title: w.T("profit.settled"), Width: 84, Align: parts.Right, Text: func(m profitMonth) string {
			if !m.Shares.Known {
				return format.Unknown
			}
			return l.Percent(m.Shares.Settled, 10000, 0)
		}, Compare: parts.By(func(m profitMonth) int64 { return m.Shares.Settled })},
		{ID: "late", Title: w.T("profit.late"), Width: 96, Align: parts.Right, Text: func(m profitMonth) string {
			if !m.Closed {
				return format.Unknown
			}
			return l.Count(m.Late)
		}, Value: func(m profitMonth) any { return m.Late }, Compare: parts.By(func(m profitMonth) int64 { return m.Late })},
		{ID: "late_sum", Title: w.T("profit.late_sum"), Unit: c, Width: 128, Align: parts.Right, Text: func(m profitMonth) string {
			if !m.Closed {
				return format.Unknown
			}
			return l.Change(books.Money{Minor: m.Minor, Currency: c})
		}, Value: func(m profitMonth) any { return books.Money{Minor: m.Minor, Currency: c} }, Compare: parts.By(func(m profitMonth) int64 { return m.Minor })},
	}
	p.wide.need, p.wide.high = 24, float32(len(p.data.Months)+1)*theme.Row+16
	for _, col := range columns {
		p.wide.need += col.Width
	}
	table := parts.NewTable(p.env.ctx, columns, parts.Rows(p.data.Months, columns), parts.TableOptions[profitMonth]{
		Post: p.env.post, Pinned: 1, Cells: true, OnSelect: p.chooseMonth,
		OnOpen: func(m profitMonth, column string) { p.openMonth(m, column) },
		Empty:  parts.NewEmptyState(w.T("profit.empty"), "", nil),
	})
	at := slices.IndexFunc(p.data.Months, func(m profitMonth) bool { return m.Over }) // the latest that is over, or
	if i := slices.IndexFunc(p.data.Months, func(m profitMonth) bool { return m.Closed }); i > 0 && p.data.Months[i-1].Over {
		at = i - 1 // the one after those that are closed
	}
	at = max(at, 0)
	if len(p.data.Months) > 0 {
		table.Select(at)
		p.chooseMonth(p.data.Months[at])
	}
	return table
}

func (p *profitScreen) openMonth(m profitMonth, column string) {
	first := statementDay(m.Month + "-01")
	span := statementSpan{dayOf(first), dayOf(first.AddDate(0, 1, -1))}
	switch column {
	case "net_profit":
		r := p.behind(statementLineList(planLines("net_profit")()), span)
		r.Basis, r.SKU, r.Market = "", "", ""
		p.env.show(r)
	case "month":
		p.env.show(route{Screen: "profit", View: profitStatementView, From: span.From, To: span.To})
	}
}

// chooseMonth shows what can be done with a month, and what came after its close.
func (p *profitScreen) chooseMonth(m profitMonth) {
	w := p.env.words
	p.month = m
	if m.Over && !m.Closed {
		p.choices.close.Enable()
	} else {
		p.choices.close.Disable()
	}
	head := []fyne.CanvasObject{parts.NewLabel(p.env.loc.Month(statementDay(m.Month+"-01")), theme.TextSection, parts.Normal).Bold().Whole()}
	var body fyne.CanvasObject
	switch {
	case m.Closed && !m.At.IsZero():
		reopen := parts.NewButton(w.T("profit.reopen"), parts.Text, func() { p.askReopen(m) })
		head = append(head, layout.NewSpacer(), reopen)
		body = p.lateTable(m)
	case m.Closed:
		body = flushText(w.T("profit.month_before_text"), parts.Muted)
	case m.Over:
		body = flushText(p.closeText(m), parts.Muted)
	default:
		body = flushText(w.T("profit.month_running_text"), parts.Muted)
	}
	p.aside.Objects = []fyne.CanvasObject{parts.NewBorder(container.NewHBox(head...), nil, nil, nil, body)}
	p.aside.Refresh()
}

// lateSource gives the differences to a closed month, page by page.
type lateSource struct {
	book            *store.Book
	month, currency string
	count           int64
}

// Count implements parts.Source.
func (s lateSource) Count(context.Context) (int, error) { return int(s.count), nil }

// Rows implements parts.Source, by day.
func (s lateSource) Rows(ctx context.Context, _ parts.Order, offset, limit int) ([]store.LateDifference, error) {
	return s.book.LatePage(ctx, s.month, s.currency, offset, limit)
}

// lateTable lists what would have changed a closed month.
func (p *profitScreen) lateTable(m profitMonth) fyne.CanvasObject {
	w, l := p.env.words, p.env.loc
	type row = store.LateDifference
	columns := []parts.Column[row]{
		{ID: "day", Title: w.T("profit.late_day"), Width: 74, Text: func(d row) string { return l.DayMonth(statementDay(d.Day)) }, Value: func(d row) any { return d.Day }},
		{ID: "booked", Title: w.T("profit.late_booked"), Width: 74, Text: func(d row) string { return l.DayMonth(statementDay(d.Booked)) }, Value: func(d row) any { return d.Booked }},
		{ID: "line", Title: w.T("profit.line"), Width: 110, Grow: 1, Text: func(d row) string { return lineName(string(d.Line), w) }, Look: func(d row) parts.Cell {
			return parts.Cell{Tip: lineName(string(d.Line), w) + " · " + marketName(d.Marketplace) + " · " + l.Moment(d.Noted)}
		}},
		{ID: "sku", Title: w.T("profit.sku"), Width: 96, Grow: 0.5, Mono: true, Text: func(d row) string { return cmp.Or(d.SKU, format.Unknown) }},
		{ID: "amount", Title: w.T("profit.amount"), Width: 86, Align: parts.Right, Text: func(d row) string { return l.Statement(d.Amount) },
			Look: func(d row) parts.Cell { return parts.MoneyCell(l, d.Amount) }, Value: func(d row) any { return d.Amount }},
	}
	table := parts.NewTable(p.env.ctx, columns, lateSource{p.env.s.Book, m.Month, p.data.Query.Currency, m.Late}, parts.TableOptions[row]{
		Post: p.env.post, Reading: &p.env.reading, Compact: true, OnError: func(err error) { p.env.notify(errorLine(err)) },
		OnOpen: func(d row, _ string) {
			p.env.show(route{Screen: "profit", Line: string(d.Line), From: d.Booked, To: d.Booked, SKU: d.SKU, Currency: d.Amount.Currency})
		},
		Empty: parts.NewEmptyState(w.T("profit.late_none"), "", nil),
	})
	if p.late != nil {
		p.late.Close()
	}
	p.late = table
	return table
}

// closeText says what closing a month does, and what is not final in it.
func (p *profitScreen) closeText(m profitMonth) string {
	w, l := p.env.words, p.env.loc
	text := w.T("profit.close_text")
	if first := p.firstOpen(); first != "" && first < m.Month {
		text += " " + w.T("profit.close_before", l.Month(statementDay(first+"-01")))
	}
	if m.Shares.Known && m.Shares.Settled <= 10000-50 { // else it reads 0 %
		text += " " + w.T("profit.close_unsettled", l.Percent(10000-m.Shares.Settled, 10000, 0))
	}
	if m.NetSales.Why != "" {
		text += " " + w.T("profit.close_uncovered")
	}
	if m.Uncovered > 0 {
		text += " " + w.T("profit.close_uncosted", l.Count(m.Uncovered))
	}
	return text
}

// firstOpen is the first month that is not closed.
func (p *profitScreen) firstOpen() string {
	for i := len(p.data.Months) - 1; i >= 0; i-- {
		if m := p.data.Months[i]; !m.Closed {
			return m.Month
		}
	}
	return ""
}

// askClose closes the month that is chosen, on a second word.
func (p *profitScreen) askClose() {
	w, m := p.env.words, p.month
	name := p.env.loc.Month(statementDay(m.Month + "-01"))
	p.modal = confirm(p.env, w.T("profit.close_title", name), p.closeText(m), w.T("profit.close_word"), parts.Primary, func() {
		p.change(w.T("profit.closing", name), w.T("profit.close_done", name), func(tx *store.Tx) error {
			tx.Because(worker(), "closed "+m.Month)
			return tx.CloseMonth(m.Month)
		})
	})
}

// askReopen opens a closed month again, on a second word.
func (p *profitScreen) askReopen(m profitMonth) {
	w := p.env.words
	name := p.env.loc.Month(statementDay(m.Month + "-01"))
	p.modal = confirm(p.env, w.T("profit.reopen_title", name), w.T("profit.reopen_text"), w.T("profit.reopen_word"), parts.Danger, func() {
		p.change(w.T("profit.reopening", name), w.T("profit.reopen_done", name), func(tx *store.Tx) error {
			tx.Because(worker(), "reopened "+m.Month)
			return tx.ReopenMonth(m.Month)
		})
	})
}

// change writes to the book as long work, and reads the screen again.
func (p *profitScreen) change(doing, done string, write func(*store.Tx) error) {
	w := p.env.words
	p.env.busy(doing, func(ctx context.Context, _ func(done, total int64)) (string, error) {
		err := p.env.s.Book.Write(ctx, write)
		if errors.Is(err, store.ErrLaterMonth) {
			return "", errors.New(w.T("profit.reopen_later"))
		}
		if err != nil {
			return "", err
		}
		p.env.post(p.env.reload)
		return done, nil
	})
}
