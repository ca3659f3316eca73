package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// emptyWindow is the least that Fyne can show. It says when it was painted.
const emptyWindow = `package main

import (
	"fmt"
	"image"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
)

func main() {
	w := app.NewWithID("app.countinghouse.empty").NewWindow("Empty")
	var once sync.Once
	w.SetContent(canvas.NewRaster(func(x, y int) image.Image {
		once.Do(func() { fmt.Println("painted") })
		return image.NewRGBA(image.Rect(0, 0, x, y))
	}))
	w.Resize(fyne.NewSize(1280, 800))
	w.ShowAndRun()
}
`

// BenchmarkWindow prints how long the window takes until its first screen has
// data, and what memory it holds then, beside an empty Fyne window on the same
// display. The book is the demo with 20,000 orders (COUNTINGHOUSE_BENCH_ORDERS
// says another number), and opens by a key store, as it does for most people.
func BenchmarkWindow(b *testing.B) {
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skipf("%s is not installed", tool)
		}
	}
	orders := "20000"
	if n := os.Getenv("COUNTINGHOUSE_BENCH_ORDERS"); n != "" {
		orders = n
	}
	display := newDisplay(b)
	empty, emptyRSS := measureEmpty(b, display)
	ours, oursRSS := measureOurs(b, display, orders)
	for b.Loop() { // measured above, once
		continue
	}
	b.ReportMetric(empty.Seconds(), "s-empty")
	b.ReportMetric(ours.Seconds(), "s-window")
	b.ReportMetric(ours.Seconds()/empty.Seconds(), "x-start")
	b.ReportMetric((ours - empty).Seconds(), "s-more")
	b.ReportMetric(float64(oursRSS-emptyRSS)/(1<<20), "MB-more")
	b.ReportMetric(0, "ns/op")
	bar := time.Duration(1.5*float64(empty)) + 300*time.Millisecond
	b.Logf("%s orders: first screen after %v (an empty window: %v; bar %v); memory %d MB (an empty window: %d MB; bar 250 MB more)",
		orders, ours.Round(time.Millisecond), empty.Round(time.Millisecond), bar.Round(time.Millisecond), oursRSS>>20, emptyRSS>>20)
}

// starts are how many the best is taken of: the first reads the program from disk.
const starts = 3

// measureEmpty takes the best of the starts, from before the program is loaded
// until it paints for the first time.
func measureEmpty(b *testing.B, display string) (best time.Duration, rss int64) {
	b.Helper()
	dir := b.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte(emptyWindow), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", program, source).CombinedOutput(); err != nil {
		b.Fatalf("build an empty window: %v\n%s", err, out)
	}
	for range starts {
		c := exec.Command(program)
		c.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+dir, noBus, "LP_NUM_THREADS=0")
		out, err := c.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := c.Start(); err != nil {
			b.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		took := time.Since(began)
		if err != nil || strings.TrimSpace(line) != "painted" {
			b.Fatalf("the empty window says %q, %v", line, err)
		}
		if best == 0 || took < best {
			best = took
		}
		rss = residentOf(b, c.Process.Pid)
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	return best, rss
}

// measureOurs makes the demo book once, and takes the best of the starts, from
// before the program is loaded until the first screen has its figures.
func measureOurs(b *testing.B, display, orders string) (best time.Duration, rss int64) {
	b.Helper()
	home := b.TempDir()
	stamp := filepath.Join(home, "began")
	d := open(b, display, start{home: home, wrap: []string{"dbus-run-session", "--", "sh", "-c", fmt.Sprintf(
		`printf 'login' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
env -u %s "$@" demo --headless --orders %s >&2 || exit 1
while :; do date +%%s%%N > '%s'; "$@" & echo $! > '%[3]s.pid'; wait $!; done`, probeSocket, orders, stamp), "sh"}})
	d.wait = 30 * time.Minute // the first sync of the demo
	for range starts {
		d.until("the first screen's data", d.hasData)
		now := time.Now()
		began, err := strconv.ParseInt(readText(b, stamp), 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		pid, err := strconv.Atoi(readText(b, stamp+".pid"))
		if err != nil {
			b.Fatal(err)
		}
		rss = max(rss, residentOf(b, pid))
		took := now.Sub(time.Unix(0, began))
		b.Logf("a start: %v, %d MB", took.Round(time.Millisecond), rss>>20)
		if best == 0 || took < best {
			best = took
		}
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		d.until("the end of the window", func() bool { return residentOr0(pid) == 0 })
	}
	return best, rss
}

// hasData says that the first screen shows its figures.
func (d *driver) hasData() bool {
	return slices.ContainsFunc(d.look().Items, func(i item) bool {
		return strings.HasSuffix(i.Kind, "Tile") && strings.ContainsAny(i.Text, "0123456789")
	})
}

func readText(b *testing.B, path string) string {
	b.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// residentOf is the memory that a process holds, in bytes.
func residentOf(b *testing.B, pid int) int64 {
	b.Helper()
	n := residentOr0(pid)
	if n == 0 {
		b.Skip("this system does not tell what memory a process holds")
	}
	return n
}

func residentOr0(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(data), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}
