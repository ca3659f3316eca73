// Package paper puts a report on paper: an XLSX workbook with real numbers, or a
// PDF that prints well on A4 or Letter. It is given finished figures and words;
// it adds nothing up and asks nobody.
//
// A Report is a plain value. The writers keep no state and are safe to call from
// several goroutines.
//
//	r := paper.Profit(words, locale, head, statements)
//	err := paper.WritePDF(file, r)
package paper

import (
	"time"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// Head is what stands above every report.
type Head struct {
	Book    string
	Printed time.Time
	Words   *i18n.Words
	Locale  *format.Locale
}

// Report is a document of one or more tables.
type Report struct {
	Head
	Title    string
	Facts    [][2]string // what and value, under the title: period, covered until, currency
	Sections []Section
	Notes    []string
}

// Section is one table.
type Section struct {
	Title   string // of the table; also the name of its sheet
	Columns []Column
	Rows    []Row
	Fit     bool // columns are as wide on paper as what they hold, whatever their Width
}

// Column is one column of a table. The first takes what the others leave.
type Column struct {
	Title string
	Right bool
	Width float64 // millimetres on paper; 0 for the first
}

// Weight is how much a row stands out.
type Weight uint8

// The weights.
const (
	Plain    Weight = iota
	Subtotal        // a rule above
	Total           // a rule above and two below
	Heading         // words only
)

// Row is one row of a table.
type Row struct {
	Weight Weight
	Cells  []Cell
}

// Cell is text, an amount or a number.
type Cell struct {
	Text  string
	Money *books.Money // shown in place of Text
	Count *int64
}

// Text is a cell of words.
func Text(s string) Cell { return Cell{Text: s} }

// Amount is a cell of money.
func Amount(m books.Money) Cell { return Cell{Money: &m} }

// Count is a cell of a whole number.
func Count(n int64) Cell { return Cell{Count: &n} }

// Of is a figure's cell: its amount, or a dash where it is not known.
func Of(f books.Figure) Cell {
	if !f.Known {
		return Text(format.Unknown)
	}
	return Amount(f.Money)
}

// shown is a cell as people read it.
func (h Head) shown(c Cell) string {
	switch {
	case c.Money != nil:
		return h.Locale.Statement(*c.Money)
	case c.Count != nil:
		return h.Locale.Count(*c.Count)
	}
	return c.Text
}
