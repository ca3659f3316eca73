package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"iter"
	"strconv"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// RowKey is the identity of a row's content: the hash of its cells with
// numbers, dates, types and marketplaces in one form. The same row has the same
// key in every file it is in, whatever charset or language the file has. Cells
// that Amazon changes or blanks later (transaction status, buyer's place) and
// the title of a product do not count.
type RowKey [sha256.Size]byte

// DateRangeRow is one row of a date-range report. Where the periods of two
// files overlap, a row is in both: take the rows of one Key as often as the
// file has them that has them most often.
type DateRangeRow struct {
	Line            int    // where it begins
	Raw             string // as it stands; the buyer's place and unknown cells are blanked out
	Key             RowKey
	Equal           int // 1 for the first row with this Key in this file, 2 for the second ...
	Posted          time.Time
	Type            string // English word, or Amazon's word when it is not in the table; may be empty
	MarketplaceName string // as written: "amazon.de", "sim1.stores.amazon.com", ""
	Fulfilment      string // as written: "Amazon", "Seller", ""
	TaxModel        string // tax collection model, as written
	Quantity        int64  // as written, whatever the type
	Released        time.Time
	Total           books.Money
	Facts           []books.Fact // one per cell of money that is not zero
	Buyer           Place
}

// Place is where an order goes: personal data, and not part of Raw.
type Place struct{ City, State, PostalCode string }

// moneyColumns are the known columns of money, in Amazon's order.
var moneyColumns = map[string]bool{
	"product sales": true, "product sales tax": true, "shipping credits": true, "shipping credits tax": true,
	"gift wrap credits": true, "gift wrap credits tax": true, "amazon points": true, "regulatory fee": true,
	"tax on regulatory fee": true, "promotional rebates": true, "promotional rebates tax": true,
	"sales tax collected": true, "marketplace facilitator tax": true, "marketplace withheld tax": true,
	"selling fees": true, "fba fees": true, "other transaction fees": true, "other": true,
}

// keyColumns are the cells of text that make a row's identity.
var keyColumns = []string{"settlement id", "order id", "sku", "account type"}

// dateRangeTable is where the columns stand.
type dateRangeTable struct {
	at    map[string]int
	money []amountColumn // kind is 0 for a column whose name is not known
	total int
	text  map[int]bool // unknown columns among the money that hold text
	blank []int        // columns that Raw does not show
}

func (f *File) dateRangeColumns() (*dateRangeTable, error) {
	name := func(h string) string { return f.words.headings[fold(h)] }
	at, err := f.layout.columns(name, "date/time", "type", "order id", "sku", "description", "product sales", "other", "total")
	if err != nil {
		return nil, err
	}
	return &dateRangeTable{at: at, total: at["total"], text: map[int]bool{}}, nil
}

// choose sets which columns are money. An unknown one that stands between the
// first column of money and the total is money as long as it adds up: Amazon
// puts new fees there.
func (t *dateRangeTable) choose(f *File) {
	t.money, t.blank, f.UnknownColumns = nil, nil, nil
	names := make(map[int]string, len(t.at))
	for c, i := range t.at {
		names[i] = c
	}
	seen := false
	for i, h := range f.layout.headings {
		c, known := names[i]
		switch {
		case known && moneyColumns[c]:
			t.money = append(t.money, amountColumn{c, i, 1})
			seen = true
		case !known && seen && i < t.total && !t.text[i]:
			t.money = append(t.money, amountColumn{fold(h), i, 0})
			f.UnknownColumns = append(f.UnknownColumns, h)
		case !known:
			t.blank = append(t.blank, i)
			f.UnknownColumns = append(f.UnknownColumns, h)
		case c == "order city" || c == "order state" || c == "order postal":
			t.blank = append(t.blank, i)
		}
	}
}

func (f *File) proveDateRange() error {
	table, err := f.dateRangeColumns()
	if err != nil {
		return err
	}
	f.table = table
	if f.Currency, err = f.dateRangeCurrency(table); err != nil {
		return err
	}
	f.forms.dates.currency = f.Currency
	for {
		table.choose(f)
		var odd errOddColumn
		err := f.forms.prove(func() error { return f.proveDateRangeRows(table) })
		if !errors.As(err, &odd) {
			return err
		}
		for _, i := range odd {
			table.text[i] = true
		}
	}
}

