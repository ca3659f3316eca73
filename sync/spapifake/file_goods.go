package spapifake

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// The reports of goods.
const (
	LedgerDetail        = "GET_LEDGER_DETAIL_VIEW_DATA"
	LedgerSummary       = "GET_LEDGER_SUMMARY_VIEW_DATA"
	ReturnsByAmazon     = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
	ReturnsBySeller     = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
	ReimbursementReport = "GET_FBA_REIMBURSEMENTS_DATA"
	RemovalReport       = "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA"
)

// tsv is a report as it is written: cells between tabs, quoted throughout or
// not at all.
type tsv struct {
	b      bytes.Buffer
	quoted bool
	rows   int
}

func newTSV(quoted bool, headings ...string) *tsv {
	t := &tsv{quoted: quoted, rows: -1}
	t.row(headings...)
	return t
}

func (t *tsv) row(cells ...string) {
	for i, c := range cells {
		if i > 0 {
			t.b.WriteByte('\t')
		}
		if t.quoted {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		t.b.WriteString(c)
	}
	t.b.WriteString("\r\n")
	t.rows++
}

// bytes is the text, nil when there is no row; in Japan as CP932.
func (t *tsv) bytes(m *market) []byte {
	if t.rows == 0 {
		return nil
	}
	if m.Country != "JP" {
		return t.b.Bytes()
	}
	out, err := japanese.ShiftJIS.NewEncoder().Bytes(t.b.Bytes())
	if err != nil {
		panic("spapifake: a Japanese report outside CP932: " + err.Error())
	}
	return out
}

// in tells whether an instant is in the report's period.
func (r *report) in(at time.Time) bool { return !at.Before(r.from) && at.Before(r.to) }

func units(n int64) string { return strconv.FormatInt(n, 10) }

// centre is the warehouse that a product lies in.
func (a *account) centre(p *product) string {
	list := map[string][]string{"US": {"ABE8", "PHX3", "ONT8"}, "DE": {"FRA7", "LEJ1", "DTM2"}, "JP": {"FSZ1", "TYO7", "NRT5"}}[a.m.Country]
	return list[int(p.asin[len(p.asin)-1])%len(list)]
}

func disposition(m goodsMove) string {
	if m.damaged {
		return "CUSTOMER_DAMAGED"
	}
	return "SELLABLE"
}

// ledgerDetail quotes every cell and writes days with the month first; the last
// columns tell them again.
func (s *Server) ledgerDetail(r *report) []byte {
	a := r.account
	t := newTSV(true, "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center", "Disposition",
		"Reason", "Country", "Reconciled Quantity", "Unreconciled Quantity", "Date and Time", "Store")
	for _, m := range a.goods.moves {
		if !r.in(m.at) {
			continue
		}
		local := m.at.In(a.m.Zone)
		open := ""
		if m.event == "Adjustments" {
			open = "0"
		}
		t.row(local.Format("01/02/2006"), m.p.fnsku, m.p.asin, m.p.sku, m.p.title, m.event, "", units(m.units), a.centre(m.p), disposition(m),
			m.reason, a.m.Country, open, open, local.Format("2006-01-02T00:00:00-0700"), "")
	}
	return t.bytes(a.m)
}

// ledgerSummary tells balances by month and country.
func (s *Server) ledgerSummary(r *report) []byte {
	a := r.account
	t := newTSV(true, "Date", "FNSKU", "ASIN", "MSKU", "Title", "Disposition", "Starting Warehouse Balance", "In Transit Between Warehouses",
		"Receipts", "Customer Shipments", "Customer Returns", "Vendor Returns", "Warehouse Transfer In/Out", "Found", "Lost", "Damaged",
		"Disposed", "Other Events", "Ending Warehouse Balance", "Unknown Events", "Location")
	last := r.to.In(a.m.Zone)
	for month := monthOf(r.from.In(a.m.Zone)); month.Before(last); month = month.AddDate(0, 1, 0) {
		for _, p := range a.products {
			if !p.fba || p.launch.After(month.AddDate(0, 1, 0)) {
				continue
			}
			for _, damaged := range []bool{false, true} {
				a.summaryRow(t, p, damaged, month)
			}
		}
	}
	return t.bytes(a.m)
}

func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

func (a *account) summaryRow(t *tsv, p *product, damaged bool, month time.Time) {
	next := month.AddDate(0, 1, 0)
	var start int64
	sums := map[string]int64{}
	moved := false
	for _, m := range a.goods.of[p] {
		if m.damaged != damaged || !m.at.Before(next) {
			continue
		}
		if m.at.Before(month) {
			start += m.units
			continue
		}
		sums[m.event+m.reason] += m.units
		moved = true
	}
	if !moved && start == 0 {
		return
	}
	end := start
	for _, n := range sums {
		end += n
	}
	t.row(month.Format("01/2006"), p.fnsku, p.asin, p.sku, p.title, disposition(goodsMove{damaged: damaged}), units(start), "0",
		units(sums["Receipts"]), units(sums["Shipments"]), units(sums["CustomerReturns"]), "0", "0", units(sums["AdjustmentsF"]),
		units(sums["AdjustmentsM"]), "0", "0", "0", units(end), "0", a.m.Country)
}

var returnHeadings = map[bool][]string{
	false: {"return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id", "detailed-disposition",
		"reason", "status", "license-plate-number", "customer-comments"},
	true: {"返品日", "注文番号", "出品者SKU", "ASIN", "FNSKU", "商品名", "数量", "FC", "商品の状態", "理由", "ステータス", "lpn", "お客様のコメント"},
}

// returnsFile has one row per unit; Japan's headings and words are Japanese.
func (s *Server) returnsFile(r *report) []byte {
	a := r.account
	japan := a.m.Country == "JP"
	t := newTSV(false, returnHeadings[japan]...)
	words := map[bool]string{true: "SELLABLE", false: "CUSTOMER_DAMAGED"}
	if japan {
		words = map[bool]string{true: "販売可", false: "カスタマーによる損傷"}
	}
	for _, x := range a.goods.returns {
		if x.o.mfn || !r.in(x.at) {
			continue
		}
		number, err := strconv.Atoi(x.plate[len(x.plate)-8:])
		if err != nil {
			panic("spapifake: license plate " + x.plate)
		}
		for i := range int(x.units) {
			t.row(x.at.In(a.m.Zone).Format("2006-01-02T15:04:05-07:00"), x.o.id, x.p.sku, x.p.asin, x.p.fnsku, x.p.title, "1", a.centre(x.p),
				words[x.sellable], "UNWANTED_ITEM", "Unit returned to inventory", fmt.Sprintf("%s%08d", x.plate[:len(x.plate)-8], number+i),
				"the buyer's own words")
		}
	}
	return t.bytes(a.m)
}

func (s *Server) sellerReturnsFile(r *report) []byte {
	a := r.account
	t := newTSV(false, "Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID", "Merchant RMA ID", "Label type",
		"Label cost", "Currency code", "Return carrier", "Tracking ID", "Label to be paid by", "A-to-Z Claim", "Is prime", "ASIN", "Merchant SKU",
		"Item Name", "Return quantity", "Return Reason", "In policy", "Return type", "Resolution", "Refunded Amount")
	for _, x := range a.goods.returns {
		if !x.o.mfn || !r.in(x.at) {
			continue
		}
		day := func(at time.Time) string { return at.In(a.m.Zone).Format("02-Jan-2006") }
		t.row(x.o.id, day(x.o.created), day(x.at), "Completed", "D"+x.plate[3:], "", "AmazonUnPaidLabel", decimal(a.m.price(499), a.m.Digits),
			a.m.Currency, "", "", "Customer", "N", "N", x.p.asin, x.p.sku, x.p.title, units(x.units), "UNWANTED_ITEM", "Y", "C-Returns",
			"StandardRefund", "")
	}
	return t.bytes(a.m)
}

// reimbursementFile tells the same money as the transactions, by the same ids.
func (s *Server) reimbursementFile(r *report) []byte {
	a := r.account
	t := newTSV(false, "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku", "fnsku", "asin", "product-name",
		"condition", "currency-unit", "amount-per-unit", "amount-total", "quantity-reimbursed-cash", "quantity-reimbursed-inventory",
		"quantity-reimbursed-total", "original-reimbursement-id", "original-reimbursement-type")
	for _, x := range a.txns {
		if x.typ != tReimbursement || !r.in(x.posted) || x.posted.After(s.cfg.dataEnd()) {
			continue
		}
		p, n, total := x.bareItem.p, int64(x.bareItem.qty), x.leaves.sum()
		reason, original := "Lost_Warehouse", ""
		switch x.leaves[0].k {
		case kReimbursedDamaged:
			reason = "Damaged_Warehouse"
		case kReimbursementReversed:
			reason, original = "Reimbursement_Reversal", x.adjust
		}
		t.row(x.posted.In(a.m.Zone).Format("2006-01-02T15:04:05-07:00"), x.adjust, "", "", reason, p.sku, p.fnsku, p.asin, p.title, "Sellable",
			a.m.Currency, decimal(divRound(total, n), a.m.Digits), decimal(total, a.m.Digits), units(n), "0", units(n), original, "")
	}
	return t.bytes(a.m)
}

var removalHeadings = map[bool][]string{
	false: {"request-date", "order-id", "order-source", "order-type", "order-status", "last-updated-date", "sku", "fnsku", "disposition",
		"requested-quantity", "cancelled-quantity", "disposed-quantity", "shipped-quantity", "in-process-quantity", "removal-fee", "currency"},
	true: {"依頼日", "依頼番号", "order-source", "依頼のタイプ", "依頼のステータス", "更新日", "出品者SKU", "FNSKU", "商品のステータス",
		"依頼した数", "キャンセルした数", "廃棄した数", "発送した数", "処理中の数", "返送/廃棄手数料", "通貨"},
}

func (s *Server) removalFile(r *report) []byte {
	a := r.account
	japan := a.m.Country == "JP"
	t := newTSV(japan, removalHeadings[japan]...)
	for _, x := range a.txns {
		asked := x.posted.AddDate(0, 0, -6)
		if !isRemoval(x) || !r.in(asked) {
			continue
		}
		p, n := a.removedProduct(x), units(removed(x))
		typ, disposed, shipped := "Return", "0", n
		if x.desc == "DisposalComplete" {
			typ, disposed, shipped = "Disposal", n, "0"
		}
		at := func(at time.Time) string { return at.In(a.m.Zone).Format("2006-01-02T15:04:05-07:00") }
		t.row(at(asked), x.shipment, "Seller-initiated", typ, "Completed", at(x.posted), p.sku, p.fnsku, "Unsellable", n, "0", disposed, shipped, "0",
			decimal(-x.leaves[0].amt, a.m.Digits), a.m.Currency)
	}
	return t.bytes(a.m)
}
