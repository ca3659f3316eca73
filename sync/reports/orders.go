package reports

import (
	"crypto/sha256"
	"iter"
	"strings"
	"time"

	"countinghouse/data/books"
)

// OrderRow is one row of an all-orders report: one item line of an order. The
// report has no order item id and may hold the same SKU of an order several
// times, so the identity is (OrderID, SKU, Ordinal); of two files the row with
// the later Updated is the newer.
type OrderRow struct {
	Line    int
	Raw     string // as it stands; personal and unknown cells are blanked out
	Ordinal int    // 1 for the first row of this order and SKU in this file, 2 for the second ...

	OrderID           string
	MerchantOrderID   string
	Purchased         time.Time // UTC
	Updated           time.Time // UTC; zero when not told
	Status            string    // "Shipped", "Pending", "Cancelled", ... as written
	FulfilmentChannel string    // "Amazon" or "Merchant"
	SalesChannel      string    // "Amazon.de", "Non-Amazon", ...
	ShipServiceLevel  string
	ShipCountry       string
	SKU, ASIN, Title  string
	ItemStatus        string
	Quantity          int64
	Price, Tax        Amount // of the whole line, not of one unit
	Shipping          Amount
	ShippingTax       Amount
	GiftWrap          Amount
	GiftWrapTax       Amount
	ItemDiscount      Amount
	ShippingDiscount  Amount
	PromotionIDs      string
	PriceDesignation  string
	Business          bool
	BusinessTold      bool // whether the column is there and filled
	FulfilledBy       string
	ReplacementOf     string // the order that this one replaces
	Recipient         Place
}

// Amount is money that may not be told: the price of a pending order is not
// zero, it is unknown.
type Amount struct {
	Money books.Money
	Told  bool
}

// orderColumns are the columns that are read.
var orderColumns = []string{
	"amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel",
	"sales-channel", "ship-service-level", "ship-country", "sku", "asin", "product-name", "item-status", "quantity",
	"currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
	"item-promotion-discount", "ship-promotion-discount", "promotion-ids", "price-designation", "is-business-order",
	"fulfilled-by", "original-order-id",
}

// orderPersonal are known columns about people, or about the seller's own
// place: never part of Raw, and only the first three are given out.
var orderPersonal = []string{
	"ship-city", "ship-state", "ship-postal-code", "recipient-name", "buyer-name", "buyer-email", "buyer-phone-number",
	"buyer-company-name", "purchase-order-number", "ship-address-1", "ship-address-2", "ship-address-3", "ship-phone-number",
	"gift-message-text", "cpf", "buyer-tax-registration-id", "buyer-citizen-id", "buyer-citizen-name",
	"address-type", "ship-from-address-1", "ship-from-address-2", "ship-from-city", "ship-from-state", "ship-from-postal-code",
}

// orderIdle are known columns that say nothing we need.
var orderIdle = []string{"order-channel", "url", "signature-confirmation-recommended"}

type orderTable struct {
	at    map[string]int
	blank []int
}

func (f *File) orderColumns() (*orderTable, error) {
	at, err := f.layout.columns(fold, "amazon-order-id", "purchase-date", "order-status", "sales-channel",
		"sku", "quantity", "currency", "item-price")
	if err != nil {
		return nil, err
	}
	t := &orderTable{at: at}
	kept, known := map[string]bool{}, map[string]bool{}
	for _, c := range orderColumns {
		kept[c], known[c] = true, true
	}
	for _, c := range orderIdle {
		kept[c], known[c] = true, true
	}
	for _, c := range orderPersonal {
		known[c] = true
	}
	for i, h := range f.layout.headings {
		if !kept[fold(h)] {
			t.blank = append(t.blank, i)
		}
	}
	f.UnknownColumns = f.layout.unknown(func(h string) bool { return known[fold(h)] })
	return t, nil
}

func (f *File) proveAllOrders() error {
	table, err := f.orderColumns()
	if err != nil {
		return err
	}
	f.table = table
	return f.forms.prove(func() error {
		s := orderScan{orderTable: table, file: f, forms: &f.forms, texts: intern{}}
		f.Rows, f.From, f.To, f.Currency = 0, time.Time{}, time.Time{}, ""
		one := true
		return f.eachRow(func(t *records) error {
			f.Rows++
			row, err := s.read(t)
			if err != nil {
				return err
			}
			f.span(row.Purchased)
			if c := row.currency(); c != "" && one {
				one = f.Currency == "" || f.Currency == c
				if f.Currency = c; !one {
					f.Currency = ""
				}
			}
			return nil
		})
	})
}

func (r *OrderRow) currency() string { return r.Price.Money.Currency }

