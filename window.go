package main

import (
	"context"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/cli"
	"countinghouse/ui/desktop"
)

// openWindow shows the window until it is closed, or a signal ends it.
func openWindow(_ context.Context, r cli.WindowRequest) error {
	a := app.NewWithID("app.countinghouse")
	// Once the window's loop has ended, fyne.Do would run on the caller's
	// goroutine: what is posted then is dropped.
	var ended atomic.Bool
	post := func(f func()) {
		if !ended.Load() {
			fyne.Do(f)
		}
	}
	d := desktop.New(desktop.Params{
		App: a, Place: r.Place, Post: post, Language: string(lang.SystemLocale()), Book: r.Book,
		Demo: desktop.DemoSeller{Orders: r.Orders, Days: r.Days, Seed: r.Seed, Speed: r.Speed}, StartDemo: r.Demo,
	})
	a.Lifecycle().SetOnStarted(d.Start)
	d.Window().ShowAndRun() // Fyne ends it on a signal too, as at log-out
	ended.Store(true)
	d.Close()
	return nil
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
