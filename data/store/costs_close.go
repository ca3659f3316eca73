package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/books"
)

// lateScope holds the events that keep closed days as they were.
const lateScope = "~late~"

// Errors of closing.
var (
	ErrMonth      = errors.New("not a month like 2026-09")
	ErrNotOver    = errors.New("this month is not over yet")
	ErrClosed     = errors.New("this month is closed already")
	ErrNotClosed  = errors.New("this month is not closed")
	ErrLaterMonth = errors.New("a later month is closed; reopen that one first")
)

// CloseMonth freezes all days up to the end of a month: what would change them
// later stands on the first day that is open, and is listed.
func (t *Tx) CloseMonth(month string) error {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return fmt.Errorf("close %q: %w", month, ErrMonth)
	}
	if !fromMillis(t.now).After(first.AddDate(0, 1, 0)) {
		return fmt.Errorf("close %s: %w", month, ErrNotOver)
	}
	last, err := t.lastClosed()
	if err != nil {
		return err
	}
	if last >= month {
		return fmt.Errorf("close %s: %w", month, ErrClosed)
	}
	if err := t.deriveDirty(); err != nil { // what this transaction changed belongs before the close
		return err
	}
	if _, err := t.exec(`INSERT INTO closed_month (month, closed_at, closed_by) VALUES (?, ?, ?)`, month, t.now, t.by); err != nil {
		return fmt.Errorf("close %s: %w", month, err)
	}
	return t.Audit("close", "closed "+month+byWhom(t.by))
}

// ReopenMonth opens the last closed month again: its later differences go back to
// the days they belong to.
func (t *Tx) ReopenMonth(month string) error {
	last, err := t.lastClosed()
	if err != nil {
		return err
	}
	var n int
	if err := t.row(`SELECT count(*) FROM closed_month WHERE month = ?`, []any{month}, &n); err != nil {
		return err
	}
	switch {
	case n == 0:
		return fmt.Errorf("reopen %s: %w", month, ErrNotClosed)
	case last > month:
		return fmt.Errorf("reopen %s: %w", month, ErrLaterMonth)
	}
	if err := t.deriveDirty(); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM closed_month WHERE month = ?`, month); err != nil {
		return fmt.Errorf("reopen %s: %w", month, err)
	}
	from := ""
	if before, err := t.lastClosed(); err != nil {
		return err
	} else if before != "" {
		from = nextMonth(before)
	}
	sums := rollups{}
	// Differences of days that are open now go home; those of months closed
	// before stand on the first day that is open, which is earlier now.
	if err := t.dropLate(sums); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM late_difference WHERE event_day >= ?`, from); err != nil {
		return err
	}
	if from != "" {
		if err := t.moveLate(nextMonth(month)+"-01", from+"-01"); err != nil {
			return err
		}
	}
	if err := t.putLate(sums); err != nil {
		return err
	}
	if err := t.applyRollups(sums); err != nil {
		return err
	}
	return t.Audit("reopen", "reopened "+month+byWhom(t.by))
}

func byWhom(by string) string {
	if by == "" {
		return ""
	}
	return " by " + by
}

func nextMonth(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, 1, 0).Format("2006-01")
}

// lastClosed is the last month that is closed, empty when none is. All days up to
// its end are frozen.
func (t *Tx) lastClosed() (string, error) {
	var month sql.NullString
	err := t.row(`SELECT max(month) FROM closed_month`, nil, &month)
	return month.String, err
}

// lateKey is what a difference to a closed day is told by; whether the money is
// settled by now is no difference.
type lateKey struct{ day, connection, marketplace, currency, sku, line string }

