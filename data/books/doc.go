// Package books holds the pure rules of money: amounts, what Amazon's names
// mean, events counted once, cost of goods, and the profit and loss statement.
//
// It knows no SQL, no clock, no files and no user interface. Facts go in as
// plain values, events and statements come out; the same facts give the same
// books in any order of arrival. Nothing here starts a goroutine, and all
// functions are safe to call from several.
//
// The way of the money: a Fact is one amount as Amazon sent it. Rules say on
// which Line it stands and, by Scope, with which other facts it has to be seen
// together. Build makes the Events of one scope: what finances, settlements and
// files tell of the same money is matched one against one and counted once.
// RollUp adds events up by day, SKU and line; Statements makes profit and loss
// from that, with "not known" where a cost or a period is missing.
//
//	rules, err := books.StandardRules()
//	// facts: all stored facts with the same rules.Scope(f)
//	res, err := books.Build(facts, books.Context{Rules: rules, Costs: costs, Zone: zone})
//	rows, err := books.RollUp(res.Events)
//	all, err := books.Statements(rows, coverage, books.Filter{From: "2026-03-01", To: "2026-03-31"})
//	fmt.Println(all[0].Currency, all[0].NetProfit.Decimal())
package books