// errOddColumn names unknown columns that turned out to hold no money.
type errOddColumn []int

func (errOddColumn) Error() string { return "an unknown column is not of money" }

func (f *File) proveDateRangeRows(table *dateRangeTable) error {
	s := dateRangeScan{dateRangeTable: table, file: f, forms: &f.forms}
	f.Rows, f.From, f.To, f.sorted = 0, time.Time{}, time.Time{}, true
	var total int64
	var last time.Time
	err := f.eachRow(func(t *records) error {
		f.Rows++
		if err := s.read(t); err != nil {
			return err
		}
		f.span(s.posted)
		f.sorted = f.sorted && !s.posted.Before(last)
		last = s.posted
		var err error
		total, err = sum(total, s.total64, t.line)
		return err
	})
	f.Total = books.Money{Minor: total, Currency: f.Currency}
	return err
}

// dateRangeCurrency tells the currency: the preamble, else the marketplaces of
// all rows, else the hint.
func (f *File) dateRangeCurrency(table *dateRangeTable) (string, error) {
	if c := f.layout.preambleCurrency(); c != "" {
		return c, nil
	}
	market, ok := table.at["marketplace"]
	found, line := "", 0
	if ok {
		err := f.eachRow(func(t *records) error {
			m, ok := markets.ByName(string(trimBlank(t.fields[market])))
			if !ok {
				return nil
			}
			if found != "" && m.Currency != found {
				return refuse(ErrCurrency, t.line, "the row is of %s and line %d of a marketplace in %s, and the file does not say in which currency its amounts are; download one report per marketplace",
					m.Name, line, found)
			}
			found, line = m.Currency, t.line
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if found == "" {
		found = f.hint.Currency
	}
	if !isCurrency(found) {
		return "", refuse(ErrCurrency, 0, "neither the lines above the headings nor a marketplace tell the currency of the amounts; import the file as Amazon sent it")
	}
	return found, nil
}

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
	s.released = time.Time{}
	if b := s.cell("transaction release date"); len(b) > 0 {
		if s.released, err = s.forms.date(b, line, "transaction release date"); err != nil {
			return err
		}
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
	v, err := s.forms.amount(b, s.file.Currency, s.rec.line, m.name)
	if err != nil && m.kind == 0 {
		return 0, errOddColumn{m.at}
	}
	return v, err
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

// DateRange gives the rows of a date-range report in their order. An error
// ends the sequence; after Open only a failing reader, or a file changed
// meanwhile, gives one.
func (f *File) DateRange() iter.Seq2[DateRangeRow, error] {
	return func(yield func(DateRangeRow, error) bool) {
		table, ok := f.table.(*dateRangeTable)
		if !ok {
			yield(DateRangeRow{}, inFile(f.Name, refuse(ErrKind, 0, "this is not a date-range report")))
			return
		}
		forms := f.forms
		b := dateRangeBuild{scan: dateRangeScan{dateRangeTable: table, file: f, forms: &forms}, texts: intern{}, equal: map[[16]byte]int{}}
		err := f.eachRow(func(t *records) error {
			if err := b.scan.read(t); err != nil {
				return err
			}
			if !yield(b.row(), nil) {
				return errStop
			}
			return nil
		})
		if err != nil {
			yield(DateRangeRow{}, inFile(f.Name, err))
		}
	}
}

// dateRangeBuild makes rows of what the scan read.
type dateRangeBuild struct {
	scan  dateRangeScan
	texts intern
	equal map[[16]byte]int
	at    time.Time
	key   []byte
}

func (b *dateRangeBuild) row() DateRangeRow {
	s, f := &b.scan, b.scan.file
	r := DateRangeRow{
		Line: s.rec.line, Raw: blanked(s.rec, s.blank), Posted: s.posted, Released: s.released,
		Type: f.words.transactionType(s.cell("type")), Quantity: s.quantity,
		MarketplaceName: b.texts.get(s.cell("marketplace")), Fulfilment: b.texts.get(s.cell("fulfillment")),
		TaxModel: b.texts.get(s.cell("tax collection model")),
		Total:    books.Money{Minor: s.total64, Currency: f.Currency},
		Buyer:    Place{string(s.cell("order city")), string(s.cell("order state")), string(s.cell("order postal"))},
	}
	r.Key = b.rowKey(r.Type)
	r.Equal = b.ordinal(r.Key, r.Posted)
	b.facts(&r)
	return r
}

func (b *dateRangeBuild) facts(r *DateRangeRow) {
	s, f := &b.scan, b.scan.file
	account := f.Account
	if a := s.cell("account type"); len(a) > 0 {
		account = b.texts.get(a)
	}
	base := books.Fact{
		Source: books.DateRange, Account: account, Posting: f.SHA256 + ":" + strconv.Itoa(r.Line),
		Order: string(s.cell("order id")), SKU: b.texts.get(s.cell("sku")), Type: r.Type,
		Note: b.texts.get(s.cell("description")), Posted: r.Posted,
		Settlement: b.texts.get(s.cell("settlement id")), State: f.words.state(s.cell("transaction status")), DocLine: r.Line,
	}
	for i, m := range s.money {
		if s.cells[i] == 0 {
			continue
		}
		fact := base
		fact.Seq, fact.Path = len(r.Facts), m.name
		fact.Amount = books.Money{Minor: s.cells[i], Currency: f.Currency}
		if len(r.Facts) == 0 && movesUnits[r.Type] {
			fact.Quantity = r.Quantity
		}
		r.Facts = append(r.Facts, fact)
	}
}

// movesUnits are the types whose quantity is units shipped or refunded; on
// others it counts something else.
var movesUnits = map[string]bool{"Order": true, "Refund": true, "Chargeback Refund": true}

// transactionType gives the English word of a type.
func (w *wordTables) transactionType(b []byte) string {
	s := string(b)
	if t, ok := w.types[fold(s)]; ok {
		return t
	}
	return s
}

// state gives the state a row tells. Reports without the column hold released
// transactions only.
func (w *wordTables) state(b []byte) books.State {
	if st, ok := w.statuses[fold(string(b))]; ok {
		return st
	}
	return books.Released
}

func (b *dateRangeBuild) rowKey(txType string) RowKey {
	s := &b.scan
	k := binary.BigEndian.AppendUint64(b.key[:0], uint64(s.posted.Unix()))
	add := func(text []byte) {
		k = binary.BigEndian.AppendUint32(k, uint32(len(text)))
		k = append(k, text...)
	}
	add([]byte(txType))
	for _, c := range keyColumns {
		add(s.cell(c))
	}
	if len(s.cell("sku")) == 0 {
		add(bytes.Join(bytes.Fields(s.cell("description")), []byte(" "))) // else it is the title, cut here or there
	}
	add(bytes.ToLower(s.cell("marketplace")))
	k = binary.BigEndian.AppendUint64(k, uint64(s.quantity))
	for i, m := range s.money {
		if s.cells[i] != 0 {
			add([]byte(m.name))
			k = binary.BigEndian.AppendUint64(k, uint64(s.cells[i]))
		}
	}
	add([]byte(s.file.Currency))
	b.key = k
	return sha256.Sum256(k)
}

// ordinal counts equal rows. In a file in order of time equal rows have equal
// times, so that earlier ones can be forgotten.
func (b *dateRangeBuild) ordinal(key RowKey, posted time.Time) int {
	if b.scan.file.sorted && !posted.Equal(b.at) {
		clear(b.equal)
		b.at = posted
	}
	short := [16]byte(key[:16])
	b.equal[short]++
	return b.equal[short]
}

// blanked is the row as it stands, without the content of some of its cells.
func blanked(t *records, cells []int) string {
	out := make([]byte, 0, len(t.raw))
	from := 0
	for _, i := range cells {
		span := t.spans[i]
		out = append(out, t.raw[from:span[0]]...)
		if span[1]-span[0] >= 2 && t.csv && t.raw[span[0]] == '"' {
			out = append(out, '"', '"')
		}
		from = span[1]
	}
	return string(append(out, t.raw[from:]...))
}
