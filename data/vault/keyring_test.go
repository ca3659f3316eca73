package vault_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/vault"
	"github.com/zalando/go-keyring"
)

func TestSystemKeyringOverTheMock(t *testing.T) {
	keyring.MockInit()
	ring := vault.SystemKeyring(vault.KeyringOptions{})
	if _, err := ring.Get(ctx, "a"); !errors.Is(err, vault.ErrNotInKeyStore) {
		t.Errorf("get before set: %v", err)
	}
	for _, value := range []string{"first", "second"} {
		if err := ring.Set(ctx, "a", vault.NewSecret(value)); err != nil {
			t.Fatal(err)
		}
		if got, err := ring.Get(ctx, "a"); err != nil || got.Reveal() != value {
			t.Errorf("got %v, want what was stored", err)
		}
	}
	if raw, err := keyring.Get("app.countinghouse", "a"); err != nil || raw != "second" {
		t.Errorf("not under our service name: %v", err)
	}
	if err := ring.Set(ctx, "b", vault.NewSecret("other")); err != nil {
		t.Fatal(err)
	}
	if err := ring.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if err := ring.Delete(ctx, "a"); !errors.Is(err, vault.ErrNotInKeyStore) {
		t.Errorf("delete twice: %v", err)
	}
	if got, err := ring.Get(ctx, "b"); err != nil || got.Reveal() != "other" {
		t.Errorf("the delete of a took b: %v", err)
	}
	if err := ring.Set(ctx, "a", vault.NewSecret(strings.Repeat("x", 2049))); !errors.Is(err, vault.ErrTooLarge) {
		t.Errorf("2049 bytes: %v", err)
	}
	if err := ring.Set(ctx, "", vault.NewSecret("x")); !errors.Is(err, vault.ErrInvalid) {
		t.Errorf("no id: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := ring.Get(cancelled, "b"); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := ring.Get(ctx, "b"); err != nil {
		t.Errorf("a cancelled call spoils the next: %v", err)
	}
}

func TestKeyStoreErrorsHaveOneName(t *testing.T) {
	t.Cleanup(keyring.MockInit)
	keyring.MockInitWithError(errors.New("dbus: collection is locked"))
	ring := vault.SystemKeyring(vault.KeyringOptions{})
	_, getErr := ring.Get(ctx, "a")
	for what, err := range map[string]error{"get": getErr, "set": ring.Set(ctx, "a", vault.NewSecret("hidden value")), "delete": ring.Delete(ctx, "a")} {
		if !errors.Is(err, vault.ErrNoKeyStore) || !strings.Contains(err.Error(), "passphrase") || strings.Contains(err.Error(), "hidden value") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestKeyStoreSwitchedOff(t *testing.T) {
	keyring.MockInit()
	for name, c := range map[string]struct {
		env string
		off bool
		ok  bool
	}{"flag": {"", true, false}, "environment": {"1", false, false}, "environment zero": {"0", false, true}, "neither": {"", false, true}} {
		t.Setenv(vault.EnvNoKeychain, c.env)
		ring := vault.SystemKeyring(vault.KeyringOptions{Off: c.off})
		_, getErr := ring.Get(ctx, "a")
		setErr := ring.Set(ctx, "a", vault.NewSecret("x"))
		for what, err := range map[string]error{"get": getErr, "set": setErr, "delete": ring.Delete(ctx, "a")} {
			if errors.Is(err, vault.ErrNoKeyStore) == c.ok {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
	}
}

func TestBookOverTheMockedKeyStore(t *testing.T) {
	vault.CheapKDF(t)
	keyring.MockInit()
	b := newBook(t)
	b.path = filepath.Join(t.TempDir(), "book.keys")
	b.opts.Keyring = vault.SystemKeyring(vault.KeyringOptions{})
	v, err := vault.Create(ctx, b.path, []vault.NewSlot{{Kind: vault.KindKeychain}, {Kind: vault.KindRecovery, Recovery: b.code}}, b.opts)
	if err != nil {
		t.Fatal(err)
	}
	if !sameKeys(b.open(t, vault.ByKeychain()).Keys(), v.Keys()) {
		t.Error("other keys")
	}
	for _, s := range v.Slots() {
		if s.Kind != vault.KindKeychain {
			continue
		}
		if raw, err := keyring.Get(vault.Service, "book/"+v.BookID()+"/slot-"+s.ID); err != nil || len(raw) > 2560 {
			t.Errorf("the slot's item: %d bytes, %v", len(raw), err)
		}
	}
}

// child runs one test of this binary in another process, with its own session
// bus, because the client library keeps one bus connection per process.
func child(t *testing.T, test string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), append(env, "VAULT_TEST_CHILD="+test)...)
	return cmd
}

func isChild(t *testing.T) bool { return os.Getenv("VAULT_TEST_CHILD") == t.Name() }

func mustPass(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Fatalf("child: %v\n%s", err, out)
	}
	return string(out)
}

// TestHangingKeyStore talks to a bus that accepts and never answers.
func TestHangingKeyStore(t *testing.T) {
	if isChild(t) {
		hangingKeyStore(t)
		return
	}
	if isMac := fileExists("/usr/bin/security"); isMac {
		t.Skip("no D-Bus here")
	}
	dir, err := os.MkdirTemp("", "bus") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "bus")
	bus, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn, 8)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := bus.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	mustPass(t, child(t, "TestHangingKeyStore", "DBUS_SESSION_BUS_ADDRESS=unix:path="+socket))
	_ = bus.Close()
	<-done
	close(accepted)
	if len(accepted) == 0 {
		t.Error("nobody asked the bus")
	}
	for c := range accepted {
		_ = c.Close()
	}
}

func hangingKeyStore(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	const limit = 300 * time.Millisecond
	b.opts.Keyring = vault.SystemKeyring(vault.KeyringOptions{Timeout: limit})
	start := time.Now()
	_, err := b.opts.Keyring.Get(ctx, "a")
	if took := time.Since(start); !errors.Is(err, vault.ErrNoKeyStore) || took < limit || took > 20*limit {
		t.Errorf("first call: %v after %v", err, took)
	}
	_, err = b.opts.Keyring.Get(ctx, "a")
	if !errors.Is(err, vault.ErrNoKeyStore) || !strings.Contains(err.Error(), "still does not answer") {
		t.Errorf("second call waits again: %v", err)
	}
	if _, err := vault.Open(ctx, b.path, vault.ByKeychain(), b.opts); !errors.Is(err, vault.ErrNoKeyStore) {
		t.Errorf("keychain: %v", err)
	}
	v := b.open(t, vault.ByPassphrase(vault.NewSecret(goodPassphrase)))
	if v.RollbackNoticed() {
		t.Error("claims that the key store knows the file")
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Errorf("a change: %v", err)
	}
	if _, err := v.AddSlot(ctx, vault.NewSlot{Kind: vault.KindKeychain}); !errors.Is(err, vault.ErrNoKeyStore) {
		t.Errorf("a keychain slot: %v", err)
	}
}

func TestNoBusAtAll(t *testing.T) {
	if isChild(t) {
		_, err := vault.SystemKeyring(vault.KeyringOptions{}).Get(ctx, "a")
		if !errors.Is(err, vault.ErrNoKeyStore) {
			t.Errorf("error %v", err)
		}
		return
	}
	if isMac := fileExists("/usr/bin/security"); isMac {
		t.Skip("no D-Bus here")
	}
	mustPass(t, child(t, "TestNoBusAtAll", "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(t.TempDir(), "none")))
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
