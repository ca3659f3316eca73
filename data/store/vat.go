package store

import (
	"context"
	"database/sql"
	"fmt"
)

// VATTransaction is a row of Amazon's VAT transactions report.
type VATTransaction struct {
	Connection, Key                        string // Key says what the row is about, and which of equal ones it is
	Period, Channel, Marketplace, Program  string
	Type                                   string // SALE, REFUND, RETURN, FC_TRANSFER, ...
	EventID, ActivityID                    string // mostly order and shipment
	TaxDay, DepartDay, ArrivalDay          string
	CompleteDay                            string // the day that counts for the period
	SKU, ASIN, Title                       string
	Quantity                               *int64
	Currency                               string
	Net, VAT, Gross                        *int64 // minor units
	GoodsNet, ShippingNet, GiftWrapNet     *int64
	Rate                                   string // of the goods, as Amazon wrote it
	TaxCode, DepartCountry, ArrivalCountry string
	SellerCountry, SellerVAT               string // the seller's own VAT number
	BuyerVATCountry                        string // empty for a private buyer
	Jurisdiction, Scheme, Collector        string
	OutsideEU, Invoice                     string
	Document                               int64
	DocLine                                int
}

// PutVATTransaction stores a row; one that the book has stays as it is.
func (t *Tx) PutVATTransaction(v VATTransaction) (changed bool, err error) {
	n, err := t.exec(`INSERT INTO vat_transaction (connection_id, row_key, activity_period, sales_channel, marketplace, program, type, event_id,
		activity_id, tax_day, depart_day, arrival_day, complete_day, sku, asin, title, quantity, currency, net_minor, vat_minor, gross_minor,
		goods_net_minor, shipping_net_minor, giftwrap_net_minor, vat_rate, tax_code, depart_country, arrival_country, seller_country, seller_vat,
		buyer_vat_country, jurisdiction, scheme, collector, outside_eu, invoice_number, document_id, doc_line)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		v.Connection, v.Key, v.Period, v.Channel, v.Marketplace, v.Program, v.Type, v.EventID, v.ActivityID, v.TaxDay, v.DepartDay, v.ArrivalDay,
		v.CompleteDay, v.SKU, v.ASIN, v.Title, v.Quantity, v.Currency, v.Net, v.VAT, v.Gross, v.GoodsNet, v.ShippingNet, v.GiftWrapNet, v.Rate,
		v.TaxCode, v.DepartCountry, v.ArrivalCountry, v.SellerCountry, v.SellerVAT, v.BuyerVATCountry, v.Jurisdiction, v.Scheme, v.Collector,
		v.OutsideEU, v.Invoice, nullID(v.Document), v.DocLine)
	if err != nil {
		return false, fmt.Errorf("store VAT transaction %s: %w", v.EventID, err)
	}
	return n > 0, nil
}

// VATTransactions lists rows whose day that counts lies from-to, both included
// (empty: all), the oldest first.
func (b *Book) VATTransactions(ctx context.Context, from, to string) ([]VATTransaction, error) {
	where, args := clauses("complete_day >= ?", from, "complete_day <= ?", to)
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, row_key, activity_period, sales_channel, marketplace, program, type, event_id,
		activity_id, tax_day, depart_day, arrival_day, complete_day, sku, asin, title, quantity, currency, net_minor, vat_minor, gross_minor,
		goods_net_minor, shipping_net_minor, giftwrap_net_minor, vat_rate, tax_code, depart_country, arrival_country, seller_country, seller_vat,
		buyer_vat_country, jurisdiction, scheme, collector, outside_eu, invoice_number, coalesce(document_id, 0), doc_line
		FROM vat_transaction`+where+` ORDER BY complete_day, event_id, row_key`, args...)
	if err != nil {
		return nil, fmt.Errorf("read VAT transactions: %w", err)
	}
	var all []VATTransaction
	err = eachRow(rows, func(r *sql.Rows) error {
		var v VATTransaction
		err := r.Scan(&v.Connection, &v.Key, &v.Period, &v.Channel, &v.Marketplace, &v.Program, &v.Type, &v.EventID, &v.ActivityID, &v.TaxDay,
			&v.DepartDay, &v.ArrivalDay, &v.CompleteDay, &v.SKU, &v.ASIN, &v.Title, &v.Quantity, &v.Currency, &v.Net, &v.VAT, &v.Gross,
			&v.GoodsNet, &v.ShippingNet, &v.GiftWrapNet, &v.Rate, &v.TaxCode, &v.DepartCountry, &v.ArrivalCountry, &v.SellerCountry,
			&v.SellerVAT, &v.BuyerVATCountry, &v.Jurisdiction, &v.Scheme, &v.Collector, &v.OutsideEU, &v.Invoice, &v.Document, &v.DocLine)
		all = append(all, v)
		return err
	})
	return all, err
}
