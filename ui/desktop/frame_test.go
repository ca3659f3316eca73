package desktop

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// drive is a window in memory whose posted calls the test runs.
type drive struct {
	*Desktop
	t     *testing.T
	calls chan func()
}

func newDrive(t *testing.T, home string) *drive {
	v := &drive{t: t, calls: make(chan func(), 10_000)}
	v.Desktop = New(Params{
		App: test.NewTempApp(t), Place: session.Place{Home: store.Home(home)}, Language: "en",
		Post: func(f func()) { v.calls <- f }, Demo: DemoSeller{Orders: 60, Days: 40},
	})
	v.window.Resize(fyne.NewSize(1280, 800))
	return v
}

// until runs what is posted until ok holds.
func (v *drive) until(what string, ok func() bool) {
	v.t.Helper()
	limit := time.After(2 * time.Minute)
	for !ok() {
		select {
		case f := <-v.calls:
			f()
		case <-limit:
			v.t.Fatalf("waited for %s; page %q", what, v.page)
		}
	}
}

// typed puts a secret into the page's first masked entry.
func (v *drive) typed(text string) {
	v.t.Helper()
	found := v.secret()
	found.SetText(text)
	found.OnSubmitted(text)
}

// secret is the page's first masked entry.
func (v *drive) secret() *parts.Entry {
	v.t.Helper()
	var found *parts.Entry
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if e, ok := o.(*parts.Entry); ok && e.Password && found == nil {
			found = e
			return
		}
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
	walk(v.window.Content())
	if found == nil {
		v.t.Fatal("the page has no masked entry")
	}
	return found
}

// TestFrame fills a demo book, walks through its screens, locks and unlocks it,
// and closes it.
func TestFrame(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a demo book")
	}
	home, err := os.MkdirTemp("", "countinghouse-frame")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	v := newDrive(t, home)
	v.Start()
	if v.page != pageDoors {
		t.Fatalf("an empty home shows %q", v.page)
	}
	o, seller, pass, err := createDemo(t.Context(), v.p.Place, v.p.Demo)
	if err != nil || pass == "" {
		t.Fatal(err)
	}
	v.enter(o, func(f *frame) { f.runDemo(seller) })
	v.until("the demo to be filled", func() bool { return v.frame.sync.model.ended.After(time.Time{}) && !v.frame.facts.LastOK.IsZero() })
	if err := v.frame.sync.model.err; err != nil || len(v.frame.sync.model.result.Failures) > 0 {
		t.Fatal(err, v.frame.sync.model.result.Failures)
	}
	for _, id := range railScreens() {
		v.frame.show(route{Screen: id})
		if v.frame.rail.Current() != id || v.frame.current.Screen != id {
			t.Errorf("%s does not show", id)
		}
	}
	v.frame.show(route{Screen: "profit", Line: "fee.referral"})
	if v.frame.current.Screen != "lines" {
		t.Error("a number does not open its lines")
	}
	v.frame.escape()
	if v.frame.current.Screen == "lines" {
		t.Error("Esc does not leave the lines")
	}

	book := v.frame.s.Book
	v.frame.lock()
	if v.page != pageLocked || len(v.frame.built) > 0 {
		t.Fatalf("locked: page %q, %d screens", v.page, len(v.frame.built))
	}
	v.frame.show(route{Screen: "orders"})
	if v.page != pageLocked {
		t.Fatal("a locked frame shows a screen")
	}
	v.typed("not the passphrase at all")
	// The refusal is the one call that this page posts.
	refused := <-v.calls
	for refused(); v.page != pageLocked || len(v.calls) > 0; {
		(<-v.calls)()
	}
	v.typed(pass)
	v.until("the unlocked frame", func() bool { return v.page == pageFrame })
	if v.frame.s.Book == book {
		t.Error("the book was not opened anew, so people cannot be read")
	}
	if v.frame.s.Book.People() == nil {
		t.Error("people stay closed after unlocking")
	}
	closed := false
	v.leave(func() { closed = true })
	v.until("the closed book", func() bool { return closed })
	if release, err := session.Lock(v.p.Place, demoName); err != nil {
		t.Error("the book is still held:", err)
	} else {
		release()
	}
	v.Close()
}
