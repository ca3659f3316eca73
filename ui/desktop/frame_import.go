package desktop

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/books"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// recognised is what a file turned out to be, before anything is stored.
type recognised struct {
	path  string
	files []*reports.File
	err   error
}

// recognise reads report files from end to end without storing anything.
func recognise(ctx context.Context, paths []string) (list []recognised) {
	for _, path := range paths {
		if ctx.Err() != nil {
			break
		}
		r := recognised{path: path}
		r.files, r.err = openReport(path)
		list = append(list, r)
	}
	return list
}

func openReport(path string) ([]*reports.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return reports.Open(filepath.Base(path), f, info.Size(), reports.Hint{})
}

// recognisedLine tells of one report: kind, days, rows, sum.
func recognisedLine(f *reports.File, words *i18n.Words, loc *format.Locale) string {
	list := []string{words.T("frame.kind." + string(f.Kind))}
	if !f.From.IsZero() {
		list = append(list, loc.Range(f.From, f.To))
	}
	list = append(list, words.T("frame.rows", loc.Count(int64(f.Rows))))
	sums := map[string]int64{}
	var order []string
	for _, s := range f.Settlements {
		if _, seen := sums[s.Total.Currency]; !seen {
			order = append(order, s.Total.Currency)
		}
		sums[s.Total.Currency] += s.Total.Minor
	}
	for _, c := range order {
		list = append(list, loc.MoneyWithCode(books.Money{Minor: sums[c], Currency: c}))
	}
	return strings.Join(list, " · ")
}

// dropped takes files that were dropped on the window.
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

// chooseFiles asks for report files.
func (f *frame) chooseFiles() {
	w := f.d.words
	chooseFiles(f.env, fileChoice{Title: w.T("frame.import_choose"), Many: true, Word: w.T("privacy.next")}, f.preview)
}

// preview shows what the files are, and imports those that can be read when the
// user says so.
func (f *frame) preview(paths []string) {
	f.notify(f.d.words.T("frame.reading_files"))
	f.read(func(ctx context.Context) func() {
		list := recognise(ctx, paths)
		return func() {
			f.notify("")
			f.showPreview(list)
		}
	})
}

func (f *frame) showPreview(list []recognised) {
	w := f.d.words
	box := container.NewVBox()
	var good []string
	for _, r := range list {
		box.Add(parts.NewLabel(filepath.Base(r.path), theme.TextBody, parts.Normal).Bold())
		if r.err != nil {
			box.Add(tight(parts.NewParagraph(w.T("frame.not_read", errorLine(r.err)), parts.Loss)))
			continue
		}
		good = append(good, r.path)
		for _, file := range r.files {
			box.Add(tight(parts.NewParagraph(recognisedLine(file, w, f.d.loc), parts.Normal)))
		}
	}
	height := min(float32(180+56*len(list)), 480)
	if len(good) == 0 {
		tell(f.env, w.T("frame.import_title"), box, fyne.NewSize(600, height))
		return
	}
	var m *modal
	m = newModal(f.env, w.T("frame.import_title"), box, fyne.NewSize(600, height),
		parts.NewButton(w.T("frame.cancel"), parts.Quiet, func() { m.hide() }),
		parts.NewButton(w.T("frame.import_do"), parts.Primary, func() { m.hide(); f.importFiles(good) }))
	m.show()
}

// importFiles stores the files, one after the other.
func (f *frame) importFiles(paths []string) {
	w, loc, book := f.d.words, f.d.loc, f.s.Book
	f.busy(w.T("frame.importing"), func(ctx context.Context, progress func(done, total int64)) (string, error) {
		var rows, fresh, known int64
		for i, path := range paths {
			progress(int64(i), int64(len(paths)))
			done, err := appsync.Import(ctx, book, path, "", reports.Hint{})
			if err != nil {
				return "", err
			}
			for _, file := range done {
				rows, fresh = rows+int64(file.Rows), fresh+int64(file.New)
				if file.Known {
					known++
				}
			}
		}
		if err := f.s.SettleKeys(ctx); err != nil {
			return "", err
		}
		if known > 0 && fresh == 0 {
			return w.T("frame.imported_known"), nil
		}
		return w.T("frame.imported", loc.Count(rows), loc.Count(fresh)), nil
	})
}
