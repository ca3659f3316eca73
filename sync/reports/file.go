package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Hint is what is known about a file beside its bytes. The zero Hint is
// always right; a wrong one is corrected by the bytes where they tell.
type Hint struct {
	Charset  string         // as the download declared it: "Cp1252", "windows-31j", "utf8"
	Currency string         // ISO code, for a date-range report that names none
	Account  string         // Amazon's account type, "Standard Orders" or "Invoiced Orders"
	Zone     *time.Location // for times that carry no zone; nil refuses them
	// Japanese says that the file is of a Japanese account: where its letters may be
	// Japanese or Western, they are Japanese.
	Japanese bool
	// From and To are the period that was asked for: a day that can be read in
	// two ways is the one that lies in it. Zero when not known.
	From, To time.Time
}

// File is a report that was read once from end to end and found whole.
type File struct {
	Name     string
	Kind     Kind
	Charset  string // "utf-8", "windows-31j", ...
	Language string // of the headings: "en", "de", "ja", ...
	Decimal  string // decimal sign of the numbers: ".", ",", or "" when none is used
	Currency string // of all amounts; "" when rows differ or there are none
	Account  string // Amazon's account type when told for the whole file, else ""

	From, To time.Time // first and last instant, UTC: settlement periods, or the rows' own times
	Rows     int       // data rows, headers of settlements included

	Columns        []string // the headings as they stand
	UnknownColumns []string // those this package does not know; their cells are not read
	SHA256         string   // of the unpacked bytes, hex: the same for a file and its gzip
	Size           int64    // of the unpacked bytes

	Settlements []Settlement // of settlement reports, in order of appearance
	Total       books.Money  // of a date-range report: the sum of its total column

	src    source
	layout *layout
	words  *wordTables
	kinds  *registry
	hint   Hint
	forms  evidence // as proved
	table  any      // columns of the kind
	sorted bool     // rows in order of time
}

// Open reads every report in r (one, or the members of a zip archive) from end
// to end and returns them only if all are whole. size is the number of bytes
// in r; name is used in messages only.
//
// A file that cannot be trusted gives a *FileError; a failing reader gives the
// reader's own error, wrapped.
func Open(name string, r io.ReaderAt, size int64, hint Hint) ([]*File, error) {
	w, err := words()
	if err != nil {
		return nil, err
	}
	g, err := kinds()
	if err != nil {
		return nil, err
	}
	sources, err := unpack(name, r, size)
	if err != nil {
		return nil, err
	}
	var files []*File
	var refused []error // sheets that hold something else
	for _, src := range sources {
		f := &File{Name: src.name, Account: hint.Account, src: src, words: w, kinds: g, hint: hint}
		if err := f.prove(); err != nil {
			if err = inFile(src.name, err); src.sheet && ofAnotherKind(err) {
				refused = append(refused, err)
				continue
			}
			return nil, err
		}
		files = append(files, f)
	}
	return onlySheets(files, refused)
}

