package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
)

// WriteXLSX writes the report as a workbook, a sheet per table. Amounts are
// numbers, written as exact decimal text: no binary fraction ever stands between.
func WriteXLSX(to io.Writer, r Report) (err error) {
	f := excelize.NewFile()
	defer func() { // the file is in memory; what it cannot close was not written either
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	b := &workbook{Report: r, f: f, styles: map[string]int{}}
	for i, s := range r.Sections {
		name := sheetName(s.Title, r.Title, i)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = b.sheet(name, s)
		}
		if err != nil {
			return fmt.Errorf("write the workbook: %w", err)
		}
	}
	if _, err = f.WriteTo(to); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// sheetName makes a name that spreadsheets take: at most 31 letters, none of []:*?/\.
func sheetName(title, report string, i int) string {
	if title == "" {
		title = report
	}
	title = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, title), "' ")
	letters := []rune(title)
	if i > 0 {
		return fmt.Sprintf("%.26s %d", string(letters[:min(len(letters), 26)]), i+1)
	}
	return string(letters[:min(len(letters), 31)])
}

type workbook struct {
	Report
	f      *excelize.File
	styles map[string]int
	line   int
}

func (b *workbook) sheet(name string, s Section) error {
	b.line = 0
	put := func(w Weight, cells ...Cell) error {
		b.line++
		for i, c := range cells {
			if err := b.cell(name, i+1, w, c); err != nil {
				return err
			}
		}
		return nil
	}
	if err := put(Heading, Text(b.Title)); err != nil {
		return err
	}
	if err := put(Plain, Text(b.Book)); err != nil {
		return err
	}
	for _, f := range b.Facts {
		if err := put(Plain, Text(f[0]), Text(f[1])); err != nil {
			return err
		}
	}
	b.line++
	var heads []Cell
	for _, c := range s.Columns {
		heads = append(heads, Text(c.Title))
	}
	if err := put(Subtotal, heads...); err != nil {
		return err
	}
	top := b.line
	for _, r := range s.Rows {
		if err := put(r.Weight, r.Cells...); err != nil {
			return err
		}
	}
	b.line++
	for _, n := range b.Notes {
		if err := put(Plain, Text(n)); err != nil {
			return err
		}
	}
	return b.look(name, s, top)
}

// look sets widths, frozen heads and the printed page.
func (b *workbook) look(name string, s Section, top int) error {
	last, err := excelize.ColumnNumberToName(max(len(s.Columns), 2))
	if err != nil {
		return err
	}
	if err := b.f.SetColWidth(name, "B", last, 18); err != nil {
		return err
	}
	if err := b.f.SetColWidth(name, "A", "A", 38); err != nil {
		return err
	}
	at := fmt.Sprintf("B%d", top+1)
	if err := b.f.SetPanes(name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: top, TopLeftCell: at, ActivePane: "bottomRight"}); err != nil {
		return err
	}
	size, wide, tall, orientation := 9, 1, 0, "portrait" // 9 is A4, 1 is Letter
	if paperOf(b.Locale.Tag()) == "Letter" {
		size = 1
	}
	if len(s.Columns) > 5 {
		orientation = "landscape"
	}
	fit := true
	if err := b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall})
}

func (b *workbook) cell(sheet string, col int, w Weight, c Cell) error {
	at, err := excelize.CoordinatesToCellName(col, b.line)
	if err != nil {
		return err
	}
	format := ""
	switch {
	case c.Money != nil:
		format = moneyFormat(c.Money.Currency)
		err = b.f.SetCellDefault(sheet, at, c.Money.Decimal())
	case c.Count != nil:
		format = "#,##0"
		err = b.f.SetCellInt(sheet, at, *c.Count)
	default:
		err = b.f.SetCellStr(sheet, at, c.Text)
	}
	if err != nil {
		return err
	}
	style, err := b.style(w, format)
	if err != nil {
		return err
	}
	return b.f.SetCellStyle(sheet, at, at, style)
}

func moneyFormat(currency string) string {
	number := "#,##0"
	if n := books.Digits(currency); n > 0 {
		number += "." + strings.Repeat("0", n)
	}
	return number + ";(" + number + ")"
}

// style makes each look once.
func (b *workbook) style(w Weight, format string) (int, error) {
	key := fmt.Sprint(w, format)
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	s := &excelize.Style{}
	if format != "" {
		s.CustomNumFmt = &format
	}
	if w != Plain {
		s.Font = &excelize.Font{Bold: true}
	}
	if w == Subtotal || w == Total {
		s.Border = append(s.Border, excelize.Border{Type: "top", Style: 1, Color: "000000"})
	}
	if w == Total {
		s.Border = append(s.Border, excelize.Border{Type: "bottom", Style: 6, Color: "000000"})
	}
	id, err := b.f.NewStyle(s)
	b.styles[key] = id
	return id, err
}
