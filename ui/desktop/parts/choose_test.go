package parts_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
)

// TestEscIsTheWindows: whatever has the focus, Esc reaches the window; all other
// keys are the widget's own.
func TestEscIsTheWindows(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	w.Resize(fyne.NewSize(300, 200))
	words := parts.NewSelect([]string{"a", "b"}, nil)
	rows := parts.NewList(func() int { return 3 }, func() fyne.CanvasObject { return parts.NewLabel("", 13, parts.Normal) }, func(int, fyne.CanvasObject) {})
	day := parts.NewDateEntry()
	for name, o := range map[string]interface {
		fyne.Widget
		fyne.Focusable
	}{"select": words, "list": rows, "day": day, "entry": parts.NewEntry(), "check": parts.NewCheck("x", nil)} {
		w.SetContent(o)
		heard := 0
		w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) {
			if k.Name == fyne.KeyEscape {
				heard++
			}
		})
		w.Canvas().Focus(o)
		o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		if heard != 1 {
			t.Errorf("%s: the window heard Esc %d times, want once", name, heard)
		}
	}
	if words.Selected != "a" {
		t.Errorf("the arrow chose %q", words.Selected)
	}
}
