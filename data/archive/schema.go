package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// table is one table of a database as the export sees it.
type table struct {
	name    string
	sql     string // the CREATE TABLE statement as the database keeps it
	comment string
	columns []column
	key     []string // names of the primary key's columns, in key order
	rowid   string   // a name that reaches the rowid; "" for WITHOUT ROWID
	pkIndex string   // the index behind the primary key, "" when there is none of its own
	foreign []foreignKey
	omitted []string // columns left out by name
	rows    int64    // counted by the database, in the transaction of the export
}

type column struct {
	name    string
	decl    string // declared type, upper case
	notNull bool
	comment string
}

type foreignKey struct {
	from   []string
	parent string
	to     []string // empty: the parent's primary key
}

// querier is what introspection needs of a connection.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readTables lists the tables of the main database by name, without views,
// virtual tables and the tables that belong to them, and what o leaves out. The
// second result names what was left out.
func readTables(ctx context.Context, q querier, omit *omission) ([]table, []string, error) {
	listed, err := tableList(ctx, q)
	if err != nil {
		return nil, nil, fmt.Errorf("list tables: %w", err)
	}
	var tables []table
	var left []string
	for _, l := range listed {
		if strings.HasPrefix(l.name, "sqlite_") {
			continue
		}
		if l.kind != "table" || omit.table(l.name) {
			left = append(left, l.name)
			continue
		}
		t := table{name: l.name}
		if err := t.read(ctx, q, l.withoutRowid, omit); err != nil {
			return nil, nil, fmt.Errorf("read the form of table %s: %w", l.name, err)
		}
		for _, c := range t.omitted {
			left = append(left, t.name+"."+c)
		}
		if len(t.columns) > 0 {
			tables = append(tables, t)
		}
	}
	return tables, left, nil
}

type listedTable struct {
	name, kind   string
	withoutRowid bool
}

// tableList reads PRAGMA table_list. Tables that a full-text index keeps for
// itself are told by their names too: a build of SQLite without that index
// calls them ordinary tables.
func tableList(ctx context.Context, q querier) ([]listedTable, error) {
	rows, err := q.QueryContext(ctx,
		`SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []listedTable
	var virtual []string
	for rows.Next() {
		var l listedTable
		if err := rows.Scan(&l.name, &l.kind, &l.withoutRowid); err != nil {
			return nil, err
		}
		if l.kind == "virtual" {
			virtual = append(virtual, l.name)
		}
		if l.kind != "view" {
			out = append(out, l)
		}
	}
	inner := []string{"_content", "_data", "_idx", "_docsize", "_config", "_segments", "_segdir", "_stat"}
	for i, l := range out {
		for _, v := range virtual {
			if rest, ok := strings.CutPrefix(l.name, v); ok && slices.Contains(inner, rest) {
				out[i].kind = "shadow"
			}
		}
	}
	return out, rows.Err()
}

func (t *table) read(ctx context.Context, q querier, withoutRowid bool, omit *omission) error {
	if err := queryEach(ctx, q, `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?`,
		[]any{t.name}, &t.sql); err != nil {
		return err
	}
	if err := t.readColumns(ctx, q, omit); err != nil {
		return err
	}
	if err := t.readForeignKeys(ctx, q); err != nil {
		return err
	}
	if err := queryEach(ctx, q, `SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'`,
		[]any{t.name}, &t.pkIndex); err != nil {
		return err
	}
	if withoutRowid {
		t.pkIndex = "" // the table is its own index
		return nil
	}
	for _, alias := range []string{"rowid", "_rowid_", "oid"} {
		if !slices.ContainsFunc(t.columns, func(c column) bool { return strings.EqualFold(c.name, alias) }) &&
			!slices.ContainsFunc(t.omitted, func(c string) bool { return strings.EqualFold(c, alias) }) {
			t.rowid = alias
			break
		}
	}
	return nil
}

func (t *table) readColumns(ctx context.Context, q querier, omit *omission) error {
	rows, err := q.QueryContext(ctx,
		`SELECT name, upper(type), "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid`, t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	comments, about := columnComments(t.sql)
	t.comment = about
	keyed := map[int]string{}
	for rows.Next() {
		var c column
		var pk int
		if err := rows.Scan(&c.name, &c.decl, &c.notNull, &pk); err != nil {
			return err
		}
		if pk > 0 {
			keyed[pk] = c.name
		}
		if omit.column(t.name, c.name) {
			t.omitted = append(t.omitted, c.name)
			continue
		}
		c.comment = comments[strings.ToLower(c.name)]
		t.columns = append(t.columns, c)
	}
	for i := 1; i <= len(keyed); i++ {
		t.key = append(t.key, keyed[i])
	}
	return rows.Err()
}

func (t *table) readForeignKeys(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx,
		`SELECT id, "table", "from", coalesce("to", '') FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq`, t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	last := -1
	for rows.Next() {
		var id int
		var parent, from, to string
		if err := rows.Scan(&id, &parent, &from, &to); err != nil {
			return err
		}
		if id != last {
			t.foreign = append(t.foreign, foreignKey{parent: parent})
			last = id
		}
		f := &t.foreign[len(t.foreign)-1]
		f.from = append(f.from, from)
		if to != "" {
			f.to = append(f.to, to)
		}
	}
	return rows.Err()
}

// selectRows is the query for all rows in primary-key order. The plus before
// each column changes no value; it hides the declared type from the driver,
// which would turn columns declared as a date or a boolean into its own idea
// of them. Naming the key's index keeps SQLite from sorting a large table in
// temporary files.
func (t *table) selectRows(hinted bool) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("+t." + quoteName(c.name))
	}
	b.WriteString(" FROM main." + quoteName(t.name) + " AS t")
	if hinted && t.pkIndex != "" {
		b.WriteString(" INDEXED BY " + quoteName(t.pkIndex))
	}
	b.WriteString(t.orderBy())
	return b.String()
}

func (t *table) orderBy() string {
	var terms []string
	for _, k := range t.key {
		terms = append(terms, "t."+quoteName(k))
	}
	if t.rowid != "" {
		terms = append(terms, "t."+t.rowid)
	}
	if len(terms) == 0 {
		return ""
	}
	return " ORDER BY " + strings.Join(terms, ", ")
}

func (t *table) column(name string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return strings.EqualFold(c.name, name) })
}

// quoteName quotes a name of the schema for use in SQL.
func quoteName(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// queryEach runs a query of one column and leaves the last row's value in
// dest; no row leaves dest as it is.
func queryEach(ctx context.Context, q querier, query string, args []any, dest any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest); err != nil {
			return err
		}
	}
	return rows.Err()
}
