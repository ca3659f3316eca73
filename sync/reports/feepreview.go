package reports

import (
	"iter"

	"countinghouse/data/books"
)

// FeePreview is what Amazon expects to charge for one unit of each SKU.
const FeePreview Kind = "fee-preview"

// FeePreviewRow is one row of a fee preview. Fees are Amazon's estimates per
// unit; what is not told is not zero.
type FeePreviewRow struct {
	Line                 int
	Raw                  string
	SKU, FNSKU, ASIN     string
	Place                string // store, where the report names it
	FulfilledBy          string // AMAZON_EU, Amazon, Merchant, ...
	Currency             string
	Price, SalesPrice    Amount
	Total                Number[books.Decimal]
	Referral             Number[books.Decimal]
	Closing              Number[books.Decimal]
	Fulfilment           Number[books.Decimal]
	Sides                [3]Number[books.Decimal] // longest first
	SideUnit             string
	Weight               Number[books.Decimal]
	WeightUnit, SizeTier string
}

// FeePreview gives the rows of a fee preview.
func (f *File) FeePreview() iter.Seq2[FeePreviewRow, error] {
	return tableRows(f, FeePreview, func(r *TableRow) FeePreviewRow {
		return FeePreviewRow{
			Line: r.Line, Raw: r.Raw, SKU: r.Text("sku"), FNSKU: r.Text("fnsku"), ASIN: r.Text("asin"), Place: r.Text("amazon-store"),
			FulfilledBy: r.Text("fulfilled-by"), Currency: r.Currency(), Price: r.Money("your-price"), SalesPrice: r.Money("sales-price"),
			Total: r.Decimal("estimated-fee-total"), Referral: r.Decimal("estimated-referral-fee-per-unit"),
			Closing: r.Decimal("estimated-variable-closing-fee"), Fulfilment: r.Decimal("expected-fulfillment-fee-per-unit"),
			Sides:    [3]Number[books.Decimal]{r.Decimal("longest-side"), r.Decimal("median-side"), r.Decimal("shortest-side")},
			SideUnit: r.Text("unit-of-dimension"), Weight: r.Decimal("item-package-weight"), WeightUnit: r.Text("unit-of-weight"),
			SizeTier: r.Text("product-size-tier"),
		}
	})
}
