package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"countinghouse/sync/spapifake"
	"countinghouse/ui/cli"
)

var update = flag.Bool("update", false, "rewrite what scripts compare with")

// TestMain makes the test binary answer as the program too: countinghouse as a
// user types it, and ch, which is the same with a home folder of the script
// and a passphrase file before the other arguments.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"countinghouse": func() { os.Exit(program(os.Args[1:])) },
		"ch": func() {
			os.Exit(program(append([]string{"--home", "home", "--no-keychain", "--passphrase-file", "pass"}, os.Args[1:]...)))
		},
		// chr opens with the recovery code, which costs no second of Argon2id.
		"chr": func() {
			os.Exit(program(append([]string{"--home", "home", "--no-keychain", "--recovery-file", "recovery"}, os.Args[1:]...)))
		},
	})
}

func program(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Main(ctx, args, cli.System())
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Setup: func(e *testscript.Env) error { e.Values[sellerKey{}] = &sellerBox{}; return nil },
		Dir:   "testdata/script", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "amazon": amazon, "revoke": revoke, "restore": restore, "accounts": accounts, "absent": absent, "keys": keys,
		},
	})
}

// exits CODE PROGRAM ARGS... runs a program that has to end with this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	if want != 0 {
		oneLine(ts, ts.ReadFile("stderr"))
	}
}

// oneLine checks that every line of stderr is a message of ours or progress,
// and that the last is the error.
func oneLine(ts *testscript.TestScript, text string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "countinghouse: ") {
		ts.Fatalf("the last line of stderr is not the error: %q", last)
	}
	for _, odd := range []string{"goroutine ", "panic", "%!", "&{"} {
		if strings.Contains(text, odd) {
			ts.Fatalf("stderr has %q in it", odd)
		}
	}
}

type sellerKey struct{}

// amazon ORDERS DAYS SPEED starts a demo seller inside the test and writes what
// is needed to connect to it (see connectable).
func amazon(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: amazon ORDERS DAYS SPEED")
	}
	var n [3]int
	for i, a := range args {
		var err error
		n[i], err = strconv.Atoi(a)
		ts.Check(err)
	}
	s := spapifake.New(spapifake.Config{Seed: 7, Orders: n[0], Days: n[1], Speed: float64(n[2])})
	ts.Check(s.Start("127.0.0.1:0"))
	ts.Defer(func() { _ = s.Close() })
	ts.Value(sellerKey{}).(*sellerBox).Server = s
	for _, region := range []string{"NA", "EU", "FE"} {
		c, e := s.Credentials(region), s.Endpoints()
		connectable(ts, region, e.Region(region), e.Login, c.ClientID, c.ClientSecret, c.RefreshToken)
	}
}

type sellerBox struct{ *spapifake.Server }

// connectable writes na.secret and na.token and sets $NA, $NA_ID and $LOGIN.
func connectable(ts *testscript.TestScript, region, endpoint, login, id, secret, token string) {
	low := strings.ToLower(region)
	ts.Check(os.WriteFile(ts.MkAbs(low+".secret"), []byte(secret+"\n"), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(low+".token"), []byte(token+"\n"), 0o600))
	ts.Setenv(region, endpoint)
	ts.Setenv(region+"_ID", id)
	ts.Setenv("LOGIN", login)
}

func revoke(ts *testscript.TestScript, _ bool, args []string) {
	ts.Value(sellerKey{}).(*sellerBox).Revoke(args[0])
}

func restore(ts *testscript.TestScript, _ bool, args []string) {
	ts.Value(sellerKey{}).(*sellerBox).Restore(args[0])
}

// accounts FILE waits for the file that serve-demo --ready writes and makes the
// accounts in it connectable.
func accounts(ts *testscript.TestScript, _ bool, args []string) {
	var list []struct {
		Region, Endpoint string
		Login            string `json:"login_endpoint"`
		ID               string `json:"client_id"`
		Secret           string `json:"client_secret"`
		Token            string `json:"refresh_token"`
	}
	for end := time.Now().Add(30 * time.Second); ; {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && json.Unmarshal(text, &list) == nil {
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("%s does not come", args[0])
		}
		<-time.After(10 * time.Millisecond) // another process writes it
	}
	for _, a := range list {
		connectable(ts, a.Region, a.Endpoint, a.Login, a.ID, a.Secret, a.Token)
	}
}

// absent FILE DIR fails when the first line of FILE stands in any file of DIR.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	secret, _, _ := strings.Cut(ts.ReadFile(args[0]), "\n")
	seen := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		seen++
		if bare := strings.ReplaceAll(secret, " ", ""); len(bare) < 8 || bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte(bare)) {
			ts.Fatalf("%s holds the secret of %s", d.Name(), args[0])
		}
		return err
	}))
	if seen == 0 {
		ts.Fatalf("there are no files in %s", args[1])
	}
}

// keys NAMES... fails unless stdout is a JSON array of objects with exactly
// these fields: report ... --format json is an interface.
func keys(ts *testscript.TestScript, _ bool, args []string) {
	var list []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &list); err != nil || len(list) == 0 {
		ts.Fatalf("stdout is no JSON array with rows: %v", err)
	}
	for _, row := range list {
		for _, name := range args {
			if _, ok := row[name]; !ok {
				ts.Fatalf("the field %s is missing", name)
			}
		}
		if len(row) != len(args) {
			ts.Fatalf("%d fields, want %d: the documented interface has changed", len(row), len(args))
		}
	}
}
