package reports

import (
	"iter"
)

// VATTransactions is Amazon's VAT transactions report: what was sold, moved or
// returned, and by which country's tax.
const VATTransactions Kind = "vat-transactions"

// VATRow is one row of a VAT transactions report. Buyers' tax numbers and towns
// are not given out.
type VATRow struct {
	Line                                      int
	Raw                                       string // without them
	Period, Channel, Marketplace, Program     string
	Type, EventID, ActivityID                 string
	Tax, Depart, Arrival, Complete            When
	SKU, ASIN, Title                          string
	Quantity                                  Number[int64]
	Currency                                  string
	Net, VAT, Gross                           Amount
	GoodsNet, ShippingNet, GiftWrapNet        Amount
	Rate, TaxCode                             string
	DepartCountry, ArrivalCountry             string
	SellerCountry, SellerVAT, BuyerVATCountry string
	Jurisdiction, Scheme, Collector           string
	OutsideEU, Invoice                        string
}

// VATTransactions gives the rows of a VAT transactions report.
func (f *File) VATTransactions() iter.Seq2[VATRow, error] {
	return tableRows(f, VATTransactions, func(r *TableRow) VATRow {
		return VATRow{
			Line: r.Line, Raw: r.Raw, Period: r.Text("activity-period"), Channel: r.Text("sales-channel"), Marketplace: r.Text("marketplace"),
			Program: r.Text("program"), Type: r.Text("transaction-type"), EventID: r.Text("transaction-event-id"),
			ActivityID: r.Text("activity-transaction-id"), Tax: r.When("tax-calculation-date"), Depart: r.When("transaction-depart-date"),
			Arrival: r.When("transaction-arrival-date"), Complete: r.When("transaction-complete-date"), SKU: r.Text("seller-sku"),
			ASIN: r.Text("asin"), Title: r.Text("item-description"), Quantity: r.Count("qty"), Currency: r.Currency(),
			Net: r.Money("total-activity-value-amt-vat-excl"), VAT: r.Money("total-activity-value-vat-amt"),
			Gross: r.Money("total-activity-value-amt-vat-incl"), GoodsNet: r.Money("total-price-of-items-amt-vat-excl"),
			ShippingNet: r.Money("total-ship-charge-amt-vat-excl"), GiftWrapNet: r.Money("total-gift-wrap-amt-vat-excl"),
			Rate: r.Text("price-of-items-vat-rate-percent"), TaxCode: r.Text("product-tax-code"), DepartCountry: r.Text("depart-country"),
			ArrivalCountry: r.Text("arrival-country"), SellerCountry: r.Text("transaction-seller-vat-number-country"),
			SellerVAT: r.Text("transaction-seller-vat-number"), BuyerVATCountry: r.Text("buyer-vat-number-country"),
			Jurisdiction: r.Text("taxable-jurisdiction"), Scheme: r.Text("tax-reporting-scheme"),
			Collector: r.Text("tax-collection-responsibility"), OutsideEU: r.Text("export-outside-eu"), Invoice: r.Text("vat-inv-number"),
		}
	})
}
