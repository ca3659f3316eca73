package appsync_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
)

// explicit are the tables whose logical rows harness_test.go spells out.
var explicit = []string{
	"access", "connection", "import_file", "marketplace", "orders", "order_item", "package", "document", "listing", "stock_snapshot",
	"financial_transaction", "settlement", "fact", "event", "money_line", "open_item", "rollup", "coverage",
}

// operational are the tables that say how the program worked, not what it
// knows: two runs never make the same calls at the same times.
var operational = []string{
	"api_call", "call_month", "sync_run", "sync_state", "schedule", "limit_bucket", "audit_entry", "migration",
	"connection_secret", // sealed anew each time
	"figure_change",     // when estimates gave way to money
	"fact_name",         // numbers of this file, spelled out with fact
}

// column is a column of a table, as SQLite tells it.
type column struct {
	name   string
	key    bool   // the number of the row in this file
	points string // the table whose row number it holds
}

func columnsOf(t testing.TB, db *sql.DB, table string) (list []column) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT c.name, c.pk = 1 AND c.type = 'INTEGER' AND c.name = 'id',
		coalesce((SELECT f."table" FROM pragma_foreign_key_list(?1) f WHERE f."from" = c.name AND f."to" = 'id'), '')
		FROM pragma_table_info(?1) c ORDER BY c.cid`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.key, &c.points); err != nil {
			t.Fatal(err)
		}
		if c.points == "connection" {
			c.points = "" // its id is the user's own name
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// rest makes the query of the logical rows of a table that nobody spelled out:
// every column, row numbers left out, and the rows that numbers point to in
// full. A new table is in the digest from its first day.
func rest(t testing.TB, db *sql.DB, table string) string {
	t.Helper()
	var cells []string
	for _, c := range columnsOf(t, db, table) {
		switch {
		case c.key:
		case c.points == "document" && (table == "fee_estimate" || table == "order_metric"): // see document in harness_test.go
		case c.points == "document":
			cells = append(cells, `(SELECT sha256 FROM document WHERE id = t."`+c.name+`")`)
		case c.points != "":
			var parts []string
			for _, p := range columnsOf(t, db, c.points) {
				if !p.key && p.points == "" {
					parts = append(parts, `quote(p."`+p.name+`")`)
				}
			}
			cells = append(cells, fmt.Sprintf(`(SELECT %s FROM "%s" p WHERE p.id = t."%s")`, strings.Join(parts, "||','||"), c.points, c.name))
		default:
			cells = append(cells, `t."`+c.name+`"`)
		}
	}
	return `SELECT ` + strings.Join(cells, ", ") + ` FROM "` + table + `" t`
}

// others hashes every table that is neither spelled out nor operational.
func others(t testing.TB, db *sql.DB, into map[string]string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	rows.Close()
	for _, name := range tables {
		if slices.Contains(explicit, name) || slices.Contains(operational, name) {
			continue
		}
		if _, taken := into[name]; taken {
			t.Fatalf("two digests of %s", name)
		}
		into[name] = fingerprint(t, db, rest(t, db, name))
	}
}

// The digest notices what happens to any table but the operational ones.
func TestDigestCoversEveryTable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		before := fingerprints(t, b)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := cipher.Open(t.Context(), filepath.Join(b.Dir, store.BookFile), testKeys.Book, cipher.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, name := range append(slices.Clone(explicit), operational...) {
			if len(columnsOf(t, db.Reader(), name)) == 0 {
				t.Errorf("there is no table %s", name)
			}
		}
		c, err := db.Writer().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		run := func(q string) {
			t.Helper()
			if _, err := c.ExecContext(t.Context(), q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
		run(`PRAGMA foreign_keys = off`)
		digest := func(name string) string {
			q := logical[name]
			if q == "" {
				q = rest(t, db.Reader(), name)
			}
			return fingerprint(t, c, q)
		}
		filled := 0
		for name, was := range before {
			if name == "person" || strings.HasPrefix(was, "0 rows") {
				continue // another file; nothing to lose
			}
			filled++
			if got := digest(name); got != was {
				t.Errorf("%s: the same rows give %s, then %s", name, was, got)
			}
			table := name
			if q := logical[name]; q != "" {
				table = regexp.MustCompile(`FROM (\w+)`).FindStringSubmatch(q)[1]
			}
			run(`BEGIN`)
			key := columnsOf(t, db.Reader(), table)[0].name
			run(fmt.Sprintf(`DELETE FROM "%[1]s" WHERE "%[2]s" IN (SELECT "%[2]s" FROM "%[1]s" ORDER BY 1 LIMIT 1)`, table, key))
			if digest(name) == was {
				t.Errorf("a row of %s can go unseen", name)
			}
			run(`ROLLBACK`)
		}
		if filled < 20 {
			t.Errorf("only %d tables have rows: %v", filled, before)
		}
	})
}
