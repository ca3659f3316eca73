package spapifake_test

import (
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

type reportEntry struct {
	ReportID, ReportDocumentID, ReportType, ProcessingStatus string
	CreatedTime, DataStartTime, DataEndTime                  time.Time
}

// listReports reads all pages of getReports; the token comes alone.
func listReports(t testing.TB, k *client, q url.Values) []reportEntry {
	t.Helper()
	var out []reportEntry
	for {
		var a struct {
			Reports   []reportEntry
			NextToken string
		}
		k.get("/reports/2021-06-30/reports", q, &a)
		out = append(out, a.Reports...)
		if a.NextToken == "" {
			return out
		}
		q = url.Values{"nextToken": {a.NextToken}}
	}
}

// table splits a tab file into rows by heading.
func table(t testing.TB, b []byte) (heads []string, rows []map[string]string) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n"), "\n")
	heads = strings.Split(lines[0], "\t")
	for i, l := range lines[1:] {
		f := strings.Split(l, "\t")
		if len(f) != len(heads) {
			t.Fatalf("line %d has %d fields, the heading %d", i+2, len(f), len(heads))
		}
		m := map[string]string{}
		for j, h := range heads {
			m[h] = f[j]
		}
		rows = append(rows, m)
	}
	return heads, rows
}

func rat(t testing.TB, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("amount %q", s)
	}
	return r
}

const settlementHeading = "settlement-id	settlement-start-date	settlement-end-date	deposit-date	total-amount	currency	transaction-type	order-id	merchant-order-id	adjustment-id	shipment-id	marketplace-name	amount-type	amount-description	amount	fulfillment-id	posted-date	posted-date-time	order-item-code	merchant-order-item-id	merchant-adjustment-item-id	sku	quantity-purchased	promotion-id"

// Every settlement's rows sum to its header's total; the files chain; and each
// holds exactly the money that Finances posted under its id.
func TestSettlements(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 11, Orders: 3000, Speed: 5000})
	equalLines, twins, blank := 0, 0, 0
	for _, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			k := connect(t, s, c, conn)
			posted := map[string]*big.Rat{}
			for _, x := range allTransactions(t, k, s) {
				if id := x.related("SETTLEMENT_ID"); id != "" && x.Type != "Transfer" {
					if posted[id] == nil {
						posted[id] = new(big.Rat)
					}
					posted[id].Add(posted[id], rat(t, x.Total.Amount.String()))
				}
			}
			list := listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}, "pageSize": {"2"}})
			if len(list) < 6 || len(list) > 7 {
				t.Fatalf("%d settlements listed in 90 days", len(list))
			}
			lastStart := ""
			for _, e := range list { // newest first
				heads, rows := table(t, k.download(e.ReportDocumentID))
				if strings.Join(heads, "\t") != settlementHeading {
					t.Fatalf("heading %q", heads)
				}
				head, sum, seen, whole := rows[0], new(big.Rat), map[string]int{}, map[string]int{}
				for _, r := range rows[1:] {
					sum.Add(sum, rat(t, r["amount"]))
					key := r["transaction-type"] + r["order-id"] + r["amount-type"] + r["amount-description"] + r["amount"] + r["sku"] + r["posted-date"]
					if seen[key]++; seen[key] == 2 {
						equalLines++
					}
					if whole[fmt.Sprint(r)]++; whole[fmt.Sprint(r)] == 2 {
						twins++
					}
					if r["marketplace-name"] == "" && r["sku"] != "" {
						blank++
					}
					if conn == "FE" && strings.Contains(r["amount"], ".") {
						t.Errorf("yen amount %q", r["amount"])
					}
				}
				id := head["settlement-id"]
				if total := rat(t, head["total-amount"]); total.Cmp(sum) != 0 || posted[id] == nil || total.Cmp(posted[id]) != 0 {
					t.Errorf("settlement %s: header %s, rows %s, finances %v", id, head["total-amount"], sum.FloatString(2), posted[id])
				}
				if lastStart != "" && head["settlement-end-date"] != lastStart {
					t.Errorf("settlement ends %s, the next begins %s", head["settlement-end-date"], lastStart)
				}
				lastStart = head["settlement-start-date"]
			}
		})
	}
	if equalLines == 0 || blank == 0 || twins == 0 {
		t.Errorf("%d alike lines, %d equal in all fields, %d blank marketplaces: want some of each", equalLines, twins, blank)
	}
}

// Payouts in Finances are the totals of the settlements.
func TestPayouts(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 5, Orders: 900, Speed: 5000})
	k := connect(t, s, c, "EU")
	paid := map[string]string{}
	for _, x := range allTransactions(t, k, s) {
		if x.Type == "Transfer" {
			paid[x.related("SETTLEMENT_ID")] = x.Total.Amount.String()
		}
	}
	n := 0
	for _, e := range listReports(t, k, url.Values{"reportTypes": {spapifake.SettlementReport}}) {
		_, rows := table(t, k.download(e.ReportDocumentID))
		if p, ok := paid[rows[0]["settlement-id"]]; ok {
			n++
			if rat(t, p).Cmp(rat(t, rows[0]["total-amount"])) != 0 {
				t.Errorf("settlement %s: total %s, payout %s", rows[0]["settlement-id"], rows[0]["total-amount"], p)
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d payouts compared", n)
	}
}
