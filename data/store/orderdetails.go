package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// OrderDetails is what Amazon tells of an order beside its lines and sums.
type OrderDetails struct {
	Connection, Order string
	Items             []ItemDetail // in the order of the order's lines
	Links             []OrderLink
	Packages          []PackageDetail
}

// ItemDetail goes with one line of an order.
type ItemDetail struct {
	SKU                        string
	Ordinal                    int    // as in order_item; set when read
	Condition, GiftWrap        string // Amazon's words
	CancelAskedBy, CancelledBy string // BUYER, SELLER, AMAZON, ...
	CancelReason               string // Amazon's word, never the buyer's own
	Currency                   string
	Unit, PointsValue          *int64 // minor units; nil when not told
	OtherOrder, OtherItem      string // the line it replaces or exchanges
	Promotions                 []string
}

// OrderLink ties an order to the one it replaces or exchanges.
type OrderLink struct{ Other, Kind string }

// PackageDetail is a parcel as Amazon tells it.
type PackageDetail struct {
	Reference, Status, DetailedStatus string
	Created                           time.Time
	Items                             []PackageItem
}

// PackageItem is what of an order's line is in a parcel.
type PackageItem struct {
	ItemID   string
	Quantity int64 // units
}

// PutOrderDetails stores the details of an order that is in the book. When the
// answer was asked for in full they take the place of what was known; otherwise
// what it does not tell is kept.
func (t *Tx) PutOrderDetails(d OrderDetails, full bool) error {
	if full {
		for _, table := range []string{"order_item_detail", "order_promotion", "order_link", "package_item"} {
			if _, err := t.exec(`DELETE FROM `+table+` WHERE connection_id = ? AND order_id = ?`, d.Connection, d.Order); err != nil {
				return err
			}
		}
	}
	ordinal := map[string]int{}
	for _, it := range d.Items {
		ordinal[it.SKU]++
		if err := t.putItemDetail(d, it, ordinal[it.SKU]); err != nil {
			return fmt.Errorf("store details of order %s: %w", d.Order, err)
		}
	}
	for _, l := range d.Links {
		if _, err := t.exec(`INSERT INTO order_link (connection_id, order_id, other_id, kind) VALUES (?,?,?,?) ON CONFLICT DO NOTHING`,
			d.Connection, d.Order, l.Other, l.Kind); err != nil {
			return fmt.Errorf("store links of order %s: %w", d.Order, err)
		}
	}
	for _, p := range d.Packages {
		if err := t.putPackageDetail(d, p); err != nil {
			return fmt.Errorf("store parcels of order %s: %w", d.Order, err)
		}
	}
	return nil
}

func (t *Tx) putItemDetail(d OrderDetails, it ItemDetail, ordinal int) error {
	_, err := t.exec(`INSERT INTO order_item_detail (connection_id, order_id, sku, ordinal, condition, gift_wrap, cancel_asked_by, cancelled_by,
		cancel_reason, currency, unit_minor, points_minor, other_order_id, other_item_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET condition = iif(excluded.condition = '', condition, excluded.condition),
		gift_wrap = iif(excluded.gift_wrap = '', gift_wrap, excluded.gift_wrap),
		cancel_asked_by = iif(excluded.cancel_asked_by = '', cancel_asked_by, excluded.cancel_asked_by),
		cancelled_by = iif(excluded.cancelled_by = '', cancelled_by, excluded.cancelled_by),
		cancel_reason = iif(excluded.cancel_reason = '', cancel_reason, excluded.cancel_reason),
		currency = iif(excluded.currency = '', currency, excluded.currency), unit_minor = coalesce(excluded.unit_minor, unit_minor),
		points_minor = coalesce(excluded.points_minor, points_minor),
		other_order_id = iif(excluded.other_order_id = '', other_order_id, excluded.other_order_id),
		other_item_id = iif(excluded.other_item_id = '', other_item_id, excluded.other_item_id)`,
		d.Connection, d.Order, it.SKU, ordinal, it.Condition, it.GiftWrap, it.CancelAskedBy, it.CancelledBy, it.CancelReason, it.Currency,
		it.Unit, it.PointsValue, it.OtherOrder, it.OtherItem)
	for _, id := range it.Promotions {
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO order_promotion (connection_id, order_id, sku, ordinal, promotion_id) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`,
			d.Connection, d.Order, it.SKU, ordinal, id)
	}
	return err
}

func (t *Tx) putPackageDetail(d OrderDetails, p PackageDetail) error {
	_, err := t.exec(`INSERT INTO package_detail (connection_id, order_id, reference, status, detailed_status, created_at) VALUES (?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET status = excluded.status, detailed_status = excluded.detailed_status,
		created_at = coalesce(excluded.created_at, created_at)`, d.Connection, d.Order, p.Reference, p.Status, p.DetailedStatus, optMillis(p.Created))
	for _, it := range p.Items {
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO package_item (connection_id, order_id, reference, order_item_id, quantity) VALUES (?,?,?,?,?)
			ON CONFLICT DO UPDATE SET quantity = excluded.quantity`, d.Connection, d.Order, p.Reference, it.ItemID, it.Quantity)
	}
	return err
}

