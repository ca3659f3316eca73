package reports

import (
	"time"

	"countinghouse/data/books"
)

// dateRangeScan reads rows one after another.
type dateRangeScan struct {
	*dateRangeTable
	file  *File
	forms *evidence
	rec   *records

	posted   time.Time
	released time.Time
	quantity int64
	cells    []int64 // one per money column
	total64  int64
}

// read reads and checks one row: total = sum of its money.
func (s *dateRangeScan) read(t *records) error {
	s.rec = t
	line, doubt := t.line, s.forms.doubt
	var err error
	if s.posted, err = s.forms.date(trimBlank(t.fields[s.at["date/time"]]), line, "date/time"); err != nil {
		return err
	}
	for _, c := range [...]string{"settlement id", "order id", "sku"} {
		if err := checkWritten(s.cell(c), line, c); err != nil {
			return err
		}
	}
	s.released = time.Time{}
	if released, st := s.forms.dates.parse(s.cell("transaction release date")); st == dateOK {
		s.released = released // a note beside the amounts: no reason to refuse the file
	}
	if s.quantity, err = count(s.cell("quantity"), line, "quantity"); err != nil {
		return err
	}
	s.cells = s.cells[:0]
	var got int64
	for _, m := range s.money {
		v, err := s.money1(m)
		if err != nil {
			return err
		}
		s.cells = append(s.cells, v)
		if got, err = sum(got, v, line); err != nil {
			return err
		}
	}
	b := trimBlank(t.fields[s.total])
	if len(b) == 0 {
		return refuse(ErrCut, line, "the row has no total; the file is cut or was edited, download it again")
	}
	if s.total64, err = s.forms.amount(b, s.file.Currency, line, "total"); err != nil {
		return err
	}
	if got != s.total64 && s.forms.doubt == doubt {
		return s.mismatch(got)
	}
	return nil
}

// money1 reads one cell of money; an empty one is zero (the row's total tells
// whether it was).
func (s *dateRangeScan) money1(m amountColumn) (int64, error) {
	b := trimBlank(s.rec.fields[m.at])
	if len(b) == 0 {
		return 0, nil
	}
	if m.kind != 0 {
		return s.forms.amount(b, s.file.Currency, s.rec.line, m.name)
	}
	form := s.forms.num // what is not known to be money must not tell the form of money
	v, st := form.parse(b, books.Digits(s.file.Currency), s.file.Currency)
	switch {
	case st == numberAmbiguous || st == numberOK && form != s.forms.num:
		if s.forms.doubt == nil {
			s.forms.doubt = refuse(ErrAmbiguous, s.rec.line, "%s %s %s", m.name, quote(b), numberAmbiguous.reason())
		}
		return 0, nil
	case st != numberOK:
		return 0, errOddColumn{m.at}
	}
	return v, nil
}

// mismatch refuses a row that does not add up, unless unknown columns were
// taken for money by mistake.
func (s *dateRangeScan) mismatch(got int64) error {
	var odd errOddColumn
	for _, m := range s.money {
		if m.kind == 0 {
			odd = append(odd, m.at)
		}
	}
	if len(odd) > 0 {
		return odd
	}
	c := s.file.Currency
	return refuse(ErrTotal, s.rec.line, "the total is %s but the amounts of the row sum to %s; the file is damaged or was edited, download it again",
		books.Money{Minor: s.total64, Currency: c}, books.Money{Minor: got, Currency: c})
}

// cell returns a cell by its English column, nil when the file has none.
func (s *dateRangeScan) cell(column string) []byte {
	i, ok := s.at[column]
	if !ok {
		return nil
	}
	return trimBlank(s.rec.fields[i])
}
