package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// OrderGroup narrows the orders view to what a seller looks for.
type OrderGroup string

// The groups. They overlap: a refunded order is a shipped one too.
const (
	AllOrders       OrderGroup = ""
	OrdersUnshipped OrderGroup = "toship" // the seller has to ship them
	OrdersPending   OrderGroup = "pending"
	OrdersShipped   OrderGroup = "shipped"
	OrdersCancelled OrderGroup = "cancelled"
	OrdersRefunded  OrderGroup = "refunded"
	OrdersNoCost    OrderGroup = "nocost"  // units left whose cost is not known
	OrdersUnknown   OrderGroup = "unknown" // money under a name that no rule knows
)

const eventOfOrder = `EXISTS (SELECT 1 FROM event e WHERE e.scope = o.order_id AND e.connection_id = o.connection_id AND `

// orderGroups are conditions on orders o. Names that no rule knows are rare:
// the daily sums tell on which days to look for them.
var orderGroups = map[OrderGroup]string{
	AllOrders:       `1`,
	OrdersUnshipped: `o.status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED') AND o.fulfilled_by = 'MERCHANT'`,
	OrdersPending:   `o.status IN ('PENDING', 'PENDING_AVAILABILITY')`,
	OrdersShipped:   `o.status IN ('SHIPPED', 'PARTIALLY_SHIPPED')`,
	OrdersCancelled: `o.status IN ('CANCELLED', 'UNFULFILLABLE')`,
	OrdersRefunded:  eventOfOrder + `e.type = 'refund')`,
	OrdersNoCost:    eventOfOrder + `e.uncovered > 0)`,
	OrdersUnknown: `(o.connection_id, o.order_id) IN (SELECT e.connection_id, e.scope FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE l.line = 'unclassified' AND e.event_day IN (SELECT event_day FROM rollup WHERE line = 'unclassified'))`,
}

// OrderSort is a column that the orders view can be sorted by.
type OrderSort string

// The sorts. Money is sorted within its currency; what is not known comes last.
const (
	ByPurchase    OrderSort = "date"
	ByOrderID     OrderSort = "order"
	ByMarketplace OrderSort = "marketplace"
	ByStatus      OrderSort = "status"
	ByUnits       OrderSort = "units"
	ByTotal       OrderSort = "total"
	ByProfit      OrderSort = "profit"
)

// orderSorts are the expressions behind the sorts; %s is ASC or DESC.
var orderSorts = map[OrderSort]string{
	ByPurchase:    `o.purchased_at %[1]s`,
	ByOrderID:     `o.order_id %[1]s`,
	ByMarketplace: `o.marketplace_id %[1]s, o.purchased_at DESC`,
	ByStatus:      `o.status %[1]s, o.purchased_at DESC`,
	ByUnits:       `(SELECT sum(i.quantity) FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id) %[1]s NULLS LAST`,
	ByTotal:       `o.currency, ` + orderTotal + ` %[1]s NULLS LAST`,
	ByProfit: `o.currency, (SELECT CASE WHEN sum(l.uncovered) = 0 THEN sum(l.amount_minor) END FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.scope = o.order_id AND e.connection_id = o.connection_id AND ` + inProfit + `) %[1]s NULLS LAST`,
}

const (
	// inProfit leaves out liabilities and cash.
	inProfit = `substr(l.line, 1, 4) NOT IN ('tax.', 'cash')`
	// orderTotal is what the buyer pays: Amazon's total, else the sum of items
	// when every price is known.
	orderTotal = `coalesce(o.total_minor, (SELECT CASE WHEN count(*) = count(i.price_minor) THEN sum(i.price_minor + coalesce(i.tax_minor, 0)
		+ coalesce(i.shipping_minor, 0) + coalesce(i.shipping_tax_minor, 0) + coalesce(i.giftwrap_minor, 0) + coalesce(i.giftwrap_tax_minor, 0)
		- coalesce(i.discount_minor, 0)) END FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id))`
)

