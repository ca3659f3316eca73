package reports

import (
	"time"

	"countinghouse/data/books"
)

// settlementScan is one pass over a settlement report.
type settlementScan struct {
	*settlementTable
	file    *File
	forms   *evidence
	rec     *records
	open    map[string]*settlementState
	all     []*settlementState
	current *settlementState
	build   *settlementBuild // nil while only proving
}

type settlementState struct {
	head  Settlement
	rows  int
	minor int64 // sum of the amounts so far
}

func (f *File) proveSettlement() error {
	table, err := f.settlementColumns()
	if err != nil {
		return err
	}
	f.table = table
	return f.forms.prove(func() error {
		s := settlementScan{settlementTable: table, file: f, forms: &f.forms, open: map[string]*settlementState{}}
		f.Rows = 0
		if err := f.eachRow(func(t *records) error {
			f.Rows++
			_, err := s.row(t)
			return err
		}); err != nil {
			return err
		}
		return s.finish()
	})
}

// finish checks each settlement's total and fills the file's header.
func (s *settlementScan) finish() error {
	f := s.file
	if len(s.all) == 0 {
		return refuse(ErrEmpty, s.file.layout.line, "the report has headings but no settlement; download it again")
	}
	if s.forms.doubt != nil {
		return nil
	}
	f.Settlements, f.Currency = nil, s.all[0].head.Total.Currency
	f.From, f.To = time.Time{}, time.Time{}
	for _, st := range s.all {
		if st.minor != st.head.Total.Minor {
			got := books.Money{Minor: st.minor, Currency: st.head.Total.Currency}
			diff := books.Money{Minor: st.head.Total.Minor - st.minor, Currency: got.Currency}
			return refuse(ErrTotal, st.head.Line, "settlement %s pays %s but its rows sum to %s (difference %s); the file is cut or was edited, download it again",
				quote([]byte(st.head.ID)), st.head.Total, got, diff)
		}
		st.head.Rows = st.rows
		f.Settlements = append(f.Settlements, st.head)
		f.span(st.head.Start)
		f.span(st.head.End)
		if st.head.Total.Currency != f.Currency {
			f.Currency = ""
		}
	}
	return nil
}

// row reads one row; the result is nil for headers and while proving.
func (s *settlementScan) row(t *records) (*SettlementRow, error) {
	s.rec = t
	id := s.cell(s.id)
	if len(id) == 0 {
		return nil, refuse(ErrColumns, t.line, "the row has no settlement-id; the file is damaged or was edited")
	}
	if string(id) == "settlement-id" && s.file.repeatsHeadings(t) {
		return nil, nil // files put together keep their headings
	}
	if s.current == nil || s.current.head.ID != string(id) {
		s.current = s.open[string(id)]
	}
	if total := s.cell(s.total); len(total) > 0 {
		return nil, s.header(string(id), total)
	}
	if s.current == nil {
		return nil, refuse(ErrTotal, t.line, "settlement %s has no header row with its total-amount; the file is cut or was edited, download it again", quote(id))
	}
	return s.dataRow()
}

// header reads the row that tells period and total.
func (s *settlementScan) header(id string, total []byte) error {
	line := s.rec.line
	if s.current != nil {
		return refuse(ErrTotal, line, "settlement %q has two header rows (the first is line %d); import each settlement once", id, s.current.head.Line)
	}
	for _, a := range s.amounts {
		if len(s.cell(a.at)) > 0 {
			return refuse(ErrColumns, line, "the row tells a total-amount and an %s; the file is damaged or was edited", a.name)
		}
	}
	st := &settlementState{head: Settlement{ID: id, Line: line, Raw: string(s.rec.raw)}}
	currency := string(s.cell(s.currency))
	if !isCurrency(currency) {
		return refuse(ErrCurrency, line, "settlement %q tells no currency; the file is damaged or was edited", id)
	}
	minor, err := s.forms.amount(total, currency, line, "total-amount")
	if err != nil {
		return err
	}
	st.head.Total = books.Money{Minor: minor, Currency: currency}
	for _, d := range []struct {
		at   int
		name string
		dst  *time.Time
	}{
		{s.start, "settlement-start-date", &st.head.Start},
		{s.end, "settlement-end-date", &st.head.End},
		{s.deposit, "deposit-date", &st.head.Deposit},
	} {
		b := s.cell(d.at)
		if len(b) == 0 && d.dst == &st.head.Deposit {
			continue
		}
		if *d.dst, err = s.forms.date(b, line, d.name); err != nil {
			return err
		}
	}
	if s.forms.doubt == nil && st.head.End.Before(st.head.Start) {
		return refuse(ErrDate, line, "settlement %q ends before it starts; the file is damaged or was edited", id)
	}
	s.open[id], s.current = st, st
	s.all = append(s.all, st)
	return nil
}

// isCurrency tells three capital letters.
func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range []byte(s) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// dataRow reads amounts, date and quantity, and builds the row when asked.
func (s *settlementScan) dataRow() (*SettlementRow, error) {
	st, line := s.current, s.rec.line
	st.rows++
	currency := st.head.Total.Currency
	if c := s.cell(s.currency); len(c) > 0 && string(c) != currency {
		return nil, refuse(ErrCurrency, line, "the row is in %s, its settlement in %s; the file is damaged or was edited", quote(c), currency)
	}
	for _, c := range [...]struct {
		at   int
		name string
	}{{s.id, "settlement-id"}, {s.order, "order-id"}, {s.item, "order-item-code"}, {s.sku, "sku"}} {
		if err := checkWritten(s.cell(c.at), line, c.name); err != nil {
			return nil, err
		}
	}
	quantity, err := count(s.cell(s.quantity), line, "quantity-purchased")
	if err != nil {
		return nil, err
	}
	posted, err := s.postedAt()
	if err != nil {
		return nil, err
	}
	if s.build != nil {
		s.build.begin(s, quantity)
	}
	for _, a := range s.amounts {
		b := s.cell(a.at)
		if len(b) == 0 {
			continue
		}
		minor, err := s.forms.amount(b, currency, line, a.name)
		if err != nil {
			return nil, err
		}
		if st.minor, err = sum(st.minor, minor, line); err != nil {
			return nil, err
		}
		if s.build != nil {
			s.build.add(s, a, books.Money{Minor: minor, Currency: currency}, posted)
		}
	}
	if s.build == nil {
		return nil, nil
	}
	return &s.build.row, nil
}

// postedAt is the row's date with the time where a column tells it. A row
// without a date of its own belongs to the end of the period.
func (s *settlementScan) postedAt() (time.Time, error) {
	if b := s.cell(s.postedTime); len(b) > 0 {
		return s.forms.date(b, s.rec.line, "posted-date-time")
	}
	if b := s.cell(s.posted); len(b) > 0 {
		return s.forms.date(b, s.rec.line, "posted-date")
	}
	return s.current.head.End, nil
}

// cell returns a cell without blanks around it, or nil for a missing column.
func (s *settlementScan) cell(i int) []byte {
	if i < 0 {
		return nil
	}
	return trimBlank(s.rec.fields[i])
}
