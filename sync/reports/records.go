package reports

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRecord bounds one row: an unclosed quote must not take the whole file
// into memory.
const maxRecord = 1 << 20

// records splits decoded text into rows and cells. All slices it gives are
// valid until the next call.
type records struct {
	r     *bufio.Reader
	eol   byte // '\n', or '\r' in files of the old Macintosh
	delim byte
	csv   bool // RFC 4180 quotes; else a quote is a letter like any other
	want  int  // cells of a row, 0 when not known

	next int    // number of the next line, from 1
	buf  []byte // a line longer than the reader's buffer
	row  []byte // a row of several lines
	out  []byte // cells with quotes taken off
	back []byte // a line that was read too far; nil for none

	line   int      // where the row begins
	raw    []byte   // the row without its line end
	fields [][]byte // its cells
	spans  [][2]int // where each cell stands in raw, quotes included
}

// readLine returns the next line without its end, io.EOF after the last.
func (t *records) readLine() ([]byte, error) {
	if b := t.back; b != nil {
		t.back = nil
		t.next++
		return b, nil
	}
	b, err := t.r.ReadSlice(t.eol)
	if errors.Is(err, bufio.ErrBufferFull) {
		t.buf = append(t.buf[:0], b...)
		for errors.Is(err, bufio.ErrBufferFull) {
			if len(t.buf) > maxRecord {
				return nil, refuse(ErrKind, t.next, "the line is longer than %d bytes; this is no report", maxRecord)
			}
			b, err = t.r.ReadSlice(t.eol)
			t.buf = append(t.buf, b...)
		}
		b = t.buf
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(err)
	}
	if len(b) == 0 {
		return nil, io.EOF
	}
	t.next++
	if b[len(b)-1] == t.eol {
		b = b[:len(b)-1]
	}
	return bytes.TrimRight(b, "\r"), nil
}

// read moves to the next row that is not blank; io.EOF after the last.
func (t *records) read() error {
	for {
		b, err := t.readLine()
		if err != nil {
			return err
		}
		if t.blankLine(b) {
			continue
		}
		t.line = t.next - 1
		if t.csv {
			return t.readCSV(b)
		}
		t.raw = b
		t.splitPlain()
		return t.quotedAfterAll()
	}
}

// quotedAfterAll reads a row again that has other cells than it should, because a
// spreadsheet has put quotes round a cell with a tab or a line break in it.
func (t *records) quotedAfterAll() error {
	n := len(t.fields)
	last := t.raw[t.spans[n-1][0]:]
	opens := bytes.HasPrefix(last, []byte(`"`))
	switch {
	case n == t.want && opens && closingQuote(last, 1) < 0:
		return t.lastCellGoesOn()
	case t.want == 0 || n == t.want:
		return nil
	case n < t.want && opens:
		if err := t.readCSV(t.raw); err != nil {
			return err
		}
		for _, cell := range t.fields {
			if bytes.IndexByte(cell, t.delim) >= 0 { // more likely, the line is cut and a later one ends in inches
				return refuse(ErrCut, t.line, "the line has %d of %d columns; the file is cut or damaged, download it again", n, t.want)
			}
		}
	case n > t.want && bytes.IndexByte(t.raw, '"') >= 0:
		if t.splitCSV() != nil || len(t.fields) != t.want {
			t.splitPlain()
		}
	}
	return nil
}

// blankLine tells a line of nothing but blanks, tabs and empty cells, as
// spreadsheets leave them below the rows. A lone quote opens a cell.
func (t *records) blankLine(b []byte) bool {
	quotes := 0
	for _, c := range b {
		switch {
		case c == '"' && t.csv:
			quotes++
		case c != ' ' && c != '\t' && c != 0x1a && c != t.delim:
			return false
		}
	}
	return quotes%2 == 0
}

func (t *records) splitPlain() {
	t.fields, t.spans = t.fields[:0], t.spans[:0]
	start := 0
	for {
		i := bytes.IndexByte(t.raw[start:], t.delim)
		end := start + i
		if i < 0 {
			end = len(t.raw)
		}
		t.fields = append(t.fields, asTyped(unquoteCell(t.raw[start:end])))
		t.spans = append(t.spans, [2]int{start, end})
		if i < 0 {
			return
		}
		start = end + 1
	}
}

