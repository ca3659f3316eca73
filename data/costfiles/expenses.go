package costfiles

import (
	"countinghouse/data/books"
)

var expenseColumns = []string{
	"expense", "category", "repeat", "from", "to", "currency", "amount", "marketplace", "sku", "allocation", "supplier", "note",
}

var expenseRequired = []string{"expense", "from", "currency", "amount"}

// ExpenseColumns lists the columns of a list of expenses.
func ExpenseColumns() []string { return append([]string(nil), expenseColumns...) }

// Expenses reads a list of expenses, as Purchases reads purchases.
func Expenses(body []byte, markets Markets) ([]books.Outlay, []Problem, error) {
	g, bad, err := read(body)
	if err != nil {
		return nil, nil, err
	}
	at, missing := g.columns(expenseRequired, expenseColumns, map[string]string{"name": "expense", "date": "from", "day": "from"})
	if len(missing) > 0 {
		return nil, missing, nil
	}
	var out []books.Outlay
	seen := map[string]bool{}
	for i, row := range g.rows {
		c := &cells{g: g, at: at, row: row, line: g.lines[i]}
		if c.isTotal("expense") {
			continue
		}
		o := expense(c, markets)
		if len(c.bad) == 0 && seen[o.Code] {
			c.bad = append(c.bad, Problem{c.line, "expense", Duplicate, o.Code})
		}
		if len(c.bad) > 0 {
			bad = append(bad, c.bad...)
			continue
		}
		seen[o.Code] = true
		out = append(out, o)
	}
	return out, bad, nil
}

// Expense reads one expense from named texts, as a form gives them.
func Expense(texts map[string]string, markets Markets) (books.Outlay, []Problem) {
	c := form(texts)
	o := expense(c, markets)
	return o, c.bad
}

func expense(c *cells, markets Markets) books.Outlay {
	o := books.Outlay{
		Code: c.words("expense", true), Category: c.words("category", false), From: c.day("from", true), To: c.day("to", false),
		SKU: c.words("sku", false), Supplier: c.words("supplier", false), Note: c.words("note", false),
		Marketplace: c.market("marketplace", c.text("marketplace"), markets),
		Repeat:      books.Repeat(c.text("repeat")), Allocation: books.Allocation(c.text("allocation")),
	}
	if o.Repeat == "" {
		o.Repeat = books.Once
	}
	if o.Allocation == "" {
		o.Allocation = books.AllocateNone
	}
	if !books.KnownRepeat(o.Repeat) {
		c.fail("repeat", BadChoice)
	}
	if !books.KnownAllocation(o.Allocation) {
		c.fail("allocation", BadChoice)
	}
	o.Amount.Currency = c.currency("currency")
	o.Amount.Minor = c.amount("amount", o.Amount.Currency, true, true)
	if o.To != "" && o.From != "" && o.To < o.From {
		c.fail("to", BadOrder)
	}
	return o
}

// ExpenseRow gives the cells of an expense in the order of the columns.
func ExpenseRow(o books.Outlay, marketName func(id string) string) []string {
	market := ""
	if o.Marketplace != "" {
		market = marketName(o.Marketplace)
	}
	return []string{
		o.Code, o.Category, string(o.Repeat), o.From, o.To, o.Amount.Currency, o.Amount.Decimal(), market, o.SKU, string(o.Allocation),
		o.Supplier, o.Note,
	}
}
