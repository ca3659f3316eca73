package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// Payout is money on its way between Amazon and the bank, told once: by the
// header of a settlement, by a transfer in the books, or by both.
type Payout struct {
	Connection string
	Settlement string      // "" when nobody names it
	Day        string      // of the deposit, else of the transfer; the marketplace's day
	Amount     books.Money // positive: to the seller's bank
	Header     bool        // a settlement report tells of it
	Transfer   bool        // an event of the books tells of it
	Event      string      // key of that event
}

// payoutDays is how far a transfer may lie from the deposit day of its
// settlement where Amazon does not name the settlement.
const payoutDays = 5

// Payouts lists what was paid out in a span of days, oldest first. A settlement
// of nothing, or below zero and without a transfer, pays nothing out.
func (b *Book) Payouts(ctx context.Context, from, to string) ([]Payout, error) {
	headers, err := b.settlementPayouts(ctx)
	if err != nil {
		return nil, err
	}
	transfers, err := b.transfers(ctx, addDays(from, -2*payoutDays), addDays(to, 2*payoutDays))
	if err != nil {
		return nil, err
	}
	all := joinPayouts(headers, transfers)
	all = slices.DeleteFunc(all, func(p Payout) bool { return p.Day < from || p.Day > to })
	slices.SortStableFunc(all, func(x, y Payout) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Connection, y.Connection), cmp.Compare(x.Settlement, y.Settlement))
	})
	return all, nil
}

// joinPayouts gives every header its transfer: first by the settlement's name,
// then by amount and day.
func joinPayouts(headers, transfers []Payout) []Payout {
	used := make([]bool, len(transfers))
	join := func(fits func(h, t Payout) bool) {
		for i := range headers {
			h := &headers[i]
			for k, t := range transfers {
				if h.Transfer || used[k] || t.Connection != h.Connection || t.Amount != h.Amount || !fits(*h, t) {
					continue
				}
				used[k], h.Transfer, h.Event = true, true, t.Event
			}
		}
	}
	join(func(h, t Payout) bool { return t.Settlement == h.Settlement })
	join(func(h, t Payout) bool {
		return t.Settlement == "" && addDays(h.Day, -payoutDays) <= t.Day && t.Day <= addDays(h.Day, payoutDays)
	})
	var all []Payout
	for _, h := range headers {
		if h.Transfer || h.Amount.Minor > 0 {
			all = append(all, h)
		}
	}
	for k, t := range transfers {
		if !used[k] {
			all = append(all, t)
		}
	}
	return all
}

// settlementPayouts gives the totals of all settlements, as payouts on the day
// of the deposit.
func (b *Book) settlementPayouts(ctx context.Context) ([]Payout, error) {
	brought, err := b.connectionMoney(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, settlement_id, coalesce(deposit_at, end_at), currency, total_minor
		FROM settlement ORDER BY 3, 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read payouts: %w", err)
	}
	var all []Payout
	err = eachRow(rows, func(r *sql.Rows) error {
		p := Payout{Header: true}
		var at int64
		err := r.Scan(&p.Connection, &p.Settlement, &at, &p.Amount.Currency, &p.Amount.Minor)
		p.Day = fromMillis(at).In(brought.zones.of(p.Connection, p.Amount.Currency)).Format(time.DateOnly)
		all = append(all, p)
		return err
	})
	return all, err
}

// transfers gives the payouts that events tell of.
func (b *Book) transfers(ctx context.Context, from, to string) ([]Payout, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.connection_id, l.settlement_id, e.event_day, l.currency, sum(l.amount_minor), e.key
		FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.event_day >= ? AND e.event_day <= ? AND l.line = ? GROUP BY e.id, l.settlement_id, l.currency
		HAVING sum(l.amount_minor) <> 0 ORDER BY e.event_day, e.key`, from, to, string(books.CashPayout))
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	var all []Payout
	err = eachRow(rows, func(r *sql.Rows) error {
		p := Payout{Transfer: true}
		err := r.Scan(&p.Connection, &p.Settlement, &p.Day, &p.Amount.Currency, &p.Amount.Minor, &p.Event)
		all = append(all, p)
		return err
	})
	return all, err
}

// addDays moves a day; what is no day stays as it is.
func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// feeTaxKey is the setting that says what tax on Amazon's fees is to the seller
// in a marketplace: "recoverable" or "cost".
const (
	feeTaxKey  = "tax.fees."
	feeTaxEnd  = "tax.fees/" // "/" follows "." in ASCII
	feeTaxBack = "recoverable"
)

// FeeTaxRecoverable gives, per marketplace, what the seller said of tax on
// Amazon's fees: true when he recovers it. Marketplaces he said nothing of are
// left out.
func (b *Book) FeeTaxRecoverable(ctx context.Context) (map[string]bool, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT substr(key, ?), value FROM setting WHERE key >= ? AND key < ?`,
		len(feeTaxKey)+1, feeTaxKey, feeTaxEnd)
	if err != nil {
		return nil, fmt.Errorf("read the tax registrations: %w", err)
	}
	all := map[string]bool{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var marketplace, value string
		err := r.Scan(&marketplace, &value)
		all[marketplace] = value == feeTaxBack
		return err
	})
	return all, err
}

// SetFeeTaxRecoverable notes whether the seller recovers the tax on Amazon's
// fees in a marketplace, as his registration for tax there says. What was posted
// before is derived again: such tax is no cost.
func (t *Tx) SetFeeTaxRecoverable(marketplace string, recoverable bool) error {
	if _, known := markets.ByID(marketplace); !known {
		return fmt.Errorf("note a tax registration: marketplace %q is not known", marketplace)
	}
	value := "cost"
	if recoverable {
		value = feeTaxBack
	}
	if err := t.SetSetting(feeTaxKey+marketplace, value); err != nil {
		return err
	}
	t.book.basis = nil
	return t.rows(`SELECT DISTINCT e.scope, e.connection_id FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.marketplace_id = ? AND (l.path LIKE '%Tax' OR l.path LIKE '%TaxAmount')`, []any{marketplace}, func(r *sql.Rows) error {
		var k scopeKey
		err := r.Scan(&k.scope, &k.connection)
		t.dirty[k] = struct{}{}
		return err
	})
}
