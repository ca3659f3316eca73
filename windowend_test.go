package main

import (
	"strings"
	"testing"
)

// TestTheWindowEndsOnASignal ends the window at the moments that matter: before
// its loop runs, while the first page is drawn, with a book open, and while the
// demo syncs.
func TestTheWindowEndsOnASignal(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real window")
	}
	display := newDisplay(t)
	begun := func(d *driver) { // Fyne shows the window before it serves it
		d.until("a window", func() bool { return strings.Contains(d.titled(), "Countinghouse") })
	}
	for range 3 {
		d := open(t, display, start{args: []string{"--no-keychain"}})
		begun(d)
		d.quit()
	}
	d := open(t, display, start{args: []string{"--no-keychain"}})
	d.sees(words("first.promise"))
	d.quit()

	home := t.TempDir()
	demo := []string{"--no-keychain", "demo", "--orders", "50", "--days", "5"}
	d = open(t, display, start{home: home, args: demo})
	d.syncs("Demo")
	d.quit()
	d = open(t, display, start{home: home, args: demo})
	d.title("Demo - Countinghouse")
	d.quit()
}
