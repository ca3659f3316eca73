package appsync_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// leap is a clock that stands still, and runs two hundred times as fast as the
// real one while somebody waits. Server and clients of a fault share one, so
// that an hour of waiting takes seconds and waits overlap as they do.
type leap struct {
	mu       sync.Mutex
	now      time.Time
	sleepers int
	since    time.Time // real time at which now was right, while somebody waits
}

const leapPace = 200

// settle brings the clock up to date; the caller holds the lock.
func (l *leap) settle() {
	if at := time.Now(); l.sleepers > 0 {
		l.now, l.since = l.now.Add(leapPace*at.Sub(l.since)), at
	} else {
		l.since = at
	}
}

func (l *leap) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle()
	return l.now
}

func (l *leap) on(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

func (l *leap) waits(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle()
	l.sleepers += n
}

func (l *leap) Sleep(ctx context.Context, d time.Duration) error {
	l.waits(1)
	defer l.waits(-1)
	t := time.NewTimer(d/leapPace + time.Microsecond)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// faultSeller has pages to lose in every list and three settlements, and no
// deferred money that is released while the faults are tried.
var faultSeller = spapifake.Config{Seed: 11, Orders: 150, Days: 45, FinancesPage: 25, PageSize: 10}

// faultRun is a book and its seller while something is wrong. A fault changes
// it in its arrange function and says in mend how all is well again.
type faultRun struct {
	t       *testing.T
	s       *spapifake.Server
	b       *store.Book
	clock   *leap
	known   map[string]spapifake.Credentials
	regions []string // connections that run
	mend    func()

	engine func(*appsync.Config)
	client func(*spapi.Config)
}

// fault is one way in which things go wrong.
type fault struct {
	name    string
	regions []string // NA when nil
	arrange func(*faultRun)
	kinds   []spapifake.FaultKind // that must have come in the server's log
	// reads is what the user reads after the run, by resource; "" is the
	// connection itself. Without any, the run mends itself and nobody reads
	// anything.
	reads map[string]string
	check func(*faultRun, appsync.Result) // instead of reads, where what is read depends on the moment
	same  comparison                      // everyRow when empty
	later time.Duration                   // the last runs are made so much later
	alone bool                            // touches what all tests of the process share
}

func newFaultRun(t *testing.T, regions []string) *faultRun {
	t.Helper()
	if regions == nil {
		regions = []string{"NA"}
	}
	r := &faultRun{t: t, clock: &leap{now: now}, regions: regions, mend: func() {},
		engine: func(*appsync.Config) {}, client: func(*spapi.Config) {}}
	cfg := faultSeller
	cfg.Now, cfg.Clock = now, r.clock.Now
	r.s = spapifake.New(cfg)
	if err := r.s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.s.Close() })
	r.useBook(newBook(t, r.s))
	r.known = credentials(r.s)
	return r
}

