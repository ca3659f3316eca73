package desktop

import (
	"cmp"
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// dropped takes files and folders that were dropped on the window.
func (d *Desktop) dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	switch {
	case len(paths) == 0:
	case d.frame != nil && !d.frame.locked:
		d.frame.preview(paths)
	case d.page == pageDoors:
		d.create(doorFiles, paths)
	}
}

// chooseFiles asks for report files, or for a folder of them.
func (f *frame) chooseFiles() {
	t := f.d.words.T
	chooseFiles(f.env, fileChoice{Title: t("import.choose"), Many: true, Word: t("privacy.next"), Whole: t("import.folder")}, f.preview)
}

// preview shows what files and folders would bring to the book, before anything
// is stored.
func (f *frame) preview(paths []string) { f.previewAs(paths, appsync.ImportOptions{}) }

// previewAs is preview with what the files do not tell.
func (f *frame) previewAs(paths []string, o appsync.ImportOptions) {
	f.busy(f.d.words.T("import.looking"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		results, err := appsync.Preview(ctx, f.s.Book, paths, o, fileProgress(progress))
		if err != nil {
			return "", err
		}
		known, err := f.s.Book.Connections(ctx)
		if err != nil {
			return "", err
		}
		f.env.post(func() {
			if f.d.frame == f && !f.locked {
				f.showPreview(paths, o, results, connectionNames(known))
			}
		})
		return "", nil
	})
}

// fileProgress tells of files in the status line; of a single one nobody knows
// how far it is.
func fileProgress(progress func(done, total int64)) appsync.FileProgress {
	return func(done, total int, _ string) {
		if total > 1 {
			progress(int64(done), int64(total))
		}
	}
}

func (f *frame) showPreview(paths []string, o appsync.ImportOptions, results []appsync.FileResult, connections []string) {
	t, text := f.d.words.T, importText{f.d.words, f.d.loc}
	files := importable(results)
	v := newImportView(f.env, results, false)
	var m *modal
	end := func() { m.hide(); v.table.Close() }
	buttons := []fyne.CanvasObject{
		parts.NewButton(t("import.hints"), parts.Quiet, func() {
			end()
			f.askHints(o, connections, func(o appsync.ImportOptions) { f.previewAs(paths, o) }, func() { f.showPreview(paths, o, results, connections) })
		}),
		parts.NewButton(t("frame.cancel"), parts.Quiet, end),
	}
	if n := len(files); n > 0 {
		buttons = append(buttons, parts.NewButton(text.counted("import.do", int64(n)), parts.Primary, func() { end(); f.importFiles(files, o) }))
	}
	m = newFullModal(f.env, t("import.title"), v.content, importSize, buttons...)
	m.gone = v.table.Close
	m.show()
	f.d.window.Canvas().Focus(v.table.Focus())
}

// importFiles stores the files, each in a transaction of its own.
func (f *frame) importFiles(paths []string, o appsync.ImportOptions) {
	text := importText{f.d.words, f.d.loc}
	f.busy(f.d.words.T("import.importing"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		results, err := appsync.ImportFiles(ctx, f.s.Book, paths, o, fileProgress(progress))
		stopped := errors.Is(err, context.Canceled)
		if err != nil && !stopped {
			return "", err
		}
		results = reached(results)
		if err := f.s.SettleKeys(context.WithoutCancel(ctx)); err != nil {
			return "", err
		}
		sums := sumImport(results)
		if sums.refused > 0 || stopped {
			f.env.post(func() {
				if f.d.frame == f && !f.locked {
					f.showImported(results, text.outcome(sums, len(paths), stopped))
				}
			})
		}
		return text.outcome(sums, len(paths), stopped), nil
	})
}

// reached leaves out the files to which an import did not come.
func reached(results []appsync.FileResult) (list []appsync.FileResult) {
	for _, r := range results {
		if r.Path != "" && !errors.Is(r.Err, context.Canceled) {
			list = append(list, r)
		}
	}
	return list
}

