package spapifake

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// The columns of money in Seller Central's date-range report, in its order.
const (
	colSales = iota
	colSalesTax
	colShipping
	colShippingTax
	colGiftWrap
	colGiftWrapTax
	colPoints // Japan only
	colRegulatory
	colRegulatoryTax // US only
	colPromotion
	colPromotionTax
	colWithheld
	colSelling
	colFBA
	colOtherFees
	colOther
	moneyColumns
)

// dateRangeForm is how the report is written in one country.
type dateRangeForm struct {
	preamble string
	text     []string // headings before the money
	money    [moneyColumns]string
	total    string
	types    map[string]string // English word to the country's
	notes    map[string]string
	when     func(time.Time) string
	group    string // between thousands
	point    string
	utf8     bool
	title    string
}

var textColumns = []string{"date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace", "fulfillment",
	"order city", "order state", "order postal", "tax collection model"}

var dateRangeForms = map[string]dateRangeForm{
	"US": {
		preamble: "All amounts in USD, unless specified", text: textColumns, total: "total", group: ",", point: ".", utf8: true, title: "A thing, 2 pcs",
		money: [moneyColumns]string{"product sales", "product sales tax", "shipping credits", "shipping credits tax", "gift wrap credits", "giftwrap credits tax",
			"", "Regulatory Fee", "Tax On Regulatory Fee", "promotional rebates", "promotional rebates tax", "marketplace withheld tax", "selling fees", "fba fees",
			"other transaction fees", "other"},
		when: func(t time.Time) string { return t.Format("Jan 2, 2006 3:04:05 PM MST") },
	},
	"DE": {
		preamble: "Alle Beträge in Euro sofern nicht anders gekennzeichnet", total: "Gesamt", group: ".", point: ",", utf8: true, title: "Ein Ding, 2 Stück",
		text: []string{"Datum/Uhrzeit", "Abrechnungsnummer", "Typ", "Bestellnummer", "SKU", "Beschreibung", "Menge", "Marketplace", "Versand", "Ort der Bestellung",
			"Bundesland", "Postleitzahl", "Steuererhebungsmodell"},
		money: [moneyColumns]string{"Umsätze", "Produktumsatzsteuer", "Gutschrift für Versandkosten", "Steuer auf Versandgutschrift",
			"Gutschrift für Geschenkverpackung", "Steuer auf Geschenkverpackungsgutschriften", "", "", "", "Rabatte aus Werbeaktionen", "Steuer auf Aktionsrabatte",
			"Einbehaltene Steuer auf Marketplace", "Verkaufsgebühren", "Gebühren zu Versand durch Amazon", "Andere Transaktionsgebühren", "Andere"},
		types: map[string]string{"Order": "Bestellung", "Refund": "Erstattung", "Transfer": "Übertrag", "Service Fee": "Servicegebühr", "Adjustment": "Anpassung",
			"FBA Inventory Fee": "Versand durch Amazon Lagergebühr"},
		notes: map[string]string{"Cost of Advertising": "Werbekosten", "FBA storage fee": "FBA-Lagergebühr", "FBA Long-Term Storage Fee": "Versand durch Amazon Langzeitlagergebühr",
			"FBA Removal Order: Disposal Fee": "Versand durch Amazon Gebühr für Entsorgung", "FBA Inventory Reimbursement - Lost:Warehouse": "Versand durch Amazon Erstattung für Lagerbestand - Verlust",
			"Subscription": "Abonnement", "To your account ending in: 278": "Für Konten mit folgenden Endziffern: 201"},
		when: func(t time.Time) string { return t.UTC().Format("02.01.2006 15:04:05 UTC") },
	},
	"JP": {
		preamble: "指定のない場合、単位は円", total: "合計", group: ",", point: ".", title: "品物　２個入り",
		text: []string{"日付/時間", "決済番号", "トランザクションの種類", "注文番号", "SKU", "説明", "数量", "Amazon 出品サービス", "フルフィルメント", "市町村", "都道府県", "郵便番号", "税金徴収型"},
		money: [moneyColumns]string{"商品売上", "商品の売上税", "配送料", "配送料の税金", "ギフト包装手数料", "ギフト包装クレジットの税金", "Amazonポイントの費用", "", "",
			"プロモーション割引額", "プロモーション割引の税金", "源泉徴収税を伴うマーケットプレイス", "手数料", "FBA 手数料", "トランザクションに関するその他の手数料", "その他"},
		types: map[string]string{"Order": "注文", "Refund": "返金", "Transfer": "振込み", "Service Fee": "注文外料金", "Adjustment": "調整", "FBA Inventory Fee": "FBA 在庫関連の手数料"},
		notes: map[string]string{"Cost of Advertising": "広告費用", "FBA storage fee": "FBA在庫保管手数料:", "FBA Long-Term Storage Fee": "FBA長期在庫保管手数料",
			"Subscription": "月額登録料", "FBA Inventory Reimbursement - Lost:Warehouse": "FBA在庫の返金 - 紛失", "To your account ending in: 278": "末尾が795のアカウントへ"},
		when: func(t time.Time) string {
			return t.Format("2006/01/02 ") + strconv.Itoa(t.Hour()) + t.Format(":04:05 MST")
		},
	},
}

