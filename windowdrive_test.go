package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"countinghouse/ui/i18n"
)

// words are the window's, so that a changed word changes no test.
var words = i18n.For("en").T

// newDisplay starts a virtual screen of its own.
func newDisplay(t testing.TB) string {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// Without -noreset it begins anew whenever its last client goes, and refuses
	// whoever comes meanwhile.
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
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
	return ":" + strings.TrimSpace(string(number[:n]))
}

// driver is a person in front of the window: he looks, presses and types with
// mouse and keys (xdotool), and waits for what he sees, never for a time.
type driver struct {
	t       testing.TB
	display string
	dir     string // of the socket, and of the pictures
	cmd     *exec.Cmd
	ended   chan error
	quitted bool
	stderr  bytes.Buffer
	home    string
	wait    time.Duration // for a state; patience
}

// start says how a window is started.
type start struct {
	home string   // empty: a new one
	env  []string // more of it
	wrap []string // a command that runs the program
	args []string
}

// open starts the program on a display of its own. It ends with the test.
func open(t testing.TB, display string, s start) *driver {
	t.Helper()
	if s.home == "" {
		s.home = t.TempDir()
	}
	dir, err := os.MkdirTemp("", "ch") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{".cache", ".config", "run"} { // as every home has them
		if err := os.MkdirAll(filepath.Join(s.home, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d := &driver{t: t, display: display, dir: dir, home: s.home, wait: patience, ended: make(chan error, 1)}
	line := append(append(s.wrap, testBinary(t), "--home", s.home), s.args...)
	d.cmd = exec.Command(line[0], line[1:]...)
	d.cmd.Env = append(programEnv(), "DISPLAY="+display, "HOME="+s.home, "XDG_RUNTIME_DIR="+filepath.Join(s.home, "run"), probeSocket+"="+filepath.Join(dir, "probe"), "LP_NUM_THREADS=0")
	d.cmd.Env = append(d.cmd.Env, s.env...)
	d.cmd.Stderr = &d.stderr
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with what wraps it
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { d.ended <- d.cmd.Wait() }()
	t.Cleanup(func() {
		if t.Failed() && !d.quitted {
			d.picture("failed")
			t.Logf("the program said: %s", d.stderr.String())
		}
		_ = syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL)
		os.RemoveAll(dir)
	})
	return d
}

func testBinary(t testing.TB) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

// noBus keeps a program from starting a session bus that outlives it.
const noBus = "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"

func programEnv() []string {
	env := slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "WAYLAND_DISPLAY=") })
	return append(env, asProgram+"=1", noBus, "LANG=en_US.UTF-8", "LC_ALL=en_US.UTF-8")
}

// verb runs the program in the terminal and returns what it prints.
func verb(t testing.TB, home string, args ...string) []byte {
	t.Helper()
	c := exec.Command(testBinary(t), append([]string{"--home", home, "--no-keychain"}, args...)...)
	c.Env = programEnv()
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	return out
}

// patience is far more than anything here takes, for slow machines: it ends a
// test that hangs, and judges nothing.
const patience = 4 * time.Minute

// until waits for a state; on giving up it keeps a picture and tells what is on
// the screen instead.
func (d *driver) until(what string, ok func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), d.wait)
	defer cancel()
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case err := <-d.ended:
			d.t.Fatalf("%s: the program ended: %v\n%s", what, err, d.stderr.String())
		case <-ctx.Done():
			d.t.Fatalf("waited for: %s; the screen says: %s", what, d.said())
		}
	}
}

// ask asks the probe in the program.
func (d *driver) ask(op string, answer any) error {
	conn, err := net.Dial("unix", filepath.Join(d.dir, "probe"))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := json.NewEncoder(conn).Encode(op); err != nil {
		return err
	}
	return json.NewDecoder(conn).Decode(answer)
}

func (d *driver) look() (s sight) {
	_ = d.ask("look", &s) // a window that is not there yet shows nothing
	return s
}

// said is all words on the screen.
func (d *driver) said() string {
	var list []string
	for _, i := range d.look().Items {
		if i.Text != "" && (len(list) == 0 || list[len(list)-1] != i.Text) {
			list = append(list, i.Text)
		}
	}
	return strings.Join(list, " | ")
}

// find waits for something that fits, in the highest layer, and that stands
// still: a window that is being laid out moves under the mouse.
func (d *driver) find(what string, fits func(item) bool) (found item) {
	d.t.Helper()
	var last item
	d.until(what, func() bool {
		s := d.look()
		for _, i := range s.Items {
			if i.Layer == s.Top && fits(i) {
				same := i == last
				found, last = i, i
				return same
			}
		}
		last = item{}
		return false
	})
	return found
}

func says(text string) func(item) bool {
	return func(i item) bool { return strings.TrimSpace(i.Text) == strings.TrimSpace(text) && !i.Disabled }
}

// sees waits for words anywhere on the screen.
func (d *driver) sees(text string) {
	d.t.Helper()
	d.until("the words "+strconv.Quote(text), func() bool {
		return slices.ContainsFunc(d.look().Items, func(i item) bool { return strings.Contains(i.Text, text) })
	})
}

func (d *driver) gone(text string) {
	d.t.Helper()
	d.until("no more "+strconv.Quote(text), func() bool {
		s := d.look()
		return len(s.Items) > 0 && !slices.ContainsFunc(s.Items, func(i item) bool { return strings.Contains(i.Text, text) })
	})
}

// page waits until no pop-up covers the page.
func (d *driver) page() {
	d.t.Helper()
	d.until("no pop-up", func() bool { s := d.look(); return len(s.Items) > 0 && s.Top == 0 })
}

func (d *driver) do(args ...string) {
	d.t.Helper()
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.display)
	if out, err := c.CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// click presses the mouse in the middle of something.
