package cli

import (
	"fmt"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// explainedJSON is one figure of report profit --explain with --json.
type explainedJSON struct {
	Group    string        `json:"group"`
	Currency string        `json:"currency"`
	From     string        `json:"from"`
	To       string        `json:"to"`
	Figure   string        `json:"figure"`
	Formula  string        `json:"formula"`
	Kind     string        `json:"kind"`  // money, rate or count
	Value    *string       `json:"value"` // decimal; a rate as a percentage
	Why      string        `json:"why,omitempty"`
	Operands []operandJSON `json:"operands"`
}

type operandJSON struct {
	Name  string  `json:"name"`
	Kind  string  `json:"kind"`
	Value *string `json:"value"`
	Why   string  `json:"why,omitempty"`
}

var kindNames = map[books.Kind]string{books.KindMoney: "money", books.KindRate: "rate", books.KindCount: "count"}

func (v *reportProfitVerb) explain(a *app, b *store.Book, groups []group) error {
	words := i18n.For("en")
	var out []explainedJSON
	for _, g := range groups {
		x, err := b.Beside(a.ctx, store.SumFilter{From: g.From, To: g.To, Marketplaces: v.Marketplace, Currency: g.Currency, SKU: v.SKU})
		if err != nil {
			return err
		}
		all, err := books.Explain(g.Statement, x)
		if err != nil {
			return err
		}
		for _, f := range all {
			if v.Explain == "all" || v.Explain == string(f.Name) {
				out = append(out, explained(g, f, words))
			}
		}
	}
	if len(out) == 0 && len(groups) > 0 {
		return usage("--explain %q is no figure; all shows every one", v.Explain)
	}
	if v.of(a) == formatJSON {
		return writeJSON(a.io.Out, out)
	}
	t := newSheet(left("statement"), left("from"), left("to"), left("figure"), right("value"), left("definition"), left("with these numbers"))
	for _, e := range out {
		value := dash(e.Value)
		if e.Why != "" {
			value += " (" + e.Why + ")"
		}
		t.add(strings.TrimSpace(marketName(e.Group)+" "+e.Currency), e.From, e.To, words.T("figures."+e.Figure), value, e.Formula, numbersOf(e))
	}
	return t.write(a.io.Out, v.Format)
}

func explained(g group, f books.Explained, words *i18n.Words) explainedJSON {
	e := explainedJSON{
		Group: g.name, Currency: g.Currency, From: g.From, To: g.To, Figure: string(f.Name), Formula: words.T("figures." + string(f.Name) + ".formula"),
		Kind: kindNames[f.Kind], Value: figureText(f.Kind, f.Value), Why: f.Value.Why,
	}
	for _, o := range f.Operands {
		e.Operands = append(e.Operands, operandJSON{words.T("figures.op." + o.Name), kindNames[o.Kind], figureText(o.Kind, o.Figure), o.Why})
	}
	return e
}

// figureText is a figure as plain text, nil when it is not known.
func figureText(k books.Kind, f books.Figure) *string {
	if !f.Known {
		return nil
	}
	text := f.Decimal()
	switch k {
	case books.KindRate:
		text = books.Money{Minor: f.Minor, Currency: "PCT"}.Decimal() + " %" // basis points have two places, as cents do
	case books.KindCount:
		text = number(f.Minor)
	}
	return &text
}

// numbersOf writes the operands with their names.
func numbersOf(e explainedJSON) string {
	var parts []string
	for _, o := range e.Operands {
		parts = append(parts, fmt.Sprintf("%s %s", o.Name, dash(o.Value)))
	}
	return strings.Join(parts, "; ")
}

type reportDatesVerb struct {
	period
	formatFlag
}

// dateJSON is one line of report dates --format json; amounts are decimal.
type dateJSON struct {
	Currency string `json:"currency"`
	Line     string `json:"line"`
	Posted   string `json:"by_posting_date"`
	Earlier  string `json:"less_ordered_before"`
	Later    string `json:"less_ordered_after"`
	After    string `json:"more_posted_after"`
	Before   string `json:"more_posted_before"`
	Ordered  string `json:"by_order_date"`
}

// Run reconciles the period by posting date with the period by order date.
func (v *reportDatesVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	if v.From == "" || v.To == "" {
		return usage("name the period with --from and --to")
	}
	return a.with(func(s *session.Session) error {
		b := s.Book
		all, err := b.DateDifferences(a.ctx, store.SumFilter{From: v.From, To: v.To, Marketplaces: v.Marketplace})
		if err != nil {
			return err
		}
		t := a.rows(v.of(a), left("currency"), left("line"), right("by posting date"), right("ordered before"), right("ordered after"),
			right("posted after"), right("posted before"), right("by order date"))
		for _, d := range all {
			minus := func(minor int64) string { return amount(-minor, d.Currency) }
			plus := func(minor int64) string { return amount(minor, d.Currency) }
			j := dateJSON{d.Currency, string(d.Line), plus(d.Posted), minus(d.Earlier), minus(d.Later), plus(d.After), plus(d.Before), plus(d.Ordered)}
			if err := t.add(j, j.Currency, j.Line, j.Posted, j.Earlier, j.Later, j.After, j.Before, j.Ordered); err != nil {
				return err
			}
		}
		return t.end(nil)
	})
}