// OrdersView says which orders a list shows; empty fields do not narrow.
type OrdersView struct {
	From, To     string // purchase days YYYY-MM-DD in the marketplace's zone, both included
	Marketplaces []string
	Group        OrderGroup
	FulfilledBy  string // AMAZON or MERCHANT
	Text         string // part of an order id, a SKU or a title
}

// OrderLine is one order of the view. Amounts are nil when not known.
type OrderLine struct {
	Connection, ID, Marketplace string
	Purchased                   time.Time
	Day                         string
	Status, FulfilledBy         string
	Currency                    string
	Title, SKU                  string // of the first item
	Items, Units                int64
	Total                       *int64
	Money                       *OrderMoney // nil while Amazon has posted nothing
}

// OrderMoney sums an order's events, in minor units of Currency.
type OrderMoney struct {
	Currency   string
	Fees       int64 // selling and FBA fees, negative
	NetSales   int64 // sales less promotions and refunds
	Profit     int64 // all but tax and cash
	Uncovered  int64 // units that left without a known cost: then Profit is too high
	Refunded   bool
	Unknown    bool // holds money under a name that no rule knows
	Currencies int64
}

// where gives the view's conditions on orders o.
func (v OrdersView) where() (string, []any, error) {
	group, ok := orderGroups[v.Group]
	if !ok {
		return "", nil, fmt.Errorf("there is no group of orders called %q", v.Group)
	}
	where, args := clauses("o.order_day >= ?", v.From, "o.order_day <= ?", v.To, "o.fulfilled_by = ?", v.FulfilledBy)
	where, args = anyOf(where, args, "o.marketplace_id", v.Marketplaces)
	and := func(condition string, values ...any) {
		glue := " AND "
		if where == "" {
			glue = " WHERE "
		}
		where, args = where+glue+condition, append(args, values...)
	}
	// The index is by instant, the filter by day: midnights lie within 14 hours.
	if from, err := time.Parse(time.DateOnly, v.From); err == nil {
		and("o.purchased_at >= ?", millis(from.Add(-14*time.Hour)))
	}
	if to, err := time.Parse(time.DateOnly, v.To); err == nil {
		and("o.purchased_at < ?", millis(to.Add(38*time.Hour)))
	}
	if v.Group != AllOrders {
		and(group)
	}
	if text := strings.TrimSpace(v.Text); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
		and(`(o.order_id LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id
			AND (i.sku LIKE ? ESCAPE '\' OR i.title LIKE ? ESCAPE '\')))`, like, like, like)
	}
	return where, args, nil
}

// anchorEvery is how many orders lie between two remembered places of an index.
const anchorEvery = 512

// OrdersIndex is how many orders a view has, and every few hundredth of them
// by purchase time: any page of a million is then a few steps away, where
// OFFSET would walk them all. It ages with the book: make it again after a
// change. It is immutable.
type OrdersIndex struct {
	View    OrdersView
	Count   int
	anchors []orderPlace
}

type orderPlace struct {
	purchased         int64
	connection, order string
}