// freeze keeps closed days as they are: what a transaction would change there is
// noted, and events of the opposite sign are booked on the day itself and of the
// same sign on the first open day.
func (t *Tx) freeze(sums rollups) error {
	last, err := t.lastClosed()
	if err != nil || last == "" {
		return err
	}
	open := nextMonth(last) + "-01"
	late := map[lateKey]rollupSum{}
	for k, s := range sums {
		if k.day < open {
			key := lateKey{k.day, k.connection, k.marketplace, k.currency, k.sku, k.line}
			was := late[key]
			late[key] = rollupSum{was.minor + s.minor, was.quantity + s.quantity, was.uncovered + s.uncovered, 0}
		}
	}
	keys := make([]lateKey, 0, len(late))
	for k, s := range late {
		if s != (rollupSum{}) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	slices.SortFunc(keys, func(a, b lateKey) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.connection, b.connection), cmp.Compare(a.marketplace, b.marketplace),
			cmp.Compare(a.currency, b.currency), cmp.Compare(a.sku, b.sku), cmp.Compare(a.line, b.line))
	})
	for _, k := range keys {
		if err := t.noteLate(k, open, late[k], sums); err != nil {
			return fmt.Errorf("note a change to the closed %s: %w", k.day, err)
		}
	}
	return nil
}

// noteLate adds a difference to what is noted for the same day, and books it.
func (t *Tx) noteLate(k lateKey, open string, s rollupSum, sums rollups) error {
	args := []any{k.day, open, k.connection, k.marketplace, k.currency, k.sku, k.line}
	var d lateDifference
	err := t.row(`INSERT INTO late_difference (event_day, booked_day, connection_id, marketplace_id, currency, sku, line, amount_minor, quantity, uncovered, noted_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor,
		quantity = quantity + excluded.quantity, uncovered = uncovered + excluded.uncovered, noted_at = excluded.noted_at
		RETURNING id, amount_minor, quantity, uncovered`, append(args, s.minor, s.quantity, s.uncovered, t.now),
		&d.id, &d.sum.minor, &d.sum.quantity, &d.sum.uncovered)
	if err != nil {
		return err
	}
	d.lateKey, d.booked = k, open
	if d.sum == (rollupSum{}) {
		if _, err := t.exec(`DELETE FROM late_difference WHERE id = ?`, d.id); err != nil {
			return err
		}
	}
	return t.bookLate(d, sums)
}

type lateDifference struct {
	lateKey
	id     int64
	booked string
	sum    rollupSum
}

