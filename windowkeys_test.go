package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheKeyStoreOpensTheWindow makes a book that this computer's key store
// opens, in a session bus with a key store of its own, and starts the window
// again: the book is there without a question, and the key store alone opens it.
func TestTheKeyStoreOpensTheWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real window")
	}
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	home := t.TempDir()
	session := func(args ...string) start {
		return start{home: home, args: args, wrap: []string{"dbus-run-session", "--", "sh", "-c",
			`printf 'login' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"`, "sh"}}
	}
	display := newDisplay(t)
	d := open(t, display, session())
	d.title("Countinghouse")
	d.press(words("first.files_do"))
	d.fill(0, "Kept")
	d.press(words("first.make")) // the key store is what is proposed
	d.press(words("first.later"))
	d.title("Kept - Countinghouse")
	d.picture("made")
	d.shut()

	d = open(t, display, session())
	d.title("Kept - Countinghouse")
	d.picture("opened")
	d.shut()

	// Without the key store the same book asks.
	d = open(t, display, start{home: home, args: []string{"--no-keychain"}})
	d.sees(words("unlock.recovery"))
	d.picture("asked")
	d.quit()
	keys, err := os.ReadFile(filepath.Join(home, "books", "Kept", "book.keys"))
	if err != nil || !strings.Contains(string(keys), "keychain") {
		t.Errorf("the key file names no key store: %v", err)
	}
}
