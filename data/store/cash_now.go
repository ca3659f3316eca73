package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// Deferred is a transaction that Amazon holds back.
type Deferred struct {
	Connection  string
	Transaction string
	Amount      books.Money
	Posted      time.Time
	Matures     string // day on which Amazon lets it go, the marketplace's; "" when not told
	Reason      string // Amazon's word: DD7, B2B
	Document    int64
}

// maturityOf is what a transaction's original tells of its deferral.
type maturityOf struct {
	MarketplaceDetails struct {
		MarketplaceID string `json:"marketplaceId"`
	} `json:"marketplaceDetails"`
	Contexts []struct {
		Type   string    `json:"contextType"`
		Reason string    `json:"deferralReason"`
		Until  time.Time `json:"maturityDate"`
	} `json:"contexts"`
}

// DeferredMoney lists what Amazon holds back, the first to mature first; those of
// which no day is told come last.
func (b *Book) DeferredMoney(ctx context.Context) ([]Deferred, error) {
	brought, err := b.connectionMoney(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, transaction_id, currency, total_minor, posted_at, document_id
		FROM financial_transaction t WHERE status = 'DEFERRED' AND released_by = '' AND NOT EXISTS (
			SELECT 1 FROM financial_transaction r WHERE r.connection_id = t.connection_id AND r.release_of = t.transaction_id)
		ORDER BY connection_id, posted_at`)
	if err != nil {
		return nil, fmt.Errorf("read deferred money: %w", err)
	}
	var all []Deferred
	err = eachRow(rows, func(r *sql.Rows) error {
		var d Deferred
		var posted int64
		err := r.Scan(&d.Connection, &d.Transaction, &d.Amount.Currency, &d.Amount.Minor, &posted, &d.Document)
		d.Posted = fromMillis(posted)
		all = append(all, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := b.mature(ctx, &all[i], brought.zones); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(x, y Deferred) int {
		return cmp.Or(cmp.Compare(cmp.Or(x.Matures, "9999"), cmp.Or(y.Matures, "9999")), x.Posted.Compare(y.Posted))
	})
	return all, nil
}

// mature reads the day and reason out of the transaction's original. An original
// that does not tell them leaves them open.
func (b *Book) mature(ctx context.Context, d *Deferred, zones moneyZones) error {
	doc, err := b.Document(ctx, d.Document)
	if err != nil {
		return err
	}
	var m maturityOf
	if json.Unmarshal(doc.Body, &m) != nil {
		return nil
	}
	for _, c := range m.Contexts {
		if c.Type != "DeferredContext" {
			continue
		}
		d.Reason = c.Reason
		if c.Until.IsZero() {
			continue
		}
		d.Matures = c.Until.In(zones.of(d.Connection, d.Amount.Currency)).Format(time.DateOnly)
		if _, known := markets.ByID(m.MarketplaceDetails.MarketplaceID); known {
			d.Matures = markets.Day(m.MarketplaceDetails.MarketplaceID, c.Until)
		}
	}
	return nil
}

// CashPosition is one currency's money at Amazon, as the books and as Amazon
// itself tell it.
type CashPosition struct {
	Currency  string
	Available books.Figure // released and not yet settled, with the reserve that came over
	Deferred  books.Figure // held back
	Total     books.Figure // both
	Since     string       // day from which Available is counted: the end of the last settlement

	Amazon         *int64 // Amazon's own total, minor units; nil when it told none
	AmazonDeferred *int64
	AmazonAt       time.Time // when it was asked
}

// CashPositions gives the position of each currency that has money, by code.
func (b *Book) CashPositions(ctx context.Context) ([]CashPosition, error) {
	held, err := b.DeferredMoney(ctx)
	if err != nil {
		return nil, err
	}
	balances, err := b.Balances(ctx, "")
	if err != nil {
		return nil, err
	}
	open, err := b.unsettled(ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]*CashPosition{}
	get := func(currency string) *CashPosition {
		if at[currency] == nil {
			zero := books.Figure{Money: books.Money{Currency: currency}, Known: true}
			at[currency] = &CashPosition{Currency: currency, Available: zero, Deferred: zero}
			at[currency].Available.Known, at[currency].Available.Why = false, "no settlement was read yet"
		}
		return at[currency]
	}
	for _, o := range open {
		p := get(o.currency)
		p.Available = books.Figure{Money: books.Money{Minor: p.Available.Minor + o.minor, Currency: o.currency}, Known: true}
		p.Since = max(p.Since, o.since)
	}
	for _, d := range held {
		p := get(d.Amount.Currency)
		if p.Deferred.Money, err = p.Deferred.Add(d.Amount); err != nil {
			return nil, fmt.Errorf("add up deferred money: %w", err)
		}
	}
	for _, v := range balances {
		p := get(v.Currency)
		switch {
		case v.Path == "TOTAL":
			p.Amazon = plus(p.Amazon, v.Minor)
		case strings.HasSuffix(v.Path, "/DEFERRED"):
			p.AmazonDeferred = plus(p.AmazonDeferred, v.Minor)
		}
		p.AmazonAt = v.Taken
	}
	var out []CashPosition
	for _, p := range at {
		p.Total = p.Available
		if p.Total.Money, err = p.Available.Add(p.Deferred.Money); err != nil {
			return nil, fmt.Errorf("add up what Amazon holds: %w", err)
		}
		out = append(out, *p)
	}
	slices.SortFunc(out, func(x, y CashPosition) int { return cmp.Compare(x.Currency, y.Currency) })
	return out, nil
}

func plus(sum *int64, minor int64) *int64 {
	if sum != nil {
		minor += *sum
	}
	return &minor
}

// unsettledSum is what was released in one account and currency since its last
// settlement.
type unsettledSum struct {
	currency string
	minor    int64
	since    string
}

func (b *Book) unsettled(ctx context.Context) ([]unsettledSum, error) {
	rows, err := b.Reader().QueryContext(ctx, `WITH last AS (SELECT connection_id, currency, max(end_at) AS at FROM settlement GROUP BY 1, 2)
		SELECT last.currency, coalesce(sum(l.amount_minor * CASE WHEN l.line = 'cash.payout' THEN -1 ELSE 1 END), 0),
			strftime('%Y-%m-%d', last.at / 1000, 'unixepoch')
		FROM last LEFT JOIN event e ON e.connection_id = last.connection_id AND e.posted_at >= last.at
			AND e.event_day >= strftime('%Y-%m-%d', last.at / 1000 - 90 * 86400, 'unixepoch')
		LEFT JOIN money_line l ON l.event_id = e.id AND l.currency = last.currency AND l.settlement_id = '' AND l.origin = 'finances' AND l.state = 'released'
		GROUP BY last.connection_id, last.currency ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("add up what is not settled: %w", err)
	}
	var all []unsettledSum
	err = eachRow(rows, func(r *sql.Rows) error {
		var u unsettledSum
		err := r.Scan(&u.currency, &u.minor, &u.since)
		all = append(all, u)
		return err
	})
	return all, err
}
