package cli

import (
	"testing"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
)

func TestStepSentence(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	reports := &appsync.Wait{Op: spapi.OpCreateReport, Every: 59_880_239_521, Calls: 4, Ahead: 14}
	for _, c := range []struct {
		step appsync.Step
		want string
	}{
		{appsync.Step{Why: appsync.WhyNow, Begins: now, Ends: now}, "now"},
		{appsync.Step{Why: appsync.WhyLimit, Begins: now, Ends: in(11*time.Minute + time.Second), Wait: reports},
			"returns in 12 minutes: Amazon allows one report request a minute, 14 are ahead"},
		{appsync.Step{Why: appsync.WhyLimit, Begins: now, Ends: in(90 * time.Second), Wait: &appsync.Wait{Op: spapi.OpSearchOrders, Every: 178_571_428_572, Calls: 21}},
			"returns in 2 minutes: Amazon allows one list of orders in 3 minutes, 21 to make"},
		{appsync.Step{Why: appsync.WhyBehind, Behind: []string{"finances"}, Begins: in(time.Minute), Ends: in(time.Minute)}, "after finances"},
		{appsync.Step{Why: appsync.WhyFresh, Begins: in(150 * time.Second), Ends: in(150 * time.Second)}, "in 3 minutes"},
		{appsync.Step{Why: appsync.WhyRetry, Begins: in(time.Second), Error: "no way to Amazon"}, "again in 1 second; the last run failed: no way to Amazon"},
		{appsync.Step{Why: appsync.WhyPaused, Connection: "na"}, "paused; go on with countinghouse connection resume na"},
		{appsync.Step{Why: appsync.WhyStopped, Connection: "na"}, "stopped until na is connected again"},
	} {
		if got := stepSentence(c.step, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.step.Why, got, c.want)
		}
	}
	for d, want := range map[time.Duration]string{0: "a moment", -time.Hour: "a moment", 61 * time.Second: "2 minutes", 3 * time.Hour: "3 hours", 72 * time.Hour: "3 days"} {
		if got := span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
