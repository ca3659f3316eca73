package desktop

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/dialog"

	"countinghouse/data/archive"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

const (
	demoName = "Demo"
	// demoLabel marks a book that may be thrown away; the terminal's demo knows
	// it too.
	demoLabel = "demo book, throw-away key"
)

// startDemo makes the demo book anew and fills it from the demo seller's local
// Amazon, in the frame, where one sees the data come.
func (d *Desktop) startDemo() {
	d.showWorking(d.words.T("first.demo_making"))
	place, demo := d.p.Place, d.p.Demo
	d.later(func(ctx context.Context) func() {
		o, seller, pass, err := createDemo(ctx, place, demo)
		return func() {
			if err != nil {
				d.showDoors()
				dialog.ShowInformation(d.words.T("first.demo"), d.words.T("first.demo_failed", errorLine(err)), d.window)
				return
			}
			d.enter(o, func(f *frame) {
				f.runDemo(seller)
				if pass != "" {
					dialog.ShowInformation(d.words.T("first.demo"), d.words.T("first.demo_passphrase", pass), d.window)
				}
			})
		}
	})
}

// createDemo replaces the demo book and starts the demo seller. pass is empty
// where the key store opens the book later.
func createDemo(ctx context.Context, place session.Place, demo DemoSeller) (o opened, seller *spapifake.Server, pass string, err error) {
	if err := dropDemo(ctx, place, demoName); err != nil {
		return o, nil, "", err
	}
	seller = spapifake.New(spapifake.Config{Seed: demo.Seed, Orders: demo.Orders, Days: demo.Days, Speed: demo.Speed})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		return o, nil, "", fmt.Errorf("start the demo seller's local Amazon: %w", err)
	}
	s, pass, err := createDemoBook(ctx, place)
	if err == nil {
		o, err = readOpened(ctx, s)
	}
	if err != nil {
		return o, nil, "", errors.Join(err, seller.Close())
	}
	return o, seller, pass, nil
}

func createDemoBook(ctx context.Context, place session.Place) (*session.Session, string, error) {
	raw := make([]byte, 10)
	rand.Read(raw)
	pass := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	slots := []vault.NewSlot{{Kind: vault.KindPassphrase, Label: demoLabel, Passphrase: vault.NewSecret(pass)}}
	s, err := session.Create(ctx, place, demoName, session.Demo, append(slots, vault.NewSlot{Kind: vault.KindKeychain, Label: demoLabel}))
	if err == nil {
		return s, "", nil
	}
	if !errors.Is(err, vault.ErrNoKeyStore) {
		return nil, "", err
	}
	s, err = session.Create(ctx, place, demoName, session.Demo, slots)
	return s, pass, err
}

// dropDemo removes an earlier demo book of that name, and refuses to touch any
// other book.
func dropDemo(ctx context.Context, place session.Place, name string) error {
	info, err := vault.ReadInfo(filepath.Join(place.Home.BookDir(name), store.KeysFile))
	if errors.Is(err, vault.ErrNoFile) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, slot := range info.Slots {
		if slot.Label != demoLabel {
			return fmt.Errorf("the book %q is not a demo book; rename or wipe it first", name)
		}
	}
	release, err := session.Lock(place, name)
	if err != nil {
		return err
	}
	release()
	_, err = archive.Wipe(ctx, archive.Plan{
		Home: string(place.Home), Folder: name, BookID: info.BookID, BookName: name, TypedName: name,
		Purge: func(ctx context.Context, bookID string) error {
			_, err := vault.Purge(ctx, place.Keyring, bookID, "")
			if errors.Is(err, vault.ErrNoKeyStore) {
				return nil // where there is no key store nothing was put into it
			}
			return err
		},
	})
	return err
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
		f.env.post(func() { f.sync.model.begin(len(spapifake.Connections())) })
		r, err := f.s.FillDemo(ctx, seller, report)
		filled = err == nil
		return r, err
	}
	f.sync.able = true
	f.sync.start()
}
