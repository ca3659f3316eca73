package appsync_test

import (
	"time"

	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// bothReports reads the same sentence from the two sources that are reports.
func bothReports(sentence string) map[string]string {
	return map[string]string{"order-reports": sentence, "settlement": sentence}
}

// reportFaults are those of reports and their documents.
var reportFaults = []fault{
	{
		name: "damaged gzip", kinds: []spapifake.FaultKind{spapifake.DamagedGzip},
		arrange: injecting(everywhere(spapifake.DamagedGzip, 0, -1, "downloadDocument")...),
		reads:   map[string]string{"settlement": sentenceOf(spapi.ErrDamaged)}, // the others are not compressed
	},
	{
		name: "presigned link expired", kinds: []spapifake.FaultKind{spapifake.LinkExpired},
		arrange: injecting(everywhere(spapifake.LinkExpired, 0, 1, "downloadDocument")...),
	},
	{
		name: "presigned link that always expires", kinds: []spapifake.FaultKind{spapifake.LinkExpired},
		arrange: injecting(everywhere(spapifake.LinkExpired, 0, -1, "downloadDocument")...),
		reads:   bothReports(sentenceOf(spapi.ErrLinkExpired)),
	},
	{
		name: "presigned link to an unlisted host", kinds: []spapifake.FaultKind{spapifake.ForeignLink},
		arrange: injecting(everywhere(spapifake.ForeignLink, 0, -1, "getReportDocument")...),
		reads:   bothReports(sentenceOf(spapi.ErrLink)),
	},
	{
		name: "report CANCELLED", kinds: []spapifake.FaultKind{spapifake.ReportCancels},
		arrange: func(r *faultRun) {
			r.inject(everywhere(spapifake.ReportCancels, 0, 1, "getReport")...)
			r.mend = func() {
				r.s.ClearFaults()
				r.clock.on(2 * time.Hour)
			}
		},
		later: 2 * time.Hour, // a later run asks once more
	},
	{
		name: "report FATAL with a document", kinds: []spapifake.FaultKind{spapifake.ReportFatal},
		arrange: injecting(everywhere(spapifake.ReportFatal, 0, -1, "getReport")...),
		reads: map[string]string{
			"order-reports": "Amazon could not make the report (The report could not be generated: internal error 20471.); the next run asks again",
		},
		same: butSnapshots, // days of traffic that failed are asked for again tomorrow
	},
	{
		name: "report FATAL without a document", kinds: []spapifake.FaultKind{spapifake.ReportFatalSilent},
		arrange: injecting(everywhere(spapifake.ReportFatalSilent, 0, -1, "getReport")...),
		reads:   map[string]string{"order-reports": "Amazon could not make the report (no reason given); the next run asks again"},
		same:    butSnapshots,
	},
	{
		name: "report FATAL once", kinds: []spapifake.FaultKind{spapifake.ReportFatalSilent},
		arrange: injecting(everywhere(spapifake.ReportFatalSilent, 0, 1, "getReport")...),
	},
	{
		name: "report that is an error sentence", kinds: []spapifake.FaultKind{spapifake.ErrorSentence},
		arrange: injecting(everywhere(spapifake.ErrorSentence, 0, -1, "downloadDocument")...),
		reads:   bothReports("the file holds a message instead of a report: \"Your report could not be generated"),
		same:    butSnapshots, // days of traffic that failed are asked for again tomorrow
	},
	{
		name: "HTML instead of a report", kinds: []spapifake.FaultKind{spapifake.HTMLPage},
		arrange: injecting(everywhere(spapifake.HTMLPage, 0, -1, "downloadDocument")...),
		reads:   bothReports("web page"),
	},
	{
		name: "report cut short", kinds: []spapifake.FaultKind{spapifake.CutDocument},
		arrange: injecting(everywhere(spapifake.CutDocument, 0, -1, "downloadDocument")...),
		reads:   bothReports("cut"),
	},
	{
		name: "missing column", kinds: []spapifake.FaultKind{spapifake.MissingColumn},
		arrange: injecting(everywhere(spapifake.MissingColumn, 0, -1, "downloadDocument")...),
		reads:   bothReports("column"),
	},
	{
		name: "missing column that nothing depends on", kinds: []spapifake.FaultKind{spapifake.FewerColumns},
		arrange: injecting(everywhere(spapifake.FewerColumns, 0, -1, "downloadDocument")...),
		same:    moneyOnly, // the stored originals are without it
	},
	{
		name: "unknown column", kinds: []spapifake.FaultKind{spapifake.UnknownColumn},
		arrange: injecting(everywhere(spapifake.UnknownColumn, 0, -1, "downloadDocument")...),
		same:    moneyOnly, // the stored originals have it
	},
}

// amountFaults are those of names and amounts.
var amountFaults = []fault{
	{
		name: "unknown enum", kinds: []spapifake.FaultKind{spapifake.UnknownEnum},
		arrange: injecting(everywhere(spapifake.UnknownEnum, 0, -1, "searchOrders", "listTransactions", "getInventorySummaries", "searchListingsItems")...),
		same:    amounts,
	},
	{
		name: "unknown field", kinds: []spapifake.FaultKind{spapifake.UnknownField},
		arrange: injecting(everywhere(spapifake.UnknownField, 0, -1, apiOperations...)...),
	},
	{
		name: "new fee name", kinds: []spapifake.FaultKind{spapifake.NewFee},
		arrange: injecting(everywhere(spapifake.NewFee, 0, -1, "listTransactions", "downloadDocument")...),
		same:    totals, // it stands on the line for what has no line yet
	},
	{
		name: "JPY with decimals", regions: []string{"FE"}, kinds: []spapifake.FaultKind{spapifake.DecimalYen},
		arrange: injecting(everywhere(spapifake.DecimalYen, 0, -1, "listTransactions", "searchOrders", "getOrder", "searchListingsItems", "downloadDocument")...),
		same:    moneyOnly, // the stored originals have them
	},
	{
		name: "amounts as strings and as numbers", kinds: []spapifake.FaultKind{spapifake.SwappedNumbers},
		arrange: injecting(everywhere(spapifake.SwappedNumbers, 0, -1, apiOperations...)...),
		same:    moneyOnly,
	},
}
