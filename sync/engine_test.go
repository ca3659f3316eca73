package appsync_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// small is a seller whose whole history syncs in a moment.
var small = spapifake.Config{Seed: 5, Orders: 150, Days: 40, FinancesPage: 100}

// watch collects the events of runs.
type watch struct {
	mu  sync.Mutex
	all []appsync.Event
}

func (w *watch) report(e appsync.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, e)
}

func (w *watch) events() []appsync.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.all)
}

func once(t *testing.T, e *appsync.Engine) appsync.Result {
	t.Helper()
	r, err := e.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func failed(r appsync.Result) map[string]error {
	out := map[string]error{}
	for _, f := range r.Failures {
		out[f.Connection+" "+f.Resource] = f.Err
	}
	return out
}

func connection(t *testing.T, b *store.Book, id string) store.Connection {
	t.Helper()
	c, err := b.Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantPlain(t *testing.T, s *spapifake.Server, text string) {
	t.Helper()
	if text == "" || strings.ContainsAny(text, "\n\r") {
		t.Errorf("%q is not one sentence", text)
	}
	for _, secret := range s.KnownSecrets() {
		if strings.Contains(text, secret) {
			t.Errorf("a sentence holds a secret")
		}
	}
}

// One of three accounts is revoked: two sync, and the third says what to do.
// Given back, it is active and complete.
func TestRevokedConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		want := newBook(t, s)
		syncAll(t, want, s)

		b := newBook(t, s)
		s.Revoke("EU")
		r := once(t, engine(b, credentials(s), nil))
		if got := failed(r); r.Connections != 3 || len(got) != 1 || !errors.Is(got["eu "], spapi.ErrRevoked) {
			t.Fatalf("failures %v", got)
		}
		eu := connection(t, b, "eu")
		if eu.State != store.StateRevoked || !strings.Contains(eu.StateReason, "authorise") {
			t.Errorf("eu is %s: %q", eu.State, eu.StateReason)
		}
		wantPlain(t, s, eu.StateReason)
		for _, id := range []string{"na", "fe"} {
			if c := connection(t, b, id); c.State != store.StateActive || sum(t, b, `SELECT count(*) FROM orders WHERE connection_id = ?`, id) == 0 {
				t.Errorf("%s is %s", id, c.State)
			}
		}
		if n := sum(t, b, `SELECT count(*) FROM orders WHERE connection_id = 'eu'`); n != 0 {
			t.Errorf("%d orders of the revoked account", n)
		}

		// A run that is stopped before anybody answers changes nothing.
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := engine(b, credentials(s), nil).Once(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped: %v", err)
		}
		if c := connection(t, b, "eu"); c.State != store.StateRevoked {
			t.Errorf("stopped before it was asked, eu is %s", c.State)
		}

		s.Restore("EU")
		s.Inject(spapifake.Fault{Operation: "getInventorySummaries", Connection: "EU", Kind: spapifake.MissingRole, Times: -1})
		if got := failed(once(t, engine(b, credentials(s), nil))); len(got) != 1 || !errors.Is(got["eu inventory"], spapi.ErrRole) {
			t.Errorf("given back, without a role: %v", got)
		}
		if c := connection(t, b, "eu"); c.State != store.StateActive || c.StateReason != "" {
			t.Errorf("given back, eu is %s: %q", c.State, c.StateReason)
		}
		s.ClearFaults()
		syncAll(t, b, s)
		wantSame(t, "given back", fingerprints(t, b), fingerprints(t, want))
	})
}

// Revoked in the middle of a run: what came is kept, the rest stops at once.
func TestRevokedInTheMiddle(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		want := newBook(t, s)
		syncAll(t, want, s)
		b := newBook(t, s)
		var first sync.Once
		e := engine(b, credentials(s), func(e appsync.Event) {
			if e.Connection == "na" && e.Resource == "finances" && e.Phase == appsync.Working {
				first.Do(func() { s.Revoke("NA") })
			}
		})
		if got := failed(once(t, e)); len(got) != 1 || !errors.Is(got["na "], spapi.ErrRevoked) {
			t.Errorf("failures %v", got)
		}
		if c := connection(t, b, "na"); c.State != store.StateRevoked {
			t.Errorf("na is %s", c.State)
		}
		if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("sums: %v %v", err, wrong)
		}
		s.Restore("NA")
		syncAll(t, b, s)
		wantSame(t, "given back", fingerprints(t, b), fingerprints(t, want))
	})
}

