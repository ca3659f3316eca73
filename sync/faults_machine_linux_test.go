package appsync_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
)

// machineFaults are those of the computer that the program runs on.
var machineFaults = []fault{
	{name: "disk full", arrange: diskFull, alone: true, check: (*faultRun).wantDiskFull},
	{name: "database locked", arrange: databaseLocked},
}

// diskFull puts the book on a disk of its own that is too small. Only an
// administrator can make one; others meet a limit on the size of files, which
// looks the same.
func diskFull(r *faultRun) {
	dir := filepath.Join(r.t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
	grow := limitFiles
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1600k"); err == nil {
		r.t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		grow = func(*testing.T) func() {
			return func() {
				if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=256m"); err != nil {
					r.t.Error(err)
				}
			}
		}
	} else {
		r.t.Logf("no disk of its own (%v): a limit on files instead", err)
	}
	b, err := store.Create(r.t.Context(), filepath.Join(dir, "book"), testKeys)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { b.Close() })
	fill(r.t, b, r.s)
	r.useBook(b)
	r.mend = grow(r.t)
}

// limitFiles bounds the size of files until the returned function is called.
func limitFiles(t *testing.T) (lift func()) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	}
}

// wantDiskFull: whatever was not stored any more says so, and the book opens.
func (r *faultRun) wantDiskFull(result appsync.Result) {
	r.t.Helper()
	want := map[string]string{}
	for _, f := range result.Failures {
		want[f.Resource] = cipher.ErrDiskFull.Error()
	}
	if len(want) == 0 {
		r.t.Error("the disk did not become full")
	}
	r.wantReads(result, want)
	if wrong, err := r.b.CheckSums(r.t.Context()); err != nil || len(wrong) > 0 {
		r.t.Errorf("sums on a full disk: %v %v", err, wrong)
	}
}

// databaseLocked lets another program, which knows nothing of the book's lock
// file, hold the database's own write lock for a while in the middle of the run.
func databaseLocked(r *faultRun) {
	var once sync.Once
	var from time.Time
	r.engine = func(c *appsync.Config) {
		c.Report = func(e appsync.Event) {
			if e.Phase != appsync.Working || e.Resource != "finances" {
				return
			}
			once.Do(func() {
				lockOther(r.t, filepath.Join(r.b.Dir, store.BookFile+"-shm"))
				from = time.Now()
			})
		}
	}
	r.mend = func() {
		if from.IsZero() || time.Since(from) < lockedFor/2 {
			r.t.Errorf("the run did not wait: %v", time.Since(from))
		}
		if _, err := store.Open(r.t.Context(), r.b.Dir, testKeys); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "close it there first") {
			r.t.Errorf("a second window reads %v", err)
		}
	}
}

const (
	lockEnv   = "COUNTINGHOUSE_TEST_LOCK"
	lockedFor = 700 * time.Millisecond
	writeByte = 120 // of the log's index: SQLite's write lock
)

// lockOther starts another process that takes the lock, and returns when it
// has it.
func lockOther(t *testing.T, path string) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), lockEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Errorf("the process with the lock says %q, %v", line, err)
	}
	t.Cleanup(func() {
		if err := cmd.Wait(); err != nil {
			t.Errorf("the process with the lock: %v", err)
		}
	})
}

func init() {
	path := os.Getenv(lockEnv)
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		os.Exit(2)
	}
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Start: writeByte, Len: 1}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLKW, &lock); err != nil {
		os.Exit(3)
	}
	os.Stdout.WriteString("locked\n")
	time.Sleep(lockedFor)
	os.Exit(0)
}
