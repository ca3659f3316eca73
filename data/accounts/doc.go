// Package accounts makes double-entry journals of the books: a chart that maps
// each line of the statement to an account, balanced entries per settlement or
// month, and the three forms an accountant reads them in (CSV, hledger,
// Beancount).
//
// It is pure: no SQL, no clock, no files. Amounts are exact, each currency
// stands by itself, and no entry holds two. A Journal is not safe for use from
// several goroutines; everything else is.
//
// The clearing account is what Amazon owes the seller ("amazon"): every counted
// amount moves it on the day it arose, a payout takes it to the bank. So a
// settlement over two months needs no accruals of its own: each month gets what
// happened in it, and the payout clears both.
//
//	j := accounts.NewJournal(accounts.StandardChart(), accounts.Options{Detail: accounts.ByMonth})
//	err := j.Add(accounts.Item{Day: "2026-03-04", Line: books.SalesProduct, Amount: books.Money{Minor: 2500, Currency: "USD"}})
//	entries, err := j.Entries()
//	err = accounts.WriteHledger(os.Stdout, entries)
package accounts
