package store

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// orderContext is what the books have to know of the order behind a scope.
type orderContext struct {
	marketplace string
	purchased   time.Time
	consumption []books.Consumption
	goods       []books.Goods
	charges     []books.Charge
	estimates   []books.Estimate
}

// nothing tells that the scope has events from facts alone.
func (o *orderContext) nothing() bool {
	return len(o.consumption)+len(o.goods)+len(o.charges)+len(o.estimates) == 0
}

// scopeFor reads what a scope holds besides facts: of an order its shipments,
// returns, postage and estimates; of others lost goods, an expense, or a
// carrier's bill.
func (t *Tx) scopeFor(k scopeKey) (orderContext, error) {
	var c orderContext
	switch {
	case strings.HasPrefix(k.scope, expenseScope):
		return c, t.expenseFor(k, &c)
	case strings.HasPrefix(k.scope, billScope):
		return c, t.billFor(k, &c)
	case strings.HasPrefix(k.scope, goodsScope):
		return c, t.goodsFor(k, &c)
	case strings.HasPrefix(k.scope, "~"):
		return c, nil // facts without an order
	}
	o, err := t.readOrder(k)
	if err != nil {
		return c, err
	}
	c.marketplace, c.purchased = o.marketplace, o.purchased
	if err := t.goodsFor(k, &c); err != nil || o.status != "SHIPPED" {
		return c, err
	}
	if err := t.unpaidGoods(k, &o, &c); err != nil {
		return c, err
	}
	if o.fulfilledBy == "MERCHANT" {
		if err := t.postageFor(k, &o, &c); err != nil {
			return c, err
		}
	}
	return c, t.estimateFor(k, &o, &c)
}

// shippedOrder is what deriving needs of an order; its status is empty when the
// book does not have it.
type shippedOrder struct {
	marketplace, status, currency, fulfilledBy string
	purchased, updated                         time.Time
}

func (t *Tx) readOrder(k scopeKey) (shippedOrder, error) {
	var o shippedOrder
	var purchased, updated int64
	err := t.row(`SELECT marketplace_id, purchased_at, updated_at, status, currency, fulfilled_by FROM orders WHERE connection_id = ? AND order_id = ?`,
		[]any{k.connection, k.scope}, &o.marketplace, &purchased, &updated, &o.status, &o.currency, &o.fulfilledBy)
	if errors.Is(err, ErrNotFound) {
		return o, nil
	}
	o.purchased, o.updated = fromMillis(purchased), fromMillis(updated)
	if m, ok := markets.ByID(o.marketplace); ok && o.currency == "" {
		o.currency = m.Currency
	}
	return o, err
}

// unpaidGoods are shipped lines that cost the buyer nothing (replacements,
// multi-channel orders): they consume goods although no sale tells of them.
// Amazon gives no ship date for them, but such an order's last update is its last
// parcel.
func (t *Tx) unpaidGoods(k scopeKey, o *shippedOrder, c *orderContext) error {
	return t.rows(`SELECT sku, sum(coalesce(shipped, quantity)) FROM order_item WHERE connection_id = ? AND order_id = ?
		GROUP BY sku HAVING coalesce(sum(price_minor), 0) = 0`, []any{k.connection, k.scope}, func(r *sql.Rows) error {
		u := books.Consumption{Connection: k.connection, Order: k.scope, Marketplace: o.marketplace, Currency: o.currency, At: o.updated}
		err := r.Scan(&u.SKU, &u.Units)
		if u.Units > 0 {
			c.consumption = append(c.consumption, u)
		}
		return err
	})
}
