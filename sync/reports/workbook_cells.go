package reports

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheetCell is a cell as a workbook keeps it and as a spreadsheet shows it.
type sheetCell struct {
	kept, shown string
	since1904   bool // days are counted from there, as old Macintoshes did
}

// text is what Amazon wrote in the cell, as far as the spreadsheet left it: it keeps
// a percentage as its hundredth, true as 1, and a day as a number. An amount that it
// took for a day ("3.12" is one in Germany) must not become that number.
func (c sheetCell) text() string {
	v, err := strconv.ParseFloat(c.kept, 64)
	if err != nil || c.kept == c.shown || math.IsInf(v, 0) || math.IsNaN(v) {
		return typed(c.kept)
	}
	switch {
	case c.shown == "TRUE" || c.shown == "FALSE":
		return strings.ToLower(c.shown)
	case strings.HasSuffix(c.shown, "%"):
		return strconv.FormatFloat(rounded(100*v), 'f', -1, 64) + "%"
	case c.isDay(v):
		return c.day(v)
	case math.Abs(v) >= 1e15:
		return strconv.FormatFloat(v, 'E', 5, 64) // digits are lost: what is a name is refused for it
	}
	return typed(c.kept)
}

// isDay tells a number of our times that is shown as a day: shown as a number, it
// begins with its own digits.
func (c sheetCell) isDay(v float64) bool {
	if v < firstSerial || v >= lastSerial || scaled(v, c.shown) || strings.ContainsAny(c.shown, "eE+") && strings.Trim(c.shown, "0123456789.,-+Ee") == "" {
		return false
	}
	digits := strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, c.shown), "0")
	for _, whole := range []float64{math.Trunc(v), math.Round(v)} {
		if strings.HasPrefix(digits, strconv.FormatFloat(whole, 'f', -1, 64)) && !strings.ContainsAny(c.shown, "/:") {
			return false
		}
	}
	return digits != ""
}

var oneNumber = regexp.MustCompile(`^[^0-9]*([0-9]{1,2})(?:[.,]([0-9]+))?[^0-9]*$`)

// scaled tells a number that is shown in thousands or millions: "46.4K". Days of
// Amazon's times begin with no such number (no month has 35 days, and the year 57 is
// far), so that the form of the cell need not be looked up.
func scaled(v float64, shown string) bool {
	m := oneNumber.FindStringSubmatch(shown)
	if m == nil {
		return false
	}
	n, err := strconv.ParseFloat(m[1]+"."+m[2]+"0", 64)
	half := 0.5000001 / math.Pow10(len(m[2]))
	return err == nil && (math.Abs(v/1e3-n) <= half || math.Abs(v/1e6-n) <= half && m[2] != "")
}

// day writes a day out. With a time of day it stays a number: the zone is not told.
func (c sheetCell) day(v float64) string {
	if c.since1904 {
		v += 1462
	}
	if v != math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(v)).Format(time.DateOnly)
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
	return strconv.FormatFloat(rounded(v), 'f', -1, 64)
}

// rounded keeps fifteen digits.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// noResult is a formula whose result is not stored, as some programs leave it: the
// attributes of its cell, and what stands in the place of the result.
var (
	noResult = regexp.MustCompile(`<(?:\w+:)?c(\s[^>]*)?>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</)`)
	cellRef  = regexp.MustCompile(`\sr\s*=\s*["']([A-Z]+[0-9]+)["']`)
	cellText = regexp.MustCompile(`\st\s*=\s*["']str["']`)
	cellEnd  = regexp.MustCompile(`^</(?:\w+:)?c>$`)
)

// lostResults gives the cells of any sheet that are such formulas, "" among them when
// one has no name. A result that is there and is the empty text is none of them.
func lostResults(r io.ReaderAt, size int64) map[string]bool {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil // it was opened before
	}
	lost := map[string]bool{}
	for _, f := range archive.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") {
			continue
		}
		b, err := source{open: f.Open}.read(maxWorkbook)
		if err != nil || !bytes.Contains(b, []byte("f>")) {
			continue
		}
		for _, m := range noResult.FindAllSubmatch(b, -1) {
			if cellText.Match(m[1]) && !cellEnd.Match(m[2]) {
				continue
			}
			name := ""
			if ref := cellRef.FindSubmatch(m[1]); ref != nil {
				name = string(ref[1])
			}
			lost[name] = true
		}
	}
	return lost
}

// lostResult finds the first of the lost formulas in a sheet.
func lostResult(book *excelize.File, sheet string, lost map[string]bool) (*FileError, error) {
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	for y, row := range rows {
		for x, cell := range row {
			if cell != "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				return nil, err
			}
			if !lost[at] && !lost[""] {
				continue
			}
			if formula, err := book.GetCellFormula(sheet, at); err != nil || formula == "" {
				continue
			}
			return refuse(ErrNumber, y+1, "the cell %s is a formula whose result is not in the file; open it in the spreadsheet, save it there and import it again", at), nil
		}
	}
	return nil, nil
}