// showImported tells file by file what became of an import that did not go
// through whole.
func (f *frame) showImported(results []appsync.FileResult, outcome string) {
	v := newImportView(f.env, results, true)
	var m *modal
	m = newFullModal(f.env, outcome, v.content, importSize, parts.NewButton(f.d.words.T("privacy.close"), parts.Quiet, func() { m.hide(); v.table.Close() }))
	m.gone = v.table.Close
	m.show()
	f.d.window.Canvas().Focus(v.table.Focus())
}

// importSize is how large the list of files is, at scale 1.
var importSize = fyne.NewSize(1120, 640)

// importView is the list of files with what is said of the chosen one.
type importView struct {
	e       *env
	text    importText
	table   *parts.Table[importRow]
	detail  *fyne.Container
	content fyne.CanvasObject
}

func newImportView(e *env, results []appsync.FileResult, stored bool) *importView {
	v := &importView{e: e, text: importText{e.words, e.loc}, detail: container.NewVBox()}
	rows := importRows(results)
	columns := v.columns(stored)
	v.table = parts.NewTable(e.ctx, columns, parts.Rows(rows, columns), parts.TableOptions[importRow]{
		Post: e.post, Pinned: 1, Compact: true, OnSelect: v.show, Empty: parts.NewEmptyState(e.words.T("import.none"), "", nil),
	})
	foot := container.NewGridWrap(fyne.NewSize(theme.Scaled(importSize.Width-40), theme.Scaled(96)), parts.NewScroll(v.detail))
	sum := parts.NewLabel(v.text.summary(sumImport(results), stored), theme.TextBody, parts.Muted)
	v.content = parts.NewBorder(container.NewVBox(sum, spacer(theme.Space1)), container.NewVBox(spacer(theme.Space1), foot), nil, nil, v.table)
	if len(rows) > 0 {
		v.show(rows[0])
	}
	return v
}

func (v *importView) show(r importRow) {
	v.detail.RemoveAll()
	v.detail.Add(parts.NewLabel(r.Name, theme.TextBody, parts.Normal).Bold())
	for i, line := range v.text.detail(r) {
		tone := parts.Normal
		if r.err != nil && i > 0 {
			tone = parts.Muted
		}
		v.detail.Add(flushText(line, tone))
	}
	v.detail.Refresh()
}

func (v *importView) columns(stored bool) []parts.Column[importRow] {
	t, loc, text := v.e.words.T, v.e.loc, v.text
	count := func(id, title string, n func(importRow) int) parts.Column[importRow] {
		return parts.Column[importRow]{ID: id, Title: title, Width: 76, Align: parts.Right, Compare: parts.By(n), Text: func(r importRow) string {
			if r.err != nil {
				return ""
			}
			return loc.Count(int64(n(r)))
		}}
	}
	fresh := t("import.column.would")
	if stored {
		fresh = t("import.column.new")
	}
	return []parts.Column[importRow]{
		{ID: "file", Title: t("import.column.file"), Width: 210, Grow: 1, Text: func(r importRow) string { return r.Name },
			Look:    func(r importRow) parts.Cell { return parts.Cell{Tip: r.path} },
			Compare: parts.By(func(r importRow) string { return r.Name })},
		{ID: "kind", Title: t("import.column.kind"), Width: 180, Grow: 0.6, Text: text.kind, Compare: parts.By(text.kind)},
		count("rows", t("import.column.rows"), func(r importRow) int { return r.Rows }),
		count("new", fresh, func(r importRow) int { return r.New }),
		{ID: "period", Title: t("import.column.period"), Width: rangeWidth(loc), Text: text.period, Compare: parts.By(func(r importRow) int64 { return cmp.Or(r.From.Unix(), r.Taken.Unix()) })},
		{ID: "sum", Title: t("import.column.sum"), Width: 124, Align: parts.Right, Text: text.money},
		{ID: "state", Title: t("import.column.state"), Width: 150, Grow: 0.3, Text: func(r importRow) string { word, _ := text.state(r, stored); return word },
			Look: func(r importRow) parts.Cell {
				_, tone := text.state(r, stored)
				return parts.Cell{Dot: tone}
			}, Compare: parts.By(func(r importRow) string { word, _ := text.state(r, stored); return word })},
	}
}
