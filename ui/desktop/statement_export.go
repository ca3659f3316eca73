package desktop

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
)

// statementRowsOut are the rows of an export, as a table gives them.
type statementRowsOut = iter.Seq2[[]parts.Value, error]

// askExport asks for the kind of file.
func (p *profitScreen) askExport() {
	if p.table == nil {
		return
	}
	w := p.env.words
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(w.T("profit.export_csv"), func() { p.saveAs("csv") }),
		fyne.NewMenuItem(w.T("profit.export_xlsx"), func() { p.saveAs("xlsx") }),
	)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.export)
	popup := widget.NewPopUpMenu(menu, p.env.window.Canvas())
	size := p.export.Size()
	popup.ShowAtPosition(fyne.NewPos(at.X+size.Width-popup.MinSize().Width, at.Y+size.Height))
}

// exportName is the name offered for an export.
func (p *profitScreen) exportName(kind string) string {
	return "profit-" + p.by + "-" + p.data.Query.Currency + "-" + p.data.Span.From + "-" + p.data.Span.To + "." + kind
}

// saveAs asks for a place and writes there what the table shows.
func (p *profitScreen) saveAs(kind string) {
	w := p.env.words
	choice := fileChoice{Title: w.T("profit.export_title"), Save: p.exportName(kind), Ends: []string{"." + kind}, Word: w.T("profit.export_save")}
	chooseFile(p.env, choice, func(path string) { p.writeFile(path, kind) })
}

// writeFile writes what the table shows, in the order shown. A file that is
// there already is left alone, and one that could not be finished is removed.
func (p *profitScreen) writeFile(path, kind string) {
	w, name := p.env.words, filepath.Base(path)
	heads, rows := p.table.Export(p.env.ctx)
	currency := p.data.Query.Currency
	p.env.busy(w.T("profit.exporting"), func(context.Context, func(done, total int64)) (string, error) {
		to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return "", errors.New(w.T("profit.export_exists", name))
		}
		if err != nil {
			return "", fmt.Errorf("write %s: %w", name, err)
		}
		write := statementCSV
		if kind == "xlsx" {
			write = statementXLSX
		}
		if err := errors.Join(write(to, heads, rows, currency), to.Close()); err != nil {
			os.Remove(path)
			return "", fmt.Errorf("write %s: %w", name, err)
		}
		return w.T("profit.exported", name), nil
	})
}

// statementTitle is the head of a column in a file, where each column has to
// name its currency.
func statementTitle(h parts.Head, currency string) string {
	switch {
	case h.Unit != "":
		return h.Title + " " + h.Unit
	case h.Align == parts.Right && statementMoneyColumn(h.ID):
		return h.Title + " " + currency
	}
	return h.Title
}

// statementMoneyColumn tells the columns of amounts from those of shares and
// units.
func statementMoneyColumn(id string) bool {
	return id != "share" && id != "change" && id != "units" && id != "margin"
}

// statementCSV writes a table as CSV: amounts as plain decimals, what is not
// known empty.
func statementCSV(to io.Writer, heads []parts.Head, rows statementRowsOut, currency string) error {
	out := csv.NewWriter(to)
	record := make([]string, len(heads))
	for i, h := range heads {
		record[i] = statementCell(statementTitle(h, currency))
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, v := range row {
			record[i] = statementField(v)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func statementField(v parts.Value) string {
	switch raw := v.Raw.(type) {
	case nil:
		return ""
	case books.Money:
		return raw.Decimal()
	case int64:
		return strconv.FormatInt(raw, 10)
	}
	return statementCell(v.Text)
}

// statementCell keeps a spreadsheet from reading a seller's text as a formula.
func statementCell(text string) string {
	if text != "-" && strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

// statementXLSX writes a table as a workbook of one sheet. Amounts are written
// as the decimals they are, without a detour over binary fractions.
func statementXLSX(to io.Writer, heads []parts.Head, rows statementRowsOut, currency string) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	format := "#,##0;(#,##0)"
	if n := books.Digits(currency); n > 0 {
		zeros := strings.Repeat("0", n)
		format = "#,##0." + zeros + ";(#,##0." + zeros + ")"
	}
	money, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	for i, h := range heads {
		if err := statementSet(f, sheet, i+1, 1, statementTitle(h, currency), bold); err != nil {
			return err
		}
	}
	line := 1
	for row, err := range rows {
		if err != nil {
			return err
		}
		line++
		for i, v := range row {
			if err := statementSet(f, sheet, i+1, line, v.Raw, money); err != nil {
				return err
			}
		}
	}
	if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "A", "A", 28); err != nil {
		return err
	}
	_, err = f.WriteTo(to)
	return err
}

func statementSet(f *excelize.File, sheet string, col, row int, raw any, style int) error {
	at, err := excelize.CoordinatesToCellName(col, row)
	if err != nil || raw == nil {
		return err
	}
	switch raw := raw.(type) {
	case books.Money:
		err = f.SetCellDefault(sheet, at, raw.Decimal())
	case int64:
		return f.SetCellInt(sheet, at, raw)
	case string:
		if err = f.SetCellStr(sheet, at, raw); row > 1 {
			return err
		}
	default:
		return fmt.Errorf("no cell for %T", raw)
	}
	if err != nil {
		return err
	}
	return f.SetCellStyle(sheet, at, at, style)
}
