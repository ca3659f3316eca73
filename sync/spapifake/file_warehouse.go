package spapifake

import (
	"fmt"
	"time"
)

// The reports of what lies in Amazon's warehouses and what it costs there.
const (
	MYIReport           = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"
	PlanningReport      = "GET_FBA_INVENTORY_PLANNING_DATA"
	RestockReport       = "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT"
	StorageReport       = "GET_FBA_STORAGE_FEE_CHARGES_DATA"
	AgedStorageReport   = "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA"
	FeePreviewReport    = "GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA"
	RemovalAdviceReport = "GET_FBA_RECOMMENDED_REMOVAL_DATA"
	ListingsReport      = "GET_MERCHANT_LISTINGS_ALL_DATA"
)

// kept are the products that Amazon keeps.
func (a *account) kept() (list []*product) {
	for _, p := range a.products {
		if p.fba {
			list = append(list, p)
		}
	}
	return list
}

// myiFile tells the stock of the API, but for one product: counts of the two
// never agree wholly at Amazon.
func (s *Server) myiFile(r *report) []byte {
	a := r.account
	t := newTSV(false, "sku", "fnsku", "asin", "product-name", "condition", "your-price", "mfn-listing-exists", "mfn-fulfillable-quantity",
		"afn-listing-exists", "afn-warehouse-quantity", "afn-fulfillable-quantity", "afn-unsellable-quantity", "afn-reserved-quantity",
		"afn-total-quantity", "per-unit-volume", "afn-inbound-working-quantity", "afn-inbound-shipped-quantity", "afn-inbound-receiving-quantity",
		"afn-researching-quantity", "afn-reserved-future-supply", "afn-future-supply-buyable")
	for i, p := range a.kept() {
		row := p.stockRow()
		if i == 2 {
			row.Fulfillable++
		}
		own, exists := "", "No"
		if p.mfn {
			own, exists = units(p.stock.own), "Yes"
		}
		t.row(p.sku, p.fnsku, p.asin, p.title, "New", decimal(p.priceAt(s.cfg.dataEnd()), a.m.Digits), exists, own, "Yes",
			units(row.Fulfillable+row.Reserved+row.Unfulfillable), units(row.Fulfillable), units(row.Unfulfillable), units(row.Reserved),
			units(row.TotalAtAmazon), "0."+fmt.Sprintf("%04d", tiers[p.tier].volume), "0", units(p.stock.inbound), units(p.stock.receiving), "0", "0", "0")
	}
	return t.bytes(a.m)
}

// shippedSince counts units sent to customers since an instant.
func (a *account) shippedSince(p *product, since time.Time) (n int64) {
	for _, m := range a.goods.of[p] {
		if m.event == "Shipments" && m.at.After(since) {
			n -= m.units
		}
	}
	return n
}

func (s *Server) planningFile(r *report) []byte {
	a, end := r.account, s.cfg.dataEnd()
	t := newTSV(false, "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "available", "pending-removal-quantity",
		"inv-age-0-to-90-days", "inv-age-91-to-180-days", "inv-age-181-to-270-days", "inv-age-271-to-365-days", "inv-age-365-plus-days", "currency",
		"units-shipped-t7", "units-shipped-t30", "units-shipped-t60", "units-shipped-t90", "alert", "your-price", "sell-through", "marketplace",
		"days-of-supply", "estimated-excess-quantity", "estimated-storage-cost-next-month", "inbound-quantity", "Total Reserved Quantity",
		"unfulfillable-quantity", "recommended-action")
	for _, p := range a.kept() {
		row := p.stockRow()
		sold := func(days int) int64 { return a.shippedSince(p, end.AddDate(0, 0, -days)) }
		supply := "--"
		if n := sold(90); n > 0 {
			supply = units(row.Fulfillable * 90 / n)
		}
		t.row(end.In(a.m.Zone).Format(time.DateOnly), p.sku, p.fnsku, p.asin, p.title, "New", units(row.Fulfillable), "0", units(row.Fulfillable),
			"0", "0", "0", "0", a.m.Currency, units(sold(7)), units(sold(30)), units(sold(60)), units(sold(90)), "",
			decimal(p.priceAt(end), a.m.Digits), "0.35", a.m.Name, supply, "0",
			decimal(a.m.price(row.Fulfillable*tiers[p.tier].volume*78/28317), a.m.Digits), units(row.Inbound), units(row.Reserved),
			units(row.Unfulfillable), "No action required")
	}
	return t.bytes(a.m)
}

