package resources

import _ "embed"

// Marketplaces is the table of Amazon's marketplaces as CSV: id, country,
// currency, IANA zone of its days, region, name, other names (by |).
//
//go:embed marketplaces.csv
var Marketplaces string
