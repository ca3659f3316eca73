package cipher_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

// ledgerRows reads the ledger until its end or an error, by table or by index.
func ledgerRows(db *cipher.DB, query string) (rows []string, err error) {
	r, err := db.Reader().QueryContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for r.Next() {
		var n int
		var body string
		if err := r.Scan(&n, &body); err != nil {
			return rows, err
		}
		rows = append(rows, fmt.Sprint(n, body))
	}
	return rows, r.Err()
}

var ledgerQueries = []string{
	"SELECT n, body FROM ledger ORDER BY n",
	"SELECT n, body FROM ledger INDEXED BY ledger_body ORDER BY body",
}

// newLedger makes a closed database of n rows, with some overflow pages, and
// some free pages at the end.
func newLedger(t *testing.T, path string, key cipher.Key, n int) {
	t.Helper()
	db := openNew(t, path, key)
	sqlExec(t, db, ledger)
	for i := 1; i <= n; i++ {
		body := payload(i)
		if i%50 == 0 {
			body = strings.Repeat(body, 30)
		}
		sqlExec(t, db, "INSERT INTO ledger VALUES (?, ?)", i, body)
	}
	sqlExec(t, db, "CREATE TABLE gone AS SELECT * FROM ledger; DROP TABLE gone")
	closeDB(t, db)
}

func TestFlippedByteInEveryPage(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	newLedger(t, path, key, 200)
	truth := map[string][]string{}
	db := reopen(t, path, key)
	for _, q := range ledgerQueries {
		rows, err := ledgerRows(db, q)
		if err != nil || len(rows) != 200 {
			t.Fatal(len(rows), err)
		}
		truth[q] = rows
	}
	closeDB(t, db)
	good := readFile(t, path)
	pages := len(good) / cipher.PageSize
	if pages < 40 {
		t.Fatalf("only %d pages", pages)
	}
	noticed := 0
	for page := 1; page <= pages; page++ {
		for _, at := range []int{20, 100, 2000, 4015, 4016, 4031, 4032, 4095} {
			bad := slices.Clone(good)
			bad[(page-1)*cipher.PageSize+at] ^= 1 << (page % 8)
			writeFile(t, path, bad)

			report, err := cipher.Verify(ctx, path, key)
			if err != nil || !slices.Equal(report.Bad, []uint32{uint32(page)}) {
				t.Fatalf("page %d, byte %d: verify finds %+v, %v", page, at, report, err)
			}
			if readDamaged(t, path, key, page, truth) {
				noticed++
			}
			if string(readFile(t, path)) != string(bad) {
				t.Fatalf("page %d, byte %d: looking changed the file", page, at)
			}
		}
	}
	if noticed < pages {
		t.Fatalf("reading noticed %d damages in %d pages", noticed, pages)
	}
}

// readDamaged reads everything: each answer is the truth, a part of it and an
// error naming the page, or nothing and that error.
func readDamaged(t *testing.T, path string, key cipher.Key, page int, truth map[string][]string) (noticed bool) {
	t.Helper()
	wantPage := func(err error) {
		t.Helper()
		var pe *cipher.PageError
		if !errors.As(err, &pe) || pe.Page != uint32(page) || pe.Path != path {
			t.Fatalf("page %d: error is %v", page, err)
		}
		noticed = true
	}
	db, err := cipher.Open(context.Background(), path, key, cipher.Options{})
	if err != nil {
		wantPage(err)
		return noticed
	}
	defer db.Close()
	for q, want := range truth {
		rows, err := ledgerRows(db, q)
		if err != nil {
			wantPage(err)
		}
		if len(rows) > len(want) || !slices.Equal(rows, want[:len(rows)]) || err == nil && len(rows) != len(want) {
			t.Fatalf("page %d: wrong rows", page)
		}
	}
	return noticed
}

func TestFlippedSaltIsNotAWrongKey(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	newLedger(t, path, key, 20)
	good := readFile(t, path)
	salt, err := cipher.Salt(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range cipher.SaltSize {
		for _, known := range [][]byte{nil, salt[:]} {
			bad := slices.Clone(good)
			bad[at] ^= 0x41
			writeFile(t, path, bad)
			if _, err := cipher.Open(ctx, path, key, cipher.Options{Salt: known}); !errors.Is(err, cipher.ErrSaltDamaged) {
				t.Fatalf("byte %d, known %v: %v", at, known != nil, err)
			}
			if _, err := cipher.Open(ctx, path, cipher.NewKey(), cipher.Options{Salt: known}); !errors.Is(err, cipher.ErrWrongKey) {
				t.Fatalf("byte %d, known %v, wrong key: %v", at, known != nil, err)
			}
			if string(readFile(t, path)) != string(bad) {
				t.Fatal("looking changed the file")
			}
		}
	}
	bad := slices.Clone(good)
	copy(bad, "sixteen new ones")
	writeFile(t, path, bad)
	if _, err := cipher.Open(ctx, path, key, cipher.Options{}); !errors.Is(err, cipher.ErrSaltDamaged) {
		t.Fatalf("whole salt: %v", err)
	}
	if err := cipher.RestoreSalt(path, cipher.NewKey(), salt); !errors.Is(err, cipher.ErrWrongKey) {
		t.Fatalf("restore with a wrong key: %v", err)
	}
	if err := cipher.RestoreSalt(path, key, salt); err != nil {
		t.Fatal(err)
	}
	if string(readFile(t, path)) != string(good) {
		t.Fatal("the file is not what it was")
	}
}

func TestSwappedAndReplayedPagesAreNoticed(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	newLedger(t, path, key, 100)
	good := readFile(t, path)
	bad := slices.Clone(good)
	copy(bad[1*cipher.PageSize:2*cipher.PageSize], good[2*cipher.PageSize:])
	copy(bad[2*cipher.PageSize:3*cipher.PageSize], good[1*cipher.PageSize:])
	writeFile(t, path, bad)
	report, err := cipher.Verify(context.Background(), path, key)
	if err != nil || !slices.Equal(report.Bad, []uint32{2, 3}) {
		t.Fatalf("%+v, %v", report, err)
	}
}

func TestVerifyOpenDatabase(t *testing.T) {
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	db := openNew(t, path, key)
	fill(t, db, 500)
	report, err := db.Verify(ctx)
	if err != nil || report.Err(path) != nil || report.Pages < 20 {
		t.Fatalf("%+v, %v", report, err)
	}
	var n int
	if err := db.Writer().QueryRow("PRAGMA page_count").Scan(&n); err != nil || n != int(report.Pages) {
		t.Fatalf("%d pages, verified %d, %v", n, report.Pages, err)
	}
	want, err := workload.Tables(ctx, db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if want["orders"].Rows != 500 {
		t.Fatal(want)
	}
	closeDB(t, db)
	if _, err := db.Verify(ctx); !errors.Is(err, sql.ErrConnDone) {
		t.Fatalf("after closing: %v", err)
	}
	if filepath.Dir(path) != filepath.Dir(db.Path()) {
		t.Fatal(db.Path())
	}
}
