package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/archive"
)

// asCSV is what a value should read as, by the README's words.
func asCSV(t *testing.T, v any) cell {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return cell{}
	case int64:
		return cell{text: strconv.FormatInt(v, 10)}
	case string:
		return cell{text: v}
	case []byte:
		return cell{text: base64.StdEncoding.EncodeToString(v)}
	}
	t.Fatalf("no expectation for %T", v)
	return cell{}
}

func TestCSVReadsBackAsTheRows(t *testing.T) {
	db := sampleBook(t)
	_, files := exportTo(t, db, archive.ExportOptions{})
	got := parseCSV(t, files["csv/orders.csv"])
	if h := header(got[0]); h != "connection_id|order_id|note|currency|total_minor|total|purchased_at|purchased_utc|order_day|ratio|raw" {
		t.Fatalf("header %s", h)
	}
	rows, err := db.Query(`SELECT connection_id, order_id, note, currency, total_minor, purchased_at, order_day, ratio, raw
		FROM orders ORDER BY connection_id, order_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
		v := make([]any, 9)
		into := make([]any, 9)
		for i := range v {
			into[i] = &v[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := got[n]
		for csvAt, dbAt := range map[int]int{0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 6: 5, 8: 6, 10: 8} {
			want := asCSV(t, v[dbAt])
			if row[csvAt].text != want.text {
				t.Errorf("row %d column %d: %q, want %q", n, csvAt, row[csvAt].text, want.text)
			}
			if isNull := row[csvAt] == (cell{}); isNull != (v[dbAt] == nil) {
				t.Errorf("row %d column %d: NULL %v, want %v", n, csvAt, isNull, v[dbAt] == nil)
			}
		}
		if v[7] != nil && !math.IsInf(v[7].(float64), 0) {
			if f, err := strconv.ParseFloat(row[9].text, 64); err != nil || f != v[7] {
				t.Errorf("row %d: real %q, want %v", n, row[9].text, v[7])
			}
		}
	}
	if n != len(got)-1 || n != len(hardTexts)+3 {
		t.Errorf("%d rows in the CSV, %d in the table", len(got)-1, n)
	}
}

func TestReadableTwins(t *testing.T) {
	_, files := exportTo(t, sampleBook(t), archive.ExportOptions{})
	got := map[string][]cell{}
	for _, r := range parseCSV(t, files["csv/orders.csv"]) {
		got[r[1].text] = r
	}
	for id, want := range map[string][2]string{
		"huge":  {"9223372036854775807", "1969-12-31T23:59:59.999Z"},
		"low":   {"-92233720368547758.08", ""}, // a time no calendar of four digits has
		"none":  {"", "1970-01-01T00:00:00.000Z"},
		"o-000": {"-0.07", "2026-02-02T02:40:00.123Z"},
		"o-001": {"0.94", "2026-02-02T02:40:00.124Z"},
	} {
		if r := got[id]; r[5].text != want[0] || r[7].text != want[1] || r[5].quoted || r[7].quoted {
			t.Errorf("%s: %q %q, want %q", id, r[5].text, r[7].text, want)
		}
	}
}

func TestJSONLinesAreExact(t *testing.T) {
	_, files := exportTo(t, sampleBook(t), archive.ExportOptions{})
	lines := bytes.Split(bytes.TrimSuffix(files["jsonl/orders.jsonl"], []byte("\n")), []byte("\n"))
	byID := map[string]map[string]any{}
	for _, l := range lines {
		dec := json.NewDecoder(bytes.NewReader(l))
		dec.UseNumber()
		row := map[string]any{}
		if err := dec.Decode(&row); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		byID[row["order_id"].(string)] = row
	}
	for i, want := range hardTexts {
		if got := byID[fmt.Sprintf("o-%03d", i)]["note"]; got != want {
			t.Errorf("note %d: %q, want %q", i, got, want)
		}
	}
	huge := byID["huge"]
	if huge["total_minor"] != json.Number("9223372036854775807") || huge["ratio"] != json.Number("9e999") || huge["raw"] != "" {
		t.Errorf("huge row: %v", huge)
	}
	if byID["low"]["ratio"] != json.Number("-1.0") || byID["low"]["raw"] != nil {
		t.Errorf("low row: %v", byID["low"])
	}
	if !strings.HasPrefix(string(lines[0]), `{"connection_id":"eu","order_id":"huge",`) {
		t.Errorf("order of members or rows: %s", lines[0])
	}
}

// TestOtherTables: no driver's idea of dates or booleans, and no type lost.
func TestOtherTables(t *testing.T) {
	sum, files := exportTo(t, sampleBook(t), archive.ExportOptions{})
	const name = "strange-2f-2e-2e-2fname-3b-20--"
	want := `{"a \"b\"":"x","time":"2026-01-01 00:00:00","ok":1,"mixed":5}
{"a \"b\"":null,"time":"never","ok":"maybe","mixed":2.0}
{"a \"b\"":"y","time":3,"ok":0,"mixed":{"base64":"/wA="}}
{"a \"b\"":"z","time":null,"ok":null,"mixed":"text"}
{"a \"b\"":{"text_base64":"Yf9i"},"time":1,"ok":1,"mixed":1}
`
	if got := string(files["jsonl/"+name+".jsonl"]); got != want {
		t.Errorf("JSON Lines:\n%s\nwant\n%s", got, want)
	}
	if csv := files["csv/"+name+".csv"]; !bytes.Contains(csv, []byte("a\uFFFDb,1,1,1\r\n")) || sum.BadText != 1 {
		t.Errorf("bad text: %q, counted %d", csv, sum.BadText)
	}
	if got := string(files["csv/empty.csv"]); got != "id,parent\r\n" || len(files["jsonl/empty.jsonl"]) != 0 {
		t.Errorf("empty table: %q", got)
	}
}

func TestSecretsStayHome(t *testing.T) {
	sum, files := exportTo(t, sampleBook(t), archive.ExportOptions{Omit: []string{"Orders.NOTE", "empty"}})
	for name, data := range files {
		if bytes.Contains(data, []byte(theSecret)) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString([]byte(theSecret))[:20])) {
			t.Errorf("%s holds a secret", name)
		}
		if strings.Contains(name, "secret") || strings.Contains(name, "bucket") || strings.Contains(name, "search") || strings.Contains(name, "totals") {
			t.Errorf("%s is in the archive", name)
		}
	}
	for _, want := range []string{"connection_secret", "limit_bucket", "orders.note", "empty", "search", "search_content"} {
		if !slices.Contains(sum.LeftOut, want) || !bytes.Contains(files["README.txt"], []byte("    "+want+"\n")) {
			t.Errorf("%s is not listed as left out (%v)", want, sum.LeftOut)
		}
	}
	if files["csv/empty.csv"] != nil || bytes.Contains(files["csv/orders.csv"], []byte("note")) {
		t.Error("what was to be left out is there")
	}
	_, err := archive.Export(context.Background(), sampleBook(t), archive.ExportOptions{
		Out: filepath.Join(t.TempDir(), "x.zip"), Omit: []string{"orders.nota"}})
	if !errors.Is(err, archive.ErrOmit) {
		t.Errorf("a misspelt omission: %v", err)
	}
}

func TestTableOfTomorrow(t *testing.T) {
	db := sampleBook(t)
	execSQL(t, db, `CREATE TABLE tomorrow (id INTEGER PRIMARY KEY, fee_minor INTEGER, fee_currency TEXT) STRICT`)
	execSQL(t, db, `INSERT INTO tomorrow VALUES (1, 1234, 'KWD')`)
	_, files := exportTo(t, db, archive.ExportOptions{})
	if got := string(files["csv/tomorrow.csv"]); got != "id,fee_minor,fee,fee_currency\r\n1,1234,1.234,KWD\r\n" {
		t.Errorf("%q", got)
	}
}

func TestEqualBooksGiveEqualBytes(t *testing.T) {
	db := sampleBook(t)
	addDocument(t, db, "order", []byte(`{"a":1}`))
	var sums []string
	for range 2 {
		sum, _ := exportTo(t, db, archive.ExportOptions{BookName: "Cedar", BookID: "b1"})
		data, err := os.ReadFile(sum.Path)
		if err != nil {
			t.Fatal(err)
		}
		real := sha256.Sum256(data)
		if sum.SHA256 != hex.EncodeToString(real[:]) || sum.Bytes != int64(len(data)) {
			t.Error("the summary has another checksum or size than the file")
		}
		sums = append(sums, sum.SHA256)
	}
	if sums[0] != sums[1] {
		t.Error("two exports of one book differ")
	}
}

// TestOneMoment: rows that are written while the export runs are not in it.
func TestOneMoment(t *testing.T) {
	db := sampleBook(t)
	var added bool
	_, files := exportTo(t, db, archive.ExportOptions{Progress: func(archive.Event) {
		if !added {
			execSQL(t, db, `INSERT INTO connection VALUES ('fe', 'late'), ('zz', 'late')`)
			added = true
		}
	}})
	if !added || bytes.Contains(files["csv/connection.csv"], []byte("late")) || bytes.Contains(files["jsonl/connection.jsonl"], []byte("late")) {
		t.Error("the export does not show one moment")
	}
}

func TestPeopleOnlyWhenGiven(t *testing.T) {
	people := openDB(t, filepath.Join(t.TempDir(), "personal.db"))
	execSQL(t, people, `CREATE TABLE person (order_id TEXT PRIMARY KEY, name TEXT) STRICT`)
	execSQL(t, people, `INSERT INTO person VALUES ('o-001', 'Ada Lovelace')`)
	_, files := exportTo(t, sampleBook(t), archive.ExportOptions{})
	for name, data := range files {
		if strings.HasPrefix(name, "people") || bytes.Contains(data, []byte("Ada")) {
			t.Errorf("%s: people without being asked", name)
		}
	}
	sum, files := exportTo(t, sampleBook(t), archive.ExportOptions{People: people})
	if string(files["people/csv/person.csv"]) != "order_id,name\r\no-001,Ada Lovelace\r\n" || !sum.People {
		t.Errorf("people: %q", files["people/csv/person.csv"])
	}
}

func expectEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("%s was left behind", e.Name())
	}
}

func TestCancelLeavesNothing(t *testing.T) {
	for _, phase := range []archive.Phase{archive.PhaseWrite, archive.PhaseVerify} {
		t.Run(string(phase), func(t *testing.T) {
			db := sampleBook(t)
			execSQL(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 5000) INSERT INTO empty SELECT i, NULL FROM n`)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			dir := t.TempDir()
			_, err := archive.Export(ctx, db, archive.ExportOptions{Out: filepath.Join(dir, "b.zip"), Progress: func(e archive.Event) {
				if e.Phase == phase {
					cancel()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			expectEmpty(t, dir)
			execSQL(t, db, `DELETE FROM empty`) // the read transaction is over
			execSQL(t, db, `PRAGMA wal_checkpoint(TRUNCATE)`)
		})
	}
}

func TestNames(t *testing.T) {
	db := sampleBook(t)
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken.zip")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	passphrase := func() (string, error) { return "correct horse battery", nil }
	for name, c := range map[string]struct {
		o    archive.ExportOptions
		want error
	}{
		"taken":              {archive.ExportOptions{Out: taken}, archive.ErrExists},
		"folder":             {archive.ExportOptions{Out: dir, Overwrite: true}, archive.ErrExists},
		"none":               {archive.ExportOptions{}, archive.ErrName},
		"plain called age":   {archive.ExportOptions{Out: filepath.Join(dir, "b.zip.age")}, archive.ErrName},
		"encrypted as plain": {archive.ExportOptions{Out: filepath.Join(dir, "b.zip"), Passphrase: passphrase}, archive.ErrName},
		"no folder":          {archive.ExportOptions{Out: filepath.Join(dir, "no", "b.zip")}, os.ErrNotExist},
	} {
		if _, err := archive.Export(context.Background(), db, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if data, _ := os.ReadFile(taken); string(data) != "mine" {
		t.Error("the file that was there is not any more")
	}
	if _, err := archive.Export(context.Background(), db, archive.ExportOptions{Out: taken, Overwrite: true}); err != nil {
		t.Errorf("overwrite: %v", err)
	}
	if info, err := os.Stat(taken); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files beside the archive", len(left)-1)
	}
}

// TestStaleFilesGo: what a killed export left behind goes with the next one,
// what another export is writing does not.
func TestStaleFilesGo(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{".countinghouse-export-1": 2 * time.Hour, ".countinghouse-export-2": 0, "other": 2 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("PK"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	exportTo(t, sampleBook(t), archive.ExportOptions{Out: filepath.Join(dir, "book.zip")})
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 3 || left[0].Name() != ".countinghouse-export-2" || left[1].Name() != "book.zip" || left[2].Name() != "other" {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestEmptyBook(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "new.db"))
	if _, err := archive.Export(context.Background(), db, archive.ExportOptions{Out: filepath.Join(t.TempDir(), "b.zip")}); !errors.Is(err, archive.ErrEmpty) {
		t.Errorf("error %v", err)
	}
}