func (s *Server) restockFile(r *report) []byte {
	a, end := r.account, s.cfg.dataEnd()
	t := newTSV(false, "Country", "Product Name", "FNSKU", "Merchant SKU", "ASIN", "Condition", "Supplier", "Supplier part no.", "Currency code",
		"Price", "Sales last 30 days", "Units Sold Last 30 Days", "Total Units", "Inbound", "Available", "FC transfer", "FC Processing",
		"Customer Order", "Unfulfillable", "Fulfilled by", "Days of Supply", "Alert", "Recommended replenishment qty", "Recommended ship date")
	for _, p := range a.kept() {
		row, sold := p.stockRow(), a.shippedSince(p, end.AddDate(0, 0, -30))
		send, by := max(2*sold-row.Fulfillable-row.Inbound, 0), ""
		if send > 0 {
			by = end.AddDate(0, 0, 10).In(a.m.Zone).Format(time.DateOnly)
		}
		t.row(a.m.Country, p.title, p.fnsku, p.sku, p.asin, "New", "", "", a.m.Currency, decimal(p.priceAt(end), a.m.Digits), "", units(sold),
			units(row.TotalAtAmazon), units(row.Inbound), units(row.Fulfillable), "0", "0", units(row.Reserved), units(row.Unfulfillable), "Amazon", "",
			"", units(send), by)
	}
	return t.bytes(a.m)
}

// storageFile divides a month's fees: its rows sum to what was charged before
// tax.
func (s *Server) storageFile(r *report) []byte {
	a := r.account
	t := newTSV(false, "asin", "fnsku", "product_name", "fulfillment_center", "country_code", "measurement_units", "weight_units", "item_volume",
		"volume_units", "product_size_tier", "average_quantity_on_hand", "average_quantity_pending_removal", "estimated_total_item_volume",
		"month_of_charge", "storage_rate", "currency", "estimated_monthly_storage_fee", "dangerous_goods_storage_type")
	for _, x := range a.txns {
		if x.desc != storageBilling {
			continue
		}
		local := x.posted.In(a.m.Zone)
		month := monthOf(local).AddDate(0, -1, 0)
		if !r.in(month.AddDate(0, 0, 14)) {
			continue
		}
		p := x.items[0].p
		t.row(p.asin, p.fnsku, p.title, a.centre(p), a.m.Country, "centimeters", "grams", fmt.Sprintf("%d.0E-6", tiers[p.tier].volume), "cubic meters",
			"Standard-Size", "12.5", "0.0", "", month.Format("2006-01"), "", a.m.Currency, decimal(-x.items[0].leaves[0].amt, a.m.Digits), "--")
	}
	return t.bytes(a.m)
}

var agedHeadings = map[bool][]string{
	false: {"snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "per-unit-volume", "currency", "volume-unit", "country",
		"qty-charged", "amount-charged", "surcharge-age-tier", "rate-surcharge"},
	true: {"日付", "出品者SKU", "FNSKU", "ASIN", "商品名", "コンディション", "商品サイズ", "通貨", "volume-unit", "国",
		"qty-charged", "amount-charged", "surcharge-age-tier", "rate-surcharge"},
}

func (s *Server) agedStorageFile(r *report) []byte {
	a := r.account
	japan := a.m.Country == "JP"
	t := newTSV(false, agedHeadings[japan]...)
	for _, x := range a.txns {
		day := x.posted.AddDate(0, 0, -6)
		if x.desc != agedBilling || !r.in(day) {
			continue
		}
		p := x.items[0].p
		t.row(day.In(a.m.Zone).Format("2006-01-02T15:04:05-07:00"), p.sku, p.fnsku, p.asin, p.title, "New", "", a.m.Currency, "cubic_meters",
			a.m.Country, "1", decimal(-x.items[0].leaves[0].amt, a.m.Digits), "271-300 days", "")
	}
	return t.bytes(a.m)
}

