package desktop

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/ui/session"
)

// ShotOptions say which pictures to draw.
type ShotOptions struct {
	Dir     string
	Themes  []string // "light", "dark"
	Locales []string // "en", "ja", "de", "zh-Hans"
	Sizes   []fyne.Size
	Only    []string // screens; none: all
	Demo    DemoSeller
	App     fyne.App          // whose windows are drawn in memory
	Tell    func(name string) // after each picture; may be nil
	Now     func() time.Time  // nil means time.Now
}

// shotSpeed is as fast as the client still believes that limits can be.
const shotSpeed = 100

// shotStates are the four states of a screen, and of odd data: a book whose
// amounts fit no column, without costs and people, that Amazon refuses; one of a
// single order; and a full disk.
var shotStates = []string{"data", "empty", "loading", "error", "odd", "one", "disk"}

// Shots draws every screen in every state into Dir, from a demo book, an empty
// one and two of odd data, that it makes in a temporary home and removes again.
// Nothing of the user's is read.
func Shots(ctx context.Context, o ShotOptions) (err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fmt.Errorf("make the folder for the pictures: %w", err)
	}
	home, err := os.MkdirTemp("", "countinghouse-shots")
	if err != nil {
		return fmt.Errorf("make a temporary home: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	place := session.Place{Home: store.Home(home)}
	if o.Demo.Speed == 0 {
		o.Demo.Speed = shotSpeed
	}
	full, seller, _, err := createDemo(ctx, place, o.Demo.withDefaults())
	if err != nil {
		return err
	}
	defer full.s.Close()
	_, err = full.s.FillDemo(ctx, seller, nil)
	if err = errors.Join(err, seller.Close()); err != nil {
		return err
	}
	bare, err := session.Create(ctx, place, "Empty", session.Demo, []vault.NewSlot{shotSlot()})
	if err != nil {
		return err
	}
	defer bare.Close()
	odd, err := makeOdd(ctx, place, o.Now())
	if err != nil {
		return err
	}
	defer odd.Close()
	one, err := makeOne(ctx, place, o.Now())
	if err != nil {
		return err
	}
	defer one.Close()
	p := &photographer{o: o, place: place, queue: make(chan func(), 10_000)}
	p.wake()
	for _, size := range o.Sizes {
		for _, theme := range o.Themes {
			for _, locale := range o.Locales {
				l := look{Theme: theme, Language: locale}
				if err := p.series(ctx, map[string]*session.Session{"data": full.s, "empty": bare, "odd": odd, "one": one}, l, size); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// shotSlot opens the empty book of the pictures; nobody has to know it.
func shotSlot() vault.NewSlot {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		return vault.NewSlot{} // Create refuses it and says why
	}
	return vault.NewSlot{Kind: vault.KindRecovery, Label: session.DemoLabel, Recovery: code}
}

// photographer draws windows in memory. It is the UI goroutine: what is posted
// waits in its queue.
type photographer struct {
	o     ShotOptions
	place session.Place
	queue chan func()
	env   *env // of the screen that is drawn; nil before there is one
}

// wake draws an empty window. Fyne drops what it thinks unused at the first
// drawing after a minute of none, and that must not be a screen.
func (p *photographer) wake() {
	w := p.o.App.NewWindow("")
	defer w.Close()
	w.Canvas().Capture()
}

// quiet is how long nothing may be posted until a screen counts as settled.
const quiet = 400 * time.Millisecond

// settle runs what is posted until nothing comes any more and nothing is read.
func (p *photographer) settle() {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		select {
		case f := <-p.queue:
			f()
			timer.Reset(quiet)
		case <-timer.C:
			if p.env == nil || p.env.reading.Load() == 0 && len(p.queue) == 0 {
				return
			}
			timer.Reset(quiet)
		}
	}
}

func (p *photographer) wants(id string) bool {
	if len(p.o.Only) == 0 {
		return true
	}
	for _, only := range p.o.Only {
		if only == id {
			return true
		}
	}
	return false
}

// series draws all screens in one theme, language and size.
func (p *photographer) series(ctx context.Context, books map[string]*session.Session, l look, size fyne.Size) error {
	d := New(Params{App: p.o.App, Place: p.place, Post: func(f func()) { p.queue <- f }, Language: l.Language, Now: p.o.Now})
	defer d.stop()
	d.speak(l.Language)
	if err := d.dress(l); err != nil {
		return err
	}
	suffix := fmt.Sprintf("-%s-%s-%dx%d", l.Theme, l.Language, int(size.Width), int(size.Height))
	for _, page := range []struct {
		id   string
		show func()
	}{
		{"first-start", d.showDoors}, {"create", func() { d.create(doorConnect, nil) }},
		{"unlock", func() { d.unlock(demoName, false) }},
	} {
		if p.wants(page.id) {
			page.show()
			if err := p.draw(d, page.id+"-data"+suffix, size); err != nil {
				return err
			}
		}
	}
	for _, state := range shotStates {
		s := books[state]
		if s == nil {
			s = books["data"]
		}
		if err := p.screens(ctx, d, s, l, state, size, suffix); err != nil {
			return err
		}
	}
	return nil
}

// screens draws every screen in one state.
func (p *photographer) screens(ctx context.Context, d *Desktop, s *session.Session, l look, state string, size fyne.Size, suffix string) error {
	facts, err := readFacts(ctx, s.Book)
	if err != nil {
		return err
	}
	places, err := shotPlaces(ctx, s, state)
	if err != nil {
		return err
	}
	for _, r := range places {
		if !p.wants(r.name) {
			continue
		}
		f := newFrame(d, opened{s: s, facts: facts, look: l, prefs: prefs{Period: period{Preset: last90}}})
		f.sync.able = false
		if state == "disk" {
			f.sync.model.end(appsync.Result{}, cipher.ErrDiskFull, p.o.Now(), time.Time{})
		}
		d.frame, p.env = f, f.env
		d.show(pageFrame, f.content)
		if state == "error" {
			// Every query of these screens fails from the start.
			f.env.ctx, f.cancel = context.WithDeadline(context.Background(), time.Unix(0, 0))
		}
		f.showStatus()
		f.header.update()
		d.window.Resize(size)
		f.show(r.route)
		if state != "loading" {
			p.settle()
		}
		err := p.draw(d, r.name+"-"+state+suffix, size)
		d.frame = nil
		f.cancel()
		p.close(f)
		if err != nil {
			return err
		}
	}
	return nil
}

// close ends a frame's goroutines; the session stays open for the next one.
func (p *photographer) close(f *frame) {
	f.closeScreens()
	f.work.Wait()
	for len(p.queue) > 0 {
		<-p.queue
	}
}

// draw writes the window as a picture.
func (p *photographer) draw(d *Desktop, name string, size fyne.Size) (err error) {
	// Twice: what wraps knows its height once it has had a width.
	d.window.Resize(fyne.NewSize(size.Width, size.Height-1))
	d.window.Resize(size)
	picture := d.window.Canvas().Capture()
	path := filepath.Join(p.o.Dir, name+".png")
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write a picture: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := png.Encode(file, picture); err != nil {
		return fmt.Errorf("write the picture %s: %w", path, err)
	}
	if p.o.Tell != nil {
		p.o.Tell(name + ".png")
	}
	return nil
}
