package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
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
	OrdersUnpaid    OrderGroup = "unpaid"  // posted money that no settlement has paid yet
	OrdersLoss      OrderGroup = "loss"    // less than nothing is left, every cost known
)

// OrderGroupList is every group, in the order a list offers them.
var OrderGroupList = []OrderGroup{AllOrders, OrdersUnshipped, OrdersPending, OrdersShipped, OrdersCancelled, OrdersRefunded,
	OrdersUnpaid, OrdersLoss, OrdersNoCost, OrdersUnknown}

// orderGroups are conditions on rows s of order_sum or order_day_sum.
var orderGroups = map[OrderGroup]string{
	AllOrders:       `1`,
	OrdersUnshipped: `s.status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED') AND s.fulfilled_by = 'MERCHANT'`,
	OrdersPending:   `s.status IN ('PENDING', 'PENDING_AVAILABILITY')`,
	OrdersShipped:   `s.status IN ('SHIPPED', 'PARTIALLY_SHIPPED')`,
	OrdersCancelled: `s.status IN ('CANCELLED', 'UNFULFILLABLE')`,
	OrdersRefunded:  `s.refunded`,
	OrdersNoCost:    `s.nocost`,
	OrdersUnknown:   `s.unknown`,
	OrdersUnpaid:    `s.unpaid`,
	OrdersLoss:      `s.loss`,
}

// sumOfOrder begins a condition on the row of order_sum of an order o.
const sumOfOrder = `FROM order_sum s WHERE s.connection_id = o.connection_id AND s.order_id = o.order_id`

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
	ByUnits:       `(SELECT s.units ` + sumOfOrder + `) %[1]s NULLS LAST`,
	ByTotal:       `o.currency, (SELECT s.total_minor ` + sumOfOrder + `) %[1]s NULLS LAST`,
	ByProfit:      `o.currency, (SELECT iif(s.posted AND s.uncovered = 0, s.profit_minor, NULL) ` + sumOfOrder + `) %[1]s NULLS LAST`,
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
	Text         string // part of an order id, a SKU, a title or a note
	Sold         bool   // leaves cancelled orders out
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
	Note                        string      // the seller's own
}

// OrderMoney sums an order's events, in minor units of Currency.
type OrderMoney struct {
	Currency  string
	Fees      int64 // selling and FBA fees, negative
	NetSales  int64 // sales less promotions and refunds
	Profit    int64 // all but tax and cash
	Uncovered int64 // units that left without a known cost: then Profit is too high
	Refunded  bool
	Unknown   bool // holds money under a name that no rule knows
	Mixed     bool // several currencies: the sums mean nothing
}

// where gives the view's conditions on orders o. from adds the lower bound of
// purchase times; a walk from a remembered place has a better one, and SQLite
// takes only one of them to the index.
func (v OrdersView) where(from bool) (string, []any, error) {
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
	if day, err := time.Parse(time.DateOnly, v.From); err == nil && from {
		and("o.purchased_at >= ?", millis(day.Add(-14*time.Hour)))
	}
	if to, err := time.Parse(time.DateOnly, v.To); err == nil {
		and("o.purchased_at < ?", millis(to.Add(38*time.Hour)))
	}
	switch {
	case v.Group == AllOrders:
	case strings.HasPrefix(group, "s.status"): // no need to look further than the order
		and(strings.ReplaceAll(group, "s.", "o."))
	default:
		and("EXISTS (SELECT 1 " + sumOfOrder + " AND " + group + ")")
	}
	if v.Sold {
		and("o.status <> 'CANCELLED'")
	}
	if text := strings.TrimSpace(v.Text); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
		and(`(o.order_id LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id
			AND (i.sku LIKE ? ESCAPE '\' OR i.title LIKE ? ESCAPE '\')) OR EXISTS (SELECT 1 FROM order_note n
			WHERE n.connection_id = o.connection_id AND n.order_id = o.order_id AND n.note LIKE ? ESCAPE '\'))`, like, like, like, like)
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
	where, args, err := v.where(true)
	if err != nil {
		return nil, err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.purchased_at, o.connection_id, o.order_id FROM orders o`+where+`
		ORDER BY o.purchased_at, o.connection_id, o.order_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	x := &OrdersIndex{View: v}
	err = eachRow(rows, func(r *sql.Rows) error {
		x.Count++
		if (x.Count-1)%anchorEvery != 0 {
			return nil // Scan is the dearer half of a row
		}
		var p orderPlace
		err := r.Scan(&p.purchased, &p.connection, &p.order)
		x.anchors = append(x.anchors, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count the orders: %w", err)
	}
	return x, nil
}

// OrdersPage returns at most limit orders from offset on.
func (b *Book) OrdersPage(ctx context.Context, x *OrdersIndex, sort OrderSort, desc bool, offset, limit int) ([]OrderLine, error) {
	byPurchase := sort == ByPurchase || sort == ""
	where, args, err := x.View.where(!byPurchase)
	if err != nil {
		return nil, err
	}
	offset, limit = max(offset, 0), min(limit, x.Count-offset)
	if limit <= 0 {
		return nil, nil
	}
	if byPurchase {
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

// orderLines reads the orders that a choice (conditions, order, limit) gives,
// in its order.
func (b *Book) orderLines(ctx context.Context, choice string, args []any) ([]OrderLine, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.connection_id, o.order_id, o.marketplace_id, o.purchased_at, o.order_day,
		o.status, o.fulfilled_by, o.currency, `+orderTotal+`, `+orderUnits+`, `+orderMoney+`,
		coalesce((SELECT i.title `+firstItem+`, coalesce((SELECT i.sku `+firstItem+`,
		coalesce((SELECT n.note FROM order_note n WHERE n.connection_id = o.connection_id AND n.order_id = o.order_id), '')
		FROM (SELECT c, i, row_number() OVER () AS place FROM (SELECT o.connection_id AS c, o.order_id AS i FROM orders o`+choice+`)) k
		CROSS JOIN orders o ON o.connection_id = k.c AND o.order_id = k.i ORDER BY k.place`, args...)
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
