package reports

import "iter"

// Customer returns: to Amazon's warehouses, and to the seller himself.
const (
	FBAReturns    Kind = "fba-returns"
	SellerReturns Kind = "seller-returns"
)

// ReturnRow is one row of a report of customer returns. Equal rows are genuine:
// two units of one order can come back on one day.
type ReturnRow struct {
	Line        int
	Raw         string // as it stands, the customer's comment left out
	Returned    When   // to a warehouse; for seller-fulfilled orders, asked for
	Order       string
	SKU         string
	ASIN, FNSKU string
	Units       int64
	Centre      string // fulfilment centre; empty for seller-fulfilled orders
	Disposition string // SELLABLE, CUSTOMER_DAMAGED, ... as written, in any language
	Reason      string
	Status      string
	Reference   string // license plate (LPN) of the unit, or Amazon's RMA id
	Resolution  string // of seller-fulfilled orders: StandardRefund, ...
	Refunded    Amount // of seller-fulfilled orders
	Label       Amount // what the return label costs, of seller-fulfilled orders
}

// FBAReturns gives the rows of a report of FBA customer returns.
func (f *File) FBAReturns() iter.Seq2[ReturnRow, error] {
	return tableRows(f, FBAReturns, func(r *TableRow) ReturnRow {
		return ReturnRow{
			Line: r.Line, Raw: r.Raw, Returned: r.When("return-date"), Order: r.Text("order-id"), SKU: r.Text("sku"),
			ASIN: r.Text("asin"), FNSKU: r.Text("fnsku"), Units: r.Count("quantity").Value,
			Centre: r.Text("fulfillment-center-id"), Disposition: r.Text("detailed-disposition"), Reason: r.Text("reason"),
			Status: r.Text("status"), Reference: r.Text("license-plate-number"),
		}
	})
}

// SellerReturns gives the rows of a report of returns of seller-fulfilled
// orders.
func (f *File) SellerReturns() iter.Seq2[ReturnRow, error] {
	return tableRows(f, SellerReturns, func(r *TableRow) ReturnRow {
		return ReturnRow{
			Line: r.Line, Raw: r.Raw, Returned: r.When("Return request date"), Order: r.Text("Order ID"), SKU: r.Text("Merchant SKU"),
			ASIN: r.Text("ASIN"), Units: r.Count("Return quantity").Value, Reason: r.Text("Return Reason"),
			Status: r.Text("Return request status"), Reference: r.Text("Amazon RMA ID"), Resolution: r.Text("Resolution"),
			Refunded: r.Money("Refunded Amount"), Label: r.Money("Label cost"),
		}
	})
}
