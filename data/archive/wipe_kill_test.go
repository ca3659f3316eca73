//go:build !windows

package archive_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"countinghouse/data/archive"
)

// TestWipeKilled kills a wiping child after each change it makes on the disk;
// the next Resume finishes, with a receipt of everything.
func TestWipeKilled(t *testing.T) {
	if home := os.Getenv("ARCHIVE_WIPE_HOME"); home != "" {
		wipeUntilKilled(home)
		return
	}
	for n := 1; ; n++ {
		home, outside := makeHome(t)
		child := exec.Command(os.Args[0], "-test.run=^TestWipeKilled$")
		child.Env = append(os.Environ(), "ARCHIVE_WIPE_HOME="+home, "ARCHIVE_WIPE_AT="+strconv.Itoa(n), "ARCHIVE_WIPE_RECEIPT="+filepath.Join(outside, "r.txt"))
		out, err := child.CombinedOutput()
		if err == nil {
			if n < 25 {
				t.Fatalf("the wipe had only %d changes:\n%s", n, out)
			}
			return // it ended before it was to be killed
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("kill %d: %v\n%s", n, err, out)
		}
		purged := 0
		rs, err := archive.Resume(context.Background(), home, archive.ResumeOptions{
			Purge: func(_ context.Context, id string) error { purged++; return nil },
			Now:   func() time.Time { return moment },
		})
		if err != nil {
			t.Fatalf("kill %d: resume: %v", n, err)
		}
		expectOthers(t, home, outside)
		if saved, err := os.ReadFile(filepath.Join(outside, "r.txt")); err != nil || !bytes.Contains(saved, []byte("books/cedar/book.db\n")) {
			t.Errorf("kill %d: saved receipt: %v", n, err)
		}
		if len(rs) == 0 { // it was killed after the note was removed
			continue
		}
		expectReceipt(t, rs[0])
		if purged != 1 || rs[0].Resumed != 1 {
			t.Errorf("kill %d: purged %d times, resumed %d", n, purged, rs[0].Resumed)
		}
		if t.Failed() {
			t.Fatalf("after kill %d", n)
		}
	}
}

func wipeUntilKilled(home string) {
	at, _ := strconv.Atoi(os.Getenv("ARCHIVE_WIPE_AT"))
	p := plan(home)
	p.Receipt = os.Getenv("ARCHIVE_WIPE_RECEIPT")
	p.Progress = func(archive.WipeEvent) {
		if at--; at == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	archive.Wipe(context.Background(), p)
}
