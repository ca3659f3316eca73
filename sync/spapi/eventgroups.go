package spapi

// Finances v0, the one operation of it that stays.
//
// listFinancialEventGroups: 0.5/s, burst 30, 100 a page (10 by default), and
// older than about two years is refused. The other arguments are repeated with
// NextToken. The upper bound must lie two minutes back.
// Surprises: a group has no marketplace, only a currency; an open one has no
// end; names begin with capitals.

import (
	"context"
	"iter"
	"time"
)

const eventGroupsPath = "/finances/v0/financialEventGroups"

// EventGroup is a statement period of the account: what a payout pays.
type EventGroup struct {
	ID               string `json:"FinancialEventGroupId"`
	ProcessingStatus string `json:"ProcessingStatus"` // Open, Closed
	TransferStatus   string `json:"FundTransferStatus"`
	OriginalTotal    *Money `json:"OriginalTotal"`
	ConvertedTotal   *Money `json:"ConvertedTotal"`
	TransferDate     Time   `json:"FundTransferDate"`
	TraceID          string `json:"TraceId"`
	AccountTail      string `json:"AccountTail"`
	BeginningBalance *Money `json:"BeginningBalance"`
	Start            Time   `json:"FinancialEventGroupStart"`
	End              Time   `json:"FinancialEventGroupEnd"`
}

// EventGroupsQuery asks for the groups that were opened in a span of time.
type EventGroupsQuery struct {
	StartedAfter, StartedBefore time.Time // either may be zero
	PageSize                    int       // 1..100, 0: 100
}

var eventGroupList = list[Kept[EventGroup]]{op: OpEventGroups, path: eventGroupsPath, next: repeatAll("NextToken"), decode: entries("FinancialEventGroupList", "NextToken", "payload")}

// EventGroups lists the groups.
func (c *Client) EventGroups(ctx context.Context, q EventGroupsQuery) iter.Seq2[Page[Kept[EventGroup]], error] {
	const op = OpEventGroups
	if q.PageSize < 0 || q.PageSize > 100 {
		return broken[Kept[EventGroup]](fail(op, ErrArgument, "a page has 1 to 100 groups"))
	}
	if q.PageSize == 0 {
		q.PageSize = 100
	}
	if err := checkWindow(op, q.StartedAfter, q.StartedBefore, c.cfg.Now()); err != nil {
		return broken[Kept[EventGroup]](err)
	}
	p := params{}
	p.time("FinancialEventGroupStartedAfter", q.StartedAfter)
	p.time("FinancialEventGroupStartedBefore", q.StartedBefore)
	p.number("MaxResultsPerPage", q.PageSize)
	return eventGroupList.pages(ctx, c, first(op, p))
}
