package costfiles

import (
	"countinghouse/data/books"
)

var unitColumns = []string{"sku", "marketplace", "valid_from", "unit_cost", "currency"}

// UnitColumns lists the columns of a list of unit costs; all of them are needed,
// though marketplace and valid_from may be empty.
func UnitColumns() []string { return append([]string(nil), unitColumns...) }

// UnitCosts reads a list of unit costs, as Purchases reads purchases. Of rows about
// the same SKU, marketplace, day and currency the last counts.
func UnitCosts(body []byte, markets Markets) ([]books.Cost, []Problem, error) {
	g, bad, err := read(body)
	if err != nil {
		return nil, nil, err
	}
	at, missing := g.columns(unitColumns, nil, nil)
	if len(missing) > 0 {
		return nil, missing, nil
	}
	var out []books.Cost
	place := map[books.Cost]int{} // row of a cost, its unit cost aside
	for i, row := range g.rows {
		c := &cells{g: g, at: at, row: row, line: g.lines[i]}
		if c.isTotal("sku") {
			continue
		}
		u := unitCost(c, markets)
		if len(c.bad) > 0 {
			bad = append(bad, c.bad...)
			continue
		}
		key := u
		key.Unit = books.Decimal{}
		if was, ok := place[key]; ok {
			out[was] = u
			continue
		}
		place[key] = len(out)
		out = append(out, u)
	}
	return out, bad, nil
}

// UnitCost reads one unit cost from named texts, as a form gives them.
func UnitCost(texts map[string]string, markets Markets) (books.Cost, []Problem) {
	c := form(texts)
	return unitCost(c, markets), c.bad
}

func unitCost(c *cells, markets Markets) books.Cost {
	return books.Cost{
		SKU: c.words("sku", true), Marketplace: c.market("marketplace", c.text("marketplace"), markets), From: c.day("valid_from", false),
		Currency: c.currency("currency"), Unit: c.decimal("unit_cost", true),
	}
}
