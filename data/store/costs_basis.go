package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// Settings of a book's costs.
const (
	settingMethod   = "costs.method"   // fifo, average or period
	settingCurrency = "books.currency" // in which purchases are fixed and totals are shown
)

// costBasis is all that costing needs, read once and again after a change. It is
// immutable.
type costBasis struct {
	books.Basis
	currency string              // of the book, empty when it was never set
	layered  map[string]bool     // SKUs whose cost follows batches
	partOf   map[string][]string // a part's kits

	postage, packing *books.Costs    // what parcels cost; nil without rates
	bills            bool            // there are rows of carriers' bills
	feeTaxBack       map[string]bool // marketplaces where the tax on fees is recovered
}

// group gives the SKUs whose costs hang together with these: kits and their
// parts, as far as they reach. The SKUs without batches and kits are left out.
func (c *costBasis) group(skus map[string]struct{}) []string {
	seen := map[string]bool{}
	var walk func(sku string)
	walk = func(sku string) {
		if seen[sku] {
			return
		}
		seen[sku] = true
		for _, p := range c.Kits[sku] {
			walk(p.SKU)
		}
		for _, kit := range c.partOf[sku] {
			walk(kit)
		}
	}
	for sku := range skus {
		walk(sku)
	}
	out := make([]string, 0, len(seen))
	for sku := range seen {
		out = append(out, sku)
	}
	slices.Sort(out)
	return out
}

// families divides SKUs into groups that can be counted one after the other.
func (c *costBasis) families(skus []string) [][]string {
	done := map[string]bool{}
	var out [][]string
	for _, sku := range skus {
		if done[sku] {
			continue
		}
		family := c.group(map[string]struct{}{sku: {}})
		for _, s := range family {
			done[s] = true
		}
		out = append(out, family)
	}
	return out
}

// of gives the basis of some SKUs alone.
func (c *costBasis) of(family []string, method books.Method) books.Basis {
	out := books.Basis{Method: method, Kits: c.Kits, Units: c.Units, Rates: c.Rates}
	for _, b := range c.Batches {
		if slices.Contains(family, b.SKU) {
			out.Batches = append(out.Batches, b)
		}
	}
	return out
}

func (t *Tx) loadBasis() (*costBasis, error) {
	if t.book.basis != nil {
		return t.book.basis, nil
	}
	units, err := t.loadCosts()
	if err != nil {
		return nil, err
	}
	c, err := readBasis(txSource{t}, units)
	if err != nil {
		return nil, fmt.Errorf("read what goods cost: %w", err)
	}
	t.book.basis = c
	return c, nil
}

// source reads rows, within a transaction or beside it.
type source interface {
	each(query string, args []any, scan func(*sql.Rows) error) error
}

type txSource struct{ t *Tx }

func (s txSource) each(q string, args []any, scan func(*sql.Rows) error) error {
	return s.t.rows(q, args, scan)
}

func readBasis(from source, units *books.Costs) (*costBasis, error) {
	c := &costBasis{layered: map[string]bool{}, partOf: map[string][]string{}, feeTaxBack: map[string]bool{}}
	c.Units, c.Kits, c.Method = units, map[string][]books.Part{}, books.ByPeriod
	err := from.each(`SELECT key, value FROM setting WHERE key IN (?, ?) OR key >= ? AND key < ?`,
		[]any{settingMethod, settingCurrency, feeTaxKey, feeTaxEnd}, func(r *sql.Rows) error {
			var key, value string
			err := r.Scan(&key, &value)
			marketplace, feeTax := strings.CutPrefix(key, feeTaxKey)
			switch {
			case feeTax:
				c.feeTaxBack[marketplace] = value == feeTaxBack
			case key == settingCurrency:
				c.currency = value
			case books.KnownMethod(books.Method(value)):
				c.Method = books.Method(value)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	currencies := map[string]bool{}
	err = from.each(`SELECT id, bought_day, sku, marketplaces, quantity, currency, price_minor + freight_minor + duty_minor + prep_minor + other_minor,
		book_currency, book_minor FROM cost_batch ORDER BY sku, bought_day, id`, nil, func(r *sql.Rows) error {
		var b books.Batch
		var markets string
		if err := r.Scan(&b.ID, &b.Day, &b.SKU, &markets, &b.Units, &b.Cost.Currency, &b.Cost.Minor, &b.Fixed.Currency, &b.Fixed.Minor); err != nil {
			return err
		}
		b.Marketplaces = splitList(markets)
		c.Batches = append(c.Batches, b)
		c.layered[b.SKU] = true
		currencies[b.Fixed.Currency] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = from.each(`SELECT kit_sku, part_sku, units FROM kit_part ORDER BY 1, 2`, nil, func(r *sql.Rows) error {
		var kit string
		var p books.Part
		err := r.Scan(&kit, &p.SKU, &p.Units)
		c.Kits[kit] = append(c.Kits[kit], p)
		c.partOf[p.SKU] = append(c.partOf[p.SKU], kit)
		c.layered[kit] = true
		return err
	})
	if err != nil {
		return nil, err
	}
	if c.Rates, err = basisRates(from, currencies, c.Batches); err != nil {
		return nil, err
	}
	if c.postage, c.packing, err = readPostage(from); err != nil {
		return nil, err
	}
	err = from.each(`SELECT 1 FROM carrier_bill LIMIT 1`, nil, func(*sql.Rows) error { c.bills = true; return nil })
	return c, err
}

// basisRates reads the exchange rates that turn the cost of batches into the
// currencies of Amazon's marketplaces, from the oldest batch on.
func basisRates(from source, currencies map[string]bool, batches []books.Batch) (*books.Rates, error) {
	if len(batches) == 0 {
		return nil, nil
	}
	oldest := batches[0].Day
	for _, b := range batches {
		oldest = min(oldest, b.Day)
	}
	for _, m := range markets.All() {
		currencies[m.Currency] = true
	}
	return readRates(from, currencies, oldest)
}

// readRates reads the exchange rates between some currencies, from about a day on.
func readRates(from source, currencies map[string]bool, day string) (*books.Rates, error) {
	codes := []any{"EUR"} // through which rates are crossed
	for code := range currencies {
		codes = append(codes, code)
	}
	if d, err := time.Parse(time.DateOnly, day); err == nil {
		day = d.AddDate(0, 0, -10).Format(time.DateOnly) // the rate of a long weekend is older
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(codes)), ",")
	var quotes []books.Quote
	err := from.each(`SELECT rate_day, from_code, to_code, rate, source FROM fx_rate WHERE from_code IN (`+marks+`) AND to_code IN (`+marks+`)
		AND rate_day >= ? ORDER BY 2, 3, 1`, append(append(codes, codes...), day), func(r *sql.Rows) error { return scanQuote(r, &quotes) })
	return books.NewRates(quotes), err
}

func scanQuote(r *sql.Rows, quotes *[]books.Quote) error {
	var q books.Quote
	var rate string
	if err := r.Scan(&q.Day, &q.From, &q.To, &rate, &q.Source); err != nil {
		return err
	}
	var err error
	if q.Rate, err = books.ParseUnit(rate); err != nil {
		return fmt.Errorf("the stored rate of %s to %s on %s: %w", q.From, q.To, q.Day, err)
	}
	*quotes = append(*quotes, q)
	return nil
}

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// ErrUnknownMethod reports a costing method that does not exist.
var ErrUnknownMethod = errors.New("there is no such costing method; write fifo, average or period")
