//go:build unix

package vault_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"countinghouse/data/vault"
)

func TestLinksAndPipesAreNotFollowed(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	dir := filepath.Dir(b.path)
	link, pipe := filepath.Join(dir, "link.keys"), filepath.Join(dir, "pipe.keys")
	if err := os.Symlink(b.path, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, pipe} {
		if _, err := vault.Open(context.Background(), path, b.byCode(), b.opts); !errors.Is(err, vault.ErrForeign) {
			t.Errorf("open %s: %v", filepath.Base(path), err)
		}
		_, err := vault.Create(context.Background(), path, []vault.NewSlot{{Kind: vault.KindRecovery, Recovery: newCode(t)}}, b.opts)
		if !errors.Is(err, vault.ErrExists) {
			t.Errorf("create %s: %v", filepath.Base(path), err)
		}
	}
	// A link that appears under an open Vault is not written through.
	v := b.open(t, b.byCode())
	target := filepath.Join(dir, "moved.keys")
	if err := os.Rename(b.path, target); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, b.path); err != nil {
		t.Fatal(err)
	}
	before := read(t, target)
	if err := v.SetAuditHead(context.Background(), [32]byte{1}); !errors.Is(err, vault.ErrForeign) {
		t.Errorf("change through a link: %v", err)
	}
	if !bytes.Equal(read(t, target), before) {
		t.Error("the file behind the link changed")
	}
}

// TestKilledWhileWriting kills a child that changes the key file as fast as it
// can: the file is always whole, and never older than what the child reported.
func TestKilledWhileWriting(t *testing.T) {
	if path := os.Getenv("VAULT_TEST_WRITER"); path != "" {
		writeUntilKilled(t, path)
		return
	}
	vault.CheapKDF(t)
	b := newBook(t)
	b.opts.Keyring = nil
	before := b.open(t, b.byCode()).Generation()
	for round := range 8 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWhileWriting$", "-test.v")
		cmd.Env = append(os.Environ(), "VAULT_TEST_WRITER="+b.path)
		cmd.Stdin = strings.NewReader(b.code.Reveal() + "\n")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		reported := readGenerations(t, out, 3+round*5)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		v := b.open(t, b.byCode())
		if !sameKeys(v.Keys(), b.keys) {
			t.Fatalf("round %d: other keys", round)
		}
		if v.Generation() < reported || reported <= before {
			t.Fatalf("round %d: generation %d, the child reported %d, before it was %d", round, v.Generation(), reported, before)
		}
		head, ok := v.AuditHead()
		if want := hex.EncodeToString(head[:8]); !ok || want != fmt.Sprintf("%016x", v.Generation()) {
			t.Fatalf("round %d: audit head %s does not belong to generation %d", round, want, v.Generation())
		}
		before = v.Generation()
	}
	// A kill may leave a temporary file; the next change removes it.
	orphan := filepath.Join(filepath.Dir(b.path), ".book.keys.123456.tmp")
	write(t, orphan, []byte("left by a kill"))
	if err := b.open(t, b.byCode()).SetAuditHead(context.Background(), [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(b.path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func writeUntilKilled(t *testing.T, path string) {
	vault.CheapKDF(t)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	code, err := vault.ParseRecoveryCode(vault.NewSecret(line))
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(context.Background(), path, vault.ByRecoveryCode(code), vault.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for {
		var head [32]byte
		raw, err := hex.DecodeString(fmt.Sprintf("%016x", v.Generation()+1))
		if err != nil {
			t.Fatal(err)
		}
		copy(head[:], raw)
		if err := v.SetAuditHead(context.Background(), head); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("generation %d\n", v.Generation())
	}
}

// readGenerations returns the n-th reported generation.
func readGenerations(t *testing.T, out io.Reader, n int) uint64 {
	t.Helper()
	var last uint64
	lines := bufio.NewScanner(out)
	for seen := 0; seen < n && lines.Scan(); {
		text, ok := strings.CutPrefix(lines.Text(), "generation ")
		if !ok {
			continue
		}
		g, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		last, seen = g, seen+1
	}
	return last
}
