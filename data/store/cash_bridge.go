package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// BridgeStep names a step from Seller Central's sales to ours.
type BridgeStep string

// The steps, in order. Amazon, Ordered, Sales and Net are levels, the others lead
// from one to the next.
const (
	BridgeAmazon    BridgeStep = "seller_central"
	BridgeReport    BridgeStep = "report_differs"
	BridgeOrdered   BridgeStep = "ordered"
	BridgeCancelled BridgeStep = "cancelled"
	BridgePending   BridgeStep = "not_shipped"
	BridgeUnposted  BridgeStep = "not_posted"
	BridgeTax       BridgeStep = "tax"
	BridgeOther     BridgeStep = "price_differs"
	BridgeSales     BridgeStep = "posted_for_orders"
	BridgeLater     BridgeStep = "posted_elsewhere"
	BridgeEarlier   BridgeStep = "posted_from_elsewhere"
	BridgeShipping  BridgeStep = "shipping_giftwrap"
	BridgePromotion BridgeStep = "promotions"
	BridgeRefunds   BridgeStep = "refunds"
	BridgeResidue   BridgeStep = "residue"
	BridgeNet       BridgeStep = "net_sales"
)

// BridgePart is one step; Minor is nil when it is not known.
type BridgePart struct {
	Step  BridgeStep
	Total bool // a level
	Minor *int64
}

// Bridge leads from ordered product sales to net sales in one currency.
type Bridge struct {
	Currency string
	Steps    []BridgePart
}

// bridgeOrders are the sums of the orders of a period.
type bridgeOrders struct {
	ordered, cancelled, pending, unposted int64 // price of items, as orders tell it
	posted, postedTax, postedSales        int64 // of orders with posted sales: price, tax, product sales
	later                                 int64 // of these sales: posted outside the period
}

// bridgeMoney are the sums of money posted in a period.
type bridgeMoney struct{ earlier, shipping, promotion, refunds, net int64 }

// Bridge explains, per currency, how Seller Central's ordered product sales of a
// span of days become the net sales of profit and loss. Every step is read on its
// own, and what they leave is the residue. It reads the orders and lines of the
// span: seconds for a year of a million orders.
func (b *Book) Bridge(ctx context.Context, f SumFilter) ([]Bridge, error) {
	orders, err := b.bridgeOrders(ctx, f)
	if err != nil {
		return nil, err
	}
	money, err := b.bridgeMoney(ctx, f)
	if err != nil {
		return nil, err
	}
	amazon, err := b.bridgeAmazon(ctx, f)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for c := range orders {
		all[c] = true
	}
	for c := range money {
		all[c] = true
	}
	read, err := b.ordersRead(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []Bridge
	delete(all, "") // orders of which nobody told a price
	for _, c := range slices.Sorted(maps.Keys(all)) {
		_, some := orders[c]
		out = append(out, bridgeOf(c, orders[c], money[c], amazon[c], some || read[c]))
	}
	return out, nil
}

// ordersRead tells the currencies of which all orders of the span were read, by a
// connection that brings them: without orders there, 0 was ordered.
func (b *Book) ordersRead(ctx context.Context, f SumFilter) (map[string]bool, error) {
	coverage, err := b.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	brought, err := b.connectionMoney(ctx)
	if err != nil {
		return nil, err
	}
	read := map[string]bool{}
	for _, c := range coverage {
		if c.Source != "orders" {
			continue
		}
		currencies, _ := brought.of(c.Connection)
		for _, currency := range currencies {
			zone := brought.zones.of(c.Connection, currency)
			from, _ := wholeDays(c.Interval, zone)
			to := c.To.Add(-time.Millisecond).In(zone).Format(time.DateOnly) // today counts as far as it was read
			until := min(f.To, b.Now().In(zone).Format(time.DateOnly))
			read[currency] = read[currency] || from <= f.From && until <= to
		}
	}
	return read, nil
}

// bridgeOf makes the bridge of a currency. Where nobody read its orders, what was
// ordered is not 0: nobody knows it.
func bridgeOf(currency string, o bridgeOrders, m bridgeMoney, amazon *int64, ordersRead bool) Bridge {
	b := Bridge{Currency: currency}
	ofOrders := true
	add := func(s BridgeStep, total bool, minor int64) {
		part := BridgePart{s, total, &minor}
		if ofOrders && !ordersRead {
			part.Minor = nil
		}
		b.Steps = append(b.Steps, part)
	}
	b.Steps = append(b.Steps, BridgePart{BridgeAmazon, true, amazon})
	if amazon != nil {
		add(BridgeReport, false, o.ordered-*amazon)
	}
	add(BridgeOrdered, true, o.ordered)
	add(BridgeCancelled, false, -o.cancelled)
	add(BridgePending, false, -o.pending)
	add(BridgeUnposted, false, -o.unposted)
	tax := int64(0)
	if with, without := o.posted-o.postedTax-o.postedSales, o.posted-o.postedSales; abs(with) < abs(without) { // prices hold the tax
		tax = o.postedTax
	}
	add(BridgeTax, false, -tax)
	add(BridgeOther, false, o.postedSales-(o.posted-tax))
	add(BridgeSales, true, o.postedSales)
	add(BridgeLater, false, -o.later)
	ofOrders = false
	add(BridgeEarlier, false, m.earlier)
	add(BridgeShipping, false, m.shipping)
	add(BridgePromotion, false, m.promotion)
	add(BridgeRefunds, false, m.refunds)
	add(BridgeResidue, false, m.net-(o.postedSales-o.later+m.earlier+m.shipping+m.promotion+m.refunds))
	add(BridgeNet, true, m.net)
	return b
}

func abs(n int64) int64 { return max(n, -n) }

func (b *Book) bridgeOrders(ctx context.Context, f SumFilter) (map[string]bridgeOrders, error) {
	where, args := clauses("o.order_day >= ?", f.From, "o.order_day <= ?", f.To)
	where, args = anyOf(where, args, "o.marketplace_id", f.Marketplaces)
	args = append([]any{f.From, f.To}, args...)
	rows, err := b.Reader().QueryContext(ctx, `WITH x AS (
		SELECT o.status, coalesce(nullif(o.currency, ''), (SELECT max(i.currency) FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id), '') AS currency,
			(SELECT coalesce(sum(i.price_minor), 0) FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id) AS price,
			(SELECT coalesce(sum(i.tax_minor), 0) FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id) AS tax,
			(SELECT sum(l.amount_minor) FROM event e JOIN money_line l ON l.event_id = e.id
				WHERE e.scope = o.order_id AND e.connection_id = o.connection_id AND l.line = 'sales.product') AS sales,
			(SELECT coalesce(sum(l.amount_minor), 0) FROM event e JOIN money_line l ON l.event_id = e.id
				WHERE e.scope = o.order_id AND e.connection_id = o.connection_id AND l.line = 'sales.product' AND NOT e.event_day BETWEEN ?1 AND ?2) AS later
		FROM orders o`+where+`)
		SELECT currency, sum(price), sum(price * (status LIKE 'CANCEL%' AND sales IS NULL)),
			sum(price * (sales IS NULL AND status IN ('PENDING', 'PENDING_AVAILABILITY', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'UNFULFILLABLE'))),
			sum(price * (sales IS NULL AND status NOT LIKE 'CANCEL%' AND status NOT IN ('PENDING', 'PENDING_AVAILABILITY', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'UNFULFILLABLE'))),
			sum(price * (sales IS NOT NULL)), sum(tax * (sales IS NOT NULL)), coalesce(sum(sales), 0), sum(later) FROM x GROUP BY 1`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up the orders of the bridge: %w", err)
	}
	all := map[string]bridgeOrders{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var c string
		var o bridgeOrders
		err := r.Scan(&c, &o.ordered, &o.cancelled, &o.pending, &o.unposted, &o.posted, &o.postedTax, &o.postedSales, &o.later)
		all[c] = o
		return err
	})
	return all, err
}

