package store

import (
	"errors"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// Origins of an order.
const (
	FromAPI    = "api"
	FromReport = "report"
)

// Order is an order with its items and parcels, without people. Amounts that
// Amazon did not tell are nil, never zero.
type Order struct {
	Connection   string
	ID           string
	Marketplace  string // marketplace id, empty when not told
	SalesChannel string
	Status       string
	FulfilledBy  string // AMAZON or MERCHANT
	ServiceLevel string
	Purchased    time.Time
	Updated      time.Time
	Currency     string
	Total        *int64 // minor units
	Business     bool
	Replaces     string // id of the order that this one replaces
	ShipBy       time.Time
	DeliverBy    time.Time
	Origin       string // FromAPI or FromReport
	Document     int64
	DocLine      int
	Items        []OrderItem
	Packages     []Package
}

// OrderItem is one line of an order. Money is in the order's currency.
type OrderItem struct {
	SKU         string
	ItemID      string // empty when only a report told of it
	ASIN        string
	Title       string
	Status      string
	Quantity    int64
	Shipped     *int64
	Price       *int64 // for all units
	Tax         *int64
	Shipping    *int64
	ShippingTax *int64
	GiftWrap    *int64
	GiftWrapTax *int64
	Discount    *int64 // positive
	Points      *int64
	Promotions  []string // Amazon's names of them, where a report tells them; the API tells them in OrderDetails
	DocLine     int
}

// Package is a parcel of a seller-fulfilled order.
type Package struct {
	Reference, Status, Carrier, Service, TrackingNumber string
	Shipped                                             time.Time
}

// knownOrder is what the book has of an order already.
type knownOrder struct {
	updated, purchased      int64
	origin, status          string
	marketplace, currency   string
	document, documentsLine int64
}

// PutOrder stores an order as Amazon now tells it. The API tells more than a
// report: items, links and deadlines are the API's once it told them, a report
// fills in what the API left open. Whichever tells of the later change gives the
// status. So the order in which the two arrive does not matter.
func (t *Tx) PutOrder(o Order) (changed bool, err error) {
	var had knownOrder
	err = t.row(`SELECT updated_at, purchased_at, origin, status, marketplace_id, currency, coalesce(document_id, 0), doc_line
		FROM orders WHERE connection_id = ? AND order_id = ?`, []any{o.Connection, o.ID},
		&had.updated, &had.purchased, &had.origin, &had.status, &had.marketplace, &had.currency, &had.document, &had.documentsLine)
	switch {
	case errors.Is(err, ErrNotFound):
		changed, err = true, t.putWholeOrder(o)
	case err != nil:
		return false, err
	default:
		changed, err = t.mergeOrder(o, had)
	}
	if err != nil {
		return false, fmt.Errorf("store order %s: %w", o.ID, err)
	}
	if changed {
		t.touch(o.Connection, o.ID)
	}
	return changed, nil
}

func (t *Tx) mergeOrder(o Order, had knownOrder) (changed bool, err error) {
	older := millis(o.Updated) < had.updated
	if had.origin == o.Origin && had.document == o.Document && had.documentsLine == int64(o.DocLine) && millis(o.Updated) == had.updated {
		return false, nil
	}
	if had.origin == FromAPI && o.Origin == FromReport {
		return t.fillOrder(o, had)
	}
	if older && had.origin == o.Origin {
		return false, nil
	}
	if older { // the report in the book knows of a later change than this answer of the API
		o.Updated, o.Status = fromMillis(had.updated), had.status
	}
	if o.Marketplace == "" {
		o.Marketplace = had.marketplace
	}
	if o.Currency == "" {
		o.Currency = had.currency
	}
	before := ""
	if had.origin == o.Origin && o.Origin == FromReport && millis(o.Updated) == had.updated {
		if before, err = t.toldOf(o); err != nil {
			return false, err
		}
	}
	if err := t.putWholeOrder(o); err != nil || before == "" {
		return err == nil, err
	}
	after, err := t.toldOf(o)
	return before != after, err
}

// toldOf is all that reports told of an order, but where: two that overlap tell it
// twice, and it is news once.
func (t *Tx) toldOf(o Order) (told string, err error) {
	err = t.row(`SELECT json_array(marketplace_id, sales_channel, status, fulfilled_by, service_level, purchased_at, currency, business, replaces,
		(SELECT json_group_array(json_array(sku, ordinal, asin, title, status, quantity, currency, price_minor, tax_minor,
			shipping_minor, shipping_tax_minor, giftwrap_minor, giftwrap_tax_minor, discount_minor))
			FROM (SELECT * FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id ORDER BY sku, ordinal)),
		(SELECT count(*) FROM order_promotion p WHERE p.connection_id = o.connection_id AND p.order_id = o.order_id))
		FROM orders o WHERE connection_id = ? AND order_id = ?`, []any{o.Connection, o.ID}, &told)
	return told, err
}

// fillOrder adds from a report to an order of the API.
func (t *Tx) fillOrder(o Order, had knownOrder) (changed bool, err error) {
	currency, marketplace := had.currency, had.marketplace
	if currency == "" {
		currency = o.Currency
	}
	if marketplace == "" {
		marketplace = o.Marketplace
	}
	updated, status := had.updated, had.status
	if at := millis(o.Updated); at > updated {
		updated, status = at, o.Status
	}
	if currency != had.currency || marketplace != had.marketplace || updated != had.updated {
		changed = true
		_, err := t.exec(`UPDATE orders SET currency = ?, marketplace_id = ?, order_day = ?, updated_at = ?, status = ?
			WHERE connection_id = ? AND order_id = ?`, currency, marketplace, markets.Day(marketplace, fromMillis(had.purchased)),
			updated, status, o.Connection, o.ID)
		if err != nil {
			return false, err
		}
	}
	ordinal := map[string]int{}
	for _, it := range o.Items {
		ordinal[it.SKU]++
		if it.Price == nil && it.Tax == nil {
			continue
		}
		n, err := t.exec(`UPDATE order_item SET price_minor = coalesce(price_minor, ?1), tax_minor = coalesce(tax_minor, ?2), currency = ?3
			WHERE connection_id = ?4 AND order_id = ?5 AND sku = ?6 AND ordinal = ?7
			AND ((price_minor IS NULL AND ?1 IS NOT NULL) OR (tax_minor IS NULL AND ?2 IS NOT NULL) OR currency <> ?3)`,
			it.Price, it.Tax, currency, o.Connection, o.ID, it.SKU, ordinal[it.SKU])
		if err != nil {
			return false, err
		}
		changed = changed || n > 0
	}
	return changed, nil
}

func (t *Tx) putWholeOrder(o Order) error {
	_, err := t.exec(`INSERT INTO orders (connection_id, order_id, marketplace_id, sales_channel, status, fulfilled_by,
		service_level, purchased_at, updated_at, order_day, currency, total_minor, business, replaces, ship_by_at, deliver_by_at,
		origin, document_id, doc_line)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET marketplace_id = excluded.marketplace_id, sales_channel = excluded.sales_channel, status = excluded.status, fulfilled_by = excluded.fulfilled_by,
		service_level = excluded.service_level, purchased_at = excluded.purchased_at, updated_at = excluded.updated_at,
		order_day = excluded.order_day, currency = excluded.currency,
		total_minor = coalesce(excluded.total_minor, total_minor), business = excluded.business, replaces = excluded.replaces,
		ship_by_at = coalesce(excluded.ship_by_at, ship_by_at), deliver_by_at = coalesce(excluded.deliver_by_at, deliver_by_at),
		origin = excluded.origin, document_id = excluded.document_id, doc_line = excluded.doc_line`,
		o.Connection, o.ID, o.Marketplace, o.SalesChannel, o.Status, o.FulfilledBy, o.ServiceLevel,
		millis(o.Purchased), millis(o.Updated), markets.Day(o.Marketplace, o.Purchased), o.Currency, o.Total, flag(o.Business),
		o.Replaces, optMillis(o.ShipBy), optMillis(o.DeliverBy), o.Origin, nullID(o.Document), o.DocLine)
	if err != nil {
		return err
	}
	if err := t.putItems(o); err != nil {
		return err
	}
	for _, p := range o.Packages {
		if _, err := t.exec(`INSERT INTO package (connection_id, order_id, reference, status, carrier, service, tracking_number, shipped_at)
			VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET status = excluded.status, carrier = excluded.carrier,
			service = excluded.service, tracking_number = excluded.tracking_number, shipped_at = coalesce(excluded.shipped_at, shipped_at)`,
			o.Connection, o.ID, p.Reference, p.Status, p.Carrier, p.Service, p.TrackingNumber, optMillis(p.Shipped)); err != nil {
			return err
		}
	}
	return t.claimParcels(o)
}

// putItems replaces the order's lines: both the API and a report always tell
// all of them. Equal lines of one SKU are told apart by their ordinal.
func (t *Tx) putItems(o Order) error {
	known, err := t.knownItems(o)
	if err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM order_item WHERE connection_id = ? AND order_id = ?`, o.Connection, o.ID); err != nil {
		return err
	}
	ordinal := map[string]int{}
	for _, it := range o.Items {
		ordinal[it.SKU]++
		was := known[itemKey{it.SKU, ordinal[it.SKU]}]
		if _, err := t.exec(`INSERT INTO order_item (connection_id, order_id, sku, ordinal, order_item_id, asin, title, status,
			quantity, shipped, currency, price_minor, tax_minor, shipping_minor, shipping_tax_minor, giftwrap_minor, giftwrap_tax_minor,
			discount_minor, points, document_id, doc_line) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			o.Connection, o.ID, it.SKU, ordinal[it.SKU], it.ItemID, it.ASIN, it.Title, it.Status,
			it.Quantity, it.Shipped, o.Currency, keep(it.Price, was.price), keep(it.Tax, was.tax), it.Shipping, it.ShippingTax,
			it.GiftWrap, it.GiftWrapTax, it.Discount, keep(it.Points, was.points), nullID(o.Document), it.DocLine); err != nil {
			return err
		}
		for _, id := range it.Promotions {
			if _, err := t.exec(`INSERT INTO order_promotion (connection_id, order_id, sku, ordinal, promotion_id) VALUES (?,?,?,?,?)
				ON CONFLICT DO NOTHING`, o.Connection, o.ID, it.SKU, ordinal[it.SKU], id); err != nil {
				return err
			}
		}
	}
	return nil
}

type itemKey struct {
	sku     string
	ordinal int
}

type itemAmounts struct{ price, tax, points *int64 }

// knownItems reads the amounts that Amazon blanks out later (cancelled orders
// lose their prices), so that they are not forgotten.
func (t *Tx) knownItems(o Order) (map[itemKey]itemAmounts, error) {
	known := map[itemKey]itemAmounts{}
	s, err := t.stmt(`SELECT sku, ordinal, price_minor, tax_minor, points FROM order_item WHERE connection_id = ? AND order_id = ?`)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(t.ctx, o.Connection, o.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k itemKey
		var a itemAmounts
		if err := rows.Scan(&k.sku, &k.ordinal, &a.price, &a.tax, &a.points); err != nil {
			return nil, err
		}
		known[k] = a
	}
	return known, rows.Err()
}

func keep(now, before *int64) *int64 {
	if now != nil {
		return now
	}
	return before
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func nullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
