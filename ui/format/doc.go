// Package format turns exact values into the words and figures of a reader's
// language: money, counts, percentages, dates, ages, plurals.
//
// It owns how a value looks; it must not know where the value came from, and
// imports neither Fyne nor SQL. Nothing here computes money: amounts come as
// integers in minor units and leave as text without passing a float.
//
// A [Locale] is immutable and safe for concurrent use.
//
//	l := format.For("de")
//	l.Money(books.Money{Minor: -123456, Currency: "EUR"}) // "−1.234,56"
package format