func TestWrongSecret(t *testing.T) {
	s := seller(t, small)
	for name, tc := range map[string]struct {
		spoil func(*spapifake.Credentials)
		err   error
		state string
	}{
		"client secret":    {func(c *spapifake.Credentials) { c.ClientSecret += "x" }, spapi.ErrClientSecret, store.StateSecret},
		"refresh token":    {func(c *spapifake.Credentials) { c.RefreshToken = "Atzr|nobody's" }, spapi.ErrRevoked, store.StateRevoked},
		"another region's": {func(c *spapifake.Credentials) { c.RefreshToken = s.Credentials("EU").RefreshToken }, spapi.ErrRegion, store.StateRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, s)
			before := fingerprints(t, b)
			all := credentials(s)
			c := all["NA"]
			tc.spoil(&c)
			all["NA"] = c
			cfg := engineConfig(b, all)
			cfg.Only = []string{"na"}
			r := once(t, appsync.New(cfg))
			if got := failed(r); len(got) != 1 || !errors.Is(got["na "], tc.err) || r.Connections != 1 {
				t.Errorf("failures %v, want %v", got, tc.err)
			}
			na := connection(t, b, "na")
			if na.State != tc.state {
				t.Errorf("na is %s, want %s", na.State, tc.state)
			}
			wantPlain(t, s, na.StateReason)
			wantSame(t, "refused", fingerprints(t, b), before)
		})
	}
}

// restToo are the other sources that an operation serves.
var restToo = map[string][]string{
	"createReport": {"traffic", "ledger", "balances-monthly", "returns", "seller-returns", "reimbursements", "removals", "removal-advice", "storage-fees",
		"aged-storage-fees", "fee-preview", "inventory-planning", "restock", "myi-inventory", "listings-report"},
}

// Without the role for one kind of data that resource rests; the others and
// the connection go on.
func TestMissingRole(t *testing.T) {
	s := seller(t, small)
	for op, resource := range map[string]string{
		"listTransactions": "finances", "searchOrders": "orders", "createReport": "order-reports", "getReports": "settlement",
		"getInventorySummaries": "inventory",
	} {
		t.Run(resource, func(t *testing.T) {
			b := newBook(t, s)
			s.Inject(spapifake.Fault{Operation: op, Connection: "NA", Kind: spapifake.MissingRole, Times: -1})
			defer s.ClearFaults()
			var w watch
			got := failed(once(t, engine(b, credentials(s), w.report)))
			if !errors.Is(got["na "+resource], spapi.ErrRole) {
				t.Errorf("failures %v", got)
			}
			delete(got, "na "+resource)
			if resource == "finances" {
				delete(got, "na listings") // the seller id comes with the money
			}
			for _, other := range restToo[op] { // they need the same operation
				if !errors.Is(got["na "+other], spapi.ErrRole) {
					t.Errorf("%s should rest too: %v", other, got["na "+other])
				}
				delete(got, "na "+other)
			}
			if len(got) != 0 {
				t.Errorf("others failed: %v", got)
			}
			rests := slices.ContainsFunc(w.events(), func(e appsync.Event) bool {
				return e.Connection == "na" && e.Resource == resource && e.Phase == appsync.Resting
			})
			if c := connection(t, b, "na"); c.State != store.StateActive || !rests {
				t.Errorf("na is %s, the resource rests: %t", c.State, rests)
			}
		})
	}
}

// Nobody answers: one failure per connection that says so, the data stay, the
// state too.
func TestOffline(t *testing.T) {
	s := seller(t, small)
	b := newBook(t, s)
	syncAll(t, b, s)
	before := fingerprints(t, b)
	known := credentials(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r := once(t, engine(b, known, nil))
	got := failed(r)
	if len(got) != 3 {
		t.Errorf("failures %v", got)
	}
	for _, id := range []string{"na", "eu", "fe"} {
		if err := got[id+" "]; !errors.Is(err, spapi.ErrOffline) {
			t.Errorf("%s: %v", id, err)
		}
		if c := connection(t, b, id); c.State != store.StateActive {
			t.Errorf("%s is %s", id, c.State)
		}
	}
	wantSame(t, "offline", fingerprints(t, b), before)
}

// Stopped after any number of stored pages the book is whole, and the next run
// ends with the same rows.
func TestStoppedRun(t *testing.T) {
	s := seller(t, small)
	want := newBook(t, s)
	syncAll(t, want, s)
	for _, pages := range []int{0, 1, 2, 5, 11, 23, 37} {
		t.Run(fmt.Sprint("after page ", pages), func(t *testing.T) {
			b := newBook(t, s)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var mu sync.Mutex
			n, stopped := 0, 0
			r, err := engine(b, credentials(s), func(e appsync.Event) {
				mu.Lock()
				defer mu.Unlock()
				if e.Phase == appsync.Stopped {
					stopped++
				}
				if e.Phase == appsync.Working || e.Phase == appsync.Started && pages == 0 {
					if n++; n >= pages {
						cancel()
					}
				}
			}).Once(ctx)
			// Within the first pages every source may have just ended by itself.
			if !errors.Is(err, context.Canceled) || len(r.Failures) != 0 || stopped == 0 && pages >= 5 {
				t.Errorf("%v, failures %v, %d resources told that they stopped", err, r.Failures, stopped)
			}
			if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
				t.Errorf("sums: %v %v", err, wrong)
			}
			if err := b.CheckForeignKeys(t.Context()); err != nil {
				t.Error(err)
			}
			syncAll(t, b, s)
			wantSame(t, "gone on", fingerprints(t, b), fingerprints(t, want))
		})
	}
}
