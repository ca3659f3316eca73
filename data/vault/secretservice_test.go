package vault_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/vault"
)

// session runs one test of this binary in a D-Bus session of its own with a
// real gnome-keyring, whose files are in home. The password goes through stdin.
func session(t *testing.T, home, password, test string, env ...string) string {
	t.Helper()
	start := `gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$@"`
	if password == "" { // started, never unlocked
		start = `gnome-keyring-daemon --start --components=secrets >/dev/null && exec "$0" "$@" </dev/null`
	}
	cmd := child(t, test, append(env,
		"HOME="+home, "XDG_DATA_HOME="+filepath.Join(home, "data"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(home, "cache"), "XDG_RUNTIME_DIR="+filepath.Join(home, "run"), "VAULT_TEST_HOME="+home, "DISPLAY=", "WAYLAND_DISPLAY=")...)
	cmd.Args = append([]string{"dbus-run-session", "--", "sh", "-c", start}, cmd.Args...)
	path, err := exec.LookPath("dbus-run-session")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path = path
	cmd.Stdin = strings.NewReader(password)
	return mustPass(t, cmd)
}

func TestRealSecretService(t *testing.T) {
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs dbus and gnome-keyring:", err)
		}
	}
	home, err := os.MkdirTemp("", "home") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	for _, dir := range []string{"data", "config", "cache", "run"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	session(t, home, "login password", "TestSecretServiceFirstSession")
	first := string(read(t, filepath.Join(home, "digest")))
	session(t, home, "", "TestSecretServiceLocked")
	session(t, home, "login password", "TestSecretServiceSecondSession")
	if second := string(read(t, filepath.Join(home, "digest"))); second != first || len(first) != 64 {
		t.Error("the second session opened other keys")
	}
	// The key store's own files do not name what we keep in clear.
	err = filepath.WalkDir(filepath.Join(home, "data"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(string(read(t, path)), "marker-secret") {
			t.Errorf("%s holds a secret in clear", d.Name())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func sessionBook(t *testing.T) book {
	t.Helper()
	return book{
		path: filepath.Join(os.Getenv("VAULT_TEST_HOME"), "book.keys"),
		opts: options(vault.SystemKeyring(vault.KeyringOptions{Timeout: 10 * time.Second})),
	}
}

func noteDigest(t *testing.T, v *vault.Vault) {
	t.Helper()
	raw := v.Keys().Book.Reveal()
	sum := sha256.Sum256(raw[:])
	write(t, filepath.Join(os.Getenv("VAULT_TEST_HOME"), "digest"), []byte(hex.EncodeToString(sum[:])))
}

func TestSecretServiceFirstSession(t *testing.T) {
	if !isChild(t) {
		t.Skip("run by TestRealSecretService")
	}
	vault.CheapKDF(t)
	b := sessionBook(t)
	ring := b.opts.Keyring
	for _, value := range []string{"marker-secret one", "marker-secret two, with Umlaut ü"} {
		if err := ring.Set(ctx, "x", vault.NewSecret(value)); err != nil {
			t.Fatal(err)
		}
		if got, err := ring.Get(ctx, "x"); err != nil || got.Reveal() != value {
			t.Fatalf("get: %v", err)
		}
	}
	if err := ring.Delete(ctx, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Get(ctx, "x"); !errors.Is(err, vault.ErrNotInKeyStore) {
		t.Fatalf("get after delete: %v", err)
	}
	if err := ring.Delete(ctx, "x"); !errors.Is(err, vault.ErrNotInKeyStore) {
		t.Fatalf("delete twice: %v", err)
	}
	v, err := vault.Create(ctx, b.path, []vault.NewSlot{
		{Kind: vault.KindKeychain},
		{Kind: vault.KindPassphraseKeychain, Passphrase: vault.NewSecret("both are needed 2")},
		{Kind: vault.KindRecovery, Recovery: newCode(t)},
	}, b.opts)
	if err != nil {
		t.Fatal(err)
	}
	if !v.RollbackNoticed() {
		t.Error("the key store does not know the file")
	}
	noteDigest(t, v)
}

func TestSecretServiceSecondSession(t *testing.T) {
	if !isChild(t) {
		t.Skip("run by TestRealSecretService")
	}
	vault.CheapKDF(t)
	b := sessionBook(t)
	old := read(t, b.path)
	v := b.open(t, vault.ByKeychain())
	noteDigest(t, v)
	if got := b.open(t, vault.ByPassphrase(vault.NewSecret("both are needed 2"))); !sameKeys(got.Keys(), v.Keys()) {
		t.Error("passphrase+keychain: other keys")
	}
	if err := v.SetAuditHead(ctx, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	now := read(t, b.path)
	write(t, b.path, old)
	if _, err := vault.Open(ctx, b.path, vault.ByKeychain(), b.opts); !errors.Is(err, vault.ErrRolledBack) {
		t.Errorf("an old file put back: %v", err)
	}
	write(t, b.path, now)
	deleted, err := vault.Purge(ctx, b.opts.Keyring, v.BookID(), b.path)
	if err != nil || len(deleted) != 4 { // two slots, anchor, index
		t.Errorf("purged %v, %v", deleted, err)
	}
	if _, err := vault.Open(ctx, b.path, vault.ByKeychain(), b.opts); !errors.Is(err, vault.ErrNotInKeyStore) {
		t.Errorf("after the purge: %v", err)
	}
}

func TestSecretServiceLocked(t *testing.T) {
	if !isChild(t) {
		t.Skip("run by TestRealSecretService")
	}
	vault.CheapKDF(t)
	b := sessionBook(t)
	b.opts.Keyring = vault.SystemKeyring(vault.KeyringOptions{Timeout: 2 * time.Second})
	start := time.Now()
	_, err := vault.Open(ctx, b.path, vault.ByKeychain(), b.opts)
	if !errors.Is(err, vault.ErrNoKeyStore) || time.Since(start) > 30*time.Second {
		t.Errorf("a locked key store: %v after %v", err, time.Since(start))
	}
}
