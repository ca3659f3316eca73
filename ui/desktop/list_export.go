package desktop

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/paper"
)

// exported are the rows of an export, as a table gives them.
type exported = iter.Seq2[[]parts.Value, error]

// exporter gives what a table shows. It is called on the UI goroutine; its rows
// are read on another.
type exporter func(context.Context) ([]parts.Head, exported)

// exportOf is what the menu of exports writes: what a table shows, and where the
// screen has one, a report of its own for paper.
type exportOf struct {
	name   string      // of a file, without its ending
	title  string      // on paper
	facts  [][2]string // under it
	read   exporter
	totals func() map[string]parts.Cell // below the rows, on paper; may be nil
	report paperMaker                   // nil: there is none
}

// exportMenu asks below a button for the kind of file, then for its place, and
// writes what is asked for.
func exportMenu(e *env, at fyne.CanvasObject, x exportOf) {
	item := func(word, suffix string) *fyne.MenuItem {
		return fyne.NewMenuItem(e.words.T(word), func() { exportAsk(e, x.name+suffix, x.read) })
	}
	shown := fyne.NewMenuItem(e.words.T("list.export.pdf"), func() { paperAsk(e, x.name+".pdf", x.table(e), paperPDF) })
	items := append([]*fyne.MenuItem{item("list.export.csv", ".csv"), item("list.export.xlsx", ".xlsx"), shown}, paperItems(e, x.report)...)
	popup := widget.NewPopUpMenu(fyne.NewMenu("", items...), e.window.Canvas())
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at)
	popup.ShowAtPosition(fyne.NewPos(pos.X+at.Size().Width-popup.MinSize().Width, pos.Y+at.Size().Height))
}

// maxPaperRows is how many rows go on paper: more would be hundreds of pages.
const maxPaperRows = 5000

// errPaperRows reports a list that is too long for paper.
var errPaperRows = errors.New("the list has more than 5,000 rows, too many for paper; export it as CSV or XLSX, or narrow it")

// table is what the table shows, as a report.
func (x exportOf) table(e *env) func(context.Context) (paper.Report, error) {
	heads, rows := x.read(e.ctx)
	var totals map[string]parts.Cell
	if x.totals != nil {
		totals = x.totals()
	}
	r := paper.Report{Head: paperHead(e), Title: x.title, Facts: append(slices.Clip(x.facts), [2]string{e.words.T("paper.printed"), e.loc.Date(e.now())})}
	return func(ctx context.Context) (paper.Report, error) {
		s, err := tableSection(ctx, heads, rows, totals)
		r.Sections = []paper.Section{s}
		return r, err
	}
}

// tableSection puts the rows of an export on paper. Amounts are written in full,
// as the workbook has them.
func tableSection(ctx context.Context, heads []parts.Head, rows exported, totals map[string]parts.Cell) (paper.Section, error) {
	s := paper.Section{Fit: true}
	for _, h := range heads {
		title := h.Title
		if h.Unit != "" {
			title += " " + h.Unit
		}
		s.Columns = append(s.Columns, paper.Column{Title: title, Right: h.Align == parts.Right})
	}
	for row, err := range rows {
		switch {
		case err != nil:
			return s, err
		case ctx.Err() != nil:
			return s, ctx.Err()
		case len(s.Rows) == maxPaperRows:
			return s, errPaperRows
		}
		cells := make([]paper.Cell, len(row))
		for i, v := range row {
			cells[i] = paper.Text(v.Text)
			if m, ok := v.Raw.(books.Money); ok {
				cells[i] = paper.Amount(m) // also while the screen hides amounts
			}
		}
		s.Rows = append(s.Rows, paper.Row{Cells: cells})
	}
	if totals != nil {
		cells := make([]paper.Cell, len(heads))
		for i, h := range heads {
			cells[i] = paper.Text(totals[h.ID].Text)
		}
		s.Rows = append(s.Rows, paper.Row{Weight: paper.Total, Cells: cells})
	}
	return s, nil
}

// exportAsk asks for a place; a file that is there is replaced only on a second
// word.
func exportAsk(e *env, name string, read exporter) {
	t, ext := e.words.T, filepath.Ext(name)
	choice := fileChoice{Title: t("list.export.title"), Save: name, Ends: []string{ext}, Word: t("list.export.save")}
	chooseFile(e, choice, func(path string) {
		if filepath.Ext(path) == "" {
			path += ext
		}
		if _, err := os.Stat(path); err != nil {
			exportTo(e, path, read)
			return
		}
		confirm(e, t("list.export.title"), t("list.export.exists", filepath.Base(path)), t("list.export.replace"), parts.Danger, func() { exportTo(e, path, read) })
	})
}

// exportTo writes the file as long work.
func exportTo(e *env, path string, read exporter) {
	heads, rows := read(e.ctx)
	e.busy(e.words.T("list.export.busy"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		n, err := detailWriteFile(ctx, path, heads, rows, progress)
		if err != nil {
			return "", err
		}
		return e.words.T("list.export.done", e.loc.Count(n), filepath.Base(path)), nil
	})
}
