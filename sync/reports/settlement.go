package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Settlement is the header of one settlement: its first row.
type Settlement struct {
	ID         string
	Start, End time.Time   // period, UTC; the end of one is the start of the next
	Deposit    time.Time   // when Amazon pays, UTC; zero when not told
	Total      books.Money // what Amazon pays: the exact sum of the rows
	Line       int
	Raw        string // the header row as it stands, without its end
	Rows       int    // rows below the header
}

// SettlementRow is one row below a header. Its identity is (Settlement,
// Number): equal rows are genuine.
type SettlementRow struct {
	Line            int
	Raw             string // the line as it stands, without its end
	Settlement      string // settlement id
	Number          int    // 1 for the first row below the header
	MarketplaceName string // as written: "Amazon.de", "Non-Amazon CA", ""
	Quantity        int64  // as written on this row
	Shipment        string // shipment id
	Adjustment      string // adjustment id
	Promotion       string // promotion id
	// Facts has one element per amount of the row, zeros included: one in V2,
	// in V1 none on rows that only tell a quantity.
	Facts []books.Fact
}

var settlementCommon = []string{
	"settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
	"transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
	"fulfillment-id", "posted-date", "posted-date-time", "order-item-code", "merchant-order-item-id",
	"merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id",
}

var v2Columns = []string{"amount-type", "amount-description", "amount"}

var v1Columns = []string{
	"shipment-fee-type", "shipment-fee-amount", "order-fee-type", "order-fee-amount", "price-type", "price-amount",
	"item-related-fee-type", "item-related-fee-amount", "misc-fee-amount", "other-fee-amount",
	"other-fee-reason-description", "promotion-type", "promotion-amount", "direct-payment-type",
	"direct-payment-amount", "other-amount",
}

// amountColumn is a column of amounts and the one that says what they are.
type amountColumn struct {
	name     string
	at, kind int // kind is -1 when no column says it
}

// inOrder sorts columns as Amazon has them, those that are not known behind them.
func inOrder(list []amountColumn, order []string) {
	place := func(a amountColumn) int {
		if i := slices.Index(order, a.name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(list, func(a, b amountColumn) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.name, b.name))
	})
}

// settlementTable is where the columns stand; -1 for those a file lacks.
type settlementTable struct {
	id, start, end, deposit, total, currency     int
	txType, order, shipment, adjustment, market  int
	posted, postedTime, item, sku, quantity, pro int
	v2Type, v2Description                        int
	amounts                                      []amountColumn
}

// settlementColumns finds the columns. V1 varies with its content, so each
// column that ends in -amount counts, whether it was seen before or not.
func (f *File) settlementColumns() (*settlementTable, error) {
	needed := []string{"settlement-id", "settlement-start-date", "settlement-end-date", "total-amount", "currency",
		"transaction-type", "order-id", "posted-date", "sku", "quantity-purchased"}
	if f.Kind == SettlementV2 {
		needed = append(needed, "amount-type", "amount-description", "amount", "order-item-code")
	} else {
		needed = append(needed, "price-type", "price-amount", "item-related-fee-type", "item-related-fee-amount", "other-amount")
	}
	at, err := f.layout.columns(fold, needed...)
	if err != nil {
		return nil, err
	}
	col := func(name string) int {
		if i, ok := at[name]; ok {
			return i
		}
		return -1
	}
	t := &settlementTable{
		id: col("settlement-id"), start: col("settlement-start-date"), end: col("settlement-end-date"),
		deposit: col("deposit-date"), total: col("total-amount"), currency: col("currency"),
		txType: col("transaction-type"), order: col("order-id"), shipment: col("shipment-id"),
		adjustment: col("adjustment-id"), market: col("marketplace-name"), posted: col("posted-date"),
		postedTime: col("posted-date-time"), item: col("order-item-code"), sku: col("sku"),
		quantity: col("quantity-purchased"), pro: col("promotion-id"),
		v2Type: col("amount-type"), v2Description: col("amount-description"),
	}
	known := map[string]bool{}
	for _, c := range settlementCommon {
		known[c] = true
	}
	if f.Kind == SettlementV2 {
		t.amounts = []amountColumn{{"amount", col("amount"), -1}}
		for _, c := range v2Columns {
			known[c] = true
		}
	} else {
		t.v1Amounts(f.layout.headings, col, known)
	}
	f.UnknownColumns = f.layout.unknown(func(h string) bool { return known[fold(h)] })
	return t, nil
}

func (t *settlementTable) v1Amounts(headings []string, col func(string) int, known map[string]bool) {
	for _, c := range v1Columns {
		known[c] = true
	}
	for i, h := range headings {
		name := fold(h)
		if name == "total-amount" || !strings.HasSuffix(name, "-amount") {
			continue
		}
		kind := strings.TrimSuffix(name, "-amount") + "-type"
		if name == "other-fee-amount" {
			kind = "other-fee-reason-description"
		}
		t.amounts = append(t.amounts, amountColumn{name, i, col(kind)})
		known[name], known[kind] = true, true
	}
	inOrder(t.amounts, v1Columns)
}
