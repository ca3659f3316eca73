package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"countinghouse/ui/session"
)

// WindowRequest asks for the window.
type WindowRequest struct {
	Place session.Place
	Book  string // empty: the only one, or a choice
	// Demo opens the demo seller's book, made anew; the rest says which seller.
	Demo         bool
	Orders, Days int
	Seed         int64
	Speed        float64
}

// ShotsRequest asks for pictures of every screen.
type ShotsRequest struct {
	Dir             string
	Themes, Locales []string
	Sizes           [][2]int // width and height in pixels
	Only            []string // screens; none: all
	Orders, Days    int
	Seed            int64
	Speed           float64
	Tell            func(name string)
}

type windowVerb struct {
	sellerFlags // of the demo seller, should the user open it
}

func (v *windowVerb) Run(a *app) error {
	p, err := a.place()
	if err != nil {
		return err
	}
	return a.window(WindowRequest{Place: p, Book: a.g.Book, Orders: v.Orders, Days: v.Days, Seed: v.Seed, Speed: v.Speed})
}

func (a *app) window(r WindowRequest) error {
	if a.io.Window == nil || !hasDisplay() {
		return usage("there is no display to open the window on; see countinghouse --help for the verbs of the terminal")
	}
	return a.io.Window(a.ctx, r)
}

// hasDisplay tells whether a window can be opened here.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

type shotsVerb struct {
	Dir    string   `arg:"" help:"Folder for the pictures; made when it is missing." type:"path"`
	Theme  []string `help:"Themes." enum:"light,dark" default:"light,dark"`
	Locale []string `help:"Languages." enum:"en,ja,de,zh-Hans" default:"en,ja"`
	Size   []string `help:"Sizes of the window in pixels." default:"1280x800,1920x1080" placeholder:"WxH"`
	Screen []string `help:"Only these screens." placeholder:"NAME"`
	Orders int      `help:"Orders of the demo seller." default:"4000"`
	Days   int      `help:"Days of history." default:"200"`
	Seed   int64    `help:"Another seed gives another seller." default:"1"`
}

func (v *shotsVerb) Run(a *app) error {
	if a.io.Shots == nil {
		return errors.New("this build cannot draw pictures")
	}
	r := ShotsRequest{Dir: v.Dir, Themes: v.Theme, Locales: v.Locale, Only: v.Screen, Orders: v.Orders, Days: v.Days, Seed: v.Seed}
	for _, text := range v.Size {
		size, err := parseSize(text)
		if err != nil {
			return err
		}
		r.Sizes = append(r.Sizes, size)
	}
	return a.shots(r, func(name string) { fmt.Fprintln(a.io.Err, name) })
}

// shots draws the pictures; tell hears of each.
func (a *app) shots(r ShotsRequest, tell func(name string)) error {
	n := 0
	r.Speed = 100
	r.Tell = func(name string) {
		n++
		tell(name)
	}
	if err := a.io.Shots(a.ctx, r); err != nil {
		return err
	}
	fmt.Fprintf(a.io.Out, "Drew %d pictures into %s.\n", n, r.Dir)
	return nil
}

// parseSize reads a size such as 1280x800.
func parseSize(text string) (size [2]int, err error) {
	w, h, ok := strings.Cut(text, "x")
	if size[0], err = strconv.Atoi(w); ok && err == nil {
		size[1], err = strconv.Atoi(h)
	}
	if !ok || err != nil || size[0] < 320 || size[1] < 240 || size[0] > 8000 || size[1] > 8000 {
		return size, usage("%q is no size of a window; write it like 1280x800", text)
	}
	return size, nil
}