// OrderDetails reads the details of an order; all are empty when Amazon told
// none.
func (b *Book) OrderDetails(ctx context.Context, connection, order string) (OrderDetails, error) {
	d := OrderDetails{Connection: connection, Order: order}
	key := []any{connection, order}
	const of = ` WHERE connection_id = ? AND order_id = ?`
	read := func(q string, scan func(*sql.Rows) error) error {
		rows, err := b.Reader().QueryContext(ctx, q, key...)
		if err != nil {
			return fmt.Errorf("read details of order %s: %w", order, err)
		}
		return eachRow(rows, scan)
	}
	line, parcel := map[itemKey]int{}, map[string]int{}
	err := read(`SELECT sku, ordinal, condition, gift_wrap, cancel_asked_by, cancelled_by, cancel_reason, currency, unit_minor, points_minor,
		other_order_id, other_item_id FROM order_item_detail`+of+` ORDER BY 1, 2`, func(r *sql.Rows) error {
		var it ItemDetail
		err := r.Scan(&it.SKU, &it.Ordinal, &it.Condition, &it.GiftWrap, &it.CancelAskedBy, &it.CancelledBy, &it.CancelReason, &it.Currency,
			&it.Unit, &it.PointsValue, &it.OtherOrder, &it.OtherItem)
		line[itemKey{it.SKU, it.Ordinal}] = len(d.Items)
		d.Items = append(d.Items, it)
		return err
	})
	if err != nil {
		return d, err
	}
	err = read(`SELECT sku, ordinal, promotion_id FROM order_promotion`+of+` ORDER BY 1, 2, 3`, func(r *sql.Rows) error {
		var k itemKey
		var id string
		err := r.Scan(&k.sku, &k.ordinal, &id)
		if i, known := line[k]; known {
			d.Items[i].Promotions = append(d.Items[i].Promotions, id)
		}
		return err
	})
	if err != nil {
		return d, err
	}
	err = read(`SELECT other_id, kind FROM order_link`+of+` ORDER BY 1, 2`, func(r *sql.Rows) error {
		var l OrderLink
		err := r.Scan(&l.Other, &l.Kind)
		d.Links = append(d.Links, l)
		return err
	})
	if err != nil {
		return d, err
	}
	err = read(`SELECT reference, status, detailed_status, created_at FROM package_detail`+of+` ORDER BY 1`, func(r *sql.Rows) error {
		var p PackageDetail
		var created sql.NullInt64
		err := r.Scan(&p.Reference, &p.Status, &p.DetailedStatus, &created)
		p.Created = optTime(created)
		parcel[p.Reference] = len(d.Packages)
		d.Packages = append(d.Packages, p)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, read(`SELECT reference, order_item_id, quantity FROM package_item`+of+` ORDER BY 1, 2`, func(r *sql.Rows) error {
		var reference string
		var it PackageItem
		err := r.Scan(&reference, &it.ItemID, &it.Quantity)
		if i, known := parcel[reference]; known {
			d.Packages[i].Items = append(d.Packages[i].Items, it)
		}
		return err
	})
}