func (d *driver) click(i item) {
	d.t.Helper()
	x := i.X + i.W/2
	if strings.HasSuffix(i.Kind, "Check") || strings.HasSuffix(i.Kind, "radioItem") {
		x = i.X + 14 // they reach across the page, and answer where their words are
	}
	d.do("mousemove", strconv.Itoa(x), strconv.Itoa(i.Y+i.H/2))
	d.look() // the window has seen the pointer come
	d.do("click", "1")
}

// aim finds something and puts the pointer on it; what has moved meanwhile is
// aimed at again.
func (d *driver) aim(what string, fits func(item) bool) item {
	d.t.Helper()
	for {
		i := d.find(what, fits)
		d.do("mousemove", strconv.Itoa(i.X+i.W/2), strconv.Itoa(i.Y+i.H/2))
		if again := d.find(what, fits); again.X == i.X && again.Y == i.Y {
			return i
		}
	}
}

// screen goes to a screen by its entry in the rail.
func (d *driver) screen(id string) {
	d.t.Helper()
	fits := func(i item) bool { return i.Kind == "parts.railEntry" && strings.HasPrefix(i.Text, words("frame."+id)) }
	d.click(d.aim("the entry of "+id, fits))
}

// press finds what carries these words and clicks it. The last one counts where
// there are several: what lies inside says the same.
func (d *driver) press(text string) {
	d.t.Helper()
	d.click(d.aim(strconv.Quote(text)+" to press", says(text)))
}

func (d *driver) key(keys ...string) {
	d.t.Helper()
	d.do(append([]string{"key", "--delay", "20"}, keys...)...)
}

// types writes into the entry that has the focus, and sees it arrive.
func (d *driver) types(text string) {
	d.t.Helper()
	focused := func(i item) bool { return i.Focused }
	entry := d.find("an entry with the focus", focused)
	d.do("type", "--delay", "12", text)
	if !entry.Masked {
		d.until("the typed "+strconv.Quote(text), func() bool {
			return slices.ContainsFunc(d.look().Items, func(i item) bool { return i.Focused && strings.HasSuffix(i.Text, text) })
		})
	}
}

// fill clicks the entry that a hint or a label above it names, and types.
func (d *driver) fill(n int, text string) {
	d.t.Helper()
	var clicked item
	d.until("the focus in entry "+strconv.Itoa(n), func() bool {
		entry := d.entry(n)
		if entry.Focused {
			return true
		}
		if entry.X != clicked.X || entry.Y != clicked.Y { // it moved away from the mouse
			clicked = entry
			d.click(entry)
		}
		return false
	})
	d.key("ctrl+a") // what stands there is replaced
	d.types(text)
}

// entry is the n-th entry of the highest layer, from the top.
func (d *driver) entry(n int) item {
	d.t.Helper()
	seen := -1
	var found item
	d.until(fmt.Sprintf("entry %d", n), func() bool {
		s := d.look()
		seen = -1
		for _, i := range s.Items {
			if i.Layer == s.Top && strings.HasSuffix(i.Kind, "Entry") && i.Kind != "parts.railEntry" && !i.Disabled {
				if seen++; seen == n {
					same := i == found
					found = i // moved, or changed its focus: once more
					return same
				}
			}
		}
		return false
	})
	return found
}

// title waits until the window's title is this.
func (d *driver) title(want string) {
	d.t.Helper()
	d.until("the title "+strconv.Quote(want), func() bool { return d.titled() == want })
}

// syncs waits until a book's first sync goes on, or is over: a small one may be,
// before a slow machine looks.
func (d *driver) syncs(book string) {
	d.t.Helper()
	d.until("the sync of "+book, func() bool {
		title := d.titled()
		return title == book+" - "+words("frame.syncing")+" - Countinghouse" || title == book+" - Countinghouse" && d.hasData()
	})
}

func (d *driver) titled() string {
	c := exec.Command("xdotool", "search", "--name", "Countinghouse", "getwindowname")
	c.Env = append(os.Environ(), "DISPLAY="+d.display)
	out, _ := c.Output() // a window that is not there yet has no title
	return strings.TrimSpace(string(out))
}

// picture keeps a step's picture: in memory of the test, written when it fails,
// or at once where COUNTINGHOUSE_SHOTS is set.
func (d *driver) picture(step string) {
	d.t.Helper()
	c := exec.Command("import", "-window", "root", "png:-")
	c.Env = append(os.Environ(), "DISPLAY="+d.display)
	data, err := c.Output()
	if err != nil {
		d.t.Log("no picture:", err)
		return
	}
	dir, always := os.LookupEnv("COUNTINGHOUSE_SHOTS")
	t := d.t
	t.Cleanup(func() {
		if !always {
			dir = os.TempDir()
		}
		if always || t.Failed() {
			name := filepath.Join(dir, "window-"+strings.ReplaceAll(t.Name(), "/", "-")+"-"+step+".png")
			if os.WriteFile(name, data, 0o600) == nil {
				t.Log("picture:", name)
			}
		}
	})
}

// quit ends the program as a log-out does, and waits for it.
func (d *driver) quit() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	d.ends()
}

// shut closes the window as its cross does, and waits for the program.
func (d *driver) shut() {
	d.t.Helper()
	if err := closeWindow(d.display); err != nil {
		d.t.Fatal("close the window:", err)
	}
	d.ends()
}

func (d *driver) ends() {
	d.t.Helper()
	d.quitted = true
	select {
	case err := <-d.ended:
		if err != nil {
			d.t.Errorf("the window ended with %v\n%s", err, d.stderr.String())
		}
	case <-time.After(patience):
		d.t.Fatal("the window does not end")
	}
}
