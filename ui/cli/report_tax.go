package cli

import (
	"cmp"
	"fmt"

	"countinghouse/data/store"
	"countinghouse/ui/paper"
	"countinghouse/ui/session"
)

type reportTaxVerb struct {
	period
	Format format `help:"table, csv, json; xlsx or pdf with --out." enum:"table,csv,json,xlsx,pdf" default:"table"`
	paperFlags
}

func (v *reportTaxVerb) Help() string {
	return `Tax on sales is what Amazon's postings tell: collected, withheld by Amazon, owed by the seller, by where the goods went to (a country, in the United States and Canada with its state or province; - when no report told), at the rate that the amounts show, or with ~ the tax per cent of the net amount where rates change from town to town. VAT transactions are Amazon's own report, by departure and arrival. Tax on fees is a cost or recovered, as you said with tax fees. This is a statement of what was posted and no tax advice.`
}

// taxJSON is a row of report tax; amounts are decimal, null where a row has none.
type taxJSON struct {
	Section      string  `json:"section"` // sales, fees or vat
	Marketplace  string  `json:"marketplace,omitempty"`
	Jurisdiction string  `json:"jurisdiction,omitempty"` // of sales: country that the goods went to, with its state as US-CA; empty when nobody told
	Type         string  `json:"type,omitempty"`
	Depart       string  `json:"departure,omitempty"`
	Arrive       string  `json:"arrival,omitempty"`
	Scheme       string  `json:"scheme,omitempty"`
	Collector    string  `json:"collector,omitempty"`
	Rate         string  `json:"rate_percent"`                // empty: many, or none that fits
	Effective    string  `json:"effective_percent,omitempty"` // where rates are local: tax of the net amount, of one state or province
	NoRate       string  `json:"no_rate,omitempty"`           // why there is neither: places, refunds or mixed
	Currency     string  `json:"currency"`
	Net          *string `json:"net"`
	Collected    *string `json:"collected"`
	Withheld     *string `json:"withheld_by_amazon"`
	Owed         *string `json:"owed"`
	Treatment    string  `json:"treatment,omitempty"` // of fees: recoverable, cost, or not said
	Count        int64   `json:"transactions"`
}

func (v *reportTaxVerb) Run(a *app) error {
	if err := v.period.check(); err != nil {
		return err
	}
	f := v.Format
	if a.g.JSON {
		f = formatJSON
	}
	if err := v.paperFlags.check(f); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		sum := store.SumFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace}
		sales, err := s.Book.TaxOnSales(a.ctx, sum)
		if err != nil {
			return err
		}
		fees, err := s.Book.TaxOnFees(a.ctx, sum)
		if err != nil {
			return err
		}
		vat, err := s.Book.VATSums(a.ctx, v.From, v.To)
		if err != nil {
			return err
		}
		if v.Out != "" {
			return a.paper(f, v.Out, paper.Tax(paperHead(s, v.Language), v.From, v.To, sales, fees, vat))
		}
		rows := taxRows(sales, fees, vat)
		if f == formatTable {
			return printTax(a, rows)
		}
		t := a.rows(f, left("section"), left("jurisdiction"), left("marketplace"), left("type"), left("departure"), left("arrival"), left("scheme"),
			left("collector"), right("rate_percent"), left("currency"), right("net"), right("collected"), right("withheld_by_amazon"), right("owed"),
			left("treatment"), right("transactions"), right("effective_percent"))
		for _, r := range rows {
			if err := t.add(r, r.Section, r.Jurisdiction, r.Marketplace, r.Type, r.Depart, r.Arrive, r.Scheme, r.Collector, r.Rate, r.Currency,
				dash(r.Net), dash(r.Collected), dash(r.Withheld), dash(r.Owed), r.Treatment, number(r.Count), r.Effective); err != nil {
				return err
			}
		}
		return t.end(nil)
	})
}

