package store

import "time"

// CustomerReturn is goods that a customer sent back.
type CustomerReturn struct {
	Told
	Channel              string // AMAZON or MERCHANT: who took it back
	Order, SKU           string
	Returned             time.Time // noon of the day when no time is told
	Reference            string    // license plate of the unit, or Amazon's RMA id
	Ordinal              int       // among rows of a report that agree in all of the above
	Day                  string
	Marketplace          string // id, empty when not told
	ASIN, FNSKU          string
	Units                int64
	Centre, Disposition  string
	Sellable             *bool // nil when the disposition is not known here
	Reason, Status       string
	Resolution, Currency string
	Refunded, Label      *int64 // minor units
}

var customerReturnTable = newReportTable("customer_return", "channel order_id sku returned_at reference ordinal",
	`return_day marketplace_id asin fnsku quantity centre disposition sellable reason status resolution currency refunded_minor label_minor`)

// PutCustomerReturn stores a return and tells whether the book changed.
func (t *Tx) PutCustomerReturn(r CustomerReturn) (changed bool, err error) {
	changed, err = t.putReportRow(customerReturnTable, r.Told, r.Channel, r.Order, r.SKU, millis(r.Returned), r.Reference, r.Ordinal, r.Day,
		r.Marketplace, r.ASIN, r.FNSKU, r.Units, r.Centre, r.Disposition, optBool(r.Sellable), r.Reason, r.Status, r.Resolution, r.Currency,
		r.Refunded, r.Label)
	if changed && r.Order != "" {
		t.touch(r.Connection, r.Order) // goods that can be sold again take their cost back
	}
	return changed, err
}

func optBool(b *bool) any {
	switch {
	case b == nil:
		return nil
	case *b:
		return 1
	}
	return 0
}

// Reimbursement is what Amazon paid or gave back for goods it lost or broke.
// Its money is counted where Amazon posts it; this row explains it.
type Reimbursement struct {
	Told
	ID, SKU, FNSKU, Reason       string
	Ordinal                      int
	Day                          string
	Approved                     time.Time // noon of the day when no time is told
	Case, Order, ASIN, Condition string
	Currency                     string
	Each, Total                  *int64 // minor units
	UnitsCash, UnitsStock, Units *int64
	OriginalID, OriginalType     string
}

var reimbursementTable = newReportTable("reimbursement", "reimbursement_id sku fnsku reason ordinal",
	`approval_day approved_at case_id order_id asin condition currency each_minor total_minor units_cash units_stock units original_id original_type`)

// PutReimbursement stores a reimbursement and tells whether the book changed.
func (t *Tx) PutReimbursement(r Reimbursement) (changed bool, err error) {
	return t.putReportRow(reimbursementTable, r.Told, r.ID, r.SKU, r.FNSKU, r.Reason, r.Ordinal, r.Day, millis(r.Approved), r.Case, r.Order,
		r.ASIN, r.Condition, r.Currency, r.Each, r.Total, r.UnitsCash, r.UnitsStock, r.Units, r.OriginalID, r.OriginalType)
}
