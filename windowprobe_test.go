package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// The tests start themselves once more as the program: same main, same window,
// and beside it a probe that tells where things stand on the screen, so that no
// test knows a pixel, and how fast the UI goroutine answers.
const (
	asProgram   = "COUNTINGHOUSE_TEST_AS_PROGRAM"
	probeSocket = "COUNTINGHOUSE_TEST_PROBE"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	if path := os.Getenv(probeSocket); path != "" {
		_ = os.Remove(path) // of a program that ended before
		l, err := net.Listen("unix", path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "probe:", err)
			os.Exit(1)
		}
		go serveProbe(l)
	}
	os.Exit(run())
}

// item is something on the screen: what it says and where, in pixels of the
// window.
type item struct {
	Kind       string // Go type
	Text       string
	Hint       string // of an empty entry
	Layer      int    // 0 is the page, above it pop-ups
	X, Y, W, H int    // the part that is not cut off
	Masked     bool
	Disabled   bool
	Focused    bool
}

// sight is all of the window.
type sight struct {
	Items []item
	Top   int // the highest layer
}

// answer is how long the UI goroutine took to begin what was posted to it, and
// what of that is this machine's: its thread stood in the queue for a processor,
// or OpenGL painted without a graphics card, as under Xvfb.
type answer struct {
	Gap, Queued, Painted time.Duration
	Doing                string // what else it was seen doing
}

// own is the part that is the program's.
func (a answer) own() time.Duration { return max(a.Gap-a.Queued-a.Painted, 0) }

// answers are all of a while.
type answers struct {
	List   []answer
	Noisy  int           // moments that do not count, as the machine itself was late
	Stalls time.Duration // longest delay of the control
}

func serveProbe(l net.Listener) {
	var watch *watcher
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		var op string
		if json.NewDecoder(conn).Decode(&op) == nil {
			var answer any
			switch op {
			case "look":
				s := sight{}
				fyne.DoAndWait(func() { s = lookAround() })
				answer = s
			case "watch":
				watch = startWatch()
				answer = answers{}
			case "watched":
				answer = watch.end()
			}
			_ = json.NewEncoder(conn).Encode(answer)
		}
		conn.Close()
	}
}

// lookAround lists what stands in the window. UI goroutine.
func lookAround() (s sight) {
	windows := fyne.CurrentApp().Driver().AllWindows()
	if len(windows) == 0 || windows[0].Content() == nil {
		return s
	}
	c := windows[0].Canvas()
	if size := windows[0].Content().Size(); c.Size().Width < 800 || c.Size().Width-size.Width > 40 {
		return s // not laid out yet: everything would stand in a corner
	}
	l := looker{s: &s, c: c, scale: c.Scale()}
	whole := box{0, 0, c.Size().Width, c.Size().Height}
	l.walk(windows[0].Content(), whole)
	for i, o := range c.Overlays().List() {
		l.layer, s.Top = i+1, i+1
		l.walk(o, whole)
	}
	return s
}

type box struct{ x1, y1, x2, y2 float32 }

type looker struct {
	s     *sight
	c     fyne.Canvas
	scale float32
	layer int
}

func (l looker) walk(o fyne.CanvasObject, clip box) {
	if o == nil || !o.Visible() {
		return
	}
	at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	seen := box{max(clip.x1, at.X), max(clip.y1, at.Y), min(clip.x2, at.X+size.Width), min(clip.y2, at.Y+size.Height)}
	l.note(o, seen)
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			l.walk(c, clip)
		}
	case *container.Scroll:
		for _, c := range test.WidgetRenderer(o).Objects() {
			l.walk(c, seen)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			l.walk(c, clip)
		}
	}
}

// note keeps what has words and is not cut away.
func (l looker) note(o fyne.CanvasObject, b box) {
	if b.x2-b.x1 < 2 || b.y2-b.y1 < 2 {
		return
	}
	i := item{Kind: strings.TrimPrefix(reflect.TypeOf(o).String(), "*"), Layer: l.layer}
	switch o := o.(type) {
	case *canvas.Text:
		i.Text = o.Text
	case fyne.Widget:
		if a, ok := o.(interface{ AccessibilityLabel() string }); ok {
			i.Text = a.AccessibilityLabel()
		}
		v := reflect.ValueOf(o).Elem()
		word := func(name string) string {
			if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.String {
				return f.String()
			}
			return ""
		}
		i.Text, i.Hint = cmp.Or(i.Text, word("Text")), word("PlaceHolder")
		if f := v.FieldByName("Password"); f.IsValid() && f.Kind() == reflect.Bool {
			i.Masked = f.Bool()
		}
		if d, ok := o.(fyne.Disableable); ok {
			i.Disabled = d.Disabled()
		}
		if f, ok := o.(fyne.Focusable); ok {
			i.Focused = l.c.Focused() == f
		}
	default:
		return
	}
	if i.Masked {
		i.Text = "" // a secret stays in the window
	}
	i.X, i.Y = int(b.x1*l.scale), int(b.y1*l.scale)
	i.W, i.H = int((b.x2-b.x1)*l.scale), int((b.y2-b.y1)*l.scale)
	l.s.Items = append(l.s.Items, i)
}

