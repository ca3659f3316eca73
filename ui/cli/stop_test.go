package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

// connected makes a test book in dir that is connected to a demo seller with
// Amazon's own limits, which keep its first sync busy for minutes.
func connected(t *testing.T, dir string) *spapifake.Server {
	t.Helper()
	s := spapifake.New(spapifake.Config{Seed: 9, Orders: 200, Days: 60, Speed: 1})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, e := s.Credentials("NA"), s.Endpoints()
	for name, text := range map[string]string{"pass": "correct horse battery staple", "secret": c.ClientSecret, "token": c.RefreshToken} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "ch", "create", "Test", "--test", "--recovery-out", "recovery")
	run(t, dir, "chr", "connect", "--region", "NA", "--client-id", c.ClientID, "--client-secret-file", "secret",
		"--refresh-token-file", "token", "--endpoint", e.NA, "--login-endpoint", e.Login)
	return s
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// busy waits until the demo seller was asked n times.
func busy(t *testing.T, s *spapifake.Server, n int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); len(s.Requests()) < n; {
		if time.Now().After(end) {
			t.Fatal("the sync does not begin")
		}
		<-time.After(5 * time.Millisecond) // it runs in another process
	}
}

// A sync that is asked to stop ends at once with one clear sentence, keeps what
// it stored, and lets nobody else into the book while it runs.
func TestSyncStopsWhenAsked(t *testing.T) {
	for _, how := range []struct {
		name   string
		args   []string
		signal syscall.Signal
		code   int
	}{
		{"once, interrupted", []string{"sync", "--once"}, syscall.SIGINT, 1},
		{"once, terminated", []string{"sync", "--once"}, syscall.SIGTERM, 1},
		{"on and on, interrupted", []string{"sync"}, syscall.SIGINT, 0},
	} {
		t.Run(how.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			seller := connected(t, dir)
			var out bytes.Buffer
			cmd := exec.Command("chr", how.args...)
			cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			busy(t, seller, len(seller.Requests())+10)

			second := exec.Command("chr", "status")
			second.Dir = dir
			text, _ := second.CombinedOutput()
			if second.ProcessState.ExitCode() != 3 || !strings.Contains(string(text), "open in another window") {
				t.Errorf("a second process: exit code %d, %s", second.ProcessState.ExitCode(), text)
			}
			wipe := exec.Command("chr", "wipe", "--confirm", "Test")
			wipe.Dir = dir
			if text, _ := wipe.CombinedOutput(); wipe.ProcessState.ExitCode() != 3 {
				t.Errorf("a wipe of an open book: exit code %d, %s", wipe.ProcessState.ExitCode(), text)
			}

			asked := time.Now()
			if err := cmd.Process.Signal(how.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if took := time.Since(asked); took > 2*time.Second {
				t.Errorf("took %v to stop", took)
			}
			if code := cmd.ProcessState.ExitCode(); code != how.code {
				t.Errorf("exit code %d, want %d\n%s", code, how.code, out.String())
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if want := "countinghouse: stopped; everything stored so far is safe, the next run goes on from there"; lines[len(lines)-1] != want {
				t.Errorf("last line %q", lines[len(lines)-1])
			}
			if leftover, _ := filepath.Glob(filepath.Join(dir, "home", "books", "Test", "*-wal")); len(leftover) > 0 {
				t.Errorf("the book was not closed: %v", leftover)
			}
			run(t, dir, "chr", "verify")
		})
	}
}
