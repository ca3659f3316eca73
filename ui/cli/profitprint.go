package cli

import (
	"fmt"
	"slices"

	"countinghouse/data/books"
)

// maxStatementColumns is how many statements fit beside one another.
const maxStatementColumns = 6

// printStatements prints the lines as rows and the statements as columns.
func printStatements(a *app, groups []group, f format) error {
	if f == formatCSV {
		t := newSheet(left("group"), left("currency"), left("from"), left("to"), left("line"), right("amount"), left("why"))
		for _, g := range groups {
			for _, row := range g.rows() {
				t.add(g.name, g.Currency, g.From, g.To, row.name, shown(row.Figure), row.Why)
			}
		}
		return t.write(a.io.Out, f)
	}
	if len(groups) > maxStatementColumns {
		return printStatementRows(a, groups)
	}
	t := newSheet(left("line"))
	reasons := []string{}
	for _, g := range groups {
		head := g.head()
		t.columns = append(t.columns, right(head))
		for _, total := range g.totals() {
			if total.Why != "" && !slices.Contains(reasons, head+": "+total.Why) {
				reasons = append(reasons, head+": "+total.Why)
			}
		}
	}
	if from, to, same := onePeriod(groups); same {
		fmt.Fprintf(a.io.Out, "Profit and loss, %s to %s\n\n", from, to)
	} else {
		first, last := []string{"from"}, []string{"to"}
		for _, g := range groups {
			first, last = append(first, g.From), append(last, g.To)
		}
		t.add(first...)
		t.add(last...)
	}
	for i, row := range groups[0].rows() {
		cells, empty := []string{row.name}, true
		for _, g := range groups {
			r := g.rows()[i]
			cells = append(cells, shown(r.Figure))
			empty = empty && r.Known && r.Minor == 0
		}
		if !empty || i >= len(groups[0].Lines) {
			t.add(cells...)
		}
	}
	if err := t.write(a.io.Out, f); err != nil {
		return err
	}
	for _, r := range reasons {
		fmt.Fprintln(a.io.Out, "-", r)
	}
	return nil
}

type namedFigure struct {
	name string
	books.Figure
}

func (g group) rows() []namedFigure {
	var out []namedFigure
	for _, l := range g.Lines {
		out = append(out, namedFigure{string(l.Line), l.Figure})
	}
	for _, t := range g.totals() {
		out = append(out, namedFigure(t))
	}
	return out
}

func shown(f books.Figure) string {
	if !f.Known {
		return "-"
	}
	return f.Decimal()
}

// onePeriod tells whether all groups are of the same days.
func onePeriod(groups []group) (from, to string, same bool) {
	from, to = groups[0].From, groups[0].To
	for _, g := range groups {
		if g.From != from || g.To != to {
			return "", "", false
		}
	}
	return from, to, true
}

// printStatementRows prints many statements, one below the other, by totals.
func printStatementRows(a *app, groups []group) error {
	t := newSheet(left("statement"), left("from"), left("to"), right("units"))
	for _, total := range groups[0].totals() {
		t.columns = append(t.columns, right(total.name))
	}
	var reasons []string
	for _, g := range groups {
		cells := []string{marketName(g.name) + " " + g.Currency, g.From, g.To, number(g.Units)}
		for _, total := range g.totals() {
			cells = append(cells, shown(total.Figure))
		}
		t.add(cells...)
		if g.NetProfit.Why != "" && !slices.Contains(reasons, g.NetProfit.Why) {
			reasons = append(reasons, g.NetProfit.Why)
		}
	}
	if err := t.write(a.io.Out, formatTable); err != nil {
		return err
	}
	for _, r := range reasons {
		fmt.Fprintln(a.io.Out, "-", r)
	}
	return nil
}

// head names a statement in a table.
func (g group) head() string {
	if g.name == "" {
		return g.Currency
	}
	return marketName(g.name) + " " + g.Currency
}
