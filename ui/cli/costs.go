package cli

import (
	"errors"
	"fmt"
	"os"
	"regexp"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type costsVerb struct {
	List   costsListVerb   `cmd:"" help:"List the unit costs."`
	Set    costsSetVerb    `cmd:"" help:"Set what a unit costs from a day on."`
	Import costsImportVerb `cmd:"" help:"Read a cost list: CSV or XLSX with sku, marketplace, valid_from, unit_cost, currency."`
	Remove costsRemoveVerb `cmd:"" help:"Remove a unit cost."`

	Batch     batchVerb     `cmd:"" help:"Purchases: what batches of goods cost, freight and duty included."`
	Kit       kitVerb       `cmd:"" help:"Kits and multipacks: what they hold."`
	Method    methodVerb    `cmd:"" help:"How costs are counted: fifo, average or period."`
	Uncovered uncoveredVerb `cmd:"" help:"SKUs with units that left without a known cost, why, and what to do."`
	Goods     goodsVerb     `cmd:"" help:"Units that came back, were lost or were found, where Amazon does not tell."`
	Postage   postageVerb   `cmd:"" help:"Postage and packing of seller-fulfilled parcels."`
}

type costsListVerb struct {
	Format format `help:"table, csv or json." enum:"table,csv,json" default:"table"`
}

type costJSON struct {
	SKU         string `json:"sku"`
	Marketplace string `json:"marketplace_id"`
	From        string `json:"valid_from"`
	Unit        string `json:"unit_cost"`
	Currency    string `json:"currency"`
}

func costOf(c books.Cost) costJSON {
	return costJSON{c.SKU, c.Marketplace, c.From, c.Unit.String(), c.Currency}
}

func (v *costsListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Costs(a.ctx)
		if err != nil {
			return err
		}
		if v.Format == formatJSON || a.g.JSON {
			out := []costJSON{}
			for _, c := range list {
				out = append(out, costOf(c))
			}
			return writeJSON(a.io.Out, out)
		}
		t := newSheet(left("sku"), left("marketplace"), left("valid_from"), right("unit_cost"), left("currency"))
		for _, c := range list {
			t.add(c.SKU, costPlace(c), c.From, c.Unit.String(), c.Currency)
		}
		return t.write(a.io.Out, v.Format)
	})
}

// costPlace shows where a cost holds; CSV and table can be imported again.
func costPlace(c books.Cost) string {
	if c.Marketplace == "" {
		return ""
	}
	return marketName(c.Marketplace)
}

// costKey names one unit cost on the command line.
type costKey struct {
	SKU         string `arg:"" help:"Seller SKU."`
	Marketplace string `help:"Marketplace id or name, such as Amazon.de; empty: every marketplace of the currency." placeholder:"NAME"`
	From        string `help:"First day it is valid, YYYY-MM-DD; empty: from the beginning." placeholder:"DAY"`
	Currency    string `help:"Currency of the cost." required:"" placeholder:"CODE"`
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func (k costKey) cost() (books.Cost, error) {
	c := books.Cost{SKU: k.SKU, From: k.From, Currency: k.Currency}
	if err := checkDays(k.From); err != nil {
		return c, err
	}
	if !currencyCode.MatchString(k.Currency) {
		return c, usage("--currency %q is not a code like EUR", k.Currency)
	}
	if k.Marketplace != "" {
		id, ok := marketplaceID(k.Marketplace)
		if !ok {
			return c, usage("marketplace %q is not known; write it like Amazon.de", k.Marketplace)
		}
		c.Marketplace = id
	}
	return c, nil
}

type costsSetVerb struct {
	costKey
	Cost string `help:"Cost of one unit, such as 3.25 (may have more places than the currency)." required:"" placeholder:"AMOUNT"`
}

func (v *costsSetVerb) Run(a *app) error {
	c, err := v.cost()
	if err != nil {
		return err
	}
	if c.Unit, err = books.ParseUnit(v.Cost); err != nil || c.Unit.Sign() < 0 {
		return usage("--cost %q is not a plain number like 3.25", v.Cost)
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.PutCosts([]books.Cost{c}); err != nil {
				return err
			}
			return tx.Audit("cost", "unit cost of "+c.SKU+" from "+c.From)
		})
		if err != nil {
			return err
		}
		return a.say(costOf(c), "A unit of %s costs %s %s.\n", c.SKU, c.Unit, c.Currency)
	})
}

type costsRemoveVerb struct{ costKey }

func (v *costsRemoveVerb) Run(a *app) error {
	c, err := v.cost()
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.DeleteCost(c); err != nil {
				return err
			}
			return tx.Audit("cost", "removed the unit cost of "+c.SKU+" from "+c.From)
		})
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no such unit cost of %s; costs list shows them", c.SKU)
		}
		if err != nil {
			return err
		}
		return a.say(map[string]string{"removed": c.SKU}, "Removed the unit cost of %s.\n", c.SKU)
	})
}

type costsImportVerb struct {
	File string `arg:"" help:"The CSV or XLSX file." type:"path"`
}

func (v *costsImportVerb) Run(a *app) error {
	body, err := os.ReadFile(v.File)
	if err != nil {
		return fmt.Errorf("open the cost list: %w", err)
	}
	rows, bad, err := costfiles.UnitCosts(body, marketplaceID)
	if err != nil {
		return err
	}
	for _, b := range bad {
		fmt.Fprintf(a.io.Err, "countinghouse: %s, %s\n", v.File, b.Error())
	}
	if len(bad) > 0 {
		return fmt.Errorf("%d rows cannot be read; mend them and import the file again, nothing was changed", len(bad))
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.PutCosts(rows); err != nil {
				return err
			}
			return tx.Audit("cost", fmt.Sprintf("cost list with %d rows", len(rows)))
		})
		if err != nil {
			return err
		}
		return a.say(map[string]int{"stored": len(rows)}, "Stored %d unit costs.\n", len(rows))
	})
}

// marketplaceID takes a marketplace's id or any of Amazon's names for it.
func marketplaceID(text string) (string, bool) {
	if m, ok := markets.ByID(text); ok {
		return m.ID, true
	}
	m, ok := markets.ByName(text)
	return m.ID, ok
}
