package reports

import "iter"

// Goods that leave Amazon's warehouses again: what was asked for, and what
// Amazon would ask for.
const (
	RemovalOrders Kind = "removal-orders"
	RemovalAdvice Kind = "removal-advice"
)

// RemovalRow is one line of a removal order.
type RemovalRow struct {
	Line        int
	Raw         string
	Requested   When
	Order       string // removal order id
	Type        string // Return, Disposal, Liquidations, ... in any language
	Status      string
	Updated     When
	SKU, FNSKU  string
	Disposition string // Sellable, Unsellable
	Units       int64  // asked for
	Cancelled   Number[int64]
	Disposed    Number[int64]
	Shipped     Number[int64]
	InProcess   Number[int64]
	Fee         Amount
}

// RemovalOrders gives the rows of a removal-order detail report.
func (f *File) RemovalOrders() iter.Seq2[RemovalRow, error] {
	return tableRows(f, RemovalOrders, func(r *TableRow) RemovalRow {
		return RemovalRow{
			Line: r.Line, Raw: r.Raw, Requested: r.When("request-date"), Order: r.Text("order-id"), Type: r.Text("order-type"),
			Status: r.Text("order-status"), Updated: r.When("last-updated-date"), SKU: r.Text("sku"), FNSKU: r.Text("fnsku"),
			Disposition: r.Text("disposition"), Units: r.Count("requested-quantity").Value, Cancelled: r.Count("cancelled-quantity"),
			Disposed: r.Count("disposed-quantity"), Shipped: r.Count("shipped-quantity"), InProcess: r.Count("in-process-quantity"),
			Fee: r.Money("removal-fee"),
		}
	})
}

// AdviceRow is one row of a recommended-removal report.
type AdviceRow struct {
	Line             int
	Raw              string
	Day              When
	SKU, FNSKU, ASIN string
	Condition        string
	Sellable         Number[int64]    // units, as all that follow
	Age              [4]Number[int64] // 121-180, 181-270, 271-365, over 365 days
	Remove           Number[int64]
	Unsellable       Number[int64]
}

// RemovalAdvice gives the rows of a recommended-removal report.
func (f *File) RemovalAdvice() iter.Seq2[AdviceRow, error] {
	return tableRows(f, RemovalAdvice, func(r *TableRow) AdviceRow {
		return AdviceRow{
			Line: r.Line, Raw: r.Raw, Day: r.When("snapshot-date"), SKU: r.Text("sku"), FNSKU: r.Text("fnsku"), ASIN: r.Text("asin"),
			Condition: r.Text("condition"), Sellable: r.Count("sellable-quantity"),
			Age: [4]Number[int64]{
				r.Count("sellable-121-180-days"), r.Count("sellable-181-270-days"), r.Count("sellable-271-365-days"), r.Count("sellable-365+-days"),
			},
			Remove: r.Count("sellable-removal-quantity"), Unsellable: r.Count("unsellable-quantity"),
		}
	})
}
