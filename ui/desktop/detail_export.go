package desktop

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
)

// detailWriteFile writes rows to a .csv or .xlsx file and returns how many.
// The file appears when it is whole; one that was there stays until then.
func detailWriteFile(ctx context.Context, path string, heads []parts.Head, rows iter.Seq2[[]parts.Value, error], progress func(done, total int64)) (n int64, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".countinghouse-*.tmp")
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	counted := func(yield func([]parts.Value, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				n++
			}
			if !yield(row, err) || err != nil {
				return
			}
			if n%1000 == 0 {
				progress(n, 0)
			}
		}
	}
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		err = detailWriteXLSX(tmp, heads, counted)
	} else {
		err = detailWriteCSV(tmp, heads, counted)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err == nil {
		err = tmp.Close()
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return n, nil
}

func detailWriteCSV(w io.Writer, heads []parts.Head, rows iter.Seq2[[]parts.Value, error]) error {
	buffered := bufio.NewWriter(w)
	out := csv.NewWriter(buffered)
	record := make([]string, len(heads))
	for i, h := range heads {
		record[i] = detailSafe(detailTitle(h))
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, v := range row {
			record[i] = detailCSVValue(v)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}

func detailTitle(h parts.Head) string {
	title := h.Title
	if h.Unit != "" {
		title += " " + h.Unit
	}
	if title == "" {
		return h.ID
	}
	return title
}

// detailCSVValue writes a value as machines read it: plain decimals, ISO
// times, nothing for what is not known.
func detailCSVValue(v parts.Value) string {
	switch raw := v.Raw.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(raw, 10)
	case books.Money:
		return raw.Decimal()
	case time.Time:
		return raw.Format(time.RFC3339)
	case string:
		return detailSafe(raw)
	}
	return detailSafe(v.Text)
}

// detailSafe keeps a spreadsheet from running a seller's title as a formula.
func detailSafe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && s != "-" {
		return "'" + s
	}
	return s
}

func detailWriteXLSX(w io.Writer, heads []parts.Head, rows iter.Seq2[[]parts.Value, error]) error {
	f := excelize.NewFile()
	defer f.Close()
	out, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	money := map[int]int{}
	for _, digits := range []int{0, 2, 3} {
		format := strings.TrimSuffix("#,##0."+strings.Repeat("0", digits), ".")
		format += ";(" + format + ")" // as statements are written
		if money[digits], err = f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return err
		}
	}
	cells := make([]any, len(heads))
	for i, h := range heads {
		cells[i] = excelize.Cell{StyleID: bold, Value: detailTitle(h)}
	}
	if err := out.SetColWidth(1, 1, 28); err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	line := 1
	for row, err := range rows {
		if err != nil {
			return err
		}
		line++
		for i, v := range row {
			cells[i] = detailXLSXValue(v, money)
		}
		if err := out.SetRow("A"+strconv.Itoa(line), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

func detailXLSXValue(v parts.Value, money map[int]int) any {
	switch raw := v.Raw.(type) {
	case nil:
		return nil
	case int64:
		return raw
	case time.Time:
		return raw.Format("2006-01-02 15:04")
	case string:
		return raw
	case books.Money:
		text := raw.Decimal()
		// The format knows no other numbers than doubles, which hold 15 digits;
		// nothing is computed with this one. A longer amount stays text.
		if len(strings.Trim(text, "-.")) > 15 {
			return text
		}
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		return excelize.Cell{StyleID: money[books.Digits(raw.Currency)], Value: number}
	}
	return v.Text
}
