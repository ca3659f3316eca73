package desktop

import (
	"context"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// changed narrows the changes to what the screen shows.
func (d *profitData) changed() store.ChangesOf {
	return store.ChangesOf{From: d.Query.Span.From, To: d.Query.Span.To, Currency: d.Query.Currency, SKU: d.Query.SKU}
}

// changeSource gives why numbers changed, page by page.
type changeSource struct {
	book  *store.Book
	of    store.ChangesOf
	count int
}

// Count implements parts.Source.
func (s changeSource) Count(context.Context) (int, error) { return s.count, nil }

// Rows implements parts.Source. The latest come first.
func (s changeSource) Rows(ctx context.Context, order parts.Order, offset, limit int) ([]store.FigureChange, error) {
	return s.book.ChangePage(ctx, s.of, order.Column, order.Desc || order.Column == "", offset, limit)
}

// changesNote says what the changes add up to, by reason.
func (p *profitScreen) changesNote() string {
	w, l, d := p.env.words, p.env.loc, p.data
	if len(d.Changes) == 0 {
		return w.T("profit.note_changes")
	}
	var list []string
	for _, s := range d.Changes {
		list = append(list, w.T("profit.changed_"+s.Reason, l.Count(s.Count), l.Change(books.Money{Minor: s.Difference, Currency: d.Query.Currency})))
	}
	return strings.Join(list, " · ")
}

// changesTable lists why numbers changed.
func (p *profitScreen) changesTable() profitTable {
	w, l := p.env.words, p.env.loc
	var count int64
	for _, s := range p.data.Changes {
		count += s.Count
	}
	type row = store.FigureChange
	money := func(id string, of func(row) int64) parts.Column[row] {
		figure := func(c row) books.Money { return books.Money{Minor: of(c), Currency: c.Currency} }
		return parts.Column[row]{
			ID: id, Title: w.T("profit.change_" + id), Width: 90, Align: parts.Right, Text: func(c row) string { return l.Statement(figure(c)) },
			Value: func(c row) any { return figure(c) }, Sortable: id == "difference",
			Look: func(c row) parts.Cell {
				cell := parts.Cell{Tone: parts.Muted}
				switch {
				case id == "difference" && of(c) > 0:
					cell = parts.Cell{Tone: parts.Gain, Text: l.Change(figure(c))}
				case id == "difference" && of(c) < 0:
					cell = parts.Cell{Tone: parts.Loss, Text: l.Change(figure(c))}
				}
				return cell
			},
		}
	}
	text := func(id string, width, grow float32, of func(row) string) parts.Column[row] {
		return parts.Column[row]{ID: id, Title: w.T("profit.change_" + id), Width: width, Grow: grow, Text: func(c row) string {
			if t := of(c); t != "" {
				return t
			}
			return format.Unknown
		}}
	}
	columns := []parts.Column[row]{
		text("at", 112, 0, func(c row) string { return l.Moment(c.At) }),
		text("why", 126, 1, p.changeWhy),
		text("month", 80, 0, func(c row) string { return l.Month(statementDay(c.Month + "-01")) }),
		text("order", 172, 0, func(c row) string { return c.Order }),
		text("sku", 128, 0.3, func(c row) string { return c.SKU }),
		text("line", 140, 0.6, func(c row) string { return lineName(string(c.Line), w) }),
		money("before", func(c row) int64 { return c.Before }), money("after", func(c row) int64 { return c.After }),
		money("difference", func(c row) int64 { return c.After - c.Before }),
	}
	for i := range columns {
		columns[i].Spare = map[string]int{"month": 3, "before": 2, "after": 1}[columns[i].ID] // the difference says it in a small window
		switch columns[i].ID {
		case "at":
			columns[i].Value = func(c row) any { return c.At }
			fallthrough
		case "month", "sku", "line":
			columns[i].Sortable, columns[i].Mono = true, columns[i].ID == "sku"
		case "order":
			columns[i].Sortable, columns[i].Mono = true, true
			columns[i].Look = func(c row) parts.Cell { return parts.Cell{Link: c.Order != ""} }
		case "why":
			columns[i].Look = func(c row) parts.Cell { return parts.Cell{Tip: p.changeWhole(c)} }
		}
	}
	return parts.NewTable(p.env.ctx, columns, changeSource{p.env.s.Book, p.data.changed(), int(count)}, parts.TableOptions[row]{
		Post: p.env.post, Reading: &p.env.reading, Cells: true, OnError: func(err error) { p.env.notify(errorLine(err)) },
		OnOpen: func(c row, _ string) { p.openChange(c) },
		Empty:  parts.NewEmptyState(w.T("profit.changes_none"), "", nil),
	})
}

// changeWhy says in a word why a number changed.
func (p *profitScreen) changeWhy(c store.FigureChange) string {
	w := p.env.words
	switch {
	case c.Reason == "estimate" && c.Cause == "money":
		return w.T("profit.cause_money_short")
	case c.Reason == "estimate":
		return w.T("profit.cause_nothing_short")
	}
	return p.changeWhole(c)
}

// changeWhole says why a number changed, and who caused it.
func (p *profitScreen) changeWhole(c store.FigureChange) string {
	w, who := p.env.words, p.changeWho(c)
	switch {
	case c.Reason == "estimate" && c.Cause == "money":
		return w.T("profit.cause_money") + who
	case c.Reason == "estimate":
		return w.T("profit.cause_nothing") + who
	case c.Cause != "":
		return w.T("profit.cause_costs", sayCauses(p.env, c.Cause)) + who
	}
	return w.T("profit.cause_recount") + who
}

func (p *profitScreen) changeWho(c store.FigureChange) string {
	if c.By == "" {
		return ""
	}
	return " (" + c.By + ")"
}

// openChange goes to the order, or to the line in its month.
func (p *profitScreen) openChange(c store.FigureChange) {
	if c.Order != "" {
		p.env.show(route{Screen: "orders", Order: c.Order})
		return
	}
	first := statementDay(c.Month + "-01")
	if first.IsZero() {
		return
	}
	p.env.show(route{Screen: "profit", Line: string(c.Line), From: dayOf(first), To: dayOf(first.AddDate(0, 1, -1)), Currency: c.Currency, SKU: c.SKU})
}
