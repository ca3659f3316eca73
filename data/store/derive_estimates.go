package store

import (
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"time"

	"countinghouse/data/books"
)

// Money of a shipment comes within days. Only while it can still come there is an
// estimate; what is missing for longer is a difference that reconciling shows.
const (
	moneyComes  = 5 * 24 * time.Hour
	oldestOrder = 35 * 24 * time.Hour // an order is shipped within that
	lateMoney   = 35 * 24 * time.Hour // what was shipped before is no matter of days; nor is a book whose money ends before
)

// estimable gives the instant from which shipments may be estimated when money is
// known up to until; false while it is read from years back, or was never read.
func (t *Tx) estimable(until time.Time) (time.Time, bool) {
	oldest := fromMillis(t.now).Add(-lateMoney)
	if until.IsZero() || until.Before(oldest) {
		return time.Time{}, false
	}
	if from := until.Add(-moneyComes); from.After(oldest) {
		return from, true
	}
	return oldest, true
}

// moneyUntil is the instant up to which the money of a connection is known, zero
// when none was read.
func (t *Tx) moneyUntil(connection string) (time.Time, error) {
	var until sql.NullInt64
	err := t.row(`SELECT max(to_at) FROM coverage WHERE connection_id = ? AND source IN ('finances', 'settlement', 'daterange')`,
		[]any{connection}, &until)
	return optTime(until), err
}

// touchAllEstimates looks again at the estimates of every connection.
func (t *Tx) touchAllEstimates() error {
	var connections []string
	err := t.rows(`SELECT id FROM connection ORDER BY id`, nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		connections = append(connections, id)
		return err
	})
	for _, id := range connections {
		var until time.Time
		if err == nil {
			until, err = t.moneyUntil(id)
		}
		if err == nil {
			err = t.touchEstimates(id, until)
		}
	}
	return err
}

// touchEstimates looks again at what is estimated, or could be, when money is
// known up to another instant.
func (t *Tx) touchEstimates(connection string, until time.Time) error {
	err := t.rows(`SELECT DISTINCT scope FROM event WHERE connection_id = ? AND state = 'estimated'`, []any{connection}, func(r *sql.Rows) error {
		var scope string
		err := r.Scan(&scope)
		t.touch(connection, scope)
		return err
	})
	if err != nil {
		return err
	}
	return t.touchUnpaid(connection, until)
}

// touchEstimatesOf looks again at what is estimated of a SKU, or could be, when
// Amazon tells other fees.
func (t *Tx) touchEstimatesOf(connection, sku string) error {
	err := t.rows(`SELECT DISTINCT scope FROM event WHERE connection_id = ? AND state = 'estimated' AND sku = ?`, []any{connection, sku},
		func(r *sql.Rows) error {
			var scope string
			err := r.Scan(&scope)
			t.touch(connection, scope)
			return err
		})
	if err != nil || t.unpaid[connection] {
		return err
	}
	t.unpaid[connection] = true
	until, err := t.moneyUntil(connection)
	if err != nil {
		return err
	}
	return t.touchUnpaid(connection, until)
}

// touchUnpaid looks at shipped orders without any money or estimate.
func (t *Tx) touchUnpaid(connection string, until time.Time) error {
	from, ok := t.estimable(until)
	if !ok {
		return nil
	}
	return t.rows(`SELECT order_id FROM orders o WHERE purchased_at >= ? AND connection_id = ? AND status = 'SHIPPED' AND updated_at >= ?
		AND NOT EXISTS (SELECT 1 FROM event e WHERE e.scope = o.order_id AND e.connection_id = o.connection_id)`,
		[]any{millis(from.Add(-oldestOrder)), connection, millis(from)}, func(r *sql.Rows) error {
			var scope string
			err := r.Scan(&scope)
			t.touch(connection, scope)
			return err
		})
}

