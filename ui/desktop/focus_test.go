package desktop

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// spot is an object on screen: where it is, what part of it can be seen, and
// the objects it lies in, the outermost first.
type spot struct {
	o      fyne.CanvasObject
	at     area
	seen   area
	within []spot
}

// area is a rectangle in the window's units.
type area struct{ left, top, right, bottom float32 }

func (a area) cut(b area) area {
	return area{max(a.left, b.left), max(a.top, b.top), min(a.right, b.right), min(a.bottom, b.bottom)}
}

func (a area) width() float32  { return max(a.right-a.left, 0) }
func (a area) height() float32 { return max(a.bottom-a.top, 0) }

// before reports whether a reader comes to b after a: a row from left to right,
// then the next row; a column is read to its end.
func (a area) before(b area) bool {
	const slack = 2
	if common := min(a.bottom, b.bottom) - max(a.top, b.top); common > min(a.height(), b.height())/2 {
		return b.left >= a.left-slack
	}
	above := b.top < a.top-slack
	return !above || b.left >= a.right-slack
}

// spots walks over what is visible, in the order of the tree, as Fyne does.
func spots(c fyne.Canvas) (all []spot) {
	var walk func(o fyne.CanvasObject, offset fyne.Position, clip area, within []spot)
	walk = func(o fyne.CanvasObject, offset fyne.Position, clip area, within []spot) {
		if o == nil || !o.Visible() {
			return
		}
		at := o.Position().Add(offset)
		s := spot{o: o, at: area{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}, within: within}
		s.seen = s.at.cut(clip)
		all = append(all, s)
		var inner []fyne.CanvasObject
		_, clips := o.(fyne.Scrollable)
		switch o := o.(type) {
		case *fyne.Container:
			inner = o.Objects
		case fyne.Widget:
			r := test.WidgetRenderer(o)
			inner = r.Objects()
			if _, ok := r.(interface{ IsClip() }); ok {
				clips = true
			}
		}
		if clips {
			clip = s.seen
		}
		chain := append(slices.Clip(within), s)
		for _, i := range inner {
			walk(i, at, clip, chain)
		}
	}
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	size := c.Size()
	walk(root, fyne.NewPos(0, 0), area{0, 0, size.Width, size.Height}, nil)
	return all
}

// tabStops are the spots that can take the focus.
func tabStops(all []spot) (stops []spot) {
	for _, s := range all {
		if _, ok := s.o.(fyne.Focusable); !ok {
			continue
		}
		if d, ok := s.o.(fyne.Disableable); ok && d.Disabled() {
			continue
		}
		stops = append(stops, s)
	}
	return stops
}

// apart are the parts of the window in which two spots lie, just below what they
// both lie in. Parts that lie on each other tell nothing: then it is the spots.
func apart(a, b spot) (area, area) {
	chainA, chainB := append(slices.Clip(a.within), a), append(slices.Clip(b.within), b)
	for i := range min(len(chainA), len(chainB)) {
		if x, y := chainA[i], chainB[i]; x.o != y.o {
			if common := x.at.cut(y.at); common.width() > 2 && common.height() > 2 {
				break
			}
			return x.at, y.at
		}
	}
	return a.at, b.at
}

func spotName(s spot) string {
	name := fmt.Sprintf("%T", s.o)
	if l, ok := s.o.(fyne.Accessible); ok {
		name += fmt.Sprintf(" %.60q", l.AccessibilityLabel())
	}
	return fmt.Sprintf("%s at %.0f,%.0f", name, s.at.left, s.at.top)
}

// keysFor are the things one can click that never take the focus themselves, and
// the key that does the same.
var keysFor = map[string]string{
	"*widget.scrollBarArea":    "Tab: the column follows the focus",
	"*widget.passwordRevealer": "F8 in the entry",
	"*widget.menuItem":         "Up, Down and Enter: the menu has the focus",
	"*widget.listItem":         "Up, Down and Space: the list has the focus",
	"*widget.OverlayContainer": "Esc closes what lies above the page",
	"*widget.PopUp":            "Esc closes what lies above the page",
}