func (b *Book) bridgeMoney(ctx context.Context, f SumFilter) (map[string]bridgeMoney, error) {
	where, args := clauses("e.event_day >= ?", f.From, "e.event_day <= ?", f.To)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	args = append([]any{f.From, f.To}, args...)
	product, like := `l.line = 'sales.product'`, func(lines ...string) string { return `l.line IN ('` + strings.Join(lines, `', '`) + `')` }
	rows, err := b.Reader().QueryContext(ctx, `SELECT l.currency,
		sum(l.amount_minor * (`+product+` AND NOT coalesce(o.order_day BETWEEN ?1 AND ?2, 0))),
		sum(l.amount_minor * (`+like("sales.shipping", "sales.giftwrap")+`)), sum(l.amount_minor * (`+like("promotion", "promotion.points", "refund.promotion")+`)),
		sum(l.amount_minor * (`+like("refund.product", "refund.shipping", "refund.giftwrap")+`))
		FROM event e JOIN money_line l ON l.event_id = e.id
		LEFT JOIN orders o ON o.connection_id = e.connection_id AND o.order_id = e.order_id`+where+` GROUP BY 1`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up the money of the bridge: %w", err)
	}
	all := map[string]bridgeMoney{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var c string
		var m bridgeMoney
		err := r.Scan(&c, &m.earlier, &m.shipping, &m.promotion, &m.refunds)
		all[c] = m
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, b.bridgeNet(ctx, f, all)
}

// bridgeNet takes net sales from the daily sums, as the statement does: so the
// residue compares two ways of adding up.
func (b *Book) bridgeNet(ctx context.Context, f SumFilter, all map[string]bridgeMoney) error {
	where, args := clauses("event_day >= ?", f.From, "event_day <= ?", f.To)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT currency, sum(amount_minor * (line LIKE 'sales.%' OR line LIKE 'refund.%' OR line LIKE 'promotion%'))
		FROM rollup`+where+` GROUP BY 1`, args...)
	if err != nil {
		return fmt.Errorf("read net sales for the bridge: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var c string
		var net int64
		err := r.Scan(&c, &net)
		m := all[c]
		m.net = net
		all[c] = m
		return err
	})
}

// bridgeAmazon sums the business reports of the span; a currency whose reports do
// not reach from its first day to its last is left out: part of a figure is none.
func (b *Book) bridgeAmazon(ctx context.Context, f SumFilter) (map[string]*int64, error) {
	where, args := clauses("traffic_day >= ?", f.From, "traffic_day <= ?", f.To)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT currency, sum(ordered_minor) FROM traffic_day`+where+` GROUP BY 1
		HAVING count(ordered_minor) > 0 AND min(traffic_day) <= ? AND max(traffic_day) >= ?`, append(args, f.From, f.To)...)
	if err != nil {
		return nil, fmt.Errorf("read the business reports: %w", err)
	}
	all := map[string]*int64{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var c string
		var n int64
		err := r.Scan(&c, &n)
		all[c] = &n
		return err
	})
	return all, err
}
