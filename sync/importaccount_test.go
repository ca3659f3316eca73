package appsync_test

import (
	"fmt"
	"strings"
	"testing"

	"countinghouse/data/books"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
)

// indian is a payments report of India, which tells the account type row by row.
func indian(first, last string, accounts ...string) []byte {
	var s strings.Builder
	s.WriteString("\"All amounts in INR, unless specified\"\n" +
		`"date/time","settlement id","type","order id","Sku","description","quantity","marketplace","account type","product sales","selling fees","other","total"` + "\n")
	for i, account := range accounts {
		for k, day := range []string{first, last} {
			fmt.Fprintf(&s, `"%s 2026 4:24:44 pm IST","40000","Order","402-000000%d-000000%d","A","Box","1","amazon.in","%s","100.00","-15.00","0","85.00"`+"\n",
				day, i, k, account)
		}
	}
	return []byte(s.String())
}

// The days of a report count, whatever accounts its rows are of; a report that was
// said to be of invoiced orders covers only these.
func TestImportCoversTheDaysOfAllAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		june []byte
		hint reports.Hint
		to   string
	}{
		"one account":              {indian("1 Jun", "30 Jun", "Electronic Transactions"), reports.Hint{}, "2026-06-30"},
		"two accounts":             {indian("1 Jun", "30 Jun", "Electronic Transactions", "Pay on Delivery"), reports.Hint{}, "2026-06-30"},
		"one row by row, invoiced": {indian("1 Jun", "30 Jun", "Invoiced Orders"), reports.Hint{}, "2026-06-30"},
		"told to be invoiced":      {indian("1 Jun", "30 Jun", ""), reports.Hint{Account: "Invoiced Orders"}, "2026-05-31"},
	} {
		t.Run(name, func(t *testing.T) {
			b := emptyBook(t)
			importOne(t, b, file(t, "may.csv", indian("1 May", "31 May", "Electronic Transactions", "Pay on Delivery")), "")
			if _, err := appsync.Import(t.Context(), b, file(t, "june.csv", c.june), "", c.hint); err != nil {
				t.Fatal(err)
			}
			coverage, err := b.MoneyCoverage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if from, to := books.Covered(coverage, "INR"); from != "2026-05-01" || to != c.to {
				t.Errorf("covered from %q to %q, want until %s", from, to, c.to)
			}
		})
	}
}
