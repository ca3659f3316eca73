package costfiles

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes a list that can be read again.
func WriteCSV(w io.Writer, columns []string, rows [][]string) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// WriteXLSX writes the same as a workbook. Cells are text, so that a spreadsheet
// turns neither a SKU into a number nor a day into another.
func WriteXLSX(w io.Writer, sheet string, columns []string, rows [][]string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := s.SetColWidth(1, len(columns), 16); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i, row := range append([][]string{columns}, rows...) {
		cells := make([]any, len(row))
		for j, text := range row {
			cells[j] = text
			if i == 0 {
				cells[j] = excelize.Cell{StyleID: bold, Value: text}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return fmt.Errorf("write row %d of the workbook: %w", i+1, err)
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// Write writes a list as the name's ending says: .xlsx, else CSV.
func Write(w io.Writer, name, sheet string, columns []string, rows [][]string) error {
	if strings.HasSuffix(strings.ToLower(name), ".xlsx") {
		return WriteXLSX(w, sheet, columns, rows)
	}
	return WriteCSV(w, columns, rows)
}
