package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"countinghouse/data/books"
)

// StockValue is what is left of the purchases at the end of a day, at cost.
type StockValue struct {
	Method  books.Method
	Day     string
	Held    []books.Holding
	Totals  []books.Money // in the currencies in which purchases are fixed, by code
	Unknown int64         // units whose cost on that day is not known
	Cost    []books.Money // cost of goods from the first day to this one, per currency of sale
}

// StockValues follows the purchases through all moves up to a day, with each
// method, and reports the book's own first. progress is told how many groups of
// SKUs are done of how many, and may be nil.
func (b *Book) StockValues(ctx context.Context, day string, methods []books.Method, progress func(done, total int)) ([]StockValue, error) {
	basis, err := b.readBasis(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]StockValue, len(methods))
	sums := make([]valueSums, len(methods))
	for i, m := range methods {
		out[i] = StockValue{Method: m, Day: day}
		sums[i] = valueSums{held: map[string]int64{}, cost: map[string]int64{}}
	}
	families := basis.families(basis.group(setOf(basis.layered)))
	for n, family := range families {
		lines, err := readCostLines(bookSource{ctx, b}, family, day)
		if err != nil {
			return nil, err
		}
		for i, m := range methods {
			if err := out[i].follow(basis.of(family, m), lines, &sums[i]); err != nil {
				return nil, fmt.Errorf("value the stock of %s: %w", family[0], err)
			}
		}
		if progress != nil {
			progress(n+1, len(families))
		}
	}
	for i := range out {
		out[i].Totals, out[i].Cost = moneys(sums[i].held), moneys(sums[i].cost)
	}
	return out, nil
}

type valueSums struct{ held, cost map[string]int64 }

func (v *StockValue) follow(basis books.Basis, lines []costLine, sums *valueSums) error {
	ledger, err := books.NewLedger(basis)
	if err != nil {
		return err
	}
	for i := range lines {
		c, err := ledger.Apply(lines[i].move)
		if err != nil {
			return err
		}
		sums.cost[c.Amount.Currency] += c.Amount.Minor
	}
	held, err := ledger.Stock(v.Day)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Known {
			sums.held[h.Fixed.Currency] += h.Fixed.Minor
		} else {
			v.Unknown += h.Units
		}
	}
	v.Held = append(v.Held, held...)
	return nil
}

func moneys(sums map[string]int64) []books.Money {
	var out []books.Money
	for code, minor := range sums {
		out = append(out, books.Money{Minor: minor, Currency: code})
	}
	slices.SortFunc(out, func(a, b books.Money) int {
		if a.Currency < b.Currency {
			return -1
		}
		return 1
	})
	return out
}

func setOf(m map[string]bool) map[string]struct{} {
	out := make(map[string]struct{}, len(m))
	for k := range m {
		out[k] = struct{}{}
	}
	return out
}

// UncoveredSKU is a SKU with units that left without a known cost.
type UncoveredSKU struct {
	SKU, Title  string
	Marketplace string
	Currency    string
	Units       int64
	First, Last string // days
	Gap         books.Gap
}

// Uncovered lists the SKUs with units that left without a known cost, the most
// units first, and why.
func (b *Book) Uncovered(ctx context.Context) ([]UncoveredSKU, error) {
	var all []UncoveredSKU
	from := bookSource{ctx, b}
	err := from.each(`SELECT r.sku, coalesce((SELECT title FROM listing l WHERE l.sku = r.sku AND title <> '' LIMIT 1), ''), marketplace_id, currency,
		sum(uncovered), min(event_day), max(event_day) FROM rollup r WHERE line = 'cogs' AND uncovered <> 0
		GROUP BY sku, marketplace_id, currency HAVING sum(uncovered) > 0 ORDER BY 5 DESC, 1, 3`, nil, func(r *sql.Rows) error {
		var u UncoveredSKU
		err := r.Scan(&u.SKU, &u.Title, &u.Marketplace, &u.Currency, &u.Units, &u.First, &u.Last)
		all = append(all, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the units without a cost: %w", err)
	}
	basis, err := b.readBasis(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Gap = basis.gap(all[i])
	}
	return all, nil
}

// gap says why a SKU's units have no cost, without following all its moves.
func (c *costBasis) gap(u UncoveredSKU) books.Gap {
	if !c.layered[u.SKU] {
		return books.GapNoBatch
	}
	skus := []string{u.SKU}
	for _, p := range c.Kits[u.SKU] {
		skus = append(skus, p.SKU)
	}
	gap := books.GapNoBatch
	for _, b := range c.Batches {
		if !slices.Contains(skus, b.SKU) || b.Day > u.Last {
			continue
		}
		gap = books.GapSoldOut
		if b.Cost.Currency != u.Currency && b.Fixed.Currency != u.Currency {
			if _, ok := c.Rates.At(b.Fixed.Currency, u.Currency, u.Last); !ok {
				return books.GapNoRate
			}
		}
	}
	return gap
}
