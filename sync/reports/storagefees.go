package reports

import (
	"iter"

	"countinghouse/data/books"
)

// What storage costs: each month, and the surcharge on old stock.
const (
	StorageFees     Kind = "storage-fees"
	AgedStorageFees Kind = "aged-storage-fees"
)

// StorageFeeRow is one row of a monthly storage report: one product in one
// warehouse. Its fee is Amazon's estimate without tax, exact below the cent;
// what is charged stands in the settlement.
type StorageFeeRow struct {
	Line           int
	Raw            string
	Month          string // YYYY-MM
	ASIN, FNSKU    string
	Centre         string // fulfilment centre
	Country        string
	Tier           string                // size tier
	Units          Number[books.Decimal] // on average
	PendingRemoval Number[books.Decimal] // on average
	Volume         Number[books.Decimal] // of all units
	VolumeUnit     string
	Rate           Number[books.Decimal] // per unit of volume
	Currency       string
	Fee            Number[books.Decimal]
	Dangerous      string // dangerous-goods storage type
}

// StorageFees gives the rows of a monthly storage report.
func (f *File) StorageFees() iter.Seq2[StorageFeeRow, error] {
	return tableRows(f, StorageFees, func(r *TableRow) StorageFeeRow {
		rate := r.Decimal("storage_rate")
		if !rate.Told {
			rate = r.Decimal("base_rate")
		}
		return StorageFeeRow{
			Line: r.Line, Raw: r.Raw, Month: r.Month("month_of_charge"), ASIN: r.Text("asin"), FNSKU: r.Text("fnsku"),
			Centre: r.Text("fulfillment_center"), Country: r.Text("country_code"), Tier: r.Text("product_size_tier"),
			Units: r.Decimal("average_quantity_on_hand"), PendingRemoval: r.Decimal("average_quantity_pending_removal"),
			Volume: r.Decimal("estimated_total_item_volume"), VolumeUnit: r.Text("volume_units"), Rate: rate, Currency: r.Currency(),
			Fee: r.Decimal("estimated_monthly_storage_fee"), Dangerous: r.Text("dangerous_goods_storage_type"),
		}
	})
}

// AgedFee is a surcharge on units of one span of age.
type AgedFee struct {
	Tier   string // as written, or the span that the column names
	Units  int64
	Amount Amount
	Rate   Number[books.Decimal]
}

// AgedFeeRow is one row of a report of surcharges on old stock. The old layout
// has two spans of age in one row.
type AgedFeeRow struct {
	Line             int
	Raw              string
	Charged          When
	SKU, FNSKU, ASIN string
	Condition        string
	Country          string
	Fees             []AgedFee // those that the row tells, zero ones too
}

// AgedStorageFees gives the rows of a report of aged-inventory surcharges or
// long-term storage fees.
func (f *File) AgedStorageFees() iter.Seq2[AgedFeeRow, error] {
	return tableRows(f, AgedStorageFees, func(r *TableRow) AgedFeeRow {
		row := AgedFeeRow{
			Line: r.Line, Raw: r.Raw, Charged: r.When("snapshot-date"), SKU: r.Text("sku"), FNSKU: r.Text("fnsku"), ASIN: r.Text("asin"),
			Condition: r.Text("condition"), Country: r.Text("country"),
		}
		for _, c := range []struct{ tier, units, amount string }{
			{r.Text("surcharge-age-tier"), "qty-charged", "amount-charged"},
			{"over 12 months", "qty-charged-12-mo-long-term-storage-fee", "12-mo-long-terms-storage-fee"},
			{"6-12 months", "qty-charged-6-mo-long-term-storage-fee", "6-mo-long-terms-storage-fee"},
		} {
			if amount := r.Money(c.amount); amount.Told {
				row.Fees = append(row.Fees, AgedFee{c.tier, r.Count(c.units).Value, amount, Number[books.Decimal]{}})
			}
		}
		if len(row.Fees) > 0 {
			row.Fees[0].Rate = r.Decimal("rate-surcharge")
		}
		return row
	})
}
