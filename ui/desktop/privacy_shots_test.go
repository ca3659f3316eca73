package desktop

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// shotsDir names the folder that pictures of the screens are drawn into:
//
//	COUNTINGHOUSE_SHOTS=/tmp/shots go test -run Pictures ./ui/desktop
const shotsDir = "COUNTINGHOUSE_SHOTS"

// drain runs what is posted until nothing is read or changed any more, however
// busy the machine, and nothing else comes for a moment.
func (q *queue) drain() {
	for {
		select {
		case f := <-q.calls:
			f()
		case <-time.After(200 * time.Millisecond):
			if q.env.reading.Load() == 0 && len(q.calls) == 0 {
				return
			}
		}
	}
}

// newEmptySession is a book with nothing in it.
func newEmptySession(t testing.TB) *session.Session {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	s, err := session.Create(context.Background(), session.Place{Home: store.Home(t.TempDir())}, "Empty", session.Real, slots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// inFrame puts a screen where the window has it: right of the rail, below the
// header.
func inFrame(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(56, 28+16, 176+20, 20), o)
}

// picture draws what the window shows and stores it where pictures are wanted.
func picture(t *testing.T, w fyne.Window, width, height int, name string) {
	t.Helper()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(float32(width), float32(height)-1))
	w.Resize(fyne.NewSize(float32(width), float32(height))) // what wraps knows its height once it had a width
	if m := w.Content().MinSize(); m.Width > theme.MinWindowWidth || m.Height > theme.MinWindowHeight {
		t.Errorf("%s needs %v, more than the smallest window", name, m)
	}
	dir := os.Getenv(shotsDir)
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// TestPicturesOfPages draws the pages within screens and what stands above them.
func TestPicturesOfPages(t *testing.T) {
	for name, open := range map[string]func(*privacyScreen){
		"wipe":   func(s *privacyScreen) { s.showWipe() },
		"calls":  func(s *privacyScreen) { s.showCalls() },
		"done":   func(s *privacyScreen) { s.showDone() },
		"export": func(s *privacyScreen) { s.askExport() },
		"choose": func(s *privacyScreen) { s.chooseArchive(exportChoice{}) },
	} {
		t.Run(name, func(t *testing.T) {
			e, q := newTestEnv(t, demoSession(t), "en")
			s := newPrivacy(e).(*privacyScreen)
			e.window.SetContent(inFrame(s.build()))
			defer s.close()
			s.load(route{})
			q.drain()
			picture(t, e.window, 1280, 800, "privacy-"+name)
			open(s)
			q.drain()
			picture(t, e.window, 1280, 800, "privacy-"+name)
		})
	}
}

// TestPicturesOfTheBook draws the settlements, privacy, settings and timeline
// screens with data, without, while loading and broken. None asks for more room
// than the smallest window has.
func TestPicturesOfTheBook(t *testing.T) {
	books := map[string]*session.Session{"data": demoSession(t), "empty": newEmptySession(t), "loading": demoSession(t), "error": demoSession(t)}
	makers := map[string]func(*env) screen{"settlements": newSettlements, "privacy": newPrivacy, "settings": newSettings, "timeline": newTimeline}
	for name, make := range makers {
		for state, book := range books {
			for _, language := range []string{"en", "ja"} {
				for _, dark := range []bool{false, true} {
					if os.Getenv(shotsDir) == "" && (dark || language != "en") {
						continue // one picture of each is enough for a machine
					}
					t.Run(name+"-"+state+"-"+language+"-"+strconv.FormatBool(dark), func(t *testing.T) {
						e, q := newTestEnv(t, book, language)
						mode := "light"
						if dark {
							mode = "dark"
							fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Options{Mode: theme.DarkMode, Scale: 1}))
						}
						if state == "error" { // the book does not answer in time
							late, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
							defer cancel()
							e.ctx = late
						}
						s := make(e)
						content := inFrame(s.build())
						e.window.SetContent(content)
						defer s.close()
						if state != "loading" {
							s.load(route{Screen: name})
							q.drain()
						}
						for _, size := range [][2]int{{1280, 800}, {1920, 1080}} {
							picture(t, e.window, size[0], size[1], name+"-"+state+"-"+mode+"-"+language+"-"+strconv.Itoa(size[0]))
							q.drain()
							picture(t, e.window, size[0], size[1], name+"-"+state+"-"+mode+"-"+language+"-"+strconv.Itoa(size[0]))
						}
					})
				}
			}
		}
	}
}
