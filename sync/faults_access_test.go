package appsync_test

import (
	"errors"
	"slices"
	"strings"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// accessFaults are those of permissions and secrets.
var accessFaults = []fault{
	{
		name: "revoked consent on one of three connections", regions: spapifake.Connections(),
		arrange: revoking("EU"), check: wantOnlyRevoked("EU"),
	},
	{
		name: "revoked consent on two of three connections", regions: spapifake.Connections(),
		arrange: revoking("EU", "FE"), check: wantOnlyRevoked("EU", "FE"),
	},
	{
		name: "permission refused by the sign-in", kinds: []spapifake.FaultKind{spapifake.InvalidGrant},
		arrange: injecting(spapifake.Fault{Operation: "getAccessToken", Kind: spapifake.InvalidGrant, Times: -1}),
		reads:   map[string]string{"": sentenceOf(spapi.ErrRevoked)},
	},
	{
		name: "rotated secret",
		arrange: func(r *faultRun) {
			r.s.RotateSecret()
			r.mend = func() { r.known = credentials(r.s) } // pasted anew
		},
		reads: map[string]string{"": sentenceOf(spapi.ErrClientSecret)},
	},
	{
		name: "wrong region",
		arrange: func(r *faultRun) {
			c := r.known["NA"]
			c.RefreshToken = r.known["EU"].RefreshToken
			r.known["NA"] = c
			r.mend = func() { r.known = credentials(r.s) }
		},
		reads: map[string]string{"": sentenceOf(spapi.ErrRegion)},
	},
	{
		name: "missing role", kinds: []spapifake.FaultKind{spapifake.MissingRole},
		arrange: injecting(everywhere(spapifake.MissingRole, 0, -1, "getInventorySummaries", "createReport", "getReports")...),
		reads: map[string]string{
			"inventory": sentenceOf(spapi.ErrRole), "order-reports": sentenceOf(spapi.ErrRole), "settlement": sentenceOf(spapi.ErrRole),
		},
	},
	{
		name: "request called invalid", kinds: []spapifake.FaultKind{spapifake.BadInput},
		arrange: injecting(everywhere(spapifake.BadInput, 1, -1, "listTransactions", "getReports")...),
		reads:   map[string]string{"finances": sentenceOf(spapi.ErrInvalid)},
	},
}

// revoking withdraws the permission of some accounts, until all is mended.
func revoking(regions ...string) func(*faultRun) {
	return func(r *faultRun) {
		for _, region := range regions {
			r.s.Revoke(region)
		}
		r.mend = func() {
			for _, region := range regions {
				r.s.Restore(region)
			}
		}
	}
}

// wantOnlyRevoked: the other accounts are as complete as ever.
func wantOnlyRevoked(revoked ...string) func(*faultRun, appsync.Result) {
	return func(r *faultRun, result appsync.Result) {
		r.t.Helper()
		said := map[string]bool{}
		for _, f := range result.Failures {
			said[f.Connection] = true
			if !slices.Contains(revoked, strings.ToUpper(f.Connection)) || f.Resource != "" || !errors.Is(f.Err, spapi.ErrRevoked) {
				r.t.Errorf("%s %s: %v", f.Connection, f.Resource, f.Err)
			}
		}
		if len(said) != len(revoked) {
			r.t.Errorf("said of %v, want %v", said, revoked)
		}
		for _, region := range r.regions {
			id := strings.ToLower(region)
			c := connection(r.t, r.b, id)
			n := sum(r.t, r.b, `SELECT count(*) FROM orders WHERE connection_id = ?`, id)
			if slices.Contains(revoked, region) {
				wantPlain(r.t, r.s, c.StateReason)
				if !strings.Contains(c.StateReason, sentenceOf(spapi.ErrRevoked)) || n != 0 {
					r.t.Errorf("%s reads %q and has %d orders", id, c.StateReason, n)
				}
			} else if c.StateReason != "" || n == 0 {
				r.t.Errorf("%s reads %q and has %d orders", id, c.StateReason, n)
			}
		}
	}
}
