package store

import "countinghouse/data/books"

// StorageFee is what storing a product cost: over a month, or as a surcharge on
// old units. What is charged stands in the settlements; this explains it.
type StorageFee struct {
	Told
	Kind             string // monthly or aged
	Period           string // YYYY-MM, or YYYY-MM-DD for aged
	ASIN, FNSKU, SKU string
	Centre, Country  string
	Tier             string // size tier, or span of age
	Currency         string
	Ordinal          int
	Units            *books.Decimal // on average, or charged
	Volume           *books.Decimal // of all units
	VolumeUnit       string
	Rate             *books.Decimal // per unit of volume
	Fee              *books.Decimal // before tax
	Dangerous        string
}

// Kinds of StorageFee.
const (
	StorageMonthly = "monthly"
	StorageAged    = "aged"
)

var storageFeeTable = newReportTable("storage_fee", "kind period asin fnsku sku centre country tier currency ordinal",
	"units_nano volume_nano volume_unit rate_nano fee_nano dangerous")

// PutStorageFee stores a fee and tells whether the book changed.
func (t *Tx) PutStorageFee(s StorageFee) (changed bool, err error) {
	return t.putReportRow(storageFeeTable, s.Told, s.Kind, s.Period, s.ASIN, s.FNSKU, s.SKU, s.Centre, s.Country, s.Tier, s.Currency, s.Ordinal,
		nano(s.Units), nano(s.Volume), s.VolumeUnit, nano(s.Rate), nano(s.Fee), s.Dangerous)
}

// FeePreview is what Amazon expects to charge for one unit of a SKU.
type FeePreview struct {
	Told
	Marketplace, SKU, Currency           string
	Ordinal                              int
	Day                                  string // the day the report was made
	ASIN, FNSKU, FulfilledBy             string
	Price                                *int64 // minor units
	Total, Referral, Closing, Fulfilment *books.Decimal
	Sides                                [3]*books.Decimal // longest first
	SideUnit                             string
	Weight                               *books.Decimal
	WeightUnit, SizeTier                 string
}

var feePreviewTable = newReportTable("fee_preview", "marketplace_id sku currency ordinal",
	`preview_day asin fnsku fulfilled_by price_minor total_nano referral_nano closing_nano fulfilment_nano longest median shortest
	side_unit weight weight_unit size_tier`)

// PutFeePreview stores a preview and tells whether the book changed.
func (t *Tx) PutFeePreview(p FeePreview) (changed bool, err error) {
	return t.putReportRow(feePreviewTable, p.Told, p.Marketplace, p.SKU, p.Currency, p.Ordinal, p.Day, p.ASIN, p.FNSKU, p.FulfilledBy, p.Price,
		nano(p.Total), nano(p.Referral), nano(p.Closing), nano(p.Fulfilment), exactText(p.Sides[0]), exactText(p.Sides[1]),
		exactText(p.Sides[2]), p.SideUnit, exactText(p.Weight), p.WeightUnit, p.SizeTier)
}
