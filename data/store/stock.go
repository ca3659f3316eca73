package store

import (
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// Listing is a SKU as it is offered in one marketplace.
type Listing struct {
	Connection, Marketplace, SKU  string
	ASIN, FNSKU, Title, Condition string
	Status, ProductType, Image    string
	Currency                      string
	Price                         *int64 // minor units
	OwnQuantity                   *int64 // seller-fulfilled units
	Created, Updated              time.Time
	Document                      int64
}

// PutListing stores a listing as Amazon now shows it.
func (t *Tx) PutListing(l Listing) error {
	_, err := t.exec(`INSERT INTO listing (connection_id, marketplace_id, sku, asin, fnsku, title, condition, status, product_type,
		currency, price_minor, own_quantity, image, created_at, updated_at, seen_at, document_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET asin = excluded.asin, fnsku = excluded.fnsku, title = excluded.title, condition = excluded.condition,
		status = excluded.status, product_type = excluded.product_type, currency = excluded.currency, price_minor = excluded.price_minor,
		own_quantity = excluded.own_quantity, image = excluded.image, created_at = coalesce(excluded.created_at, created_at),
		updated_at = excluded.updated_at, seen_at = excluded.seen_at, document_id = excluded.document_id`,
		l.Connection, l.Marketplace, l.SKU, l.ASIN, l.FNSKU, l.Title, l.Condition, l.Status, l.ProductType,
		l.Currency, l.Price, l.OwnQuantity, l.Image, optMillis(l.Created), optMillis(l.Updated), t.now, nullID(l.Document))
	if err != nil {
		return fmt.Errorf("store listing %s: %w", l.SKU, err)
	}
	return nil
}

// Stock is what Amazon holds of a SKU, in units.
type Stock struct {
	Connection, Marketplace, SKU, Condition string
	Taken                                   time.Time
	ASIN, FNSKU                             string
	Fulfillable                             int64
	InboundWorking, InboundShipped          int64
	InboundReceiving                        int64
	Reserved, Researching, Unfulfillable    int64
	Total                                   int64
	Document                                int64
}

// PutStock stores a snapshot; a later one of the same day replaces it.
func (t *Tx) PutStock(s Stock) error {
	_, err := t.exec(`INSERT INTO stock_snapshot (connection_id, marketplace_id, sku, condition, snapshot_day, taken_at, asin, fnsku,
		fulfillable, inbound_working, inbound_shipped, inbound_receiving, reserved, researching, unfulfillable, total, document_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at, asin = excluded.asin, fnsku = excluded.fnsku,
		fulfillable = excluded.fulfillable, inbound_working = excluded.inbound_working, inbound_shipped = excluded.inbound_shipped,
		inbound_receiving = excluded.inbound_receiving, reserved = excluded.reserved, researching = excluded.researching,
		unfulfillable = excluded.unfulfillable, total = excluded.total, document_id = excluded.document_id
		WHERE excluded.taken_at >= taken_at`,
		s.Connection, s.Marketplace, s.SKU, s.Condition, markets.Day(s.Marketplace, s.Taken), millis(s.Taken), s.ASIN, s.FNSKU,
		s.Fulfillable, s.InboundWorking, s.InboundShipped, s.InboundReceiving, s.Reserved, s.Researching, s.Unfulfillable, s.Total,
		nullID(s.Document))
	if err != nil {
		return fmt.Errorf("store stock of %s: %w", s.SKU, err)
	}
	return nil
}
