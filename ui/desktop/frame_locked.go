package desktop

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// showLocked hides a frame behind the page that unlocks it. The secret is
// proved first, so that syncing goes on until it is right; then the book is
// opened anew, for the personal key is gone.
func (d *Desktop) showLocked(f *frame) {
	p := d.newUnlockPage(f.s.Name, d.words.T("unlock.locked"))
	at := f.current
	p.try = func(ctx context.Context, by vault.Unlock, place session.Place) (func(), error) {
		if err := f.s.Vault.Prove(ctx, by); err != nil {
			return nil, err
		}
		return func() { d.reopen(f, by, place, at) }, nil
	}
	p.show(pageLocked, false)
}

// reopen closes a locked book and opens it again where the user was.
func (d *Desktop) reopen(f *frame, by vault.Unlock, place session.Place, at route) {
	name, seller := f.s.Name, f.seller
	f.seller = nil // the demo seller goes on
	d.leave(func() {
		d.later(func(ctx context.Context) func() {
			s, err := session.Open(ctx, place, name, by)
			var o opened
			if err == nil {
				o, err = readOpened(ctx, s)
			}
			if err == nil {
				d.unshown.Store(s)
			}
			return func() {
				if err != nil {
					if seller != nil {
						_ = seller.Close()
					}
					d.window.SetTitle("Countinghouse")
					if _, gone := os.Stat(place.Home.BookDir(name)); errors.Is(gone, fs.ErrNotExist) {
						d.begin(false) // nothing is left to be opened
						return
					}
					d.unlock(name, false).say(err)
					return
				}
				d.enter(o, func(now *frame) {
					if seller != nil {
						now.runDemo(seller)
					}
					now.show(at)
					now.tellUntold(f.untold)
				})
			}
		})
	})
}

// tellUntold tells how work failed while the book was locked, or that it was
// stopped for the book to be opened anew.
func (f *frame) tellUntold(failures []string) {
	if len(failures) == 0 {
		return
	}
	list := container.NewVBox()
	for _, sentence := range failures {
		list.Add(flushText(sentence, parts.Normal))
	}
	tell(f.env, f.s.Name, list, fyne.NewSize(520, 260))
}
