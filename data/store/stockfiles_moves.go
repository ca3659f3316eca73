package store

import "time"

// StockMove is one move of units in Amazon's warehouses, as the inventory
// ledger tells it.
type StockMove struct {
	Told
	Day                      string // as the ledger writes it
	FNSKU, SKU, ASIN         string
	Event, Reference         string
	Centre, Disposition      string
	Reason, Country          string
	Units                    int64 // negative when they leave
	Ordinal                  int   // among equal moves of a report
	Moved                    time.Time
	Reconciled, Unreconciled *int64
}

var stockMoveTable = newReportTable("stock_move",
	"move_day fnsku sku event reference centre disposition reason country quantity ordinal",
	"moved_at asin reconciled unreconciled")

// PutStockMove stores a move and tells whether the book changed.
func (t *Tx) PutStockMove(m StockMove) (changed bool, err error) {
	changed, err = t.putReportRow(stockMoveTable, m.Told, m.Day, m.FNSKU, m.SKU, m.Event, m.Reference, m.Centre, m.Disposition, m.Reason,
		m.Country, m.Units, m.Ordinal, optMillis(m.Moved), m.ASIN, m.Reconciled, m.Unreconciled)
	if changed && m.Event == "Adjustments" {
		t.touch(m.Connection, goodsScope+m.SKU) // what is lost is written off at cost
	}
	return changed, err
}

// StockBalance is what the inventory ledger tells of one FNSKU in one place over
// one period. A nil count is not told.
type StockBalance struct {
	Told
	Day                            string // first of the period, as the ledger writes it
	FNSKU, SKU, ASIN               string
	Disposition, Location          string
	Start, End                     int64
	InTransit, Received, Shipped   *int64
	Returned, Removed, Transferred *int64
	Found, Lost, Damaged           *int64
	Disposed, Other, Unknown       *int64
}

var stockBalanceTable = newReportTable("stock_balance", "period_day fnsku sku disposition location",
	`asin start_units in_transit received shipped returned removed transferred found lost damaged disposed other unknown end_units`)

// PutStockBalance stores a balance and tells whether the book changed.
func (t *Tx) PutStockBalance(b StockBalance) (changed bool, err error) {
	return t.putReportRow(stockBalanceTable, b.Told, b.Day, b.FNSKU, b.SKU, b.Disposition, b.Location, b.ASIN, b.Start, b.InTransit,
		b.Received, b.Shipped, b.Returned, b.Removed, b.Transferred, b.Found, b.Lost, b.Damaged, b.Disposed, b.Other, b.Unknown, b.End)
}

// Removal is one line of an order to send goods back or destroy them.
type Removal struct {
	Told
	ID, SKU, FNSKU, Disposition             string
	Ordinal                                 int
	Day                                     string
	Requested                               time.Time // noon of the day when no time is told
	Updated                                 time.Time // zero when not told
	Type, Status                            string
	Units                                   int64
	Cancelled, Disposed, Shipped, InProcess *int64
	Currency                                string
	Fee                                     *int64 // minor units
}

var removalTable = newReportTable("removal", "removal_id sku fnsku disposition ordinal",
	"request_day requested_at updated_at type status requested cancelled disposed shipped in_process currency fee_minor")

// PutRemoval stores a line of a removal order and tells whether the book
// changed.
func (t *Tx) PutRemoval(r Removal) (changed bool, err error) {
	return t.putReportRow(removalTable, r.Told, r.ID, r.SKU, r.FNSKU, r.Disposition, r.Ordinal, r.Day, millis(r.Requested),
		optMillis(r.Updated), r.Type, r.Status, r.Units, r.Cancelled, r.Disposed, r.Shipped, r.InProcess, r.Currency, r.Fee)
}
