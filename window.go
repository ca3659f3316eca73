package main

import (
	"context"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/cli"
	"countinghouse/ui/desktop"
	"countinghouse/ui/desktop/theme"
)

// openWindow shows the window until it is closed, or ctx ends, as it does on a
// signal.
func openWindow(ctx context.Context, r cli.WindowRequest) error {
	go theme.LoadFonts()
	a := app.NewWithID("app.countinghouse")
	dropStoppedHook(a)
	var q uiQueue
	d := desktop.New(desktop.Params{
		App: a, Place: r.Place, Post: q.post, Language: string(lang.SystemLocale()), Book: r.Book,
		Demo: desktop.DemoSeller{Orders: r.Orders, Days: r.Days, Seed: r.Seed, Speed: r.Speed}, StartDemo: r.Demo, Ahead: true,
	})
	d.Window().SetOnClosed(q.end)
	a.Lifecycle().SetOnStarted(func() {
		// Fyne ends its loop on a signal too, but not on one that came before
		// the loop began.
		context.AfterFunc(ctx, func() {
			q.end()
			fyne.Do(a.Driver().Quit) // harmless where Fyne was faster
		})
		d.Start()
	})
	d.Window().ShowAndRun()
	q.end()
	d.Close()
	return nil
}

// uiQueue hands work to the UI goroutine while the window's loop goes on. What
// is posted later is dropped: fyne.Do would run it on the caller's goroutine.
type uiQueue struct {
	mu    sync.RWMutex // held while something is handed over
	ended atomic.Bool
}

func (q *uiQueue) post(f func()) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.ended.Load() {
		return
	}
	fyne.Do(func() {
		if !q.ended.Load() {
			f()
		}
	})
}

// end returns when nothing is being handed over any more.
func (q *uiQueue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended.Store(true)
}

// dropStoppedHook takes away Fyne's hook that writes its preferences at the end.
// Nothing here uses them, and Fyne 2.8 runs the hook from a queue that its loop
// may have stopped serving: then the program never ends.
func dropStoppedHook(a fyne.App) {
	if l, ok := a.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}

// drawShots draws the screens in memory, without a display.
func drawShots(ctx context.Context, r cli.ShotsRequest) error {
	sizes := make([]fyne.Size, len(r.Sizes))
	for i, s := range r.Sizes {
		sizes[i] = fyne.NewSize(float32(s[0]), float32(s[1]))
	}
	return desktop.Shots(ctx, desktop.ShotOptions{
		Dir: r.Dir, Themes: r.Themes, Locales: r.Locales, Sizes: sizes, Only: r.Only, App: test.NewApp(), Tell: r.Tell,
		Demo: desktop.DemoSeller{Orders: r.Orders, Days: r.Days, Seed: r.Seed, Speed: r.Speed},
	})
}