// lastCellGoesOn takes the lines without any cell below a row whose last cell opens
// a quote, up to the one that closes it. Without such, the quote is a letter.
func (t *records) lastCellGoesOn() error {
	row := append([]byte(nil), t.raw...)
	plain := len(row)
	for {
		b, err := t.readLine()
		if errors.Is(err, io.EOF) || err == nil && bytes.IndexByte(b, t.delim) >= 0 {
			if err == nil {
				t.back = append(make([]byte, 0, len(b)), b...)
				t.next--
			}
			if len(trimBlank(row[plain:])) > 0 {
				return refuse(ErrCut, t.line, "a quote is opened and never closed; the file is cut or damaged, download it again")
			}
			t.raw = row[:plain]
			t.splitPlain()
			return nil
		}
		if err != nil {
			return err
		}
		if row = append(append(row, '\n'), b...); len(row) > maxRecord {
			return refuse(ErrCut, t.line, "a quote is opened and not closed for more than %d bytes; the file is damaged, download it again", maxRecord)
		}
		if closingQuote(row, t.spans[t.want-1][0]+1) >= 0 {
			t.raw = row
			return t.splitCSV()
		}
	}
}

// readCSV splits a row by RFC 4180, taking further lines while a quote is open.
func (t *records) readCSV(first []byte) error {
	row := first
	scan := quoteScan{delim: t.delim}
	if scan.open(row) {
		row = append(t.row[:0], first...) // first is overwritten by the next line
	}
	for scan.inside {
		more, err := t.readLine()
		if errors.Is(err, io.EOF) {
			return refuse(ErrCut, t.line, "a quote is opened and never closed; the file is cut or damaged, download it again")
		}
		if err != nil {
			return err
		}
		row = append(append(row, '\n'), more...)
		if len(row) > maxRecord {
			return refuse(ErrCut, t.line, "a quote is opened and not closed for more than %d bytes; the file is damaged, download it again", maxRecord)
		}
		scan.open(row)
		t.row = row
	}
	t.raw = row
	return t.splitCSV()
}

// quoteScan follows a row that grows by lines until its quotes are closed; what
// was scanned is not scanned again.
type quoteScan struct {
	delim  byte
	at     int
	inside bool
}

// open tells whether the row, as far as it goes, ends inside a quoted cell.
func (q *quoteScan) open(b []byte) bool {
	for {
		if q.inside {
			i := closingQuote(b, q.at)
			if i < 0 {
				q.at = len(b)
				return true
			}
			q.inside, q.at = false, i+1
		} else if q.at < len(b) && b[q.at] == '"' {
			q.inside, q.at = true, q.at+1
			continue
		}
		i := bytes.IndexByte(b[min(q.at, len(b)):], q.delim)
		if i < 0 {
			return false
		}
		q.at += i + 1
	}
}

// closingQuote finds the quote that ends a cell; doubled ones do not.
func closingQuote(b []byte, from int) int {
	for from < len(b) {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			return -1
		}
		from += i
		if from+1 < len(b) && b[from+1] == '"' {
			from += 2
			continue
		}
		return from
	}
	return -1
}

func (t *records) splitCSV() error {
	b := t.raw
	t.fields, t.spans = t.fields[:0], t.spans[:0]
	t.out = t.out[:0]
	if cap(t.out) < len(b) {
		t.out = make([]byte, 0, 2*len(b)) // grown once: cells point into it
	}
	for start := 0; ; {
		end := start
		if start < len(b) && b[start] == '"' {
			quoteEnd := closingQuote(b, start+1)
			if quoteEnd < 0 {
				return refuse(ErrCut, t.line, "a quote is opened and never closed; the file is damaged, download it again")
			}
			end = quoteEnd + 1
			if end < len(b) && b[end] != t.delim {
				return refuse(ErrCut, t.line, "a cell goes on after its closing quote; the file is damaged or was edited")
			}
			t.fields = append(t.fields, asTyped(t.unquote(b[start+1:quoteEnd])))
		} else {
			end = len(b)
			if i := bytes.IndexByte(b[start:], t.delim); i >= 0 {
				end = start + i
			}
			t.fields = append(t.fields, asTyped(b[start:end]))
		}
		t.spans = append(t.spans, [2]int{start, end})
		if end >= len(b) {
			return nil
		}
		start = end + 1
	}
}

// unquote makes doubled quotes single.
func (t *records) unquote(b []byte) []byte {
	if bytes.IndexByte(b, '"') < 0 {
		return b
	}
	from := len(t.out)
	for i := 0; i < len(b); i++ {
		t.out = append(t.out, b[i])
		if b[i] == '"' {
			i++
		}
	}
	return t.out[from:]
}

// asTyped takes off what keeps a spreadsheet from reading a text as a number:
// ="0012" is 0012.
func asTyped(b []byte) []byte {
	if len(b) < 3 || b[0] != '=' || b[1] != '"' || b[len(b)-1] != '"' {
		return b
	}
	return unquoteCell(b[1:])
}

// unquoteCell takes the quotes off a cell that was quoted as a whole in a file
// whose headings are not: some reports quote as they like.
func unquoteCell(b []byte) []byte {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return b
	}
	inner := b[1 : len(b)-1]
	if closingQuote(inner, 0) >= 0 {
		return b // quotes of its own: they are letters
	}
	return trimBlank(bytes.ReplaceAll(inner, []byte(`""`), []byte(`"`)))
}