// columnOf says in which cell a kind of money stands in a row of an order.
func columnOf(k kind) int {
	switch k {
	case kPrincipal, kGoodwill, kRestocking:
		return colSales
	case kTax:
		return colSalesTax
	case kShipping:
		return colShipping
	case kShippingTax:
		return colShippingTax
	case kGiftWrap:
		return colGiftWrap
	case kGiftWrapTax:
		return colGiftWrapTax
	case kDiscount, kShippingDiscount:
		return colPromotion
	case kPoints, kPointsReturned:
		return colPoints
	case kWithheld, kWithheldShipping, kWithheldOther:
		return colWithheld
	case kCommission, kCommissionTax, kRefundCommission, kRefundCommissionTax, kShippingHB, kShippingHBTax, kClosing, kClosingTax:
		return colSelling
	case kFulfilment, kFulfilmentTax, kShippingChargeback, kShippingChargebackTax, kGiftWrapChargeback, kGiftWrapChargebackTax,
		kLowInventory, kLowInventoryTax:
		return colFBA
	}
	return colOther
}

// rowNames gives type, description and cell of money that belongs to no order.
func rowNames(t *txn, k kind) (typ, note string, column int) {
	switch k {
	case kSubscription, kSubscriptionTax:
		return "Service Fee", "Subscription", colOtherFees
	case kStorage, kStorageTax:
		return "FBA Inventory Fee", "FBA storage fee", colOther
	case kAged, kAgedTax:
		return "FBA Inventory Fee", "FBA Long-Term Storage Fee", colOther
	case kInbound, kInboundTax:
		return "Service Fee", "FBA Inbound Transportation Fee", colOtherFees
	case kPlacement, kPlacementTax:
		return "Service Fee", "FBA Inbound Placement Service Fee", colOtherFees
	case kRemoval, kRemovalTax:
		return "FBA Inventory Fee", "FBA Removal Order: Return Fee", colOther
	case kDisposal, kDisposalTax:
		return "FBA Inventory Fee", "FBA Removal Order: Disposal Fee", colOther
	case kReturnUnit, kReturnUnitTax:
		return "FBA Customer Return Fee", "FBA Customer Return Fee", colOther
	case kCouponFixed, kCouponFixedTax, kCouponSales, kCouponSalesTax:
		return "Service Fee", "Coupon Redemption Fee: Save 5%", colOtherFees
	case kAds, kAdsTax:
		return "Service Fee", "Cost of Advertising", colOtherFees
	case kReimbursedLost, kReimbursedDamaged, kReimbursementReversed:
		return "Adjustment", "FBA Inventory Reimbursement - Lost:Warehouse", colOther
	case kPostage:
		return "Shipping Services", "Shipping Label Purchased through Amazon", colOther
	case kTransfer:
		return "Transfer", "To your account ending in: 278", colOther
	}
	if k == kHighVolume || k == kHighVolumeTax {
		return "Service Fee", "FBA High-Volume Listing Fee", colOtherFees
	}
	return "Service Fee", names[k].AmountDescription, colOtherFees
}

