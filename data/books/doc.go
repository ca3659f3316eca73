// Package books holds the pure rules of money: amounts, what Amazon's names
// mean, events counted once, cost of goods, and the profit and loss statement.
//
// It knows no SQL, no clock, no files and no user interface. Facts go in as
// plain values, events and statements come out; the same facts give the same
// books in any order of arrival. Nothing here starts a goroutine, and all
// functions are safe to call from several.
//
//	p, err := books.ParseDecimal("12.34", "USD") // Money{1234, "USD"}
//	evs := books.Build(facts, rules)              // events and their money lines
package books
