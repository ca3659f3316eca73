package paper

import (
	"cmp"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
)

// Tax makes the report of tax: on sales, on fees, and Amazon's VAT transactions.
// from and to are days; empty means from the beginning, or until now.
func Tax(h Head, from, to string, sales []store.TaxRow, fees []store.FeeTaxRow, vat []store.VATRow) Report {
	t := h.Words.T
	period := t("paper.tax.all")
	if from != "" && to != "" {
		period = h.days(from, to)
	}
	r := Report{Head: h, Title: t("paper.tax.title"), Notes: []string{t("paper.tax.note")}, Facts: [][2]string{
		{t("paper.period"), period}, {t("paper.printed"), h.Locale.Date(h.Printed)},
	}}
	money := func(minor int64, currency string) Cell { return Amount(books.Money{Minor: minor, Currency: currency}) }
	on := Section{Title: t("paper.tax.sales"), Columns: []Column{
		{Title: t("paper.tax.market")}, {Title: t("paper.tax.place"), Width: 18}, {Title: t("paper.currency"), Width: 16}, {Title: t("paper.tax.rate"), Right: true, Width: 16}, {Title: t("paper.tax.net"), Right: true, Width: 28},
		{Title: t("paper.tax.collected"), Right: true, Width: 28}, {Title: t("paper.tax.withheld"), Right: true, Width: 28}, {Title: t("paper.tax.owed"), Right: true, Width: 28},
	}}
	for _, s := range sales {
		on.Rows = append(on.Rows, Row{Cells: []Cell{
			Text(marketOf(s.Marketplace)), Text(cmp.Or(s.Place(), "-")), Text(s.Currency), Text(rateOn(s)), money(s.Net, s.Currency), money(s.Collected, s.Currency),
			money(s.Withheld, s.Currency), money(s.Owed, s.Currency),
		}})
	}
	paid := Section{Title: t("paper.tax.fees"), Columns: []Column{
		{Title: t("paper.tax.market")}, {Title: t("paper.currency"), Width: 20}, {Title: t("paper.tax.amount"), Right: true, Width: 34}, {Title: t("paper.tax.treatment"), Width: 44},
	}}
	for _, f := range fees {
		word := "paper.tax.notsaid"
		if f.Said {
			word = "paper.tax.cost"
		}
		if f.Recoverable {
			word = "paper.tax.recoverable"
		}
		paid.Rows = append(paid.Rows, Row{Cells: []Cell{Text(marketOf(f.Marketplace)), Text(f.Currency), money(f.Minor, f.Currency), Text(t(word))}})
	}
	r.Sections = []Section{h.orNone(on), h.orNone(paid)}
	if len(vat) > 0 {
		moved := Section{Title: t("paper.tax.vat"), Columns: []Column{
			{Title: t("paper.tax.type")}, {Title: t("paper.tax.taxedin"), Width: 20}, {Title: t("paper.tax.scheme"), Width: 30}, {Title: t("paper.tax.payer"), Width: 28},
			{Title: t("paper.tax.way"), Width: 24}, {Title: t("paper.tax.rate"), Right: true, Width: 16}, {Title: t("paper.currency"), Width: 16},
			{Title: t("paper.tax.net"), Right: true, Width: 28}, {Title: t("paper.tax.amount"), Right: true, Width: 26},
		}}
		for _, v := range vat {
			moved.Rows = append(moved.Rows, Row{Cells: []Cell{
				Text(v.Type), Text(cmp.Or(v.Jurisdiction, "-")), Text(v.Scheme), Text(v.Collector), Text(v.Depart + " → " + v.Arrive), Text(rateOf(v.Rate)),
				Text(v.Currency), money(v.Net, v.Currency), money(v.VAT, v.Currency),
			}})
		}
		r.Sections = append(r.Sections, moved)
	}
	return r
}

// orNone says of a table without rows that it has none.
func (h Head) orNone(s Section) Section {
	if len(s.Rows) == 0 {
		s.Rows = []Row{{Cells: []Cell{Text(h.Words.T("paper.none"))}}}
	}
	return s
}

func marketOf(id string) string {
	if m, ok := markets.ByID(id); ok {
		return m.Name
	}
	return cmp.Or(id, "-")
}

// rateOn is the rate of a row, or the effective one where rates are local.
func rateOn(r store.TaxRow) string {
	if effective, _ := r.Effective(); effective != "" {
		return "~" + rateOf(effective)
	}
	return rateOf(r.Rate)
}

func rateOf(rate string) string {
	if rate == "" {
		return "-"
	}
	return rate + " %"
}
