package costfiles

import (
	"fmt"

	"countinghouse/data/books"
)

// Columns of a list of purchases, in the order of the template.
var purchaseColumns = []string{
	"batch", "date", "sku", "quantity", "currency", "price", "freight", "duty", "preparation", "other",
	"rate", "marketplaces", "supplier", "invoice", "note",
}

var purchaseRequired = []string{"date", "sku", "quantity", "currency", "price"}

// PurchaseColumns lists the columns of a list of purchases.
func PurchaseColumns() []string { return append([]string(nil), purchaseColumns...) }

// Markets turns a marketplace's name into its id; false: there is none.
type Markets func(name string) (id string, ok bool)

// Purchases reads a list of purchases. Amounts are for the whole batch. Rows with
// problems are left out and reported; problems of line 1 are of the heading, and
// then nothing is read. A line of sums is passed over. A row without a batch name is named after SKU and day, so
// that reading a file again changes nothing.
func Purchases(body []byte, markets Markets) ([]books.Purchase, []Problem, error) {
	g, bad, err := read(body)
	if err != nil {
		return nil, nil, err
	}
	at, missing := g.columns(purchaseRequired, purchaseColumns, map[string]string{"batch_code": "batch", "day": "date", "units": "quantity", "prep": "preparation"})
	if len(missing) > 0 {
		return nil, missing, nil
	}
	var out []books.Purchase
	seen := map[string]bool{}
	for i, row := range g.rows {
		c := &cells{g: g, at: at, row: row, line: g.lines[i]}
		if c.isTotal("sku") {
			continue
		}
		p := purchase(c, markets)
		if len(c.bad) == 0 {
			named := p.Code != ""
			p.Code = PurchaseCode(p, func(code string) bool { return seen[code] })
			if named && seen[p.Code] {
				c.bad = append(c.bad, Problem{c.line, "batch", Duplicate, p.Code})
			}
		}
		if len(c.bad) > 0 {
			bad = append(bad, c.bad...)
			continue
		}
		seen[p.Code] = true
		out = append(out, p)
	}
	return out, bad, nil
}

// PurchaseCode names a purchase that has no name: SKU and day, and a number when
// taken tells that it is in use.
func PurchaseCode(p books.Purchase, taken func(string) bool) string {
	if p.Code != "" {
		return p.Code
	}
	base := p.SKU + " " + p.Day
	code := base
	for n := 2; taken(code); n++ {
		code = fmt.Sprintf("%s (%d)", base, n)
	}
	return code
}

// Purchase reads one purchase from named texts, as a form gives them. Problems
// have line 1.
func Purchase(texts map[string]string, markets Markets) (books.Purchase, []Problem) {
	c := form(texts)
	p := purchase(c, markets)
	return p, c.bad
}

// form makes a row of a form's texts. A comma is taken for the decimal sign.
func form(texts map[string]string) *cells {
	c := &cells{g: &grid{comma: true, typed: true}, at: map[string]int{}, line: 1}
	for column, text := range texts {
		c.at[column] = len(c.row)
		c.row = append(c.row, text)
	}
	return c
}

func purchase(c *cells, markets Markets) books.Purchase {
	p := books.Purchase{
		Code: c.words("batch", false), Day: c.day("date", true), SKU: c.words("sku", true), Units: c.whole("quantity"),
		Currency: c.currency("currency"), Rate: c.decimal("rate", false), Marketplaces: c.markets("marketplaces", markets),
		Supplier: c.words("supplier", false), Invoice: c.words("invoice", false), Note: c.words("note", false),
	}
	for _, a := range []struct {
		column string
		to     *int64
	}{{"price", &p.Price}, {"freight", &p.Freight}, {"duty", &p.Duty}, {"preparation", &p.Prep}, {"other", &p.Other}} {
		*a.to = c.amount(a.column, p.Currency, a.column == "price", false)
	}
	if _, err := p.Landed(); err != nil {
		c.fail("price", BadNumber)
	}
	return p
}

// PurchaseRow gives the cells of a purchase in the order of the columns.
func PurchaseRow(p books.Purchase, marketName func(id string) string) []string {
	names := make([]string, len(p.Marketplaces))
	for i, id := range p.Marketplaces {
		names[i] = marketName(id)
	}
	amount := func(minor int64) string { return books.Money{Minor: minor, Currency: p.Currency}.Decimal() }
	rate := ""
	if p.Rate.Sign() > 0 {
		rate = p.Rate.String()
	}
	return []string{
		p.Code, p.Day, p.SKU, fmt.Sprint(p.Units), p.Currency, amount(p.Price), amount(p.Freight), amount(p.Duty), amount(p.Prep),
		amount(p.Other), rate, join(names), p.Supplier, p.Invoice, p.Note,
	}
}

func join(names []string) string {
	out := ""
	for i, n := range names {
		if i > 0 {
			out += "; "
		}
		out += n
	}
	return out
}
