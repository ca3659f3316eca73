package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// PriceLook is what Amazon told of the offers for a product at a time.
type PriceLook struct {
	Connection, Marketplace, ASIN string
	Day                           string // marketplace's day of Taken; set when read
	Taken                         time.Time
	Error                         string // Amazon's sentence when it told nothing
	FeaturedOurs                  *bool  // nil when nobody is featured or it is not known
	Document                      int64
	Offers                        []PriceOffer
	References                    []ReferencePrice
}

// PriceOffer is one seller's offer of a unit.
type PriceOffer struct {
	Kind        string // featured or lowest
	Segment     string // to whom it is featured
	Seller      string
	Ours        bool
	Condition   string
	FulfilledBy string // AMAZON or MERCHANT
	Currency    string
	Price       int64  // minor units
	Shipping    *int64 // nil when not told
	Points      *int64 // Amazon points (Japan)
}

// ReferencePrice is a price that Amazon compares with.
type ReferencePrice struct {
	Name, Currency string
	Price          int64 // minor units
}

// PutPriceLook stores a look at a product's offers in place of an earlier one
// of the same day.
func (t *Tx) PutPriceLook(p PriceLook) error {
	day := markets.Day(p.Marketplace, p.Taken)
	key := []any{p.Connection, p.Marketplace, p.ASIN, day}
	_, err := t.exec(`DELETE FROM price_day WHERE connection_id = ? AND marketplace_id = ? AND asin = ? AND price_day = ?`, key...)
	if err == nil {
		_, err = t.exec(`INSERT INTO price_day (connection_id, marketplace_id, asin, price_day, taken_at, error, featured_ours, document_id)
			VALUES (?,?,?,?,?,?,?,?)`, append(key, millis(p.Taken), p.Error, optFlag(p.FeaturedOurs), nullID(p.Document))...)
	}
	for i, o := range p.Offers {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO price_offer (connection_id, marketplace_id, asin, price_day, seq, kind, segment, seller, ours, condition,
			fulfilled_by, currency, price_minor, shipping_minor, points) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			append(key, i, o.Kind, o.Segment, o.Seller, flag(o.Ours), o.Condition, o.FulfilledBy, o.Currency, o.Price, o.Shipping, o.Points)...)
	}
	for _, r := range p.References {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO reference_price (connection_id, marketplace_id, asin, price_day, name, currency, price_minor)
			VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET currency = excluded.currency, price_minor = excluded.price_minor`,
			append(key, r.Name, r.Currency, r.Price)...)
	}
	if err != nil {
		return fmt.Errorf("store the prices of %s: %w", p.ASIN, err)
	}
	return nil
}

func optFlag(b *bool) any {
	if b == nil {
		return nil
	}
	return flag(*b)
}

// PricesDue lists up to limit of the seller's own ASINs of a marketplace whose
// offers were not looked at since a time, the oldest first.
func (b *Book) PricesDue(ctx context.Context, connection, marketplace string, since time.Time, limit int) ([]string, error) {
	return b.texts(ctx, "find products whose prices are due", `SELECT asin FROM (SELECT o.asin, (SELECT coalesce(max(p.taken_at), 0) FROM price_day p
		WHERE p.connection_id = ?1 AND p.marketplace_id = ?2 AND p.asin = o.asin) AS taken FROM (`+ownASINs+`) o)
		WHERE taken < ?3 ORDER BY taken, asin LIMIT ?4`, connection, marketplace, millis(since), limit)
}

// PriceLooks lists the looks at a product's offers from a day on, the newest
// first, with their offers and reference prices.
func (b *Book) PriceLooks(ctx context.Context, connection, marketplace, asin, fromDay string) ([]PriceLook, error) {
	key := []any{connection, marketplace, asin, fromDay}
	const of = ` WHERE connection_id = ? AND marketplace_id = ? AND asin = ? AND price_day >= ?`
	rows, err := b.Reader().QueryContext(ctx, `SELECT price_day, taken_at, error, featured_ours, coalesce(document_id, 0) FROM price_day`+of+` ORDER BY 1 DESC`, key...)
	if err != nil {
		return nil, fmt.Errorf("read the prices of %s: %w", asin, err)
	}
	var all []PriceLook
	at := map[string]int{}
	err = eachRow(rows, func(r *sql.Rows) error {
		p := PriceLook{Connection: connection, Marketplace: marketplace, ASIN: asin}
		var taken int64
		var ours sql.NullBool
		err := r.Scan(&p.Day, &taken, &p.Error, &ours, &p.Document)
		if p.Taken = fromMillis(taken); ours.Valid {
			p.FeaturedOurs = &ours.Bool
		}
		at[p.Day] = len(all)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err = b.Reader().QueryContext(ctx, `SELECT price_day, kind, segment, seller, ours, condition, fulfilled_by, currency, price_minor,
		shipping_minor, points FROM price_offer`+of+` ORDER BY 1 DESC, seq`, key...)
	if err != nil {
		return nil, fmt.Errorf("read the offers for %s: %w", asin, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var day string
		var o PriceOffer
		err := r.Scan(&day, &o.Kind, &o.Segment, &o.Seller, &o.Ours, &o.Condition, &o.FulfilledBy, &o.Currency, &o.Price, &o.Shipping, &o.Points)
		all[at[day]].Offers = append(all[at[day]].Offers, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err = b.Reader().QueryContext(ctx, `SELECT price_day, name, currency, price_minor FROM reference_price`+of+` ORDER BY 1 DESC, 2`, key...)
	if err != nil {
		return nil, fmt.Errorf("read the reference prices of %s: %w", asin, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var day string
		var p ReferencePrice
		err := r.Scan(&day, &p.Name, &p.Currency, &p.Price)
		all[at[day]].References = append(all[at[day]].References, p)
		return err
	})
	return all, err
}
