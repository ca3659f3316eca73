package spapi

// Finances 2024-06-19, what Amazon itself holds and states.
//
// listBalances: 0.5/s, burst 10, 500 a page. listSummary: 0.5/s, burst 10. All
// arguments are repeated with nextToken. A day is asked for as a date.
// Surprises: balances are a tree (TOTAL over AVAILABLE and RESERVED, that one
// over DEFERRED and ACCOUNT_LEVEL_RESERVE); a part may come without an amount;
// a summary is of a settlement or of a period, never of both.

import (
	"context"
	"iter"
	"time"
)

const (
	balancesPath  = "/finances/2024-06-19/balances"
	summariesPath = "/finances/2024-06-19/summary"
)

// FinancesPartner says whose account in which marketplace.
type FinancesPartner struct {
	PartnerID     string `json:"partnerId"`
	AccountType   string `json:"accountType"` // Standard Orders, Invoiced Orders
	MarketplaceID string `json:"marketplaceId"`
}

// Balance is what an account holds, with its parts.
type Balance struct {
	Partner     FinancesPartner `json:"partnerMetadata"`
	Type        string          `json:"balanceType"` // TOTAL, AVAILABLE, RESERVED, DEFERRED, ACCOUNT_LEVEL_RESERVE
	Amount      *Money          `json:"amount"`
	Parts       []Balance       `json:"balances"`
	AsOf        Time            `json:"asOfDate"`
	LastUpdated Time            `json:"lastUpdatedTime"`
}

// BalancesQuery asks for balances: now, or at the end of a day.
type BalancesQuery struct {
	MarketplaceIDs []string  // none: all
	Type           string    // empty: all
	AsOf           time.Time // zero: now; else its UTC date is sent
}

var balanceList = list[Kept[Balance]]{op: OpBalances, path: balancesPath, next: repeatAll("nextToken"), decode: entries("balances", "nextToken")}

// Balances lists the balances of the account.
func (c *Client) Balances(ctx context.Context, q BalancesQuery) iter.Seq2[Page[Kept[Balance]], error] {
	if err := checkList(OpBalances, "marketplaceIds", q.MarketplaceIDs, 0, 50); err != nil {
		return broken[Kept[Balance]](err)
	}
	p := params{}
	p.list("marketplaceIds", q.MarketplaceIDs)
	p.text("balanceType", q.Type)
	p.date("asOfDate", q.AsOf)
	return balanceList.pages(ctx, c, first(OpBalances, p))
}

// Summary is Amazon's own statement of a settlement or period.
type Summary struct {
	Partner     FinancesPartner     `json:"partnerMetadata"`
	NetProceeds *Money              `json:"netProceeds"`
	Related     []RelatedIdentifier `json:"relatedIdentifiers"`
	Breakdowns  Breakdowns          `json:"breakdowns"`
	PeriodStart Time                `json:"periodStart"`
	PeriodEnd   Time                `json:"periodEnd"`
}

// SummaryQuery asks for the summary of a settlement, or of a span of days
// (their UTC dates are sent).
type SummaryQuery struct {
	MarketplaceIDs []string // none: all
	Settlement     string
	Start, End     time.Time
}

var summaryList = list[Kept[Summary]]{op: OpSummary, path: summariesPath, next: repeatAll("nextToken"), decode: entries("summaries", "nextToken")}

// Summaries lists the summaries by account and marketplace.
func (c *Client) Summaries(ctx context.Context, q SummaryQuery) iter.Seq2[Page[Kept[Summary]], error] {
	const op = OpSummary
	err := checkList(op, "marketplaceIds", q.MarketplaceIDs, 0, 50)
	if err == nil && (q.Settlement == "") == q.Start.IsZero() {
		err = fail(op, ErrArgument, "a settlement or a period is needed, and not both")
	}
	if err == nil && q.End.Before(q.Start) {
		err = fail(op, ErrArgument, "the period ends before it begins")
	}
	if err != nil {
		return broken[Kept[Summary]](err)
	}
	p := params{}
	p.list("marketplaceIds", q.MarketplaceIDs)
	if q.Settlement != "" {
		p["relatedIdentifierName"], p["relatedIdentifierValue"] = "SETTLEMENT_ID", q.Settlement
	}
	p.date("periodStart", q.Start)
	p.date("periodEnd", q.End)
	return summaryList.pages(ctx, c, first(op, p))
}

// date sends the day alone.
func (p params) date(name string, t time.Time) {
	if !t.IsZero() {
		p[name] = t.UTC().Format(time.DateOnly)
	}
}
