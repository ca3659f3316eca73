package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// display is a virtual screen with the real window on it, driven by mouse and
// keys.
type display struct {
	t    *testing.T
	name string // ":99"
	dir  string // pictures; kept where COUNTINGHOUSE_SHOTS says
}

func newDisplay(t *testing.T) *display {
	for _, tool := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	w.Close()
	number := make([]byte, 16)
	n, err := r.Read(number)
	if err != nil {
		t.Fatal("the virtual screen did not start:", err)
	}
	d := &display{t: t, name: ":" + strings.TrimSpace(string(number[:n])), dir: os.Getenv("COUNTINGHOUSE_SHOTS")}
	if d.dir == "" {
		d.dir = t.TempDir()
	}
	return d
}

func (d *display) run(name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.name)
	return c.Output()
}

func (d *display) do(args ...string) {
	d.t.Helper()
	if out, err := d.run("xdotool", args...); err != nil {
		d.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// title waits until the window has a title for which ok holds.
func (d *display) title(within time.Duration, what string, ok func(string) bool) {
	d.t.Helper()
	last := ""
	d.until(within, what, func() bool {
		out, err := d.run("xdotool", "search", "--name", "Countinghouse", "getwindowname")
		last = strings.TrimSpace(string(out))
		return err == nil && ok(last)
	}, func() string { return "title: " + last })
}

func (d *display) until(within time.Duration, what string, ok func() bool, more func() string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), within)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			d.picture("failed")
			d.t.Fatalf("waited %v for: %s; %s", within, what, more())
		}
	}
}

func (d *display) picture(step string) image.Image {
	d.t.Helper()
	data, err := d.run("import", "-window", "root", "png:-")
	if err != nil {
		d.t.Fatal("picture:", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		d.t.Fatal("picture:", err)
	}
	os.WriteFile(filepath.Join(d.dir, "window-"+step+".png"), data, 0o600)
	return img
}

// changes does something and waits until the window looks otherwise.
func (d *display) changes(step string, do func()) {
	d.t.Helper()
	before := d.settled()
	do()
	d.until(20*time.Second, step+" changes the window", func() bool { return share(before, d.picture(step)) > 0.01 },
		func() string { return "it looks as before" })
}

// settled waits until two pictures in a row are the same: nothing loads any
// more, so that what changes next is an answer to what is done next.
func (d *display) settled() image.Image {
	d.t.Helper()
	last := d.picture("settling")
	d.until(60*time.Second, "a window at rest", func() bool {
		next := d.picture("settling")
		same := share(last, next) < 0.0005 // a blinking cursor
		last = next
		return same
	}, func() string { return "it goes on changing" })
	return last
}

// screen presses a key and waits until the rail marks that entry, and no other
// part of the window is asked.
func (d *display) screen(name, key string, place int) {
	d.t.Helper()
	entry := image.Rect(0, 48+32*place, 4, 80+32*place) // the bar at its left
	before := crop(d.settled(), entry)
	d.do("key", key)
	d.until(20*time.Second, key+" marks "+name+" in the rail", func() bool { return share(before, crop(d.picture(name), entry)) > 0.3 },
		func() string { return "its entry looks as before" })
	d.settled()
	d.picture(name)
}

func crop(img image.Image, r image.Rectangle) image.Image {
	return img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(r)
}

// colours counts the colours of a picture: a blank window has few.
func colours(img image.Image) int {
	seen := map[color.Color]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 2 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 2 {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

// share is how much of two pictures of one size differs.
func share(a, b image.Image) float64 {
	n, other := 0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y += 2 {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x += 2 {
			n++
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			if ar != br || ag != bg || ab != bb {
				other++
			}
		}
	}
	return float64(other) / float64(n)
}

func (d *display) open(binary string, args ...string) *exec.Cmd {
	d.t.Helper()
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.name, "COUNTINGHOUSE_NO_KEYCHAIN=1", "LANG=en_US.UTF-8", "LC_ALL=en_US.UTF-8")
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { c.Process.Kill() })
	return c
}

// quit asks the program to end, as a log-out does, and waits for it.
func (d *display) quit(c *exec.Cmd) {
	d.t.Helper()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			d.t.Error("the window ended with", err)
		}
	case <-time.After(30 * time.Second):
		d.t.Fatal("the window does not end")
	}
}

