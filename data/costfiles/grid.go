package costfiles

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// ErrFile reports a file that is no list at all: Problem tells of single rows.
var ErrFile = errors.New("not a list that can be read")

// maxBytes is the size of the largest file that is read.
const maxBytes = 64 << 20

// Codes of problems, for screens to translate. A Problem's Error is English.
const (
	Missing     = "missing"     // the cell is empty
	NoColumn    = "column"      // the heading line lacks the column
	BadDay      = "day"         // no day like 2026-03-01
	BadNumber   = "number"      // no plain number, or one that can be read two ways
	BadPlaces   = "places"      // more decimal places than the currency has
	BadWhole    = "whole"       // no whole number above 0
	BadCurrency = "currency"    // no code of three letters
	BadMarket   = "marketplace" // no marketplace of Amazon
	Negative    = "negative"
	BadChoice   = "choice"    // none of the words allowed
	Duplicate   = "duplicate" // the same name stands in the file twice
	TooLong     = "long"
	BadOrder    = "order"  // the last day is before the first
	NoRate      = "rate"   // no exchange rate of that day is known
	IsKit       = "kit"    // a kit is no purchase and no part
	NoReturn    = "return" // only a return has an order
)

var sentences = map[string]string{
	Missing: "is empty", NoColumn: "is missing", BadDay: "is not a day like 2026-03-01", BadNumber: "is not a plain number like 12.50",
	BadPlaces: "has more decimal places than the currency", BadWhole: "is not a whole number above 0", BadCurrency: "is not a code like EUR",
	BadMarket: "is not a marketplace of Amazon", Negative: "is negative", BadChoice: "is none of the words allowed there",
	Duplicate: "stands in this file twice", TooLong: "is too long", BadOrder: "is before the first day", NoReturn: "only a return has an order",
	NoRate: "has no exchange rate on that day", IsKit: "is a kit",
}

// Problem is a cell that cannot be used.
type Problem struct {
	Line   int    // as an editor counts it, from 1
	Column string // its code in the heading line
	Code   string
	Value  string // the text in the cell
}

// Error gives one English sentence.
func (p Problem) Error() string {
	if p.Value == "" {
		return fmt.Sprintf("line %d: %s %s", p.Line, p.Column, sentences[p.Code])
	}
	return fmt.Sprintf("line %d: %s %q %s", p.Line, p.Column, p.Value, sentences[p.Code])
}

// grid is a file as rows of text.
type grid struct {
	head  []string // codes: lower case, blanks as _
	rows  [][]string
	lines []int
	comma bool // a comma may be the decimal sign
	xlsx  bool
	typed bool // a form, no file
	point bool // a dot is the decimal sign, as other numbers of the file show
}

// read takes CSV (comma, semicolon or tab; UTF-8 or UTF-16, with or without a byte
// order mark, or what spreadsheets write in Japan and in Western countries) or XLSX (its first sheet); which of them the bytes tell.
func read(body []byte) (*grid, []Problem, error) {
	if len(body) > maxBytes {
		return nil, nil, fmt.Errorf("%w: it is larger than 64 MB", ErrFile)
	}
	var g *grid
	var bad []Problem
	var err error
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		g, err = readXLSX(body)
	} else {
		g, bad, err = readCSV(body)
	}
	if err != nil {
		return nil, nil, err
	}
	for i, h := range g.head {
		g.head[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(h)), " ", "_")
	}
	return g, bad, nil
}

func readCSV(body []byte) (*grid, []Problem, error) {
	body, err := decoded(body)
	if err != nil {
		return nil, nil, err
	}
	comma := separator(body)
	if first, rest, _ := bytes.Cut(body, []byte("\n")); len(bytes.TrimSpace(first)) == 5 && bytes.HasPrefix(first, []byte("sep=")) {
		comma, body = rune(first[4]), append([]byte("\n"), rest...) // a spreadsheet's own word for the separator
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = comma, -1, true
	head, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: there is no heading line", ErrFile)
	}
	g := &grid{head: head, comma: r.Comma != ','}
	var bad []Problem
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			g.point = g.comma && g.showsPoint()
			return g, bad, nil
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			bad = append(bad, Problem{syntax.Line, "\"", BadChoice, ""})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the list: %w", err)
		}
		line, _ := r.FieldPos(0)
		g.add(line, row)
	}
}

func (g *grid) add(line int, row []string) {
	if slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		g.rows, g.lines = append(g.rows, row), append(g.lines, line)
	}
}

var (
	pointed = regexp.MustCompile(`^-?\d+\.(\d{1,2}|\d{4,})$`)
	commaed = regexp.MustCompile(`^-?\d+,(\d{1,2}|\d{4,})$`)
)

// showsPoint tells whether some number of the file has a dot as its decimal sign, and
// none a comma.
func (g *grid) showsPoint() bool {
	has := func(form *regexp.Regexp) bool {
		return slices.ContainsFunc(g.rows, func(row []string) bool {
			return slices.ContainsFunc(row, func(c string) bool { return form.MatchString(strings.TrimSpace(c)) })
		})
	}
	return has(pointed) && !has(commaed)
}

// totals are words with which spreadsheets begin their line of sums.
var totals = []string{"total", "totals", "sum", "grand total", "subtotal", "summe", "gesamt", "gesamtsumme", "合計", "総計", "小計", "合计", "总计", "小计"}

// isTotal tells a line of sums from a row: it begins with the word for it, and has no
// product's name.
func (c *cells) isTotal(name string) bool {
	for _, cell := range c.row {
		if cell = strings.ToLower(strings.Trim(strings.TrimSpace(cell), ":： ")); cell != "" {
			v := strings.ToLower(strings.Trim(c.text(name), ":： "))
			return slices.Contains(totals, cell) && (v == "" || v == cell) && c.text("currency") == ""
		}
	}
	return false
}

func separator(body []byte) rune {
	line, _, _ := bytes.Cut(body, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// readXLSX takes cells as they are stored, not as they are shown: a number shown
// with two places may have more.
func readXLSX(body []byte) (*grid, error) {
	if err := sizeOfZip(body); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(body), excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 * maxBytes, UnzipXMLSizeLimit: maxBytes})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("%w: the workbook has no sheet", ErrFile)
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer rows.Close()
	g := &grid{comma: true, xlsx: true}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrFile, line, err)
		}
		if g.head == nil {
			if slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
				g.head = cells
			}
			continue
		}
		g.add(line, cells)
	}
	if g.head == nil {
		return nil, fmt.Errorf("%w: there is no heading line", ErrFile)
	}
	return g, rows.Error()
}

// sizeOfZip refuses archives that unpack to far more than they are.
func sizeOfZip(body []byte) error {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	var sum uint64
	for _, f := range z.File {
		sum += f.UncompressedSize64
	}
	if sum > 4*maxBytes {
		return fmt.Errorf("%w: it unpacks to more than 256 MB", ErrFile)
	}
	return nil
}
