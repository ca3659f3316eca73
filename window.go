package main

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/cli"
	"countinghouse/ui/desktop"
)

// openWindow shows the window until it is closed, or ctx ends.
func openWindow(ctx context.Context, r cli.WindowRequest) error {
	a := app.NewWithID("app.countinghouse")
	d := desktop.New(desktop.Params{
		App: a, Place: r.Place, Post: fyne.Do, Language: string(lang.SystemLocale()), Book: r.Book,
		Demo: desktop.DemoSeller{Orders: r.Orders, Days: r.Days, Seed: r.Seed, Speed: r.Speed}, StartDemo: r.Demo,
	})
	a.Lifecycle().SetOnStarted(d.Start)
	stop := context.AfterFunc(ctx, func() { fyne.Do(d.Quit) })
	defer stop()
	d.Window().ShowAndRun()
	d.Wait()
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
