package store

import (
	"database/sql"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// goodsScope holds what was lost and found of a SKU: moves without an order.
const goodsScope = "~goods~"

// Reasons of the inventory ledger that take units out of stock for good, and the
// one that brings them back. Others move units between conditions and places.
const (
	reasonsLost  = `'M', 'D', '5'` // misplaced, disposed of, unrecoverable
	reasonsFound = `'F'`
)

// goodsFor reads the goods that came back, were lost or were found in a scope.
func (t *Tx) goodsFor(k scopeKey, o *orderContext) error {
	if sku, ok := strings.CutPrefix(k.scope, goodsScope); ok {
		return t.lostGoods(k.connection, sku, o)
	}
	if err := t.returnedGoods(k, o); err != nil {
		return err
	}
	return t.typedGoods(`order_id = ? AND connection_id = ?`, []any{k.scope, k.connection}, o)
}

// returnedGoods are units of an order that came back and can be sold again.
func (t *Tx) returnedGoods(k scopeKey, o *orderContext) error {
	return t.rows(`SELECT sku, returned_at, channel || ' ' || reference || ' ' || ordinal, quantity, marketplace_id FROM customer_return
		WHERE order_id = ? AND connection_id = ? AND sellable = 1`, []any{k.scope, k.connection}, func(r *sql.Rows) error {
		g := books.Goods{Kind: books.Returned, Connection: k.connection, Order: k.scope}
		var at int64
		err := r.Scan(&g.SKU, &at, &g.Key, &g.Units, &g.Marketplace)
		g.At = fromMillis(at)
		o.addGoods(g)
		return err
	})
}

// lostGoods are units that Amazon lost, disposed of or found again.
func (t *Tx) lostGoods(connection, sku string, o *orderContext) error {
	err := t.rows(`SELECT move_day, coalesce(moved_at, 0), fnsku || ' ' || reference || ' ' || centre || ' ' || disposition || ' ' || reason || ' ' || ordinal,
		reason, country, quantity FROM stock_move WHERE sku = ? AND connection_id = ? AND event = 'Adjustments'
		AND ((reason IN (`+reasonsLost+`) AND quantity < 0) OR (reason IN (`+reasonsFound+`) AND quantity > 0))`, []any{sku, connection},
		func(r *sql.Rows) error {
			g := books.Goods{Kind: books.Lost, Connection: connection, SKU: sku}
			var day, reason, country string
			var at, units int64
			if err := r.Scan(&day, &at, &g.Key, &reason, &country, &units); err != nil {
				return err
			}
			g.Key = day + " " + g.Key
			g.Units = -units
			if units > 0 {
				g.Kind, g.Units = books.Found, units
			}
			g.Marketplace = marketOf(country)
			g.At = momentOf(day, at, g.Marketplace)
			o.addGoods(g)
			return nil
		})
	if err != nil {
		return err
	}
	return t.typedGoods(`order_id = '' AND sku = ? AND connection_id = ?`, []any{sku, connection}, o)
}

var moveKinds = map[string]books.MoveKind{"returned": books.Returned, "lost": books.Lost, "found": books.Found}

// typedGoods are those that the user told of.
func (t *Tx) typedGoods(where string, args []any, o *orderContext) error {
	return t.rows(`SELECT 'typed ' || id, connection_id, kind, order_id, sku, marketplace_id, units, moved_at FROM goods_move WHERE `+where, args,
		func(r *sql.Rows) error {
			var g books.Goods
			var kind string
			var at int64
			err := r.Scan(&g.Key, &g.Connection, &kind, &g.Order, &g.SKU, &g.Marketplace, &g.Units, &at)
			g.Kind, g.At = moveKinds[kind], fromMillis(at)
			o.addGoods(g)
			return err
		})
}

// addGoods fills in what the order knows.
func (o *orderContext) addGoods(g books.Goods) {
	if g.Marketplace == "" {
		g.Marketplace = o.marketplace
	}
	if m, ok := markets.ByID(g.Marketplace); ok {
		g.Currency = m.Currency
	}
	o.goods = append(o.goods, g)
}

// marketOf gives the marketplace of a country, empty when Amazon has none there.
func marketOf(country string) string {
	for _, m := range markets.All() {
		if m.Country == country {
			return m.ID
		}
	}
	return ""
}

// momentOf is when something happened of which a report may tell the day only.
func momentOf(day string, at int64, marketplace string) time.Time {
	if at != 0 {
		return fromMillis(at)
	}
	d, err := time.ParseInLocation(time.DateOnly, day, markets.Zone(marketplace))
	if err != nil {
		return time.Time{}
	}
	return d.Add(12 * time.Hour)
}
