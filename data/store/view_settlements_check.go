package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// SettlementCheck proves a settlement from all sides.
type SettlementCheck struct {
	SettlementRow
	// The chain: what the settlement before kept back must come back here.
	Previous        string        // id of the settlement before, empty when the book has none
	Gap             time.Duration // between its end and this start; 0 when they touch
	ReserveIn       int64         // minor units that came back from the settlement before
	ReserveOut      int64         // minor units kept for the next one, not negative
	PreviousReserve *int64        // what the settlement before kept; nil when it is not in the book
	Next            string        // id of the settlement after

	Paid    Payout    // what the header says was paid, and whether a transfer tells of it
	Bank    *BankLine // the bank's line of it, nil when none was found
	Alone   int64     // rows of which only the settlement tells: the transactions of that time were not fetched
	Open    []SettlementOpen
	OpenSum []OpenSum
}

// chainGap is how long a pause between two settlements may be before it is said.
const chainGap = time.Hour

// CheckSettlement proves one settlement. One that is not there is ErrNotFound.
func (b *Book) CheckSettlement(ctx context.Context, connection, settlement string) (SettlementCheck, error) {
	var all []SettlementRow
	c := SettlementCheck{}
	err := b.Settlements(ctx, func(r SettlementRow) error {
		all = append(all, r)
		if r.Connection == connection && r.ID == settlement {
			c.SettlementRow = r
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	if c.ID == "" {
		return c, fmt.Errorf("settlement %s: %w", settlement, ErrNotFound)
	}
	before, after := neighbours(all, c.SettlementRow)
	if c.ReserveIn, c.ReserveOut, err = b.reserves(ctx, c.SettlementRow); err != nil {
		return c, err
	}
	if after != nil {
		c.Next = after.ID
	}
	if before != nil {
		c.Previous = before.ID
		if gap := c.Start.Sub(before.End); gap > chainGap {
			c.Gap = gap
		}
		_, kept, err := b.reserves(ctx, *before)
		if err != nil {
			return c, err
		}
		c.PreviousReserve = &kept
	}
	if c.Paid, err = b.settlementHeader(ctx, connection, settlement); err != nil {
		return c, err
	}
	if c.Bank, err = b.bankLineOf(ctx, c.Paid); err != nil {
		return c, err
	}
	return c, b.openOf(ctx, &c)
}

// neighbours finds the settlements before and after one in its chain: the same
// account of Amazon and currency, one ending where the other begins. Standard and
// invoiced orders settle side by side, so the nearest edges belong together.
func neighbours(all []SettlementRow, of SettlementRow) (before, after *SettlementRow) {
	for i := range all {
		r := &all[i]
		if r.Connection != of.Connection || r.Currency != of.Currency || r.ID == of.ID {
			continue
		}
		if !r.End.After(of.Start.Add(chainGap)) && (before == nil || r.End.After(before.End)) {
			before = r
		}
		if !r.Start.Before(of.End.Add(-chainGap)) && (after == nil || r.Start.Before(after.Start)) {
			after = r
		}
	}
	return before, after
}

// reserves sums what a settlement got back from the one before and what it keeps
// for the next.
func (b *Book) reserves(ctx context.Context, r SettlementRow) (in, out int64, err error) {
	names, err := b.SettlementNames(ctx, r.Connection, r.ID)
	for _, n := range names {
		switch {
		case n.Line != string(books.CashReserve):
		case n.Minor > 0:
			in += n.Minor
		default:
			out -= n.Minor
		}
	}
	return in, out, err
}

// OpenReason says why money is in the settlement or in the books, but not in
// both.
type OpenReason string

// The reasons, the surest first.
const (
	ReasonUnknown   OpenReason = "unknown"   // a name of Amazon that stands on no line
	ReasonDeferred  OpenReason = "deferred"  // Amazon holds it back; a later settlement pays it
	ReasonNoOrder   OpenReason = "noorder"   // a fee of no order, which Amazon's transactions cut differently
	ReasonAmount    OpenReason = "amount"    // both tell of it, with another amount
	ReasonTiming    OpenReason = "timing"    // at the edge of the period or of what was fetched
	ReasonUnmatched OpenReason = "unmatched" // nothing explains it
)

// SettlementOpen is one open difference of a settlement.
type SettlementOpen struct {
	Reason     OpenReason
	Row        bool // a row of the settlement without a twin; else money of its days that it does not pay
	Posted     time.Time
	Order, SKU string
	Line, Path string
	Amount     books.Money
	Document   int64 // 0 when there is none
	DocLine    int
}

// OpenSum adds the open differences of one reason up.
type OpenSum struct {
	Reason OpenReason
	Row    bool
	Count  int64
	Minor  int64
}

// edge is how near to the end of a period two of Amazon's sources may put the
// same money on different sides of it.
const edge = 3 * 24 * time.Hour

func (b *Book) openOf(ctx context.Context, c *SettlementCheck) error {
	if err := b.openRows(ctx, c); err != nil {
		return err
	}
	if err := b.unpaid(ctx, c); err != nil {
		return err
	}
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.connection_id = ?1 AND l.settlement_id = ?2 AND l.origin = 'settlement' AND e.scope IN (
			SELECT scope FROM fact WHERE posting >= ?2 || ':' AND posting < ?2 || ';' AND connection_id = ?1)`, c.Connection, c.ID).Scan(&c.Alone)
	if err != nil {
		return fmt.Errorf("count the rows of settlement %s without a transaction: %w", c.ID, err)
	}
	at := map[OpenSum]int{}
	for _, o := range c.Open {
		k := OpenSum{Reason: o.Reason, Row: o.Row}
		i, ok := at[k]
		if !ok {
			i = len(c.OpenSum)
			at[k] = i
			c.OpenSum = append(c.OpenSum, k)
		}
		s := &c.OpenSum[i]
		sum, err := books.Money{Minor: s.Minor, Currency: c.Currency}.Add(books.Money{Minor: o.Amount.Minor, Currency: c.Currency})
		if err != nil {
			return fmt.Errorf("add up what is open of settlement %s: %w", c.ID, err)
		}
		s.Minor = sum.Minor
		s.Count++
		if o.Row {
			c.Alone = max(c.Alone-1, 0)
		}
	}
	return nil
}

// openRows lists the settlement's rows that found no twin although the
// transactions of their day are known.
func (b *Book) openRows(ctx context.Context, c *SettlementCheck) error {
	var first, last sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT min(from_at), max(to_at) FROM coverage WHERE connection_id = ? AND source = ?`,
		c.Connection, string(books.Finances)).Scan(&first, &last)
	if err != nil {
		return fmt.Errorf("read what transactions cover: %w", err)
	}
	where, args := SettlementFilter{Connection: c.Connection, Settlement: c.ID, Open: true}.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT f.posted_at, f.order_id, f.sku, o.line, n.path, f.currency, o.minor, coalesce(f.document_id, 0),
		f.doc_line, o.reason, EXISTS (SELECT 1 FROM event e JOIN money_line l ON l.event_id = e.id
			WHERE e.scope = f.scope AND e.connection_id = f.connection_id AND l.state = 'deferred' AND l.line = o.line)
		FROM fact f JOIN fact_name n ON n.id = f.name_id
		LEFT JOIN (SELECT connection_id, scope, fact_id, min(reason) AS reason, min(line) AS line, min(amount_minor) AS minor
			FROM open_item GROUP BY 1, 2, 3) o ON o.connection_id = f.connection_id AND o.scope = f.scope AND o.fact_id = f.id`+
		where+` ORDER BY f.id`, args...)
	if err != nil {
		return fmt.Errorf("read what is open of settlement %s: %w", c.ID, err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		o := SettlementOpen{Row: true}
		var posted int64
		var reason string
		var deferred bool
		if err := r.Scan(&posted, &o.Order, &o.SKU, &o.Line, &o.Path, &o.Amount.Currency, &o.Amount.Minor, &o.Document, &o.DocLine,
			&reason, &deferred); err != nil {
			return err
		}
		o.Posted = fromMillis(posted)
		near := first.Valid && (o.Posted.Sub(fromMillis(first.Int64)) < edge || fromMillis(last.Int64).Sub(o.Posted) < edge)
		o.Reason = rowReason(o, books.Reason(reason), deferred, near)
		c.Open = append(c.Open, o)
		return nil
	})
}

func rowReason(o SettlementOpen, reason books.Reason, deferred, near bool) OpenReason {
	switch {
	case o.Line == string(books.Unclassified):
		return ReasonUnknown
	case deferred || reason == books.OpenRelease:
		return ReasonDeferred
	case reason == books.OpenDiffers:
		return ReasonAmount
	case near:
		return ReasonTiming
	case o.Order == "":
		return ReasonNoOrder
	}
	return ReasonUnmatched
}

// unpaid lists money of the settlement's days, from Amazon's transactions, that
// no settlement pays.
func (b *Book) unpaid(ctx context.Context, c *SettlementCheck) error {
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.posted_at, e.order_id, e.sku, l.line, l.path, l.currency, l.amount_minor, l.state,
		coalesce(f.document_id, 0), coalesce(f.doc_line, 0)
		FROM event e JOIN money_line l ON l.event_id = e.id LEFT JOIN fact f ON f.id = l.fact_id
		WHERE e.event_day >= ? AND e.event_day <= ? AND e.connection_id = ? AND l.currency = ? AND l.origin = 'finances' AND l.settlement_id = ''
			AND l.amount_minor <> 0 AND e.posted_at >= ? AND (e.posted_at < ? OR l.state = 'deferred') ORDER BY e.posted_at, e.key, l.seq`,
		c.Start.AddDate(0, 0, -1).Format(time.DateOnly), c.End.AddDate(0, 0, 1).Format(time.DateOnly),
		c.Connection, c.Currency, millis(c.Start), millis(c.End))
	if err != nil {
		return fmt.Errorf("read what settlement %s does not pay: %w", c.ID, err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var o SettlementOpen
		var posted int64
		var state books.State
		if err := r.Scan(&posted, &o.Order, &o.SKU, &o.Line, &o.Path, &o.Amount.Currency, &o.Amount.Minor, &state, &o.Document, &o.DocLine); err != nil {
			return err
		}
		o.Posted = fromMillis(posted)
		switch {
		case o.Line == string(books.CashPayout): // the transfer itself, which a header need not name
			return nil
		case state == books.Deferred:
			o.Reason = ReasonDeferred
		case c.End.Sub(o.Posted) < edge:
			o.Reason = ReasonTiming
		case o.Line == string(books.Unclassified):
			o.Reason = ReasonUnknown
		default:
			o.Reason = ReasonUnmatched
		}
		c.Open = append(c.Open, o)
		return nil
	})
}
