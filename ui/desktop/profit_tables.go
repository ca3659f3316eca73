package desktop

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// profitWidth is the width a column needs for its widest text in bold, in
// unscaled units. Digits are of one width, so that texts which differ in
// digits only are measured once.
func profitWidth(texts ...string) float32 {
	shapes := map[string]bool{}
	for _, t := range texts {
		shapes[strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return '0'
			}
			return r
		}, t)] = true
	}
	var w float32
	for shape := range shapes {
		w = max(w, theme.Measure(shape, theme.TextBody, fyne.TextStyle{Bold: true}).Width)
	}
	return max(w+2*theme.Space2+2, 60)
}

// profitFew is up to how many periods the columns of figures share the room
// that is left over; with more of them the table scrolls.
const profitFew = 6

// statementTable is the statement: a tree of lines over the periods.
func (p *profitScreen) statementTable() profitTable {
	d := p.data
	columns := []parts.Column[statementRow]{p.nameColumn()}
	need := columns[0].Width
	for i := range d.Periods {
		columns = append(columns, p.figureColumn(i, d.Periods[i].From, p.periodHead(i), d.Periods[i].statementSpan, d.Statements[i]))
	}
	total := len(d.Periods)
	if total > 1 {
		columns = append(columns, p.figureColumn(total, "total", p.env.words.T("profit.total"), d.Span, d.Total))
	}
	columns = append(columns, p.shareColumn(total))
	if d.Compare != nil {
		c := p.figureColumn(total+1, "compare", p.env.words.T("profit.compare"), d.Query.Compare, *d.Compare)
		columns = append(columns, c, p.changeColumn(total))
	}
	for _, c := range columns[1:] {
		need += c.Width
	}
	p.wide.need = need + 24
	if p.unfold { // with the charts below it, net profit would go out of sight
		p.unfold = false
		room := p.wide.beside(p.body.Size().Width)
		p.open["sales"], p.open["fba"] = room, room
		if room {
			p.unfoldMore(len(d.Periods) > profitFew/2 || theme.Compact())
		}
	}
	rows := statementShown(d.Rows, p.open)
	var table *parts.Table[statementRow]
	table = parts.NewTable(p.env.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[statementRow]{
		Post: p.env.post, Pinned: 1, Cells: true, Compact: len(d.Periods) > profitFew/2,
		Heavy:  func(r statementRow) bool { return r.Sum },
		OnFold: func(r statementRow) { p.fold(table, columns, r) },
		OnOpen: func(r statementRow, column string) { p.openCell(table, columns, r, column) },
	})
	return table
}

// unfoldMore unfolds, from the top, the groups that a tall window has room for.
func (p *profitScreen) unfoldMore(compact bool) {
	row := theme.Scaled(theme.Row)
	if compact {
		row = theme.Scaled(theme.RowCompact)
	}
	most := int(p.page.Size().Height/row) - 2 // the head, and the sheet's own edges
	for _, r := range p.data.Rows {
		if !r.Folds || p.open[r.ID] {
			continue
		}
		p.open[r.ID] = true
		if len(statementShown(p.data.Rows, p.open)) > most {
			p.open[r.ID] = false
		}
	}
}

// fold shows or hides the lines of a group.
func (p *profitScreen) fold(table *parts.Table[statementRow], columns []parts.Column[statementRow], r statementRow) {
	if !r.Folds {
		return
	}
	p.open[r.ID] = !p.open[r.ID]
	rows := statementShown(p.data.Rows, p.open)
	table.SetSource(parts.Rows(rows, columns))
	table.Select(slices.IndexFunc(rows, func(o statementRow) bool { return o.ID == r.ID && o.Line == r.Line }))
}

func (p *profitScreen) openCell(table *parts.Table[statementRow], columns []parts.Column[statementRow], r statementRow, column string) {
	d := p.data
	span := d.Span
	switch column {
	case "line":
		if p.explains(r) {
			p.askFigure(books.FigureName(r.ID))
			return
		}
		p.fold(table, columns, r)
		return
	case "share", "change", "total":
	case "compare":
		span = d.Query.Compare
	default:
		for _, period := range d.Periods {
			if period.From == column {
				span = period.statementSpan
			}
		}
	}
	p.lines(statementLineList(r.Lines), span)
}

// periodHead names a column, and where it ends early or begins late, the day.
func (p *profitScreen) periodHead(i int) string {
	w, l, d := p.env.words, p.env.loc, p.data
	period := d.Periods[i]
	head := statementHead(w, l, p.periods, period, statementOneYear(d.Periods))
	switch {
	case p.periods == statementDays || p.periods == statementWhole || period.whole() || !period.meets(d.Covered):
		return head
	case p.periods == statementWeeks:
		return l.DayMonth(statementDay(period.From))
	case p.periods != statementMonths && period.To != period.End:
		return w.T("profit.head_to", head, l.DayMonth(statementDay(period.To)))
	case p.periods != statementMonths:
		return w.T("profit.head_from", head, l.DayMonth(statementDay(period.From)))
	case period.From != period.Start && period.To != period.End:
		return w.T("profit.head_days", head, statementDay(period.From).Day(), statementDay(period.To).Day())
	case period.To != period.End:
		return w.T("profit.head_to_day", head, statementDay(period.To).Day())
	}
	return w.T("profit.head_from_day", head, statementDay(period.From).Day())
}

