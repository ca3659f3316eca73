package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// EventGroup is a statement period of an account, as Amazon's Finances list it.
type EventGroup struct {
	Connection, ID       string
	Status               string // Open or Closed
	TransferStatus       string
	Currency             string // of Total and Beginning
	Total, Beginning     *int64 // minor units
	ConvertedCurrency    string
	Converted            *int64 // in the currency of the bank account
	Start, End, Transfer time.Time
	TraceID, AccountTail string
	Document             int64
}

// PutEventGroup stores a group as Amazon now tells it.
func (t *Tx) PutEventGroup(g EventGroup) error {
	_, err := t.exec(`INSERT INTO event_group (connection_id, group_id, status, transfer_status, currency, total_minor, converted_currency,
		converted_minor, beginning_minor, start_at, end_at, transfer_at, trace_id, account_tail, document_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET status = excluded.status, transfer_status = excluded.transfer_status,
		currency = excluded.currency, total_minor = excluded.total_minor, converted_currency = excluded.converted_currency,
		converted_minor = excluded.converted_minor, beginning_minor = excluded.beginning_minor, start_at = excluded.start_at,
		end_at = excluded.end_at, transfer_at = excluded.transfer_at, trace_id = excluded.trace_id, account_tail = excluded.account_tail,
		document_id = excluded.document_id`,
		g.Connection, g.ID, g.Status, g.TransferStatus, g.Currency, g.Total, g.ConvertedCurrency, g.Converted, g.Beginning,
		optMillis(g.Start), optMillis(g.End), optMillis(g.Transfer), g.TraceID, g.AccountTail, nullID(g.Document))
	if err != nil {
		return fmt.Errorf("store event group %s: %w", g.ID, err)
	}
	return nil
}

// EventGroups lists the groups that were opened at or after since, the newest
// first.
func (b *Book) EventGroups(ctx context.Context, since time.Time) ([]EventGroup, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, group_id, status, transfer_status, currency, total_minor,
		converted_currency, converted_minor, beginning_minor, start_at, end_at, transfer_at, trace_id, account_tail, coalesce(document_id, 0)
		FROM event_group WHERE coalesce(start_at, 0) >= ? ORDER BY start_at DESC, connection_id, group_id`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("read event groups: %w", err)
	}
	var all []EventGroup
	err = eachRow(rows, func(r *sql.Rows) error {
		var g EventGroup
		var start, end, transfer sql.NullInt64
		err := r.Scan(&g.Connection, &g.ID, &g.Status, &g.TransferStatus, &g.Currency, &g.Total, &g.ConvertedCurrency, &g.Converted,
			&g.Beginning, &start, &end, &transfer, &g.TraceID, &g.AccountTail, &g.Document)
		g.Start, g.End, g.Transfer = optTime(start), optTime(end), optTime(transfer)
		all = append(all, g)
		return err
	})
	return all, err
}

// AmazonPayout is money that Amazon paid, is paying or announces.
type AmazonPayout struct {
	Connection, ID       string
	Marketplace, Account string
	Expected             bool   // announced, not yet made
	Status, Type         string // Amazon's words
	Currency             string
	Amount               *int64    // minor units; nil when nothing is to be paid
	At                   time.Time // when it was or will be begun
	Start, End           time.Time // the period it pays
	Settlement           string
	Method, AccountTail  string
	TraceID, Failure     string
	Taken                time.Time
	Document             int64
}

// PutPayout stores a payout as Amazon now tells it.
func (t *Tx) PutPayout(p AmazonPayout) error {
	_, err := t.exec(`INSERT INTO amazon_payout (connection_id, payout_id, marketplace_id, account, expected, status, type, currency,
		amount_minor, payout_at, start_at, end_at, settlement_id, method, account_tail, trace_id, failure, taken_at, document_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET marketplace_id = excluded.marketplace_id,
		account = excluded.account, expected = excluded.expected, status = excluded.status, type = excluded.type,
		currency = excluded.currency, amount_minor = excluded.amount_minor, payout_at = excluded.payout_at, start_at = excluded.start_at,
		end_at = excluded.end_at, settlement_id = excluded.settlement_id, method = excluded.method, account_tail = excluded.account_tail,
		trace_id = excluded.trace_id, failure = excluded.failure, taken_at = excluded.taken_at, document_id = excluded.document_id`,
		p.Connection, p.ID, p.Marketplace, p.Account, flag(p.Expected), p.Status, p.Type, p.Currency, p.Amount, optMillis(p.At),
		optMillis(p.Start), optMillis(p.End), p.Settlement, p.Method, p.AccountTail, p.TraceID, p.Failure, millis(p.Taken), nullID(p.Document))
	if err != nil {
		return fmt.Errorf("store payout %s: %w", p.ID, err)
	}
	return nil
}

// DropExpectedPayouts forgets what Amazon announced before taken: it announces
// everything anew each time.
func (t *Tx) DropExpectedPayouts(connection string, taken time.Time) error {
	_, err := t.exec(`DELETE FROM amazon_payout WHERE connection_id = ? AND expected = 1 AND taken_at < ?`, connection, millis(taken))
	return err
}

// AmazonPayouts lists what Amazon paid since a time and announces, by day of
// payout; those without a day come last.
func (b *Book) AmazonPayouts(ctx context.Context, since time.Time) ([]AmazonPayout, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, payout_id, marketplace_id, account, expected, status, type, currency,
		amount_minor, payout_at, start_at, end_at, settlement_id, method, account_tail, trace_id, failure, taken_at, coalesce(document_id, 0)
		FROM amazon_payout WHERE expected = 1 OR payout_at >= ? ORDER BY payout_at IS NULL, payout_at, connection_id, payout_id`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("read Amazon's payouts: %w", err)
	}
	var all []AmazonPayout
	err = eachRow(rows, func(r *sql.Rows) error {
		var p AmazonPayout
		var at, start, end sql.NullInt64
		var taken int64
		err := r.Scan(&p.Connection, &p.ID, &p.Marketplace, &p.Account, &p.Expected, &p.Status, &p.Type, &p.Currency, &p.Amount, &at,
			&start, &end, &p.Settlement, &p.Method, &p.AccountTail, &p.TraceID, &p.Failure, &taken, &p.Document)
		p.At, p.Start, p.End, p.Taken = optTime(at), optTime(start), optTime(end), fromMillis(taken)
		all = append(all, p)
		return err
	})
	return all, err
}