// TestTheRealWindow opens the window as a newcomer does: the demo by its door,
// then a book by its passphrase, its screens by keys, locked and unlocked.
// What it left is checked with the verbs of the terminal.
func TestTheRealWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	d := newDisplay(t)
	binary := filepath.Join(t.TempDir(), "countinghouse")
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Run("first start", func(t *testing.T) {
		d.t = t
		home := t.TempDir()
		c := d.open(binary, "--home", home, "--no-keychain", "window", "--orders", "300", "--days", "60")
		d.title(30*time.Second, "the window", func(s string) bool { return s == "Countinghouse" })
		d.until(20*time.Second, "the first start", func() bool { return colours(d.picture("first-start")) > 20 },
			func() string { return "the window is blank" })
		d.changes("door", func() { d.do("mousemove", "240", "423", "click", "1") })
		d.title(60*time.Second, "the demo syncs", func(s string) bool { return strings.Contains(s, "Syncing") })
		d.title(90*time.Second, "the demo is filled", func(s string) bool { return s == "Demo - Countinghouse" })
		d.picture("demo")
		d.quit(c)
		if info, err := os.Stat(filepath.Join(home, "books", "Demo", "book.db")); err != nil || info.Size() < 100_000 {
			t.Error("the demo book:", info, err)
		}
	})
	t.Run("a book", func(t *testing.T) {
		d.t = t
		testBookInWindow(t, d, binary)
	})
}

func testBookInWindow(t *testing.T, d *display, binary string) {
	home := t.TempDir()
	const pass = "correct horse battery"
	file := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(file, []byte(pass+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	verb := func(args ...string) []byte {
		t.Helper()
		c := exec.Command(binary, append([]string{"--home", home, "--no-keychain", "--passphrase-file", file}, args...)...)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, stderr.String())
		}
		return out
	}
	verb("demo", "--headless", "--orders", "300", "--days", "60")
	before := verb("--json", "status")
	c := d.open(binary, "--home", home, "--no-keychain")
	d.title(30*time.Second, "the window", func(s string) bool { return s == "Countinghouse" })
	d.until(20*time.Second, "the page to unlock", func() bool { return colours(d.picture("unlock")) > 20 },
		func() string { return "the window is blank" })
	d.do("mousemove", "640", "700")
	d.changes("unlocked", func() { d.do("type", "--delay", "30", pass); d.do("key", "Return") })
	d.title(30*time.Second, "the book", func(s string) bool { return s == "Demo - Countinghouse" })
	for i, name := range []string{"orders", "inventory", "profit", "settlements", "privacy", "settings", "overview"} {
		place := (i + 1) % 7
		d.screen(name, fmt.Sprintf("ctrl+%d", place+1), place)
	}
	d.changes("locked", func() { d.do("key", "ctrl+l") })
	rail := image.Rect(0, 0, 170, 600) // empty while locked
	hidden := crop(d.settled(), rail)
	d.do("type", "--delay", "30", pass)
	d.do("key", "Return")
	d.until(30*time.Second, "the rail is back", func() bool { return share(hidden, crop(d.picture("unlocked-again"), rail)) > 0.5 },
		func() string { return "the page still hides the book" })
	d.quit(c)
	verb("verify")
	if after := verb("--json", "status"); !sameOrders(t, before, after) {
		t.Errorf("looking changed the book:\n%s\n%s", before, after)
	}
}

// sameOrders compares what two statuses say of the orders.
func sameOrders(t *testing.T, a, b []byte) bool {
	t.Helper()
	var was, is struct {
		Connections json.RawMessage `json:"connections"`
	}
	if err := json.Unmarshal(a, &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &is); err != nil {
		t.Fatal(err)
	}
	return len(was.Connections) > 0 && bytes.Equal(was.Connections, is.Connections)
}
