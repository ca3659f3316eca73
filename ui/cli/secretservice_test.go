package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keyStoreScript lives through a book's life with a real key store. items is an
// independent witness: it asks the key store itself what it holds.
const keyStoreScript = `
gnome-keyring-daemon --unlock --components=secrets >/dev/null
set -e
items() {
	dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/aliases/default \
		org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Items | grep -c 'object path' || true
}
echo "items at first: $(items)"
countinghouse --home home create Shop --recovery-out code </dev/null
echo "items with one book: $(items)"
countinghouse --home home vault slots
countinghouse --home home vault confirm-recovery --recovery-code-file code
countinghouse --home home vault key </dev/null || echo "key without proof: exit $?"
countinghouse --home home --recovery-file code vault key >/dev/null && echo "key with the recovery code: shown"
countinghouse --home home vault add passphrase --new-passphrase-file pass
countinghouse --home home --passphrase-file pass status >/dev/null && echo "passphrase: opens"
cp home/books/Shop/book.keys older
countinghouse --home home vault recovery --out code2
cp home/books/Shop/book.keys newer
cp older home/books/Shop/book.keys
countinghouse --home home status >/dev/null || echo "older key file: exit $?"
countinghouse --home home --accept-older status >/dev/null && echo "older key file, accepted: opens"
cp newer home/books/Shop/book.keys
countinghouse --home home create Other --recovery-out code3 </dev/null
echo "items with two books: $(items)"
countinghouse --home home --book Shop wipe --confirm Shop
echo "items after the wipe: $(items)"
countinghouse --home home status >/dev/null && echo "the other book: opens"
countinghouse --home home wipe --confirm Other >/dev/null
echo "items at last: $(items)"
`

func TestRealKeyStore(t *testing.T) {
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon", "dbus-send"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs dbus and gnome-keyring:", err)
		}
	}
	dir, err := os.MkdirTemp("", "cli") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, sub := range []string{"data", "config", "cache", "run"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "pass"), []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dbus-run-session", "--", "sh", "-c", keyStoreScript)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+filepath.Join(dir, "data"), "XDG_CONFIG_HOME="+filepath.Join(dir, "config"),
		"XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "XDG_RUNTIME_DIR="+filepath.Join(dir, "run"), "DISPLAY=", "WAYLAND_DISPLAY=")
	cmd.Stdin = strings.NewReader("login password")
	raw, err := cmd.CombinedOutput()
	out := string(raw)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"items at first: 0\n", "opened by this one", "The recovery code is right", "key without proof: exit 2\n",
		"key with the recovery code: shown\n", "passphrase: opens\n", "older key file: exit 3\n", "older key file, accepted: opens\n",
		"Key store: items removed", "the other book: opens\n", "items at last: 0\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("missing: %q", want)
		}
	}
	one, two, after := counted(out, "items with one book: "), counted(out, "items with two books: "), counted(out, "items after the wipe: ")
	if one == "0" || one == "" || two == one || after != one {
		t.Errorf("items: %s with one book, %s with two, %s after the wipe of the first", one, two, after)
	}
	if t.Failed() {
		t.Log(out)
	}
}

func counted(out, label string) string {
	_, rest, _ := strings.Cut(out, label)
	n, _, _ := strings.Cut(rest, "\n")
	return n
}
