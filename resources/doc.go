// Package resources holds the tables and files that are embedded in the
// program, and nothing else: no code runs here, nothing is computed, and no
// package of ours is imported. Each table is documented where it is declared
// and is read, checked and cached by the one package that owns its meaning.
//
// Everything is constant; any goroutine may read it.
//
//	rows := csv.NewReader(strings.NewReader(resources.Classification))
package resources
