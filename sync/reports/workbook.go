package reports

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxWorkbook bounds an unpacked workbook. It stays in memory: the library would
// put larger parts into a plain file of the system's folder for such.
const maxWorkbook = 512 << 20

// workbook gives each sheet that holds anything as a table of text, so that a
// report which a spreadsheet has saved is read like the report itself.
func workbook(name string, r io.ReaderAt, size int64) ([]source, error) {
	refused := refuse(ErrBinary, 0, "this is an office document; save the sheet as CSV, or import the file as Amazon sent it")
	if size > maxWorkbook {
		return nil, named(name, refuse(ErrTooLarge, 0, "the workbook is larger than %d MB; save the sheet as CSV", maxWorkbook>>20))
	}
	book, err := excelize.OpenReader(io.NewSectionReader(r, 0, size),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: maxWorkbook})
	if err != nil {
		return nil, named(name, refused)
	}
	defer book.Close()
	var all []source
	for _, sheet := range book.GetSheetList() {
		text, err := sheetText(book, sheet)
		if err != nil {
			return nil, named(name, refuse(ErrCut, 0, "the workbook is damaged; download it again"))
		}
		if len(text) > 0 {
			open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
			all = append(all, source{name: name + ": " + sheet, open: open, sheet: true})
		}
	}
	if len(all) == 0 {
		return nil, named(name, refused)
	}
	return all, nil
}

// sheetText writes a sheet as quoted cells between tabs, every row as wide as
// the widest.
func sheetText(book *excelize.File, sheet string) ([]byte, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cells [][]string
	width := 0
	for rows.Next() {
		row, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		cells = append(cells, row)
		width = max(width, len(row))
	}
	if err := rows.Error(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, row := range cells {
		for i := range width {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteByte('"')
			if i < len(row) {
				b.WriteString(strings.ReplaceAll(typed(row[i]), `"`, `""`))
			}
			b.WriteByte('"')
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// typed is a number as it was typed: a workbook keeps 24.99 as
// 24.989999999999998. Fifteen digits are what it promises to keep.
func typed(s string) string {
	if len(s) < 16 || strings.Trim(s, "0123456789.-+Ee") != "" || !strings.ContainsAny(s, ".Ee") {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// serialDate reads a workbook's number of a day, from 1954 to 2119: days since
// 1899-12-30, and the time of day as a fraction.
func serialDate(b []byte) (day time.Time, clock bool, ok bool) {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || v < 20000 || v >= 80000 || math.IsNaN(v) {
		return time.Time{}, false, false
	}
	whole, frac := math.Modf(v)
	day = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(whole))
	seconds := math.Round(frac * 24 * 60 * 60)
	return day.Add(time.Duration(seconds) * time.Second), seconds > 0, true
}

// onlySheets leaves out the sheets of a workbook that are no reports, as long
// as one is.
func onlySheets(files []*File, refused []error) ([]*File, error) {
	if len(files) > 0 || len(refused) == 0 {
		return files, nil
	}
	return nil, refused[0]
}

// ofAnotherKind tells a sheet that holds something else from a report that is
// damaged.
func ofAnotherKind(err error) bool {
	return errors.Is(err, ErrKind) || errors.Is(err, ErrMessage) || errors.Is(err, ErrEmpty)
}
