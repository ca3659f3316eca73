package resources

import _ "embed" // the tables below

// What Amazon's names for money mean, as CSV tables with a heading line; lines
// that start with # are remarks. They are read by data/books, which gives the
// meaning of the columns; a new name is a new line here.
var (
	// Classification maps Amazon's names to a line of the profit and loss
	// statement: source, type, path, note, line, refund, sign. First match wins.
	//
	//go:embed classification.csv
	Classification string

	// ClassificationTypes maps a transaction type to the kind of event it is:
	// source, type, event. First match wins.
	//
	//go:embed classification_types.csv
	ClassificationTypes string
)
