package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// profitDefined tells whether there is a definition of a row of the statement.
func profitDefined(id string) bool {
	switch books.FigureName(id) {
	case books.FigureNetSales, books.FigureContribution, books.FigureNetProfit:
		return true
	}
	return false
}

// explains tells whether a press on the row's name shows how it comes about.
func (p *profitScreen) explains(r statementRow) bool { return r.Sum && profitDefined(r.ID) }

// figuresTable lists the key figures over the periods; the definition of the one
// that is chosen stands beside.
func (p *profitScreen) figuresTable() profitTable {
	w, d := p.env.words, p.data
	rows := d.Figures[len(d.Periods)].All
	columns := []parts.Column[books.Explained]{{
		ID: "figure", Title: w.T("profit.figure"), Width: p.figureNames(rows), Grow: 1, Text: func(e books.Explained) string { return w.T("figures." + string(e.Name)) },
		Look: func(books.Explained) parts.Cell { return parts.Cell{Tip: w.T("profit.how")} },
	}, {
		ID: "unit", Title: w.T("profit.unit"), Width: 62, Text: func(e books.Explained) string { return profitUnit(w, e.Kind, d.Query.Currency) },
		Look: func(books.Explained) parts.Cell { return parts.Cell{Tone: parts.Muted} },
	}}
	for i := range d.Periods {
		columns = append(columns, p.keyColumn(i, d.Periods[i].From, p.periodHead(i)))
	}
	if len(d.Periods) > 1 {
		columns = append(columns, p.keyColumn(len(d.Periods), "total", w.T("profit.total")))
	}
	if d.Compare != nil {
		columns = append(columns, p.keyColumn(len(d.Periods)+1, "compare", w.T("profit.compare")))
	}
	p.wide.need, p.wide.high = 24, rowsHigh(len(rows))
	for _, c := range columns {
		p.wide.need += c.Width
	}
	table := parts.NewTable(p.env.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[books.Explained]{
		Post: p.env.post, Pinned: 1, Cells: true, Compact: true,
		OnSelect: func(e books.Explained) { p.define(e.Name) },
		OnOpen:   func(e books.Explained, column string) { p.openFigure(e.Name, column) },
	})
	chosen := max(slices.IndexFunc(rows, func(e books.Explained) bool { return e.Name == p.figure }), 0)
	table.Select(chosen)
	p.define(rows[chosen].Name)
	return table
}

func (p *profitScreen) figureNames(rows []books.Explained) float32 {
	var texts []string
	for _, e := range rows {
		texts = append(texts, p.env.words.T("figures."+string(e.Name)))
	}
	return profitWidth(texts...)
}

// keyColumn shows a figure of one column of the statement.
func (p *profitScreen) keyColumn(i int, id, head string) parts.Column[books.Explained] {
	w, l := p.env.words, p.env.loc
	of := p.data.Figures[i]
	texts := []string{head}
	for _, e := range of.All {
		texts = append(texts, profitKind(l, e.Kind, e.Value))
	}
	text := func(e books.Explained) string { e = of.of(e.Name); return profitKind(l, e.Kind, e.Value) }
	return parts.Column[books.Explained]{
		ID: id, Title: head, Width: profitWidth(texts...), Grow: 0.4, Align: parts.Right, Text: text,
		Look: func(e books.Explained) parts.Cell {
			e = of.of(e.Name)
			if !e.Value.Known {
				return parts.UnknownCell(of.why(w, l, e, p.data.Covered))
			}
			return parts.Cell{Link: true, Tip: of.formula(l, e)}
		},
		Value: func(e books.Explained) any {
			switch e = of.of(e.Name); {
			case !e.Value.Known:
				return nil
			case e.Kind == books.KindMoney:
				return e.Value.Money
			case e.Kind == books.KindCount:
				return e.Value.Minor
			}
			return text(e)
		},
	}
}

// define shows the definition of a figure, with the numbers of the whole, beside
// the table.
func (p *profitScreen) define(name books.FigureName) {
	p.figure = name
	about := container.NewVBox(parts.NewLabel(p.env.words.T("figures."+string(name)), theme.TextSection, parts.Normal).Bold(), p.definition(p.data.Figures[len(p.data.Periods)], name, "", p.behind("", p.data.Span)))
	if len(p.data.Periods) < 2 {
		p.aside.Objects = []fyne.CanvasObject{scrollColumn(about)}
	} else {
		chart := parts.NewChartView(p.figureTrend(name))
		p.aside.Objects = []fyne.CanvasObject{container.New(profitHalves{about}, scrollColumn(about), chart)}
	}
	p.aside.Refresh()
}

// figureTrend is the picture of a figure over the periods.
func (p *profitScreen) figureTrend(name books.FigureName) parts.ChartData {
	w, l, d := p.env.words, p.env.loc, p.data
	out := parts.ChartData{First: w.T("profit.period"), Empty: w.T("profit.why_none_drawn"), Axis: l.ShortMoney}
	series := parts.ChartSeries{Name: w.T("figures." + string(name)), Shape: charts.Bar}
	some := false
	for i, f := range d.Figures[:len(d.Periods)] {
		e := f.of(name)
		y := float64(e.Value.Minor)
		switch e.Kind {
		case books.KindMoney:
			y = profitPlot(e.Value.Money)
		case books.KindRate:
			y /= 100
			out.Axis = func(v float64) string { return l.Short(v) + "%" }
		case books.KindCount:
			out.Axis = l.Short
		}
		some = some || e.Value.Known
		out.Slots = append(out.Slots, statementHead(w, l, p.periods, d.Periods[i], statementOneYear(d.Periods)))
		out.Heads = append(out.Heads, statementHeadLong(l, d.Periods[i]))
		series.Y, series.Known = append(series.Y, y), append(series.Known, e.Value.Known)
		series.Pale = append(series.Pale, !d.Periods[i].whole())
		series.Texts = append(series.Texts, profitKind(l, e.Kind, e.Value))
	}
	if !some {
		out.Slots = nil
		return out
	}
	out.Series = []parts.ChartSeries{series}
	out.Open = func(slot int) { p.openFigure(name, d.Periods[slot].From) }
	return out
}

