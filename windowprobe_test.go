package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"

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
