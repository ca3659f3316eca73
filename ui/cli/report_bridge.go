package cli

import (
	"countinghouse/data/store"
	"countinghouse/ui/paper"
	"countinghouse/ui/session"
)

type reportBridgeVerb struct {
	period
	Format format `help:"table, csv, json; xlsx or pdf with --out." enum:"table,csv,json,xlsx,pdf" default:"table"`
	paperFlags
}

func (v *reportBridgeVerb) Help() string {
	return `From Seller Central's ordered product sales to the net sales of profit and loss, step by step, for one period by order date. The last step is what nothing explains; it is shown as it is.`
}

// bridgeJSON is one step of report bridge; amounts are decimal, null when not known.
type bridgeJSON struct {
	Currency string  `json:"currency"`
	Step     string  `json:"step"`
	Total    bool    `json:"total"` // a level that the steps above lead to
	Amount   *string `json:"amount"`
	Why      string  `json:"what_it_is"`
}

// bridgeWords say what each step is.
var bridgeWords = map[store.BridgeStep]string{
	store.BridgeAmazon:    "ordered product sales as Seller Central's business report tells them",
	store.BridgeReport:    "what Amazon counts otherwise: days that its report lacks, orders that changed since",
	store.BridgeOrdered:   "price of all items ordered in the period",
	store.BridgeCancelled: "orders cancelled",
	store.BridgePending:   "orders pending or not yet shipped",
	store.BridgeUnposted:  "shipped orders of which no money was posted yet",
	store.BridgeTax:       "tax that is in the prices of orders and not in sales",
	store.BridgeOther:     "other differences between an order's price and what was posted: changed quantities, price adjustments",
	store.BridgeSales:     "product sales posted for the period's orders",
	store.BridgeEarlier:   "product sales posted in the period for orders of other days",
	store.BridgeLater:     "product sales of the period's orders posted on other days",
	store.BridgeShipping:  "shipping and gift wrap",
	store.BridgePromotion: "promotions and points",
	store.BridgeRefunds:   "refunds",
	store.BridgeResidue:   "residue: nothing explains it",
	store.BridgeNet:       "net sales of profit and loss",
}

func (v *reportBridgeVerb) Run(a *app) error {
	if err := v.period.check(); err != nil {
		return err
	}
	if v.From == "" || v.To == "" {
		return usage("name the period with --from and --to")
	}
	f := formatFlag{v.Format}.of(a)
	if err := v.paperFlags.check(f); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		all, err := s.Book.Bridge(a.ctx, store.SumFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace})
		if err != nil {
			return err
		}
		if v.Out != "" {
			return a.paper(f, v.Out, paper.Bridge(paperHead(s, v.Language), v.From, v.To, all))
		}
		t := a.rows(f, left("currency"), left("step"), right("amount"), left("what it is"))
		for _, b := range all {
			for _, p := range b.Steps {
				j := bridgeJSON{b.Currency, string(p.Step), p.Total, decimalOf(p.Minor, b.Currency), bridgeWords[p.Step]}
				name := j.Step
				if p.Total {
					name = "= " + name
				}
				if err := t.add(j, j.Currency, name, dash(j.Amount), j.Why); err != nil {
					return err
				}
			}
		}
		return t.end(nil)
	})
}
