package costfiles

import (
	"strings"

	"countinghouse/data/books"
)

// Parcel is a row of a carrier's bill.
type Parcel struct {
	Line     int
	Day      string
	Tracking string // without blanks
	Order    string
	Amount   books.Money // above 0 for a cost
}

var billColumns = []string{"tracking_number", "order_id", "date", "amount", "currency"}

// BillColumns lists the columns of a carrier's bill.
func BillColumns() []string { return append([]string(nil), billColumns...) }

// billAliases are headings of carriers' own files.
var billAliases = map[string]string{
	"tracking": "tracking_number", "tracking_id": "tracking_number", "tracking_no": "tracking_number", "shipment_number": "tracking_number",
	"sendungsnummer": "tracking_number", "お問い合わせ番号": "tracking_number", "運單號碼": "tracking_number", "运单号": "tracking_number",
	"express_or_ground_tracking_id": "tracking_number", "order": "order_id", "reference": "order_id", "order_number": "order_id", "referenz": "order_id",
	"ship_date": "date", "shipment_date": "date", "invoice_date": "date", "datum": "date", "日付": "date", "发货日期": "date",
	"net_amount": "amount", "net_charge_amount": "amount", "betrag": "amount", "金額": "amount", "金额": "amount", "cost": "amount", "charge": "amount",
	"währung": "currency", "currency_code": "currency", "通貨": "currency", "币种": "currency",
}

// CarrierBill reads a carrier's bill: one row per parcel or charge, with its
// tracking number or order. Equal rows are genuine. Rows with problems are left
// out and reported.
func CarrierBill(body []byte) ([]Parcel, []Problem, error) {
	g, bad, err := read(body)
	if err != nil {
		return nil, nil, err
	}
	at, missing := g.columns([]string{"date", "amount", "currency"}, billColumns, billAliases)
	_, tracked := at["tracking_number"]
	_, ordered := at["order_id"]
	if !tracked && !ordered {
		missing = append(missing, Problem{1, "tracking_number", NoColumn, ""})
	}
	if len(missing) > 0 {
		return nil, missing, nil
	}
	var out []Parcel
	for i, row := range g.rows {
		c := &cells{g: g, at: at, row: row, line: g.lines[i]}
		p := Parcel{Line: c.line, Day: c.day("date", true), Tracking: strings.ReplaceAll(c.words("tracking_number", false), " ", ""), Order: c.words("order_id", false)}
		p.Amount.Currency = c.currency("currency")
		p.Amount.Minor = c.amount("amount", p.Amount.Currency, true, true)
		if len(c.bad) > 0 {
			bad = append(bad, c.bad...)
			continue
		}
		out = append(out, p)
	}
	return out, bad, nil
}
