package cipher_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
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
	good := readFile(t, path)
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
	good = readFile(t, path)
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

// liveWAL copies a database with its log while it is open, after changes that
// use the log in every way: small ones, one larger than the cache, one that
// was rolled back after a spill, pages written twice in a change.
func liveWAL(t *testing.T, key cipher.Key) (path string, commits [][]string) {
	t.Helper()
	source := bookPath(t)
	db := open(t, source, key, cipher.Options{Create: true, CacheBytes: 64 << 10})
	sqlExec(t, db, ledger)
	sqlExec(t, db, "PRAGMA wal_autocheckpoint = 0")
	for i := 1; i <= 40; i++ {
		sqlExec(t, db, "INSERT INTO ledger VALUES (?, ?)", i, payload(i))
	}
	if err := db.Checkpoint(context.Background()); err != nil {
		t.Fatal(err)
	}
	state := func() {
		rows, err := ledgerRows(db, ledgerQueries[0])
		if err != nil {
			t.Fatal(err)
		}
		commits = append(commits, rows)
	}
	state()
	insert := func(from, to int, commit bool) {
		tx, err := db.Writer().Begin()
		if err != nil {
			t.Fatal(err)
		}
		for i := from; i <= to; i++ {
			if _, err := tx.Exec("INSERT INTO ledger VALUES (?, ?)", i, payload(i)); err != nil {
				t.Fatal(err)
			}
		}
		if !commit {
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
			return
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		state()
	}
	insert(41, 42, true)
	insert(43, 43, true)
	insert(44, 400, false) // spilled, then dropped: its tail stays in the log
	insert(44, 60, true)
	path = bookPath(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		writeFile(t, path+suffix, readFile(t, source+suffix))
	}
	return path, commits
}

const (
	walHeader = 32
	walFrame  = 24 + cipher.PageSize
)

func TestFlippedByteInEveryFrame(t *testing.T) {
	ctx := context.Background()
	key := cipher.NewKey()
	path, commits := liveWAL(t, key)
	file, wal, shm := readFile(t, path), readFile(t, path+"-wal"), readFile(t, path+"-shm")

	damage, err := cipher.CheckWAL(path, key)
	if err != nil || damage != nil {
		t.Fatalf("an intact log: %v, %v", damage, err)
	}
	db := reopen(t, path, key)
	rows, err := ledgerRows(db, ledgerQueries[0])
	if err != nil || !slices.Equal(rows, commits[len(commits)-1]) {
		t.Fatalf("recovered %d rows, %v", len(rows), err)
	}
	closeDB(t, db)

	live := liveFrames(wal)
	if live < 8 || live >= (len(wal)-walHeader)/walFrame {
		t.Fatalf("%d live frames of %d: no tail of a dropped change", live, (len(wal)-walHeader)/walFrame)
	}
	check := func(at, frame int, openToo bool) {
		t.Helper()
		if at%2 == 0 { // with and without what SQLite's index tells
			writeFile(t, path+"-shm", shm)
		} else {
			os.Remove(path + "-shm")
		}
		bad := slices.Clone(wal)
		bad[at] ^= 1 << (at % 8)
		writeFile(t, path, file)
		writeFile(t, path+"-wal", bad)
		damage, err := cipher.CheckWAL(path, key)
		if err != nil || damage == nil || damage.Frame != frame {
			t.Fatalf("byte %d of frame %d: %+v, %v", at, frame, damage, err)
		}
		if openToo {
			openDamagedWAL(ctx, t, path, key, file, bad, commits)
		}
	}
	for at := range walHeader {
		check(at, 0, at%8 == 0)
	}
	for frame := 1; frame <= live; frame++ {
		start := walHeader + (frame-1)*walFrame
		for at := range 24 {
			check(start+at, frame, at%12 == 0)
		}
		for _, at := range []int{0, 15, 16, 2000, 4015, 4016, 4032, 4095} {
			check(start+24+at, frame, at == 2000)
		}
	}
}

func TestInterruptedWriteIsNotDamage(t *testing.T) {
	key := cipher.NewKey()
	path, commits := liveWAL(t, key)
	wal := readFile(t, path+"-wal")
	live := walHeader + liveFrames(wal)*walFrame
	torn := slices.Clone(wal[:live])
	torn = append(torn, 0, 0, 0, 2, 0, 0, 0, 0)
	torn = append(torn, wal[16:24]...)
	torn = append(torn, make([]byte, 8+cipher.PageSize)...)
	writeFile(t, path+"-wal", torn)
	damage, err := cipher.CheckWAL(path, key)
	if err != nil || damage != nil {
		t.Fatalf("a torn frame behind the last commit: %v, %v", damage, err)
	}
	// Torn over the frames of the change that was rolled back.
	over := slices.Clone(wal)
	copy(over[live+24:], make([]byte, 2000))
	writeFile(t, path+"-wal", over)
	if damage, err = cipher.CheckWAL(path, key); err != nil || damage != nil {
		t.Fatalf("a torn frame over a dropped change: %v, %v", damage, err)
	}
	writeFile(t, path+"-wal", torn)
	shm := readFile(t, path+"-shm")
	if err := os.Remove(path + "-shm"); err != nil {
		t.Fatal(err)
	}
	if damage, err = cipher.CheckWAL(path, key); err != nil || damage == nil || !damage.Tail {
		t.Fatalf("the same without the index: %v, %v", damage, err)
	}
	writeFile(t, path+"-shm", shm)
	db := reopen(t, path, key)
	rows, err := ledgerRows(db, ledgerQueries[0])
	if err != nil || !slices.Equal(rows, commits[len(commits)-1]) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
}

func TestShortenedLogIsDamage(t *testing.T) {
	key := cipher.NewKey()
	path, _ := liveWAL(t, key)
	wal := readFile(t, path+"-wal")
	for cut := 1; cut < liveFrames(wal); cut++ {
		writeFile(t, path+"-wal", wal[:walHeader+cut*walFrame])
		damage, err := cipher.CheckWAL(path, key)
		if err != nil || damage == nil || damage.Frame != cut+1 {
			t.Fatalf("cut behind frame %d: %+v, %v", cut, damage, err)
		}
	}
}

// openDamagedWAL checks that opening refuses, keeps a copy, and goes on when
// told to, with whole changes from the start.
func openDamagedWAL(ctx context.Context, t *testing.T, path string, key cipher.Key, file, wal []byte, commits [][]string) {
	t.Helper()
	_, err := cipher.Open(ctx, path, key, cipher.Options{})
	var damage *cipher.Damage
	if !errors.As(err, &damage) || damage.Copy == "" {
		t.Fatalf("opening says %v", err)
	}
	if string(readFile(t, damage.Copy)) != string(wal) {
		t.Fatal("the copy is not the log")
	}
	if string(readFile(t, path)) != string(file) || string(readFile(t, path+"-wal")) != string(wal) {
		t.Fatal("refusing changed the files")
	}
	db, err := cipher.Open(ctx, path, key, cipher.Options{OpenDamaged: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if db.Damage() == nil {
		t.Fatal("the damage was forgotten")
	}
	rows, err := ledgerRows(db, ledgerQueries[0])
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(commits, func(c []string) bool { return slices.Equal(c, rows) }) {
		t.Fatalf("%d rows are no state that ever was", len(rows))
	}
	closeDB(t, db)
	if err := os.Remove(damage.Copy); err != nil {
		t.Fatal(err)
	}
}

// liveFrames returns the number of the last frame with the log's own salts
// that ends a change; it knows nothing of sums. Frames of the dropped change
// carry no such mark, those of the round before other salts.
func liveFrames(wal []byte) int {
	last := 0
	for i := 1; walHeader+i*walFrame <= len(wal); i++ {
		frame := wal[walHeader+(i-1)*walFrame:]
		if binary.BigEndian.Uint32(frame[4:]) != 0 && string(frame[8:16]) == string(wal[16:24]) {
			last = i
		}
	}
	return last
}

func TestDamageWhileOpen(t *testing.T) {
	ctx := context.Background()
	// harm changes a byte in every frame of the log of an open database.
	harm := func(t *testing.T, sharedCache int64) *cipher.DB {
		path, key := bookPath(t), cipher.NewKey()
		db := open(t, path, key, cipher.Options{Create: true, CacheBytes: 16 << 10, SharedCacheBytes: sharedCache, Readers: 1})
		sqlExec(t, db, "PRAGMA wal_autocheckpoint = 0")
		sqlExec(t, db, ledger)
		for i := 1; i <= 200; i++ {
			sqlExec(t, db, "INSERT INTO ledger VALUES (?, ?)", i, payload(i))
		}
		wal := readFile(t, path+"-wal")
		f, err := os.OpenFile(path+"-wal", os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for at := walHeader + 24 + 100; at < len(wal); at += walFrame {
			if _, err := f.WriteAt([]byte{wal[at] ^ 4}, int64(at)); err != nil {
				t.Fatal(err)
			}
		}
		return db
	}
	for name, cache := range map[string]int64{"without the shared cache": -1, "with it": 0} {
		t.Run(name, func(t *testing.T) {
			db := harm(t, cache)
			_, err := ledgerRows(db, ledgerQueries[0])
			var pe *cipher.PageError
			if !errors.As(err, &pe) || pe.Frame == 0 {
				t.Fatalf("reading a changed log: %v", err)
			}
			if err := db.Checkpoint(ctx); !errors.As(err, &pe) {
				t.Fatalf("moving a changed log into the file: %v", err)
			}
		})
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