// checkFocus walks through what is on screen with Tab and Shift+Tab.
func checkFocus(t *testing.T, c fyne.Canvas, place string) {
	t.Helper()
	c.Unfocus()
	all := spots(c)
	stops := tabStops(all)
	if len(stops) == 0 {
		t.Errorf("%s: nothing takes the focus", place)
		return
	}
	where := map[fyne.CanvasObject]spot{}
	for _, s := range stops {
		if _, twice := where[s.o]; twice {
			t.Errorf("%s: %s stands in the window twice", place, spotName(s))
		}
		where[s.o] = s
	}
	cycle := func(step func()) (order []spot) {
		c.Unfocus()
		for range len(stops) + 1 {
			step()
			o, ok := c.Focused().(fyne.CanvasObject)
			if !ok || len(order) > 0 && o == order[0].o {
				break
			}
			order = append(order, where[o])
			checkSeen(t, c, place, o)
		}
		return order
	}
	forth := cycle(c.FocusNext)
	back := cycle(c.FocusPrevious)
	count := map[fyne.CanvasObject]int{}
	for _, s := range forth {
		count[s.o]++
	}
	for _, s := range stops {
		if count[s.o] != 1 {
			t.Errorf("%s: Tab comes to %s %d times", place, spotName(s), count[s.o])
		}
	}
	slices.Reverse(back)
	for i := range forth {
		// Both ways Fyne comes to a widget before it comes to what lies in it.
		if i >= len(back) || back[i].o != forth[i].o && !nested(back[i], forth[i]) {
			t.Errorf("%s: Shift+Tab is not the way back at %s", place, spotName(forth[i]))
			break
		}
	}
	for i, b := range forth {
		for _, a := range forth[:i] {
			if x, y := apart(a, b); !x.before(y) {
				t.Errorf("%s: Tab comes to %s before %s", place, spotName(a), spotName(b))
				break
			}
		}
	}
	checkClicks(t, all, place)
	c.Unfocus()
}

// nested reports whether one of two spots lies in the other.
func nested(a, b spot) bool {
	in := func(a, b spot) bool { return slices.ContainsFunc(a.within, func(s spot) bool { return s.o == b.o }) }
	return in(a, b) || in(b, a)
}

// checkSeen finds what has the focus on screen.
func checkSeen(t *testing.T, c fyne.Canvas, place string, o fyne.CanvasObject) {
	t.Helper()
	for _, s := range spots(c) {
		if s.o != o {
			continue
		}
		if s.seen.width() < min(s.at.width(), 8) || s.seen.height() < min(s.at.height(), 16) || s.at.width() < 1 || s.at.height() < 1 {
			t.Errorf("%s: %s has the focus out of sight: %v of %v", place, spotName(s), s.seen, s.at)
		}
		return
	}
	t.Errorf("%s: %T has the focus and is not on screen", place, o)
}

// checkClicks holds what can be clicked against what the keys reach.
func checkClicks(t *testing.T, all []spot, place string) {
	t.Helper()
	for _, s := range all {
		_, tap := s.o.(fyne.Tappable)
		_, second := s.o.(fyne.SecondaryTappable)
		_, double := s.o.(fyne.DoubleTappable)
		if _, focus := s.o.(fyne.Focusable); focus || !(tap || second || double) || keysFor[fmt.Sprintf("%T", s.o)] != "" {
			continue
		}
		t.Errorf("%s: %s can be clicked and no key reaches it", place, spotName(s))
	}
}

// settled runs what is posted until everything has been read. It waits for less
// than a picture does.
func settled(f *frame, p chan func()) {
	const still = 40 * time.Millisecond
	timer := time.NewTimer(still)
	defer timer.Stop()
	for {
		select {
		case do := <-p:
			do()
			timer.Reset(still)
		case <-timer.C:
			if f.env.reading.Load() == 0 && len(f.jobs) == 0 && len(p) == 0 {
				return
			}
			timer.Reset(still)
		}
	}
}

// focusFrame is a window over the demo book, of a size; settle runs what is
// posted until everything has been read, and waits for less than a picture does.
func focusFrame(t *testing.T, size fyne.Size) (f *frame, settle func()) {
	t.Helper()
	f, _ = frameOver(t, demoSession(t), "en")
	posted := make(chan func(), 10_000)
	post := func(do func()) { posted <- do }
	f.d.p.Post, f.env.post = post, post
	f.header.update()
	f.showStatus()
	return f, func() {
		settled(f, posted)
		// Twice: what wraps knows its height once it has had a width.
		f.d.window.Resize(size.SubtractWidthHeight(0, 1))
		f.d.window.Resize(size)
	}
}