// DateRangeFile is Seller Central's payments report of a connection, as the
// seller downloads it: money that was released between two instants (from is
// inside, to is not), one row per item. Reserves and loans are not in it.
func (s *Server) DateRangeFile(connection string, from, to time.Time) ReportFile {
	a := s.account(connection)
	form := dateRangeForms[a.m.Country]
	w := dateRangeWriter{form: form, m: a.m, orders: a.orders}
	w.row("Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions")
	w.row(form.preamble)
	w.row(append(append(append([]string{}, form.text...), w.shown(form.money)...), form.total)...)
	for _, t := range a.txns {
		if !t.isDeferred() && !t.posted.Before(from) && t.posted.Before(to) && !t.posted.After(s.cfg.dataEnd()) {
			w.transaction(t)
		}
	}
	data := w.b.Bytes()
	if !form.utf8 {
		if japan, err := japanese.ShiftJIS.NewEncoder().Bytes(data); err == nil {
			data = japan
		}
	} else {
		data = append([]byte("\ufeff"), data...)
	}
	return ReportFile{connection + "-" + from.Format(time.DateOnly) + ".csv", data}
}

type dateRangeWriter struct {
	b    bytes.Buffer
	form dateRangeForm
	m    *market

	orders map[string]*order
}

func (w *dateRangeWriter) row(cells ...string) {
	for i, c := range cells {
		if i > 0 {
			w.b.WriteByte(',')
		}
		w.b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
	}
	w.b.WriteString("\n")
}

// shown leaves out the cells that the country's report does not have.
func (w *dateRangeWriter) shown(cells [moneyColumns]string) (out []string) {
	for i, c := range cells {
		if w.form.money[i] != "" {
			out = append(out, c)
		}
	}
	return out
}

func (w *dateRangeWriter) transaction(t *txn) {
	switch {
	case t.typ == tLoan || t.desc == "ReserveCredit" || t.desc == "ReserveDebit":
		return
	case t.typ == tShipment || typeNames[t.typ].refund:
		typ := map[txType]string{tShipment: "Order", tRefund: "Refund", tChargeback: "Chargeback Refund", tGuarantee: "A-to-z Guarantee Claim"}[t.typ]
		for _, it := range t.items {
			var cells [moneyColumns]int64
			for _, l := range it.leaves {
				cells[columnOf(l.k)] += l.amt
			}
			w.money(t, typ, w.form.title, it.p.sku, it.qty, cells)
		}
	default:
		w.fee(t, nil, t.leaves)
		for _, it := range t.items {
			w.fee(t, it, it.leaves)
		}
	}
}

func (w *dateRangeWriter) fee(t *txn, it *txItem, l leaves) {
	if len(l) == 0 {
		return
	}
	var cells [moneyColumns]int64
	typ, note, column := rowNames(t, l[0].k)
	cells[column] = l.sum()
	if t.typ == tTransfer {
		cells[column] = -cells[column]
	}
	sku := ""
	if it != nil {
		sku = it.p.sku
	} else if t.bareItem != nil {
		sku = t.bareItem.p.sku
	}
	w.money(t, typ, note, sku, 0, cells)
}

func (w *dateRangeWriter) money(t *txn, typ, note, sku string, quantity int, cells [moneyColumns]int64) {
	local := func(words map[string]string, s string) string {
		if word, ok := words[s]; ok {
			return word
		}
		return s
	}
	settlement, qty, by := "", "", ""
	if t.group != nil {
		settlement = t.group.id
	}
	if quantity > 0 {
		qty = strconv.Itoa(quantity)
	}
	if t.order != "" {
		by = map[bool]string{false: "Amazon", true: "Seller"}[t.mfn]
	}
	order := t.order
	if order == "" {
		order = t.shipment
	}
	var to place
	if o := w.orders[t.order]; o != nil {
		to = places[w.m.Country][o.place]
	}
	row := []string{w.form.when(t.posted.In(w.m.Zone)), settlement, local(w.form.types, typ), order, sku, local(w.form.notes, note), qty,
		strings.ToLower(t.marketplaceName()), by, to.city, to.state, to.postal, ""}
	var shown [moneyColumns]string
	var total int64
	for i, c := range cells {
		shown[i] = w.amount(c)
		total += c
	}
	w.row(append(append(row, w.shown(shown)...), w.amount(total))...)
}

// amount writes money as the country does: 1,234.56, 1.234,56 or 1,234.
func (w *dateRangeWriter) amount(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	whole, rest := minor, ""
	if w.m.Digits == 2 {
		whole, rest = minor/100, fmt.Sprintf("%s%02d", w.form.point, minor%100)
	}
	digits := strconv.FormatInt(whole, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + w.form.group + digits[i:]
	}
	return sign + digits + rest
}
