package desktop

import (
	"context"
	"iter"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
)

// exported are the rows of an export, as a table gives them.
type exported = iter.Seq2[[]parts.Value, error]

// exporter gives what a table shows. It is called on the UI goroutine; its rows
// are read on another.
type exporter func(context.Context) ([]parts.Head, exported)

// exportMenu asks below a button for the kind of file, then for its place, and
// writes what a table shows. name is without its ending. A report for paper, where
// the screen has one, stands below.
func exportMenu(e *env, at fyne.CanvasObject, name string, read exporter, report paperMaker) {
	item := func(word, suffix string) *fyne.MenuItem {
		return fyne.NewMenuItem(e.words.T(word), func() { exportAsk(e, name+suffix, read) })
	}
	items := append([]*fyne.MenuItem{item("list.export.csv", ".csv"), item("list.export.xlsx", ".xlsx")}, paperItems(e, name, report)...)
	popup := widget.NewPopUpMenu(fyne.NewMenu("", items...), e.window.Canvas())
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at)
	popup.ShowAtPosition(fyne.NewPos(pos.X+at.Size().Width-popup.MinSize().Width, pos.Y+at.Size().Height))
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
