package desktop

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

const demoName = session.DemoName

// startDemo makes the demo book anew and fills it from the demo seller's local
// Amazon, in the frame, where one sees the data come.
func (d *Desktop) startDemo() {
	d.showWorking(d.words.T("first.demo_making"))
	place, demo := d.p.Place, d.p.Demo
	d.later(func(ctx context.Context) func() {
		o, seller, pass, err := createDemo(ctx, place, demo)
		if err == nil {
			d.unshown.Store(o.s)
		}
		return func() {
			if err != nil {
				d.showDoors()
				tell(d.bareEnv(), d.words.T("first.demo"), flushText(d.words.T("first.demo_failed", errorLine(err)), parts.Normal), fyne.NewSize(480, 240))
				return
			}
			d.enter(o, func(f *frame) {
				f.runDemo(seller)
				if pass != "" {
					d.tellPassphrase(pass)
				}
			})
		}
	})
}

// tellPassphrase shows what opens the demo book later, to be marked and copied.
func (d *Desktop) tellPassphrase(pass string) {
	shown := widget.NewLabel(pass)
	shown.TextStyle.Monospace, shown.Selectable = true, true
	tell(d.bareEnv(), d.words.T("first.demo"), container.NewVBox(flushText(d.words.T("first.demo_passphrase"), parts.Normal), shown), fyne.NewSize(480, 260))
}

// createDemo replaces the demo book and starts the demo seller. pass is empty
// where the key store opens the book later.
func createDemo(ctx context.Context, place session.Place, demo DemoSeller) (o opened, seller *spapifake.Server, pass string, err error) {
	if err := session.DropDemo(ctx, place, demoName); err != nil {
		return o, nil, "", err
	}
	seller = spapifake.New(spapifake.Config{Seed: demo.Seed, Orders: demo.Orders, Days: demo.Days, Speed: demo.Speed})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		return o, nil, "", fmt.Errorf("start the demo seller's local Amazon: %w", err)
	}
	s, pass, stored, err := session.CreateDemo(ctx, place, demoName, vault.Secret{})
	if stored {
		pass = ""
	}
	if err == nil {
		o, err = readOpened(ctx, s)
	}
	if err != nil {
		return o, nil, "", errors.Join(err, seller.Close())
	}
	return o, seller, pass, nil
}

// runDemo fills the demo book, and goes on to sync it while the window is open.
func (f *frame) runDemo(seller *spapifake.Server) {
	f.seller = seller
	engine := f.sync.once
	filled := f.facts.Connected
	f.sync.once = func(ctx context.Context, report func(appsync.Event)) (appsync.Result, error) {
		if filled {
			return engine(ctx, report)
		}
		f.env.post(func() {
			f.sync.model.begin(len(spapifake.Connections()), true)
			f.sync.model.began = f.d.p.Now()
			f.sync.changed()
		})
		r, err := f.s.FillDemo(ctx, seller, report)
		filled = err == nil
		return r, err
	}
	f.sync.able = true
	f.sync.start()
}
