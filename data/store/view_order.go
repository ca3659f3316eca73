package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// OrderDetail is one order with all that is stored of it but people.
type OrderDetail struct {
	OrderLine
	SalesChannel, ServiceLevel string
	Updated, ShipBy, DeliverBy time.Time // zero when not told
	Business                   bool
	Replaces, Origin           string
	Lines                      []OrderItem
	Packages                   []Package
	Rows                       []MoneyRow
	Refunded                   time.Time // of the first refund; zero when there is none
	Documents                  []DocumentPlace
}

// DocumentPlace is where in what Amazon sent something stands.
type DocumentPlace struct {
	Document int64
	Kind     string // order, transaction, report, ...
	Line     int64  // of a report; 0 when the document is one thing
	Received time.Time
}

// OrderDetail reads one order; ErrNotFound when the book does not hold it.
func (b *Book) OrderDetail(ctx context.Context, connection, id string) (*OrderDetail, error) {
	lines, err := b.orderLines(ctx, []orderKey{{connection, id}})
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, ErrNotFound
	}
	d := &OrderDetail{OrderLine: lines[0]}
	for _, read := range []func(context.Context, *OrderDetail) error{b.orderHead, b.orderItems, b.orderPackages, b.orderMoney, b.orderDocuments} {
		if err := read(ctx, d); err != nil {
			return nil, fmt.Errorf("read order %s: %w", id, err)
		}
	}
	return d, nil
}

// FindOrder gives the connection of an order id; ErrNotFound when the book
// does not hold it.
func (b *Book) FindOrder(ctx context.Context, id string) (connection string, err error) {
	err = b.Reader().QueryRowContext(ctx, `SELECT c.id FROM connection c JOIN orders o ON o.connection_id = c.id AND o.order_id = ? ORDER BY 1 LIMIT 1`, id).Scan(&connection)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("find order %s: %w", id, err)
	}
	return connection, nil
}

