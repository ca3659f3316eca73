package spapifake

import (
	"net/http"
	"sort"
	"time"
)

const (
	financesTokenLife = 5 * time.Minute
	financesMaxSpan   = 180 * 24 * time.Hour
)

type transactionsAnswer struct {
	Payload struct {
		NextToken    string            `json:"nextToken,omitempty"`
		Transactions []transactionWire `json:"transactions"`
	} `json:"payload"`
}

// transactions is listTransactions. Facts of the last two minutes are hidden;
// now and then a page is empty though more follow.
func (c *call) transactions() (int, any) {
	from, bounded, err := c.when("postedAfter")
	if err != nil {
		return invalid("%v", err)
	}
	name, value := c.query.Get("relatedIdentifierName"), c.query.Get("relatedIdentifierValue")
	if !bounded && (name == "" || value == "") {
		return invalid("postedAfter is required when no related identifier is given")
	}
	if name != "" && name != "ORDER_ID" && name != "FINANCIAL_EVENT_GROUP_ID" {
		return invalid("relatedIdentifierName must be FINANCIAL_EVENT_GROUP_ID or ORDER_ID")
	}
	until, _, err := c.when("postedBefore")
	if err != nil {
		return invalid("%v", err)
	}
	args := c.arguments("nextToken")
	at := pageToken{Until: c.now.Add(-twoMinutes).Unix()}
	if text := c.query.Get("nextToken"); text != "" {
		if at, err = c.unseal(text, args, financesTokenLife); err != nil {
			return invalid("nextToken: %v", err)
		}
	}
	if hidden := time.Unix(at.Until, 0).UTC(); until.IsZero() || until.After(hidden) {
		until = hidden
	}
	if bounded && until.Before(from) {
		return invalid("postedBefore must not be earlier than postedAfter")
	}
	var out transactionsAnswer
	out.Payload.Transactions = []transactionWire{}
	if bounded && until.Sub(from) > financesMaxSpan {
		return http.StatusOK, out
	}
	c.transactionPage(&out, c.matchingTransactions(from, until, name, value), at, args)
	return http.StatusOK, out
}

func (c *call) matchingTransactions(from, until time.Time, name, value string) []*txn {
	list := c.account.txns
	lo := sort.Search(len(list), func(i int) bool { return !list[i].posted.Before(from) })
	hi := sort.Search(len(list), func(i int) bool { return !list[i].posted.Before(until) })
	shop, status := c.query.Get("marketplaceId"), c.query.Get("transactionStatus")
	var out []*txn
	for _, t := range list[lo:max(lo, hi)] {
		switch {
		case shop != "" && (shop != t.m.ID || (t.m.Country == "US" && t.mfn)): // Amazon hides the seller's own shipments in the US
		case status != "" && status != t.status(until):
		case name == "ORDER_ID" && t.order != value:
		case name == "FINANCIAL_EVENT_GROUP_ID" && (t.group == nil || t.group.group != value):
		default:
			out = append(out, t)
		}
	}
	return out
}

func (c *call) transactionPage(out *transactionsAnswer, list []*txn, at pageToken, args string) {
	lo := min(at.Offset, len(list))
	hi := min(lo+c.s.cfg.FinancesPage, len(list))
	until := time.Unix(at.Until, 0).UTC()
	next := pageToken{Args: args, Until: at.Until, Offset: hi}
	if !at.Blank && lo < hi && c.s.hash(args+decimal(int64(lo), 0))%9 == 0 {
		next.Offset, next.Blank = lo, true
		hi = lo
	}
	first := lo
	if c.fault.Kind == DuplicateRows && first > 0 {
		first--
	}
	for _, t := range list[first:hi] {
		out.Payload.Transactions = append(out.Payload.Transactions, c.account.transactionWire(t, until))
	}
	if next.Offset < len(list) {
		out.Payload.NextToken = c.seal(next)
	}
	if c.fault.Kind == RepeatedToken && c.query.Has("nextToken") {
		out.Payload.NextToken = c.query.Get("nextToken")
	}
}

// status is a transaction's state as known at a time.
func (t *txn) status(at time.Time) string {
	switch {
	case t.isDeferred() && t.release.posted.Before(at):
		return "DEFERRED_RELEASED"
	case t.isDeferred():
		return "DEFERRED"
	}
	return "RELEASED"
}