// estimateFor says what the items of an order will bring that no money tells of.
func (t *Tx) estimateFor(k scopeKey, o *shippedOrder, c *orderContext) error {
	until, ok := t.until[k.connection]
	if !ok {
		var err error
		if until, err = t.moneyUntil(k.connection); err != nil {
			return err
		}
		t.until[k.connection] = until
	}
	if from, ok := t.estimable(until); !ok || o.updated.Before(from) || o.currency == "" {
		return nil
	}
	var items []soldItem
	err := t.rows(`SELECT sku, max(order_item_id), sum(coalesce(shipped, quantity)), sum(price_minor), sum(coalesce(shipping_minor, 0)),
		sum(coalesce(giftwrap_minor, 0)), sum(coalesce(discount_minor, 0)) FROM order_item
		WHERE connection_id = ? AND order_id = ? AND price_minor > 0 AND coalesce(shipped, quantity) > 0 GROUP BY sku`,
		[]any{k.connection, k.scope}, func(r *sql.Rows) error {
			var i soldItem
			err := r.Scan(&i.sku, &i.item, &i.units, &i.price, &i.shipping, &i.wrap, &i.discount)
			items = append(items, i)
			return err
		})
	if err != nil {
		return err
	}
	for _, i := range items {
		fees, err := t.feesOf(k, o, i)
		if err != nil {
			return fmt.Errorf("estimate the fees of %s: %w", i.sku, err)
		}
		if fees == nil {
			continue // nothing tells what Amazon takes: no estimate is better than one without fees
		}
		e := books.Estimate{
			Connection: k.connection, Order: k.scope, Item: i.item, SKU: i.sku, Marketplace: o.marketplace, At: o.updated, Units: i.units,
		}
		for _, l := range []struct {
			line  books.Line
			minor int64
		}{{books.SalesProduct, i.price}, {books.SalesShipping, i.shipping}, {books.SalesGiftWrap, i.wrap}, {books.Promotion, -i.discount}} {
			if l.minor != 0 {
				e.Lines = append(e.Lines, books.MoneyLine{Line: l.line, Path: "order", Amount: books.Money{Minor: l.minor, Currency: o.currency}})
			}
		}
		e.Lines = append(e.Lines, fees...)
		c.estimates = append(c.estimates, e)
	}
	return nil
}

// soldSKU is a SKU of one connection.
type soldSKU struct{ connection, sku string }

// noteSale remembers a paid sale that came, changed or went.
func (t *Tx) noteSale(connection, sku, typ, state string) {
	if typ == string(books.Sale) && state != string(books.Estimated) {
		t.sold[soldSKU{connection, sku}] = struct{}{}
	}
}

// estimateAgain makes the estimates anew that went by the latest sale of a SKU, if
// this transaction changed one: the scopes came in the order of their names, and
// the sale may have come after. No estimate makes a sale, so once is enough. What
// was estimated in other transactions is looked at when more money is known.
func (t *Tx) estimateAgain(sums rollups) error {
	again := map[scopeKey]struct{}{}
	for s := range t.sold {
		for _, scope := range t.guessed[s] {
			again[scopeKey{s.connection, scope}] = struct{}{}
		}
	}
	clear(t.sold)
	clear(t.guessed)
	for _, k := range inOrder(again) {
		if err := t.derive(k, sums); err != nil {
			return err
		}
	}
	return nil
}

type soldItem struct {
	sku, item                              string
	units, price, shipping, wrap, discount int64
}

// feesOf estimates the fees of an item: by what Amazon said they would be, else by
// the SKU's latest real ones. Nil: nothing is known.
func (t *Tx) feesOf(k scopeKey, o *shippedOrder, i soldItem) ([]books.MoneyLine, error) {
	parts, price, units, err := t.saidFees(k, o, i)
	path := "fee estimate"
	if err == nil && len(parts) == 0 {
		path = "latest fees"
		t.guessed[soldSKU{k.connection, i.sku}] = append(t.guessed[soldSKU{k.connection, i.sku}], k.scope)
		parts, price, units, err = t.latestFees(k, o, i)
	}
	if err != nil {
		return nil, err
	}
	var out []books.MoneyLine
	for _, line := range books.Lines() {
		minor, ok := parts[line]
		if !ok {
			continue
		}
		num, den := i.units, units // a fee per unit
		if line == books.FeeReferral {
			num, den = i.price, price // a share of the price
		}
		scaled, ok := scale(minor, num, den)
		if !ok {
			return nil, books.ErrOverflow
		}
		out = append(out, books.MoneyLine{Line: line, Path: path, Amount: books.Money{Minor: scaled, Currency: o.currency}})
	}
	return out, nil
}