// orderScan reads rows one after another.
type orderScan struct {
	*orderTable
	file  *File
	forms *evidence
	rec   *records
	texts intern
}

func (s *orderScan) cell(column string) []byte {
	i, ok := s.at[column]
	if !ok {
		return nil
	}
	return trimBlank(s.rec.fields[i])
}

func (s *orderScan) text(column string) string { return s.texts.get(s.cell(column)) }

func (s *orderScan) read(t *records) (OrderRow, error) {
	s.rec = t
	r := OrderRow{
		Line: t.line, OrderID: string(s.cell("amazon-order-id")), MerchantOrderID: string(s.cell("merchant-order-id")),
		Status: s.text("order-status"), FulfilmentChannel: s.text("fulfillment-channel"), SalesChannel: s.text("sales-channel"),
		ShipServiceLevel: s.text("ship-service-level"), ShipCountry: s.text("ship-country"),
		SKU: s.text("sku"), ASIN: s.text("asin"), Title: s.text("product-name"), ItemStatus: s.text("item-status"),
		PromotionIDs: s.text("promotion-ids"), PriceDesignation: s.text("price-designation"),
		FulfilledBy: s.text("fulfilled-by"), ReplacementOf: string(s.cell("original-order-id")),
	}
	if r.OrderID == "" {
		return r, refuse(ErrColumns, t.line, "the row has no amazon-order-id; the file is damaged or was edited")
	}
	err := checkWritten(s.cell("sku"), t.line, "sku")
	if err == nil {
		err = checkWritten(s.cell("asin"), t.line, "asin")
	}
	if err != nil {
		return r, err
	}
	if r.Purchased, err = s.forms.date(s.cell("purchase-date"), t.line, "purchase-date"); err != nil {
		return r, err
	}
	if b := s.cell("last-updated-date"); len(b) > 0 {
		if r.Updated, err = s.forms.date(b, t.line, "last-updated-date"); err != nil {
			return r, err
		}
	}
	if r.Quantity, err = count(s.cell("quantity"), t.line, "quantity"); err != nil {
		return r, err
	}
	if b := s.cell("is-business-order"); len(b) > 0 {
		r.Business, r.BusinessTold = strings.EqualFold(string(b), "true"), true
	}
	return r, s.amounts(&r)
}

func (s *orderScan) amounts(r *OrderRow) error {
	currency := string(s.cell("currency"))
	for _, a := range []struct {
		column string
		dst    *Amount
	}{
		{"item-price", &r.Price}, {"item-tax", &r.Tax}, {"shipping-price", &r.Shipping}, {"shipping-tax", &r.ShippingTax},
		{"gift-wrap-price", &r.GiftWrap}, {"gift-wrap-tax", &r.GiftWrapTax},
		{"item-promotion-discount", &r.ItemDiscount}, {"ship-promotion-discount", &r.ShippingDiscount},
	} {
		b := s.cell(a.column)
		if len(b) == 0 {
			continue
		}
		if !isCurrency(currency) {
			return refuse(ErrCurrency, r.Line, "%s %s is told without a currency; the file is damaged or was edited", a.column, quote(b))
		}
		minor, err := s.forms.amount(b, currency, r.Line, a.column)
		if err != nil {
			return err
		}
		*a.dst = Amount{books.Money{Minor: minor, Currency: currency}, true}
	}
	return nil
}

// AllOrders gives the rows of an all-orders report in their order. An error
// ends the sequence; after Open only a failing reader, or a file changed
// meanwhile, gives one.
func (f *File) AllOrders() iter.Seq2[OrderRow, error] {
	return func(yield func(OrderRow, error) bool) {
		table, ok := f.table.(*orderTable)
		if !ok {
			yield(OrderRow{}, inFile(f.Name, refuse(ErrKind, 0, "this is not an all-orders report")))
			return
		}
		forms := f.proved()
		s := orderScan{orderTable: table, file: f, forms: &forms, texts: intern{}}
		seen := map[[16]byte]int{}
		err := f.rows(func(t *records) (bool, error) {
			row, err := s.read(t)
			if err != nil {
				return false, err
			}
			row.Raw = blanked(t, table.blank)
			row.Recipient = Place{string(s.cell("ship-city")), string(s.cell("ship-state")), string(s.cell("ship-postal-code"))}
			sum := sha256.Sum256([]byte(row.OrderID + "\x00" + row.SKU))
			key := [16]byte(sum[:16])
			seen[key]++
			row.Ordinal = seen[key]
			return yield(row, nil), nil
		})
		if err != nil {
			yield(OrderRow{}, inFile(f.Name, err))
		}
	}
}