// OrdersIndex counts the view's orders.
func (b *Book) OrdersIndex(ctx context.Context, v OrdersView) (*OrdersIndex, error) {
	where, args, err := v.where()
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT p, c, i, n FROM (SELECT o.purchased_at AS p, o.connection_id AS c, o.order_id AS i,
		row_number() OVER (ORDER BY o.purchased_at, o.connection_id, o.order_id) - 1 AS n FROM orders o`+where+`)
		WHERE n % ? = 0 OR n = (SELECT count(*) - 1 FROM orders o`+where+`) ORDER BY n`, append(append(slices.Clone(args), anchorEvery), args...)...)
	if err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	x := &OrdersIndex{View: v}
	err = eachRow(rows, func(r *sql.Rows) error {
		var p orderPlace
		var n int
		err := r.Scan(&p.purchased, &p.connection, &p.order, &n)
		if n%anchorEvery == 0 {
			x.anchors = append(x.anchors, p)
		}
		x.Count = n + 1
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	return x, nil
}

// OrdersPage returns at most limit orders from offset on.
func (b *Book) OrdersPage(ctx context.Context, x *OrdersIndex, sort OrderSort, desc bool, offset, limit int) ([]OrderLine, error) {
	where, args, err := x.View.where()
	if err != nil {
		return nil, err
	}
	offset, limit = max(offset, 0), min(limit, x.Count-offset)
	if limit <= 0 {
		return nil, nil
	}
	if sort == ByPurchase || sort == "" {
		return b.ordersByPurchase(ctx, x, where, args, desc, offset, limit)
	}
	expression, ok := orderSorts[sort]
	if !ok {
		return nil, fmt.Errorf("orders are not sorted by %q", sort)
	}
	way := "ASC"
	if desc {
		way = "DESC"
	}
	order := fmt.Sprintf(expression, way) + `, o.connection_id, o.order_id LIMIT ? OFFSET ?`
	return b.orderLines(ctx, where+" ORDER BY "+order, append(args, limit, offset))
}

// ordersByPurchase walks the index from the nearest remembered place.
func (b *Book) ordersByPurchase(ctx context.Context, x *OrdersIndex, where string, args []any, desc bool, offset, limit int) ([]OrderLine, error) {
	first := offset
	if desc {
		first = x.Count - offset - limit
	}
	place := x.anchors[first/anchorEvery]
	glue := " AND "
	if where == "" {
		glue = " WHERE "
	}
	args = append(args, place.purchased, place.connection, place.order, limit, first%anchorEvery)
	lines, err := b.orderLines(ctx, where+glue+`(o.purchased_at, o.connection_id, o.order_id) >= (?, ?, ?)
		ORDER BY o.purchased_at, o.connection_id, o.order_id LIMIT ? OFFSET ?`, args)
	if desc {
		slices.Reverse(lines)
	}
	return lines, err
}

// pageOfOrders is the orders that a condition chooses with the sums of their
// items and events.
const pageOfOrders = `WITH page AS MATERIALIZED (SELECT *, row_number() OVER () AS place FROM (SELECT o.connection_id, o.order_id, o.marketplace_id, o.purchased_at, o.order_day,
		o.status, o.fulfilled_by, o.currency, ` + orderTotal + ` AS total FROM orders o%s)),
	items AS MATERIALIZED (SELECT p.connection_id, p.order_id, count(*) AS items, sum(i.quantity) AS units
		FROM page p CROSS JOIN order_item i ON i.connection_id = p.connection_id AND i.order_id = p.order_id GROUP BY 1, 2),
	money AS MATERIALIZED (SELECT p.connection_id, p.order_id, max(l.currency) AS currency,
		sum(iif(substr(l.line, 1, 4) IN ('fee.', 'fba.'), l.amount_minor, 0)) AS fees,
		sum(iif(substr(l.line, 1, 6) IN ('sales.', 'refund', 'promot'), l.amount_minor, 0)) AS net,
		sum(iif(` + inProfit + `, l.amount_minor, 0)) AS profit, sum(l.uncovered) AS uncovered,
		max(e.type = 'refund') AS refunded, max(l.line = 'unclassified') AS unknown, count(DISTINCT l.currency) AS currencies
		FROM page p CROSS JOIN event e ON e.scope = p.order_id AND e.connection_id = p.connection_id
		CROSS JOIN money_line l ON l.event_id = e.id GROUP BY 1, 2)
	`

func (b *Book) orderLines(ctx context.Context, choice string, args []any) ([]OrderLine, error) {
	rows, err := b.Reader().QueryContext(ctx, fmt.Sprintf(pageOfOrders, choice)+`SELECT p.connection_id, p.order_id, p.marketplace_id, p.purchased_at, p.order_day,
		p.status, p.fulfilled_by, p.currency, p.total, coalesce(t.items, 0), coalesce(t.units, 0),
		coalesce((SELECT i.title FROM order_item i WHERE i.connection_id = p.connection_id AND i.order_id = p.order_id ORDER BY i.sku, i.ordinal LIMIT 1), ''),
		coalesce((SELECT i.sku FROM order_item i WHERE i.connection_id = p.connection_id AND i.order_id = p.order_id ORDER BY i.sku, i.ordinal LIMIT 1), ''),
		m.currency, coalesce(m.fees, 0), coalesce(m.net, 0), coalesce(m.profit, 0), coalesce(m.uncovered, 0), coalesce(m.refunded, 0), coalesce(m.unknown, 0),
		coalesce(m.currencies, 0)
		FROM page p LEFT JOIN items t USING (connection_id, order_id) LEFT JOIN money m USING (connection_id, order_id) ORDER BY p.place`, args...)
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	var all []OrderLine
	err = eachRow(rows, func(r *sql.Rows) error {
		var o OrderLine
		var m OrderMoney
		var purchased int64
		var currency sql.NullString
		err := r.Scan(&o.Connection, &o.ID, &o.Marketplace, &purchased, &o.Day, &o.Status, &o.FulfilledBy, &o.Currency, &o.Total,
			&o.Items, &o.Units, &o.Title, &o.SKU, &currency, &m.Fees, &m.NetSales, &m.Profit, &m.Uncovered, &m.Refunded, &m.Unknown, &m.Currencies)
		o.Purchased = fromMillis(purchased)
		if currency.Valid {
			m.Currency = currency.String
			o.Money = &m
		}
		all = append(all, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	return all, nil
}

// OrdersSum is what the view's orders of one currency add up to.
type OrdersSum struct {
	Currency               string // empty: orders of which nobody told the currency
	Orders, Units          int64
	Total                  int64
	NoTotal                int64 // orders whose total is not known; Total leaves them out
	Fees, NetSales, Profit int64
	NoMoney                int64 // orders without posted money: Fees and Profit leave them out
	Uncovered              int64 // units without a known cost
}

// OrdersSums adds up the view's orders, by currency.
func (b *Book) OrdersSums(ctx context.Context, v OrdersView) ([]OrdersSum, error) {
	where, args, err := v.where()
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, fmt.Sprintf(pageOfOrders, where)+`SELECT coalesce(nullif(p.currency, ''), m.currency, '') AS c, count(*),
		coalesce(sum(t.units), 0), coalesce(sum(p.total), 0), sum(p.total IS NULL), coalesce(sum(m.fees), 0), coalesce(sum(m.net), 0),
		coalesce(sum(m.profit), 0), sum(m.currency IS NULL), coalesce(sum(m.uncovered), 0)
		FROM page p LEFT JOIN items t USING (connection_id, order_id) LEFT JOIN money m USING (connection_id, order_id)
		GROUP BY c ORDER BY count(*) DESC, c`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	var all []OrdersSum
	err = eachRow(rows, func(r *sql.Rows) error {
		var s OrdersSum
		err := r.Scan(&s.Currency, &s.Orders, &s.Units, &s.Total, &s.NoTotal, &s.Fees, &s.NetSales, &s.Profit, &s.NoMoney, &s.Uncovered)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up orders: %w", err)
	}
	return all, nil
}

// OrderGroups counts the view's orders in every group; the view's own group
// does not narrow them.
func (b *Book) OrderGroups(ctx context.Context, v OrdersView) (map[OrderGroup]int64, error) {
	v.Group = AllOrders
	where, args, err := v.where()
	if err != nil {
		return nil, err
	}
	groups := []OrderGroup{AllOrders, OrdersUnshipped, OrdersPending, OrdersShipped, OrdersCancelled, OrdersRefunded, OrdersNoCost, OrdersUnknown}
	sums := make([]string, len(groups))
	counts := make([]int64, len(groups))
	dest := make([]any, len(groups))
	for i, g := range groups {
		sums[i], dest[i] = "coalesce(sum("+orderGroups[g]+"), 0)", &counts[i]
	}
	if err := b.Reader().QueryRowContext(ctx, `SELECT `+strings.Join(sums, ", ")+` FROM orders o`+where, args...).Scan(dest...); err != nil {
		return nil, fmt.Errorf("count orders by group: %w", err)
	}
	all := map[OrderGroup]int64{}
	for i, g := range groups {
		all[g] = counts[i]
	}
	return all, nil
}
