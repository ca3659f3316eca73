package appsync_test

import (
	"time"

	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// everywhere plans the same fault for several operations.
func everywhere(kind spapifake.FaultKind, after, times int, operations ...string) []spapifake.Fault {
	var list []spapifake.Fault
	for _, op := range operations {
		list = append(list, spapifake.Fault{Operation: op, Kind: kind, After: after, Times: times})
	}
	return list
}

func injecting(list ...spapifake.Fault) func(*faultRun) {
	return func(r *faultRun) { r.inject(list...) }
}

// readOperations may be repeated without harm; createReport may not.
var readOperations = []string{
	"getAccessToken", "getMarketplaceParticipations", "searchOrders", "getReport", "getReports", "getReportDocument", "downloadDocument",
	"getInventorySummaries", "searchListingsItems", "listTransactions",
}

func sentenceOf(c *spapi.Class) string { return c.Error() }

// lineFaults are those of the way to Amazon and of servers that fail.
var lineFaults = []fault{
	{
		name: "429 without header", kinds: []spapifake.FaultKind{spapifake.Throttle},
		arrange: injecting(everywhere(spapifake.Throttle, 1, 1, apiOperations...)...),
	},
	{
		name: "429 for two minutes", kinds: []spapifake.FaultKind{spapifake.Throttle},
		arrange: injecting(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.Throttle, Times: -1, For: 2 * time.Minute}),
	},
	{
		name: "429 for an hour", kinds: []spapifake.FaultKind{spapifake.Throttle},
		arrange: injecting(spapifake.Fault{Operation: "listTransactions", Kind: spapifake.Throttle, After: 2, Times: -1, For: time.Hour}),
		reads:   map[string]string{"finances": sentenceOf(spapi.ErrThrottled)},
	},
	{
		name: "500 burst", kinds: []spapifake.FaultKind{spapifake.ServerError},
		arrange: injecting(everywhere(spapifake.ServerError, 0, 3, readOperations...)...),
	},
	{
		name: "503 burst", kinds: []spapifake.FaultKind{spapifake.Unavailable},
		arrange: injecting(everywhere(spapifake.Unavailable, 1, 3, readOperations...)...),
	},
	{
		name: "500 for ever", kinds: []spapifake.FaultKind{spapifake.ServerError},
		arrange: injecting(everywhere(spapifake.ServerError, 1, -1, "listTransactions", "getReportDocument")...),
		reads: map[string]string{
			"finances": sentenceOf(spapi.ErrUnavailable), "order-reports": sentenceOf(spapi.ErrUnavailable),
			"settlement": sentenceOf(spapi.ErrUnavailable),
		},
	},
	{
		// What may have been taken is not sent twice: two reports would be made.
		name: "500 on a request that is not repeated", kinds: []spapifake.FaultKind{spapifake.ServerError},
		arrange: injecting(spapifake.Fault{Operation: "createReport", Kind: spapifake.ServerError, After: 1}),
		reads:   map[string]string{"order-reports": sentenceOf(spapi.ErrUnavailable)},
	},
	{
		name: "connection reset in mid-body", kinds: []spapifake.FaultKind{spapifake.ResetMidBody},
		arrange: injecting(everywhere(spapifake.ResetMidBody, 0, 2, readOperations...)...),
	},
	{
		name: "connection ends without an answer", kinds: []spapifake.FaultKind{spapifake.NoAnswer},
		arrange: injecting(everywhere(spapifake.NoAnswer, 1, 2, readOperations...)...),
	},
	{
		name: "slow body", kinds: []spapifake.FaultKind{spapifake.SlowBody},
		arrange: injecting(everywhere(spapifake.SlowBody, 0, 1, readOperations...)...),
	},
	{
		name: "body that stands still", kinds: []spapifake.FaultKind{spapifake.StalledBody},
		arrange: func(r *faultRun) {
			r.inject(everywhere(spapifake.StalledBody, 0, 1, "listTransactions", "searchListingsItems", "downloadDocument")...)
			r.client = func(c *spapi.Config) { c.Timeout = 3 * time.Second }
		},
	},
	{
		name: "HTML instead of JSON", kinds: []spapifake.FaultKind{spapifake.HTMLPage},
		arrange: injecting(everywhere(spapifake.HTMLPage, 1, -1, "listTransactions", "searchListingsItems", "getReportDocument")...),
		reads: map[string]string{
			"finances": sentenceOf(spapi.ErrMalformed), "listings": sentenceOf(spapi.ErrMalformed),
			"order-reports": sentenceOf(spapi.ErrMalformed), "settlement": sentenceOf(spapi.ErrMalformed),
		},
	},
	{
		name: "HTML instead of every answer", kinds: []spapifake.FaultKind{spapifake.HTMLPage},
		arrange: injecting(spapifake.Fault{Kind: spapifake.HTMLPage, Times: -1}),
		reads:   map[string]string{"": sentenceOf(spapi.ErrMalformed)},
	},
	{
		name: "JSON cut short", kinds: []spapifake.FaultKind{spapifake.CutJSON},
		arrange: injecting(everywhere(spapifake.CutJSON, 0, 2, "searchOrders", "listTransactions", "getReports", "getInventorySummaries")...),
	},
	{
		name: "redirect", kinds: []spapifake.FaultKind{spapifake.Redirect},
		arrange: injecting(everywhere(spapifake.Redirect, 0, -1, "listTransactions", "downloadDocument")...),
		reads: map[string]string{
			"finances": sentenceOf(spapi.ErrRedirect), "order-reports": sentenceOf(spapi.ErrRedirect), "settlement": sentenceOf(spapi.ErrRedirect),
		},
	},
	{
		name: "clock off by hours", kinds: []spapifake.FaultKind{spapifake.ClockOff},
		arrange: injecting(spapifake.Fault{Kind: spapifake.ClockOff, Times: -1}),
		reads:   map[string]string{"": sentenceOf(spapi.ErrClock)},
	},
	{
		name: "network gone and back", arrange: networkGone(0),
		reads: map[string]string{"": sentenceOf(spapi.ErrOffline)},
	},
	{name: "network gone in the middle and back", arrange: networkGone(4), check: (*faultRun).wantNoNetwork},
	{name: "laptop asleep for a day in mid-sync", arrange: asleep(12, 25*time.Hour), check: (*faultRun).wantPatience, later: 25 * time.Hour, same: butSnapshots},
	{name: "laptop asleep for a day at the first answer", arrange: asleep(1, 25*time.Hour), later: 25 * time.Hour, same: butSnapshots},
	{name: "DNS failure", arrange: noSuchName, alone: true, reads: map[string]string{"": sentenceOf(spapi.ErrDNS)}},
	{name: "TLS as it should be", arrange: overTLS(goodTLS)},
	{name: "certificate of nobody", arrange: overTLS(selfSigned), reads: map[string]string{"": sentenceOf(spapi.ErrTLS)}},
	{name: "certificate of another name", arrange: overTLS(otherName), reads: map[string]string{"": sentenceOf(spapi.ErrTLS)}},
	{name: "certificate that has run out", arrange: overTLS(outOfDate), reads: map[string]string{"": sentenceOf(spapi.ErrTLS)}},
	{name: "TLS 1.1 server", arrange: overTLS(oldProtocol), reads: map[string]string{"": sentenceOf(spapi.ErrTLS)}},
}
