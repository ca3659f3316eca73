package reports

import (
	"iter"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// table is where the columns of a plain table stand in one file.
type table struct {
	*columnTable
	kind     Kind
	at       map[string]int
	read     []column // those that the file has
	currency string   // the column that tells the currency, "" when none does
	blank    []int    // cells that Raw does not show
}

func (f *File) proveTable() error {
	t, err := f.placeColumns()
	if err != nil {
		return err
	}
	f.table = t
	err = f.forms.prove(func() error {
		r := &TableRow{table: t, file: f, forms: &f.forms, texts: intern{}}
		f.Rows, f.From, f.To, f.Currency = 0, time.Time{}, time.Time{}, ""
		several := false
		return f.eachRow(func(rec *records) error {
			if emptyRow(rec) {
				return nil
			}
			f.Rows++
			r.next(rec)
			if c := r.currency(); c != "" && !several {
				if several = f.Currency != "" && f.Currency != c; several {
					c = ""
				}
				f.Currency = c
			}
			return r.check()
		})
	})
	if err == nil && f.Rows == 0 {
		return refuse(ErrEmpty, f.layout.line, "the report has headings but no rows: nothing of the kind happened in its period")
	}
	return err
}

// placeColumns finds the columns that the file has, names those it lacks and
// those that are not known here.
func (f *File) placeColumns() (*table, error) {
	spec := f.kinds.tables[f.Kind]
	name := func(h string) string { return spec.byHeading[fold(h)] }
	at, err := f.layout.columns(name, spec.needed()...)
	if err != nil {
		return nil, err
	}
	t := &table{columnTable: spec, kind: f.Kind, at: at}
	for _, c := range spec.columns {
		i, ok := at[c.name]
		if !ok {
			continue
		}
		t.read = append(t.read, c)
		if c.form == formCurrency && t.currency == "" {
			t.currency = c.name
		}
		if c.personal {
			t.blank = append(t.blank, i)
		}
	}
	f.UnknownColumns = f.layout.unknown(func(h string) bool { return h == "" || name(h) != "" })
	if spec.personal {
		for i, h := range f.layout.headings {
			if name(h) == "" {
				t.blank = append(t.blank, i)
			}
		}
	}
	slices.Sort(t.blank)
	return t, nil
}

// emptyRow tells a row of separators only, as spreadsheets leave behind.
func emptyRow(rec *records) bool {
	for _, cell := range rec.fields {
		if len(trimBlank(cell)) > 0 {
			return false
		}
	}
	return true
}

// TableRow is one row of a plain table. Its cells are asked for by the English
// name of their column; one that the file lacks, or that is empty, tells
// nothing. It is valid until the next row.
type TableRow struct {
	*table
	Line int
	Raw  string // as it stands, personal cells left out

	file  *File
	forms *evidence
	rec   *records
	texts intern
	err   error // the first cell that could not be read
}

func (r *TableRow) next(rec *records) { r.rec, r.Line = rec, rec.line }

// check reads every cell once, for the proof of the file.
func (r *TableRow) check() error {
	for _, c := range r.read {
		if c.filled && len(r.cell(c.name)) == 0 {
			return refuse(ErrColumns, r.Line, "the row has no %s; the file is damaged or was edited", c.name)
		}
		switch c.form {
		case formText:
			if err := checkWritten(r.cell(c.name), r.Line, c.name); err != nil {
				return err
			}
		case formCount:
			r.Count(c.name)
		case formDecimal, formPercent:
			r.Decimal(c.name)
		case formMoney:
			r.Money(c.name)
		case formWhen, formSpan:
			if w := r.When(c.name); c.period && !w.At.IsZero() {
				r.file.span(w.At)
			}
		case formMonth:
			if m := r.Month(c.name); c.period && m != "" {
				r.spanMonth(m)
			}
		}
	}
	return r.err
}

// spanMonth widens the file's period by a month.
func (r *TableRow) spanMonth(month string) {
	if t, err := time.Parse("2006-01", month); err == nil {
		r.file.span(t.Add(noon))
		r.file.span(t.AddDate(0, 1, -1).Add(noon))
	}
}

// cell is the bytes of a cell; nil for nothing and for the words that stand for
// nothing.
func (r *TableRow) cell(name string) []byte {
	i, ok := r.at[name]
	if !ok {
		return nil
	}
	return trimBlank(r.rec.fields[i])
}

// Has tells whether the file has the column.
func (r *TableRow) Has(name string) bool { _, ok := r.at[name]; return ok }

// Text is a cell as it stands.
func (r *TableRow) Text(name string) string {
	if r.unknown(name) {
		return ""
	}
	return r.texts.get(r.cell(name))
}

// unknown notes that a reader asks for a column that its table does not list.
func (r *TableRow) unknown(name string) bool {
	if _, ok := r.at[name]; ok {
		return false
	}
	if slices.ContainsFunc(r.columns, func(c column) bool { return c.name == name }) {
		return false
	}
	r.fail(refuse(ErrKind, r.Line, "the reader of %s asks for the column %q, which its table does not list", r.kind, name))
	return true
}

func (r *TableRow) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// currency is the row's, "" when it is not told.
func (r *TableRow) currency() string {
	if r.table.currency == "" {
		return r.file.hint.Currency
	}
	c := strings.ToUpper(string(r.cell(r.table.currency)))
	if !isCurrency(c) {
		return ""
	}
	return c
}

// Currency is the row's, "" when it is not told.
func (r *TableRow) Currency() string { return r.texts.get([]byte(r.currency())) }

// Money is an amount in the row's currency.
func (r *TableRow) Money(name string) Amount {
	if r.unknown(name) {
		return Amount{}
	}
	b := r.cell(name)
	if toldNothing(b) {
		return Amount{}
	}
	c := r.Currency()
	if c == "" {
		r.fail(refuse(ErrCurrency, r.Line, "%s %s is told without a currency; the file is damaged or was edited", name, quote(b)))
		return Amount{}
	}
	minor, err := r.forms.amount(b, c, r.Line, name)
	if err != nil {
		r.fail(err)
		return Amount{}
	}
	return Amount{books.Money{Minor: minor, Currency: c}, true}
}

// tableRows gives the rows of a plain table as the type that make makes of
// them. An error ends the sequence; after Open only a failing reader, or a file
// changed meanwhile, gives one.
func tableRows[T any](f *File, kind Kind, make func(*TableRow) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		t, ok := f.table.(*table)
		if !ok || f.Kind != kind {
			yield(none, inFile(f.Name, refuse(ErrKind, 0, "this is not a %s", kind.Title())))
			return
		}
		forms := f.proved()
		r := &TableRow{table: t, file: f, forms: &forms, texts: intern{}}
		err := f.rows(func(rec *records) (bool, error) {
			if emptyRow(rec) {
				return true, errNoRow
			}
			r.next(rec)
			r.Raw = blanked(rec, t.blank)
			row := make(r)
			if r.err != nil {
				return false, r.err
			}
			return yield(row, nil), nil
		})
		if err != nil {
			yield(none, inFile(f.Name, err))
		}
	}
}
