package resources

import _ "embed"

// Regions is the table of the states and provinces whose tax is their own as CSV:
// country, code, names (by |).
//
//go:embed regions.csv
var Regions string