// bookLate writes both events of a difference in place of those it had.
func (t *Tx) bookLate(d lateDifference, sums rollups) error {
	for _, side := range []struct {
		name, day string
		sign      int64
	}{{"out", d.day, -1}, {"in", d.booked, 1}} {
		k := scopeKey{d.connection, lateScope + d.day[:7]}
		key := fmt.Sprint(side.name, " ", d.day, " ", d.booked, " ", d.marketplace, " ", d.currency, " ", d.sku, " ", d.line)
		var id int64
		err := t.row(`SELECT id FROM event WHERE scope = ? AND connection_id = ? AND key = ?`, []any{k.scope, k.connection, key}, &id)
		if err == nil {
			_, err = t.dropEvent(k, id, sums)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if d.sum == (rollupSum{}) {
			continue
		}
		at, err := time.Parse(time.DateOnly, side.day)
		if err != nil {
			return err
		}
		at = at.Add(12 * time.Hour)
		e := books.Event{
			Key: key, Connection: d.connection, Type: books.Adjustment, AmazonType: "late difference", SKU: d.sku, Marketplace: d.marketplace,
			Origin: books.User, State: books.Settled, Occurred: at, Posted: at, Day: side.day,
			Lines: []books.MoneyLine{{
				Line: books.Line(d.line), Path: "closed " + d.day[:7] + ", booked " + d.booked, Amount: books.Money{Minor: side.sign * d.sum.minor, Currency: d.currency},
				Quantity: side.sign * d.sum.quantity, Uncovered: side.sign * d.sum.uncovered, Origin: books.User, State: books.Settled,
			}},
		}
		if err := t.putEvent(k, &e, digestOf(&e), sums); err != nil {
			return err
		}
	}
	return nil
}

// dropLate removes the events of all differences.
func (t *Tx) dropLate(sums rollups) error {
	type stored struct {
		k  scopeKey
		id int64
	}
	var all []stored
	err := t.rows(`SELECT connection_id, scope, id FROM event WHERE scope >= ? AND scope < ?`, []any{lateScope, lateScope + "a"}, func(r *sql.Rows) error {
		var s stored
		err := r.Scan(&s.k.connection, &s.k.scope, &s.id)
		all = append(all, s)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range all {
		if _, err := t.dropEvent(s.k, s.id, sums); err != nil {
			return err
		}
	}
	return nil
}

// putLate books all differences that are noted.
func (t *Tx) putLate(sums rollups) error {
	var all []lateDifference
	err := t.rows(`SELECT id, event_day, booked_day, connection_id, marketplace_id, currency, sku, line, amount_minor, quantity, uncovered
		FROM late_difference ORDER BY id`, nil, func(r *sql.Rows) error {
		var d lateDifference
		err := r.Scan(&d.id, &d.day, &d.booked, &d.connection, &d.marketplace, &d.currency, &d.sku, &d.line, &d.sum.minor, &d.sum.quantity, &d.sum.uncovered)
		all = append(all, d)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := t.bookLate(d, sums); err != nil {
			return err
		}
	}
	return nil
}

// moveLate books differences on an earlier day; two of the same become one.
func (t *Tx) moveLate(from, to string) error {
	if _, err := t.exec(`INSERT INTO late_difference (event_day, booked_day, connection_id, marketplace_id, currency, sku, line, amount_minor, quantity, uncovered, noted_at)
		SELECT event_day, ?, connection_id, marketplace_id, currency, sku, line, amount_minor, quantity, uncovered, noted_at FROM late_difference WHERE booked_day = ?
		ON CONFLICT DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor, quantity = quantity + excluded.quantity,
		uncovered = uncovered + excluded.uncovered, noted_at = max(noted_at, excluded.noted_at)`, to, from); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM late_difference WHERE booked_day = ?`, from); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM late_difference WHERE amount_minor = 0 AND quantity = 0 AND uncovered = 0`)
	return err
}

// ClosedMonth is a month that is closed, with what would have changed it since.
type ClosedMonth struct {
	Month string
	At    time.Time
	By    string
	Late  []LateDifference
}

// LateDifference is money, or units, that belong to a closed day and stand on an
// open one.
type LateDifference struct {
	Day, Booked string
	Marketplace string
	SKU         string
	Line        books.Line
	Amount      books.Money
	Units       int64
	Uncovered   int64
	Noted       time.Time
}

// ClosedMonths lists the closed months, the latest first.
func (b *Book) ClosedMonths(ctx context.Context) ([]ClosedMonth, error) {
	var all []ClosedMonth
	from := bookSource{ctx, b}
	err := from.each(`SELECT month, closed_at, closed_by FROM closed_month ORDER BY 1 DESC`, nil, func(r *sql.Rows) error {
		var m ClosedMonth
		var at int64
		err := r.Scan(&m.Month, &at, &m.By)
		m.At = fromMillis(at)
		all = append(all, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the closed months: %w", err)
	}
	for i := range all {
		m := &all[i]
		err := from.each(`SELECT event_day, booked_day, marketplace_id, sku, line, currency, amount_minor, quantity, uncovered, noted_at FROM late_difference
			WHERE substr(event_day, 1, 7) = ? ORDER BY 1, 2, 3, 4, 5`, []any{m.Month}, func(r *sql.Rows) error {
			var d LateDifference
			var noted int64
			err := r.Scan(&d.Day, &d.Booked, &d.Marketplace, &d.SKU, &d.Line, &d.Amount.Currency, &d.Amount.Minor, &d.Units, &d.Uncovered, &noted)
			d.Noted = fromMillis(noted)
			m.Late = append(m.Late, d)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read what changed after %s was closed: %w", m.Month, err)
		}
	}
	return all, nil
}
