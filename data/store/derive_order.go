package store

import (
	"database/sql"
	"errors"
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

// orderFor reads the order of a scope. Shipped lines that cost the buyer
// nothing (replacements, multi-channel orders) consume goods although no sale
// tells of them; Amazon gives no ship date for them, but such an order's last
// update is its last parcel.
func (t *Tx) orderFor(k scopeKey) (orderContext, error) {
	var c orderContext
	var purchased, updated int64
	var status, currency string
	err := t.row(`SELECT marketplace_id, purchased_at, updated_at, status, currency FROM orders WHERE connection_id = ? AND order_id = ?`,
		[]any{k.connection, k.scope}, &c.marketplace, &purchased, &updated, &status, &currency)
	if errors.Is(err, ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.purchased = fromMillis(purchased)
	if status != "SHIPPED" {
		return c, nil
	}
	if m, ok := markets.ByID(c.marketplace); ok && currency == "" {
		currency = m.Currency
	}
	err = t.rows(`SELECT sku, sum(coalesce(shipped, quantity)) FROM order_item WHERE connection_id = ? AND order_id = ?
		GROUP BY sku HAVING coalesce(sum(price_minor), 0) = 0`, []any{k.connection, k.scope}, func(r *sql.Rows) error {
		u := books.Consumption{Connection: k.connection, Order: k.scope, Marketplace: c.marketplace, Currency: currency, At: fromMillis(updated)}
		err := r.Scan(&u.SKU, &u.Units)
		if u.Units > 0 {
			c.consumption = append(c.consumption, u)
		}
		return err
	})
	return c, err
}
