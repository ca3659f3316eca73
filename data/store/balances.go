package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// Balance is what Amazon says an account holds, or a part of it.
type Balance struct {
	Connection, Marketplace string
	Account                 string // Standard Orders, Invoiced Orders, ...
	Path                    string // TOTAL, TOTAL/AVAILABLE, TOTAL/RESERVED/DEFERRED, ...
	Currency                string
	Minor                   int64     // positive: Amazon owes the seller
	Taken                   time.Time // when we asked
	Updated                 time.Time // Amazon's own last update, zero when not told
	Document                int64
}

// PutBalance stores a balance; a later look of the same day replaces it.
func (t *Tx) PutBalance(b Balance) error {
	_, err := t.exec(`INSERT INTO balance (connection_id, marketplace_id, account, path, currency, balance_day, taken_at, amount_minor,
		updated_at, document_id) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at,
		amount_minor = excluded.amount_minor, updated_at = excluded.updated_at, document_id = excluded.document_id
		WHERE excluded.taken_at >= taken_at`,
		b.Connection, b.Marketplace, b.Account, b.Path, b.Currency, markets.Day(b.Marketplace, b.Taken), millis(b.Taken), b.Minor,
		optMillis(b.Updated), nullID(b.Document))
	if err != nil {
		return fmt.Errorf("store balance %s: %w", b.Path, err)
	}
	return nil
}

// Balances lists Amazon's balances as they were last told on or before a
// marketplace's day; an empty day means now. What Amazon told at an earlier
// look only is not listed: that account holds nothing any more.
func (b *Book) Balances(ctx context.Context, day string) ([]Balance, error) {
	if day == "" {
		day = "9999"
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, account, path, currency, amount_minor, taken_at,
		updated_at, coalesce(document_id, 0) FROM balance b WHERE balance_day <= ?1 AND taken_at = (SELECT max(taken_at) FROM balance x
		WHERE x.connection_id = b.connection_id AND x.balance_day <= ?1) ORDER BY 1, 2, 3, 5, 4`, day)
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	var all []Balance
	err = eachRow(rows, func(r *sql.Rows) error {
		var v Balance
		var taken int64
		var updated sql.NullInt64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.Account, &v.Path, &v.Currency, &v.Minor, &taken, &updated, &v.Document)
		v.Taken, v.Updated = fromMillis(taken), optTime(updated)
		all = append(all, v)
		return err
	})
	return all, err
}

// SummaryLine is a line of Amazon's own statement of a settlement or period.
type SummaryLine struct {
	Connection, Marketplace, Account string
	Settlement                       string // empty for a period
	Start, End                       time.Time
	Path                             string // Amazon's names joined by /, or SummaryNet
	Currency                         string
	Minor                            int64
	Taken                            time.Time
	Document                         int64
}

// SummaryNet is the path of the net proceeds of a summary.
const SummaryNet = "(net)"

// PutSummary stores one statement of Amazon's in place of the one before; all
// lines are of the same account, marketplace and period.
func (t *Tx) PutSummary(lines []SummaryLine) error {
	if len(lines) == 0 {
		return nil
	}
	s := lines[0]
	if _, err := t.exec(`DELETE FROM summary_line WHERE connection_id = ? AND marketplace_id = ? AND account = ? AND settlement_id = ? AND start_at = ?`,
		s.Connection, s.Marketplace, s.Account, s.Settlement, millis(s.Start)); err != nil {
		return err
	}
	for _, l := range lines {
		_, err := t.exec(`INSERT INTO summary_line (connection_id, marketplace_id, account, settlement_id, start_at, end_at, path, currency,
			amount_minor, taken_at, document_id) VALUES (?,?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor`,
			l.Connection, l.Marketplace, l.Account, l.Settlement, millis(l.Start), millis(l.End), l.Path, l.Currency, l.Minor, millis(l.Taken), nullID(l.Document))
		if err != nil {
			return fmt.Errorf("store summary %s: %w", l.Path, err)
		}
	}
	return nil
}

// Summaries lists Amazon's statements of a settlement, or of all when it is
// empty.
func (b *Book) Summaries(ctx context.Context, settlement string) ([]SummaryLine, error) {
	where, args := clauses("settlement_id = ?", settlement)
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, account, settlement_id, start_at, end_at, path, currency,
		amount_minor, taken_at, coalesce(document_id, 0) FROM summary_line`+where+` ORDER BY 1, 2, 3, 5, 7`, args...)
	if err != nil {
		return nil, fmt.Errorf("read summaries: %w", err)
	}
	var all []SummaryLine
	err = eachRow(rows, func(r *sql.Rows) error {
		var v SummaryLine
		var start, end, taken int64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.Account, &v.Settlement, &start, &end, &v.Path, &v.Currency, &v.Minor, &taken, &v.Document)
		v.Start, v.End, v.Taken = fromMillis(start), fromMillis(end), fromMillis(taken)
		all = append(all, v)
		return err
	})
	return all, err
}

// SettlementsWithoutSummary lists the settlements that ended since a time and
// of which Amazon's own statement is not stored, the newest first.
func (b *Book) SettlementsWithoutSummary(ctx context.Context, connection string, since time.Time) ([]string, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT settlement_id FROM settlement s WHERE connection_id = ? AND end_at >= ?
		AND NOT EXISTS (SELECT 1 FROM summary_line l WHERE l.connection_id = s.connection_id AND l.settlement_id = s.settlement_id)
		ORDER BY end_at DESC, settlement_id`, connection, millis(since))
	if err != nil {
		return nil, fmt.Errorf("find settlements without a summary: %w", err)
	}
	var ids []string
	err = eachRow(rows, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
