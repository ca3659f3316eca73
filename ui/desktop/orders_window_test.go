package desktop

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// ordersInWindow puts a screen where the frame has it.
func ordersInWindow(t testing.TB, e *env, s screen, size fyne.Size) {
	t.Helper()
	t.Cleanup(s.close)
	body := container.New(layout.NewCustomPaddedLayout(theme.Header+16, theme.StatusLine+16, theme.Rail+20, 20), s.build())
	w := e.window
	w.SetPadded(false)
	w.SetContent(body)
	w.Resize(fyne.NewSize(size.Width, size.Height-1))
	w.Resize(size)
}

// settle runs what goroutines post until done says so.
func ordersSettle(t testing.TB, q *queue, done func() bool) {
	t.Helper()
	for range 200 {
		if done() {
			return
		}
		q.run(t)
	}
	t.Fatal("the screen did not settle")
}

func ordersShoot(t testing.TB, e *env, name string) {
	t.Helper()
	dir := os.Getenv(shotsDir)
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, e.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// ordersWords collects the texts drawn below an object.
func ordersWords(o fyne.CanvasObject) []string {
	if !o.Visible() {
		return nil
	}
	var out []string
	switch o := o.(type) {
	case *canvas.Text:
		return append(out, o.Text)
	case *fyne.Container:
		for _, child := range o.Objects {
			out = append(out, ordersWords(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			out = append(out, ordersWords(child)...)
		}
	}
	return out
}

func ordersSays(t testing.TB, o fyne.CanvasObject, want ...string) {
	t.Helper()
	all := strings.Join(ordersWords(o), "\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("the screen does not say %q", w)
		}
	}
}

// tapWord presses the button of a word.
func tapWord(t testing.TB, o fyne.CanvasObject, word string) {
	t.Helper()
	var walk func(o fyne.CanvasObject) bool
	walk = func(o fyne.CanvasObject) bool {
		if !o.Visible() {
			return false
		}
		if b, ok := o.(*parts.Button); ok && b.AccessibilityLabel() == word {
			b.OnTapped()
			return true
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				if walk(child) {
					return true
				}
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				if walk(child) {
					return true
				}
			}
		}
		return false
	}
	if !walk(o) {
		t.Fatalf("no button says %q", word)
	}
}