// feePreviewFile expects what the ledger charges at the present price.
func (s *Server) feePreviewFile(r *report) []byte {
	a, end := r.account, s.cfg.dataEnd()
	t := newTSV(false, "sku", "fnsku", "asin", "product-name", "product-group", "brand", "fulfilled-by", "your-price", "sales-price", "currency",
		"estimated-fee-total", "estimated-referral-fee-per-unit", "estimated-variable-closing-fee", "expected-fulfillment-fee-per-unit")
	for _, p := range a.kept() {
		price := p.priceAt(end)
		referral, closing := max(rate(price, categories[p.category].bp), a.m.price(30)), int64(0)
		if categories[p.category].closing {
			closing = a.m.price(180)
		}
		fulfilment := a.m.price(tiers[p.tier].fee)
		d := func(v int64) string { return decimal(v, a.m.Digits) }
		t.row(p.sku, p.fnsku, p.asin, p.title, "", "", "Amazon", d(price), d(price), a.m.Currency, d(referral+closing+fulfilment), d(referral), d(closing), d(fulfilment))
	}
	return t.bytes(a.m)
}

func (s *Server) removalAdviceFile(r *report) []byte {
	a := r.account
	t := newTSV(false, "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "sellable-quantity", "sellable-271-365-days",
		"sellable-365+-days", "sellable-removal-quantity", "unsellable-quantity", "unsellable-0-7-days", "unsellable-8-60-days", "unsellable-61-90-days")
	for _, p := range a.kept() {
		if row := p.stockRow(); row.Unfulfillable > 0 {
			t.row(s.cfg.dataEnd().In(a.m.Zone).Format("2006-01-02T00:00:00-07:00"), p.sku, p.fnsku, p.asin, p.title, "New", units(row.Fulfillable), "0",
				"0", "0", units(row.Unfulfillable), "0", "0", units(row.Unfulfillable))
		}
	}
	return t.bytes(a.m)
}

var listingHeadings = map[bool][]string{
	false: {"item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date", "image-url", "item-is-marketplace",
		"product-id-type", "item-note", "item-condition", "asin1", "product-id", "pending-quantity", "fulfillment-channel", "merchant-shipping-group", "status"},
	true: {"商品名", "商品の説明", "出品ID", "出品者SKU", "価格", "数量", "出品日", "image-url", "item-is-marketplace",
		"商品IDタイプ", "コンディション説明", "コンディション", "ASIN 1", "商品ID", "在庫数", "フルフィルメント・チャンネル", "merchant-shipping-group", "ステータス"},
}

func (s *Server) listingsFile(r *report) []byte {
	a, end := r.account, s.cfg.dataEnd()
	japan := a.m.Country == "JP"
	t := newTSV(false, listingHeadings[japan]...)
	region := map[string]string{"US": "AMAZON_NA", "DE": "AMAZON_EU", "JP": "AMAZON_JP"}[a.m.Country]
	for i, p := range a.products {
		if p.launch.After(end) {
			continue
		}
		channel, quantity := region, ""
		if !p.fba {
			channel, quantity = "DEFAULT", units(p.stock.own)
		}
		opened := p.launch.In(a.m.Zone).Format("2006-01-02 15:04:05 MST")
		if japan {
			opened = p.launch.In(a.m.Zone).Format("2006/01/02 15:04:05 MST")
		}
		t.row(p.title, "", fmt.Sprintf("0101%07d", i), p.sku, decimal(p.priceAt(end), a.m.Digits), quantity, opened, "", "y", "1", "", "11", p.asin, p.asin, "0",
			channel, "Migrated Template", "Active")
	}
	return t.bytes(a.m)
}
