package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Told is where a report's row stands and as of when the report tells it: of
// two reports that tell the same row, the later one counts.
type Told struct {
	Connection string
	Until      time.Time // end of the report's period, or when it was made
	Document   int64
	Line       int
}

// reportTable writes rows of one table of 0002_stock_files.sql. connection_id
// stands before the columns of its key and its values, told_at, document_id and
// doc_line after.
type reportTable struct {
	name string
	args int // columns of key and values
	sql  string
}

func newReportTable(name, key, values string) reportTable {
	k, v := strings.Fields(key), strings.Fields(values)
	return reportTable{name: name, args: len(k) + len(v), sql: upsertReportRow(name, k, v)}
}

// upsertReportRow inserts a row, or changes the one of the same key when this report
// is not older and tells otherwise. What is the same is left alone, so that a
// row keeps pointing to the document that told it first.
func upsertReportRow(name string, key, values []string) string {
	columns := slices.Concat([]string{"connection_id"}, key, values, []string{"told_at", "document_id", "doc_line"})
	var own, fresh, set []string
	for _, v := range values {
		own, fresh = append(own, name+"."+v), append(fresh, "excluded."+v)
		set = append(set, v+" = excluded."+v)
	}
	set = append(set, "told_at = excluded.told_at", "document_id = excluded.document_id", "doc_line = excluded.doc_line")
	return "INSERT INTO " + name + " (" + strings.Join(columns, ", ") + ") VALUES (" +
		strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ") ON CONFLICT DO UPDATE SET " + strings.Join(set, ", ") +
		" WHERE excluded.told_at >= " + name + ".told_at AND (" + strings.Join(own, ", ") + ") IS NOT (" + strings.Join(fresh, ", ") + ")"
}

// putReportRow writes one row and tells whether the book changed. args are the key's
// values and then the others.
func (t *Tx) putReportRow(r reportTable, at Told, args ...any) (changed bool, err error) {
	if len(args) != r.args {
		return false, fmt.Errorf("store %s: %d values for %d columns", r.name, len(args), r.args)
	}
	all := append([]any{at.Connection}, args...)
	n, err := t.exec(r.sql, append(all, millis(at.Until), nullID(at.Document), at.Line)...)
	if err != nil {
		return false, fmt.Errorf("store %s: %w", strings.ReplaceAll(r.name, "_", " "), err)
	}
	return n > 0, nil
}

// nano is a decimal in 1/1,000,000,000, NULL when it is not told or does not
// fit.
func nano(d *books.Decimal) any {
	if d == nil {
		return nil
	}
	whole, frac, _ := strings.Cut(d.String(), ".")
	n, err := strconv.ParseInt(whole+(frac + "000000000")[:9], 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// exactText is a decimal as text, empty when it is not told.
func exactText(d *books.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// Try runs f within the transaction; when f fails, what it wrote is taken back
// and the transaction goes on.
func (t *Tx) Try(f func() error) error {
	const mark = "part"
	if _, err := t.exec("SAVEPOINT " + mark); err != nil {
		return err
	}
	dirty, names := maps.Clone(t.dirty), maps.Clone(t.names)
	err := f()
	if err != nil {
		t.dirty, t.names, t.coverage = dirty, names, nil
		if _, undo := t.exec("ROLLBACK TO " + mark); undo != nil {
			return errors.Join(err, undo)
		}
	}
	if _, end := t.exec("RELEASE " + mark); end != nil {
		return errors.Join(err, end)
	}
	return err
}

// KeepDocument stores body like PutDocument and hands its number to use; when
// use says that nothing points to it, a body that the book did not have before
// is not kept.
func (t *Tx) KeepDocument(kind string, body []byte, use func(id int64) (used bool, err error)) error {
	sum := sha256.Sum256(body)
	var before int64
	err := t.row(`SELECT id FROM document WHERE sha256 = ?`, []any{hex.EncodeToString(sum[:])}, &before)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("look for a document: %w", err)
	}
	id, err := t.PutDocument(kind, body)
	if err != nil {
		return err
	}
	used, err := use(id)
	if err != nil || used || before != 0 {
		return err
	}
	_, err = t.exec(`DELETE FROM document WHERE id = ?`, id)
	return err
}
