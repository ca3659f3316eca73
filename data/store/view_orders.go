package store

import (
	"fmt"
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

// where gives the view's conditions on rows s of order_sum; without the search
// they hold for order_day_sum as well.
func (v OrdersView) where() (string, []any, error) {
	group, ok := orderGroups[v.Group]
	if !ok {
		return "", nil, fmt.Errorf("there is no group of orders called %q", v.Group)
	}
	where, args := clauses("s.order_day >= ?", v.From, "s.order_day <= ?", v.To, "s.fulfilled_by = ?", v.FulfilledBy)
	where, args = anyOf(where, args, "s.marketplace_id", v.Marketplaces)
	glue := " WHERE "
	if where != "" {
		glue = " AND "
	}
	where += glue + group
	if v.Sold {
		where += " AND s.status <> 'CANCELLED'"
	}
	if text := v.search(); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
		where += ` AND (s.order_id LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM order_item i WHERE i.connection_id = s.connection_id AND i.order_id = s.order_id
			AND (i.sku LIKE ? ESCAPE '\' OR i.title LIKE ? ESCAPE '\')) OR EXISTS (SELECT 1 FROM order_note n
			WHERE n.connection_id = s.connection_id AND n.order_id = s.order_id AND n.note LIKE ? ESCAPE '\'))`
		args = append(args, like, like, like, like)
	}
	return where, args, nil
}

func (v OrdersView) search() string { return strings.TrimSpace(v.Text) }
