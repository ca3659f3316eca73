package appsync_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// The operations that the engine calls, as the server names them.
var (
	apiOperations = []string{
		"getMarketplaceParticipations", "searchOrders", "getOrder", "createReport", "getReport", "getReports", "getReportDocument",
		"getInventorySummaries", "searchListingsItems", "listTransactions",
	}
	pagedOperations = []string{"searchOrders", "getInventorySummaries", "searchListingsItems", "listTransactions"}
	allOperations   = append([]string{"getAccessToken", "downloadDocument"}, apiOperations...)
)

// comparison says what has to be the same as after an undisturbed sync.
type comparison string

const (
	everyRow  comparison = "every row"
	moneyOnly comparison = "the books" // stored texts and Amazon's words differ
	amounts   comparison = "the statement"
	totals    comparison = "the sums of the months"
	// A day that was slept through has no daily snapshots: of stock, prices,
	// ranks, balances; and coverage begins where the first run does.
	butSnapshots comparison = "every row but the daily snapshots"
)

type faultCase struct {
	kind       spapifake.FaultKind
	operations []string
	same       comparison
}

var faultCases = []faultCase{
	{spapifake.Throttle, apiOperations, everyRow},
	{spapifake.ServerError, allOperations, everyRow},
	{spapifake.Unavailable, allOperations, everyRow},
	{spapifake.ResetMidBody, apiOperations, everyRow},
	{spapifake.HTMLPage, allOperations, everyRow},
	{spapifake.CutJSON, apiOperations, everyRow},
	{spapifake.TokenExpired, apiOperations, everyRow},
	{spapifake.MissingRole, apiOperations, everyRow},
	{spapifake.BadInput, apiOperations, everyRow},
	{spapifake.RepeatedToken, pagedOperations, everyRow},
	{spapifake.DuplicateRows, pagedOperations, everyRow},
	{spapifake.PageExpired, pagedOperations, everyRow},
	{spapifake.UnknownField, apiOperations, everyRow},
	{spapifake.OddRateHeader, apiOperations, everyRow},
	{spapifake.WrongDate, apiOperations, everyRow},
	{spapifake.ReportCancels, []string{"getReport"}, everyRow},
	{spapifake.ReportFatal, []string{"getReport"}, everyRow},
	{spapifake.DamagedGzip, []string{"downloadDocument"}, everyRow},
	{spapifake.CutDocument, []string{"downloadDocument"}, everyRow},
	{spapifake.LinkExpired, []string{"downloadDocument"}, everyRow},
	{spapifake.InvalidGrant, []string{"getAccessToken"}, everyRow},
	{spapifake.LateFinances, []string{"listTransactions"}, everyRow},
	{spapifake.UnknownColumn, []string{"downloadDocument"}, moneyOnly},
	{spapifake.SwappedNumbers, apiOperations, moneyOnly},
	{spapifake.UnknownEnum, apiOperations, amounts},
	{spapifake.BlankBuyer, []string{"getOrder"}, moneyOnly}, // people: TestRecipientsAreNotToldYet
}

// oneSeller has pages to lose in every list.
var oneSeller = spapifake.Config{Seed: 11, Orders: 260, Days: 45, FinancesPage: 40}

// core are the sources of orders, stock and money: the others look at the moment,
// so that their rows depend on when they were asked. TestFaults has those.
var core = resources("participations", "order-reports", "orders", "inventory", "finances", "settlement", "listings", "recipients")

// Whatever goes wrong on the way, in every operation that it can hit: the runs
// after it end with the rows of an undisturbed sync. Each fault twice: on the
// first call, and on a later one.
func TestFaultsLeaveTheSameRows(t *testing.T) {
	s := seller(t, oneSeller)
	want := newBook(t, s)
	syncNA(t, want, s, core)
	rows, statementWas := fingerprints(t, want), statement(t, want)
	if sum(t, want, `SELECT count(*) FROM financial_transaction`) < 3*40 {
		t.Fatal("the seller has too few pages")
	}
	for i, tc := range faultCases {
		if testing.Short() && i%5 != 0 { // under the race detector: some of them
			continue
		}
		groups := [][]string{tc.operations}
		if os.Getenv("COUNTINGHOUSE_SOAK") != "" {
			groups = nil
			for _, op := range tc.operations {
				groups = append(groups, []string{op})
			}
		}
		for _, ops := range groups {
			name := string(tc.kind)
			if len(ops) == 1 {
				name += " on " + ops[0]
			}
			places := [][]int{{0, 2}}
			if tc.kind == spapifake.ReportCancels { // a second time for the same days says that they are empty
				places = [][]int{{0}, {1}}
			}
			for _, after := range places {
				t.Run(fmt.Sprint(name, " after ", after), func(t *testing.T) {
					b := newBook(t, s)
					runs := syncThroughFaults(t, b, s, tc.kind, ops, after)
					wantComparable(t, b, tc.same, rows, statementWas)
					if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
						t.Errorf("sums: %v %v", err, wrong)
					}
					t.Logf("%d runs", runs)
				})
			}
		}
	}
}

