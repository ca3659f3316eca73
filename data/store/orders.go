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
	DocLine     int
}

// Package is a parcel of a seller-fulfilled order.
type Package struct {
	Reference, Status, Carrier, Service, TrackingNumber string
	Shipped                                             time.Time
}

// PutOrder stores an order as Amazon now tells it. What is older than the
// book's copy is ignored. A report knows less than the API: it fills in orders
// and never replaces items, links or deadlines that the API told.
func (t *Tx) PutOrder(o Order) (changed bool, err error) {
	var hadAt int64
	var hadOrigin string
	var hadDoc, hadLine int64
	err = t.row(`SELECT updated_at, origin, coalesce(document_id, 0), doc_line FROM orders WHERE connection_id = ? AND order_id = ?`,
		[]any{o.Connection, o.ID}, &hadAt, &hadOrigin, &hadDoc, &hadLine)
	isNew := errors.Is(err, ErrNotFound)
	if err != nil && !isNew {
		return false, err
	}
	if !isNew {
		at := millis(o.Updated)
		if at < hadAt || (at == hadAt && hadOrigin == FromAPI && o.Origin == FromReport) {
			return false, nil
		}
		if hadDoc == o.Document && hadLine == int64(o.DocLine) && at == hadAt {
			return false, nil
		}
	}
	if isNew || o.Origin == FromAPI {
		err = t.putWholeOrder(o)
	} else {
		err = t.refreshOrder(o, hadOrigin)
	}
	if err != nil {
		return false, fmt.Errorf("store order %s: %w", o.ID, err)
	}
	t.touch(o.Connection, o.ID)
	return true, nil
}

func (t *Tx) putWholeOrder(o Order) error {
	_, err := t.exec(`INSERT INTO orders (connection_id, order_id, marketplace_id, sales_channel, status, fulfilled_by,
		service_level, purchased_at, updated_at, order_day, currency, total_minor, business, replaces, ship_by_at, deliver_by_at,
		origin, document_id, doc_line)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET marketplace_id = CASE excluded.marketplace_id WHEN '' THEN marketplace_id ELSE excluded.marketplace_id END,
		sales_channel = excluded.sales_channel, status = excluded.status, fulfilled_by = excluded.fulfilled_by,
		service_level = excluded.service_level, purchased_at = excluded.purchased_at, updated_at = excluded.updated_at,
		order_day = excluded.order_day, currency = CASE excluded.currency WHEN '' THEN currency ELSE excluded.currency END,
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
	return nil
}

// refreshOrder brings a known order up to date from a report.
func (t *Tx) refreshOrder(o Order, hadOrigin string) error {
	_, err := t.exec(`UPDATE orders SET status = ?, updated_at = ?, total_minor = coalesce(?, total_minor),
		origin = CASE origin WHEN 'api' THEN origin ELSE ? END,
		document_id = CASE origin WHEN 'api' THEN document_id ELSE ? END,
		doc_line = CASE origin WHEN 'api' THEN doc_line ELSE ? END
		WHERE connection_id = ? AND order_id = ?`,
		o.Status, millis(o.Updated), o.Total, o.Origin, nullID(o.Document), o.DocLine, o.Connection, o.ID)
	if err != nil || hadOrigin == FromAPI {
		return err
	}
	return t.putItems(o)
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
