package reports

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
)

// evidence is what the cells of one file tell about its number and date forms.
// A cell with two readings is put in doubt and read as nothing; when a later
// cell tells the form, the file is read again from the start.
type evidence struct {
	num   numberForm
	dates dateForm
	doubt *FileError
}

// prove runs a pass over the file until no cell is in doubt.
func (e *evidence) prove(pass func() error) error {
	for {
		decimal, order := e.num.decimal, e.dates.order
		e.doubt, e.num.early = nil, false
		if err := pass(); err != nil {
			return err
		}
		if e.doubt == nil && !(e.num.early && decimal != e.num.decimal) {
			return nil
		}
		if decimal == e.num.decimal && order == e.dates.order {
			return e.doubt
		}
	}
}

// amount reads a cell as minor units of the currency; column names it in the
// refusal.
func (e *evidence) amount(b []byte, currency string, line int, column string) (int64, error) {
	v, st := e.num.parse(b, books.Digits(currency), currency)
	switch st {
	case numberOK:
		return v, nil
	case numberAmbiguous:
		if e.doubt == nil {
			e.doubt = refuse(ErrAmbiguous, line, "%s %s %s", column, quote(b), st.reason())
		}
		return 0, nil
	}
	return 0, refuse(ErrNumber, line, "%s %s %s; the file was edited, download it again", column, quote(b), st.reason())
}

// date reads a cell as an instant.
func (e *evidence) date(b []byte, line int, column string) (time.Time, error) {
	t, st := e.dates.parse(b)
	switch st {
	case dateOK:
		return t, nil
	case dateAmbiguous:
		if e.doubt == nil {
			e.doubt = refuse(ErrAmbiguous, line, "%s %s %s", column, quote(b), st.reason())
		}
		return time.Time{}, nil
	}
	return time.Time{}, refuse(ErrDate, line, "%s %s %s", column, quote(b), st.reason())
}

// count reads a whole number of units; an empty cell is 0, "12.0" is 12.
func count(b []byte, line int, column string) (int64, error) {
	b = trimBlank(b)
	if len(b) == 0 {
		return 0, nil
	}
	whole, frac, _ := strings.Cut(string(b), ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || len(frac) > 2 || strings.Trim(frac, "0") != "" {
		return 0, refuse(ErrNumber, line, "%s %s is not a whole number; the file was edited, download it again", column, quote(b))
	}
	return n, nil
}

// checkWritten refuses names and numbers of things that a spreadsheet has turned
// into numbers: of 5.47134E+13 the last digits are lost, of a book's ASIN the zero
// before it.
func checkWritten(b []byte, line int, column string) error {
	if (len(b) == 8 || len(b) == 9) && len(bytes.Trim(b, "0123456789")) == 0 && strings.Contains(strings.ToLower(column), "asin") {
		return refuse(ErrNumber, line, "%s %s was shortened by a spreadsheet, the zeros before it are lost; import the file as Amazon sent it", column, quote(b))
	}
	at := bytes.IndexByte(b, 'E')
	if at < 1 || at+2 >= len(b) || b[at+1] != '+' || !isDigit(b[0]) || len(bytes.Trim(b[:at], "0123456789.,")) > 0 ||
		len(bytes.Trim(b[at+2:], "0123456789")) > 0 {
		return nil
	}
	return refuse(ErrNumber, line, "%s %s was rounded by a spreadsheet, its last digits are lost; import the file as Amazon sent it", column, quote(b))
}

// sum adds minor units and refuses what 64 bits do not hold.
func sum(a, b int64, line int) (int64, error) {
	s := a + b
	if (b > 0 && s < a) || (b < 0 && s > a) {
		return 0, refuse(ErrNumber, line, "the sum of the amounts is too large; the file was edited")
	}
	return s, nil
}
