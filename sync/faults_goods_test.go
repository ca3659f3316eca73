package appsync_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// goodsTables hold what the reports of goods bring: of periods in one and in
// several windows, and of the moment.
var (
	goodsSources = append([]string{"participations"}, goodsReports...)
	goodsTables  = []string{
		"stock_move", "stock_balance", "customer_return", "reimbursement", "removal", "storage_fee", "stock_count", "stock_advice", "fee_preview", "listing_row",
	}
)

// Whatever goes wrong with a report of goods: what the user reads, and that the
// tables are those of an undisturbed sync afterwards. A fault that reads nothing
// mends itself within the run.
func TestFaultsOfGoods(t *testing.T) {
	if testing.Short() {
		t.Skip("its parts run under the race detector elsewhere")
	}
	warmUp(t)
	want := goodsAfter(t, nil, nil)
	for table, rows := range want {
		if strings.HasPrefix(rows, "0 rows") {
			t.Errorf("the seller has nothing in %s", table)
		}
	}
	const (
		ask, look, link, load = "createReport", "getReport", "getReportDocument", "downloadDocument"
	)
	for _, tc := range []struct {
		name   string
		faults []spapifake.Fault
		reads  string // by every source that it meets, at least two; "a|b" is one of them
	}{
		{"429", everywhere(spapifake.Throttle, 1, 2, ask, look, link), ""},
		{"429 without end", everywhere(spapifake.Throttle, 0, -1, ask), sentenceOf(spapi.ErrThrottled)},
		{"500", everywhere(spapifake.ServerError, 1, 2, look, link, load), ""},
		{"500 without end", everywhere(spapifake.ServerError, 0, -1, look), sentenceOf(spapi.ErrUnavailable)},
		{"HTML instead of JSON", everywhere(spapifake.HTMLPage, 0, -1, look), sentenceOf(spapi.ErrMalformed)},
		{"HTML instead of a report", everywhere(spapifake.HTMLPage, 0, -1, load), "web page|" + sentenceOf(spapi.ErrDamaged)},
		{"FATAL with a document", everywhere(spapifake.ReportFatal, 0, -1, look),
			"Amazon could not make the report (The report could not be generated: internal error 20471.); the next run asks again"},
		{"FATAL without a document", everywhere(spapifake.ReportFatalSilent, 0, -1, look), "Amazon could not make the report (no reason given)"},
		{"FATAL once", everywhere(spapifake.ReportFatal, 0, 1, look), ""},
		{"CANCELLED", everywhere(spapifake.ReportCancels, 0, 20, look), ""},
		{"damaged gzip", everywhere(spapifake.DamagedGzip, 0, -1, load), sentenceOf(spapi.ErrDamaged)},
		{"cut short", everywhere(spapifake.CutDocument, 0, -1, load), "cut"},
		{"link expired", everywhere(spapifake.LinkExpired, 0, 1, load), ""},
		{"link that always expires", everywhere(spapifake.LinkExpired, 0, -1, load), sentenceOf(spapi.ErrLinkExpired)},
		{"link to an unlisted host", everywhere(spapifake.ForeignLink, 0, -1, link), sentenceOf(spapi.ErrLink)},
		{"an error sentence", everywhere(spapifake.ErrorSentence, 0, -1, load), "the file holds a message instead of a report"},
		{"unknown column", everywhere(spapifake.UnknownColumn, 0, -1, load), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := goodsAfter(t, tc.faults, func(t *testing.T, failures []appsync.Failure) {
				for _, f := range failures {
					said := func(one string) bool { return one != "" && strings.Contains(f.Err.Error(), one) }
					if !slices.ContainsFunc(strings.Split(tc.reads, "|"), said) {
						t.Errorf("%s reads %q, want %q", f.Resource, f.Err, tc.reads)
					}
					if word := jargon.FindString(evidence.ReplaceAllString(f.Err.Error(), "")); word != "" {
						t.Errorf("%s reads %q: %q is not for a seller", f.Resource, f.Err, word)
					}
				}
				if tc.reads != "" && len(failures) < 2 {
					t.Errorf("%d sources say so", len(failures))
				}
			})
			if tc.name == "unknown column" { // the stored originals have it
				return
			}
			wantSame(t, "after the fault", got, want)
		})
	}
}

// goodsAfter syncs the goods of one connection while faults are about, shows
// what failed, and gives the tables after the runs without them.
func goodsAfter(t *testing.T, faults []spapifake.Fault, reads func(*testing.T, []appsync.Failure)) (tables map[string]string) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 9, Orders: 150, Days: 100, SKUs: 6}, dir)
		defer v.close(t)
		resources(goodsSources...)(&v.cfg)
		v.cfg.Only, v.cfg.Everything, v.cfg.LookBack = []string{"eu"}, true, 200*24*time.Hour
		for _, f := range faults {
			v.seller.Inject(f)
		}
		run := func() []appsync.Failure {
			r, err := appsync.New(v.cfg).Once(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return r.Failures
		}
		failures := run()
		if reads == nil && len(failures) > 0 {
			t.Fatalf("undisturbed: %v", failures)
		}
		if reads != nil {
			met := slices.ContainsFunc(v.seller.Requests(), func(r spapifake.Request) bool { return r.Fault != "" })
			if !met {
				t.Error("the fault never came")
			}
			reads(t, failures)
		}
		v.seller.ClearFaults()
		for n := 0; n < 4 && (n == 0 || len(failures) > 0); n++ {
			time.Sleep(time.Hour)
			failures = run()
		}
		if len(failures) > 0 {
			t.Errorf("afterwards: %v", failures)
		}
		tables = map[string]string{}
		for _, table := range goodsTables { // when a report was made is another time
			q := strings.NewReplacer(`t."told_at"`, "0", `t."count_day"`, "0").Replace(rest(t, v.book.Reader(), table))
			tables[table] = fingerprint(t, v.book.Reader(), q)
		}
	})
	return tables
}
