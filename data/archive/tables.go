package archive

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// written is a table that stands in the archive.
type written struct {
	table
	prefix     string // of the resources of its database
	resource   string // its name in the data package
	fields     []field
	csv, jsonl member
}

// writeTable writes one table twice, as CSV and as JSON Lines. Each is a pass
// of its own over the same snapshot: a zip takes one member at a time, and
// rows are kept nowhere in between, neither in memory nor in a file.
func (x *export) writeTable(ctx context.Context, src *source, t table) (written, error) {
	name := x.fileName(src.folder+"csv/", t.name)
	out := written{table: t, prefix: src.prefix, resource: src.prefix + name, fields: t.fields()}
	var err error
	out.csv, err = x.bundle.add(ctx, src.folder+"csv/"+name+".csv", func(w *bufio.Writer) error {
		return x.writeCSV(ctx, w, src.conn, &out)
	})
	if err != nil {
		return out, err
	}
	out.jsonl, err = x.bundle.add(ctx, src.folder+"jsonl/"+name+".jsonl", func(w *bufio.Writer) error {
		return x.writeJSONL(ctx, w, src.conn, &out.table)
	})
	return out, err
}

func (x *export) writeCSV(ctx context.Context, w *bufio.Writer, conn *sql.Conn, t *written) error {
	var line []byte
	for i, f := range t.fields {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendQuoted(line, f.name)
	}
	if _, err := w.Write(append(line, "\r\n"...)); err != nil {
		return err
	}
	return x.eachRow(ctx, conn, &t.table, func(row []any) error {
		line = line[:0]
		for i := range t.fields {
			if i > 0 {
				line = append(line, ',')
			}
			f := &t.fields[i]
			v := f.value(row)
			f.seen.note(v)
			if n, ok := v.(number); ok {
				line = append(line, n...)
				continue
			}
			var replaced bool
			var err error
			if line, replaced, err = appendCSV(line, v); err != nil {
				return fmt.Errorf("column %s: %w", f.name, err)
			}
			if replaced {
				f.seen.badText++
			}
		}
		_, err := w.Write(append(line, "\r\n"...))
		return err
	})
}

func (x *export) writeJSONL(ctx context.Context, w *bufio.Writer, conn *sql.Conn, t *table) error {
	keys := make([][]byte, len(t.columns))
	for i, c := range t.columns {
		lead := "{"
		if i > 0 {
			lead = ","
		}
		keys[i] = append(appendJSONText([]byte(lead), c.name), ':')
	}
	var line []byte
	return x.eachRow(ctx, conn, t, func(row []any) error {
		line = line[:0]
		for i, v := range row {
			var err error
			line, err = appendJSON(append(line, keys[i]...), v, t.columns[i].decl == "BLOB")
			if err != nil {
				return fmt.Errorf("column %s: %w", t.columns[i].name, err)
			}
		}
		_, err := w.Write(append(line, "}\n"...))
		return err
	})
}

// eachRow calls do with every row of t in primary-key order. The row is valid
// until do returns. It fails when the rows are not as many as were counted,
// which within one transaction only damage explains.
func (x *export) eachRow(ctx context.Context, conn *sql.Conn, t *table, do func(row []any) error) error {
	rows, err := conn.QueryContext(ctx, t.selectRows(true))
	if err != nil {
		// The index cannot serve this order (a key kept downwards, say).
		if rows, err = conn.QueryContext(ctx, t.selectRows(false)); err != nil {
			return err
		}
	}
	defer rows.Close()
	row := make([]any, len(t.columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	var n int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := do(row); err != nil {
			return err
		}
		n++
		x.step(t.name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != t.rows {
		return fmt.Errorf("%w: table %s gave %d rows of %d; run verify", ErrCount, t.name, n, t.rows)
	}
	return nil
}

// fileName makes a safe and unique file name from a name of the database:
// lower case, for systems that do not tell case apart, and for the names that
// data packages allow.
func (x *export) fileName(folder, name string) string {
	safe := safeName(name)
	for n := 2; x.names[folder+safe]; n++ {
		safe = fmt.Sprintf("%s-%d", safeName(name), n)
	}
	x.names[folder+safe] = true
	return safe
}

// deviceNames cannot be names of files on Windows, whatever follows the dot.
var deviceNames = []string{"con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
	"com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

func safeName(name string) string {
	var out []byte
	for i := 0; i < len(name) && len(out) < 100; i++ {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '_', c == '-':
			out = append(out, c)
		case 'A' <= c && c <= 'Z':
			out = append(out, c-'A'+'a')
		default:
			out = fmt.Appendf(out, "-%02x", c)
		}
	}
	if len(out) == 0 || slices.Contains(deviceNames, string(out)) {
		out = append([]byte("table-"), out...)
	}
	return string(out)
}