// Every place of the window is gone through by Tab, in the usual size and in the
// least one.
func TestFocusGoesThroughEveryScreenInReadingOrder(t *testing.T) {
	for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(theme.MinWindowWidth, theme.MinWindowHeight)} {
		f, settle := focusFrame(t, size)
		places, err := shotPlaces(t.Context(), f.s, "data")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range places {
			f.show(r.route)
			settle()
			name := fmt.Sprintf("%s in %.0f x %.0f", r.name, size.Width, size.Height)
			checkFocus(t, f.d.window.Canvas(), name)
			stops := tabStops(spots(f.d.window.Canvas()))
			if first := fmt.Sprintf("%T", stops[0].o); first != "*parts.railEntry" {
				t.Errorf("%s: Tab begins at %s, not in the rail", name, spotName(stops[0]))
			}
			if size.Width == 1280 && !strings.Contains(r.name, "-") { // the parts of a screen open the same
				checkDialogs(t, f, settle, name)
			}
		}
	}
}

// checkDialogs opens what the buttons of a screen open, and closes it with Esc:
// those whose words end in three dots ask for more before anything happens.
func checkDialogs(t *testing.T, f *frame, settle func(), place string) {
	t.Helper()
	c := f.d.window.Canvas()
	for _, s := range spots(c) {
		b, ok := s.o.(*parts.Button)
		if !ok || b.Disabled() {
			continue
		}
		word := b.AccessibilityLabel()
		if !strings.HasSuffix(word, "…") && !slices.Contains([]string{"Columns", "Views", "Show"}, word) {
			continue
		}
		b.Tapped(nil)
		settle()
		name := place + ": " + word
		if c.Overlays().Top() == nil {
			if strings.HasSuffix(word, "…") {
				f.reload() // it changed the screen itself
			}
			continue
		}
		checkFocus(t, c, name)
		checkEscape(t, c, name)
	}
}

// checkEscape closes what lies above the window from wherever the focus is.
func checkEscape(t *testing.T, c fyne.Canvas, name string) {
	t.Helper()
	top := c.Overlays().Top()
	stops := tabStops(spots(c))
	c.Focus(stops[len(stops)-1].o.(fyne.Focusable))
	if o := c.Focused(); o != nil {
		o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
	if c.Overlays().Top() == top {
		t.Errorf("%s: Esc at %s does not close it", name, spotName(stops[len(stops)-1]))
		c.Overlays().Remove(top)
	}
}

// So is every page outside of a book, and what the header opens.
func TestFocusGoesThroughEveryPageInReadingOrder(t *testing.T) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	f, settle := focusFrame(t, fyne.NewSize(1280, 800))
	d, c := f.d, f.d.window.Canvas()
	f.show(route{Screen: "orders"})
	settle()
	for name, open := range map[string]func(){
		"search": f.openSearch, "days": f.header.askDays, "books": f.header.bookMenu, "period": f.header.periodMenu, "marketplaces": f.header.marketMenu,
		"save view": f.built["orders"].screen.(*ordersScreen).askName,
	} {
		open()
		settle()
		checkFocus(t, c, name)
		checkEscape(t, c, name)
	}

	d.p.Place.Home = store.Home(demo.home)
	for _, p := range []struct {
		name string
		show func()
	}{
		{"first start", d.showDoors},
		{"create", func() { d.create(doorConnect, nil) }},
		{"books", func() { d.showBooks([]string{"One", "Two"}) }},
		{"unlock", func() { d.unlock("Demo", false) }},
		{"recovery", func() { d.showRecovery(opened{s: f.s}, code, doorDemo, nil) }},
	} {
		p.show()
		for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(theme.MinWindowWidth, theme.MinWindowHeight)} {
			d.window.Resize(size.SubtractWidthHeight(0, 1))
			d.window.Resize(size)
			checkFocus(t, c, fmt.Sprintf("%s in %.0f x %.0f", p.name, size.Width, size.Height))
		}
	}
}