// scale gives round(v*num/den), half away from zero.
func scale(v, num, den int64) (int64, bool) {
	if den == 0 {
		return 0, false
	}
	r := new(big.Int).Mul(big.NewInt(v), big.NewInt(num))
	r.Lsh(r, 1)
	d := big.NewInt(den)
	r.Add(r, new(big.Int).Mul(d, big.NewInt(int64(r.Sign()*d.Sign()))))
	r.Quo(r, d.Lsh(d, 1))
	return r.Int64(), r.IsInt64()
}

var feeLines = map[string]books.Line{
	"ReferralFee": books.FeeReferral, "VariableClosingFee": books.FeeClosing, "FixedClosingFee": books.FeeClosing, "PerItemFee": books.FeeClosing,
	"FBAFees": books.FBAFulfilment,
}

// saidFees are the parts of Amazon's own estimate for one unit, below 0, and the
// price they were asked for.
func (t *Tx) saidFees(k scopeKey, o *shippedOrder, i soldItem) (map[books.Line]int64, int64, int64, error) {
	by := "AMAZON"
	if o.fulfilledBy == "MERCHANT" {
		by = "MERCHANT"
	}
	var price int64
	var day string
	err := t.row(`SELECT price_minor, taken_day FROM fee_estimate WHERE connection_id = ? AND marketplace_id = ? AND sku = ? AND fulfilled_by = ?
		AND currency = ? AND total_minor IS NOT NULL AND price_minor > 0 ORDER BY taken_day DESC, price_minor LIMIT 1`,
		[]any{k.connection, o.marketplace, i.sku, by, o.currency}, &price, &day)
	if errors.Is(err, ErrNotFound) {
		return nil, 0, 0, nil
	}
	if err != nil {
		return nil, 0, 0, err
	}
	parts := map[books.Line]int64{}
	err = t.rows(`SELECT fee, final_minor FROM fee_estimate_part WHERE connection_id = ? AND marketplace_id = ? AND sku = ? AND fulfilled_by = ?
		AND currency = ? AND price_minor = ? AND taken_day = ? AND part_of = ''`,
		[]any{k.connection, o.marketplace, i.sku, by, o.currency, price, day}, func(r *sql.Rows) error {
			var fee string
			var minor int64
			err := r.Scan(&fee, &minor)
			line, ok := feeLines[fee]
			if !ok {
				line = books.FeeOther
			}
			if minor != 0 {
				parts[line] -= minor
			}
			return err
		})
	return parts, price, 1, err
}

// latestFees are the fees of the SKU's latest sale that was paid, with its price
// and units.
func (t *Tx) latestFees(k scopeKey, o *shippedOrder, i soldItem) (map[books.Line]int64, int64, int64, error) {
	var id, units int64
	err := t.row(`SELECT id, quantity FROM event WHERE sku = ? AND event_day <= ? AND type = 'sale' AND connection_id = ? AND marketplace_id = ? AND state <> 'estimated'
		AND quantity > 0 ORDER BY event_day DESC, occurred_at DESC, key LIMIT 1`,
		[]any{i.sku, o.updated.Add(24 * time.Hour).Format(time.DateOnly), k.connection, o.marketplace}, &id, &units)
	if errors.Is(err, ErrNotFound) {
		return nil, 0, 0, nil
	}
	if err != nil {
		return nil, 0, 0, err
	}
	var price int64
	parts := map[books.Line]int64{}
	err = t.rows(`SELECT line, amount_minor FROM money_line WHERE event_id = ?`, []any{id}, func(r *sql.Rows) error {
		var line books.Line
		var minor int64
		err := r.Scan(&line, &minor)
		switch line {
		case books.SalesProduct:
			price += minor
		case books.FeeReferral, books.FeeClosing, books.FeeOther, books.FBAFulfilment, books.FBAOther:
			parts[line] += minor
		}
		return err
	})
	if price <= 0 {
		return nil, 0, 0, err
	}
	return parts, price, units, err
}
