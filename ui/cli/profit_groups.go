package cli

import (
	"fmt"
	"slices"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// parter says to which statements a row belongs, and of which days each is.
type parter struct {
	names func(books.Rollup) []string         // nil: one statement of all
	span  func(name string) (from, to string) // nil: the whole period
}

func (v *reportProfitVerb) checkMore() error {
	if v.Compare != "" && (v.By != "total" || v.From == "" || v.To == "" || v.Order != "") {
		return usage("--compare takes a whole period: --from and --to, without --by and --order")
	}
	return v.paperFlags.check(v.Format)
}

// parter makes what --by asks for.
func (v *reportProfitVerb) parter(a *app, b *store.Book) (parter, error) {
	one := func(f func(books.Rollup) string) func(books.Rollup) []string {
		return func(r books.Rollup) []string { return []string{f(r)} }
	}
	switch v.By {
	case "marketplace":
		return parter{names: one(func(r books.Rollup) string { return r.Marketplace })}, nil
	case "sku":
		return parter{names: one(func(r books.Rollup) string { return r.SKU })}, nil
	case "day", "week", "month", "quarter", "year":
		return parter{one(func(r books.Rollup) string { return periodOf(v.By, r.Day) }), periodSpan}, nil
	case "parent", "brand", "tag":
		groups, err := b.ProductGroups(a.ctx, store.GroupKind(v.By))
		return parter{names: func(r books.Rollup) []string {
			k := store.ProductKey{Marketplace: r.Marketplace, SKU: r.SKU}
			if v.By == "tag" {
				k.Marketplace = ""
			}
			if names := groups[k]; len(names) > 0 {
				return names
			}
			return []string{""}
		}}, err
	}
	return parter{}, nil
}

// periodOf names the period a day lies in: 2026-03-04, 2026-W10, 2026-03, 2026-Q1, 2026.
func periodOf(by, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	switch by {
	case "week":
		y, w := t.ISOWeek()
		return fmt.Sprintf("%d-W%02d", y, w)
	case "month":
		return day[:7]
	case "quarter":
		return fmt.Sprintf("%s-Q%d", day[:4], (int(t.Month())+2)/3)
	case "year":
		return day[:4]
	}
	return day
}

// periodSpan gives the first and last day of a period as periodOf names it.
func periodSpan(name string) (from, to string) {
	var y, n int
	switch {
	case len(name) == 4:
		return name + "-01-01", name + "-12-31"
	case len(name) == 7 && name[5] == 'Q':
		if _, err := fmt.Sscanf(name, "%d-Q%d", &y, &n); err == nil {
			return fmt.Sprintf("%d-%02d-01", y, 3*n-2), accounts.LastDay(fmt.Sprintf("%d-%02d", y, 3*n))
		}
	case len(name) == 8:
		if _, err := fmt.Sscanf(name, "%d-W%d", &y, &n); err == nil {
			fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // is always in week 1
			monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(n-1))
			return monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly)
		}
	case len(name) == 7:
		return name + "-01", accounts.LastDay(name)
	}
	return name, name
}

// compared puts the statements of an earlier period beside.
func (v *reportProfitVerb) compared(a *app, b *store.Book, groups []group) ([]group, error) {
	if v.Compare == "" || len(groups) == 0 {
		return groups, nil
	}
	from, _ := time.Parse(time.DateOnly, v.From)
	to, _ := time.Parse(time.DateOnly, v.To)
	earlier := *v
	earlier.Compare = ""
	earlier.From, earlier.To = earlierSpan(v.Compare, from, to)
	had, err := earlier.statements(a, b)
	if err != nil {
		return nil, err
	}
	var out []group
	for _, g := range groups {
		g.name = "this"
		out = append(out, g)
		if i := slices.IndexFunc(had, func(h group) bool { return h.Currency == g.Currency }); i >= 0 {
			had[i].name = v.Compare
			out = append(out, had[i])
		}
	}
	return out, nil
}

// earlierSpan is the span to compare with: the same days of the year before, or
// as many days right before. Whole months stay whole months.
func earlierSpan(compare string, from, to time.Time) (string, string) {
	whole := from.Day() == 1 && to.AddDate(0, 0, 1).Day() == 1
	months := (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) + 1
	switch {
	case compare == "year" && whole:
		return from.AddDate(-1, 0, 0).Format(time.DateOnly), to.AddDate(0, 0, 1).AddDate(-1, 0, -1).Format(time.DateOnly)
	case compare == "year":
		return from.AddDate(-1, 0, 0).Format(time.DateOnly), to.AddDate(-1, 0, 0).Format(time.DateOnly)
	case whole:
		return from.AddDate(0, -months, 0).Format(time.DateOnly), from.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	days := int(to.Sub(from)/(24*time.Hour)) + 1
	return from.AddDate(0, 0, -days).Format(time.DateOnly), from.AddDate(0, 0, -1).Format(time.DateOnly)
}

type tagVerb struct {
	SKU  string   `arg:"" help:"Seller SKU."`
	Tags []string `arg:"" optional:"" help:"All its tags; none takes them away."`
}

// Run gives a SKU its tags: groups of the seller's own for report profit --by tag.
func (v *tagVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.SetTags(v.SKU, v.Tags) })
		if err != nil {
			return err
		}
		return a.say(map[string]any{"sku": v.SKU, "tags": v.Tags}, "%s has %d tags.\n", v.SKU, len(v.Tags))
	})
}