func taxRows(sales []store.TaxRow, fees []store.FeeTaxRow, vat []store.VATRow) []taxJSON {
	out := []taxJSON{}
	money := func(minor int64, currency string) *string { return decimalOf(&minor, currency) }
	for _, r := range sales {
		effective, why := r.Effective()
		out = append(out, taxJSON{
			Section: "sales", Marketplace: marketName(r.Marketplace), Jurisdiction: r.Place(), Rate: r.Rate, Effective: effective, NoRate: string(why), Currency: r.Currency,
			Net: money(r.Net, r.Currency), Collected: money(r.Collected, r.Currency), Withheld: money(r.Withheld, r.Currency),
			Owed: money(r.Owed, r.Currency), Count: r.Events,
		})
	}
	for _, r := range fees {
		out = append(out, taxJSON{Section: "fees", Marketplace: marketName(r.Marketplace), Currency: r.Currency, Collected: money(r.Minor, r.Currency), Treatment: treatment(r)})
	}
	for _, r := range vat {
		out = append(out, taxJSON{
			Section: "vat", Jurisdiction: r.Jurisdiction, Type: r.Type, Depart: r.Depart, Arrive: r.Arrive, Scheme: r.Scheme, Collector: r.Collector,
			Rate: r.Rate, Currency: r.Currency, Net: money(r.Net, r.Currency), Collected: money(r.VAT, r.Currency), Count: r.Transactions,
		})
	}
	return out
}

// about marks an effective rate.
func about(percent string) string {
	if percent == "" {
		return ""
	}
	return "~" + percent
}

func treatment(r store.FeeTaxRow) string {
	switch {
	case !r.Said:
		return "not said"
	case r.Recoverable:
		return "recoverable"
	}
	return "cost"
}

func printTax(a *app, rows []taxJSON) error {
	sales := newSheet(left("tax on sales"), left("to"), right("rate %"), left("currency"), right("net"), right("collected"), right("withheld"), right("you owe"))
	fees := newSheet(left("tax on fees"), left("currency"), right("amount"), left("treatment"))
	vat := newSheet(left("vat report"), left("taxed in"), left("scheme"), left("paid by"), left("from"), left("to"), right("rate %"), left("currency"), right("net"), right("vat"), right("rows"))
	for _, r := range rows {
		switch r.Section {
		case "sales":
			sales.add(r.Marketplace, cmp.Or(r.Jurisdiction, "-"), cmp.Or(r.Rate, about(r.Effective), "-"), r.Currency, dash(r.Net), dash(r.Collected), dash(r.Withheld), dash(r.Owed))
		case "fees":
			fees.add(r.Marketplace, r.Currency, dash(r.Collected), r.Treatment)
		default:
			vat.add(r.Type, r.Jurisdiction, r.Scheme, r.Collector, r.Depart, r.Arrive, cmp.Or(r.Rate, "-"), r.Currency, dash(r.Net), dash(r.Collected), number(r.Count))
		}
	}
	for i, s := range []*sheet{sales, fees, vat} {
		if len(s.rows) == 0 {
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.io.Out)
		}
		if err := s.write(a.io.Out, formatTable); err != nil {
			return err
		}
	}
	return nil
}

type taxVerb struct {
	Fees taxFeesVerb `cmd:"" help:"Say what tax on Amazon's fees is to you in a marketplace, as you are registered there."`
}

type taxFeesVerb struct {
	Marketplace string `arg:"" help:"Marketplace id or name, such as Amazon.de."`
	Treatment   string `arg:"" help:"recoverable or cost." enum:"recoverable,cost"`
}

func (v *taxFeesVerb) Run(a *app) error {
	id, ok := marketplaceID(v.Marketplace)
	if !ok {
		return usage("marketplace %q is not known; write it like Amazon.de", v.Marketplace)
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.SetFeeTaxRecoverable(id, v.Treatment == "recoverable"); err != nil {
				return err
			}
			return tx.Audit("tax", "tax on fees in "+marketName(id)+" is "+v.Treatment)
		})
		if err != nil {
			return err
		}
		return a.say(map[string]string{"marketplace": id, "tax_on_fees": v.Treatment}, "Tax on fees in %s is %s, also in what was posted before.\n", marketName(id), v.Treatment)
	})
}
