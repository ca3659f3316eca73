package cipher_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"testing"

	"countinghouse/data/cipher"
)

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
