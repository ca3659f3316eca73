package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// FeeEstimate is what Amazon says its fees would be for one unit at a price.
type FeeEstimate struct {
	Connection, Marketplace, SKU string
	FulfilledBy                  string // AMAZON or MERCHANT
	Currency                     string
	Price                        int64 // minor units, of one unit
	Taken                        time.Time
	Total                        *int64 // minor units, positive: a cost; nil when Amazon gave none
	Error                        string // Amazon's sentence when it gave none
	Document                     int64
	Parts                        []FeePart
}

// FeePart is one fee of an estimate. Those that are PartOf another are told for
// information: the others sum to the total.
type FeePart struct {
	Fee, PartOf    string
	Amount         int64  // minor units before promotion
	Promotion, Tax *int64 // nil when not told
	Final          int64  // what would be charged
}

// PutFeeEstimate stores an estimate in place of an earlier one of the same day
// for the same price.
func (t *Tx) PutFeeEstimate(e FeeEstimate) error {
	key := []any{e.Connection, e.Marketplace, e.SKU, e.FulfilledBy, e.Currency, e.Price, markets.Day(e.Marketplace, e.Taken)}
	_, err := t.exec(`DELETE FROM fee_estimate WHERE connection_id = ? AND marketplace_id = ? AND sku = ? AND fulfilled_by = ? AND currency = ?
		AND price_minor = ? AND taken_day = ?`, key...)
	if err == nil {
		_, err = t.exec(`INSERT INTO fee_estimate (connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day, taken_at,
			total_minor, error, document_id) VALUES (?,?,?,?,?,?,?,?,?,?,?)`, append(key, millis(e.Taken), e.Total, e.Error, nullID(e.Document))...)
	}
	for i, p := range e.Parts {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO fee_estimate_part (connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day, seq,
			fee, part_of, amount_minor, promotion_minor, tax_minor, final_minor) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			append(key, i, p.Fee, p.PartOf, p.Amount, p.Promotion, p.Tax, p.Final)...)
	}
	if err != nil {
		return fmt.Errorf("store the fee estimate of %s: %w", e.SKU, err)
	}
	return t.touchEstimatesOf(e.Connection, e.SKU)
}

// FeesDue lists up to limit offers whose fees at their present price were not
// estimated since a time; where Amazon gave none, since retry. FBA stands where
// the listing has an FNSKU.
func (b *Book) FeesDue(ctx context.Context, connection string, since, retry time.Time, limit int) ([]FeeEstimate, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT marketplace_id, sku, fulfilled_by, currency, price_minor FROM (
		SELECT marketplace_id, sku, iif(fnsku <> '', 'AMAZON', 'MERCHANT') AS fulfilled_by, currency, price_minor FROM listing
		WHERE connection_id = ?1 AND price_minor > 0 AND currency <> '') l
		WHERE NOT EXISTS (SELECT 1 FROM fee_estimate e WHERE e.connection_id = ?1 AND e.marketplace_id = l.marketplace_id AND e.sku = l.sku
		AND e.fulfilled_by = l.fulfilled_by AND e.currency = l.currency AND e.price_minor = l.price_minor
		AND e.taken_at >= iif(e.total_minor IS NULL, ?3, ?2)) ORDER BY 1, 2 LIMIT ?4`, connection, millis(since), millis(retry), limit)
	if err != nil {
		return nil, fmt.Errorf("find fees to estimate: %w", err)
	}
	var all []FeeEstimate
	err = eachRow(rows, func(r *sql.Rows) error {
		e := FeeEstimate{Connection: connection}
		err := r.Scan(&e.Marketplace, &e.SKU, &e.FulfilledBy, &e.Currency, &e.Price)
		all = append(all, e)
		return err
	})
	return all, err
}

// FeeEstimate finds the newest estimate of a SKU that Amazon gave on or before a
// marketplace's day (empty: now), nearest in price; ErrNotFound when there is
// none. An empty fulfilledBy means either.
func (b *Book) FeeEstimate(ctx context.Context, connection, marketplace, sku, fulfilledBy, currency string, price int64, day string) (FeeEstimate, error) {
	e := FeeEstimate{Connection: connection, Marketplace: marketplace, SKU: sku}
	if day == "" {
		day = "9999"
	}
	var taken, total int64
	var takenDay string
	err := b.Reader().QueryRowContext(ctx, `SELECT fulfilled_by, currency, price_minor, taken_day, taken_at, total_minor, coalesce(document_id, 0)
		FROM fee_estimate WHERE connection_id = ?1 AND marketplace_id = ?2 AND sku = ?3 AND (?4 = '' OR fulfilled_by = ?4) AND currency = ?5
		AND total_minor IS NOT NULL AND taken_day <= ?7 ORDER BY abs(price_minor - ?6), taken_at DESC LIMIT 1`,
		connection, marketplace, sku, fulfilledBy, currency, price, day).
		Scan(&e.FulfilledBy, &e.Currency, &e.Price, &takenDay, &taken, &total, &e.Document)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrNotFound
	}
	if err != nil {
		return e, fmt.Errorf("read the fee estimate of %s: %w", sku, err)
	}
	e.Taken, e.Total = fromMillis(taken), &total
	rows, err := b.Reader().QueryContext(ctx, `SELECT fee, part_of, amount_minor, promotion_minor, tax_minor, final_minor FROM fee_estimate_part
		WHERE connection_id = ? AND marketplace_id = ? AND sku = ? AND fulfilled_by = ? AND currency = ? AND price_minor = ? AND taken_day = ?
		ORDER BY seq`, connection, marketplace, sku, e.FulfilledBy, e.Currency, e.Price, takenDay)
	if err != nil {
		return e, fmt.Errorf("read the fees of %s: %w", sku, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var p FeePart
		err := r.Scan(&p.Fee, &p.PartOf, &p.Amount, &p.Promotion, &p.Tax, &p.Final)
		e.Parts = append(e.Parts, p)
		return err
	})
	return e, err
}
