package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	_ "github.com/mattn/go-sqlite3"

	"countinghouse/data/archive"
)

var moment = time.Date(2026, 3, 14, 15, 9, 26, 535_897_000, time.UTC)

// sampleSchema has one of everything: tables with and without rowid, keys of
// several columns, a table that is not STRICT, a view, a full-text index,
// secrets, and names that are hard on file systems.
const sampleSchema = `
CREATE TABLE connection (  -- the seller's accounts
  id   TEXT NOT NULL PRIMARY KEY, -- short name
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE connection_secret (connection_id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE limit_bucket (operation TEXT PRIMARY KEY, tokens INTEGER) STRICT;
CREATE TABLE orders (
  connection_id TEXT NOT NULL REFERENCES connection, -- which account
  order_id      TEXT NOT NULL,
  note          TEXT,             -- the seller's own words,
                                  -- in any language
  currency      TEXT NOT NULL DEFAULT '', -- ISO 4217
  total_minor   INTEGER,          -- grand total
  purchased_at  INTEGER NOT NULL,
  order_day     TEXT NOT NULL,    -- purchase day
  ratio         REAL,
  raw           BLOB,
  PRIMARY KEY (connection_id, order_id)
) STRICT;
CREATE TABLE "Strange/../Name; --" ("a ""b""" TEXT, "time" TIMESTAMP, ok BOOLEAN, mixed);
CREATE VIEW totals AS SELECT sum(total_minor) FROM orders;
CREATE VIRTUAL TABLE search USING fts4(words);
CREATE TABLE document (
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  size INTEGER NOT NULL, body BLOB NOT NULL, received_at INTEGER NOT NULL
) STRICT;
CREATE TABLE empty (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES empty(id)) STRICT;
`

// theSecret stands in every secret place of the sample.
const theSecret = "Atzr|IwEBIA-the-refresh-token"

func openDB(t testing.TB, path string) *sql.DB {
	t.Helper()
	escaped := (&url.URL{Path: path}).EscapedPath()
	db, err := sql.Open("sqlite3", "file:"+escaped+"?_journal_mode=WAL&_foreign_keys=1&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execSQL(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// hardTexts are values that exports get wrong.
var hardTexts = []any{
	nil, "", " ", "plain", "a,b", `say "hi"`, `""`, "line\nbreak", "line\r\nbreak", "\r", "\n", "tab\there",
	"=1+1", "+49 30", "-5", "@SUM(A1)", "null", "NULL", `\N`, "emoji 🧾👩‍👩‍👧", "注文番号：猫", "Größe", "\u2028\u2029",
	"nul\x00inside", "\ufeffbom", "0012", "1e5", " leading", "trailing ", "<&>", `back\slash`, "\x7f",
}

func sampleBook(t testing.TB) *sql.DB {
	t.Helper()
	db := openDB(t, filepath.Join(t.TempDir(), "book.db"))
	execSQL(t, db, sampleSchema)
	execSQL(t, db, `INSERT INTO connection VALUES ('na', 'Cedar & Sons'), ('eu', '')`)
	execSQL(t, db, `INSERT INTO connection_secret VALUES ('na', ?)`, []byte(theSecret))
	execSQL(t, db, `INSERT INTO limit_bucket VALUES (?, 7)`, theSecret)
	for i := len(hardTexts) - 1; i >= 0; i-- { // not in the order of the key
		execSQL(t, db, `INSERT INTO orders VALUES ('na', ?, ?, 'USD', ?, ?, '2026-01-31', ?, ?)`,
			fmt.Sprintf("o-%03d", i), hardTexts[i], int64(i)*101-7, 1770000000123+int64(i), float64(i)/3, []byte{0, 1, byte(i)})
	}
	execSQL(t, db, `INSERT INTO orders VALUES
		('eu', 'huge', 'x', 'JPY', 9223372036854775807, -1, '2026-02-01', 9e999, x''),
		('eu', 'low',  'x', 'EUR', -9223372036854775808, 9223372036854775807, '2026-02-02', -1.0, NULL),
		('eu', 'none', 'x', '', NULL, 0, '2026-02-03', NULL, NULL)`)
	execSQL(t, db, `INSERT INTO "Strange/../Name; --" VALUES
		('x', '2026-01-01 00:00:00', 1, 5), (NULL, 'never', 'maybe', 2.0), ('y', 3, 0, x'ff00'), ('z', NULL, NULL, 'text')`)
	execSQL(t, db, `INSERT INTO "Strange/../Name; --" VALUES (CAST(x'61ff62' AS TEXT), 1, 1, 1)`)
	execSQL(t, db, `INSERT INTO search VALUES ('cedar box')`)
	return db
}

// addDocument stores a document as the book does.
func addDocument(t testing.TB, db *sql.DB, kind string, body []byte) string {
	t.Helper()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	sum := sha256.Sum256(body)
	execSQL(t, db, `INSERT INTO document (sha256, kind, size, body, received_at) VALUES (?, ?, ?, ?, 1770000000000)`,
		hex.EncodeToString(sum[:]), kind, len(body), enc.EncodeAll(body, nil))
	return hex.EncodeToString(sum[:])
}

// exportTo exports db to a fresh file and returns its members by name.
func exportTo(t testing.TB, db *sql.DB, o archive.ExportOptions) (archive.Summary, map[string][]byte) {
	t.Helper()
	if o.Out == "" {
		o.Out = filepath.Join(t.TempDir(), "book.zip")
	}
	if o.Now.IsZero() {
		o.Now = moment
	}
	sum, err := archive.Export(context.Background(), db, o)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	z, err := zip.OpenReader(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return sum, members(t, &z.Reader)
}

func members(t testing.TB, z *zip.Reader) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out[f.Name] = data
	}
	return out
}

// cell is a cell of a CSV file; quoted tells an empty text from NULL.
type cell struct {
	text   string
	quoted bool
}

// parseCSV reads RFC 4180 strictly: CR LF after each record, no bare quotes.
func parseCSV(t testing.TB, data []byte) [][]cell {
	t.Helper()
	var out [][]cell
	var record []cell
	for len(data) > 0 {
		var c cell
		if data[0] == '"' {
			c.quoted = true
			data = data[1:]
			for {
				i := bytes.IndexByte(data, '"')
				if i < 0 {
					t.Fatal("a quote is not closed")
				}
				c.text += string(data[:i])
				data = data[i+1:]
				if len(data) == 0 || data[0] != '"' {
					break
				}
				c.text += `"`
				data = data[1:]
			}
		} else {
			i := bytes.IndexAny(data, ",\r\n\"")
			if i < 0 || data[i] == '"' || data[i] == '\n' {
				t.Fatalf("a cell ends wrongly near %q", data[:min(20, len(data))])
			}
			c.text, data = string(data[:i]), data[i:]
		}
		record = append(record, c)
		switch {
		case bytes.HasPrefix(data, []byte(",")):
			data = data[1:]
		case bytes.HasPrefix(data, []byte("\r\n")):
			data = data[2:]
			out, record = append(out, record), nil
		default:
			t.Fatalf("no comma or CR LF near %q", data[:min(20, len(data))])
		}
	}
	if record != nil {
		t.Fatal("the last record does not end")
	}
	return out
}

func header(record []cell) string {
	var names []string
	for _, c := range record {
		names = append(names, c.text)
	}
	return strings.Join(names, "|")
}
