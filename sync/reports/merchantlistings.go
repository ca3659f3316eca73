package reports

import (
	"iter"

	"countinghouse/data/books"
)

// MerchantListings is the seller's catalogue: all, active or custom listings,
// with 14 to 44 columns.
const MerchantListings Kind = "listings"

// ListingRow is one row of a listings report.
type ListingRow struct {
	Line                          int
	Raw                           string
	SKU, ASIN, ID, Title          string
	Price                         Number[books.Decimal] // in the marketplace's currency, which the report does not name
	BusinessPrice                 Number[books.Decimal]
	Units                         Number[int64] // seller-fulfilled units; not told for FBA
	Opened                        When
	Condition                     string // a number: 11 is new
	Channel                       string // DEFAULT, AMAZON_NA, AMAZON_EU, AMAZON_JP
	ShippingGroup, Status, Points string
}

// MerchantListings gives the rows of a listings report.
func (f *File) MerchantListings() iter.Seq2[ListingRow, error] {
	return tableRows(f, MerchantListings, func(r *TableRow) ListingRow {
		return ListingRow{
			Line: r.Line, Raw: r.Raw, SKU: r.Text("seller-sku"), ASIN: r.Text("asin1"), ID: r.Text("listing-id"), Title: r.Text("item-name"),
			Price: r.Decimal("price"), BusinessPrice: r.Decimal("business-price"), Units: r.Count("quantity"), Opened: r.When("open-date"),
			Condition: r.Text("item-condition"), Channel: r.Text("fulfillment-channel"), ShippingGroup: r.Text("merchant-shipping-group"),
			Status: r.Text("status"), Points: r.Text("standard-price-point"),
		}
	})
}