func (b *Book) orderHead(ctx context.Context, d *OrderDetail) error {
	var updated int64
	var ship, deliver, refunded sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT sales_channel, service_level, updated_at, ship_by_at, deliver_by_at, business, replaces, origin,
		(SELECT min(occurred_at) FROM event e WHERE e.scope = o.order_id AND e.connection_id = o.connection_id AND e.type = 'refund')
		FROM orders o WHERE connection_id = ? AND order_id = ?`, d.Connection, d.ID).
		Scan(&d.SalesChannel, &d.ServiceLevel, &updated, &ship, &deliver, &d.Business, &d.Replaces, &d.Origin, &refunded)
	d.Updated, d.ShipBy, d.DeliverBy, d.Refunded = fromMillis(updated), optTime(ship), optTime(deliver), optTime(refunded)
	return err
}

func (b *Book) orderItems(ctx context.Context, d *OrderDetail) error {
	rows, err := b.Reader().QueryContext(ctx, `SELECT sku, order_item_id, asin, title, status, quantity, shipped, price_minor, tax_minor,
		shipping_minor, shipping_tax_minor, giftwrap_minor, giftwrap_tax_minor, discount_minor, points
		FROM order_item WHERE connection_id = ? AND order_id = ? ORDER BY sku, ordinal`, d.Connection, d.ID)
	if err != nil {
		return err
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var i OrderItem
		err := r.Scan(&i.SKU, &i.ItemID, &i.ASIN, &i.Title, &i.Status, &i.Quantity, &i.Shipped, &i.Price, &i.Tax,
			&i.Shipping, &i.ShippingTax, &i.GiftWrap, &i.GiftWrapTax, &i.Discount, &i.Points)
		d.Lines = append(d.Lines, i)
		return err
	})
}

func (b *Book) orderPackages(ctx context.Context, d *OrderDetail) error {
	rows, err := b.Reader().QueryContext(ctx, `SELECT reference, status, carrier, service, tracking_number, shipped_at
		FROM package WHERE connection_id = ? AND order_id = ? ORDER BY shipped_at, reference`, d.Connection, d.ID)
	if err != nil {
		return err
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var p Package
		var shipped sql.NullInt64
		err := r.Scan(&p.Reference, &p.Status, &p.Carrier, &p.Service, &p.TrackingNumber, &shipped)
		p.Shipped = optTime(shipped)
		d.Packages = append(d.Packages, p)
		return err
	})
}

func (b *Book) orderMoney(ctx context.Context, d *OrderDetail) error {
	return b.MoneyLines(ctx, LineFilter{Order: d.ID}, func(m MoneyRow) error {
		if m.Connection == d.Connection {
			d.Rows = append(d.Rows, m)
		}
		return nil
	})
}

// orderDocuments lists where Amazon told of the order: the order itself, then
// its money, each place once.
func (b *Book) orderDocuments(ctx context.Context, d *OrderDetail) error {
	rows, err := b.Reader().QueryContext(ctx, `SELECT t.id, t.kind, p.line, t.received_at FROM (
			SELECT 0 AS part, document_id AS id, doc_line AS line FROM orders WHERE connection_id = ?1 AND order_id = ?2
			UNION SELECT 0, document_id, doc_line FROM order_item WHERE connection_id = ?1 AND order_id = ?2
			UNION SELECT 1, document_id, doc_line FROM fact WHERE scope = ?2 AND connection_id = ?1) p
		JOIN document t ON t.id = p.id ORDER BY min(p.part) OVER (PARTITION BY t.id, p.line), t.received_at, t.id, p.line`, d.Connection, d.ID)
	if err != nil {
		return err
	}
	seen := map[DocumentPlace]bool{}
	return eachRow(rows, func(r *sql.Rows) error {
		var p DocumentPlace
		var received int64
		if err := r.Scan(&p.Document, &p.Kind, &p.Line, &received); err != nil {
			return err
		}
		p.Received = fromMillis(received)
		if p.Kind != "report" {
			p.Line = 0 // the place within one thing says nothing to a reader
		}
		if !seen[p] {
			seen[p] = true
			d.Documents = append(d.Documents, p)
		}
		return nil
	})
}

// HasPeople tells which of the orders have a stored recipient, by
// connection and order id. No personal field is read. Without the personal key
// nobody is known.
func (b *Book) HasPeople(ctx context.Context, orders []OrderLine) (map[[2]string]bool, error) {
	known := map[[2]string]bool{}
	db := b.People()
	if db == nil || len(orders) == 0 {
		return known, nil
	}
	args := make([]any, 0, len(orders))
	for _, o := range orders {
		args = append(args, o.ID)
	}
	rows, err := db.QueryContext(ctx, `SELECT connection_id, order_id FROM person WHERE order_id IN (?`+strings.Repeat(",?", len(args)-1)+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("find recipients: %w", err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k [2]string
		err := r.Scan(&k[0], &k[1])
		known[k] = true
		return err
	})
	return known, err
}

// Unmask reads the recipient of one order, after the audit chain holds that it
// was read: without the entry nobody is shown. ErrNoPeople without the personal
// key, ErrNotFound when nobody is stored.
func (b *Book) Unmask(ctx context.Context, connection, order string) (Person, error) {
	db := b.People()
	if db == nil {
		return Person{}, ErrNoPeople
	}
	if err := b.Write(ctx, func(tx *Tx) error { return tx.Audit("unmask", "recipient of order "+order) }); err != nil {
		return Person{}, fmt.Errorf("note that a recipient is shown: %w", err)
	}
	p := Person{Connection: connection, Order: order}
	var fetched, purge int64
	err := db.QueryRowContext(ctx, `SELECT name, company, address, city, region, postal_code, country, phone, buyer_name, buyer_email, gift_message,
		fetched_at, purge_at FROM person WHERE connection_id = ? AND order_id = ?`, connection, order).
		Scan(&p.Name, &p.Company, &p.Address, &p.City, &p.Region, &p.PostalCode, &p.Country, &p.Phone, &p.BuyerName, &p.BuyerEmail, &p.GiftMessage, &fetched, &purge)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, ErrNotFound
	}
	if err != nil {
		return Person{}, fmt.Errorf("read the recipient of order %s: %w", order, err)
	}
	p.Fetched, p.Purge = fromMillis(fetched), fromMillis(purge)
	return p, nil
}

// HasOrders tells whether the book holds any order.
func (b *Book) HasOrders(ctx context.Context) (bool, error) {
	var any bool
	if err := b.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM orders)`).Scan(&any); err != nil {
		return false, fmt.Errorf("look for orders: %w", err)
	}
	return any, nil
}