// inFile names the file in an error.
func inFile(name string, err error) error {
	var fe *FileError
	if errors.As(err, &fe) {
		named := *fe
		named.Name = name
		return &named
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// prove surveys the bytes, recognises the kind and reads the whole file once.
func (f *File) prove() error {
	s, err := f.survey()
	if err != nil {
		return err
	}
	f.SHA256, f.Size = s.sha256, s.size
	head := bytes.TrimPrefix(s.head, []byte("\xef\xbb\xbf"))
	for _, r := range f.kinds.list {
		if r.opens != nil && r.opens(head) {
			f.Kind, f.Charset, f.Language = r.kind, "utf-8", "en"
			return r.prove(f)
		}
	}
	if err := sniff(s); err != nil {
		return err
	}
	if f.Charset, err = s.charset(f.hint, f.words); err != nil {
		return err
	}
	if f.layout, err = recognise(s, f.Charset, f.kinds, f.words); err != nil {
		return err
	}
	if f.src.flaw != nil {
		return f.src.flaw
	}
	f.Kind, f.Language, f.Columns = f.layout.kind, f.layout.language, f.layout.headings
	f.forms.dates = dateForm{words: f.words, zone: f.hint.Zone, serial: f.src.sheet, from: f.hint.From, to: f.hint.To}
	r, _ := f.kinds.reader(f.Kind) // recognised by it
	err = r.prove(f)
	if f.forms.num.decimal != 0 {
		f.Decimal = string(f.forms.num.decimal)
	}
	return err
}

func (f *File) survey() (*survey, error) {
	r, err := f.src.open()
	if err != nil {
		return nil, readError(err)
	}
	s, err := take(r)
	if cerr := r.Close(); err == nil && cerr != nil {
		err = readError(cerr)
	}
	return s, err
}

// eachRow calls row for every data row; t is the same records each time.
func (f *File) eachRow(row func(t *records) error) error {
	t, c, err := f.layout.records(f.src)
	if err != nil {
		return err
	}
	for {
		if err = t.read(); err == nil {
			if err = f.checkRow(t); err == nil {
				err = row(t)
			}
		}
		if err != nil {
			break
		}
	}
	cerr := c.Close()
	if errors.Is(err, io.EOF) {
		err = nil
		if cerr != nil {
			err = readError(cerr)
		}
	}
	return err
}

// checkRow refuses a row that cannot be one of the report. Settlement reports may
// be put together, because each tells its own total; of others one cannot tell
// which rows are in both.
func (f *File) checkRow(t *records) error {
	if err := checkWidth(t, len(f.layout.headings)); err != nil {
		return err
	}
	if f.Kind == SettlementV1 || f.Kind == SettlementV2 {
		return nil
	}
	if isSumLine(t) {
		return refuse(ErrColumns, t.line, "the line %s is a sum that somebody has added; take it out, or import the file as Amazon sent it", quote(trimBlank(t.raw)))
	}
	if f.repeatsHeadings(t) {
		return refuse(ErrColumns, t.line, "the headings stand here a second time: several reports were put into one file; import each by itself")
	}
	return nil
}

// sums are what people call a line that they add below a table.
var sums = []string{"total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "totale", "totaal", "合計", "総計", "合计", "总计"}

// isSumLine tells such a line: it says so, and half of its other cells are empty.
func isSumLine(rec *records) bool {
	empty, says := 0, false
	for _, cell := range rec.fields {
		switch cell = trimBlank(cell); {
		case len(cell) == 0:
			empty++
		case !says:
			if says = slices.Contains(sums, strings.ToLower(strings.TrimSuffix(string(cell), ":"))); !says {
				return false // by its first word
			}
		}
	}
	return says && 2*empty >= len(rec.fields)-1
}

// repeatsHeadings tells a row that is the headings again.
func (f *File) repeatsHeadings(t *records) bool {
	for i, h := range f.layout.headings {
		if string(bytes.TrimSpace(t.fields[i])) != h {
			return false
		}
	}
	return true
}

// rows is eachRow for the pass after the proof: row ends it early by false,
// and other rows than were proved are an error.
func (f *File) rows(row func(t *records) (bool, error)) error {
	n := 0
	err := f.eachRow(func(t *records) error {
		n++
		more, err := row(t)
		if errors.Is(err, errNoRow) {
			n--
			return nil
		}
		if err == nil && !more {
			return errStop
		}
		return err
	})
	if errors.Is(err, errStop) {
		return nil
	}
	if err == nil && n != f.Rows {
		err = refuse(ErrChanged, 0, "the file has changed while it was read; import it again")
	}
	return err
}

// proved is the file's number and date forms for one pass of its own: the last
// date read is not shared.
func (f *File) proved() evidence {
	forms := f.forms
	forms.dates.last, forms.dates.lastValid = nil, false
	return forms
}

// errStop ends a pass whose reader wants no more rows; errNoRow says that a
// line held none.
var (
	errStop  = errors.New("stop")
	errNoRow = errors.New("no row")
)

// Headings is the line of the headings as it stands, and its number.
func (f *File) Headings() (line int, raw string) {
	if f.layout == nil {
		return 0, ""
	}
	return f.layout.line, f.layout.raw
}

// span widens From..To by an instant.
func (f *File) span(t time.Time) {
	if f.From.IsZero() || t.Before(f.From) {
		f.From = t
	}
	if t.After(f.To) {
		f.To = t
	}
}
