package reports

import "iter"

// FBAReturns is what customers sent back to Amazon's warehouses.
const FBAReturns Kind = "fba-returns"

// ReturnRow is one row of a report of customer returns. Equal rows are genuine:
// two units of one order can come back on one day.
type ReturnRow struct {
	Line        int
	Raw         string // as it stands, the customer's comment left out
	Returned    When
	Order       string
	SKU         string
	ASIN, FNSKU string
	Title       string
	Units       int64
	Centre      string // fulfilment centre
	Disposition string // SELLABLE, CUSTOMER_DAMAGED, ... as written, in any language
	Reason      string
	Status      string
	Plate       string // license plate number (LPN) of the unit
}

// FBAReturns gives the rows of a report of FBA customer returns.
func (f *File) FBAReturns() iter.Seq2[ReturnRow, error] {
	return tableRows(f, FBAReturns, func(r *TableRow) ReturnRow {
		return ReturnRow{
			Line: r.Line, Raw: r.Raw, Returned: r.When("return-date"), Order: r.Text("order-id"), SKU: r.Text("sku"),
			ASIN: r.Text("asin"), FNSKU: r.Text("fnsku"), Title: r.Text("product-name"), Units: r.Count("quantity").Value,
			Centre: r.Text("fulfillment-center-id"), Disposition: r.Text("detailed-disposition"), Reason: r.Text("reason"),
			Status: r.Text("status"), Plate: r.Text("license-plate-number"),
		}
	})
}
