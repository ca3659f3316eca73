package cli

import (
	"bytes"
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
	if err := out.Write(s.names()); err != nil {
		return err
	}
	if err := out.WriteAll(s.rows); err != nil {
		return err
	}
	return out.Error()
}

func (s *sheet) names() []string {
	head := make([]string, len(s.columns))
	for i, c := range s.columns {
		head[i] = c.name
	}
	return head
}

func (s *sheet) writeTable(w io.Writer) error {
	for _, r := range s.rows {
		for i := range r {
			r[i] = printable(r[i])
		}
	}
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

// say tells a result: value with --json, else the sentence.
func (a *app) say(value any, format string, args ...any) error {
	if a.g.JSON {
		return writeJSON(a.io.Out, value)
	}
	_, err := fmt.Fprintf(a.io.Out, format, args...)
	return err
}

// writeJSON prints one value, indented, with a line end.
func writeJSON(w io.Writer, v any) error {
	text, err := jsonText(v, "")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// rowPrinter prints a list as its rows come. CSV and JSON leave at once, so that
// memory stays flat however long the list is; a table waits for the widths.
type rowPrinter struct {
	w      io.Writer
	f      format
	table  *sheet
	csv    *csv.Writer
	count  int
	notice string // for people, where a table would be empty
	err    io.Writer
}

// rows starts a list.
func (a *app) rows(f format, columns ...column) *rowPrinter {
	p := &rowPrinter{w: a.io.Out, f: f, table: newSheet(columns...), notice: "Nothing to show.", err: a.io.Err}
	if f == formatCSV {
		p.csv = csv.NewWriter(p.w)
	}
	return p
}

// add prints one row: value in JSON, cells elsewhere.
func (p *rowPrinter) add(value any, cells ...string) error {
	p.count++
	switch p.f {
	case formatJSON:
		start := ",\n  "
		if p.count == 1 {
			start = "[\n  "
		}
		text, err := jsonText(value, "  ")
		if err != nil {
			return err
		}
		_, err = p.w.Write(append([]byte(start), text...))
		return err
	case formatCSV:
		if p.count == 1 {
			if err := p.csv.Write(p.table.names()); err != nil {
				return err
			}
		}
		return p.csv.Write(cells)
	}
	p.table.add(cells...)
	return nil
}

// end prints what is left, after an earlier error too: JSON stays open then, so
// that no reader takes half a list for a whole one.
func (p *rowPrinter) end(err error) error {
	if err != nil {
		return err
	}
	switch {
	case p.f == formatJSON && p.count == 0:
		_, err = fmt.Fprintln(p.w, "[]")
	case p.f == formatJSON:
		_, err = fmt.Fprint(p.w, "\n]\n")
	case p.f == formatCSV && p.count == 0:
		err = p.csv.Write(p.table.names())
	case p.f == formatTable && p.count == 0:
		_, err = fmt.Fprintln(p.err, p.notice)
	case p.f == formatTable:
		err = p.table.writeTable(p.w)
	}
	if p.csv != nil && err == nil {
		p.csv.Flush()
		err = p.csv.Error()
	}
	return err
}

// jsonText is one value as indented JSON, without a line end.
func jsonText(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent(prefix, "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
