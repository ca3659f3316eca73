package spapifake

import (
	"errors"
	"net/http"
	"sort"
	"strconv"
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
	q, err := c.transactionQuery()
	if err != nil {
		return invalid("%v", err)
	}
	behind := twoMinutes
	if c.fault.Kind == LateFinances {
		behind = 48 * time.Hour
	}
	args := c.arguments("nextToken")
	at := pageToken{Until: c.now.Add(-behind).Unix()}
	if text := c.query.Get("nextToken"); text != "" {
		if at, err = c.unseal(text, args, financesTokenLife); err != nil {
			return invalid("nextToken: %v", err)
		}
	}
	if hidden := time.Unix(at.Until, 0).UTC(); q.until.IsZero() || q.until.After(hidden) {
		q.until = hidden
	}
	var out transactionsAnswer
	out.Payload.Transactions = []transactionWire{}
	if q.bounded && q.until.Sub(q.from) > financesMaxSpan {
		return http.StatusOK, out
	}
	c.transactionPage(&out, c.matchingTransactions(q), at, args)
	return http.StatusOK, out
}

// financesQuery is a checked listTransactions query.
type financesQuery struct {
	from, until time.Time
	bounded     bool   // from was given
	name, value string // related identifier
	shop, state string
}

func (c *call) transactionQuery() (q financesQuery, err error) {
	if q.from, q.bounded, err = c.when("postedAfter"); err != nil {
		return q, err
	}
	if q.until, _, err = c.when("postedBefore"); err != nil {
		return q, err
	}
	q.name, q.value = c.query.Get("relatedIdentifierName"), c.query.Get("relatedIdentifierValue")
	q.shop, q.state = c.query.Get("marketplaceId"), c.query.Get("transactionStatus")
	switch {
	case !q.bounded && (q.name == "" || q.value == ""):
		return q, errors.New("postedAfter is required when no related identifier is given")
	case q.name != "" && q.name != "ORDER_ID" && q.name != "FINANCIAL_EVENT_GROUP_ID":
		return q, errors.New("relatedIdentifierName must be FINANCIAL_EVENT_GROUP_ID or ORDER_ID")
	case q.bounded && !q.until.IsZero() && q.until.Before(q.from):
		return q, errors.New("postedBefore must not be earlier than postedAfter")
	}
	return q, nil
}

func (c *call) matchingTransactions(q financesQuery) []*txn {
	list := c.account.txns
	lo := sort.Search(len(list), func(i int) bool { return !list[i].posted.Before(q.from) })
	hi := sort.Search(len(list), func(i int) bool { return !list[i].posted.Before(q.until) })
	var out []*txn
	for _, t := range list[lo:max(lo, hi)] {
		if q.matches(t) {
			out = append(out, t)
		}
	}
	return out
}

func (q financesQuery) matches(t *txn) bool {
	switch {
	case q.shop != "" && q.shop != t.m.ID:
	case q.shop != "" && t.m.Country == "US" && t.mfn: // Amazon hides these behind a marketplace id
	case q.state != "" && q.state != t.status(q.until):
	case q.name == "ORDER_ID" && t.order != q.value:
	case q.name == "FINANCIAL_EVENT_GROUP_ID" && (t.group == nil || t.group.group != q.value):
	default:
		return true
	}
	return false
}

func (c *call) transactionPage(out *transactionsAnswer, list []*txn, at pageToken, args string) {
	first, hi := c.bounds(len(list), at.Offset, c.s.cfg.FinancesPage)
	until := time.Unix(at.Until, 0).UTC()
	next := pageToken{Args: args, Until: at.Until, Offset: hi}
	if !at.Blank && first < hi && c.s.hash(args+strconv.Itoa(at.Offset))%9 == 0 {
		next.Offset, next.Blank = at.Offset, true
		hi = first
	}
	for _, t := range pageRows(c, list, first, hi, at, &next) {
		out.Payload.Transactions = append(out.Payload.Transactions, c.account.transactionWire(t, until))
	}
	out.Payload.NextToken = c.nextToken("nextToken", next.Offset < len(list), next)
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
