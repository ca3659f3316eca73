package appsync_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// virtual is a seller, a book and an engine under testing/synctest's clock:
// the real engine, client and encrypted file, Amazon's own limits, and no
// network. A minute passes when everybody waits.
type virtual struct {
	seller *spapifake.Server
	book   *store.Book
	cfg    appsync.Config
	line   http.RoundTripper // of clients that are made from now on
	shift  atomic.Int64      // nanoseconds from the bubble's clock, which begins in 2000
	wrong  atomic.Int64      // by how much this computer's clock is ahead of Amazon's
}

// now is the true time, and Amazon's.
func (v *virtual) now() time.Time { return time.Now().Add(time.Duration(v.shift.Load())) }

// local is the time by this computer.
func (v *virtual) local() time.Time { return v.now().Add(time.Duration(v.wrong.Load())) }

// newVirtual must be called inside a bubble; close ends all that it began.
// What the bubble shares with other tests is made before it (see warmUp).
func newVirtual(t testing.TB, cfg spapifake.Config, dir string) *virtual {
	t.Helper()
	v := &virtual{}
	v.shift.Store(int64(time.Until(now)))
	cfg.Now, cfg.Clock, cfg.Speed = now, v.now, 1
	v.seller = spapifake.New(cfg)
	v.line = v.seller.InMemory(150 * time.Millisecond)
	var err error
	if v.book, err = store.Create(t.Context(), filepath.Join(dir, "book"), testKeys); err != nil {
		t.Fatal(err)
	}
	fill(t, v.book, v.seller)
	v.book.Now = v.local
	v.cfg = v.engineConfig(credentials(v.seller))
	return v
}

// bareVirtual is newVirtual without a seller: a book and a line to h, whatever
// h answers.
func bareVirtual(t testing.TB, dir string, c spapifake.Credentials, h http.Handler) *virtual {
	t.Helper()
	v := &virtual{}
	v.shift.Store(int64(time.Until(now)))
	var err error
	if v.book, err = store.Create(t.Context(), filepath.Join(dir, "book"), testKeys); err != nil {
		t.Fatal(err)
	}
	v.book.Now = v.local
	const address = "http://127.0.0.1:1"
	putConnections(t, v.book, store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI, SellerID: "A2INVENTED0001", Endpoint: address, LoginEndpoint: address})
	v.line = handlerLine{h}
	v.cfg = v.engineConfig(map[string]spapifake.Credentials{"NA": c})
	return v
}

// handlerLine leads every request to a handler, a moment later.
type handlerLine struct{ http.Handler }

func (l handlerLine) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(150 * time.Millisecond)
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w.Result(), nil
}

func (v *virtual) engineConfig(keys map[string]spapifake.Credentials) appsync.Config {
	random := rand.New(rand.NewPCG(1, 2))
	return appsync.Config{
		Book: v.book, Now: v.local,
		Client: func(_ context.Context, c store.Connection, onWait func(spapi.Op, time.Time)) (*spapi.Client, error) {
			client, err := spapi.New(spapi.Config{
				Connection: c.ID, Region: c.Region, Endpoint: c.Endpoint, LoginEndpoint: c.LoginEndpoint, TestBook: true,
				ClientID: keys[c.Region].ClientID, ClientSecret: secret(keys[c.Region].ClientSecret), RefreshToken: secret(keys[c.Region].RefreshToken),
				Now: v.local, Random: random.Uint64, UserAgent: spapi.UserAgent("test"),
				Limits: appsync.Limits{Book: v.book}, Calls: appsync.Calls{Book: v.book}, OnWait: onWait,
			})
			if err == nil {
				err = client.Through(v.line)
			}
			return client, err
		},
	}
}

// syncAll is a single run in which nothing may fail.
func (v *virtual) syncAll(t testing.TB) {
	t.Helper()
	r, err := appsync.New(v.cfg).Once(t.Context())
	if err != nil || len(r.Failures) > 0 {
		t.Fatalf("sync: %v, %+v", err, r.Failures)
	}
}

// open opens the book again, as a new process does.
func (v *virtual) open(t testing.TB) {
	t.Helper()
	b, err := store.Open(t.Context(), v.book.Dir, testKeys)
	if err != nil {
		t.Fatal(err)
	}
	b.Now = v.local
	v.book, v.cfg.Book = b, b
}

func (v *virtual) close(t testing.TB) {
	t.Helper()
	if err := v.book.Close(); err != nil {
		t.Error(err)
	}
}

// bubble is the clock and the line of a test that runs in testing/synctest: the
// harness's seller and engine (seller, engineConfig) find them here. Nobody is
// late in it, however busy the machine is.
type bubble struct {
	shift time.Duration // from the bubble's clock, which begins in 2000
	line  http.RoundTripper
}

// inside is the bubble of the test that runs, nil outside of one. The tests that
// set it run one after the other.
var inside *bubble

// inBubble runs a test that needs no socket, no process and no subtests on a
// virtual clock. One seller fits in.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	warmUp(t)
	synctest.Test(t, func(t *testing.T) {
		inside = &bubble{shift: time.Until(now)}
		defer func() { inside = nil }()
		f(t)
	})
}

// warmUp makes what all books of a process share, outside of any bubble: what
// is made inside one cannot be used after it.
func warmUp(t testing.TB) {
	t.Helper()
	b := emptyBook(t)
	var id int64
	err := b.Write(t.Context(), func(tx *store.Tx) (err error) {
		id, err = tx.PutDocument("order", []byte("{}"))
		return err
	})
	if err == nil {
		_, err = b.Document(t.Context(), id)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