// useBook takes a new book, whose orders list begins twelve days back: pages
// enough for what goes wrong between two of them.
func (r *faultRun) useBook(b *store.Book) {
	r.t.Helper()
	r.b = b
	err := b.Write(r.t.Context(), func(tx *store.Tx) error {
		for _, region := range spapifake.Connections() {
			since := map[string]time.Time{"since": now.AddDate(0, 0, -12)}
			if err := tx.SetBookmark(strings.ToLower(region), "orders", since, time.Time{}); err != nil {
				return err
			}
			if err := tx.SetSellerID(strings.ToLower(region), r.s.Credentials(region).SellerID); err != nil {
				return err // else the listings wait for the money to tell it
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// inject plans faults, which mending takes away.
func (r *faultRun) inject(list ...spapifake.Fault) {
	for _, f := range list {
		r.s.Inject(f)
	}
	r.mend = r.s.ClearFaults
}

// run syncs once.
func (r *faultRun) run() appsync.Result {
	r.t.Helper()
	cfg := engineConfig(r.b, r.known)
	cfg.LookBack = 60 * 24 * time.Hour
	for _, region := range r.regions {
		cfg.Only = append(cfg.Only, strings.ToLower(region))
	}
	cfg.Client = func(_ context.Context, c store.Connection, onWait func(spapi.Op, time.Time)) (*spapi.Client, error) {
		known := r.known[c.Region]
		client := spapi.Config{
			Connection: c.ID, Region: c.Region, Endpoint: c.Endpoint, LoginEndpoint: c.LoginEndpoint, TestBook: true,
			ClientID: known.ClientID, ClientSecret: secret(known.ClientSecret), RefreshToken: secret(known.RefreshToken),
			Now: r.clock.Now, Sleep: r.clock.Sleep,
			UserAgent: spapi.UserAgent("test"), Limits: appsync.Limits{Book: r.b}, Calls: appsync.Calls{Book: r.b}, OnWait: onWait,
		}
		r.client(&client)
		return spapi.New(client)
	}
	r.engine(&cfg)
	withoutGoods(&cfg)
	result, err := appsync.New(cfg).Once(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return result
}

// untilWell runs until nothing fails, a few times at most.
func (r *faultRun) untilWell() {
	r.t.Helper()
	for n := 1; ; n++ {
		result := r.run()
		if len(result.Failures) == 0 {
			return
		}
		if n == 8 {
			r.t.Fatalf("still failing after %d runs: %v", n, result.Failures)
		}
		r.clock.on(20 * time.Minute)
	}
}

// read is what the program shows after a run: the sentence of each source that
// did not end well, and of the connection itself (""). What the book keeps for
// the window has to be the same text.
func (r *faultRun) read(result appsync.Result) map[string]string {
	r.t.Helper()
	out, states := map[string]string{}, map[string]string{}
	for _, f := range result.Failures {
		out[f.Resource] = f.Err.Error()
	}
	list, err := r.b.SyncStates(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range list {
		states[s.Resource] = s.Error
	}
	for resource, text := range out {
		if resource != "" && states[resource] != text && !strings.Contains(text, "disk") {
			r.t.Errorf("%s reads %q in the window, %q in the terminal", resource, states[resource], text)
		}
	}
	for _, region := range r.regions {
		if c := connection(r.t, r.b, strings.ToLower(region)); c.StateReason != "" && c.StateReason != out[""] {
			r.t.Errorf("the connection reads %q in the window, %q in the terminal", c.StateReason, out[""])
		}
	}
	return out
}

var (
	evidence = regexp.MustCompile(` \([^()]*(\([^()]*\)[^()]*)*\)`) // in brackets, for support
	jargon   = regexp.MustCompile(`(?i:json|\bEOF\b|\btcp\b|x509|syscall|context|\bnil\b|sqlite|\bSQL\b|\bdial\b|unmarshal|goroutine|panic|0x|https?://|invalid character|127\.0\.0\.1)|%!|\b[a-z]+[A-Z]`)
)

// wantReads checks what the user reads, that it is fit for him, and that
// nothing else is said.
func (r *faultRun) wantReads(result appsync.Result, want map[string]string) {
	r.t.Helper()
	got := r.read(result)
	for resource, text := range want {
		if !strings.Contains(got[resource], text) {
			r.t.Errorf("%q reads %q, want %q", resource, got[resource], text)
		}
	}
	for resource, text := range got {
		// A source that nobody names may meet the same fault; then it says the same.
		same := slices.ContainsFunc(slices.Collect(maps.Values(want)), func(s string) bool {
			return strings.Contains(text, s) || strings.Contains(text, "nothing of it was used")
		})
		if _, expected := want[resource]; !expected && (!same || slices.Contains(coreResources, resource)) {
			r.t.Errorf("%q reads %q, want nothing", resource, text)
		}
		wantPlain(r.t, r.s, text)
		if word := jargon.FindString(evidence.ReplaceAllString(text, "")); word != "" {
			r.t.Errorf("%q reads %q: %q is not for a seller", resource, text, word)
		}
	}
	r.t.Logf("reads %q", got)
}

// undisturbed are the rows of a sync that nothing happened to, by the regions
// that ran.
var undisturbed = struct {
	sync.Mutex
	rows map[string]map[string]string
	sums map[string]map[statementKey]int64
}{rows: map[string]map[string]string{}, sums: map[string]map[statementKey]int64{}}

func undisturbedRows(t *testing.T, regions []string, later time.Duration) (map[string]string, map[statementKey]int64) {
	t.Helper()
	key := strings.Join(regions, " ") + later.String()
	undisturbed.Lock()
	defer undisturbed.Unlock()
	if undisturbed.rows[key] == nil {
		r := newFaultRun(t, regions)
		if result := r.run(); len(result.Failures) > 0 {
			t.Fatalf("undisturbed: %v", result.Failures)
		}
		if later > 0 { // that day's sync too
			r.clock.on(later)
			r.engine = func(c *appsync.Config) { c.Now = func() time.Time { return now.Add(later) } }
			r.untilWell()
		}
		undisturbed.rows[key], undisturbed.sums[key] = fingerprints(t, r.b), statement(t, r.b)
		for _, q := range []string{
			`SELECT count(*) > 75 FROM financial_transaction`, `SELECT count(*) > 10 FROM stock_snapshot`, `SELECT count(*) > 20 FROM listing`,
			`SELECT count(*) > 50 FROM orders`, `SELECT count(*) > 1 FROM settlement`,
		} {
			if regions[0] == "NA" && sum(t, r.b, q) != int64(1) {
				t.Errorf("the seller is too small: %s", q)
			}
		}
	}
	return undisturbed.rows[key], undisturbed.sums[key]
}

// Whatever goes wrong: the user reads one sentence that says what happened and
// what to do, or nothing because the run mended itself; and when it is over the
// tables are those of a sync that nothing happened to.
func TestFaults(t *testing.T) {
	for i, f := range slices.Concat(lineFaults, listFaults, accessFaults, reportFaults, amountFaults, machineFaults) {
		if testing.Short() && i%5 != 0 { // under the race detector: some of them
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			if !f.alone {
				t.Parallel()
			}
			r := newFaultRun(t, f.regions)
			rows, sums := undisturbedRows(t, r.regions, f.later)
			f.arrange(r)
			if result := r.run(); f.check != nil {
				f.check(r, result)
			} else {
				r.wantReads(result, f.reads)
			}
			came := map[spapifake.FaultKind]bool{}
			for _, q := range r.s.Requests() {
				came[q.Fault] = true
			}
			for _, k := range f.kinds {
				if !came[k] {
					t.Errorf("the fault %q never came", k)
				}
			}
			r.mend()
			r.engine, r.client = func(c *appsync.Config) { c.Now = func() time.Time { return now.Add(f.later) } }, func(*spapi.Config) {}
			r.clock.on(30 * time.Minute)
			r.untilWell()
			same := f.same
			if same == "" {
				same = everyRow
			}
			wantComparable(t, r.b, same, rows, sums)
			if wrong, err := r.b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
				t.Errorf("sums: %v %v", err, wrong)
			}
		})
	}
}

// The list of faults that have to be here, in the words of the plan.
func TestFaultsAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, f := range slices.Concat(lineFaults, listFaults, accessFaults, reportFaults, amountFaults, machineFaults) {
		if names[f.name] {
			t.Errorf("%s twice", f.name)
		}
		names[f.name] = true
	}
	for _, kind := range spapifake.FaultKinds() {
		used := slices.ContainsFunc(faultCases, func(c faultCase) bool { return c.kind == kind })
		for _, f := range slices.Concat(lineFaults, listFaults, accessFaults, reportFaults, amountFaults, machineFaults) {
			used = used || slices.Contains(f.kinds, kind)
		}
		if !used {
			t.Errorf("the demo seller can do %q, which no test asks for", kind)
		}
	}
	t.Log(len(names), " faults: ", strings.Join(slices.Sorted(maps.Keys(names)), ", "))
}
