package cipher_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"countinghouse/data/cipher"
)

// The test binary runs itself as a child that is killed, limited or measured.
// The part to play comes in an environment variable, the key on the first line
// of standard input.
const (
	childRole = "COUNTINGHOUSE_CIPHER_CHILD"
	childPath = "COUNTINGHOUSE_CIPHER_PATH"
)

var roles = map[string]func(ctx context.Context, path string, key cipher.Key) error{
	"write":   writeForever,
	"compact": compactForever,
	"expose":  exposeEverything,
}

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv(childRole)]
	if !ok {
		code := m.Run()
		os.RemoveAll(compatDir)
		os.Exit(code)
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	var key cipher.Key
	if err == nil {
		var b []byte
		if b, err = hex.DecodeString(strings.TrimSpace(line)); err == nil {
			key, err = cipher.KeyFromBytes(b)
		}
	}
	if err == nil {
		err = role(context.Background(), os.Getenv(childPath), key)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child is a running copy of the test binary.
type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	errs  strings.Builder
}

func startChild(t *testing.T, role, path string, key cipher.Key, env ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(self)}
	c.cmd.Env = append(os.Environ(), append(env, childRole+"="+role, childPath+"="+path)...)
	c.cmd.Stdin = strings.NewReader(hex.EncodeToString(key[:]) + "\n")
	c.cmd.Stderr = &c.errs
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.kill() })
	c.lines = bufio.NewScanner(out)
	return c
}

// kill ends the child as kill -9 does and waits until it is gone.
func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// next returns the child's next line, failing the test if it ended.
func (c *child) next(t *testing.T) string {
	t.Helper()
	if !c.lines.Scan() {
		c.cmd.Wait()
		t.Fatalf("child ended: %s", c.errs.String())
	}
	return c.lines.Text()
}

// say reports to the parent; the line is out when it returns.
func say(format string, args ...any) {
	io.WriteString(os.Stdout, fmt.Sprintf(format, args...)+"\n")
}

// payload is the text that row n must have.
func payload(n int) string {
	return strings.Repeat(fmt.Sprintf("row %d of the ledger; ", n), 1+n%40)
}

const ledger = "CREATE TABLE IF NOT EXISTS ledger (n INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;" +
	"CREATE INDEX IF NOT EXISTS ledger_body ON ledger (body)"

// writeForever commits changes of every size, and abandons some that were
// large enough to have been spilled to the log, saying the last row of each
// commit after it was reported.
func writeForever(ctx context.Context, path string, key cipher.Key) error {
	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true, CacheBytes: 64 << 10})
	if err != nil {
		return err
	}
	if _, err := db.Writer().ExecContext(ctx, ledger); err != nil {
		return err
	}
	for {
		last, err := writeSome(ctx, db)
		if err != nil {
			return err
		}
		say("%d", last)
	}
}

// writeSome makes one change and returns the last committed row.
func writeSome(ctx context.Context, db *cipher.DB) (int, error) {
	tx, err := db.Writer().BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	var last int
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM ledger").Scan(&last); err != nil {
		return 0, err
	}
	size := 1 + rand.IntN(20)
	if rand.IntN(5) == 0 {
		size = 500
	}
	for n := last + 1; n <= last+size; n++ {
		if _, err := tx.ExecContext(ctx, "INSERT INTO ledger VALUES (?, ?)", n, payload(n)); err != nil {
			return 0, err
		}
	}
	if rand.IntN(4) == 0 {
		return last, tx.Rollback()
	}
	return last + size, tx.Commit()
}

// compactForever writes and compacts by turns.
func compactForever(ctx context.Context, path string, key cipher.Key) error {
	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true})
	if err != nil {
		return err
	}
	if _, err := db.Writer().ExecContext(ctx, ledger); err != nil {
		return err
	}
	for {
		last, err := writeSome(ctx, db)
		if err != nil {
			return err
		}
		say("%d", last)
		if err := db.Compact(ctx); err != nil {
			return err
		}
	}
}
