//go:build linux

package archive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"countinghouse/data/archive"
)

// fill gives the sample n more orders, each with a document of its own.
func fill(t testing.TB, n int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db := openDB(t, filepath.Join(dir, "book.db"))
	execSQL(t, db, sampleSchema)
	execSQL(t, db, `INSERT INTO connection VALUES ('na', 'x')`)
	execSQL(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT ?)
		INSERT INTO orders SELECT 'na', printf('%03d-%07d', i * 7919 % 997, i), hex(randomblob(100)), 'USD', i, i, '2026-01-01', i / 3.0, randomblob(50) FROM n`, n)
	addDocument(t, db, "order", []byte(`{"a":1}`))
	return dir
}

// TestMemoryDoesNotGrow exports a small and a twenty times larger book in
// processes of their own and compares the most memory that each ever held.
func TestMemoryDoesNotGrow(t *testing.T) {
	if dir := os.Getenv("ARCHIVE_EXPORT_DIR"); dir != "" {
		exportAndTell(t, dir)
		return
	}
	small, large := peak(t, 5_000), peak(t, 100_000)
	t.Logf("peak of 5,000 orders: %d kB, of 100,000: %d kB", small, large)
	if large > small+24<<10 {
		t.Errorf("memory grows with the book: %d kB for 5,000 orders, %d kB for 100,000", small, large)
	}
}

func peak(t *testing.T, n int) int {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestMemoryDoesNotGrow$", "-test.v")
	child.Env = append(os.Environ(), "ARCHIVE_EXPORT_DIR="+fill(t, n))
	out, err := child.CombinedOutput()
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if err != nil || found == nil {
		t.Fatalf("child: %v\n%s", err, out)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb
}

func exportAndTell(t *testing.T, dir string) {
	db := openDB(t, filepath.Join(dir, "book.db"))
	if _, err := archive.Export(context.Background(), db, archive.ExportOptions{Out: filepath.Join(dir, "book.zip")}); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(status))
}

// TestFullDisk exports to a disk of 1 MiB.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, 0) })
	db := openDB(t, filepath.Join(fill(t, 20_000), "book.db"))
	_, err := archive.Export(context.Background(), db, archive.ExportOptions{Out: filepath.Join(disk, "book.zip")})
	if !errors.Is(err, archive.ErrDiskFull) || !strings.HasPrefix(err.Error(), "the disk is full; free some space or choose another place") {
		t.Errorf("error %v", err)
	}
	expectEmpty(t, disk)
}

// BenchmarkExport is a book of 200,000 orders; compare with the sqlite3 tool
// copying the same rows out.
func BenchmarkExport(b *testing.B) {
	dir := fill(b, 200_000)
	db := openDB(b, filepath.Join(dir, "book.db"))
	var sum archive.Summary
	for b.Loop() {
		var err error
		if sum, err = archive.Export(context.Background(), db, archive.ExportOptions{Out: filepath.Join(dir, "b.zip"), Overwrite: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(sum.Bytes), "bytes")
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}

// BenchmarkTool is the sqlite3 tool writing the same table as CSV.
func BenchmarkTool(b *testing.B) {
	dir := fill(b, 200_000)
	for b.Loop() {
		if out, err := exec.Command("sqlite3", "-csv", filepath.Join(dir, "book.db"), ".once "+filepath.Join(dir, "o.csv"),
			"SELECT * FROM orders ORDER BY connection_id, order_id").CombinedOutput(); err != nil {
			b.Skipf("sqlite3: %v %s", err, out)
		}
	}
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}
