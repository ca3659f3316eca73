package desktop

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// importRow is one report of the files that are read, or a file that was refused.
type importRow struct {
	path string
	appsync.Imported
	err error
}

// importRows lists what became of files, refused ones first: they need the user.
func importRows(results []appsync.FileResult) (rows []importRow) {
	for _, f := range results {
		if f.Err != nil {
			rows = append(rows, importRow{path: f.Path, Imported: appsync.Imported{Name: filepath.Base(f.Path)}, err: f.Err})
		}
	}
	for _, f := range results {
		for _, r := range f.Reports {
			rows = append(rows, importRow{path: f.Path, Imported: r})
		}
	}
	return rows
}

// importSums counts what files bring.
type importSums struct {
	files, refused, known int // known: files of which every report was read before
	rows, fresh           int64
}

func sumImport(results []appsync.FileResult) (s importSums) {
	s.files = len(results)
	for _, f := range results {
		old := len(f.Reports) > 0
		for _, r := range f.Reports {
			s.rows, s.fresh = s.rows+int64(r.Rows), s.fresh+int64(r.New)
			old = old && r.Known
		}
		switch {
		case f.Err != nil:
			s.refused++
		case old:
			s.known++
		}
	}
	return s
}

// importable are the files that can be read and hold something that was not read
// before.
func importable(results []appsync.FileResult) (paths []string) {
	for _, f := range results {
		for _, r := range f.Reports {
			if f.Err == nil && !r.Known {
				paths = append(paths, f.Path)
				break
			}
		}
	}
	return paths
}

// importText writes about imports in the user's language.
type importText struct {
	w *i18n.Words
	l *format.Locale
}

func (t importText) counted(key string, n int64) string {
	if t.l.One(n) {
		key += ".one"
	}
	return t.w.T(key, t.l.Count(n))
}

// summary is the line above the files; stored tells that they were read.
func (t importText) summary(s importSums, stored bool) string {
	list := []string{t.counted("import.files", int64(s.files)), t.counted("import.rows", s.rows)}
	if stored {
		list = append(list, t.counted("import.new", s.fresh))
	} else {
		list = append(list, t.counted("import.would", s.fresh))
	}
	if s.known > 0 {
		list = append(list, t.counted("import.known", int64(s.known)))
	}
	if s.refused > 0 {
		list = append(list, t.counted("import.refused", int64(s.refused)))
	}
	return strings.Join(list, " · ")
}

func (t importText) kind(r importRow) string {
	if r.Kind == "" {
		return ""
	}
	return t.w.T("import.kind." + string(r.Kind))
}

func (t importText) period(r importRow) string {
	switch {
	case !r.From.IsZero():
		return t.l.Range(r.From, r.To)
	case !r.Taken.IsZero():
		return t.w.T("import.taken", t.l.Date(r.Taken))
	}
	return ""
}

// money is the sum that the file states, or the currency of its amounts.
func (t importText) money(r importRow) string {
	var list []string
	for _, m := range r.Totals {
		list = append(list, t.l.MoneyWithCode(m))
	}
	if len(list) == 0 {
		return r.Currency
	}
	return strings.Join(list, ", ")
}

// state says in a word what a row is about, with the tone of its dot.
func (t importText) state(r importRow, stored bool) (string, parts.Tone) {
	switch {
	case r.err != nil:
		return t.w.T("import.state.refused"), parts.Loss
	case r.Known:
		return t.w.T("import.state.known"), parts.Hint
	case len(r.Unused) > 0:
		return t.counted("import.state.unused", int64(len(r.Unused))), parts.Warn
	case stored:
		return t.w.T("import.state.stored"), parts.Gain
	}
	return t.w.T("import.state.ready"), parts.Gain
}

// importHelp says what to do about a file that is refused.
var importHelp = []struct {
	err error
	key string
}{
	{reports.ErrEmpty, "import.help.empty"},
	{reports.ErrMarkup, "import.help.markup"},
	{reports.ErrBinary, "import.help.binary"},
	{reports.ErrMessage, "import.help.message"},
	{reports.ErrKind, "import.help.kind"},
	{reports.ErrColumns, "import.help.columns"},
	{reports.ErrCut, "import.help.cut"},
	{reports.ErrChanged, "import.help.changed"},
	{reports.ErrCharset, "import.help.charset"},
	{reports.ErrNumber, "import.help.value"},
	{reports.ErrDate, "import.help.value"},
	{reports.ErrAmbiguous, "import.help.ambiguous"},
	{reports.ErrCurrency, "import.help.currency"},
	{reports.ErrTotal, "import.help.total"},
	{reports.ErrTooLarge, "import.help.large"},
	{appsync.ErrConnection, "import.help.connection"},
	{appsync.ErrRegion, "import.help.region"},
	{appsync.ErrFolder, "import.help.folder"},
	{appsync.ErrNoFile, "import.help.no_file"},
	{fs.ErrPermission, "import.help.locked"},
}

// detail tells all of one row: what it is and whose, what of it is not used, or
// why it is refused and what to do.
func (t importText) detail(r importRow) (lines []string) {
	if r.err != nil {
		for _, h := range importHelp {
			if errors.Is(r.err, h.err) {
				lines = append(lines, t.w.T(h.key))
				break
			}
		}
		if !errors.Is(r.err, appsync.ErrConnection) && !errors.Is(r.err, appsync.ErrRegion) { // these name flags of the command line
			lines = append(lines, errorLine(r.err))
		}
		return lines
	}
	place := accountLabel(r.Connection)
	if r.Marketplace != "" {
		place += " · " + marketplaceWord(r.Marketplace, r.Marketplace)
	}
	lines = append(lines, strings.Join([]string{t.kind(r), place}, " · "))
	switch {
	case r.Known:
		lines = append(lines, t.w.T("import.detail.known"))
	case len(r.Unused) > 0:
		lines = append(lines, t.w.T("import.detail.unused", strings.Join(r.Unused, ", ")))
	default:
		lines = append(lines, t.w.T("import.detail.all"))
	}
	return lines
}

// outcome is the sentence after an import; stopped tells that it was cancelled.
func (t importText) outcome(s importSums, all int, stopped bool) string {
	switch {
	case stopped:
		return t.w.T("import.stopped", t.l.Count(int64(s.files)), t.l.Count(int64(all)))
	case s.refused > 0:
		return t.w.T("import.partly", t.l.Count(int64(s.files-s.refused)), t.l.Count(int64(s.files)), t.l.Count(s.fresh))
	case s.fresh == 0:
		return t.w.T("import.nothing_new")
	}
	return t.w.T("import.done", t.l.Count(s.rows), t.l.Count(s.fresh))
}
