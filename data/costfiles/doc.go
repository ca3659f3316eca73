// Package costfiles reads and writes the lists that a seller keeps himself:
// purchases, unit costs, expenses, carriers' bills and exchange rates, as CSV or
// XLSX. It knows no database and guesses nothing: a row that cannot be understood
// is a Problem that names the line, the column and what is wrong, in a code that
// a screen can say in its own language.
//
// Functions are pure and may be called from several goroutines.
package costfiles
