package appsync_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// goodsRun syncs only the participations and the named reports, at a time, and
// returns what failed.
func goodsRun(t *testing.T, b *store.Book, s *spapifake.Server, at time.Time, names ...string) []appsync.Failure {
	t.Helper()
	cfg := engineConfig(b, credentials(s))
	cfg.Only = []string{"eu"}
	cfg.Now = func() time.Time { return at }
	for _, r := range appsync.All() {
		for _, name := range append(names, "participations") {
			if r.Name() == name {
				cfg.Resources = append(cfg.Resources, r)
			}
		}
	}
	if len(cfg.Resources) != len(names)+1 {
		t.Fatalf("not all of %q are sources", names)
	}
	r, err := appsync.New(cfg).Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r.Failures
}

// goodsReports are the sources that ask Amazon for a report of goods.
var goodsReports = []string{
	"ledger", "balances-monthly", "returns", "seller-returns", "reimbursements", "removals", "storage-fees", "aged-storage-fees",
	"myi-inventory", "inventory-planning", "restock", "fee-preview", "removal-advice", "listings-report",
}

// withoutGoods leaves the reports of goods out of TestFaults: TestFaultsOfGoods
// has all of them, under a clock of its own. Here they would share the limit on
// reports with the days of traffic, so that how many of those came with a run
// would depend on how long it waited, and no two books would have the same.
func withoutGoods(cfg *appsync.Config) {
	if cfg.Resources == nil {
		cfg.Resources = appsync.All()
	}
	cfg.Resources = slices.DeleteFunc(cfg.Resources, func(r appsync.Resource) bool { return slices.Contains(goodsReports, r.Name()) })
}

// What Amazon does with a report it was asked for, and what is in the book
// afterwards.
func TestRequestedReports(t *testing.T) {
	cfg := spapifake.Config{Seed: 9, Orders: 300, Days: 120}
	whole := func() int64 {
		s := seller(t, cfg)
		return s.Goods("EU").Returned
	}()
	for _, tc := range []struct {
		name  string
		fault spapifake.Fault
		says  string // of the first run; "" when it goes well
		later bool   // the rows come with the next run
	}{
		{"done", spapifake.Fault{Kind: spapifake.ReportCancels, Operation: "getOrder"}, "", false}, // a fault that meets nothing
		{"cancelled", spapifake.Fault{Kind: spapifake.ReportCancels, Operation: "getReport", Times: 8}, "", true},
		{"cancelled once each", spapifake.Fault{Kind: spapifake.ReportCancels, Operation: "getReport", Times: 4}, "", false},
		{"fatal once", spapifake.Fault{Kind: spapifake.ReportFatal, Operation: "getReport", Times: 1}, "", false},
		{"fatal", spapifake.Fault{Kind: spapifake.ReportFatal, Operation: "getReport", Times: 40},
			"report of FBA customer returns of 2026-05-04 to 2026-11-01: Amazon could not make the report (The report could not be generated", true},
		{"an error sentence", spapifake.Fault{Kind: spapifake.ErrorSentence, Operation: "downloadDocument", Times: 1}, "holds a message instead of a report", true},
		{"cut short", spapifake.Fault{Kind: spapifake.CutDocument, Operation: "downloadDocument", Times: 1}, "cut", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := seller(t, cfg)
			b := newBook(t, s)
			tc.fault.Connection = "EU"
			s.Inject(tc.fault)
			failed := goodsRun(t, b, s, now, "returns")
			said := ""
			for _, f := range failed {
				said += f.Err.Error()
			}
			if tc.says == "" && said != "" || !strings.Contains(said, tc.says) {
				t.Errorf("it says %q, want %q", said, tc.says)
			}
			if tc.later {
				if n := number(t, b, `SELECT count(*) FROM coverage WHERE source = 'fba-returns'`); n != 0 {
					t.Error("a period without an answer is said to be complete")
				}
				s.ClearFaults()
				if failed := goodsRun(t, b, s, now.Add(2*time.Hour), "returns"); len(failed) > 0 {
					t.Errorf("again: %+v", failed)
				}
			}
			if got := number(t, b, `SELECT coalesce(sum(quantity), 0) FROM customer_return`); got != whole {
				t.Errorf("%d units came back, want %d", got, whole)
			}
			if n := number(t, b, `SELECT count(*) FROM coverage WHERE source = 'fba-returns'`); n != 1 {
				t.Errorf("%d spans are covered, want one", n)
			}
		})
	}
}

// A run that is stopped goes on with the reports that it asked for: none is
// asked for twice.
func TestRequestedReportsGoOn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 9, Orders: 200, Days: 60})
		b := newBook(t, s)
		cfg := engineConfig(b, credentials(s))
		cfg.Only = []string{"eu"}
		for _, r := range appsync.All() {
			if r.Name() == "participations" || r.Name() == "ledger" {
				cfg.Resources = append(cfg.Resources, r)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		cfg.Sleep = func(ctx context.Context, _ time.Duration) error { stop(); return ctx.Err() } // while Amazon makes them
		if _, err := appsync.New(cfg).Once(ctx); err == nil {
			t.Fatal("it was not stopped")
		}
		before := len(asked(s, 0, "createReport"))
		if failed := goodsRun(t, b, s, now, "ledger"); len(failed) > 0 {
			t.Fatalf("%+v", failed)
		}
		if before == 0 || number(t, b, `SELECT count(*) FROM stock_move`) != s.Goods("EU").Moves {
			t.Errorf("asked %d times before, %d moves, want %d", before, number(t, b, `SELECT count(*) FROM stock_move`), s.Goods("EU").Moves)
		}
		inAll := len(asked(s, 0, "createReport"))
		if failed := goodsRun(t, newBook(t, s), s, now, "ledger"); len(failed) > 0 {
			t.Fatalf("%+v", failed)
		}
		if once := len(asked(s, 0, "createReport")) - inAll; inAll != once {
			t.Errorf("%d reports were asked for, %d of them before it was stopped; a run that is not stopped asks for %d", inAll, before, once)
		}
	})
}