// profitHalves is a layout of a definition above its picture, or beside it where
// it is low: the definition has what it needs, up to two thirds.
type profitHalves struct{ definition fyne.CanvasObject }

// Layout implements fyne.Layout.
func (h profitHalves) Layout(o []fyne.CanvasObject, s fyne.Size) {
	high := min(max(h.definition.MinSize().Height+theme.Scaled(theme.Space4), theme.Scaled(230)), s.Height*2/3)
	if s.Height < theme.Scaled(360) { // side by side
		o[0].Move(fyne.NewPos(0, 0))
		o[0].Resize(fyne.NewSize(s.Width*0.55, s.Height))
		o[1].Move(fyne.NewPos(s.Width*0.55+theme.Scaled(theme.Space4), 0))
		o[1].Resize(fyne.NewSize(s.Width*0.45-theme.Scaled(theme.Space4), s.Height))
		return
	}
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[1].Move(fyne.NewPos(0, high+theme.Scaled(theme.Space2)))
	o[1].Resize(fyne.NewSize(s.Width, s.Height-high-theme.Scaled(theme.Space2)))
}

// MinSize implements fyne.Layout.
func (profitHalves) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Scaled(200), theme.Scaled(150))
}

// openFigure shows a figure of one column with its own numbers.
func (p *profitScreen) openFigure(name books.FigureName, column string) {
	d, at := p.data, len(p.data.Periods)
	for i, period := range d.Periods {
		if period.From == column {
			at = i
		}
	}
	if column == "compare" {
		at = len(d.Periods) + 1
	}
	p.tellFigure(d.Figures[at], name, "", p.behind("", d.Figures[at].Span))
}

// askFigure reads what a figure of the whole needs, and explains it.
func (p *profitScreen) askFigure(name books.FigureName) {
	d := p.data
	p.asks.run(func(ctx context.Context) (func(), error) {
		x, err := p.env.s.Book.Beside(ctx, d.filter(d.Span))
		if err != nil {
			return nil, err
		}
		all, err := books.Explain(d.Total, x)
		return func() { p.tellFigure(profitFigures{d.Span, d.Total, x, all}, name, "", p.behind("", d.Span)) }, err
	}, func(err error) { p.env.notify(errorLine(err)) })
}

// tellFigure shows above the window how a figure comes about. of says what it is
// a figure of, when it is not of all that the screen shows.
func (p *profitScreen) tellFigure(f profitFigures, name books.FigureName, of string, behind route) {
	p.modal = tell(p.env, p.env.words.T("figures."+string(name)), p.definition(f, name, of, behind), fyne.NewSize(520, 430))
}

// definition is a figure with its formula and this figure's own numbers, each of
// which opens the lines behind it.
func (p *profitScreen) definition(f profitFigures, name books.FigureName, of string, behind route) fyne.CanvasObject {
	w, l, e := p.env.words, p.env.loc, f.of(name)
	rows := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space1)))
	row := func(label string, right fyne.CanvasObject, bold bool) {
		left := parts.NewLabel(label, theme.TextBody, parts.Normal)
		if bold {
			left = left.Bold()
		}
		rows.Add(parts.NewBorder(nil, nil, nil, right, left))
	}
	for i, o := range e.Operands {
		sign := ""
		switch {
		case i > 0 && e.Quotient:
			sign = "÷ "
		case i > 0:
			sign = "+ "
		}
		row(sign+w.T("figures.op."+o.Name), p.operand(o, f.Beside, behind), false)
	}
	rows.Add(widget.NewSeparator())
	row("= "+w.T("figures."+string(name)), flush(parts.NewLabel(profitKind(l, e.Kind, e.Value), theme.TextSection, parts.Normal).Bold().Whole()), true)
	where := profitUnit(w, e.Kind, f.Currency) + " · " + statementRange(l, f.Span)
	if e.Kind != books.KindMoney {
		where = f.Currency + " · " + statementRange(l, f.Span)
	}
	for _, more := range []string{of, p.route.SKU} {
		if more != "" {
			where += " · " + more
			break
		}
	}
	head := container.NewVBox(
		parts.NewLabel(where, theme.TextCaption, parts.Muted),
		flushText(w.T("figures."+string(name)+".formula"), parts.Muted))
	body := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space2)), head, rows)
	if why := f.why(w, l, e, p.data.Covered); why != "" {
		body.Add(flushText(why, parts.Warn))
	}
	return body
}

// flush sets a figure under those that can be pressed.
func flush(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Scaled(theme.Space1)), o)
}

// operand is a number of a definition; it opens the lines behind it.
func (p *profitScreen) operand(o books.Operand, x books.Beside, behind route) fyne.CanvasObject {
	text := profitKind(p.env.loc, o.Kind, o.Figure)
	lines := operandLines(o.Name, x)
	if !o.Known || len(lines) == 0 {
		return flush(parts.NewLabel(text, theme.TextBody, parts.Normal).Right().Whole())
	}
	behind.Line = statementLineList(lines)
	return parts.NewButton(text, parts.Text, func() {
		if p.modal != nil {
			p.modal.hide()
		}
		p.env.show(behind)
	})
}
