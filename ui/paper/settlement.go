package paper

import (
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// Settlement makes the report of one settlement: what it adds up from, and what
// was proved. The groups are its rows by line of the statement, in order.
func Settlement(h Head, c store.SettlementCheck, groups []SettlementGroup) Report {
	t := h.Words.T
	money := func(minor int64) books.Money { return books.Money{Minor: minor, Currency: c.Currency} }
	r := Report{Head: h, Title: t("paper.settlement.title", c.ID), Facts: [][2]string{
		{t("paper.period"), h.Locale.Range(c.Start, c.End)}, {t("paper.account"), c.Connection}, {t("paper.currency"), c.Currency},
		{t("paper.printed"), h.Locale.Date(h.Printed)},
	}}
	rows := Section{Title: t("paper.settlement.rows"), Columns: []Column{
		{Title: t("paper.line")}, {Title: t("paper.count"), Right: true, Width: 24}, {Title: c.Currency, Right: true, Width: 38},
	}}
	for _, g := range groups {
		rows.Rows = append(rows.Rows, Row{Cells: []Cell{Text(t("settlements.line." + g.Line)), Count(g.Rows), Amount(money(g.Minor))}})
	}
	rows.Rows = append(rows.Rows, Row{Weight: Total, Cells: []Cell{Text(t("paper.settlement.payout")), Count(c.Rows), Amount(money(c.RowsMinor))}})
	checks := Section{Title: t("paper.settlement.checks"), Columns: []Column{
		{Title: t("paper.settlement.check")}, {Title: t("paper.settlement.one"), Right: true, Width: 36}, {Title: t("paper.settlement.other"), Right: true, Width: 36},
	}}
	check := func(key string, one int64, other Cell) {
		checks.Rows = append(checks.Rows, Row{Cells: []Cell{Text(t(key)), Amount(money(one)), other}})
	}
	check("paper.settlement.header", c.TotalMinor, Amount(money(c.RowsMinor)))
	transfer, bank, before := Text("-"), Text("-"), Text("-")
	if c.Paid.Transfer {
		transfer = Amount(c.Paid.Amount)
	}
	if c.Bank != nil {
		bank = Amount(c.Bank.Amount)
	}
	if c.PreviousReserve != nil {
		before = Amount(money(*c.PreviousReserve))
	}
	check("paper.settlement.transfer", c.TotalMinor, transfer)
	check("paper.settlement.bank", c.TotalMinor, bank)
	check("paper.settlement.reserve", c.ReserveIn, before)
	r.Sections = []Section{rows, checks}
	if len(c.OpenSum) > 0 {
		open := Section{Title: t("paper.settlement.open"), Columns: []Column{
			{Title: t("paper.settlement.reason")}, {Title: t("paper.count"), Right: true, Width: 24}, {Title: c.Currency, Right: true, Width: 38},
		}}
		for _, o := range c.OpenSum {
			open.Rows = append(open.Rows, Row{Cells: []Cell{Text(t("cash.open." + string(o.Reason))), Count(o.Count), Amount(money(o.Minor))}})
			if note := t("cash.open."+string(o.Reason)) + ": " + t("cash.do."+string(o.Reason)); !slices.Contains(r.Notes, note) {
				r.Notes = append(r.Notes, note)
			}
		}
		r.Sections = append(r.Sections, open)
	}
	return r
}

// SettlementGroup is what a settlement's rows of one line of the statement sum to.
type SettlementGroup struct {
	Line  string
	Rows  int64
	Minor int64
}

// Groups adds a settlement's names up by line of the statement, in its order.
func Groups(names []store.SettlementName) []SettlementGroup {
	var out []SettlementGroup
	for _, l := range append(books.Lines(), "") {
		g := SettlementGroup{Line: string(l)}
		for _, n := range names {
			if n.Line == string(l) {
				g.Rows += n.Rows
				g.Minor += n.Minor // their sum is the settlement's own, which was read and checked
			}
		}
		if g.Rows > 0 {
			out = append(out, g)
		}
	}
	return out
}
