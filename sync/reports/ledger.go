package reports

import "iter"

// The FBA inventory ledger: every move of a unit, and balances per period.
const (
	LedgerDetail  Kind = "ledger-detail"
	LedgerSummary Kind = "ledger-summary"
)

// MoveRow is one row of the ledger's detail view. Rows have no id and equal
// ones are genuine.
type MoveRow struct {
	Line         int
	Raw          string
	Moved        When // the day; its At is the instant where the report tells it
	FNSKU, SKU   string
	ASIN         string
	Event        string // Shipments, Receipts, CustomerReturns, Adjustments, WhseTransfers, VendorReturns
	Reference    string
	Units        int64 // negative when they leave
	Centre       string
	Disposition  string // SELLABLE, CUSTOMER_DAMAGED, ...
	Reason       string // code of an adjustment
	Country      string
	Reconciled   Number[int64]
	Unreconciled Number[int64]
}

// LedgerDetail gives the rows of the detail view of the inventory ledger.
func (f *File) LedgerDetail() iter.Seq2[MoveRow, error] {
	return tableRows(f, LedgerDetail, func(r *TableRow) MoveRow {
		m := MoveRow{
			Line: r.Line, Raw: r.Raw, Moved: r.When("Date"), FNSKU: r.Text("FNSKU"), SKU: r.Text("MSKU"), ASIN: r.Text("ASIN"),
			Event: r.Text("Event Type"), Reference: r.Text("Reference ID"), Units: r.Count("Quantity").Value,
			Centre: r.Text("Fulfillment Center"), Disposition: r.Text("Disposition"), Reason: r.Text("Reason"),
			Country: r.Text("Country"), Reconciled: r.Count("Reconciled Quantity"), Unreconciled: r.Count("Unreconciled Quantity"),
		}
		if at := r.When("Date and Time"); at.Clock {
			m.Moved.At, m.Moved.Clock = at.At, true
		}
		return m
	})
}

// BalanceRow is one row of the ledger's summary view: one FNSKU and disposition
// in one place over one day, week or month.
type BalanceRow struct {
	Line        int
	Raw         string
	Day         When // first day of the period
	FNSKU, SKU  string
	ASIN        string
	Disposition string
	Location    string        // country or fulfilment centre
	Start, End  int64         // units in warehouses
	InTransit   Number[int64] // between warehouses, at the end
	Received    Number[int64]
	Shipped     Number[int64] // negative
	Returned    Number[int64]
	Removed     Number[int64] // Amazon calls it vendor returns; negative
	Transferred Number[int64]
	Found       Number[int64]
	Lost        Number[int64] // negative
	Damaged     Number[int64]
	Disposed    Number[int64]
	Other       Number[int64]
	Unknown     Number[int64]
}

// LedgerSummary gives the rows of the summary view of the inventory ledger.
func (f *File) LedgerSummary() iter.Seq2[BalanceRow, error] {
	return tableRows(f, LedgerSummary, func(r *TableRow) BalanceRow {
		return BalanceRow{
			Line: r.Line, Raw: r.Raw, Day: r.When("Date"), FNSKU: r.Text("FNSKU"), SKU: r.Text("MSKU"), ASIN: r.Text("ASIN"),
			Disposition: r.Text("Disposition"), Location: r.Text("Location"),
			Start: r.Count("Starting Warehouse Balance").Value, End: r.Count("Ending Warehouse Balance").Value,
			InTransit: r.Count("In Transit Between Warehouses"), Received: r.Count("Receipts"), Shipped: r.Count("Customer Shipments"),
			Returned: r.Count("Customer Returns"), Removed: r.Count("Vendor Returns"), Transferred: r.Count("Warehouse Transfer In/Out"),
			Found: r.Count("Found"), Lost: r.Count("Lost"), Damaged: r.Count("Damaged"), Disposed: r.Count("Disposed"),
			Other: r.Count("Other Events"), Unknown: r.Count("Unknown Events"),
		}
	})
}
