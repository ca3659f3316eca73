package desktop

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// demo is one demo book for all tests of this package, made when first asked for.
var demo struct {
	once sync.Once
	home string
	s    *session.Session
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if demo.s != nil {
		demo.s.Close()
	}
	if demo.home != "" {
		os.RemoveAll(demo.home)
	}
	os.Exit(code)
}

// demoSession is the demo seller's book, with 600 orders of 200 days. Tests
// that change it make their own.
func demoSession(t testing.TB) *session.Session {
	t.Helper()
	demo.once.Do(func() {
		demo.home, demo.err = os.MkdirTemp("", "countinghouse-desktop")
		if demo.err != nil {
			return
		}
		demo.s, demo.err = newDemo(context.Background(), demo.home, 600, 200)
	})
	if demo.err != nil {
		t.Fatal(demo.err)
	}
	return demo.s
}

// demoSources are the sources whose data the screens show. The others cost half a
// minute of waiting for Amazon's limits.
var demoSources = []string{"participations", "order-reports", "orders", "inventory", "finances", "settlement", "listings", "recipients", "balances",
	"payouts", "event-groups", "account", "catalog"}

func newDemo(ctx context.Context, home string, orders, days int) (*session.Session, error) {
	seller := spapifake.New(spapifake.Config{Seed: 1, Orders: orders, Days: days, Speed: shotSpeed})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	defer seller.Close()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		return nil, err
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	s, err := session.Create(ctx, session.Place{Home: store.Home(home)}, "Demo", session.Demo, slots)
	if err != nil {
		return nil, err
	}
	if _, err := s.FillDemo(ctx, seller, nil, demoSources...); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// queue collects what goroutines post, until the test runs it.
type queue struct {
	calls chan func()
	env   *env // whose reading drain waits for
}

func newQueue() *queue { return &queue{calls: make(chan func(), 1000), env: &env{}} }

func (q *queue) post(f func()) { q.calls <- f }

// run does one posted call, waiting for it.
func (q *queue) run(t testing.TB) {
	t.Helper()
	select {
	case f := <-q.calls:
		f()
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was posted")
	}
}

// newTestEnv is an env over a book, in a test window of 1280x800.
func newTestEnv(t testing.TB, s *session.Session, language string) (*env, *queue) {
	t.Helper()
	q := newQueue()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode, Scale: 1}))
	w := test.NewTempWindow(t, nil)
	w.Resize(fyne.NewSize(1280, 800))
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	today := time.Now().UTC()
	q.env = &env{
		ctx: ctx, s: s, window: w, loc: format.For(language), words: i18n.For(language), post: q.post, now: func() time.Time { return today },
		filter: func() filter {
			return filter{From: today.AddDate(0, 0, -120).Format(time.DateOnly), To: today.Format(time.DateOnly)}
		},
		show: func(route) {}, notify: func(string) {}, reload: func() {},
		busy: func(_ string, work func(context.Context, func(int64, int64)) (string, error)) {
			work(ctx, func(int64, int64) {})
		},
	}
	return q.env, q
}
