package books

import (
	"cmp"
	"slices"
	"strings"
)

// Cost is what a unit of a SKU costs from a day on.
type Cost struct {
	SKU         string
	Marketplace string // "" for every marketplace of the currency
	From        string // first day it is valid, YYYY-MM-DD; "" from the beginning
	Unit        Decimal
	Currency    string
}

// Costs is a list of unit costs, ready to be asked. It is immutable; any
// goroutine may use it.
type Costs struct {
	bySKU map[string][]Cost // by From
}

// NewCosts makes a list. Of two rows with the same SKU, marketplace, day and
// currency the later replaces the earlier.
func NewCosts(rows []Cost) *Costs {
	c := &Costs{bySKU: make(map[string][]Cost)}
	for _, row := range rows {
		list := c.bySKU[row.SKU]
		i := slices.IndexFunc(list, func(o Cost) bool {
			return o.Marketplace == row.Marketplace && o.From == row.From && o.Currency == row.Currency
		})
		if i >= 0 {
			list[i] = row
			continue
		}
		c.bySKU[row.SKU] = append(list, row)
	}
	for _, list := range c.bySKU {
		slices.SortFunc(list, func(a, b Cost) int {
			return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.Currency, b.Currency))
		})
	}
	return c
}

// At returns the cost of a SKU on a marketplace's day (YYYY-MM-DD): the last one
// that is valid by then, the marketplace's own before one for all. An empty
// currency means any. A cost in another currency is no cost.
func (c *Costs) At(sku, marketplace, currency, day string) (Cost, bool) {
	if c == nil {
		return Cost{}, false
	}
	var found Cost
	ok := false
	for _, o := range c.bySKU[sku] {
		if o.From > day || (o.Marketplace != marketplace && o.Marketplace != "") || (currency != "" && o.Currency != currency) {
			continue
		}
		if !ok || o.Marketplace != "" || found.Marketplace == "" {
			found, ok = o, true
		}
	}
	return found, ok
}