func (p *profitScreen) nameColumn() parts.Column[statementRow] {
	w := p.env.words
	name := func(r statementRow) string { return w.T(r.word()) }
	width := float32(150)
	for _, r := range p.data.Rows {
		width = max(width, profitWidth(name(r))+24)
	}
	var grow float32
	if len(p.data.Periods) <= profitFew {
		grow = 1
	}
	return parts.Column[statementRow]{
		ID: "line", Title: w.T("profit.line"), Unit: "· " + p.data.Query.Currency, Width: min(width, 230), Grow: grow, Text: name,
		Look: func(r statementRow) parts.Cell {
			c := parts.Cell{}
			switch {
			case p.explains(r):
				c.Link, c.Tip = true, w.T("profit.how")
			case r.Group != "":
				c.Indent, c.Tone = 2, parts.Muted
			case r.Folds && p.open[r.ID]:
				c.Fold = parts.Open
			case r.Folds:
				c.Fold = parts.Closed
			case !r.Sum:
				c.Indent = 1
			}
			return c
		},
	}
}

func (p *profitScreen) figureColumn(i int, id, head string, span statementSpan, s books.Statement) parts.Column[statementRow] {
	l := p.env.loc
	why := statementWhy(p.env.words, l, s, p.data.Covered)
	var grow float32
	if len(p.data.Periods) <= profitFew {
		grow = 0.4
	}
	texts := []string{head}
	for _, r := range p.data.Rows {
		texts = append(texts, l.Statement(r.Figures[i].Money))
	}
	text := func(r statementRow) string { return figureText(l, r.Figures[i]) }
	return parts.Column[statementRow]{
		ID: id, Title: head, Width: profitWidth(texts...), Grow: grow, Align: parts.Right, Text: text,
		Look:  func(r statementRow) parts.Cell { return figureCell(l, r.Figures[i], why, r.Group != "" || r.Below) },
		Value: func(r statementRow) any { return figureValue(r.Figures[i]) },
	}
}

// figureText writes a figure as a statement does, "-" when it is not known.
func figureText(l *format.Locale, f books.Figure) string {
	if !f.Known {
		return format.Unknown
	}
	return l.Statement(f.Money)
}

// figureCell shows a figure; one that is not known has its reason on hover, and
// so has one that leaves something out.
func figureCell(l *format.Locale, f books.Figure, why string, quiet bool) parts.Cell {
	if !f.Known {
		return parts.UnknownCell(why)
	}
	c := parts.Cell{Text: l.Statement(f.Money), Link: true}
	if quiet || f.Minor == 0 {
		c.Tone = parts.Muted
	}
	if f.Why != "" {
		c.Tip = why
	}
	return c
}

// figureValue is a figure for a spreadsheet; nil when it is not known.
func figureValue(f books.Figure) any {
	if !f.Known {
		return nil
	}
	return f.Money
}

func (p *profitScreen) shareColumn(total int) parts.Column[statementRow] {
	w, l, net := p.env.words, p.env.loc, p.data.Total.NetSales
	text := func(r statementRow) string {
		if f := r.Figures[total]; f.Known && net.Known {
			return l.Percent(f.Minor, net.Minor, 1)
		}
		return format.Unknown
	}
	return parts.Column[statementRow]{
		ID: "share", Title: w.T("profit.share"), Width: profitWidth(w.T("profit.share"), widestShare(l)), Align: parts.Right, Text: text,
		Look: func(r statementRow) parts.Cell {
			if t := text(r); t == format.Unknown {
				return parts.UnknownCell(statementWhy(w, l, p.data.Total, p.data.Covered))
			}
			return parts.Cell{Tone: parts.Hint, Link: true}
		},
	}
}

// widestShare is a share as wide as shares usually are.
func widestShare(l *format.Locale) string { return l.Percent(-9999, 10000, 1) + " " }

// changeColumn is the change against the period compared with.
func (p *profitScreen) changeColumn(total int) parts.Column[statementRow] {
	w, l := p.env.words, p.env.loc
	return parts.Column[statementRow]{
		ID: "change", Title: w.T("profit.change"), Width: profitWidth(w.T("profit.change"), widestShare(l)), Align: parts.Right,
		Text: func(r statementRow) string { return profitChange(l, r.Figures[total], r.Figures[total+1]) },
	}
}

// profitChange is the change of a figure in percent of the size of the one
// before.
func profitChange(l *format.Locale, now, before books.Figure) string {
	if !now.Known || !before.Known {
		return format.Unknown
	}
	negative, err := now.Money.Add(before.Money.Neg())
	if err != nil {
		return format.Unknown
	}
	return l.PercentChange(negative.Minor, max(before.Minor, -before.Minor), 1)
}