// watcher posts to the UI goroutine all the time, as clicks and keys do, and
// measures how long each waits. A control goroutine measures at the same time
// how late this machine wakes a thread that asks for nothing: a moment at which
// the control was late says nothing about the program.
type watcher struct {
	stop   atomic.Bool
	wait   sync.WaitGroup
	result answers

	mu      sync.Mutex
	late    []span    // when the control was
	pending time.Time // of the post that waits now
	seen    []string  // what the UI goroutine was doing meanwhile
}

type span struct{ from, to time.Time }

const (
	quietly    = 15 * time.Millisecond // how late the control may be
	sampleFrom = 20 * time.Millisecond // waits longer than this are looked into
	sampleStep = 7 * time.Millisecond
)

func startWatch() *watcher {
	w := &watcher{}
	for _, loop := range []func(){w.control, w.sample, w.measure} {
		w.wait.Go(func() {
			for !w.stop.Load() {
				loop()
			}
		})
	}
	return w
}

func (w *watcher) control() {
	const nap = 3 * time.Millisecond
	from := time.Now()
	time.Sleep(nap)
	to := time.Now()
	if by := to.Sub(from) - nap; by > quietly {
		w.mu.Lock()
		w.late = append(w.late, span{from, to})
		w.result.Stalls = max(w.result.Stalls, by)
		w.mu.Unlock()
	}
}

func (w *watcher) measure() {
	queued, from := queuedFor(), time.Now()
	w.mu.Lock()
	w.pending, w.seen = from, nil
	w.mu.Unlock()
	ran := make(chan time.Time, 1)
	fyne.Do(func() { ran <- time.Now() })
	to := <-ran
	a := answer{Gap: to.Sub(from), Queued: queuedFor() - queued}
	w.mu.Lock()
	w.pending = time.Time{}
	paints := 0
	for _, s := range w.seen {
		if s == painting {
			paints++
		} else {
			a.Doing = s
		}
	}
	if n := time.Duration(len(w.seen)); n > 0 {
		a.Painted = a.Gap * time.Duration(paints) / n
		a.Queued = a.Queued * (n - time.Duration(paints)) / n // what lies in the painting counts there
	}
	w.mu.Unlock()
	time.Sleep(time.Duration(1+rand.IntN(6)) * time.Millisecond) // the control ends its own
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wasLate(from, to) {
		w.result.Noisy++
	} else {
		w.result.List = append(w.result.List, a)
	}
}

func (w *watcher) wasLate(from, to time.Time) bool {
	for i := len(w.late) - 1; i >= 0 && w.late[i].to.After(from); i-- {
		if w.late[i].from.Before(to) {
			return true
		}
	}
	return false
}

// sample looks what the UI goroutine does while something waits for it.
func (w *watcher) sample() {
	time.Sleep(sampleStep)
	w.mu.Lock()
	since := w.pending
	w.mu.Unlock()
	if since.IsZero() || time.Since(since) < sampleFrom {
		return
	}
	doing := whatTheWindowDoes()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == since {
		w.seen = append(w.seen, doing)
	}
}

const painting = "painting in software"

// whatTheWindowDoes reads the stack of the first goroutine, which is the UI's.
func whatTheWindowDoes() string {
	buf := make([]byte, 1<<20)
	text := string(buf[:runtime.Stack(buf, true)])
	_, text, _ = strings.Cut(text, "goroutine 1 [")
	text, _, _ = strings.Cut(text, "\n\n")
	if strings.Contains(text, "glfwSwapBuffers") || strings.Contains(text, "/internal/gl.") || strings.Contains(text, "gl.(*coreContext)") {
		return painting
	}
	var calls []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "countinghouse/") && !strings.HasPrefix(line, "\t") && len(calls) < 6 {
			calls = append(calls, strings.TrimSpace(line[:max(strings.LastIndex(line, "("), 0)]))
		}
	}
	if len(calls) == 0 {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "\t") && len(calls) < 8 {
				calls = append(calls, strings.TrimSpace(line))
			}
		}
	}
	return strings.Join(calls, " < ")
}

func (w *watcher) end() answers {
	w.stop.Store(true)
	w.wait.Wait()
	return w.result
}

// queuedFor is how long the window's thread, which is the process's first, has
// stood in the queue for a processor; always 0 where the system does not tell.
func queuedFor() time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", os.Getpid()))
	if err != nil {
		return 0
	}
	var ran, waited int64
	if _, err := fmt.Sscan(string(data), &ran, &waited); err != nil {
		return 0
	}
	return time.Duration(waited)
}
