package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/books"
)

// Heading is the column's name as every report has it, without the unit that its
// cells are shown without.
func (c ReportColumn) Heading() string {
	switch c.Name {
	case "connection_id":
		return "connection"
	case "doc_line":
		return "document_line"
	}
	return strings.TrimSuffix(strings.TrimSuffix(c.Name, "_minor"), "_nano")
}

// NanoText writes a value of a column of FormNano as a plain decimal number.
func NanoText(v int64) string {
	text := fmt.Sprintf("%dE-9", v)
	d, err := books.ParseUnit(text)
	if err != nil {
		return text
	}
	return d.String()
}

// CountReportRows tells how many rows of a topic the filter leaves.
func (b *Book) CountReportRows(ctx context.Context, of ReportTopic, f ReportFilter) (n int64, err error) {
	t, ok := topics[of]
	if !ok {
		return 0, fmt.Errorf("count %q: no such topic", of)
	}
	where, args := t.where(f)
	if err := b.Reader().QueryRowContext(ctx, "SELECT count(*) FROM "+t.from+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", of, err)
	}
	return n, nil
}

// ReportPage reads some rows of a topic, each with one value per column as
// [Book.ReportRows] gives them. order is the name of a column; empty means oldest
// first. What is not told comes before all that is.
func (b *Book) ReportPage(ctx context.Context, of ReportTopic, f ReportFilter, order string, desc bool, offset, limit int) ([][]any, error) {
	t, ok := topics[of]
	if !ok {
		return nil, fmt.Errorf("read %q: no such topic", of)
	}
	var names []string
	for _, c := range ReportColumns(of) {
		names = append(names, c.Name)
	}
	if order != "" && !slices.Contains(names, order) {
		return nil, fmt.Errorf("%s have no order %q", of, order)
	}
	where, args := t.where(f)
	rows, err := b.Reader().QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+t.from+where+
		" ORDER BY "+t.pageOrder(order, desc, names)+" LIMIT ? OFFSET ?", append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", of, err)
	}
	page := make([][]any, 0, limit)
	err = eachRow(rows, func(r *sql.Rows) error {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := r.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", of, err)
		}
		page = append(page, row)
		return nil
	})
	return page, err
}

// pageOrder ends with all columns: rows that still share a place show the same, so
// that pages never overlap in anything that is seen.
func (t topic) pageOrder(order string, desc bool, names []string) string {
	list := strings.Split(t.sort, ", ")
	if order != "" {
		list = append([]string{order}, slices.DeleteFunc(list, func(c string) bool { return c == order })...)
	}
	if desc && order != "" {
		list[0] += " DESC"
	}
	for _, n := range names {
		if n != order && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return strings.Join(list, ", ")
}

// holding narrows to rows of which any text holds the text, or that hold what it
// means.
func (t topic) holding(where string, args []any, text string, means []ReportMeaning) (string, []any) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\x00", "")) // SQLite would end the text there
	if text == "" {
		return where, args
	}
	var parts []string
	more, also := "", []any{text}
	for word := range strings.FieldsSeq(t.columns) {
		for _, m := range means {
			if m.Column == word && len(m.Names) > 0 {
				more += " OR " + word + " IN (?" + strings.Repeat(", ?", len(m.Names)-1) + ")"
				for _, n := range m.Names {
					also = append(also, n)
				}
			}
		}
		// Those are chosen elsewhere, and no reader types their ids.
		if !strings.Contains(word, ":") && word != "connection_id" && word != "marketplace_id" {
			parts = append(parts, "coalesce("+word+", '')")
		}
	}
	glue := " WHERE "
	if where != "" {
		glue = " AND "
	}
	return where + glue + "(instr(lower(" + strings.Join(parts, " || char(10) || ") + "), lower(?)) > 0" + more + ")", append(args, also...)
}

// PlaceIn tells of a line of a document what the document is and when it came;
// [ErrNotFound] when the book does not hold it.
func (b *Book) PlaceIn(ctx context.Context, document, line int64) (DocumentPlace, error) {
	p := DocumentPlace{Document: document, Line: line}
	var received int64
	err := b.Reader().QueryRowContext(ctx, `SELECT kind, received_at FROM document WHERE id = ?`, document).Scan(&p.Kind, &received)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read where document %d came from: %w", document, err)
	}
	p.Received = fromMillis(received)
	return p, nil
}
