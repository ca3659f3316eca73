package spapifake

import (
	"bytes"
	"slices"
)

// Faults of reports and their documents.
const (
	ForeignLink       FaultKind = "foreign link"        // on getReportDocument: a link to a host that is not Amazon's
	ReportFatalSilent FaultKind = "report fatal silent" // on getReport; without a document
	ErrorSentence     FaultKind = "error sentence"      // on downloadDocument: a sentence instead of the report
	MissingColumn     FaultKind = "missing column"      // on downloadDocument: the amounts' column is gone
	FewerColumns      FaultKind = "fewer columns"       // on downloadDocument: a column is gone that nothing depends on
)

// foreignStore is a name that exists nowhere.
const foreignStore = "https://reports.amazonaws.com.invalid"

const errorSentence = "Your report could not be generated at this time. Please try again later.\r\n"

// faultyReport changes a whole report as the fault says.
func (c *call) faultyReport(b []byte) []byte {
	switch c.fault.Kind {
	case ErrorSentence:
		return []byte(errorSentence)
	case MissingColumn:
		return withoutColumns(b, "amount", "item-price")
	case FewerColumns:
		return withoutColumns(b, "merchant-order-item-id", "merchant-order-id")
	case NewFee:
		return feeInReport.ReplaceAll(b, []byte("\tItemFees\t"+newFeeName+"\t"))
	case DecimalYen:
		if c.account.m.Digits == 0 {
			return yenAmount.ReplaceAll(b, []byte("$1.00\t"))
		}
	}
	return b
}

// withoutColumns cuts the named columns out of a tab-separated report.
func withoutColumns(b []byte, names ...string) []byte {
	lines := bytes.Split(b, []byte("\n"))
	var gone []int
	for i, h := range bytes.Split(bytes.TrimRight(lines[0], "\r"), []byte("\t")) {
		if slices.Contains(names, string(h)) {
			gone = append(gone, i)
		}
	}
	slices.Reverse(gone)
	for i, l := range lines {
		end := bytes.TrimRight(l, "\r")
		if len(end) == 0 {
			continue
		}
		cells := bytes.Split(end, []byte("\t"))
		for _, at := range gone {
			if at < len(cells) {
				cells = slices.Delete(cells, at, at+1)
			}
		}
		lines[i] = append(bytes.Join(cells, []byte("\t")), l[len(end):]...)
	}
	return bytes.Join(lines, []byte("\n"))
}
