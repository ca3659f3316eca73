package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"countinghouse/data/books"
)

// ErrCurrencyCode reports text that is no currency.
var ErrCurrencyCode = errors.New("not a currency code like EUR")

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// PutRates adds exchange rates, or replaces those of the same day, currencies and
// source, and costs goods again that wait for one. It tells how many are new or
// changed.
func (t *Tx) PutRates(quotes []books.Quote) (int, error) {
	changed := 0
	for _, q := range quotes {
		if !currencyCode.MatchString(q.From) || !currencyCode.MatchString(q.To) || q.From == q.To || q.Rate.Sign() <= 0 {
			return 0, fmt.Errorf("rate of %s to %s on %s: %w", q.From, q.To, q.Day, ErrCurrencyCode)
		}
		n, err := t.exec(`INSERT INTO fx_rate (rate_day, from_code, to_code, source, rate, entered_at) VALUES (?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET rate = excluded.rate, entered_at = excluded.entered_at WHERE rate <> excluded.rate`,
			q.Day, q.From, q.To, q.Source, q.Rate.String(), t.now)
		if err != nil {
			return 0, fmt.Errorf("store the rate of %s: %w", q.Day, err)
		}
		changed += int(n)
	}
	if changed == 0 {
		return 0, nil
	}
	return changed, t.recountConverted()
}

// DeleteRate removes a rate that was typed in; ErrNotFound when there is none.
func (t *Tx) DeleteRate(q books.Quote) error {
	n, err := t.exec(`DELETE FROM fx_rate WHERE rate_day = ? AND from_code = ? AND to_code = ? AND source = ?`, q.Day, q.From, q.To, books.SourceTyped)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove the rate of %s: %w", q.Day, err)
	}
	return t.recountConverted()
}

// recountConverted costs the SKUs again that are sold in a currency other than
// that of a batch.
func (t *Tx) recountConverted() error {
	t.book.basis = nil
	return t.rows(`SELECT DISTINCT b.sku FROM cost_batch b JOIN marketplace m ON m.currency NOT IN (b.currency, b.book_currency)`, nil,
		func(r *sql.Rows) error {
			var sku string
			err := r.Scan(&sku)
			t.recount[sku] = struct{}{}
			return err
		})
}

// SetBookCurrency chooses the currency in which purchases are fixed and totals
// shown. Purchases fixed in another are fixed anew at the rate of their day; when
// one is missing it is a NoRateError and nothing changes.
func (t *Tx) SetBookCurrency(code string) error {
	if !currencyCode.MatchString(code) {
		return fmt.Errorf("book currency %q: %w", code, ErrCurrencyCode)
	}
	if err := t.SetSetting(settingCurrency, code); err != nil {
		return err
	}
	t.book.basis = nil
	var all []StoredPurchase
	err := t.rows(selectPurchases, nil, func(r *sql.Rows) error {
		p, err := scanPurchase(r)
		if p.Fixed.Currency != code {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		p.Rate = books.Decimal{} // it was typed for another currency
		if _, err := t.PutPurchase(p.Purchase); err != nil {
			return err
		}
	}
	return nil
}

// BookCurrency is the currency of totals, empty when it was never chosen.
func (b *Book) BookCurrency(ctx context.Context) (string, error) {
	return b.Setting(ctx, settingCurrency)
}

// Rates reads the exchange rates between some currencies.
func (b *Book) Rates(ctx context.Context, currencies ...string) (*books.Rates, error) {
	codes := map[string]bool{}
	for _, c := range currencies {
		codes[c] = true
	}
	r, err := readRates(bookSource{ctx, b}, codes, "")
	if err != nil {
		return nil, fmt.Errorf("read the exchange rates: %w", err)
	}
	return r, nil
}

// RateSpan is what the book has of one pair of currencies.
type RateSpan struct {
	From, To, Source string
	First, Last      string // days
	Count            int64
	Rate             string // of the last day
}

// RateSpans lists the pairs of currencies with rates, typed ones first.
func (b *Book) RateSpans(ctx context.Context) ([]RateSpan, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT from_code, to_code, source, min(rate_day), max(rate_day), count(*),
		(SELECT rate FROM fx_rate l WHERE l.from_code = f.from_code AND l.to_code = f.to_code AND l.source = f.source ORDER BY rate_day DESC LIMIT 1)
		FROM fx_rate f GROUP BY 1, 2, 3 ORDER BY source = 'typed' DESC, 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read the exchange rates: %w", err)
	}
	var all []RateSpan
	err = eachRow(rows, func(r *sql.Rows) error {
		var s RateSpan
		err := r.Scan(&s.From, &s.To, &s.Source, &s.First, &s.Last, &s.Count, &s.Rate)
		all = append(all, s)
		return err
	})
	return all, err
}

// TypedRates lists the rates that were typed in, the newest first.
func (b *Book) TypedRates(ctx context.Context) ([]books.Quote, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT rate_day, from_code, to_code, rate, source FROM fx_rate WHERE source = ? ORDER BY 1 DESC, 2, 3`, books.SourceTyped)
	if err != nil {
		return nil, fmt.Errorf("read the exchange rates: %w", err)
	}
	var all []books.Quote
	err = eachRow(rows, func(r *sql.Rows) error { return scanQuote(r, &all) })
	return all, err
}

// bookSource reads beside transactions.
type bookSource struct {
	ctx context.Context
	b   *Book
}

func (s bookSource) each(q string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.b.Reader().QueryContext(s.ctx, q, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, scan)
}

func (b *Book) readBasis(ctx context.Context) (*costBasis, error) {
	list, err := b.Costs(ctx)
	if err != nil {
		return nil, err
	}
	basis, err := readBasis(bookSource{ctx, b}, books.NewCosts(list))
	if err != nil {
		return nil, fmt.Errorf("read what goods cost: %w", err)
	}
	return basis, nil
}
