package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// press is what all widgets that can be pressed share: mouse, keys, focus. The
// focus ring shows for the keyboard only; a click leaves none behind.
type press struct {
	widget.BaseWidget

	// OnTapped runs on a click, Enter or Space.
	OnTapped func()

	label    string // for screen readers
	hovered  bool
	ring     bool
	mouse    bool
	disabled bool
}

// Tapped implements fyne.Tappable.
func (p *press) Tapped(*fyne.PointEvent) { p.act() }

func (p *press) act() {
	if p.OnTapped != nil && !p.disabled {
		p.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (p *press) FocusGained() {
	if p.ring = !p.mouse; p.ring {
		reveal() // under the mouse nothing moves
	}
	p.Refresh()
}

// FocusLost implements fyne.Focusable.
func (p *press) FocusLost() { p.ring = false; p.Refresh() }

// TypedRune implements fyne.Focusable.
func (p *press) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (p *press) TypedKey(e *fyne.KeyEvent) {
	if passKey(e) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.act()
	}
}

// MouseDown implements desktop.Mouseable.
func (p *press) MouseDown(*desktop.MouseEvent) { p.mouse = true }

// MouseUp implements desktop.Mouseable.
func (p *press) MouseUp(*desktop.MouseEvent) { p.mouse = false }

// MouseIn implements desktop.Hoverable.
func (p *press) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *press) MouseOut() { p.hovered = false; p.Refresh() }

// Cursor implements desktop.Cursorable.
func (p *press) Cursor() desktop.Cursor {
	if p.disabled || p.OnTapped == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Enable implements fyne.Disableable.
func (p *press) Enable() { p.disabled = false; p.Refresh() }

// Disable implements fyne.Disableable.
func (p *press) Disable() { p.disabled = true; p.Refresh() }

// Disabled implements fyne.Disableable.
func (p *press) Disabled() bool { return p.disabled }

// AccessibilityLabel implements fyne.Accessible.
func (p *press) AccessibilityLabel() string { return p.label }

// AccessibilityRole implements fyne.Accessible.
func (p *press) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// view is a renderer made of functions, for widgets that place a few fixed
// objects: dress sets texts and colours, place puts them into a size.
type view struct {
	objects []fyne.CanvasObject
	min     func() fyne.Size
	dress   func()
	place   func(fyne.Size)
	size    fyne.Size
}

func newView(min func() fyne.Size, dress func(), place func(fyne.Size), objects ...fyne.CanvasObject) *view {
	v := &view{objects: objects, min: min, dress: dress, place: place}
	dress()
	return v
}

func (v *view) Destroy()                     {}
func (v *view) Objects() []fyne.CanvasObject { return v.objects }
func (v *view) MinSize() fyne.Size           { return v.min() }
func (v *view) Layout(s fyne.Size)           { v.size = s; v.place(s) }

func (v *view) Refresh() {
	v.dress()
	v.place(v.size)
	for _, o := range v.objects {
		o.Refresh()
	}
}

// frameOf returns a rectangle for borders and backgrounds.
func frameOf() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }

// dressFrame sets a rectangle's look; a focus ring takes the border's place.
func dressFrame(r *canvas.Rectangle, fill, border color.Color, radius float32, ring bool) {
	r.FillColor, r.StrokeColor, r.StrokeWidth = fill, border, theme.Hairline
	r.CornerRadius = theme.Scaled(radius)
	if ring {
		r.StrokeColor, r.StrokeWidth = theme.Now().Accent, theme.FocusRing
	}
}

// textSize measures a text as it is set.
func textSize(t *canvas.Text) fyne.Size { return theme.Measure(t.Text, t.TextSize, t.TextStyle) }

// setAt places an object; a text gets the font of its script, so that all stand
// on one baseline.
func setAt(o fyne.CanvasObject, x, y, w, h float32) {
	if t, ok := o.(*canvas.Text); ok {
		t.FontSource = theme.FontFor(t.Text, t.TextStyle)
	}
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}
