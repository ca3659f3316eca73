package reports

import (
	"iter"

	"countinghouse/data/books"
)

// Amazon's advice on stock. Planning names its day; restock tells of the moment
// it was made.
const (
	InventoryPlanning Kind = "inventory-planning"
	Restock           Kind = "restock"
)

// PlanRow is one row of an inventory-planning or restock report.
type PlanRow struct {
	Line                   int
	Raw                    string
	Day                    When   // of the snapshot; nothing in a restock report
	Place                  string // marketplace or country
	SKU, FNSKU, ASIN       string
	Condition              string
	Available              Number[int64] // units, as all that follow
	Inbound                Number[int64]
	Reserved               Number[int64]
	Unfulfillable          Number[int64]
	PendingRemoval         Number[int64]
	Age                    [5]Number[int64] // 0-90, 91-180, 181-270, 271-365, over 365 days
	Sold                   [4]Number[int64] // shipped in the last 7, 30, 60, 90 days
	Excess                 Number[int64]
	Recommended            Number[int64] // to send in
	RecommendedBy          When
	DaysOfSupply           Number[books.Decimal]
	SellThrough            Number[books.Decimal]
	StorageNextMonth       Number[books.Decimal] // in Currency
	Alert, Action          string
	Currency, StorageClass string
	Price                  Amount
}

// InventoryPlanning gives the rows of an inventory-planning report.
func (f *File) InventoryPlanning() iter.Seq2[PlanRow, error] {
	return tableRows(f, InventoryPlanning, func(r *TableRow) PlanRow {
		return PlanRow{
			Line: r.Line, Raw: r.Raw, Day: r.When("snapshot-date"), Place: r.Text("marketplace"), SKU: r.Text("sku"), FNSKU: r.Text("fnsku"),
			ASIN: r.Text("asin"), Condition: r.Text("condition"), Available: r.Count("available"), Inbound: r.Count("inbound-quantity"),
			Reserved: r.Count("reserved-quantity"), Unfulfillable: r.Count("unfulfillable-quantity"),
			PendingRemoval: r.Count("pending-removal-quantity"),
			Age: [5]Number[int64]{
				r.firstTold("inv-age-0-to-90-days", "inv-age-0-to-30-days", "inv-age-31-to-60-days", "inv-age-61-to-90-days"),
				r.Count("inv-age-91-to-180-days"), r.Count("inv-age-181-to-270-days"), r.Count("inv-age-271-to-365-days"),
				r.firstTold("inv-age-365-plus-days", "inv-age-366-to-455-days", "inv-age-456-plus-days"),
			},
			Sold: [4]Number[int64]{
				r.Count("units-shipped-t7"), r.Count("units-shipped-t30"), r.Count("units-shipped-t60"), r.Count("units-shipped-t90"),
			},
			Excess: r.Count("estimated-excess-quantity"), DaysOfSupply: r.Decimal("days-of-supply"), SellThrough: r.Decimal("sell-through"),
			StorageNextMonth: r.Decimal("estimated-storage-cost-next-month"), Alert: r.Text("alert"), Action: r.Text("recommended-action"),
			Currency: r.Currency(), StorageClass: r.Text("storage-type"), Price: r.Money("your-price"),
		}
	})
}

// firstTold is a count, or the sum of its parts where the report has the finer
// columns only.
func (r *TableRow) firstTold(whole string, parts ...string) Number[int64] {
	if n := r.Count(whole); n.Told {
		return n
	}
	var sum Number[int64]
	for _, p := range parts {
		if n := r.Count(p); n.Told {
			sum.Value, sum.Told = sum.Value+n.Value, true
		}
	}
	return sum
}

// Restock gives the rows of a restock-recommendations report.
func (f *File) Restock() iter.Seq2[PlanRow, error] {
	return tableRows(f, Restock, func(r *TableRow) PlanRow {
		row := PlanRow{
			Line: r.Line, Raw: r.Raw, Place: r.Text("Country"), SKU: r.Text("Merchant SKU"), FNSKU: r.Text("FNSKU"), ASIN: r.Text("ASIN"),
			Condition: r.Text("Condition"), Available: r.Count("Available"), Inbound: r.Count("Inbound"),
			Unfulfillable: r.Count("Unfulfillable"), Recommended: r.Count("Recommended replenishment qty"),
			RecommendedBy: r.When("Recommended ship date"), DaysOfSupply: r.Decimal("Days of Supply at Amazon Fulfillment Network"),
			Alert: r.Text("Alert"), Action: r.Text("Recommended action"), Currency: r.Currency(), Price: r.Money("Price"),
		}
		row.Sold[1] = r.Count("Units Sold Last 30 Days")
		for _, c := range []string{"FC transfer", "FC Processing", "Customer Order"} {
			if n := r.Count(c); n.Told {
				row.Reserved.Value, row.Reserved.Told = row.Reserved.Value+n.Value, true
			}
		}
		return row
	})
}
