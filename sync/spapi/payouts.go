package spapi

// Transfers 2024-06-01, what is or will be paid to the bank.
//
// listPayouts and listExpectedPayouts: 0.5/s, burst 10; the other arguments are
// repeated with nextToken, pages may be empty. Reading only: the operation that
// begins a payout is not offered here.
// Surprises: listPayouts answers for DE, FR, IT, ES, SE, NL, PL and BE only; an
// amount is missing when nothing will be paid; a settlement id may be one of a
// different form than in the settlement report.

import (
	"context"
	"iter"
	"time"
)

const (
	payoutsPath         = "/finances/transfers/2024-06-01/payouts"
	expectedPayoutsPath = payoutsPath + "/expected"
)

// PayoutMarketplaces are those of which Amazon lists payouts.
var PayoutMarketplaces = []string{
	"A1PA6795UKMFR9", "A13V1IB3VIYZZH", "APJ6JRA9NG5V4", "A1RKKUPIHCS9HS", // DE FR IT ES
	"A2NODRKZP88ZB9", "A1805IZSGTT6HS", "A1C3SOZRARQ6R3", "AMEN7PMS3EDWL", // SE NL PL BE
}

// Payout is money on its way to the seller, or announced.
type Payout struct {
	ID      string          `json:"id"` // empty when expected
	Partner FinancesPartner `json:"partnerMetadata"`
	Status  string          `json:"currentStatus"` // STARTED, IN_TRANSIT, PAID, FAILED, ...
	History []struct {
		Status        string `json:"status"`
		At            Time   `json:"lastUpdatedDate"`
		FailureReason string `json:"failureReason"`
	} `json:"statusHistory"`
	Type          string `json:"type"` // SCHEDULED, ON_DEMAND
	Amount        *Money `json:"amount"`
	AccountTail   string `json:"accountTail"`
	PaymentMethod string `json:"paymentMethod"`
	Created       Time   `json:"creationDate"`
	TraceID       string `json:"traceId"`
	Period        *struct {
		Start Time `json:"startDate"`
		End   Time `json:"endDate"`
	} `json:"period"`
	Related []RelatedIdentifier `json:"relatedIdentifiers"`

	// Of an expected payout.
	ExpectedStatus string `json:"status"` // SCHEDULED, DISABLED, AT_RISK, NO_PAYOUT_EXPECTED
	Scheduled      Time   `json:"scheduledDate"`
}

// PayoutsQuery asks for payouts that were begun in a span of time.
type PayoutsQuery struct {
	MarketplaceIDs              []string // none: all for which Amazon lists them
	CreatedAfter, CreatedBefore time.Time
}

var (
	payoutList         = list[Kept[Payout]]{op: OpPayouts, path: payoutsPath, next: repeatAll("nextToken"), decode: entries("payouts", "nextToken")}
	expectedPayoutList = list[Kept[Payout]]{op: OpExpectedPayouts, path: expectedPayoutsPath, next: repeatAll("nextToken"), decode: entries("expectedPayouts", "nextToken")}
)

// Payouts lists payouts under way or done.
func (c *Client) Payouts(ctx context.Context, q PayoutsQuery) iter.Seq2[Page[Kept[Payout]], error] {
	const op = OpPayouts
	err := checkList(op, "marketplaceIds", q.MarketplaceIDs, 0, 50)
	if err == nil {
		err = checkWindow(op, q.CreatedAfter, q.CreatedBefore, c.cfg.Now())
	}
	if err != nil {
		return broken[Kept[Payout]](err)
	}
	p := params{}
	p.list("marketplaceIds", q.MarketplaceIDs)
	p.time("createdAfter", q.CreatedAfter)
	p.time("createdBefore", q.CreatedBefore)
	return payoutList.pages(ctx, c, first(op, p))
}

// ExpectedPayouts lists what Amazon is going to pay; none of marketplaces means
// all of them.
func (c *Client) ExpectedPayouts(ctx context.Context, marketplaces ...string) iter.Seq2[Page[Kept[Payout]], error] {
	if err := checkList(OpExpectedPayouts, "marketplaceIds", marketplaces, 0, 50); err != nil {
		return broken[Kept[Payout]](err)
	}
	p := params{}
	p.list("marketplaceIds", marketplaces)
	return expectedPayoutList.pages(ctx, c, first(OpExpectedPayouts, p))
}
