package appsync_test

import (
	"errors"
	"strings"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// accessFaults are those of permissions and secrets.
var accessFaults = []fault{
	{
		name: "revoked consent on one of three connections", regions: spapifake.Connections(),
		arrange: func(r *faultRun) {
			r.s.Revoke("EU")
			r.mend = func() { r.s.Restore("EU") }
		},
		check: wantOnlyEURevoked,
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

// wantOnlyEURevoked: the other two accounts are as complete as ever.
func wantOnlyEURevoked(r *faultRun, result appsync.Result) {
	r.t.Helper()
	for _, f := range result.Failures {
		if f.Connection != "eu" || f.Resource != "" || !errors.Is(f.Err, spapi.ErrRevoked) {
			r.t.Errorf("%s %s: %v", f.Connection, f.Resource, f.Err)
		}
	}
	for _, region := range r.regions {
		id := strings.ToLower(region)
		c := connection(r.t, r.b, id)
		n := sum(r.t, r.b, `SELECT count(*) FROM orders WHERE connection_id = ?`, id)
		if id == "eu" {
			wantPlain(r.t, r.s, c.StateReason)
			if !strings.Contains(c.StateReason, sentenceOf(spapi.ErrRevoked)) || n != 0 {
				r.t.Errorf("eu reads %q and has %d orders", c.StateReason, n)
			}
		} else if c.StateReason != "" || n == 0 {
			r.t.Errorf("%s reads %q and has %d orders", id, c.StateReason, n)
		}
	}
}
