package store

import (
	"fmt"
	"time"

	"countinghouse/data/books"
)

// StockCount is what an inventory report says Amazon holds of a SKU. A nil
// count is not told.
type StockCount struct {
	Told
	Report                             string // kind of the report
	Day                                string // the day it was made
	Marketplace, Country               string // empty when not told
	SKU, Condition, Part, FNSKU        string // Part: SELLABLE or UNSELLABLE where the report tells units apart
	Ordinal                            int
	ASIN                               string
	Fulfillable, Unsellable, Reserved  *int64
	Warehouse, Total                   *int64
	InboundWorking, InboundShipped     *int64
	InboundReceiving, Researching, Own *int64
}

var stockCountTable = newReportTable("stock_count", "report count_day marketplace_id country sku condition part fnsku ordinal",
	`asin fulfillable unsellable reserved warehouse total inbound_working inbound_shipped inbound_receiving researching own`)

// PutStockCount stores a count and tells whether the book changed.
func (t *Tx) PutStockCount(c StockCount) (changed bool, err error) {
	return t.putReportRow(stockCountTable, c.Told, c.Report, c.Day, c.Marketplace, c.Country, c.SKU, c.Condition, c.Part, c.FNSKU, c.Ordinal,
		c.ASIN, c.Fulfillable, c.Unsellable, c.Reserved, c.Warehouse, c.Total, c.InboundWorking, c.InboundShipped, c.InboundReceiving,
		c.Researching, c.Own)
}

// StockAdvice is what Amazon advises for a SKU: planning, restock, removal.
type StockAdvice struct {
	Told
	Report                             string // kind of the report
	Day                                string // as the report names it, else the day it was made
	Marketplace, SKU, Condition, FNSKU string
	Ordinal                            int
	ASIN                               string
	Available, Inbound, Reserved       *int64
	Unfulfillable, PendingRemoval      *int64
	Age                                [5]*int64 // 0-90, 91-180, 181-270, 271-365, over 365 days
	Sold                               [4]*int64 // in the last 7, 30, 60, 90 days
	Excess, Recommended                *int64
	RecommendedBy                      string
	DaysOfSupply, SellThrough          *books.Decimal
	Alert, Action, Currency            string
	StorageNextMonth                   *books.Decimal // in Currency
}

var stockAdviceTable = newReportTable("stock_advice", "report advice_day marketplace_id sku condition fnsku ordinal",
	`asin available inbound reserved unfulfillable pending_removal age_0_90 age_91_180 age_181_270 age_271_365 age_over_365
	sold_7 sold_30 sold_60 sold_90 excess recommended recommended_by_day days_of_supply sell_through alert action currency
	storage_next_month_nano`)

// PutStockAdvice stores advice and tells whether the book changed.
func (t *Tx) PutStockAdvice(a StockAdvice) (changed bool, err error) {
	return t.putReportRow(stockAdviceTable, a.Told, a.Report, a.Day, a.Marketplace, a.SKU, a.Condition, a.FNSKU, a.Ordinal, a.ASIN,
		a.Available, a.Inbound, a.Reserved, a.Unfulfillable, a.PendingRemoval, a.Age[0], a.Age[1], a.Age[2], a.Age[3], a.Age[4],
		a.Sold[0], a.Sold[1], a.Sold[2], a.Sold[3], a.Excess, a.Recommended, a.RecommendedBy, exactText(a.DaysOfSupply),
		exactText(a.SellThrough), a.Alert, a.Action, a.Currency, nano(a.StorageNextMonth))
}

// ListingRow is a SKU as a listings report tells it.
type ListingRow struct {
	Told
	Marketplace, SKU           string // Marketplace is empty when not told
	Ordinal                    int
	ID, ASIN, Title            string
	Price, BusinessPrice       *books.Decimal // in Currency
	Currency                   string         // of the marketplace, empty when that is not told
	OwnQuantity                *int64
	Channel, Condition, Status string
	ShippingGroup, Points      string
	OpenedDay                  string
	Opened                     time.Time
}

var listingRowTable = newReportTable("listing_row", "marketplace_id sku ordinal",
	`listing_id asin title price business_price own_quantity channel condition status shipping_group points opened_day opened_at`)

// PutListingRow stores a row of a listings report and tells whether the book
// changed. Where the listing is not known from the API, it becomes known by
// this row; the API tells more and is not overwritten.
func (t *Tx) PutListingRow(l ListingRow) (changed bool, err error) {
	changed, err = t.putReportRow(listingRowTable, l.Told, l.Marketplace, l.SKU, l.Ordinal, l.ID, l.ASIN, l.Title, exactText(l.Price),
		exactText(l.BusinessPrice), l.OwnQuantity, l.Channel, l.Condition, l.Status, l.ShippingGroup, l.Points, l.OpenedDay, optMillis(l.Opened))
	if err != nil || !changed || l.Marketplace == "" {
		return changed, err
	}
	var price *int64
	if l.Price != nil && l.Currency != "" {
		if m, err := l.Price.Times(1, l.Currency); err == nil {
			price = &m.Minor
		}
	}
	_, err = t.exec(`INSERT INTO listing (connection_id, marketplace_id, sku, asin, title, condition, status, currency, price_minor,
		own_quantity, created_at, seen_at, document_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET asin = excluded.asin, title = excluded.title, condition = excluded.condition, status = excluded.status,
		currency = excluded.currency, price_minor = excluded.price_minor, own_quantity = excluded.own_quantity,
		created_at = excluded.created_at, seen_at = excluded.seen_at, document_id = excluded.document_id
		WHERE (SELECT kind FROM document WHERE id = listing.document_id) = 'report' AND excluded.seen_at >= listing.seen_at`,
		l.Connection, l.Marketplace, l.SKU, l.ASIN, l.Title, l.Condition, l.Status, l.Currency, price, l.OwnQuantity,
		optMillis(l.Opened), millis(l.Until), nullID(l.Document))
	if err != nil {
		return changed, fmt.Errorf("store listing %s: %w", l.SKU, err)
	}
	return changed, nil
}