// syncThroughFaults syncs while each operation goes wrong once after each of these
// numbers of calls, until all is in.
func syncThroughFaults(t *testing.T, b *store.Book, s *spapifake.Server, kind spapifake.FaultKind, ops []string, after []int) (runs int) {
	t.Helper()
	defer s.ClearFaults()
	before := len(s.Requests())
	for _, op := range ops {
		for _, n := range after {
			s.Inject(spapifake.Fault{Operation: op, Kind: kind, After: n})
		}
	}
	runs = syncUntilWell(t, b, s, core)
	hit := map[string]bool{}
	for _, r := range s.Requests()[before:] {
		if r.Fault == kind {
			hit[r.Operation] = true
		}
	}
	if len(hit) != len(ops) {
		t.Errorf("the fault came in %v only", slices.Collect(maps.Keys(hit)))
	}
	s.ClearFaults()
	if kind == spapifake.ReportCancels {
		later(t, b, s, 2*time.Hour, "participations", "order-reports", "orders", "recipients") // what was told to be empty is asked once more
	}
	if kind == spapifake.LateFinances {
		syncNA(t, b, s, core) // the money that was not there yet
	}
	return runs
}

func wantComparable(t *testing.T, b *store.Book, same comparison, rows map[string]string, was map[statementKey]int64) {
	t.Helper()
	switch same {
	case everyRow:
		wantSame(t, "after the fault", fingerprints(t, b), rows)
	case butSnapshots:
		lasting := []string{"orders", "order_item", "package", "transaction", "settlement", "fact", "event", "line", "open", "rollup", "listing", "marketplace"}
		wantSame(t, "after the fault", only(fingerprints(t, b), lasting), only(rows, lasting))
	case moneyOnly:
		wantSame(t, "after the fault", only(fingerprints(t, b), moneyTables), only(rows, moneyTables))
	case totals:
		if got := monthly(statement(t, b)); !maps.Equal(got, monthly(was)) {
			t.Errorf("the months are %v, want %v", got, monthly(was))
		}
	default:
		if got := statement(t, b); !maps.Equal(got, was) {
			t.Error("the statement is another one")
		}
	}
}

// monthly adds up the lines of each month, whatever they are called.
func monthly(s map[statementKey]int64) map[statementKey]int64 {
	out := map[statementKey]int64{}
	for k, v := range s {
		k.line = ""
		out[k] += v
	}
	return out
}

func engineNA(b *store.Book, s *spapifake.Server, change ...func(*appsync.Config)) *appsync.Engine {
	cfg := engineConfig(b, credentials(s))
	cfg.Only = []string{"na"}
	for _, f := range change {
		f(&cfg)
	}
	return appsync.New(cfg)
}

func syncNA(t *testing.T, b *store.Book, s *spapifake.Server, change ...func(*appsync.Config)) {
	t.Helper()
	if r := once(t, engineNA(b, s, change...)); len(r.Failures) > 0 {
		t.Fatalf("sync: %v", r.Failures)
	}
}

// syncUntilWell runs the engine until nothing fails, some times at most.
func syncUntilWell(t *testing.T, b *store.Book, s *spapifake.Server, change ...func(*appsync.Config)) (runs int) {
	t.Helper()
	for runs = 1; ; runs++ {
		r := once(t, engineNA(b, s, change...))
		if len(r.Failures) == 0 {
			return runs
		}
		for _, f := range r.Failures {
			if spapi.ClassOf(f.Err) == nil && runs > 12 {
				t.Errorf("%s: %v", f.Resource, f.Err)
			}
			wantPlain(t, s, f.Err.Error())
		}
		if runs == 16 {
			t.Fatalf("still failing after %d runs: %v", runs, r.Failures)
		}
	}
}

// People that Amazon does not tell are asked for again, later and not in every
// run.
func TestRecipientsAreNotToldYet(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, oneSeller)
		want := newBook(t, s)
		syncNA(t, want, s)
		asked := func() (n int) {
			for _, r := range s.Requests() {
				if r.Operation == "getOrder" {
					n++
				}
			}
			return n
		}
		b := newBook(t, s)
		at := func(start time.Time) {
			t.Helper()
			if r := once(t, engineNA(b, s, func(c *appsync.Config) { c.Now = func() time.Time { return start } })); len(r.Failures) > 0 {
				t.Fatal(r.Failures)
			}
		}
		s.Inject(spapifake.Fault{Operation: "getOrder", Kind: spapifake.BlankBuyer, Times: -1})
		before := asked()
		at(now.Add(-7 * time.Hour))
		first := asked() - before
		if first == 0 {
			t.Fatal("nobody is to be asked for")
		}
		at(now.Add(-7*time.Hour + appsync.Interval))
		if n := asked() - before; n != first {
			t.Errorf("%d calls in the second run", n-first)
		}
		s.ClearFaults()
		at(now)
		if n := asked() - before; n != 2*first {
			t.Errorf("%d calls after seven hours, want %d", n-first, first)
		}
		if got, w := fingerprints(t, b)["person"], fingerprints(t, want)["person"]; got != w {
			t.Errorf("people: %s, want %s", got, w)
		}
	})
}
