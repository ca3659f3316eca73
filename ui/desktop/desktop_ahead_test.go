package desktop

import (
	"context"
	"reflect"
	"testing"

	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// keptBook is a book that a key store opens, with the demo seller's orders or
// empty, and its recovery code.
func keptBook(t *testing.T, orders int) (session.Place, string) {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	place := session.Place{Home: store.Home(t.TempDir()), Keyring: memoryStore{}}
	s, err := session.Create(t.Context(), place, "Kept", session.Demo, []vault.NewSlot{
		{Kind: vault.KindKeychain, Label: "here"}, {Kind: vault.KindRecovery, Label: "paper", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	if orders > 0 {
		seller := spapifake.New(spapifake.Config{Seed: 1, Orders: orders, Days: 40, Speed: shotSpeed})
		if err := seller.Start("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		defer seller.Close()
		if _, err := s.FillDemo(t.Context(), seller, nil, "participations", "orders", "finances"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return place, code.Reveal()
}

// driveAhead is a window that opens its book while it is made.
func driveAhead(t *testing.T, place session.Place) *drive {
	v := &drive{t: t, calls: make(chan func(), 10_000)}
	v.Desktop = New(Params{App: test.NewTempApp(t), Place: place, Language: "en", Post: func(f func()) { v.calls <- f }, Ahead: true})
	t.Cleanup(v.Close)
	return v
}

// The book that the key store opens is there at once, with the overview that was
// read ahead; what is asked later is read anew.
func TestTheFirstScreenIsReadAhead(t *testing.T) {
	place, _ := keptBook(t, 40)
	v := driveAhead(t, place)
	early := v.early
	if early == nil {
		t.Fatal("nothing is opened ahead")
	}
	<-early.done
	v.Start()
	if v.page != pageFrame {
		t.Fatalf("an open book shows page %q", v.page)
	}
	o := v.frame.built["overview"].screen.(*overviewScreen)
	v.until("the overview", func() bool { return o.data != nil })
	ahead := early.book.ahead
	if len(o.data.Rows) == 0 || &o.data.Rows[0] != &ahead.data.Rows[0] {
		t.Error("the overview does not show what was read ahead")
	}
	if want, err := overviewLoad(t.Context(), v.frame.s.Book, ahead.query); err != nil || !reflect.DeepEqual(want.Tiles, o.data.Tiles) {
		t.Errorf("the tiles read ahead are %v, want %v, %v", o.data.Tiles, want.Tiles, err)
	}
	first := o.data
	v.frame.reload()
	v.until("the overview read again", func() bool { return o.data != first })
	if &o.data.Rows[0] == &ahead.data.Rows[0] {
		t.Error("what was read ahead is shown for ever")
	}

	other := ahead.query
	other.Marketplaces = []string{"A1PA6795UKMFR9"}
	if ahead.answers(other) {
		t.Error("what was read for all marketplaces answers for one")
	}
}

// A book that another screen opens with reads nothing ahead, and a window that
// is closed before it starts lets go of the book.
func TestReadingAheadEndsWithTheWindow(t *testing.T) {
	place, _ := keptBook(t, 0)
	v := driveAhead(t, place)
	v.Close()
	release, err := session.Lock(place, "Kept")
	if err != nil {
		t.Fatal("the book is still held:", err)
	}
	release()
	if newOverviewAhead(t.Context(), opened{prefs: prefs{Screen: "orders"}}, v.p.Now()) != nil {
		t.Error("the overview is read ahead of orders")
	}
}

// Where the key store fails the page that asks comes up and the recovery code
// opens the book.
func TestOpeningAheadFails(t *testing.T) {
	place, code := keptBook(t, 0)
	place.Keyring = memoryStore{} // another computer
	v := driveAhead(t, place)
	v.Start()
	v.until("the page that asks", func() bool { return v.page == pageUnlock })
	v.until("the end of the first try", func() bool { return !v.secret().Disabled() })
	v.typed(code)
	v.until("the frame", func() bool { return v.page == pageFrame })
}

// slowStore answers when it is let.
type slowStore struct {
	vault.Keyring
	let chan struct{}
}

func (s slowStore) Get(ctx context.Context, account string) (vault.Secret, error) {
	<-s.let
	return s.Keyring.Get(ctx, account)
}

// While the key store lets wait, the page tells so; the book opens when it
// answers.
func TestOpeningAheadTakesLong(t *testing.T) {
	place, _ := keptBook(t, 0)
	let := make(chan struct{})
	place.Keyring = slowStore{place.Keyring, let}
	v := driveAhead(t, place)
	v.Start()
	v.until("the page that waits", func() bool { return v.page == pageUnlock })
	close(let)
	v.until("the frame", func() bool { return v.page == pageFrame })
}
