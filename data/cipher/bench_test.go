package cipher_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

// steps is the work that is compared, in order, on one file.
var steps = []struct {
	name string
	run  func(ctx context.Context, writer, reader *sql.DB, rows, rounds int) error
}{
	{"scatter", func(ctx context.Context, w, _ *sql.DB, rows, _ int) error { return workload.Scatter(ctx, w, rows) }},
	{"backfill", func(ctx context.Context, w, _ *sql.DB, rows, _ int) error { return workload.Backfill(ctx, w, rows) }},
	{"warm", func(ctx context.Context, _, r *sql.DB, rows, n int) error { return workload.Screens(ctx, r, rows, n) }},
	{"screens", func(ctx context.Context, _, r *sql.DB, rows, n int) error { return workload.Screens(ctx, r, rows, n) }},
}

func measure(b *testing.B, writer, reader *sql.DB, rows, rounds int) map[string]time.Duration {
	b.Helper()
	ctx := context.Background()
	if _, err := writer.ExecContext(ctx, workload.Schema); err != nil {
		b.Fatal(err)
	}
	took := map[string]time.Duration{}
	for _, s := range steps {
		start := time.Now()
		if err := s.run(ctx, writer, reader, rows, rounds); err != nil {
			b.Fatal(s.name, err)
		}
		took[s.name] = time.Since(start)
	}
	return took
}

// plain opens an unencrypted file with the same driver and settings.
func plain(b *testing.B, path string) *sql.DB {
	b.Helper()
	name := "plain" + strconv.Itoa(int(time.Now().UnixNano()))
	sql.Register(name, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(workload.Session, nil)
		return err
	}})
	db, err := sql.Open(name, "file:"+path+"?_txlock=immediate&_busy_timeout=10000")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	return db
}

// number reads a size of the benchmark from the environment.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// BenchmarkRatio does the same work on a plain file, on ours and on an
// independent SQLCipher build, and prints how they compare:
//
//	go test -run '^$' -bench Ratio -benchtime 1x ./data/cipher
func BenchmarkRatio(b *testing.B) {
	rows, rounds := number("COUNTINGHOUSE_BENCH_ROWS", 300_000), number("COUNTINGHOUSE_BENCH_ROUNDS", 300)
	for b.Loop() {
		dir := b.TempDir()
		bare := plain(b, filepath.Join(dir, "plain.db"))
		base := measure(b, bare, bare, rows, rounds)
		bare.Close()

		db := openNew(b, filepath.Join(dir, "ours.db"), cipher.NewKey())
		ours := measure(b, db.Writer(), db.Reader(), rows, rounds)
		closeDB(b, db)

		theirs := compat(b, cipher.NewKey(), "bench", filepath.Join(dir, "theirs.db"), rows, rounds)
		b.Logf("%d rows, %d rounds", rows, rounds)
		b.Logf("%-10s %12s %12s %12s %14s %16s", "", "plain", "ours", "SQLCipher", "ours/plain", "SQLCipher/ours")
		for _, s := range steps {
			other := time.Duration(theirs.Nanoseconds[s.name])
			slower := float64(ours[s.name]) / float64(base[s.name])
			faster := float64(other) / float64(ours[s.name])
			b.Logf("%-10s %12v %12v %12v %13.2fx %15.2fx", s.name, base[s.name].Round(time.Millisecond),
				ours[s.name].Round(time.Millisecond), other.Round(time.Millisecond), slower, faster)
			b.ReportMetric(slower, s.name+"-ours/plain")
			b.ReportMetric(faster, s.name+"-sqlcipher/ours")
		}
	}
}
