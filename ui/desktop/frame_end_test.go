package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// inShop is a window over an empty book that talks to this computer only.
func inShop(t *testing.T) *drive {
	t.Helper()
	v := newDrive(t, t.TempDir())
	o, err := readOpened(t.Context(), newTestBook(t, v.p.Place))
	if err != nil {
		t.Fatal(err)
	}
	v.enter(o, nil)
	return v
}

// The window does not end in the middle of a wipe: not when its cross is pressed,
// and after a signal only when the book is gone.
func TestAWipeIsWaitedFor(t *testing.T) {
	v := inShop(t)
	dir := v.frame.s.Book.Dir
	p := newWipe(v.frame.env, func() {})
	begun, let := make(chan struct{}), make(chan struct{})
	p.purge = func(context.Context, string) error {
		close(begun)
		<-let
		return nil
	}
	p.typed.SetText("Shop")
	p.button.OnTapped()
	<-begun
	v.Quit()
	if v.frame == nil || v.page != pageFrame {
		t.Fatalf("the cross ended the window; page %q", v.page)
	}
	go close(let)
	v.Close()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the window ended and the book's folder is there: %v", err)
	}
}

// What ends after a book was locked shows nothing of it: not the frame in another
// look, and not what work has to tell.
func TestALockedBookStaysHidden(t *testing.T) {
	v := inShop(t)
	defer v.Close()
	f := v.frame
	f.redress()
	f.lock()
	locked := v.window.Content()
	for f.env.reading.Load() > 0 {
		(<-v.calls)()
	}
	tell(f.env, "done", parts.NewParagraph("what the book holds", parts.Normal), fyne.NewSize(300, 200))
	if v.page != pageLocked || v.window.Content() != locked || v.window.Canvas().Overlays().Top() != nil {
		t.Errorf("page %q; the page changed: %v; above it: %v", v.page, v.window.Content() != locked, v.window.Canvas().Overlays().Top())
	}
}

// A locked book that cannot be opened again, as on a full disk, says why. When
// nothing is left of it, the window begins anew.
func TestALockedBookThatDoesNotOpenSaysWhy(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps the files of an open book where they are")
	}
	for name, row := range map[string]struct {
		file string // moved away
		page pageID
		text string
	}{
		"a file is missing":  {"book.db", pageUnlock, "book.db"},
		"the folder is gone": {"", pageDoors, ""},
	} {
		t.Run(name, func(t *testing.T) {
			place, code := keptBook(t, 0)
			v := driveAhead(t, place)
			defer v.Close()
			v.Start()
			v.until("the frame", func() bool { return v.page == pageFrame })
			dir := v.frame.s.Book.Dir
			v.frame.lock()
			if err := os.Rename(filepath.Join(dir, row.file), filepath.Join(t.TempDir(), "away")); err != nil {
				t.Fatal(err)
			}
			v.typed(code)
			v.until("the next page", func() bool { return v.page != pageLocked && v.page != pageWorking })
			if text := textOn(v.bareEnv()); v.page != row.page || !strings.Contains(text, row.text) {
				t.Errorf("page %q says %q", v.page, text)
			}
		})
	}
}

// What failed while a book was locked is told once it is open again, and so is
// what had to stop for that.
func TestWorkThatFailsBehindALockIsTold(t *testing.T) {
	place, code := keptBook(t, 0)
	v := driveAhead(t, place)
	defer v.Close()
	v.Start()
	v.until("the frame", func() bool { return v.page == pageFrame })
	old, let := v.frame, make(chan struct{})
	old.busy("Export", func(context.Context, func(done, total int64)) (string, error) {
		<-let
		return "", parts.ErrNotRead
	})
	old.busy("Rebuild", func(ctx context.Context, _ func(done, total int64)) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
	old.lock()
	close(let)
	v.until("the end of the work", func() bool { return len(old.jobs) == 1 })
	v.typed(code)
	v.until("the open book", func() bool { return v.page == pageFrame && v.frame != old })
	if top := v.window.Canvas().Overlays().Top(); top == nil {
		t.Fatal("nothing is told")
	}
	text := textOn(v.frame.env)
	for _, want := range []string{v.words.T("frame.job_failed", "Export", plainError(v.words, parts.ErrNotRead)), v.words.T("frame.stopped", "Rebuild")} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told: %q", want, text)
		}
	}
}

// A window that ends while a page makes a book closes it.
func TestAWindowThatEndsLetsGoOfTheBookBeingMade(t *testing.T) {
	for name, row := range map[string]struct {
		book  string
		start func(v *drive)
	}{
		"own":  {"My shop", func(v *drive) { v.create(doorFiles, nil); press(t, v.bareEnv(), v.words.T("first.make")) }},
		"demo": {demoName, func(v *drive) { v.p.Demo = DemoSeller{Orders: 5, Days: 5}.withDefaults(); v.startDemo() }},
	} {
		t.Run(name, func(t *testing.T) {
			place := session.Place{Home: store.Home(t.TempDir()), Keyring: memoryStore{}}
			v := driveAhead(t, place)
			row.start(v)
			<-v.calls // would show the book
			if v.unshown.Load() == nil {
				t.Error("nobody holds the book that was made")
			}
			v.Close()
			release, err := session.Lock(place, row.book)
			if err != nil {
				t.Fatal("the book is still held:", err)
			}
			release()
		})
	}
}

// With the largest letters the window asks for no more than the smallest one
// has, and what has the focus is brought into view.
func TestLargeLettersFitTheSmallestWindow(t *testing.T) {
	v := inShop(t)
	defer v.Close()
	f := v.frame
	v.dress(look{Scale: theme.MaxScale})
	f.closeScreens()
	f.build()
	f.header.update()
	v.window.SetContent(f.content)
	f.open(f.current)
	least := fyne.NewSize(theme.MinWindowWidth, theme.MinWindowHeight)
	v.window.Resize(least.AddWidthHeight(0, 1))
	v.window.Resize(least) // what lies in the room is laid out anew
	if m := f.content.MinSize(); m.Width > theme.MinWindowWidth || m.Height > theme.MinWindowHeight {
		t.Fatalf("the frame asks for %v", m)
	}
	far := f.header.search
	place := func() (left, right float32) {
		where := fyne.CurrentApp().Driver().AbsolutePositionForObject
		x := where(far).X - where(f.content).X
		return x, x + far.Size().Width
	}
	if _, right := place(); right <= theme.MinWindowWidth {
		t.Fatalf("the search ends at %v: nothing has to scroll", right)
	}
	v.window.Canvas().Focus(far)
	if left, right := place(); left < 0 || right > theme.MinWindowWidth {
		t.Errorf("with the focus the search stands from %v to %v", left, right)
	}
}
