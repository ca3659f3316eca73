package reports

import (
	"iter"

	"countinghouse/data/books"
)

// What Amazon says it holds, in three reports. None of them names a day: they
// tell of the moment they were made.
const (
	MYIInventory Kind = "myi-inventory"  // manage FBA inventory: all quantities
	AFNInventory Kind = "afn-inventory"  // sellable and unsellable units
	AFNByCountry Kind = "afn-by-country" // sellable units by country (Europe)
)

// CountRow is one row of such a report.
type CountRow struct {
	Line             int
	Raw              string
	SKU, FNSKU, ASIN string
	Condition        string        // New, NewItem, ...
	Part             string        // which units: "", SELLABLE, UNSELLABLE
	Country          string        // of units by country
	Fulfillable      Number[int64] // units, as all that follow
	Unsellable       Number[int64]
	Reserved         Number[int64]
	Warehouse        Number[int64]
	Total            Number[int64]
	Working          Number[int64] // inbound: being prepared
	Shipped          Number[int64] // inbound: on the way
	Receiving        Number[int64] // inbound: being booked in
	Researching      Number[int64]
	Own              Number[int64]         // seller-fulfilled units
	Price            Number[books.Decimal] // in the marketplace's currency, which the report does not name
}

// MYIInventory gives the rows of a manage-FBA-inventory report.
func (f *File) MYIInventory() iter.Seq2[CountRow, error] {
	return tableRows(f, MYIInventory, func(r *TableRow) CountRow {
		return CountRow{
			Line: r.Line, Raw: r.Raw, SKU: r.Text("sku"), FNSKU: r.Text("fnsku"), ASIN: r.Text("asin"), Condition: r.Text("condition"),
			Fulfillable: r.Count("afn-fulfillable-quantity"), Unsellable: r.Count("afn-unsellable-quantity"),
			Reserved: r.Count("afn-reserved-quantity"), Warehouse: r.Count("afn-warehouse-quantity"), Total: r.Count("afn-total-quantity"),
			Working: r.Count("afn-inbound-working-quantity"), Shipped: r.Count("afn-inbound-shipped-quantity"),
			Receiving: r.Count("afn-inbound-receiving-quantity"), Researching: r.Count("afn-researching-quantity"),
			Own: r.Count("mfn-fulfillable-quantity"), Price: r.Decimal("your-price"),
		}
	})
}

// AFNInventory gives the rows of an AFN inventory report.
func (f *File) AFNInventory() iter.Seq2[CountRow, error] {
	return tableRows(f, AFNInventory, func(r *TableRow) CountRow {
		row := CountRow{
			Line: r.Line, Raw: r.Raw, SKU: r.Text("seller-sku"), FNSKU: r.Text("fulfillment-channel-sku"), ASIN: r.Text("asin"),
			Condition: r.Text("condition-type"), Part: r.Text("Warehouse-Condition-code"),
		}
		if units := r.Count("Quantity Available"); row.Part == "UNSELLABLE" {
			row.Unsellable = units
		} else {
			row.Fulfillable = units
		}
		return row
	})
}

// AFNByCountry gives the rows of a multi-country inventory report.
func (f *File) AFNByCountry() iter.Seq2[CountRow, error] {
	return tableRows(f, AFNByCountry, func(r *TableRow) CountRow {
		return CountRow{
			Line: r.Line, Raw: r.Raw, SKU: r.Text("seller-sku"), FNSKU: r.Text("fulfillment-channel-sku"), ASIN: r.Text("asin"),
			Condition: r.Text("condition-type"), Country: r.Text("country"), Fulfillable: r.Count("quantity-for-local-fulfillment"),
		}
	})
}
