package store_test

import (
	"testing"
	"time"

	"countinghouse/data/store"
)

// Calls leave the list after ninety days, some at a time, and stay in the sums.
func TestPruneCalls(t *testing.T) {
	b := newBook(t)
	day := 24 * time.Hour
	call := func(age time.Duration, op string, status int) {
		write(t, b, func(tx *store.Tx) error {
			return tx.PutCall(store.APICall{At: now.Add(-age), Connection: "na", Host: "sellingpartnerapi-na.amazon.com", Method: "GET",
				Operation: op, Purpose: "orders", Status: status, BytesIn: 100, BytesOut: 7})
		})
	}
	for i := range 7 { // two months: August 1 begins 92 and a half days before now
		call(time.Duration(97-i)*day, "searchOrders", []int{200, 429}[i%2])
	}
	call(91*day, "getOrder", 200)
	call(89*day, "searchOrders", 200)
	sums := func() ([]store.CallSummary, []store.CallUse) {
		t.Helper()
		hosts, err := b.Calls(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		uses, err := b.CallUses(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return hosts, uses
	}
	hostsWere, usesWere := sums()
	if len(hostsWere) != 1 || hostsWere[0].Calls != 9 || len(usesWere) != 2 {
		t.Fatal(hostsWere, usesWere)
	}
	for _, want := range []struct{ pruned, listed, months int64 }{{5, 4, 1}, {3, 1, 3}, {0, 1, 3}} {
		var n int
		write(t, b, func(tx *store.Tx) (err error) { n, err = tx.PruneCalls(5); return err })
		if int64(n) != want.pruned {
			t.Errorf("%d calls were pruned, want %d", n, want.pruned)
		}
		if got := number(t, b, `SELECT count(*) FROM api_call`); got != want.listed {
			t.Errorf("%d calls are listed, want %d", got, want.listed)
		}
		if got := number(t, b, `SELECT count(*) FROM call_month`); got != want.months {
			t.Errorf("%d sums of months, want %d", got, want.months)
		}
		hosts, uses := sums()
		if hosts[0] != hostsWere[0] {
			t.Errorf("by host %+v, were %+v", hosts, hostsWere)
		}
		for i := range uses {
			if uses[i] != usesWere[i] {
				t.Errorf("by use %+v, was %+v", uses[i], usesWere[i])
			}
		}
	}
	if got := text(t, b, `SELECT group_concat(month || ' ' || operation || ' ' || calls || ' ' || failed, ', ') FROM (SELECT * FROM call_month ORDER BY 1, 4)`); got !=
		"2026-07 searchOrders 5 2, 2026-08 getOrder 1 0, 2026-08 searchOrders 2 1" {
		t.Error(got)
	}
}
