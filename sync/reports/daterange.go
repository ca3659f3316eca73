package reports

import (
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// RowKey is the identity of a row's content: the hash of its cells with
// numbers, dates, types and marketplaces in one form. The same row has the same
// key in every file it is in, whatever charset and (for types in the table)
// language the file has. What Amazon changes, translates or blanks later does
// not count: description, transaction status, the buyer's place. Two rows that
// differ only there share a key, and every file that has one has both: periods
// do not end within a second.
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
	Type            string    // English word, or Amazon's word when it is not in the table; may be empty
	MarketplaceName string    // as written: "amazon.de", "sim1.stores.amazon.com", ""
	Fulfilment      string    // as written: "Amazon", "Seller", ""
	TaxModel        string    // tax collection model, as written
	Quantity        int64     // as written, whatever the type
	Status          string    // transaction status as written; Facts carry its State
	Released        time.Time // transaction release date; zero when not told
	Total           books.Money
	Facts           []books.Fact // one per cell of money that is not zero
	Buyer           Place
}

// Place is where an order goes: personal data, and not part of Raw.
type Place struct{ City, State, PostalCode string }

// moneyColumns are the known columns of money, in Amazon's order. It is that of a
// row's facts and of its key, however a spreadsheet has moved the columns.
var moneyColumns = []string{
	"product sales", "product sales tax", "shipping credits", "shipping credits tax", "gift wrap credits", "gift wrap credits tax",
	"amazon points", "regulatory fee", "tax on regulatory fee", "promotional rebates", "promotional rebates tax", "sales tax collected",
	"marketplace facilitator tax", "marketplace withheld tax", "selling fees", "fba fees", "other transaction fees", "other",
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
		case known && slices.Contains(moneyColumns, c):
			t.money = append(t.money, amountColumn{c, i, 1})
			seen = true
		case !known && seen && i < t.total && !t.text[i]:
			t.money = append(t.money, amountColumn{h, i, 0})
			f.UnknownColumns = append(f.UnknownColumns, h)
		case !known:
			t.blank = append(t.blank, i)
			f.UnknownColumns = append(f.UnknownColumns, h)
		case c == "order city" || c == "order state" || c == "order postal":
			t.blank = append(t.blank, i)
		}
	}
	inOrder(t.money, moneyColumns)
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
