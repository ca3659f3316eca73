package paper

import (
	"countinghouse/data/books"
	"countinghouse/data/store"
)

// Bridge makes the report of the way from Seller Central's ordered product sales to
// net sales, a table per currency. What nothing explains stands in it as it is.
func Bridge(h Head, from, to string, all []store.Bridge) Report {
	t := h.Words.T
	r := Report{Head: h, Title: t("paper.bridge.title"), Facts: [][2]string{{t("paper.period"), h.days(from, to)}, {t("paper.printed"), h.Locale.Date(h.Printed)}}}
	for _, b := range all {
		s := Section{Title: b.Currency, Columns: []Column{{Title: t("profit.step")}, {Title: b.Currency, Right: true, Width: 36}}}
		for _, p := range b.Steps {
			row := Row{Cells: []Cell{Text(t("profit.step." + string(p.Step))), Text("-")}}
			if p.Minor != nil {
				row.Cells[1] = Amount(books.Money{Minor: *p.Minor, Currency: b.Currency})
			}
			if p.Total {
				row.Weight = Subtotal
			}
			s.Rows = append(s.Rows, row)
		}
		r.Sections = append(r.Sections, s)
	}
	if len(all) > 0 {
		for _, p := range all[0].Steps {
			r.Notes = append(r.Notes, t("profit.step."+string(p.Step))+": "+t("profit.step."+string(p.Step)+".what"))
		}
	}
	return r
}
