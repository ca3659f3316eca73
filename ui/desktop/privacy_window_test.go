package desktop

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
)

// eachOn walks all that the top modal, or else the window, shows.
func eachOn(e *env, f func(fyne.CanvasObject)) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		f(o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	if top := e.window.Canvas().Overlays().Top(); top != nil {
		walk(top)
		return
	}
	walk(e.window.Content())
}

// press presses the button of that word.
func press(t *testing.T, e *env, word string) {
	t.Helper()
	var found *parts.Button
	eachOn(e, func(o fyne.CanvasObject) {
		if b, ok := o.(*parts.Button); ok && strings.TrimSpace(b.AccessibilityLabel()) == word {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("no button %q; shown: %s", word, textOn(e))
	}
	test.Tap(found)
}

// typeInto replaces the text of the first entry.
func typeInto(t *testing.T, e *env, text string) {
	t.Helper()
	var found *parts.Entry
	eachOn(e, func(o fyne.CanvasObject) {
		if entry, ok := o.(*parts.Entry); ok && found == nil {
			found = entry
		}
	})
	if found == nil {
		t.Fatal("no entry")
	}
	found.SetText(text)
}

// textOn is all text that is shown.
func textOn(e *env) string {
	var b strings.Builder
	eachOn(e, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			b.WriteString(o.Text + "\n")
		case *parts.Paragraph:
			b.WriteString(o.Text + "\n")
		case *widget.Label:
			b.WriteString(o.Text + "\n")
		}
	})
	return b.String()
}

func closeModals(e *env) {
	for top := e.window.Canvas().Overlays().Top(); top != nil; top = e.window.Canvas().Overlays().Top() {
		e.window.Canvas().Overlays().Remove(top)
	}
}

// eachChip walks the chips that are shown, with their words.
func eachChip(e *env, f func(c *parts.Chip, word string)) {
	eachOn(e, func(o fyne.CanvasObject) {
		if c, ok := o.(*parts.Chip); ok {
			f(c, strings.TrimSpace(c.AccessibilityLabel()))
		}
	})
}
