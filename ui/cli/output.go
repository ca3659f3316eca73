package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
)

// format is how a report is printed.
type format string

const (
	formatTable format = "table"
	formatCSV   format = "csv"
	formatJSON  format = "json"
)

// column of a printed table. Numbers are right-aligned.
type column struct {
	name  string
	right bool
}

func left(name string) column  { return column{name: name} }
func right(name string) column { return column{name: name, right: true} }

// sheet collects rows and prints them as an aligned table or as CSV.
type sheet struct {
	columns []column
	rows    [][]string
}

func newSheet(columns ...column) *sheet { return &sheet{columns: columns} }

func (s *sheet) add(cells ...string) { s.rows = append(s.rows, cells) }

// write prints the sheet; JSON reports print their own values instead.
func (s *sheet) write(w io.Writer, f format) error {
	if f == formatCSV {
		return s.writeCSV(w)
	}
	return s.writeTable(w)
}

func (s *sheet) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := make([]string, len(s.columns))
	for i, c := range s.columns {
		head[i] = c.name
	}
	if err := out.Write(head); err != nil {
		return err
	}
	if err := out.WriteAll(s.rows); err != nil {
		return err
	}
	return out.Error()
}

func (s *sheet) writeTable(w io.Writer) error {
	width := make([]int, len(s.columns))
	for i, c := range s.columns {
		width[i] = uniseg.StringWidth(c.name)
		for _, r := range s.rows {
			width[i] = max(width[i], uniseg.StringWidth(r[i]))
		}
	}
	line := func(cells func(i int) string) error {
		var b strings.Builder
		for i, c := range s.columns {
			if i > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", width[i]-uniseg.StringWidth(cells(i)))
			if c.right {
				b.WriteString(pad + cells(i))
			} else {
				b.WriteString(cells(i) + pad)
			}
		}
		_, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
		return err
	}
	if err := line(func(i int) string { return s.columns[i].name }); err != nil {
		return err
	}
	if err := line(func(i int) string { return strings.Repeat("-", width[i]) }); err != nil {
		return err
	}
	for _, r := range s.rows {
		if err := line(func(i int) string { return r[i] }); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON prints one value, indented, with a line end.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
