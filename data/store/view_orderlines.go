package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

const (
	// inProfit leaves out liabilities and cash.
	inProfit = `substr(l.line, 1, 4) NOT IN ('tax.', 'cash')`
	// orderTotal is what the buyer pays: Amazon's total, else the sum of items
	// when every price is known.
	orderTotal = `coalesce(o.total_minor, (SELECT CASE WHEN count(*) = count(i.price_minor) THEN sum(i.price_minor + coalesce(i.tax_minor, 0)
		+ coalesce(i.shipping_minor, 0) + coalesce(i.shipping_tax_minor, 0) + coalesce(i.giftwrap_minor, 0) + coalesce(i.giftwrap_tax_minor, 0)
		- coalesce(i.discount_minor, 0)) END FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id))`
)

// orderKey is an order's connection and id.
type orderKey [2]string

// orderUnits and orderMoney pack what an order's items and events add up to
// into one value: one walk over them per order, and no sort of all of them.
const (
	orderUnits = `(SELECT count(*) || ' ' || coalesce(sum(i.quantity), 0) FROM order_item i
		WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id)`
	orderMoney = `(SELECT max(l.currency) || ' ' || sum(iif(substr(l.line, 1, 4) IN ('fee.', 'fba.'), l.amount_minor, 0))
		|| ' ' || sum(iif(substr(l.line, 1, 6) IN ('sales.', 'refund', 'promot'), l.amount_minor, 0))
		|| ' ' || sum(iif(` + inProfit + `, l.amount_minor, 0)) || ' ' || sum(l.uncovered)
		|| ' ' || max(e.type = 'refund') || ' ' || max(l.line = 'unclassified') || ' ' || (min(l.currency) <> max(l.currency))
		FROM event e CROSS JOIN money_line l ON l.event_id = e.id WHERE e.scope = o.order_id AND e.connection_id = o.connection_id)`
	firstItem = `FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id ORDER BY i.sku, i.ordinal LIMIT 1), '')`
)

// orderLines reads the orders of these keys, in their order.
func (b *Book) orderLines(ctx context.Context, keys []orderKey) ([]OrderLine, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.connection_id, o.order_id, o.marketplace_id, o.purchased_at, o.order_day,
		o.status, o.fulfilled_by, o.currency, `+orderTotal+`, `+orderUnits+`, `+orderMoney+`,
		coalesce((SELECT i.title `+firstItem+`, coalesce((SELECT i.sku `+firstItem+`,
		coalesce((SELECT n.note FROM order_note n WHERE n.connection_id = o.connection_id AND n.order_id = o.order_id), '')
		FROM json_each(?) k CROSS JOIN orders o ON o.connection_id = json_extract(k.value, '$[0]') AND o.order_id = json_extract(k.value, '$[1]')
		ORDER BY k.key`, string(list))
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	var all []OrderLine
	err = eachRow(rows, func(r *sql.Rows) error {
		var o OrderLine
		var purchased int64
		var units string
		var money sql.NullString
		err := r.Scan(&o.Connection, &o.ID, &o.Marketplace, &purchased, &o.Day, &o.Status, &o.FulfilledBy, &o.Currency, &o.Total,
			&units, &money, &o.Title, &o.SKU, &o.Note)
		if err != nil {
			return err
		}
		o.Purchased = fromMillis(purchased)
		if _, err := fmt.Sscan(units, &o.Items, &o.Units); err != nil {
			return err
		}
		o.Money, err = readOrderMoney(money)
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	return all, nil
}

// readOrderMoney unpacks orderMoney; nil when nothing was posted.
func readOrderMoney(packed sql.NullString) (*OrderMoney, error) {
	if !packed.Valid {
		return nil, nil
	}
	currency, rest, _ := strings.Cut(packed.String, " ")
	m := &OrderMoney{Currency: currency}
	var flags [3]int64
	for _, to := range []*int64{&m.Fees, &m.NetSales, &m.Profit, &m.Uncovered, &flags[0], &flags[1], &flags[2]} {
		var figure string
		figure, rest, _ = strings.Cut(rest, " ")
		v, err := strconv.ParseInt(figure, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the money of an order: %w", err)
		}
		*to = v
	}
	m.Refunded, m.Unknown, m.Mixed = flags[0] != 0, flags[1] != 0, flags[2] != 0
	return m, nil
}
