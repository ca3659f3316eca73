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
	props, err := book.GetWorkbookProps()
	if err != nil {
		return nil, named(name, refused)
	}
	since1904 := props.Date1904 != nil && *props.Date1904
	lost := lostResults(r, size)
	var all []source
	for _, sheet := range book.GetSheetList() {
		var flaw *FileError
		text, err := sheetText(book, sheet, since1904)
		if err == nil && len(lost) > 0 {
			flaw, err = lostResult(book, sheet, lost)
		}
		if err != nil {
			return nil, named(name, refuse(ErrCut, 0, "the workbook is damaged; download it again"))
		}
		if len(text) > 0 {
			open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
			all = append(all, source{name: name + ": " + sheet, open: open, sheet: true, flaw: flaw})
		}
	}
	if len(all) == 0 {
		return nil, named(name, refused)
	}
	return all, nil
}

// sheetText writes a sheet as quoted cells between tabs, every row as wide as
// the widest.
func sheetText(book *excelize.File, sheet string, since1904 bool) ([]byte, error) {
	cells, width, err := sheetCells(book, sheet, since1904)
	if err != nil {
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
				b.WriteString(strings.ReplaceAll(row[i], `"`, `""`))
			}
			b.WriteByte('"')
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// sheetCells reads a sheet twice side by side: as its cells are kept, and as they
// are shown. Only both tell what a number is.
func sheetCells(book *excelize.File, sheet string, since1904 bool) (cells [][]string, width int, err error) {
	kept, err := book.Rows(sheet)
	if err != nil {
		return nil, 0, err
	}
	defer kept.Close()
	shown, err := book.Rows(sheet)
	if err != nil {
		return nil, 0, err
	}
	defer shown.Close()
	for kept.Next() && shown.Next() {
		row, err := kept.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, 0, err
		}
		looks, err := shown.Columns(excelize.Options{})
		if err != nil {
			return nil, 0, err
		}
		for i := range row {
			if i < len(looks) {
				row[i] = sheetCell{row[i], looks[i], since1904}.text()
			}
		}
		cells = append(cells, row)
		width = max(width, len(row))
	}
	return cells, width, errors.Join(kept.Error(), shown.Error())
}

// The days that a workbook's number may stand for: from 1954 to 2119.
const firstSerial, lastSerial = 20000, 80000

// serialDate reads a workbook's number of a day: days since
// 1899-12-30, and the time of day as a fraction.
func serialDate(b []byte) (day time.Time, clock bool, ok bool) {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || v < firstSerial || v >= lastSerial || math.IsNaN(v) {
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
